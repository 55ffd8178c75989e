"""eBay's public keys are fetched by the API key of the source, from eBay alone, and the owner hears what is lacking."""

from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import ApiChanged
from shopwatch.domain.messages.event import Kind
from shopwatch.host.paths import Paths
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.providers.senders.ebay import EBAY, VERIFICATION_TOKEN
from shopwatch.providers.senders.ebay_signature import HOST, KEYS, PRACTICE_KEY
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.recovery.certificates import MOST_FAILED
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.providers.authority import ebay_key, public_half
from tests.recovery.certificates.conftest import PATIENT
from tests.standin.site import Site, serving, status

API_KEY = "Bloom-app:PRD-cert"
AGREED = "a-word-that-was-agreed-with-eBay-1"
TOKENS = "/identity/v1/oauth2/token"
ONE_KEY = [TOKENS, PRACTICE_KEY.removeprefix(f"https://{HOST}")]


@pytest.fixture
async def ebay() -> AsyncIterator[Site]:
    """eBay's API, which knows one key."""

    async def told(request: web.Request) -> web.StreamResponse:
        if request.path == TOKENS:
            return web.json_response({"access_token": "t"})
        if request.path != ONE_KEY[1] or request.headers.get("Authorization") != "Bearer t":
            return web.json_response({"errors": []}, status=404)
        return web.json_response({"key": public_half(ebay_key()), "algorithm": "ECDSA", "digest": "SHA1"})

    async with serving(Site(told)) as site:
        yield site


@pytest.fixture
async def shop(ebay: Site, tmp_path: Path) -> AsyncIterator[Shop]:
    transport = ApiTransport(PATIENT, stand_ins={HOST: ebay.origin})
    opened = await open_shop(Paths(tmp_path / "shop"), vault=MemoryVault(), transport=transport)
    yield opened
    await opened.close()


async def listening(shop: Shop, api_key: str = API_KEY) -> str:
    """Let the shop hear eBay; the address."""
    source = await shop.connections.add("ebay", options={VERIFICATION_TOKEN: AGREED})
    if api_key:
        await shop.connections.set_api_key(source.id, api_key)
    port = await shop.start(port=0, tunnel=TunnelKind.NONE)
    return f"http://127.0.0.1:{port}{source.path}"


async def posted(url: str, seed: int = 1, kid: str = "") -> int:
    """The answer to a message signed as eBay signs, which may name another key."""
    sent = EBAY.practise(Kind.NOTICE, ebay_key(), now(), seed)
    headers = {name.decode(): value.decode() for name, value in sent.headers.lines}
    if kid:
        headers |= named(headers, kid)
    async with aiohttp.ClientSession() as session, session.post(url, data=sent.body, headers=headers) as answer:
        return answer.status


def named(headers: dict[str, str], kid: str) -> dict[str, str]:
    told = b64decode(headers["X-EBAY-SIGNATURE"]).decode().replace(PRACTICE_KEY.removeprefix(KEYS), kid)
    return {"X-EBAY-SIGNATURE": b64encode(told.encode()).decode()}


async def outcomes(shop: Shop) -> list[str]:
    return sorted(row.outcome.value for row in await shop.ledger.inbox.page(InboxQuery()))


async def kinds(shop: Shop) -> list[Kind | None]:
    return [row.kind for row in await shop.ledger.inbox.page(InboxQuery())]


async def test_what_ebay_signed_is_heard_and_its_key_fetched_once(shop: Shop, ebay: Site) -> None:
    address = await listening(shop)

    assert [await posted(address, seed) for seed in (1, 2, 1)] == [200, 200, 200]
    assert (await kinds(shop), await outcomes(shop)) == ([Kind.NOTICE] * 3, ["accepted", "accepted", "repeat"])
    assert ebay.paths == ONE_KEY


async def test_the_address_is_answered_for_before_there_is_a_key(shop: Shop) -> None:
    """eBay's keyset works only once its address has answered."""
    address = await listening(shop, api_key="")
    async with aiohttp.ClientSession() as session, session.get(f"{address}?challenge_code=a1") as answer:
        assert answer.status == 200
        assert set(await answer.json()) == {"challengeResponse"}


async def test_without_an_api_key_nothing_is_believed_and_the_owner_hears_why(shop: Shop, ebay: Site) -> None:
    heard: list[ApiChanged] = []
    shop.bus.listen(ApiChanged, heard.append)
    address = await listening(shop, api_key="")
    (source,) = shop.sources.all

    assert [await posted(address), await posted(address)] == [503, 503]
    assert await kinds(shop) == []
    assert ebay.asked == []
    assert shop.receiver.asking_problems[source.id].code == "api-key-missing"
    await shop.connections.set_api_key(source.id, API_KEY)

    assert shop.receiver.asking_problems == {}
    assert await posted(address) == 200
    told = [each.problem.code if each.problem else "" for each in heard if each.source_id == source.id]
    assert (told.count("api-key-missing"), told[-1]) == (1, "")


async def test_a_key_that_ebay_refuses_is_told(shop: Shop, ebay: Site) -> None:
    address, right = await listening(shop), ebay.handle
    ebay.handle = status(401)

    assert await posted(address) == 503
    assert shop.receiver.asking_problems[shop.sources.all[0].id].code == "api-key-refused"
    asked, ebay.handle = len(ebay.asked), right
    await shop.connections.set_api_key(shop.sources.all[0].id, "Bloom-app:PRD-another")

    assert await posted(address) == 200, "at once, with the key that the owner gave then"
    assert len(ebay.asked) == asked + 2


async def test_a_key_that_ebay_does_not_know_makes_a_forgery(shop: Shop, ebay: Site) -> None:
    address = await listening(shop)

    assert [await posted(address, kid="made-up"), await posted(address, kid="made-up")] == [401, 401]
    assert len(ebay.asked) == 2
    assert await posted(address) == 200


async def test_made_up_keys_do_not_make_us_ask_and_ask(shop: Shop, ebay: Site) -> None:
    address = await listening(shop)
    assert await posted(address) == 200

    for number in range(MOST_FAILED + 5):
        assert await posted(address, kid=f"made-up-{number}") in (401, 503)

    assert len(ebay.asked) == 2 * (1 + MOST_FAILED)
    assert await posted(address, 2) == 200, "the one that is kept is still there"


async def test_ebay_is_asked_to_come_again_while_it_cannot_be_asked(shop: Shop, ebay: Site) -> None:
    address = await listening(shop)
    ebay.handle = status(500)

    assert await posted(address) == 503
    assert shop.receiver.asking_problems == {}
