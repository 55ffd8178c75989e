"""Providers that ask first whether somebody listens, and those that show their secret in every message."""

import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Outcome
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.source import Secrets, Source
from shopwatch.ledger.inbox.query import DeliveryRow, InboxQuery
from shopwatch.ledger.ledger import Ledger
from shopwatch.listener.probes import Probes
from shopwatch.listener.routes import Routes
from shopwatch.listener.server import Listener
from shopwatch.providers import provider
from shopwatch.runtime.clock import now
from shopwatch.shop.sources.quarantine_review import Recheck
from tests.ledger.arrivals import written
from tests.listener.loopback import PUBLIC, Keys, Reply, head, line, send

SECRET = "made-up-secret-0123456789"
WRONG = "mistyped-secret-0123456789"


@dataclass
class Stand:
    """A listener on a real ledger, with one source."""

    folder: Path
    ledger: Ledger
    keys: Keys
    routes: Routes
    listener: Listener
    source: Source

    async def get(self, query: str = "", *lines: str, method: str = "GET") -> Reply:
        reply = await send(self.listener.port, head(self.source.path + query, *lines, method=method))
        assert reply
        return reply

    async def hear(self, query: str = "", secret: str = SECRET) -> Reply:
        """The answer to a message as the provider sends it."""
        known = provider(self.source.provider)
        assert known
        url = f"{PUBLIC}{self.source.path}{query}"
        reply = await send(self.listener.port, _wire(known.practise(known.practises[0], secret, now(), 7, url=url)))
        assert reply
        return reply

    async def kept(self) -> DeliveryRow:
        """The newest delivery, whole."""
        await written(self.ledger)
        row, *_ = await self.ledger.inbox.page(InboxQuery())
        whole = await self.ledger.inbox.get(row.id)
        assert whole
        return whole

    def anywhere(self, text: str) -> bool:
        """Whether `text` stands in any file of the ledger."""
        return any(text.encode() in file.read_bytes() for file in self.folder.iterdir())


def _wire(request: Request) -> bytes:
    parts = urlsplit(request.url)
    headers = [f"{name.decode()}: {value.decode()}" for name, value in request.headers.lines]
    return head(f"{parts.path}?{parts.query}", *headers, f"Content-Length: {len(request.body)}") + request.body


