"""Rules, steps and what they lack, in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_skeleton
from babel.numbers import get_decimal_symbol

from shopwatch.domain.clock import Instant
from shopwatch.domain.legible import legible
from shopwatch.domain.letter import THANKS, Letter
from shopwatch.domain.money import Money, exponent
from shopwatch.domain.rule import Action, ItemContains, Rule, Step, Trigger
from shopwatch.domain.rule_words import Names, Span, sentence
from shopwatch.domain.source import Source
from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.words import say, say_n
from shopwatch.ledger.rule_history import RuleHistory
from shopwatch.providers import provider
from shopwatch.ui.amounts import money_text
from shopwatch.ui.times import clock, local, wall_clock

_LONGEST_NAME = 60

KINDS = {kind.serves: kind for kind in TargetKind if kind is not TargetKind.PAGE}
"""What kind of target the steps that need one send to."""

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

_ICONS = {
    Action.RING: "bell",
    Action.EMAIL: "envelope-simple",
    Action.CHAT: "hash",
    Action.FORWARD: "share",
    Action.POPULAR: "chart-bar",
    Action.DATABASE: "database",
    Action.QUIET: "bell-slash",
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
    """What stands in the way of a rule, and the kind of target that would mend it."""

    sentence: str
    kind: TargetKind


def icon_of(action: Action) -> str:
    return _ICONS[action]


def title_of(action: Action) -> str:
    """What a step does, in two or three words."""
    return {
        Action.RING: lambda: say("Show a pop-up"),
        Action.EMAIL: lambda: say("E-mail the customer"),
        Action.CHAT: lambda: say("Post to a chat"),
        Action.FORWARD: lambda: say("Pass it on"),
        Action.POPULAR: lambda: say("Refresh the popular items"),
        Action.DATABASE: lambda: say("Write it into a database"),
        Action.QUIET: lambda: say("Stay quiet"),
    }[action]()


def step_text(step: Step, targets: Sequence[Target], letters: Sequence[Letter]) -> StepText:
    service = service_of(step, targets)
    title = say("Post to {service}", service=service) if service else title_of(step.action)
    return StepText(icon_of(step.action), title, _detail(step, targets, letters))


def _detail(step: Step, targets: Sequence[Target], letters: Sequence[Letter]) -> str:
    match step.action:
        case Action.RING:
            if step.settings.get("stays") == "yes":
                return say("that stays")
            return say("with the bell") if step.settings.get("bell") == "yes" else ""
        case Action.EMAIL:
            return say("“{letter}”", letter=letter_name(step.settings.get("template", THANKS.id), letters))
        case Action.CHAT | Action.FORWARD | Action.DATABASE:
            return target_name(step, targets) or say("not connected")
        case _:
            return ""


def letter_name(letter_id: str, letters: Iterable[Letter]) -> str:
    """What the owner calls this letter."""
    found = next((each.name for each in (*letters, THANKS) if each.id == letter_id), "")
    return legible(found, _LONGEST_NAME) or say("removed letter")


def target_name(step: Step, targets: Iterable[Target]) -> str:
    """Whom a step goes to, as the owner calls it; empty if that is nobody."""
    found = next((each.name for each in targets if each.id == step.settings.get("to")), "")
    return legible(found, _LONGEST_NAME)


def service_of(step: Step, targets: Iterable[Target]) -> str:
    """Which service the chat of this step is at ("Slack"); empty where that is not known."""
    found = next((each.options.get("service", "") for each in targets if each.id == step.settings.get("to")), "")
    return legible(found, _LONGEST_NAME)


def names_of(sources: Sequence[Source], targets: Sequence[Target], locale: str) -> Names:
    """How things are called in the sentences of rules."""
    called = {source.id: source.name for source in sources}

    def provider_name(provider_id: str) -> str:
        known = provider(provider_id)
        return known.name if known else legible(provider_id, _LONGEST_NAME)

    def target_called(step: Step) -> str:
        name, service = target_name(step, targets), service_of(step, targets)
        return say("{name} on {service}", name=name, service=service) if service else name

    return Names(
        source=lambda source_id: legible(called.get(source_id, ""), _LONGEST_NAME) or say("a removed sender"),
        provider=provider_name,
        target=target_called,
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
        replace(step, settings={**step.settings, "to": target.id})
        if KINDS.get(step.action) is target.kind and not target_name(step, (*targets, target))
        else step
        for step in rule.steps
    )
    return replace(rule, steps=steps)


def lack_of(rule: Rule, targets: Sequence[Target]) -> Lack | None:
    """The first target that a step of this rule sends to and that is not there."""
    for step in rule.steps:
        if step.action is Action.EMAIL and not any(each.kind is TargetKind.MAIL for each in targets):
            return Lack(say("No mail account is connected."), TargetKind.MAIL)
        if step.action in (Action.CHAT, Action.FORWARD, Action.DATABASE) and not target_name(step, targets):
            return Lack(_lacking(step.action), KINDS[step.action])
    return None


def _lacking(action: Action) -> str:
    match action:
        case Action.CHAT:
            return say("The chat is not connected.")
        case Action.FORWARD:
            return say("The place to pass it on to is not connected.")
        case _:
            return say("The database is not connected.")


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
