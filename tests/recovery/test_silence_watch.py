"""A busy source that says nothing is named once, over restarts, and until it speaks again."""

import asyncio
from collections.abc import AsyncIterator, Collection
from pathlib import Path

import pytest
from msgspec.structs import replace

from shopwatch.domain.connection.gap import Cause
from shopwatch.domain.facts import Bus, JobsOwed, SilencesChanged
from shopwatch.domain.instant import DAY, HOUR, MINUTE, SECOND, Instant
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Notice, said
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import FromSource, Rule, RuleStep, Trigger
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.recovery.silence_watch import SilenceWatch
from tests.ledger.arrivals import paid, record_all, told

START: Instant = 1_795_521_600_000
SENDER = "203.0.113.7"


class Shop:
    """A ledger of a shop that sells something every hour, and time that a test moves."""

    def __init__(self, file: Path) -> None:
        self.now = START
        self.bus = Bus()
        self.file = file
        self.facts: list[object] = []
        self.missed: list[str] = []
        self.ledger = self._opened()
        self.watch = self._watch()
        self._orders = 0
        self.bus.listen(SilencesChanged, self.facts.append)

    def _opened(self) -> Ledger:
        return Ledger.open(f"sqlite:///{self.file}", tell=self.bus.tell, clock=lambda: self.now)

    def _watch(self) -> SilenceWatch:
        def missed(source_ids: Collection[str]) -> None:
            self.missed += source_ids

        return SilenceWatch(
            self.ledger,
            self.bus,
            asks=lambda source: "poll" in source.options,
            missed=missed,
            clock=lambda: self.now,
            sleep=lambda _: asyncio.sleep(3_600),
        )

    def sale(self, source: Source, at: Instant, remote: str | None = SENDER) -> tuple[Delivery, Accepted]:
        self._orders += 1
        delivery, verdict = told(source.id, f"e{self._orders}", paid(f"o{self._orders}"), at=at)
        assert isinstance(verdict, Accepted)
        return replace(delivery, request=replace(delivery.request, remote_addr=remote)), verdict

    async def sold_hourly(self, source: Source, weeks: int = 4, remote: str | None = SENDER) -> None:
        hours = range(self.now - weeks * 7 * DAY, self.now, HOUR)
        await record_all(self.ledger, [self.sale(source, at, remote) for at in hours])

    async def looks(self, after: Instant = 0) -> list[str]:
        """Who is silent when it looks so much later."""
        self.now += after
        await self.ledger.gaps.say_alive()
        await self.watch.look()
        return sorted(self.watch.silent)

    async def restarted(self) -> None:
        self.ledger.close()
        self.ledger = self._opened()
        self.watch = self._watch()


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = Shop(tmp_path / "sales.sqlite")
    yield shop
    await shop.watch.stop()
    shop.ledger.close()


@pytest.fixture
async def source(shop: Shop) -> Source:
    source = await shop.ledger.sources.add("paynow", "PayNow", {})
    await shop.sold_hourly(source)
    return source


async def test_a_source_that_falls_silent_is_named_once_until_it_speaks(shop: Shop, source: Source) -> None:
    assert await shop.looks(3 * HOUR) == []

    assert await shop.looks(15 * HOUR) == [source.id]
    assert await shop.looks(HOUR) == [source.id]
    silence = shop.watch.silent[source.id]
    assert (silence.since, silence.noticed_at) == (START - HOUR + 1, START + 18 * HOUR)
    assert silence.usual == pytest.approx(19, abs=1)
    assert shop.facts == [SilencesChanged((source.id,))]
    assert shop.missed == [source.id]

    await shop.ledger.record(*shop.sale(source, shop.now))
    assert await shop.looks(MINUTE) == []
    assert shop.facts == [SilencesChanged((source.id,))] * 2
    assert await shop.looks(20 * HOUR) == [source.id]


async def test_a_message_that_came_by_a_clock_that_was_ahead_hides_no_silence(shop: Shop, source: Source) -> None:
    await shop.ledger.record(*shop.sale(source, shop.now + 365 * DAY))
    await shop.ledger.record(*shop.sale(source, shop.now))
    assert await shop.looks(MINUTE) == []
    assert await shop.looks(20 * HOUR) == [source.id]


async def test_it_stays_named_over_a_restart(shop: Shop, source: Source) -> None:
    await shop.looks(18 * HOUR)
    named = shop.watch.silent[source.id]

    await shop.restarted()

    assert await shop.looks() == [source.id]
    assert shop.watch.silent[source.id] == named
    assert shop.missed == [source.id]
    await shop.ledger.record(*shop.sale(source, shop.now))
    await shop.restarted()
    assert await shop.looks(MINUTE) == []


