"""Passing events on: signed, once for each key, and never into the owner's own network."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator, Iterator
from socket import AF_INET, AddressFamily

import pytest
from aiohttp import ClientError, web
from aiohttp.abc import AbstractResolver, ResolveResult

from shopwatch.actions.answers import retry_at
from shopwatch.actions.forward.forwarding import Forward, check, new_secret
from shopwatch.actions.outbound_http import MOST_READ, OutboundHttp, checked_url, is_public, knock
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import DAY, SECOND
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.rules.job import Done, Job, Later, Refused, Result
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.domain.source import Secrets
from shopwatch.ledger import Ledger
from shopwatch.providers.senders.standard_webhooks import STANDARD_WEBHOOKS
from tests.actions.program import Program
from tests.ledger.arrivals import NOON, paid, told

SECRET = new_secret()


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    async with Program() as program:
        yield program


@pytest.fixture
async def job(ledger: Ledger) -> Job:
    """A job that passes a sale on."""
    source = await ledger.sources.add("paynow", "PayNow", {})
    step = RuleStep("forward", {"to": "forward-1"})
    await ledger.outbox.put_rule(Rule("on", Trigger.SALE_PAID, steps=(step,)))
    delivery, verdict = told(source.id, "e1", paid("1001", number="#1001"), body=b'{"raw": "\xc3\xbc"}')
    await ledger.record(delivery, verdict)
    (found,) = await ledger.outbox.take(["forward"], 1)
    return found


async def forwarded(
    ledger: Ledger,
    job: Job,
    url: str,
    options: dict[str, str] | None = None,
    *,
    gone: list[str] | None = None,
    total: float = 5.0,
) -> Result:
    target = Target("forward-1", "forward", "My program", {"url": url, "local": "yes"} | (options or {}))

    async def secret_of(_target_id: str) -> str | None:
        return SECRET

    async with OutboundHttp(total=total) as outbound:
        forward = Forward(
            ledger,
            outbound,
            {"forward-1": target}.get,
            secret_of,
            on_gone=(gone if gone is not None else []).append,
            clock=lambda: NOON,
        )
        return await forward.do(job)


def judged(headers: dict[str, str], body: bytes) -> str:
    """The id of a message that a receiver of Standard Webhooks accepts."""
    request = Request("POST", "", Headers.of(headers), body)
    verdict = STANDARD_WEBHOOKS.judge(request, Secrets((SECRET,)), NOON)
    assert isinstance(verdict, Accepted), verdict
    return verdict.event.id


async def test_what_was_understood_is_passed_on_signed(ledger: Ledger, job: Job, program: Program) -> None:
    assert await forwarded(ledger, job, program.url) == Done("My program")
    assert await forwarded(ledger, job, program.url) == Done("My program")

    (headers, body), again = program.got
    told_body = json.loads(body)
    assert told_body["type"] == "sale-paid"
    assert told_body["data"]["sale"]["number"] == "#1001"
    assert told_body["data"]["sale"]["amount"] == {"minor": 4200, "currency": "USD", "decimal": "42.00"}
    assert judged(headers, body) == judged(*again)


async def test_the_original_is_passed_on_byte_for_byte_without_what_is_nobody_elses(
    ledger: Ledger, job: Job, program: Program
) -> None:
    assert await forwarded(ledger, job, program.url, {"as": "raw"}) == Done("My program")

    ((headers, body),) = program.got
    assert body == b'{"raw": "\xc3\xbc"}'
    assert headers["Content-Type"] == "application/json"
    assert judged(headers, body)


@pytest.mark.parametrize(
    ("status", "headers", "wanted"),
    [
        (204, {}, Done),
        (400, {}, Refused),
        (404, {}, Refused),
        (302, {"Location": "http://169.254.169.254/"}, Refused),
        (429, {"Retry-After": "120"}, NOON + 120 * SECOND),
        (429, {"Retry-After": "Thu, 01 Jan 2015 00:00:00 GMT"}, 1_420_070_400_000),
        (503, {}, 0),
        (500, {"Retry-After": "soon"}, 0),
    ],
)
async def test_the_answer_decides(
    ledger: Ledger, job: Job, program: Program, *, status: int, headers: dict[str, str], wanted: type | int
) -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers=headers)

    program.answer = answer

    result = await forwarded(ledger, job, program.url)

    assert result.to == "My program"
    if isinstance(wanted, int):
        assert isinstance(result, Later)
        assert result.not_before == wanted
    else:
        assert isinstance(result, wanted)
    if isinstance(result, Later | Refused):
        assert str(result.why) == f"My program did not accept it: HTTP {status}"
    assert len(program.got) == 1


async def test_410_ends_it(ledger: Ledger, job: Job, program: Program) -> None:
    async def gone(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=410)

    program.answer = gone
    heard: list[str] = []

    assert isinstance(await forwarded(ledger, job, program.url, gone=heard), Refused)
    assert heard == ["forward-1"]
    assert isinstance(await forwarded(ledger, job, program.url, {"stopped": "yes"}), Refused)
    assert len(program.got) == 1


async def test_an_endless_answer_is_cut(program: Program) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b"x" * 65_536)
        except ConnectionError:
            return answer

    program.answer = endless

    async with OutboundHttp(total=5) as outbound:
        answered = await outbound.send("POST", program.url, b"", (), local=True)

    assert len(answered.body) == MOST_READ


async def test_a_drop_at_a_time_is_not_waited_for(program: Program) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b"x")
                await asyncio.sleep(0.05)
        except ConnectionError:
            return answer

    program.answer = drip

    async with OutboundHttp(total=0.5) as outbound:
        with pytest.raises(TimeoutError):
            await outbound.send("POST", program.url, b"", (), local=True)


async def test_what_is_packed_is_not_unpacked(program: Program) -> None:
    bomb = gzip.compress(bytes(20_000_000))

    async def packed(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    program.answer = packed

    async with OutboundHttp(total=5) as outbound:
        answered = await outbound.send("POST", program.url, b"", (), local=True)

    assert answered.body == bomb[:MOST_READ]


async def test_knocking_tells_nothing_and_hears_whether_somebody_is_there(program: Program) -> None:
    await knock(program.url, local=True)
    assert program.got == []
    for url in ("http://127.0.0.1:9/", "https://nobody.invalid/"):
        with pytest.raises(UserError) as failure:
            await knock(program.url, url, local=True, total=2)
        assert failure.value.code == "address-silent"


async def test_a_program_that_never_answers_is_tried_again(ledger: Ledger, job: Job, program: Program) -> None:
    async def never(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    program.answer = never

    assert isinstance(await forwarded(ledger, job, program.url, total=0.3), Later)
    assert isinstance(await forwarded(ledger, job, "http://127.0.0.1:9/", total=0.3), Later)


INSIDE = (
    "127.0.0.1 127.9.9.9 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0 192.0.0.1 "
    "192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: ::127.0.0.1 "
    "::ffff:10.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: "
    "2002:c0a8:1:: 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%lo fec0::1 ff02::1 ff0e::1 nonsense"
).split()


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public(address)


class Names(AbstractResolver):
    """Answers as a test says, another time differently."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_INET) -> list[ResolveResult]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(hostname=host, host=each, port=port, family=AF_INET, proto=0, flags=0)
            for each in answer.split()
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("answer", ["127.0.0.1", "8.8.8.8 10.0.0.1", "169.254.169.254"])
async def test_a_name_that_leads_inside_is_never_connected_to(program: Program, answer: str) -> None:
    async with OutboundHttp(Names(answer), total=30) as outbound:
        with pytest.raises(UserError):
            await outbound.send("POST", "https://shop.example/", b"", ())

    assert program.got == []


