"""Chats: real requests to a stand-in of the service here, and text that calls nobody (docs/attacks.md, F11)."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import apprise
import pytest
from aiohttp import web

from shopwatch.actions.chat import SERVICES, service
from shopwatch.actions.chat.posting import Chat, address, check, safe
from shopwatch.domain.errors import UserError
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import CheckIn, Contact, FileChange, Happening, Notice, TextMessage
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.rules.job import Done, Job, Later, Refused, Result, Unsure
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.secrets.vault import MemoryVault
from tests.ledger.arrivals import NOON, back, disputed, paid, told

SLACK = "slack://T01234567/B01234567/abcdefghijklmnopqrstuvwx"
pytestmark = pytest.mark.loud  # the library warns into its own log, which does not reach ShopWatch's
HOOK = "https://hooks.slack.com/services/T01234567/B01234567/abcdefghijklmnopqrstuvwx"


class Service:
    """What answers in place of Slack: with `status`, but never for the rooms in `silent`, where "" is every room."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.status = 200
        self.statuses: dict[str, int] = {}
        self.silent: set[str] = set()
        self.port = 0

    async def handle(self, request: web.Request) -> web.Response:
        self.posts.append(json.loads(await request.read()))
        room = self.posts[-1].get("channel", "")
        if self.silent & {"", room}:
            await asyncio.Event().wait()
        status = self.statuses.get(room, self.status)
        return web.Response(status=status, text="ok" if status == 200 else "no_service")


