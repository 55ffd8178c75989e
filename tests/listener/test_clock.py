"""docs/attacks.md, D7 and P12: with a wrong clock here, what is genuine comes again; what is forged or old does not."""

import asyncio

import pytest
from msgspec.structs import replace

from shopwatch.domain.instant import DAY, HOUR, MINUTE, Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Secrets
from shopwatch.listener.intake import Intake
from shopwatch.listener.routes import ReadyRoute
from shopwatch.providers.senders.paynow import PAYNOW
from shopwatch.runtime.clock_skew import ClockSkew
from shopwatch.runtime.tasks import spawn
from tests.listener.loopback import SECRET, Book, source
from tests.runtime.test_clock_skew import date

NOW: Instant = 1_795_500_000_000
ROUTE = ReadyRoute(source("first"), PAYNOW, Secrets((SECRET,)))


def made(at: Instant, seed: int = 1) -> Request:
    return PAYNOW.practise(Kind.SALE, SECRET, at, seed)


class Here:
    """An intake of which the clock is `off`."""

    def __init__(self, off: Instant) -> None:
        self.off = off
        self.book = Book()
        self.clock_skew = ClockSkew(clock=self._clock, since_boot=lambda: 7.0)
        self.intake = Intake(self.book, clock=self._clock, clock_skew=self.clock_skew)

    def _clock(self) -> Instant:
        return NOW + self.off

    async def status(self, request: Request) -> int:
        return (await self.intake.settle(ROUTE, request)).status


@pytest.mark.parametrize("off", [DAY, HOUR, 9 * MINUTE, -9 * MINUTE, -HOUR, -DAY])
async def test_genuine_messages_come_again_once_a_server_has_told_the_time(off: Instant) -> None:
    here = Here(off)
    here.clock_skew.heard(date(NOW))

    assert await here.status(made(NOW)) == 503

    (delivery, verdict) = here.book.kept[0]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is (Reason.TOO_OLD if off > 0 else Reason.FROM_THE_FUTURE)
    assert delivery.request == made(NOW)


@pytest.mark.parametrize("off", [DAY, HOUR, -HOUR, -DAY])
async def test_genuine_messages_come_again_when_the_clock_was_set_wrong_since(off: Instant) -> None:
    here = Here(0)
    here.clock_skew.heard(date(NOW))
    assert await here.status(made(NOW)) == 200
    here.off = off

    assert await here.status(made(NOW, 2)) == 503
    assert await here.status(made(NOW - 2 * HOUR, 3)) == 401
    here.off = 0
    assert await here.status(made(NOW, 2)) == 200


@pytest.mark.parametrize("off", [DAY, -DAY])
async def test_forgeries_and_replays_stay_what_they_are(off: Instant) -> None:
    here = Here(off)
    here.clock_skew.heard(date(NOW))
    genuine = made(NOW)

    assert await here.status(replace(genuine, body=genuine.body + b" ")) == 401
    assert await here.status(made(NOW - HOUR)) == 401
    assert not here.book.sold


@pytest.mark.parametrize("step", [10 * MINUTE, HOUR, DAY, -HOUR, -DAY, 365 * DAY, 800 * DAY])
async def test_no_genuine_message_is_refused_when_the_clock_is_set(step: Instant) -> None:
    """No server has told the time, and no message came before the step."""
    here = Here(0)
    here.off = step

    assert [await here.status(made(NOW, seed)) for seed in range(3)] == [503] * 3
    assert here.clock_skew.problem
    assert here.clock_skew.problem.code in ("clock-set", "clock-wrong")
    assert await here.status(made(NOW - 3 * DAY, 4)) == 401
    here.off = 0
    assert [await here.status(made(NOW, seed)) for seed in range(3)] == [200] * 3
    assert here.clock_skew.problem is None


@pytest.mark.parametrize("step", [HOUR, -DAY])
async def test_however_many_genuine_messages_come_while_the_clock_is_wrong_each_comes_again(step: Instant) -> None:
    here = Here(0)
    here.off = step

    said = [await here.status(made(NOW, seed)) for seed in range(300)]

    assert set(said) == {503}
    assert len(here.book.kept) < len(said), "what is kept of them has its bounds"
    assert await here.status(made(NOW - 3 * DAY, 301)) == 429


@pytest.mark.parametrize("step", [HOUR, -DAY])
async def test_what_was_on_its_way_when_the_clock_was_set_proves_nothing_of_the_new_time(step: Instant) -> None:
    here = Here(0)
    here.book.ready.clear()
    first = spawn(here.status(made(NOW, 1)), "first")
    await here.book.asked.wait()
    here.off = step
    second = spawn(here.status(made(NOW, 2)), "second")
    await asyncio.sleep(0)
    here.book.ready.set()

    assert (await first, await second) == (200, 503)
    assert await here.status(made(NOW, 3)) == 503


@pytest.mark.parametrize("wrong", [10 * MINUTE, HOUR, DAY, -HOUR, -DAY, -365 * DAY])
async def test_a_clock_that_is_put_right_counts_at_once(wrong: Instant) -> None:
    here = Here(wrong)
    here.off = 0

    assert [await here.status(made(NOW, seed)) for seed in range(3)] == [200] * 3
    assert here.clock_skew.problem is None
    assert await here.status(made(NOW + wrong, 9)) in (401, 503)


async def test_a_clock_that_is_put_right_and_then_set_wrong_refuses_nothing_either() -> None:
    here = Here(-5 * HOUR)
    here.off = 0
    assert await here.status(made(NOW, 1)) == 200
    here.off = DAY

    assert await here.status(made(NOW, 2)) == 503


async def test_a_clock_of_long_ago_refuses_nothing() -> None:
    """The battery that keeps the time of a computer is empty, and no server can be asked."""
    here = Here(946_684_800_000 - NOW)

    assert await here.status(made(NOW)) == 503
    assert await here.status(replace(made(NOW), body=b"{}")) == 401


async def test_a_time_of_another_unit_blames_nobody() -> None:
    here = Here(0)
    bare = Request("POST", "", Headers(), made(NOW).body)
    request = PAYNOW.recipe.sign(bare, SECRET, NOW * 1000, "", {})
    assert request is not None

    assert [await here.status(request) for _ in range(3)] == [401] * 3
    assert here.clock_skew.problem is None


async def test_one_message_from_the_future_comes_again_and_blames_nobody() -> None:
    here = Here(-9 * MINUTE)

    assert await here.status(made(NOW)) == 503
    assert not here.clock_skew.off


async def test_several_messages_from_the_future_show_a_slow_clock() -> None:
    here = Here(-9 * MINUTE)

    assert [await here.status(made(NOW, seed)) for seed in (1, 2, 3)] == [503] * 3
    assert here.clock_skew.problem
    assert here.clock_skew.problem.title == "This computer’s clock is 9 minutes slow."


async def test_old_messages_are_no_proof_until_several_agree() -> None:
    here = Here(9 * MINUTE)

    assert [await here.status(made(NOW, seed)) for seed in range(4)] == [401, 401, 503, 503]


async def test_one_old_message_proves_nothing_however_often_it_comes() -> None:
    here = Here(0)

    assert [await here.status(made(NOW - 40 * MINUTE)) for _ in range(6)] == [401] * 6
    assert here.clock_skew.problem is None


async def test_with_the_right_clock_old_messages_are_refused() -> None:
    here = Here(0)
    here.clock_skew.heard(date(NOW))

    assert [await here.status(made(NOW - 9 * MINUTE, seed)) for seed in range(4)] == [401] * 4
    assert await here.status(made(NOW)) == 200
