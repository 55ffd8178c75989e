"""Rules, steps and what they lack, in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_skeleton
from babel.numbers import get_decimal_symbol

from shopwatch.actions.action import Action, Aim
from shopwatch.actions.registry import action_of, kind_of
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.instant import Instant
from shopwatch.domain.legible import legible
from shopwatch.domain.rules.form import FieldKind
from shopwatch.domain.rules.job import TO
from shopwatch.domain.rules.letter import THANKS, Letter
from shopwatch.domain.rules.rule import ItemContains, Rule, RuleStep, Trigger
from shopwatch.domain.rules.rule_text import Names, Span, plain_value, sentence
from shopwatch.domain.rules.target import Target
from shopwatch.domain.sales.money import Money, exponent
from shopwatch.domain.source import Source
from shopwatch.ledger.outbox.rule_history import RuleHistory
from shopwatch.presenting.amounts import money_text
from shopwatch.presenting.times import clock, local, wall_clock
from shopwatch.providers import provider

_LONGEST_NAME = 60

TRIGGERS: dict[Trigger, Callable[[], str]] = {
    Trigger.SALE_PAID: lambda: say("A sale is paid"),
    Trigger.SALE_REFUNDED: lambda: say("Money is given back"),
    Trigger.SALE_DISPUTED: lambda: say("A sale is disputed"),
    Trigger.FIRST_ORDER: lambda: say("A customer buys for the first time"),
    Trigger.CONTACT: lambda: say("A new contact arrives"),
    Trigger.MESSAGE: lambda: say("A text arrives"),
    Trigger.FILES: lambda: say("Files change"),
    Trigger.CHECK_IN: lambda: say("Somebody arrives"),
    Trigger.NOTICE: lambda: say("A notice arrives"),
    Trigger.SILENT: lambda: say("A sender falls silent"),
    Trigger.ANYTHING: lambda: say("Anything else arrives"),
}


@dataclass(frozen=True, slots=True)
class StepText:
    """A step as a card shows it."""

    icon: str
    title: str
    detail: str = ""

    @property
    def spoken(self) -> str:
        return f"{self.title} {self.detail}".strip()


@dataclass(frozen=True, slots=True)
class Lack:
    """What stands in the way of a rule, and the kind of target that would mend it. `waits`: the jobs of the rule
    wait for it, so that the rule can be on.
    """

    sentence: str
    kind: str
    waits: bool = False


def step_text(step: RuleStep, targets: Sequence[Target], letters: Sequence[Letter]) -> StepText:
    action, service = action_of(step.action), service_of(step, targets)
    at = action.words.title_at
    title = at(service) if at is not None and service else action.words.title()
    return StepText(action.icon, title, _detail(step, action, targets, letters))


def _detail(step: RuleStep, action: Action, targets: Sequence[Target], letters: Sequence[Letter]) -> str:
    if action.names_target:
        return target_name(step, targets) or say("not connected")
    chosen = next((field for field in action.fields if field.kind is FieldKind.LETTER), None)
    if chosen is not None:
        return say("“{letter}”", letter=letter_name(step.settings.get(chosen.key, chosen.usual), letters))
    return action.words.detail(step)


def letter_name(letter_id: str, letters: Iterable[Letter]) -> str:
    """What the owner calls this letter."""
    found = next((each.name for each in (*letters, THANKS) if each.id == letter_id), "")
    return legible(found, _LONGEST_NAME) or say("removed letter")


def target_name(step: RuleStep, targets: Iterable[Target]) -> str:
    """Whom a step goes to, as the owner calls it; empty if that is nobody."""
    found = next((each.name for each in targets if each.id == step.settings.get(TO)), "")
    return legible(found, _LONGEST_NAME)


def service_of(step: RuleStep, targets: Iterable[Target]) -> str:
    """Which service the chat of this step is at ("Slack"); empty where that is not known."""
    found = next((each.options.get("service", "") for each in targets if each.id == step.settings.get(TO)), "")
    return legible(found, _LONGEST_NAME)


def names_of(sources: Sequence[Source], targets: Sequence[Target], locale: str) -> Names:
    """How things are called in the sentences of rules."""
    called = {source.id: source.name for source in sources}

    def provider_name(provider_id: str) -> str:
        known = provider(provider_id)
        return known.name if known else legible(provider_id, _LONGEST_NAME)

    def step_told(step: RuleStep) -> str:
        name, service = target_name(step, targets), service_of(step, targets)
        to = say("{name} on {service}", name=name, service=service) if service else name
        return action_of(step.action).words.step(step, plain_value(to))

    return Names(
        source=lambda source_id: legible(called.get(source_id, ""), _LONGEST_NAME) or say("a removed sender"),
        provider=provider_name,
        step=step_told,
        money=lambda money: round_text(money, locale),
        clock=lambda minute: wall_clock(minute, locale),
    )


def round_text(money: Money, locale: str) -> str:
    """An amount as sentences have it: "$100", but "$99.50"."""
    text, decimals = money_text(money, locale), exponent(money.currency)
    ending = get_decimal_symbol(locale) + "0" * decimals
    return text.replace(ending, "") if decimals and not money.minor % 10**decimals else text


def spans_of(rule: Rule, names: Names) -> tuple[Span, ...]:
    """The rule's sentence, fit to be shown. A rule without steps, as it may be while it is written, has no end yet."""
    conditions = tuple(
        ItemContains(legible(each.text, _LONGEST_NAME)) if isinstance(each, ItemContains) else each
        for each in rule.conditions
    )
    spans = sentence(replace(rule, conditions=conditions), names)
    if rule.steps:
        return spans
    return (*spans[:-1], Span(spans[-1].text.rstrip(" .,") + "…", spans[-1].strong))


