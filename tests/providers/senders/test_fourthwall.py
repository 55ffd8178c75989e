"""What Fourthwall tells of orders, donations, gifts and members. The members are those of the OpenAPI description of
its Platform API."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, SaleClaim
from tests.providers.cases import BY_ID, judged
from tests.providers.senders.said import notice

FOURTHWALL = BY_ID["fourthwall"]


def fourthwall(event: str, data: dict[str, Any], *, test: Any = False) -> Event:
    body = {"id": "weve_1", "type": event, "testMode": test, "shopId": "sh_1", "createdAt": "2026-11-24T06:39:58Z"}
    return judged(FOURTHWALL, json.dumps(body | {"data": data}).encode())


def order(value: Any = 51.5, currency: str = "USD", **said: Any) -> dict[str, Any]:
    return {"id": "o-1", "friendlyId": "D3XZ", "amounts": {"total": {"value": value, "currency": currency}}} | said


def claim(event: Event) -> SaleClaim:
    assert isinstance(event.claim, SaleClaim)
    return event.claim


@pytest.mark.parametrize(
    ("value", "currency", "money"),
    [(51.5, "USD", Money(5_150, "USD")), (900, "JPY", Money(900, "JPY")), (5.555, "USD", None), (-1, "USD", None)],
)
def test_amounts_are_in_whole_units(value: Any, currency: str, money: Money | None) -> None:
    assert claim(fourthwall("ORDER_PLACED", order(value, currency))).amount == money


@pytest.mark.parametrize("source", ["SAMPLES_ORDER", "TWITCH_GIFT_REDEMPTION", "GIVEAWAY_LINKS"])
def test_what_nobody_pays_for_is_no_sale(source: str) -> None:
    assert fourthwall("ORDER_PLACED", order(source={"type": source})).kind is Kind.OTHER
    assert fourthwall("ORDER_PLACED", order(0)).kind is Kind.OTHER


def test_a_gift_is_sold_when_it_is_bought_for_others() -> None:
    told = claim(fourthwall("GIFT_PURCHASE", order(30, offer={"name": "My t-shirt"}, quantity=3)))

    assert (told.amount, told.items, told.number) == (Money(3_000, "USD"), (Item("My t-shirt", 3),), "D3XZ")


@pytest.mark.parametrize("status", ["OPEN", "ABANDONED", "CANCELLED", "FAILED"])
def test_donations_count_once_complete(status: str) -> None:
    assert fourthwall("DONATION", order(10, status=status)).kind is Kind.OTHER
    assert claim(fourthwall("DONATION", order(10, status="COMPLETED"))).amount == Money(1_000, "USD")


def test_a_new_member_is_a_notice_because_nobody_says_what_was_paid() -> None:
    variant = {"interval": "MONTHLY", "amount": {"value": 4.99, "currency": "USD"}}
    event = fourthwall(
        "SUBSCRIPTION_PURCHASED",
        {"id": "m-1", "email": "sam@example.com", "nickname": "Sam", "subscription": {"variant": variant}},
    )

    assert (notice(event).title, notice(event).text) == ("New member", "4.99 USD Monthly")
    assert (notice(event).name, notice(event).email) == ("Sam", "sam@example.com")


@pytest.mark.parametrize("event", ["ORDER_PLACED", "DONATION", "GIFT_PURCHASE"])
def test_what_is_sent_to_try_is_no_money(event: str) -> None:
    tried = fourthwall(event, order(status="COMPLETED"), test=True)

    assert (tried.kind, tried.claim, tried.live) == (Kind.TEST, None, False)


def test_an_update_changes_no_sum() -> None:
    assert fourthwall("ORDER_UPDATED", {"order": order(), "update": {"type": "STATUS"}}).kind is Kind.OTHER
