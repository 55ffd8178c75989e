"""Rules: when something happens, and all conditions hold, then these steps are owed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from shopwatch.domain.facts import SaleRow
from shopwatch.domain.instant import within
from shopwatch.domain.messages.happening import Happening
from shopwatch.domain.sales.money import Money


class Trigger(StrEnum):
    """What a rule waits for."""

    SALE_PAID = "sale-paid"
    SALE_REFUNDED = "sale-refunded"
    SALE_DISPUTED = "sale-disputed"
    FIRST_ORDER = "first-order"
    """The first paid sale of a customer, beside `SALE_PAID`."""
    CONTACT = "contact"
    MESSAGE = "message"
    FILES = "files"
    CHECK_IN = "check-in"
    NOTICE = "notice"
    SILENT = "silent"
    """A source that is usually busy has said nothing for unusually long."""
    ANYTHING = "anything"
    """Whatever no earlier rule was about."""


RING = "ring"
"""A pop-up, with or without the bell."""
EMAIL = "email"
"""A letter to the customer."""
QUIET = "quiet"
"""It ends the rules for this happening."""
# These three actions rules treat in a way of their own. Of all others they know nothing but the id.

ONCE = frozenset({RING, EMAIL})
"""However many rules ask for it: one pop-up and one confirmation."""


class RuleInput(Struct, frozen=True):
    """One thing that happened, as rules look at it. `event` is the ledger's number of what told it.

    `at` is when it arrived, in the shop's own time; `customer_known` says whether this customer bought before,
    None where nobody can say.
    """

    trigger: Trigger
    event: int
    source_id: str
    provider: str
    at: datetime
    practice: bool = False
    sale: SaleRow | None = None
    happening: Happening | None = None
    customer_known: bool | None = None


@dataclass(frozen=True, slots=True)
class FromSource:
    source_id: str

    def holds(self, rule_input: RuleInput) -> bool:
        return rule_input.source_id == self.source_id


@dataclass(frozen=True, slots=True)
class FromProvider:
    provider: str

    def holds(self, rule_input: RuleInput) -> bool:
        return rule_input.provider == self.provider


@dataclass(frozen=True, slots=True)
class AmountIs:
    """The sale's amount is more than `over`, or less than `under`, in that currency; sales in others do not fit."""

    over: Money | None = None
    under: Money | None = None

    def holds(self, rule_input: RuleInput) -> bool:
        amount = rule_input.sale.sale.amount if rule_input.sale else None
        if amount is None:
            return False
        return all(
            (
                self.over is None or (amount.currency == self.over.currency and amount.minor > self.over.minor),
                self.under is None or (amount.currency == self.under.currency and amount.minor < self.under.minor),
            )
        )


@dataclass(frozen=True, slots=True)
class CurrencyIs:
    currency: str

    def holds(self, rule_input: RuleInput) -> bool:
        amount = rule_input.sale.sale.amount if rule_input.sale else None
        return amount is not None and amount.currency == self.currency


@dataclass(frozen=True, slots=True)
class ItemContains:
    """The name of any item contains this text, whatever its case. Plain text, no pattern."""

    text: str

    def holds(self, rule_input: RuleInput) -> bool:
        wanted = self.text.casefold()
        bought = rule_input.sale.sale.items if rule_input.sale else ()
        return bool(wanted) and any(wanted in item.name.casefold() for item in bought)


@dataclass(frozen=True, slots=True)
class CustomerIs:
    known: bool

    def holds(self, rule_input: RuleInput) -> bool:
        return rule_input.customer_known is self.known


@dataclass(frozen=True, slots=True)
class HoursAre:
    """From `start` until just before `end`, in minutes since midnight; over midnight where `end` is not later."""

    start: int
    end: int

    def holds(self, rule_input: RuleInput) -> bool:
        return within(rule_input.at.hour * 60 + rule_input.at.minute, self.start, self.end)


@dataclass(frozen=True, slots=True)
class DaysAre:
    """Days of the week, Monday 0 to Sunday 6."""

    days: frozenset[int]

    def holds(self, rule_input: RuleInput) -> bool:
        return rule_input.at.weekday() in self.days


@dataclass(frozen=True, slots=True)
class PracticeIs:
    practice: bool

    def holds(self, rule_input: RuleInput) -> bool:
        return rule_input.practice is self.practice


type Condition = (
    FromSource | FromProvider | AmountIs | CurrencyIs | ItemContains | CustomerIs | HoursAre | DaysAre | PracticeIs
)


@dataclass(frozen=True, slots=True)
class RuleStep:
    """One action, by its id, with its own settings: plain texts, never secrets."""

    action: str
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` is the ledger's, 0 before it is kept. All conditions must hold; steps are owed in their order."""

    name: str
    when: Trigger
    conditions: tuple[Condition, ...] = ()
    steps: tuple[RuleStep, ...] = ()
    on: bool = True
    id: int = 0

    def fits(self, rule_input: RuleInput) -> bool:
        """Whether this rule, switched on or not, is about `rule_input`."""
        return self.is_about(rule_input) and all(condition.holds(rule_input) for condition in self.conditions)

    def is_about(self, rule_input: RuleInput) -> bool:
        """Whether it waits for what happened, its conditions aside."""
        if self.when is Trigger.FIRST_ORDER:
            return rule_input.trigger is Trigger.SALE_PAID and rule_input.customer_known is False
        return self.when in (rule_input.trigger, Trigger.ANYTHING)


class Owed(Struct, frozen=True):
    """A step of a rule that is to be done; `step` is its place in the rule."""

    rule: int
    step: int
    action: str
    settings: Mapping[str, str]


def owed(rules: Iterable[Rule], rule_input: RuleInput) -> tuple[Owed, ...]:
    """What the rules ask for `rule_input`, in their order; each thing that the shop or a customer would notice only
    once, and rings as loud as any of the rules asks for.

    A rule about anything counts only where no rule before it did. A practice sale rings, and does nothing else unless a
    rule asks for practice by name.
    """
    found: list[Owed] = []
    noticed: dict[tuple[str, tuple[tuple[str, str], ...]], int] = {}
    applied = False
    for rule in rules:
        if not rule.on or (applied and rule.when is Trigger.ANYTHING) or not rule.fits(rule_input):
            continue
        applied = True
        rehearsed = not rule_input.practice or PracticeIs(practice=True) in rule.conditions
        for place, step in enumerate(rule.steps):
            if step.action == QUIET:
                return tuple(found)
            key = (step.action, () if step.action in ONCE else tuple(sorted(step.settings.items())))
            if not (rehearsed or step.action == RING):
                continue
            if key not in noticed:
                noticed[key] = len(found)
                found.append(Owed(rule.id, place, step.action, step.settings))
            elif step.action == RING:
                earlier = found[noticed[key]]
                found[noticed[key]] = replace(earlier, settings=_louder(earlier.settings, step.settings))
    return tuple(found)


def _louder(one: Mapping[str, str], other: Mapping[str, str]) -> Mapping[str, str]:
    return {**one, **{name: value for name, value in other.items() if one.get(name, "no") in ("", "no")}}


@dataclass(frozen=True, slots=True)
class Trial:
    """What one rule would have owed for something that happened."""

    rule_input: RuleInput
    owed: tuple[Owed, ...]


FIRST_RULES = (
    Rule("Ring each sale", Trigger.SALE_PAID, steps=(RuleStep(RING, {"bell": "yes"}),)),
    Rule("Quiet for the rest", Trigger.ANYTHING, steps=(RuleStep(QUIET),)),
)
"""What a new shop starts with."""