def aimed(rule: Rule, target: Target, targets: Sequence[Target]) -> Rule:
    """The same rule, its steps that go nowhere sent to `target` as far as they are of its kind."""
    steps = tuple(
        replace(step, settings={**step.settings, TO: target.id})
        if _goes_to(step, target) and not target_name(step, (*targets, target))
        else step
        for step in rule.steps
    )
    return replace(rule, steps=steps)


def _goes_to(step: RuleStep, target: Target) -> bool:
    action = action_of(step.action)
    return action.names_target and action.target is not None and action.target.id == target.kind


def lack_of(rule: Rule, targets: Sequence[Target]) -> Lack | None:
    """The first target that a step of this rule sends to and that is not there."""
    for step in rule.steps:
        kind = action_of(step.action).target
        if kind is None:
            continue
        is_there = {
            Aim.NAMED: bool(target_name(step, targets)),
            Aim.ONLY: any(each.kind == kind.id for each in targets),
            Aim.ALL: True,
        }
        if not is_there[kind.aim]:
            return Lack(kind.missing(), kind.id, waits=kind.aim is Aim.ONLY)
    return None


def obstacle_to(rule: Rule, targets: Sequence[Target]) -> str:
    """Why this rule cannot be on; empty if it can."""
    lack = lack_of(rule, targets)
    if lack is None or lack.waits or not rule.on:
        return ""
    return say("{what} Connect it first, or switch the rule off.", what=lack.sentence)


def is_chosen(target: Target) -> bool:
    """Whether steps name such a target, rather than all going to it."""
    kind = kind_of(target.kind)
    return kind is not None and kind.aim is Aim.NAMED


def history_text(rule: Rule, history: RuleHistory | None, locale: str, today: date) -> str:
    """ "Ran 3 times today, last at 13:31"; "Off since 18 November"."""
    if history is None:
        return say("Not saved yet")
    if not rule.on:
        return say("Off since {time}", time=_day_or_time(history.changed_at, locale, today))
    if not history.times:
        return say("Has not run today")
    time = clock(history.last_at, locale)
    if history.times == 1:
        return say("Ran once today, at {time}", time=time)
    return say_n("Ran {n} time today, last at {time}", "Ran {n} times today, last at {time}", history.times, time=time)


def _day_or_time(instant: Instant, locale: str, today: date) -> str:
    when = local(instant)
    if when.date() == today:
        return clock(instant, locale)
    return format_skeleton("MMMMd" if when.year == today.year else "yMMMMd", when, locale=locale)


def spoken_rule(text: str, place: int, count: int, *, on: bool, about: str, lack: Lack | None) -> str:
    """What a screen reader says: "Rule 1 of 4, on. When a sale is paid …"."""
    state = say("on") if on else say("off")
    begin = say("Rule {place} of {count}, {state}.", place=place, count=count, state=state)
    return " ".join(part for part in (begin, text, f"{about}.", lack.sentence if lack else "") if part)
