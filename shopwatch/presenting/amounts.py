"""Money as text, quickly: tables ask for the same amounts again and again."""

from functools import lru_cache

from babel.numbers import format_decimal, get_currency_symbol

from shopwatch.domain.legible import legible
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Sale

NOTHING = "\N{EN DASH}"


@lru_cache(8192)
def money_text(money: Money, locale: str) -> str:
    """As the owner's locale writes it."""
    return money.text(locale)


def amount_text(sale: Sale, locale: str) -> str:
    """What the sale is worth now: less what was given back in part; as sent where it cannot be counted."""
    if sale.amount is None:
        return legible(sale.amount_text, 24) if sale.amount_text else NOTHING
    return money_text(sale.kept or sale.amount, locale)


@lru_cache(256)
def symbol(currency: str, locale: str) -> str:
    return get_currency_symbol(currency, locale=locale)


@lru_cache(1024)
def count_text(count: int, locale: str) -> str:
    """A count with the locale's thousands marks."""
    return format_decimal(count, locale=locale)
