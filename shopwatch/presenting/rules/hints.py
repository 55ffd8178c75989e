"""What the owner should know of the rule that is being written."""

from collections.abc import Sequence

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.rules.rule import EMAIL, Rule, Trigger
from shopwatch.ledger.outbox.rule_history import RuleHistory

_PAID = frozenset({Trigger.SALE_PAID, Trigger.FIRST_ORDER})


def hint_of(rule: Rule, others: Sequence[Rule], history: RuleHistory | None) -> str:
    """How often it ran in the last 30 days, and whether another rule writes to the same customers."""
    parts = []
    if history is not None:
        times = history.times
        parts.append(
            say_n("In the last 30 days this rule ran {n} time.", "In the last 30 days this rule ran {n} times.", times)
            if times
            else say("In the last 30 days this rule did not run.")
        )
    if _writes(rule) and any(other.on and other.id != rule.id and _writes(other) for other in others):
        parts.append(say("Another rule also e-mails these customers; each sale still gets only one confirmation."))
    return " ".join(parts)


def _writes(rule: Rule) -> bool:
    return rule.when in _PAID and any(step.action == EMAIL for step in rule.steps)
