"""Rules: what they are about, what they owe, and how they are written down."""

from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.rules.rule import (
    FIRST_RULES,
    AmountIs,
    CurrencyIs,
    CustomerIs,
    DaysAre,
    FromProvider,
    FromSource,
    HoursAre,
    ItemContains,
    PracticeIs,
    Rule,
    RuleInput,
    RuleStep,
    Trigger,
    owed,
)
from shopwatch.domain.rules.rule_data import data_of, rule_of
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, Sale, SaleState

WEDNESDAY = datetime(2026, 11, 25, 22, 30)  # noqa: DTZ001 - the shop's own time
SALE = Sale(
    order_id="1001",
    number="#1001",
    state=SaleState.PAID,
    amount=Money(10_001, "USD"),
    amount_text="",
    given_back=None,
    name="Ada",
    email="ada@example.com",
    items=(Item("Red Roses", 2),),
    paid_at=0,
    practice=False,
    live=True,
)
PAID = RuleInput(
    Trigger.SALE_PAID,
    7,
    "paynow-1",
    "paynow",
    WEDNESDAY,
    sale=SaleRow(3, "paynow-1", "paynow", SALE, 0),
    customer_known=False,
)
CONTACT = RuleInput(Trigger.CONTACT, 8, "hubspot-2", "hubspot", WEDNESDAY)
RING = RuleStep("ring", {"bell": "yes"})
MAIL = RuleStep("email", {"template": "thanks"})
POST = RuleStep("chat", {"to": "sales"})


@pytest.mark.parametrize(
    ("condition", "holds", "holds_not"),
    [
        (FromSource("paynow-1"), PAID, CONTACT),
        (FromProvider("paynow"), PAID, CONTACT),
        (AmountIs(over=Money(10_000, "USD")), PAID, CONTACT),
        (AmountIs(under=Money(10_002, "USD")), PAID, CONTACT),
        (CurrencyIs("USD"), PAID, CONTACT),
        (ItemContains("roses"), PAID, CONTACT),
        (CustomerIs(known=False), PAID, CONTACT),
        (HoursAre(22 * 60, 6 * 60), PAID, replace(PAID, at=WEDNESDAY.replace(hour=21))),
        (HoursAre(22 * 60, 23 * 60), PAID, replace(PAID, at=WEDNESDAY.replace(hour=23, minute=0))),
        (DaysAre(frozenset({2})), PAID, replace(PAID, at=WEDNESDAY.replace(day=26))),
        (PracticeIs(practice=False), PAID, replace(PAID, practice=True)),
    ],
)
def test_conditions(condition: Any, holds: RuleInput, holds_not: RuleInput) -> None:
    assert condition.holds(holds)
    assert not condition.holds(holds_not)


@pytest.mark.parametrize(
    "condition",
    [AmountIs(over=Money(10_001, "USD")), AmountIs(over=Money(1, "EUR")), AmountIs(under=Money(10_001, "USD"))],
)
def test_amounts_compare_within_their_currency_and_not_at_the_bound(condition: AmountIs) -> None:
    assert not condition.holds(PAID)


def test_the_first_rules_ring_each_sale_and_are_quiet_for_the_rest() -> None:
    assert [each.action for each in owed(FIRST_RULES, PAID)] == ["ring"]
    assert owed(FIRST_RULES, CONTACT) == ()


def test_rules_owe_their_steps_in_order_and_one_confirmation_and_one_pop_up_at_most() -> None:
    rules = (
        Rule("a", Trigger.SALE_PAID, steps=(RING, MAIL, POST), id=1),
        Rule("b", Trigger.SALE_PAID, steps=(RuleStep("email", {"template": "other"}), RuleStep("ring"), POST), id=2),
        Rule("c", Trigger.SALE_PAID, steps=(RuleStep("chat", {"to": "boss"}),), id=3),
        Rule("off", Trigger.SALE_PAID, steps=(RuleStep("chat", {"to": "nobody"}),), on=False, id=4),
    )

    found = owed(rules, PAID)

    assert [(each.rule, each.step, each.action) for each in found] == [
        (1, 0, "ring"),
        (1, 1, "email"),
        (1, 2, "chat"),
        (3, 0, "chat"),
    ]