@pytest.fixture
async def slack(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    there = Service()
    app = web.Application()
    app.router.add_post("/{tail:.*}", there.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    there.port = runner.addresses[0][1]
    plugin = type(apprise.Apprise.instantiate(SLACK))
    monkeypatch.setattr(plugin, "webhook_url", f"http://127.0.0.1:{there.port}/services")
    monkeypatch.setattr(plugin, "request_rate_per_sec", 0)
    yield there
    await runner.cleanup()


@pytest.fixture
async def source(ledger: Ledger) -> Source:
    for rule in await ledger.outbox.rules():
        await ledger.outbox.drop_rule(rule.id)
    for trigger in Trigger:
        if trigger not in (Trigger.ANYTHING, Trigger.FIRST_ORDER):
            await ledger.outbox.put_rule(Rule("a", trigger, steps=(RuleStep("chat", {"to": "chat-1"}),)))
    return await ledger.sources.add("paynow", "PayNow", {})


async def told_to(ledger: Ledger, job: Job, kept: str | None = SLACK) -> Result:
    async def address_of(_target_id: str) -> str | None:
        return kept

    target = Target("chat-1", "chat", "Slack")
    doer = Chat(ledger.outbox, {"chat-1": target}.get, address_of, name_of=lambda _source: "PayNow", locale="en_US")
    try:
        return await doer.do(job)
    finally:
        doer.close()


async def sold(ledger: Ledger, source: Source, name: str = "Maya Lindqvist", item: str = "Peony bunch") -> Job:
    await ledger.record(*told(source.id, "e1", paid("1", number="#1001", name=name, items=(item,))))
    (job,) = await ledger.outbox.take(["chat"], 5)
    return job


def body(posted: dict[str, Any]) -> str:
    return str(posted["attachments"][0]["text"])


async def test_a_sale_is_posted_in_one_line(ledger: Ledger, source: Source, slack: Service) -> None:
    assert await told_to(ledger, await sold(ledger, source)) == Done("Slack")

    (posted,) = slack.posts
    assert body(posted) == "New sale: $42.00 · Maya Lindqvist · 2 × Peony bunch · PayNow, #\N{WORD JOINER}1001"


@pytest.mark.parametrize(
    "hostile",
    [
        "<!channel>",
        "<@U012345>",
        "<http://evil.example|Paid>",
        "@everyone @here",
        "[Paid](http://evil.example)",
        "*bold* _it_ ~no~ `code`",
        "&lt;!channel&gt;",
        "{{ 7*7 }}",
        "\u202eevil\u2066",
    ],
)
async def test_text_from_outside_calls_nobody_and_links_to_nothing(
    ledger: Ledger, source: Source, slack: Service, hostile: str
) -> None:
    assert isinstance(await told_to(ledger, await sold(ledger, source, hostile, hostile)), Done)

    text = body(slack.posts[0])
    for call in ("<!", "<@", "<http", "@everyone", "@here", "](", "evil.example", "*bold*", "`code`", "49", "\u202e"):
        assert call not in text
    assert "<" not in text


async def test_refunds_disputes_and_the_owners_own_words(ledger: Ledger, source: Source, slack: Service) -> None:
    words = {"to": "chat-1", "text": "{{ name }} paid {{ amount }}"}
    await ledger.outbox.put_rule(Rule("own", Trigger.SALE_PAID, steps=(RuleStep("chat", words),)))
    for arrival in (
        told(source.id, "e1", paid("1")),
        told(source.id, "e2", back("1", 1_000)),
        told(source.id, "e3", disputed("1")),
    ):
        await ledger.record(*arrival)

    for job in await ledger.outbox.take(["chat"], 9):
        assert isinstance(await told_to(ledger, job), Done)

    begins = [body(posted).partition(" ·")[0] for posted in slack.posts]
    assert begins == [
        "New sale: $42.00",
        "Maya Lindqvist paid $42.00",
        "$10.00 given back",
        "A sale of $42.00 is disputed",
    ]


@pytest.mark.parametrize(
    ("happening", "kind", "line"),
    [
        (Contact("1", "Ada", form="Newsletter"), Kind.CONTACT, "New contact · Ada · Newsletter"),
        (TextMessage("1", "+15550100", text="Open?"), Kind.MESSAGE, "Text from +15550100 · Open?"),
        (FileChange(("a",)), Kind.FILES, "0 files changed"),
        (CheckIn("1", "Riverside", "Ben"), Kind.CHECK_IN, "Ben arrived at Riverside"),
        (Notice("New star", "on bloom/shop"), Kind.NOTICE, "New star · on bloom/shop"),
    ],
)
async def test_what_is_no_sale(
    ledger: Ledger, source: Source, slack: Service, *, happening: Happening, kind: Kind, line: str
) -> None:
    event = Accepted(Event("c1", "x", kind, NOON, happening=happening))
    await ledger.record(told(source.id, "c1", None)[0], event)
    (job,) = await ledger.outbox.take(["chat"], 5)

    assert isinstance(await told_to(ledger, job), Done)

    assert body(slack.posts[0]) == line


@pytest.mark.parametrize(
    ("status", "kind"), [(404, Refused), (403, Refused), (400, Refused), (429, Later), (500, Later), (503, Later)]
)
async def test_the_answer_decides(ledger: Ledger, source: Source, slack: Service, status: int, kind: type) -> None:
    slack.status = status

    result = await told_to(ledger, await sold(ledger, source))

    assert isinstance(result, kind)
    assert not isinstance(result, Done)
    assert "abcdefghij" not in str(result.why)


async def test_what_a_chat_does_not_accept_is_told_without_its_number(slack: Service) -> None:
    slack.status = 403

    with pytest.raises(UserError, match=r"^Team did not accept it\. Check the address, then try again\.$"):
        await check(SLACK, "Team")


async def test_the_address_of_a_chat_is_in_no_log(
    ledger: Ledger, source: Source, slack: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await SecretStore(MemoryVault()).set_target_secret("chat-1", SLACK)
    plugin = type(apprise.Apprise.instantiate(SLACK))
    slack.status = 403
    job = await sold(ledger, source)
    await told_to(ledger, job)
    with pytest.MonkeyPatch.context() as away:
        away.setattr(plugin, "webhook_url", "http://127.0.0.1:9/services")
        await told_to(ledger, job)

    told = [record.getMessage() for record in caplog.records if record.name.startswith("shopwatch")]
    assert len(told) == 2
    assert not any(word in line for line in told for word in ("abcdefgh", "Maya", "Peony"))


async def test_silence_is_unsure_and_nothing_there_is_not(
    ledger: Ledger, source: Source, slack: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.silent.add("")
    job = await sold(ledger, source)
    assert isinstance(await told_to(ledger, job, f"{SLACK}?rto=0.3"), Unsure)
    assert len(slack.posts) == 1

    plugin = type(apprise.Apprise.instantiate(SLACK))
    monkeypatch.setattr(plugin, "webhook_url", "http://127.0.0.1:9/services")
    assert isinstance(await told_to(ledger, job), Later)


@pytest.mark.parametrize("words", ["error=503", "error=404", "NewConnectionError", "Socket Exception: SSLError"])
async def test_what_is_posted_does_not_decide_how_it_went(
    ledger: Ledger, source: Source, slack: Service, words: str
) -> None:
    job = await sold(ledger, source, words, words)
    slack.status = 403
    assert isinstance(await told_to(ledger, job), Refused)

    slack.silent.add("")
    assert isinstance(await told_to(ledger, job, f"{SLACK}?rto=0.3"), Unsure)


@pytest.mark.parametrize(
    ("statuses", "silent", "kind"),
    [
        ({"#second": 503}, "", Unsure),
        ({"#first": 503}, "", Unsure),
        ({"#first": 503}, "#second", Unsure),
        ({"#first": 503, "#second": 503}, "", Later),
    ],
)
async def test_a_room_that_has_it_or_may_have_it_gets_it_once(
    ledger: Ledger, source: Source, slack: Service, *, statuses: dict[str, int], silent: str, kind: type
) -> None:
    slack.statuses = statuses
    slack.silent = {silent} - {""}

    result = await told_to(ledger, await sold(ledger, source), f"{SLACK}/%23first/%23second/?rto=0.3")

    assert [posted["channel"] for posted in slack.posts] == ["#first", "#second"]
    assert isinstance(result, kind)


async def test_a_chat_that_is_gone_or_not_connected(ledger: Ledger, source: Source, slack: Service) -> None:
    assert isinstance(await told_to(ledger, await sold(ledger, source), None), Refused)
    assert slack.posts == []


async def test_check_says_hello(slack: Service) -> None:
    await check(SLACK, "Slack")
    slack.status = 404
    with pytest.raises(UserError) as failure:
        await check(SLACK, "Slack")

    assert failure.value.title.startswith("Slack cannot find this chat.")
    assert body(slack.posts[0]) == "ShopWatch is connected to this chat."


def test_what_slack_and_discord_hand_out_is_taken() -> None:
    assert address(f" {HOOK} ") == SLACK
    assert address("https://discord.com/api/webhooks/123456789012345678/" + "a" * 68).startswith("discord://1234")
    assert service(SLACK) == "Slack"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "json://127.0.0.1/",
        "syslog://",
        "mailto://a:b@c.de",
        "file:///etc/passwd",
        "slack://T1",
        "dbus://",
    ],
)
def test_what_is_no_chat_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserError) as failure:
        address(text)

    assert failure.value.code in ("chat-unknown", "chat-address")


def test_an_address_that_was_not_written_yet_is_asked_for() -> None:
    with pytest.raises(UserError, match="The address of the chat is missing"):
        address(" ")


def test_ordinary_names_stay_as_they_are() -> None:
    assert safe("Jean-Luc O'Neill & Söhne") == "Jean-Luc O'Neill & Söhne"
    assert len(set(SERVICES.values())) > 15
