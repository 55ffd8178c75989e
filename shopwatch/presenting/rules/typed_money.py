"""Amounts as an owner types them."""

import re
from collections.abc import Sequence

from babel.numbers import NumberFormatError, get_currency_symbol, parse_decimal

from shopwatch.domain.sales.money import Money, currency_code, from_decimal

_CODE = re.compile(r"[A-Za-z]{3}")
_NUMBER = re.compile(r"[\d.,'\s\u00a0\u202f\u2019]+")
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")


def typed_money(text: str, locale: str, currencies: Sequence[str]) -> Money | None:
    """What "100", "$100.00" or "100 EUR" means; None if nobody can be sure. Without a word for the currency it is the
    first of `currencies`, the shop's own; a sign that several share is that of the first that has it."""
    numbers = _NUMBER.findall(text)
    written = "".join(numbers).strip()
    named = text
    for number in numbers:
        named = named.replace(number, " ")
    currency = _currency(named.strip(), locale, currencies)
    if not written or currency is None or len([each for each in numbers if each.strip()]) != 1:
        return None
    try:
        amount = parse_decimal(_BETWEEN_THOUSANDS.sub("", written), locale=locale, strict=True)
    except NumberFormatError:
        return None
    return from_decimal(format(amount, "f"), currency)


def _currency(named: str, locale: str, currencies: Sequence[str]) -> str | None:
    if not named:
        return currencies[0]
    if _CODE.fullmatch(named) and (code := currency_code(named)):
        return code
    return next((each for each in currencies if get_currency_symbol(each, locale=locale) == named), None)
