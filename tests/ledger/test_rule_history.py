"""What is told of each rule: how often it owed anything, and when it was last changed."""

from collections.abc import AsyncIterator

import pytest

from shopwatch.domain.instant import DAY, MINUTE
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from tests.ledger.arrivals import NOON, paid, told
from tests.ledger.test_outbox import Watch, only

RING, MAIL = RuleStep("ring"), RuleStep("email", {"template": "thanks"})


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def ledger(place: str, watch: Watch) -> AsyncIterator[Ledger]:
    ledger = Ledger.open(place, tell=lambda _fact: None, clock=watch)
    yield ledger
    ledger.close()


async def test_each_event_counts_once_and_those_before_the_day_do_not(
    ledger: Ledger, source: Source, watch: Watch
) -> None:
    both, idle = await only(
        ledger, Rule("both", Trigger.SALE_PAID, steps=(RING, MAIL)), Rule("idle", Trigger.CONTACT, steps=(RING,))
    )
    for number in range(1, 8):
        watch.now = NOON + number * 6 * 60 * MINUTE
        await ledger.record(*told(source.id, f"e{number}", paid(f"o{number}")))
    told_of = await ledger.outbox.histories(NOON + DAY)
    assert (told_of[both.id].times, told_of[both.id].last_at) == (4, watch.now)
    assert (told_of[idle.id].times, told_of[idle.id].last_at) == (0, 0)
    assert (await ledger.outbox.histories(watch.now + 1))[both.id].times == 0
    assert (await ledger.outbox.histories(0))[both.id].times == 7


async def test_switching_a_rule_off_is_told_with_its_time(ledger: Ledger, watch: Watch) -> None:
    (rule,) = await only(ledger, Rule("ring", Trigger.SALE_PAID, steps=(RING,)))
    watch.now += DAY
    await ledger.outbox.put_rule(Rule("ring", Trigger.SALE_PAID, steps=(RING,), on=False, id=rule.id))
    assert (await ledger.outbox.histories(0))[rule.id].changed_at == watch.now


async def test_the_outbox_is_read_without_pop_ups(ledger: Ledger, source: Source) -> None:
    await only(ledger, Rule("both", Trigger.SALE_PAID, steps=(RING, MAIL)))
    for number in range(1, 4):
        await ledger.record(*told(source.id, f"e{number}", paid(f"o{number}")))
    found = await ledger.outbox.jobs(limit=2, without=["ring"])
    assert [job.action for job in found] == ["email"] * 2
    rest = await ledger.outbox.jobs(after=found[-1].key, without=["ring"])
    assert [job.key.event for job in (*found, *rest)] == [3, 2, 1]
    assert await ledger.outbox.counts(without=["ring"]) == {JobState.WAITING: 3}
    assert await ledger.outbox.counts() == {JobState.WAITING: 6}