@pytest.fixture
async def stand(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    source = await ledger.sources.add(request.param, request.param, {"app_name": "BloomAndStem"})
    keys = Keys({source.id: Secrets((SECRET,))})
    routes = Routes(ledger.sources, keys, look_again_seconds=0)
    listener = Listener(routes, ledger, Probes(), lambda: PUBLIC)
    await listener.start(0)
    yield Stand(tmp_path, ledger, keys, routes, listener, source)
    await listener.stop(1)
    ledger.close()


def of(*providers: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("stand", providers, indirect=True)


@of("dropbox")
async def test_dropbox_gets_its_challenge_back(stand: Stand) -> None:
    reply = await stand.get("?challenge=wPfQ7e%26M3-b+B")

    assert (reply.status, reply.body) == (200, b"wPfQ7e&M3-b B")
    assert reply.headers["content-type"] == "text/plain"
    assert reply.headers["x-content-type-options"] == "nosniff"
    row = await stand.kept()
    assert row.outcome is Outcome.CHALLENGE
    assert row.url == f"{PUBLIC}{stand.source.path}?challenge=wPfQ7e%26M3-b+B"


@of("dropbox")
@pytest.mark.parametrize("query", ["", "?challenge=", "?other=1", "?challenge=a&challenge=b", "?challenge=%ff"])
async def test_a_get_that_asks_nothing_is_refused(stand: Stand, query: str) -> None:
    reply = await stand.get(query)

    assert reply.status == 405


@of("dropbox")
async def test_no_essay_comes_back(stand: Stand) -> None:
    reply = await stand.get(f"?challenge={'x' * 5_000}")

    assert (reply.status, reply.body) == (403, b"not allowed\n")


@of("dropbox", "mailchimp", "twilio")
async def test_head_is_no_handshake(stand: Stand) -> None:
    data = head(f"{stand.source.path}?challenge=abc&secret={SECRET}", method="HEAD")
    reply = await send(stand.listener.port, data, bodiless=True)

    assert reply
    assert reply.status == 405


@of("mandrill")
async def test_a_sender_that_tries_the_address_by_head_finds_it(stand: Stand) -> None:
    """Mandrill sends an unsigned HEAD, and tells its key only once that succeeds (django-anymail 15.2, tests of its
    webhooks). What answers says as much as any good answer, and the connection goes on."""
    async with line(stand.listener.port) as talk:
        await talk.say(head(stand.source.path, method="HEAD"))
        tried = await talk.hear(bodiless=True)
        await talk.say(head(f"{stand.source.path}x", method="HEAD"))
        elsewhere = await talk.hear(bodiless=True)
    heard = await stand.hear("?shop=1")

    assert tried
    assert (tried.status, tried.body, tried.headers["content-length"]) == (200, b"", str(len(heard.body)))
    assert {name: value for name, value in tried.headers.items() if name != "connection"} == {
        name: value for name, value in heard.headers.items() if name != "connection"
    }
    assert elsewhere
    assert elsewhere.status == 404
    rows = await stand.ledger.inbox.page(InboxQuery())
    assert {(row.outcome, row.reason) for row in rows} == {(Outcome.REJECTED, "ping"), (Outcome.ACCEPTED, "")}


@of("mandrill")
async def test_no_web_page_may_try_an_address_by_head(stand: Stand) -> None:
    data = head(stand.source.path, "Origin: https://shop.example", method="HEAD")
    reply = await send(stand.listener.port, data, bodiless=True)

    assert reply
    assert reply.status == 403


@of("paynow", "calendly")
async def test_others_take_no_get(stand: Stand) -> None:
    reply = await stand.get("?challenge=abc")

    assert reply.status == 405


@of("mailchimp")
async def test_mailchimp_may_try_the_address(stand: Stand) -> None:
    right = await stand.get(f"?secret={SECRET}", "User-Agent: MailChimp.com WebHook Validator")
    wrong = await stand.get("?secret=mc-guessed")
    without = await stand.get()

    assert (right.status, wrong.status, without.status) == (200, 401, 401)
    assert (await stand.kept()).method == "GET"
    assert not stand.anywhere(SECRET)


@of("mailchimp", "foursquare")
async def test_a_shown_secret_is_covered_before_the_message_is_kept(stand: Stand) -> None:
    reply = await stand.hear("?list=1")

    assert reply.status == 200
    row = await stand.kept()
    assert row.outcome is Outcome.ACCEPTED
    assert row.request
    assert "secret=***" in row.request.url + row.request.body.decode()
    assert "list=1" in row.request.url
    assert not stand.anywhere(SECRET)


@of("mailchimp")
async def test_an_odd_spelling_does_not_hide_a_secret(stand: Stand) -> None:
    escaped = "".join(f"%{ord(letter):02x}" for letter in SECRET)
    reply = await stand.get(f"?s%65cret={escaped}&secret={SECRET}")

    assert reply.status == 200
    row = await stand.kept()
    assert row.url == f"{PUBLIC}{stand.source.path}?secret=***"


@of("mailchimp", "foursquare", "kofi", "microsoft-graph")
async def test_a_message_is_judged_anew_once_the_secret_is_mended(stand: Stand) -> None:
    stand.keys.held[stand.source.id] = Secrets((WRONG,))
    await stand.routes.refresh()
    refused = await stand.hear()
    mended = Secrets((SECRET,))
    await written(stand.ledger)

    async def secrets_of(_source_id: str) -> Secrets:
        return mended

    refused_as = repr((await stand.kept()).request)
    counted = await Recheck(stand.ledger, {stand.source.id: stand.source}, secrets_of).all()

    assert refused.status == 401
    assert SECRET not in refused_as
    assert not stand.anywhere(SECRET)
    assert counted == (1, 1)
    row = await stand.kept()
    assert row.request
    assert SECRET not in row.request.url + row.request.body.decode()


@of("twilio")
async def test_twilio_signs_the_query_too(stand: Stand) -> None:
    reply = await stand.hear("?line=support&box=%C3%A4")

    assert (reply.status, reply.body) == (200, b"<Response></Response>")
    assert reply.headers["content-type"] == "text/xml"


@of("shopware")
async def test_shopware_registers_and_leaves_its_keys_nowhere(stand: Stand) -> None:
    query = "shop-id=TESTshop0001&shop-url=https://bloom.example&timestamp=1795500000"
    body = b'{"apiKey":"SWIAMADEUP","secretKey":"made-up-key-to-the-shop","shopId":"TESTshop0001"}'

    registered = await stand.get(f"?{query}", f"shopware-app-signature: {_hex(query.encode())}")
    told = json.loads(registered.body)
    confirming = [f"shopware-shop-signature: {_hex(body)}", f"Content-Length: {len(body)}"]
    confirmed = await send(stand.listener.port, head(urlsplit(told["confirmation_url"]).path, *confirming) + body)
    guessed = await stand.get(f"?{query}", f"shopware-app-signature: {'0' * 64}")

    assert registered.headers["content-type"] == "application/json"
    assert (told["secret"], told["confirmation_url"]) == (SECRET, f"{PUBLIC}{stand.source.path}")
    assert told["proof"] == _hex(b"TESTshop0001https://bloom.exampleBloomAndStem")
    assert confirmed
    assert (confirmed.status, guessed.status) == (200, 403)
    await written(stand.ledger)
    assert len(await stand.ledger.inbox.page(InboxQuery(outcome=Outcome.CHALLENGE))) == 2
    assert not stand.anywhere("made-up-key-to-the-shop")
    assert not stand.anywhere(SECRET)


def _hex(signed: bytes) -> str:
    return hmac.digest(SECRET.encode(), signed, "sha256").hex()


@of("woocommerce")
async def test_woocommerce_gets_exactly_200_when_its_webhook_is_saved(stand: Stand) -> None:
    form = ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 12"]
    reply = await send(stand.listener.port, head(stand.source.path, *form) + b"webhook_id=7")

    assert reply
    assert reply.status == 200
    row = await stand.kept()
    assert (row.outcome, row.reason) == (Outcome.REJECTED, "ping")


@of("mandrill", "dropbox")
async def test_an_address_may_be_tried_before_its_secret_is_known(stand: Stand) -> None:
    """Mandrill makes its key only once the address has answered; both ask whether or not ShopWatch can read secrets."""
    del stand.keys.held[stand.source.id]
    await stand.ledger.sources.touch_secrets(stand.source.id)
    await stand.routes.refresh()
    trial = b"mandrill_events=%5B%5D"
    lines = ("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(trial)}")

    if stand.source.provider == "mandrill":
        tried = await send(stand.listener.port, head(stand.source.path, *lines) + trial)
        asked = await send(stand.listener.port, head(stand.source.path, method="HEAD"), bodiless=True)
        assert asked
        assert asked.status == 200
    else:
        tried = await stand.get("?challenge=abc")
    message = await stand.hear()

    assert tried
    assert (tried.status, message.status) == (200, 503)


@of("thrivecart")
async def test_an_address_is_tried_without_a_word_and_without_a_body(stand: Stand) -> None:
    """support.thrivecart.com, "Using webhook notifications": HEAD and POST must be answered before it is added."""
    asked = await send(stand.listener.port, head(stand.source.path, method="HEAD"), bodiless=True)
    posted = await send(stand.listener.port, head(stand.source.path, "Content-Length: 0"))

    assert asked
    assert posted
    assert (asked.status, asked.body, posted.status) == (200, b"", 200)


@of("mailchimp")
async def test_a_secret_that_cannot_be_read_is_no_wrong_one(stand: Stand) -> None:
    stand.keys.trouble = Outage("Unlock your password store.", code="vault-locked")
    await stand.ledger.sources.touch_secrets(stand.source.id)
    await stand.routes.refresh()

    reply = await stand.get(f"?secret={SECRET}")

    assert reply.status == 503