async def test_a_name_is_looked_at_anew_for_every_connection() -> None:
    names = Names("127.0.0.2")
    async with OutboundHttp(names, total=30) as outbound:
        for _ in range(3):
            with pytest.raises(UserError):
                await outbound.send("POST", "https://shop.example/", b"", ())

    assert names.asked == 3


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "http://shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https://user:pass@shop.example/",
        "https://shop.example@127.0.0.1/",
        "https://127.0.0.1#@shop.example/",
        "https://shop.example:22/",
        "https://shop.example:25/",
        "https://shop.example:99999/",
        "https://shop.example\r\nX: y/",
        "https://shop.example/ a",
        "https://shop.example\\@127.0.0.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:7f00:1]/",
        "https://\u0451xample.org/",
    ],
)
def test_addresses_that_nothing_is_sent_to(url: str) -> None:
    with pytest.raises(UserError) as failure:
        checked_url(url)

    assert failure.value.code in ("address-unfit", "address-inside")


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "0177.0.0.1", "127.1", "localhost", "localhost."])
async def test_odd_spellings_of_this_computer_are_seen_through(program: Program, host: str) -> None:
    async with OutboundHttp(total=30) as outbound:
        with pytest.raises((UserError, ClientError)):
            await outbound.send("POST", f"https://{host}/", b"", ())

    assert program.got == []


def test_this_computer_itself_only_where_the_owner_says_so() -> None:
    check(Target("f", "forward", "Mine", {"url": "http://127.0.0.1:8000/x", "local": "yes"}), SECRET)
    for options in ({"url": "http://127.0.0.1:8000/x"}, {"url": "http://10.0.0.1/", "local": "yes"}):
        with pytest.raises(UserError):
            check(Target("f", "forward", "Mine", options), SECRET)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!", "shhh!"])
def test_a_secret_that_cannot_sign_is_refused(secret: str) -> None:
    with pytest.raises(UserError) as refused:
        check(Target("f", "forward", "Mine", {"url": "https://shop.example/"}), secret)
    assert refused.value.code == "forward-secret"


@pytest.fixture
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as there:
        there.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_new_york")
@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("", 0),
        ("-5", 0),
        ("9" * 30, 0),
        ("Wed, 21 Oct 2099 07:28:00", 4_096_250_880_000),
        ("Wed, 21 Oct 2099 07:28:00 -0000", 4_096_250_880_000),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 4_096_250_880_000),
        ("Wed, 21 Oct 2099 09:28:00 +0200", 4_096_250_880_000),
        ("864000", NOON + 10 * DAY),
    ],
)
def test_when_to_come_again(said: str, at: int) -> None:
    assert retry_at(said, NOON) == at
