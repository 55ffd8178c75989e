"""What the Rules page says."""

from dataclasses import replace
from datetime import date

import pytest

from shopwatch.domain.rules.rule import HoursAre, Rule, RuleStep, Trigger
from shopwatch.domain.rules.rule_text import plain
from shopwatch.domain.sales.money import Money
from shopwatch.ledger.outbox.rule_history import RuleHistory
from shopwatch.presenting.rules.hints import hint_of
from shopwatch.presenting.rules.rule_text import aimed, history_text, lack_of, names_of, round_text, spans_of
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import PAYNOW
from tests.ui.rules.samples import CONTACTS, EACH, LARGE, LETTER, MAIL, POST, RING, SLACK

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("money", "locale", "text"),
    [
        (Money(10_000, "USD"), "en_US", "$100"),
        (Money(123_400, "EUR"), "de_DE", "1.234\N{NO-BREAK SPACE}€"),
        (Money(9_950, "USD"), "en_US", "$99.50"),
        (Money(500, "JPY"), "en_US", "¥500"),
        (Money(1_000_000, "KWD"), "en_US", "KWD\N{NO-BREAK SPACE}1,000"),
    ],
)
def test_round_amounts_have_no_decimals(money: Money, locale: str, text: str) -> None:
    assert round_text(money, locale) == text


@pytest.mark.parametrize(("locale", "between"), [("en_US", "8:00 AM and 6:30 PM"), ("de_DE", "08:00 and 18:30")])
def test_hours_are_told_as_elsewhere_in_the_window(locale: str, between: str) -> None:
    rule = Rule("Daytime", Trigger.SALE_PAID, (HoursAre(8 * 60, 18 * 60 + 30),), (RING,))
    assert f"it is between {between}," in plain(rule, names_of([PAYNOW], [], locale))


def test_a_rule_without_steps_has_no_end_yet() -> None:
    names = names_of([PAYNOW], [], "en_US")
    spans = spans_of(Rule("", Trigger.SALE_PAID), names)
    assert "".join(span.text for span in spans) == "When any sale is paid…"


def test_how_a_rule_went() -> None:
    def told(rule: Rule, history: RuleHistory | None) -> str:
        return history_text(rule, history, "en_US", TODAY)

    assert told(EACH, None) == "Not saved yet"
    assert told(EACH, RuleHistory(0)) == "Has not run today"
    assert told(EACH, RuleHistory(0, 9_010, NOON)).startswith("Ran 9,010 times today, last at ")
    assert told(replace(EACH, on=False), RuleHistory(NOON - 6 * 86_400_000)) == "Off since November 18"
    assert told(replace(EACH, on=False), RuleHistory(NOON - 400 * 86_400_000)).endswith(" 2025")


def test_a_missing_target_is_found_and_can_be_put_in_its_place() -> None:
    assert lack_of(LARGE, [SLACK, MAIL]) is None
    without_mail = lack_of(LARGE, [SLACK])
    assert without_mail is not None
    assert without_mail.sentence == "No mail account is connected."
    assert lack_of(CONTACTS, [SLACK, MAIL]) is not None
    assert lack_of(aimed(CONTACTS, SLACK, []), [SLACK]) is None
    both = replace(LARGE, steps=(POST, RuleStep("chat", {"to": "gone", "text": "hi"})))
    assert aimed(both, SLACK, [SLACK]).steps == (POST, RuleStep("chat", {"to": "slack", "text": "hi"}))


def test_two_rules_that_mail_the_same_customers_say_so() -> None:
    mails = replace(EACH, steps=(RING, LETTER))
    assert hint_of(LARGE, [LARGE, mails], RuleHistory(0, 9_010)) == (
        "In the last 30 days this rule ran 9,010 times. Another rule also e-mails these customers; each sale still "
        "gets only one confirmation."
    )
    assert hint_of(LARGE, [LARGE, replace(mails, on=False)], RuleHistory(0)) == (
        "In the last 30 days this rule did not run."
    )
    assert hint_of(replace(EACH, id=0), [mails], None) == ""