def test_quiet_ends_the_rules_and_anything_counts_only_where_nothing_else_did() -> None:
    quiet = Rule("quiet", Trigger.SALE_PAID, (AmountIs(under=Money(500, "USD")),), (RuleStep("quiet"),), id=1)
    ring = Rule("ring", Trigger.SALE_PAID, steps=(RING,), id=2)
    rest = Rule("rest", Trigger.ANYTHING, steps=(POST,), id=3)

    assert [each.rule for each in owed((quiet, ring, rest), PAID)] == [2]
    assert [each.rule for each in owed((quiet, ring, rest), CONTACT)] == [3]
    assert owed((Rule("all", Trigger.SALE_PAID, steps=(RuleStep("quiet"),)), ring), PAID) == ()


def test_a_first_order_is_a_paid_sale_of_a_customer_nobody_knew() -> None:
    rule = Rule("welcome", Trigger.FIRST_ORDER, steps=(MAIL,))

    assert rule.fits(PAID)
    assert not rule.fits(replace(PAID, customer_known=True))
    assert not rule.fits(replace(PAID, customer_known=None))


def test_practice_rings_and_does_nothing_else_unless_it_is_asked_for() -> None:
    everything = Rule("a", Trigger.SALE_PAID, steps=(RING, MAIL, POST), id=1)
    rehearsal = Rule("b", Trigger.SALE_PAID, (PracticeIs(practice=True),), (POST,), id=2)

    found = owed((everything, rehearsal), replace(PAID, practice=True))

    assert [(each.rule, each.action) for each in found] == [(1, "ring"), (2, "chat")]


def test_a_sale_rings_once_and_as_loud_as_any_rule_asks() -> None:
    plain = Rule("each", Trigger.SALE_PAID, steps=(RuleStep("ring", {"bell": "yes", "stays": "no"}),), id=1)
    large = Rule("large", Trigger.SALE_PAID, steps=(RuleStep("ring", {"stays": "yes", "sound": "special"}),), id=2)

    (ring,) = owed((plain, large), PAID)

    assert (ring.rule, ring.settings) == (1, {"bell": "yes", "stays": "yes", "sound": "special"})


ALL = {
    "id": 5,
    "name": "Large",
    "on": False,
    "when": "sale-paid",
    "if": [
        {"source": "paynow-1"},
        {"provider": "paynow"},
        {"over": "100.00", "currency": "USD"},
        {"over": "1", "under": "100", "currency": "JPY"},
        {"currency": "EUR"},
        {"item": "roses"},
        {"customer": "new"},
        {"from": "22:00", "until": "06:30"},
        {"days": ["mon", "sun"]},
        {"practice": False},
    ],
    "then": [{"do": "ring", "bell": "yes"}, {"do": "email", "template": "thanks"}],
}


def test_a_rule_is_read_back_as_it_was_written() -> None:
    rule = rule_of(ALL, 5)

    assert data_of(rule) == ALL
    assert rule_of(data_of(rule), 5) == rule
    assert rule.conditions[2] == AmountIs(over=Money(10_000, "USD"))
    assert rule.conditions[7] == HoursAre(1320, 390)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"when": "sale-paid"},
        {"when": "sale-paid", "then": []},
        {"when": "never", "then": [{"do": "ring"}]},
        {"when": "sale-paid", "then": [{"do": 5}]},
        {"when": "sale-paid", "then": [{"do": " "}]},
        {"when": "sale-paid", "then": [{"do": "ring", "bell": 1}]},
        {"when": "sale-paid", "then": [{"do": "ring"}], "if": [{}]},
        {"when": "sale-paid", "then": [{"do": "ring"}], "if": [{"over": "1e5", "currency": "USD"}]},
        {"when": "sale-paid", "then": [{"do": "ring"}], "if": [{"over": "5"}]},
        {"when": "sale-paid", "then": [{"do": "ring"}], "if": [{"item": "  "}]},
        {"when": "sale-paid", "then": [{"do": "ring"}], "if": [{"from": "24:00", "until": "06:00"}]},
        {"when": "sale-paid", "then": [{"do": "ring"}], "if": [{"days": ["someday"]}]},
        {"when": "sale-paid", "then": [{"do": "ring"}], "if": [{"source": "a", "item": "b"}]},
        {"when": "sale-paid", "then": [{"do": "ring"}], "whenever": 1},
        {"when": "sale-paid", "then": [{"do": "ring"}], "on": "yes"},
    ],
)
def test_what_is_no_rule_is_refused_in_words(data: Any) -> None:
    with pytest.raises(UserError) as failure:
        rule_of(data)

    assert failure.value.code == "bad-rule"
    assert failure.value.hint.endswith(".")
