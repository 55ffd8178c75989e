"""Rules as plain data, the way the command line takes them and the ledger keeps them.

{"name", "on", "when": trigger, "if": [{"source"} | {"provider"} | {"over" | "under": decimal, "currency"} |
{"currency"} | {"item": text} | {"customer": "known" | "new"} | {"from": "HH:MM", "until": "HH:MM"} |
{"days": ["mon", …]} | {"practice": bool}], "then": [{"do": action, …settings}]}
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.rule import (
    AmountIs,
    Condition,
    CurrencyIs,
    CustomerIs,
    DaysAre,
    FromProvider,
    FromSource,
    HoursAre,
    ItemContains,
    PracticeIs,
    Rule,
    RuleStep,
    Trigger,
)
from shopwatch.domain.sales.money import Money, currency_code, from_decimal

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_CONDITIONS = 20
MOST_STEPS = 20
LONGEST_TEXT = 20_000
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


def rule_of(data: Any, rule_id: int = 0) -> Rule:
    """The rule that `data` describes. Raises UserError, which says what is wrong with it."""
    if not isinstance(data, dict):
        raise _unfit(say("A rule is an object with “when” and “then”."))
    _only(data, {"id", "name", "on", "when", "if", "then"})
    conditions, steps = data.get("if", []), data.get("then", [])
    if not isinstance(conditions, list) or len(conditions) > MOST_CONDITIONS:
        raise _unfit(say("“if” is a list of at most {n} conditions.", n=MOST_CONDITIONS))
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        raise _unfit(say("“then” is a list of 1 to {n} steps.", n=MOST_STEPS))
    on = data.get("on", True)
    if not isinstance(on, bool):
        raise _unfit(say("“on” is true or false."))
    return Rule(
        name=_text(data.get("name", ""), "name"),
        when=_trigger(data.get("when")),
        conditions=tuple(_condition(each) for each in conditions),
        steps=tuple(_step(each) for each in steps),
        on=on,
        id=rule_id,
    )


def data_of(rule: Rule) -> dict[str, Any]:
    """`rule` as plain data, which `rule_of` reads back."""
    return {
        "id": rule.id,
        "name": rule.name,
        "on": rule.on,
        "when": rule.when.value,
        "if": [_condition_data(each) for each in rule.conditions],
        "then": [{"do": step.action, **step.settings} for step in rule.steps],
    }


def _trigger(value: Any) -> Trigger:
    try:
        return Trigger(value)
    except ValueError:
        raise _unfit(say("“when” is one of {choices}.", choices=", ".join(Trigger))) from None


def _step(value: Any) -> RuleStep:
    if not isinstance(value, dict):
        raise _unfit(say("A step is an object with “do”."))
    return RuleStep(
        _some(value.get("do"), "do"), {name: _text(each, name) for name, each in value.items() if name != "do"}
    )


def _condition(value: Any) -> Condition:
    if isinstance(value, dict):
        for names, read in _READERS:
            if value.keys() and value.keys() <= names and (value.keys() - {"currency"} or names == {"currency"}):
                return read(value)
    raise _unfit(
        say(
            "A condition has “source”, “provider”, “over”, “under”, “currency”, “item”, “customer”, “from”, “days” or "
            "“practice”."
        )
    )


def _amount(value: dict[str, Any]) -> Condition:
    bounds: dict[str, Money] = {}
    for name in ("over", "under"):
        if name in value:
            money = from_decimal(str(value[name]), value.get("currency"))
            if money is None:
                raise _unfit(say("“{name}” is an amount such as “100.00”, with its currency.", name=name))
            bounds[name] = money
    return AmountIs(**bounds)


def _currency(value: dict[str, Any]) -> Condition:
    code = currency_code(value["currency"])
    if code is None:
        raise _unfit(say("“currency” is a code such as USD."))
    return CurrencyIs(code)


def _customer(value: dict[str, Any]) -> Condition:
    if value["customer"] not in ("known", "new"):
        raise _unfit(say("“customer” is “known” or “new”."))
    return CustomerIs(value["customer"] == "known")


def _hours(value: dict[str, Any]) -> Condition:
    return HoursAre(_minute(value.get("from")), _minute(value.get("until")))


def _minute(value: Any) -> int:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _unfit(say("“from” and “until” are times such as “18:30”."))
    return int(found[1]) * 60 + int(found[2])


def _days(value: dict[str, Any]) -> Condition:
    days = value["days"]
    if not isinstance(days, list) or not days or any(day not in DAYS for day in days):
        raise _unfit(say("“days” is a list of {choices}.", choices=", ".join(DAYS)))
    return DaysAre(frozenset(map(DAYS.index, days)))


def _practice(value: dict[str, Any]) -> Condition:
    if not isinstance(value["practice"], bool):
        raise _unfit(say("“practice” is true or false."))
    return PracticeIs(value["practice"])


_READERS: tuple[tuple[frozenset[str], Callable[[dict[str, Any]], Condition]], ...] = (
    (frozenset({"source"}), lambda value: FromSource(_text(value["source"], "source"))),
    (frozenset({"provider"}), lambda value: FromProvider(_text(value["provider"], "provider"))),
    (frozenset({"currency"}), _currency),
    (frozenset({"over", "under", "currency"}), _amount),
    (frozenset({"item"}), lambda value: ItemContains(_some(value["item"], "item"))),
    (frozenset({"customer"}), _customer),
    (frozenset({"from", "until"}), _hours),
    (frozenset({"days"}), _days),
    (frozenset({"practice"}), _practice),
)


def _condition_data(condition: Condition) -> dict[str, Any]:
    match condition:
        case FromSource(source_id):
            return {"source": source_id}
        case FromProvider(provider):
            return {"provider": provider}
        case AmountIs(over, under):
            bounds = {name: money for name, money in (("over", over), ("under", under)) if money}
            currency = next(iter(bounds.values())).currency
            return {name: str(money.decimal) for name, money in bounds.items()} | {"currency": currency}
        case CurrencyIs(currency):
            return {"currency": currency}
        case ItemContains(text):
            return {"item": text}
        case CustomerIs(known):
            return {"customer": "known" if known else "new"}
        case HoursAre(start, end):
            return {"from": clock_text(start), "until": clock_text(end)}
        case DaysAre(days):
            return {"days": [DAYS[day] for day in sorted(days)]}
        case PracticeIs(practice):
            return {"practice": practice}


def clock_text(minute: int) -> str:
    """A minute of the day, as it is written in files."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value:
        raise _unfit(say("“{name}” is a text.", name=name))
    return value


def _some(value: Any, name: str) -> str:
    found = _text(value, name).strip()
    if not found:
        raise _unfit(say("“{name}” is empty.", name=name))
    return found


def _only(data: Mapping[str, Any], known: set[str]) -> None:
    strange = [name for name in data if name not in known]
    if strange:
        raise _unfit(say("“{name}” is nothing that a rule has.", name=strange[0][:40]))


def _unfit(why: str) -> UserError:
    return UserError(say("This rule cannot be kept."), why, code="bad-rule")
