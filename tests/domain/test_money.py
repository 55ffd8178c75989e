"""Money is exact or it is not counted."""

from decimal import Decimal
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.sales.money import LARGEST, Money, currency_code, exponent, from_decimal, from_minor

CURRENCIES = ("USD", "EUR", "JPY", "KWD", "CLF", "ISK")


@pytest.mark.parametrize(
    ("code", "decimals"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("TND", 3), ("CLF", 4)]
)
def test_currencies_have_their_own_number_of_decimals(code: str, decimals: int) -> None:
    assert exponent(code) == decimals


def test_every_currency_of_iso_4217_is_counted_by_its_own_decimals() -> None:
    """And no other but those that went lately, in which old sales are told. Funds and metals buy nothing."""
    listed: dict[str, dict[str, str]] = {"": {}, "fund": {}}
    for line in (Path(__file__).with_name("iso4217.txt")).read_text().splitlines():
        if not line.startswith("#"):
            head, _, codes = line.rpartition(":")
            decimals, _, fund = head.partition(" ")
            listed[fund] |= dict.fromkeys(codes.split(), decimals)
    money = {code: int(decimals) for code, decimals in listed[""].items() if decimals != "N.A."}
    assert len(money) > 150

    assert {code: exponent(code) for code in money if currency_code(code) == code} == money
    every = {code for letters in product(ascii_uppercase, repeat=3) if currency_code(code := "".join(letters))}
    assert every - money.keys() == {"ANG", "BGN", "CUC", "HRK", "ZWL", "CLF", "UYI"}
    assert {code: exponent(code) for code in ("CLF", "UYI")} == {"CLF": 4, "UYI": 0}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("USD", "USD"),
        ("usd", "USD"),
        ("Kwd", "KWD"),
        ("QQQ", None),
        ("US", None),
        ("USDC", None),
        ("\u0131sk", None),
        ("U$D", None),
        ("", None),
        (None, None),
        (840, None),
    ],
)
def test_only_known_codes_are_currencies(value: object, code: str | None) -> None:
    assert currency_code(value) == code


@given(st.integers(-LARGEST, LARGEST), st.sampled_from(CURRENCIES))
def test_whole_and_decimal_spellings_agree(minor: int, currency: str) -> None:
    money = from_minor(minor, currency)

    assert money == Money(minor, currency)
    assert money == from_minor(str(minor), currency.lower())
    assert money is not None
    assert money.decimal * 10 ** exponent(currency) == minor
    assert from_decimal(f"{money.decimal:f}", currency) == money


@pytest.mark.parametrize(
    "value", [LARGEST + 1, -LARGEST - 1, 2**63, 10**30, True, None, 1.5, "1.5", "1e3", "", "\uff11"]
)
def test_what_is_not_surely_a_whole_amount_is_none(value: Any) -> None:
    assert from_minor(value, "USD") is None


@pytest.mark.parametrize(
    "value", ["1.005", "1e2", "NaN", "Infinity", "1,00", "", ".5", "5.", "+1", " 1", "9" * 19, 5, None, "\u0661"]
)
def test_what_is_not_surely_a_decimal_amount_is_none(value: Any) -> None:
    assert from_decimal(value, "USD") is None


def test_no_amount_is_rounded() -> None:
    assert from_decimal("0.10", "JPY") is None
    assert from_decimal("10.000", "JPY") == Money(10, "JPY")
    assert from_decimal("0.1", "USD") == Money(10, "USD")
    assert Money(LARGEST, "USD").decimal == Decimal("90071992547409.91")


@pytest.mark.parametrize(
    ("money", "locale", "text"),
    [
        (Money(100850, "USD"), "en_US", "$1,008.50"),
        (Money(-3400, "EUR"), "en_US", "\N{MINUS SIGN}\u20ac34.00"),
        (Money(1200, "JPY"), "en_US", "\u00a51,200"),
        (Money(100850, "EUR"), "de_DE", "1.008,50\u00a0\u20ac"),
        (Money(5120, "KWD"), "en_US", "KWD\u00a05.120"),
        (Money(12345, "AFN"), "en_US", "AFN\u00a0123.45"),
        (Money(12345, "IQD"), "de_DE", "12,345\u00a0IQD"),
        (Money(500, "JPY"), "ja_JP", "\uffe5500"),
        (Money(123456, "INR"), "hi_IN", "\u20b91,234.56"),
    ],
)
def test_amounts_are_written_as_the_owner_writes_them(money: Money, locale: str, text: str) -> None:
    assert money.text(locale) == text
