"""Every time in which nothing could be heard is a gap with its cause."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Bus, GapBegan, GapEnded, ReachChanged, TunnelChanged
from shopwatch.domain.instant import HOUR, MINUTE, SECOND, Instant
from shopwatch.ledger import Ledger
from shopwatch.ledger.recovery.gaps import GapBook
from shopwatch.recovery.watchdog import SHORTEST, TICK, Watchdog

EVENING: Instant = 1_795_550_000_000
ONLINE = TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, "https://lilac-heron.ngrok-free.app", EVENING)
ANSWERS = Reach(ReachState.ANSWERS, EVENING, EVENING)
LONGEST_TICK = TICK * 11 // 10
NO_INTERNET = UserError("This computer is not on the internet.", code="no-internet")


class Fading(GapBook):
    """Gaps of a ledger in which no gap can be put down while it is `away`."""

    away = False

    async def begin(self, cause: Cause, at: Instant) -> Gap:
        self._insist()
        return await super().begin(cause, at)

    async def end(self, at: Instant) -> tuple[Gap, ...]:
        self._insist()
        return await super().end(at)

    def _insist(self) -> None:
        if self.away:
            raise Outage("Sales cannot be stored now.", code="store-away")


class Night:
    """A shop whose time a test moves: whoever sleeps is woken by `passes`."""

    def __init__(self, file: Path) -> None:
        self.now = EVENING
        self.bus = Bus()
        self.file = file
        self._open()
        self.told: list[object] = []
        self.answers = True
        self.restarts = 0
        self.woken: list[Instant] = []
        self._sleepers: list[tuple[Instant, asyncio.Future[None]]] = []
        for kind in (GapBegan, GapEnded):
            self.bus.listen(kind, self.told.append)
        self.dog = self._watchdog()

    def _open(self) -> None:
        self.ledger = Ledger.open(f"sqlite:///{self.file}", clock=lambda: self.now)
        self.gaps = self.ledger.gaps = Fading(self.ledger.database)

    def _watchdog(self) -> Watchdog:
        return Watchdog(
            self.gaps,
            self.bus,
            listens=self._listens,
            restart=self._restart,
            woken=self.woken.append,
            clock=lambda: self.now,
            sleep=self._sleep,
        )

    async def _listens(self) -> bool:
        return self.answers

    async def _restart(self) -> None:
        self.restarts += 1

    async def _sleep(self, seconds: float) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + int(seconds * 1000), waiting))
        await waiting

    async def passes(self, span: Instant, *, asleep: bool = False) -> None:
        """Let time go by, to each moment for which somebody waits; `asleep` all at once."""
        end = self.now + span
        while self.now < end:
            self.now = end if asleep else min(end, *(until for until, _ in self._sleepers))
            due = [each for each in self._sleepers if each[0] <= self.now]
            self._sleepers = [each for each in self._sleepers if each[0] > self.now]
            for _, waiting in due:
                if not waiting.done():
                    waiting.set_result(None)
            await self.settled()

    async def settled(self) -> None:
        """Wait until what was set off has been put down."""
        for _ in range(3):
            await asyncio.sleep(0)
            await self.ledger.durability()

    async def tells(self, *facts: object) -> None:
        for fact in facts:
            self.bus.tell(fact)
        await self.settled()

    async def restarted(self, *, away: Instant, killed: bool = False) -> None:
        """End the program and begin it again later."""
        if not killed:
            await self.dog.stop()
        else:
            for _, waiting in self._sleepers:
                waiting.cancel()
            self._sleepers.clear()
        self.ledger.close()
        self.now += away
        self._open()
        self.dog = self._watchdog()
        await self.dog.start()


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    night = Night(tmp_path / "sales.sqlite")
    await night.dog.start()
    await night.tells(TunnelChanged(ONLINE), ReachChanged(ANSWERS))
    yield night
    await night.dog.stop()
    night.ledger.close()


async def test_all_is_well(night: Night) -> None:
    await night.passes(2 * HOUR)

    assert night.told == []
    assert night.woken == []
    assert await night.ledger.gaps.all() == ()
    assert night.now - await night.ledger.gaps.alive_at() <= MINUTE + LONGEST_TICK


async def test_a_night_with_the_lid_closed(night: Night) -> None:
    await night.passes(MINUTE)
    began = night.now

    await night.passes(9 * HOUR, asleep=True)

    (gap,) = await night.ledger.gaps.all()
    assert (gap.cause, gap.ended_at) == (Cause.ASLEEP, night.now)
    assert began - LONGEST_TICK <= gap.began_at <= began
    assert night.told == [GapEnded(gap)]
    (slept,) = night.woken
    assert abs(slept - 9 * HOUR) <= LONGEST_TICK


async def test_a_nap_is_no_gap_but_whatever_was_known_is_looked_at_anew(night: Night) -> None:
    await night.passes(MINUTE)

    await night.passes(25 * SECOND, asleep=True)

    assert await night.ledger.gaps.all() == ()
    assert len(night.woken) == 1


@pytest.mark.parametrize(
    ("fact", "cause"),
    [
        (ReachChanged(Reach(ReachState.SILENT, EVENING + HOUR)), Cause.ADDRESS),
        (ReachChanged(Reach(ReachState.SILENT, EVENING + HOUR, problem=NO_INTERNET)), Cause.OFFLINE),
        (TunnelChanged(TunnelStatus(TunnelKind.NGROK, TunnelState.FAILED, since=EVENING + HOUR)), Cause.ADDRESS),
        (
            TunnelChanged(
                TunnelStatus(TunnelKind.NGROK, TunnelState.RECONNECTING, since=EVENING + HOUR, problem=NO_INTERNET)
            ),
            Cause.OFFLINE,
        ),
    ],
)
async def test_what_makes_deaf_begins_a_gap_and_an_answer_ends_it(night: Night, fact: object, cause: Cause) -> None:
    await night.passes(HOUR)
    await night.tells(fact, fact)

    (gap,) = await night.ledger.gaps.all()
    assert gap == Gap(1, cause, EVENING + HOUR)
    assert night.told == [GapBegan(gap)]

    await night.passes(2 * HOUR)
    await night.tells(TunnelChanged(ONLINE), ReachChanged(ANSWERS))

    (ended,) = await night.ledger.gaps.all()
    assert ended.ended_at == night.now
    assert night.told[1:] == [GapEnded(ended)]


@pytest.mark.loud
@pytest.mark.parametrize("lost", ["its beginning", "its end"])
async def test_what_a_ledger_that_is_away_cannot_hold_is_put_down_later(night: Night, lost: str) -> None:
    night.gaps.away = lost == "its beginning"
    await night.tells(ReachChanged(Reach(ReachState.SILENT, EVENING)))
    await night.passes(MINUTE)
    night.gaps.away = False
    await night.passes(MINUTE)
    (gap,) = await night.ledger.gaps.all()
    assert gap == Gap(1, Cause.ADDRESS, EVENING)

    night.gaps.away = lost == "its end"
    await night.tells(ReachChanged(ANSWERS))
    await night.passes(MINUTE)
    night.gaps.away = False
    await night.passes(MINUTE)
    (ended,) = await night.ledger.gaps.all()
    assert night.told == [GapBegan(gap), GapEnded(ended)]


@pytest.mark.loud
async def test_a_listener_that_falls_silent_while_the_ledger_is_away_makes_a_gap_later(night: Night) -> None:
    night.gaps.away, night.answers = True, False
    await night.passes(5 * MINUTE)
    night.gaps.away = False
    await night.passes(5 * MINUTE)
    (gap,) = await night.ledger.gaps.all()
    assert (gap.cause, gap.lasts) == (Cause.LISTENER, True)
    assert night.told == [GapBegan(gap)]


async def test_a_program_that_was_closed_for_the_night(night: Night) -> None:
    await night.passes(MINUTE)
    closed = night.now

    await night.restarted(away=10 * HOUR)

    (gap,) = await night.ledger.gaps.all()
    assert (gap.cause, gap.began_at, gap.ended_at) == (Cause.CLOSED, closed, night.now)


async def test_a_program_that_was_killed(night: Night) -> None:
    await night.passes(10 * MINUTE)
    killed = night.now

    await night.restarted(away=HOUR, killed=True)

    (gap,) = await night.ledger.gaps.all()
    assert killed - 2 * MINUTE <= gap.began_at <= killed
    assert gap.ended_at == night.now


async def test_a_short_break_is_none(night: Night) -> None:
    await night.restarted(away=SHORTEST - SECOND)

    assert await night.ledger.gaps.all() == ()


async def test_a_gap_that_lasted_when_the_program_ended_is_over_when_it_begins_again(night: Night) -> None:
    await night.tells(ReachChanged(Reach(ReachState.SILENT, EVENING)))

    await night.restarted(away=HOUR, killed=True)

    (gap,) = await night.ledger.gaps.all()
    assert (gap.began_at, gap.ended_at) == (EVENING, night.now)


async def test_a_listener_that_does_not_answer_is_started_again_with_growing_pauses(night: Night) -> None:
    night.answers = False
    await night.passes(10 * MINUTE)

    assert 3 <= night.restarts <= 15
    (gap,) = await night.ledger.gaps.all()
    assert (gap.cause, gap.lasts) == (Cause.LISTENER, True)

    night.answers = True
    await night.passes(2 * MINUTE)
    (gap,) = await night.ledger.gaps.all()
    assert not gap.lasts


async def test_without_a_public_address_there_is_nothing_to_be_deaf_to(night: Night) -> None:
    await night.tells(TunnelChanged(TunnelStatus(TunnelKind.NONE)), ReachChanged(Reach(ReachState.UNKNOWN)))

    assert await night.ledger.gaps.all() == ()