async def test_rules_do_something_about_it_once(shop: Shop, source: Source) -> None:
    book = shop.ledger.outbox
    other = await shop.ledger.sources.add("stripe", "Stripe", {})
    steps = (RuleStep("ring"), RuleStep("chat", {"to": "c"}), RuleStep("email"))
    rule = await book.put_rule(Rule("Tell me", Trigger.SILENT, (FromSource(source.id),), steps))
    await book.put_rule(Rule("Not mine", Trigger.SILENT, (FromSource(other.id),), steps))

    told: list[JobsOwed] = []
    shop.bus.listen(JobsOwed, told.append)
    for _ in range(3):
        await shop.looks(18 * HOUR)
        await shop.restarted()
    book = shop.ledger.outbox

    jobs = [job for job in await book.jobs() if job.trigger is Trigger.SILENT]
    assert [(job.key.rule, job.action) for job in reversed(jobs)] == [(rule.id, step.action) for step in steps]
    assert {job.state for job in jobs} == {JobState.WAITING}
    assert told == [JobsOwed(frozenset({"ring", "chat", "email"}))]
    about = await book.subject(jobs[0])
    assert about is not None
    assert about.happening is not None
    assert about.happening.silent
    assert said(about.happening.happening) == Notice(
        "PayNow has fallen silent", "Usually about 18 messages would have come by now."
    )
    (trial,) = [each for each in await book.try_rule(rule, 5) if each.owed]
    assert trial.rule_input.trigger is Trigger.SILENT


async def test_it_is_no_message(shop: Shop, source: Source) -> None:
    messages = await shop.ledger.inbox.page(limit=1_000)
    await shop.looks(18 * HOUR)

    assert await shop.ledger.inbox.page(limit=1_000) == messages
    recorded = await shop.ledger.record(*shop.sale(source, shop.now))
    assert recorded.delivery_id == messages[0].id + 2


async def test_a_deaf_shop_blames_nobody(shop: Shop, source: Source) -> None:
    await shop.ledger.gaps.begin(Cause.OFFLINE, shop.now)
    assert await shop.looks(30 * HOUR) == []
    await shop.ledger.gaps.end(shop.now)
    assert await shop.looks(2 * HOUR) == []

    assert await shop.looks(15 * HOUR) == [source.id]


async def test_who_has_just_woken_up_waits_until_it_is_known_that_it_slept(shop: Shop, source: Source) -> None:
    await shop.looks(HOUR)
    slept, shop.now = shop.now, shop.now + 18 * HOUR
    await shop.watch.look()
    assert not shop.watch.silent

    await shop.ledger.gaps.add(Cause.ASLEEP, slept, shop.now)
    assert await shop.looks() == []


async def test_what_only_asking_brought_in_is_no_sign_of_life_but_of_who_works_by_asking_alone(
    shop: Shop, source: Source
) -> None:
    asked = await shop.ledger.sources.add("stripe", "Stripe", {"poll": "60"})
    await shop.sold_hourly(asked, remote=None)
    shop.now += 18 * HOUR
    for each in (source, asked):
        await shop.ledger.record(*shop.sale(each, shop.now, remote=None))

    assert await shop.looks(MINUTE) == [source.id]
    assert await shop.looks(18 * HOUR) == [source.id, asked.id]


async def test_practice_is_no_sign_of_life_but_a_message_that_does_not_fit_is(shop: Shop, source: Source) -> None:
    assert await shop.looks(18 * HOUR) == [source.id]
    (nonce,) = await shop.ledger.sources.issue_practice(source.id, 1)
    delivery, verdict = shop.sale(source, shop.now)
    await shop.ledger.record(replace(delivery, practice_nonce=nonce), verdict)
    assert await shop.looks(SECOND) == [source.id]

    unfit = Request("POST", "https://x.example", Headers(), b"{}", SENDER)
    await shop.ledger.record(Delivery(source.id, unfit, shop.now), Rejected(Reason.SIGNATURE_MISMATCH))
    assert await shop.looks(SECOND) == []


async def test_a_message_that_calls_itself_a_silence_is_none(shop: Shop, source: Source) -> None:
    for event_id in ("silent:9999999999999", "silent:x"):
        event = Event(event_id, "shopwatch.silent", Kind.NOTICE, shop.now, happening=Notice("Ha"))
        delivery, _ = shop.sale(source, shop.now)
        await shop.ledger.record(delivery, Accepted(event))

    assert await shop.looks(HOUR) == []
    assert await shop.looks(18 * HOUR) == [source.id]


async def test_a_source_that_was_removed_is_not_named(shop: Shop, source: Source) -> None:
    assert await shop.looks(18 * HOUR) == [source.id]
    await shop.ledger.sources.remove(source.id)
    assert await shop.looks() == []
    await shop.restarted()
    assert await shop.looks() == []


async def test_a_sign_of_life_is_heard_at_once(shop: Shop, source: Source) -> None:
    changed = asyncio.Event()
    shop.bus.listen(SilencesChanged, lambda _: changed.set())
    shop.now += 18 * HOUR
    await shop.ledger.gaps.say_alive()
    shop.watch.start()
    async with asyncio.timeout(30):
        await changed.wait()
        assert list(shop.watch.silent) == [source.id]
        changed.clear()
        await shop.ledger.record(*shop.sale(source, shop.now))
        await changed.wait()
    assert not shop.watch.silent
