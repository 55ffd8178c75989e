"""Rules as the owner reads them."""

import pytest

from shopwatch.actions.registry import ACTIONS, action_of
from shopwatch.domain.rules.rule import (
    FIRST_RULES,
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
from shopwatch.domain.rules.rule_data import clock_text
from shopwatch.domain.rules.rule_text import Names, Span, plain, plain_value, sentence
from shopwatch.domain.sales.money import Money

NAMES = Names(
    source=lambda source_id: {"paynow-1": "PayNow"}.get(source_id, source_id),
    provider=lambda provider: provider.title(),
    step=lambda step: action_of(step.action).words.step(step, plain_value(step.settings.get("to", ""))),
    money=lambda money: money.text("en_US"),
    clock=clock_text,
)
RING = RuleStep("ring", {"bell": "yes"})


def test_a_rule_reads_as_one_sentence() -> None:
    rule = Rule(
        "Large",
        Trigger.SALE_PAID,
        (FromSource("paynow-1"), AmountIs(over=Money(10_000, "USD"))),
        (RING, RuleStep("email"), RuleStep("chat", {"to": "#sales"})),
    )

    assert plain(rule, NAMES) == (
        "When a sale is paid at PayNow and is over $100.00, show a pop-up with the bell, e-mail the customer "
        "and post to #sales."
    )
    assert [span.text for span in sentence(rule, NAMES) if span.strong] == [
        "paid at PayNow",
        "over $100.00",
        "pop-up with the bell",
        "e-mail the customer",
        "post to #sales",
    ]


def test_the_first_rules() -> None:
    assert [plain(rule, NAMES) for rule in FIRST_RULES] == [
        "When any sale is paid, show a pop-up with the bell.",
        "When anything else arrives, stay quiet.",
    ]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (FromProvider("stripe"), "When a sale is paid at Stripe, "),
        (AmountIs(Money(100, "EUR"), Money(900, "EUR")), "and is over €1.00 and under €9.00,"),
        (AmountIs(under=Money(900, "EUR")), "and is under €9.00,"),
        (CurrencyIs("JPY"), "and is in JPY,"),
        (ItemContains("rose"), "and holds “rose”,"),
        (CustomerIs(known=True), "and the customer is known,"),
        (CustomerIs(known=False), "and the customer is new,"),
        (HoursAre(22 * 60, 6 * 60 + 30), "and it is between 22:00 and 06:30,"),
        (DaysAre(frozenset({0, 5, 6})), "and the day is Monday, Saturday and Sunday,"),
        (PracticeIs(practice=True), "and it is practice,"),
    ],
)
def test_every_condition_has_its_words(condition: Condition, words: str) -> None:
    assert words in plain(Rule("", Trigger.SALE_PAID, (condition,), (RING,)), NAMES)


@pytest.mark.parametrize("trigger", Trigger)
@pytest.mark.parametrize("conditions", [(), (FromSource("paynow-1"),)])
def test_every_trigger_and_action_has_its_words(trigger: Trigger, conditions: tuple[Condition, ...]) -> None:
    rule = Rule("", trigger, conditions, tuple(RuleStep(action.id) for action in ACTIONS))

    written = plain(rule, NAMES)

    assert written.startswith("When ")
    assert written.endswith("stay quiet.")
    assert ("PayNow" in written) is bool(conditions)
    assert "*" not in written
    assert "{" not in written


def test_asterisks_in_names_mark_nothing() -> None:
    rule = Rule("", Trigger.SALE_PAID, (ItemContains("5* *hotel*"),), (RING,))

    assert "holds “5* *hotel*”" in plain(rule, NAMES)
    assert Span("“5* *hotel*”", strong=True) in sentence(rule, NAMES)


@pytest.mark.parametrize("name", ["#the sales of th…", "\N{FIRST STRONG ISOLATE}אאא…\N{POP DIRECTIONAL ISOLATE}"])
def test_a_shortened_name_at_the_end_is_followed_by_no_full_stop(name: str) -> None:
    rule = Rule("", Trigger.SALE_PAID, (), (RuleStep("chat", {"to": name}),))

    assert plain(rule, NAMES) == f"When any sale is paid, post to {name}"
