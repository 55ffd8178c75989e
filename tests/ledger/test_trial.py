"""Trying a rule on what has happened: it tells what would have been owed, and owes nothing."""

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.rules.rule import AmountIs, Rule, RuleStep, Trigger
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeState
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from tests.ledger.arrivals import NOON, back, disputed, paid, told

POST = RuleStep("chat", {"to": "team"})


async def happened(ledger: Ledger, source: Source) -> None:
    """A sale told twice, given back and disputed; a second one of the same customer; and a contact."""
    contact = Accepted(Event("c1", "contact", Kind.CONTACT, NOON, happening=Contact("7", "Ada")))
    arrivals = [
        told(source.id, "e1", paid("1", 20_000)),
        told(source.id, "e2", paid("pi_1", 20_000), links=("1",)),
        told(source.id, "e3", back("1")),
        told(source.id, "e4", disputed("1")),
        told(source.id, "e5", disputed("1", DisputeState.WON)),
        (told(source.id, "c1", None)[0], contact),
        told(source.id, "e6", paid("2", 500)),
    ]
    for arrival in arrivals:
        await ledger.record(*arrival)


async def test_it_tells_of_each_thing_that_happened_once_and_the_newest_first(ledger: Ledger, source: Source) -> None:
    await happened(ledger, source)

    trials = await ledger.outbox.try_rule(Rule("any", Trigger.ANYTHING, steps=(POST,)))

    assert [trial.rule_input.trigger for trial in trials] == [
        Trigger.SALE_PAID,
        Trigger.CONTACT,
        Trigger.SALE_DISPUTED,
        Trigger.SALE_REFUNDED,
        Trigger.SALE_PAID,
    ]
    newest, contact, *_, oldest = trials
    assert (newest.rule_input.customer_known, oldest.rule_input.customer_known) == (True, False)
    assert contact.rule_input.happening == Contact("7", "Ada")


async def test_it_stands_among_the_other_rules_and_only_its_own_steps_count(ledger: Ledger, source: Source) -> None:
    await happened(ledger, source)
    large = Rule("large", Trigger.SALE_PAID, (AmountIs(over=Money(10_000, "USD")),), (POST,), on=False)
    ring = Rule("ring too", Trigger.SALE_PAID, steps=(RuleStep("ring"),))
    rest = Rule("rest", Trigger.ANYTHING, steps=(POST,))

    async def owing(rule: Rule) -> list[int]:
        trials = await ledger.outbox.try_rule(rule)
        return [place for place, trial in enumerate(trials) if trial.owed]

    assert await owing(large) == [4]
    assert await owing(ring) == []  # each sale rings already
    assert await owing(rest) == [1, 2, 3]
    kept = await ledger.outbox.put_rule(rest)
    await ledger.outbox.arrange_rules([rule.id for rule in await ledger.outbox.rules() if rule.id != kept.id])
    assert await owing(kept) == []  # now behind the one that is quiet for the rest


async def test_a_kept_rule_is_tried_in_its_place_and_nothing_is_owed(ledger: Ledger, source: Source) -> None:
    await happened(ledger, source)
    before = await ledger.outbox.jobs()
    ring, _ = await ledger.outbox.rules()

    trials = await ledger.outbox.try_rule(Rule("post instead", Trigger.SALE_PAID, steps=(POST,), id=ring.id), last=1)

    assert [[each.action for each in trial.owed] for trial in trials] == [["chat"]]
    assert await ledger.outbox.jobs() == before
