"""What the rules ring for is told once, together, and with their preferences."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from shopwatch.actions.ring.ringing import Ringing
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Bus, NotificationsDue
from shopwatch.domain.instant import MINUTE
from shopwatch.domain.messages.delivery import LATE
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.rules.job import Job, JobKey, JobState, Subject
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from tests.ledger.arrivals import NOON, back, paid, record_all, told


class Ear:
    """Hears what is rung."""

    def __init__(self, bus: Bus) -> None:
        self.heard: list[NotificationsDue] = []
        self._news = asyncio.Event()
        bus.listen(NotificationsDue, self._hear)

    def _hear(self, due: NotificationsDue) -> None:
        self.heard.append(due)
        self._news.set()

    async def until(self, count: int) -> list[NotificationsDue]:
        """All that was rung, once it is about so many things."""
        async with asyncio.timeout(30):
            while sum(len((*due.sales, *due.refunds, *due.happenings)) for due in self.heard) < count:
                self._news.clear()
                await self._news.wait()
        return self.heard


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
async def ledger(tmp_path: Path, bus: Bus) -> AsyncIterator[Ledger]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'sales.sqlite'}", tell=bus.tell, clock=lambda: NOON)
    yield ledger
    ledger.close()


@pytest.fixture
async def source(ledger: Ledger) -> Source:
    return await ledger.sources.add("paynow", "PayNow", {})


@pytest.fixture
async def ringing(ledger: Ledger, bus: Bus) -> AsyncIterator[Ringing]:
    ringing = Ringing(ledger.outbox, bus, clock=lambda: NOON)
    yield ringing
    await ringing.stop()


async def test_each_paid_sale_rings_once(ledger: Ledger, source: Source, ringing: Ringing, bus: Bus) -> None:
    ear = Ear(bus)
    await ringing.start()

    await record_all(ledger, [told(source.id, f"e{place % 30}", paid(f"o{place % 30}")) for place in range(60)])
    heard = await ear.until(30)

    assert sorted(row.id for due in heard for row in due.sales) == list(range(1, 31))
    assert all(due.bell and not due.missed for due in heard)
    await ringing.stop()
    assert {job.state for job in await ledger.outbox.jobs()} == {JobState.DONE}


async def test_what_waited_from_before_rings_when_the_desktop_is_there(
    ledger: Ledger, source: Source, bus: Bus
) -> None:
    await record_all(ledger, [told(source.id, f"e{place}", paid(f"o{place}")) for place in range(5)])
    ear = Ear(bus)
    later = Ringing(ledger.outbox, bus)

    await later.start()

    (due,) = await ear.until(5)
    await later.stop()
    assert len(due.sales) == 5
    assert due.missed


async def test_what_comes_after_the_clock_was_put_back_was_not_missed(tmp_path: Path, bus: Bus) -> None:
    at = NOON
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'other.sqlite'}", tell=bus.tell, clock=lambda: at)
    source = await ledger.sources.add("paynow", "PayNow", {})
    await ledger.record(*told(source.id, "e1", paid("before")))
    ear = Ear(bus)
    ringing = Ringing(ledger.outbox, bus, clock=lambda: at)
    await ringing.start()
    await ear.until(1)
    at -= 5 * MINUTE
    await ledger.record(*told(source.id, "e2", paid("since"), at=at))

    heard = await ear.until(2)

    assert {row.sale.order_id: due.missed for due in heard for row in due.sales} == {"before": True, "since": False}
    await ringing.stop()
    ledger.close()


async def begins_in_vain(ringing: Ringing, ledger: Ledger) -> None:
    """Start, and return once it could not be read what the first jobs are about."""
    failed = asyncio.Event()

    async def away(_: Sequence[Job]) -> dict[JobKey, Subject]:
        failed.set()
        raise Outage("The disk is away for a moment.")

    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(ledger.outbox, "subjects", away)
        await ringing.start()
        await failed.wait()


@pytest.mark.loud
async def test_what_cannot_be_read_for_a_moment_rings_afterwards(
    ledger: Ledger, source: Source, ringing: Ringing, bus: Bus
) -> None:
    await record_all(ledger, [told(source.id, f"e{place}", paid(f"o{place}")) for place in range(3)])
    ear = Ear(bus)
    await begins_in_vain(ringing, ledger)

    await ledger.record(*told(source.id, "e3", paid("o3")))

    assert len([row for due in await ear.until(4) for row in due.sales]) == 4
    await ringing.stop()
    assert {job.state for job in await ledger.outbox.jobs()} == {JobState.DONE}


@pytest.mark.loud
async def test_what_was_not_told_before_the_end_rings_another_time(
    ledger: Ledger, source: Source, ringing: Ringing
) -> None:
    await ledger.record(*told(source.id, "e1", paid("o1")))
    await begins_in_vain(ringing, ledger)
    await ringing.stop()

    (job,) = await ledger.outbox.jobs()

    assert (job.state, job.attempts, job.due_at) == (JobState.WAITING, 0, NOON)


async def test_what_came_long_after_it_happened_is_told_together(
    ledger: Ledger, source: Source, ringing: Ringing, bus: Bus
) -> None:
    ear = Ear(bus)
    await ringing.start()
    late = [told(source.id, f"e{place}", paid(f"o{place}")) for place in range(5)]
    await record_all(ledger, [(replace(delivery, age=LATE + 1), verdict) for delivery, verdict in late])
    await ledger.record(*told(source.id, "now", paid("now")))

    heard = await ear.until(6)

    assert sorted((row.sale.order_id, due.missed) for due in heard for row in due.sales) == [
        ("now", False),
        *((f"o{place}", True) for place in range(5)),
    ]


async def test_wishes_and_happenings(ledger: Ledger, source: Source, ringing: Ringing, bus: Bus) -> None:
    for rule in await ledger.outbox.rules():
        await ledger.outbox.drop_rule(rule.id)
    quiet = RuleStep("ring", {})
    loud = RuleStep("ring", {"bell": "yes", "stays": "yes", "sound": "special"})
    await ledger.outbox.put_rule(Rule("a", Trigger.CONTACT, steps=(quiet,)))
    await ledger.outbox.put_rule(Rule("b", Trigger.SALE_REFUNDED, steps=(loud,)))
    ear = Ear(bus)
    await ringing.start()

    contact = Accepted(Event("c1", "contact", Kind.CONTACT, NOON, happening=Contact("7", "Ada")))
    await ledger.record(told(source.id, "c1", None)[0], contact)
    await ear.until(1)
    await ledger.record(*told(source.id, "e1", paid("1")))
    await ledger.record(*told(source.id, "e2", back("1")))
    first, second = await ear.until(2)

    assert [each.happening for each in first.happenings] == [contact.event.happening]
    assert (first.bell, first.stays, first.sound) == (False, False, "")
    assert [row.sale.order_id for row in second.refunds] == ["1"]
    assert (second.bell, second.stays, second.sound) == (True, True, "special")
