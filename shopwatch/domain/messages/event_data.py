"""An event as plain data, for other programs: what it is, what it means, and nothing of how it came."""

from datetime import UTC, datetime
from typing import Any

from msgspec import to_builtins

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.happening import Happening, said
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Sale


def told_time(at: Instant) -> str:
    """ISO 8601 in UTC, with milliseconds: "2026-11-25T14:02:00.000Z"."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def money_data(money: Money | None) -> dict[str, Any] | None:
    """{"minor", "currency", "decimal"}; None where nobody can be sure of it."""
    if money is None:
        return None
    return {"minor": money.minor, "currency": money.currency, "decimal": str(money.decimal)}


def sale_data(sale: Sale) -> dict[str, Any]:
    """A sale as its events together tell it."""
    return {
        "order_id": sale.order_id,
        "number": sale.number,
        "state": sale.state.value,
        "amount": money_data(sale.amount),
        "amount_text": sale.amount_text,
        "given_back": money_data(sale.given_back),
        "name": sale.name,
        "email": sale.email,
        "items": [{"name": item.name, "qty": item.qty, "unit": money_data(item.unit)} for item in sale.items],
        "paid_at": told_time(sale.paid_at),
        "practice": sale.practice,
        "live": sale.live,
    }


def happening_data(happening: Happening) -> dict[str, Any]:
    """What an event tells that is no money, by the names of its parts."""
    told: dict[str, Any] = to_builtins(said(happening))
    return told
