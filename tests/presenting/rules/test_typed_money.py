"""Amounts as owners type them."""

import pytest

from shopwatch.domain.sales.money import Money
from shopwatch.presenting.rules.typed_money import typed_money

OWN = ("USD", "EUR", "JPY")


@pytest.mark.parametrize(
    ("text", "locale", "meant"),
    [
        ("100", "en_US", Money(10_000, "USD")),
        ("$100.00", "en_US", Money(10_000, "USD")),
        ("1,250.50", "en_US", Money(125_050, "USD")),
        ("100 eur", "en_US", Money(10_000, "EUR")),
        ("€5", "en_US", Money(500, "EUR")),
        ("1.250,50 €", "de_DE", Money(125_050, "EUR")),
        ("¥500", "en_US", Money(500, "JPY")),
        ("250 CHF", "de_CH", Money(25_000, "CHF")),
        ("", "en_US", None),
        ("a lot", "en_US", None),
        ("100 XXX", "en_US", None),
        ("1 250,50 €", "fr_FR", Money(125_050, "EUR")),
        ("10 20", "en_US", None),
        ("1.005", "en_US", None),
        ("1,2,3", "en_US", None),
        ("¥1.50", "en_US", None),
        ("9" * 400, "en_US", None),
    ],
)
def test_what_an_amount_means(text: str, locale: str, meant: Money | None) -> None:
    assert typed_money(text, locale, OWN) == meant
