"""Providers are asked when something may have been missed, again after what failed, and on and on by asking alone."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable

import pytest

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.connection.reach import TunnelStatus
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Bus, GapEnded, SourcesChanged, TunnelChanged
from shopwatch.domain.source import Source
from shopwatch.providers.api import Api
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.recovery.catchup_scheduler import CatchUpScheduler
from shopwatch.runtime.clock import now
from tests.defects import defects
from tests.standin.hours import Hours

QUICK = dataclasses.replace(STRIPE_API, pace=0.01)


class Asked:
    """Who was asked, and what came of it: each of `answers` once, then nothing new."""

    def __init__(self) -> None:
        self.sources: tuple[Source, ...] = (Source("stripe-1", "stripe", "Stripe", "/in/x", 0),)
        self.looked: list[str] = []
        self.answers: list[Exception | CaughtUp | None] = []
        self._changed = asyncio.Condition()

    async def all_sources(self) -> tuple[Source, ...]:
        return self.sources

    async def look_at(self, source: Source) -> CaughtUp | None:
        async with self._changed:
            self.looked.append(source.id)
            self._changed.notify_all()
        answer = self.answers.pop(0) if self.answers else CaughtUp(source.id, 0, ended_at=1)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def until(self, true: Callable[[], bool], patience: float = 30) -> None:
        async with asyncio.timeout(patience), self._changed:
            await self._changed.wait_for(true)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
async def scheduler(asked: Asked, bus: Bus) -> AsyncIterator[CatchUpScheduler]:
    apis: dict[str, Api] = {"stripe": QUICK}
    scheduler = CatchUpScheduler(asked.all_sources, asked.look_at, bus, find_api=apis.get, pauses=(0.01,))
    scheduler.start()
    yield scheduler
    await scheduler.stop()


def failed(code: str = "api-away") -> CaughtUp:
    return CaughtUp("stripe-1", 0, ended_at=1, problem=UserError("It failed.", code=code))


async def test_at_the_start_all_are_asked_once_and_then_left_alone(asked: Asked, scheduler: CatchUpScheduler) -> None:
    del scheduler
    await asked.until(lambda: len(asked.looked) == 1)
    with pytest.raises(TimeoutError):
        await asked.until(lambda: len(asked.looked) > 1, patience=0.2)


async def test_whoever_says_that_something_was_missed_is_believed(
    asked: Asked, bus: Bus, scheduler: CatchUpScheduler
) -> None:
    await asked.until(lambda: len(asked.looked) == 1)
    scheduler.look()
    await asked.until(lambda: len(asked.looked) == 2)
    scheduler.look(["another-1"])
    bus.tell(GapEnded(Gap(1, Cause.ASLEEP, 0, 1)))
    await asked.until(lambda: len(asked.looked) == 3)
    assert set(asked.looked) == {"stripe-1"}


async def test_a_new_address_is_a_reason_to_ask(asked: Asked, bus: Bus, scheduler: CatchUpScheduler) -> None:
    del scheduler
    await asked.until(lambda: len(asked.looked) == 1)
    bus.tell(TunnelChanged(TunnelStatus(public_url="https://one.example")))
    bus.tell(TunnelChanged(TunnelStatus(public_url="https://other.example")))
    await asked.until(lambda: len(asked.looked) == 2)
    assert asked.looked == ["stripe-1"] * 2


async def test_the_address_that_was_open_before_is_known(asked: Asked, bus: Bus) -> None:
    apis: dict[str, Api] = {"stripe": QUICK}
    scheduler = CatchUpScheduler(asked.all_sources, asked.look_at, bus, find_api=apis.get)
    scheduler.start("https://one.example")
    await asked.until(lambda: len(asked.looked) == 1)
    bus.tell(TunnelChanged(TunnelStatus(public_url="https://other.example")))
    await asked.until(lambda: len(asked.looked) == 2)
    await scheduler.stop()
    assert asked.looked == ["stripe-1"] * 2


async def test_what_failed_is_tried_again(asked: Asked, scheduler: CatchUpScheduler) -> None:
    await asked.until(lambda: len(asked.looked) == 1)
    asked.answers += [failed(), Outage("The store is away.", code="x"), failed("api-limit")]
    scheduler.look()
    await asked.until(lambda: len(asked.looked) == 5)
    with pytest.raises(TimeoutError):
        await asked.until(lambda: len(asked.looked) > 5, patience=0.2)


async def test_a_defect_is_told_and_ends_no_asking(asked: Asked, scheduler: CatchUpScheduler) -> None:
    await asked.until(lambda: len(asked.looked) == 1)
    with defects() as told:
        asked.answers.append(ValueError("of ours"))
        scheduler.look()
        await asked.until(lambda: len(asked.looked) == 3)
    assert [str(each) for each in told] == ["of ours"]


@pytest.mark.parametrize("answer", [failed("api-key-refused"), None], ids=["refused", "none"])
async def test_what_only_the_owner_can_mend_waits_for_another_key(
    asked: Asked, bus: Bus, scheduler: CatchUpScheduler, answer: CaughtUp | None
) -> None:
    await asked.until(lambda: len(asked.looked) == 1)
    asked.answers.append(answer)
    scheduler.look()
    await asked.until(lambda: len(asked.looked) == 2)
    with pytest.raises(TimeoutError):
        await asked.until(lambda: len(asked.looked) > 2, patience=0.2)
    asked.sources = (dataclasses.replace(asked.sources[0], secrets_changed_at=1),)
    bus.tell(SourcesChanged())
    await asked.until(lambda: len(asked.looked) == 3)


@pytest.mark.parametrize(("answer", "times"), [(failed("api-key-narrow"), 4), (None, 1)], ids=["refused", "no key"])
def test_a_key_that_was_refused_for_once_is_tried_each_hour(
    asked: Asked, bus: Bus, answer: CaughtUp | None, times: int
) -> None:
    asked.answers += [answer] * 10

    async def live() -> None:
        apis: dict[str, Api] = {"stripe": QUICK}
        scheduler = CatchUpScheduler(asked.all_sources, asked.look_at, bus, find_api=apis.get)
        scheduler.start()
        await asyncio.sleep(3 * 3_660)
        await scheduler.stop()

    Hours(now()).run(live)
    assert len(asked.looked) == times


async def test_a_source_that_works_by_asking_alone_is_asked_on_and_on(
    asked: Asked, bus: Bus, scheduler: CatchUpScheduler
) -> None:
    del scheduler
    asked.sources = (dataclasses.replace(asked.sources[0], options={"poll": "1"}),)
    bus.tell(SourcesChanged())
    await asked.until(lambda: len(asked.looked) >= 3)
    assert set(asked.looked) == {"stripe-1"}


async def test_sources_come_and_go(asked: Asked, bus: Bus, scheduler: CatchUpScheduler) -> None:
    del scheduler
    await asked.until(lambda: asked.looked == ["stripe-1"])
    added = Source("stripe-2", "stripe", "Another", "/in/y", 0, options={"poll": "1"})
    asked.sources = (added, Source("kofi-1", "kofi", "Ko-fi", "/in/z", 0))
    bus.tell(SourcesChanged())
    await asked.until(lambda: asked.looked.count("stripe-2") >= 2)
    asked.sources = ()
    bus.tell(SourcesChanged())
    await asyncio.sleep(0)
    assert "kofi-1" not in asked.looked


@pytest.mark.parametrize(("unheard", "times"), [(False, 3), (True, 13)])
def test_now_and_then_everybody_is_asked_in_any_case(asked: Asked, bus: Bus, unheard: bool, times: int) -> None:
    async def live() -> None:
        apis: dict[str, Api] = {"stripe": QUICK}
        scheduler = CatchUpScheduler(
            asked.all_sources, asked.look_at, bus, find_api=apis.get, unheard=lambda _: unheard
        )
        scheduler.start()
        await asyncio.sleep(3_660)
        await scheduler.stop()

    Hours(now()).run(live)
    assert len(asked.looked) == times


@pytest.mark.parametrize(("poll", "times"), [("60", 14), ("600", 3), ("3600", 2)])
def test_who_works_by_asking_alone_is_asked_seldom_while_nothing_comes_but_often_enough(
    asked: Asked, bus: Bus, poll: str, times: int
) -> None:
    asked.sources = (dataclasses.replace(asked.sources[0], options={"poll": poll}),)

    async def live() -> None:
        apis: dict[str, Api] = {"stripe": QUICK}
        scheduler = CatchUpScheduler(asked.all_sources, asked.look_at, bus, find_api=apis.get)
        scheduler.start()
        await asyncio.sleep(3_660)
        await scheduler.stop()

    Hours(now()).run(live)
    assert len(asked.looked) == times
