"""Lemon Squeezy tells all lines of an order, and which order it was whose first payment went back."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, SaleClaim
from shopwatch.providers.api import ApiFailure, ApiProblem
from shopwatch.providers.apis.lemonsqueezy import LEMONSQUEEZY_API
from tests.providers.apis.fetching import fetched, only
from tests.providers.cases import BY_ID, judged, one_sale
from tests.providers.played import AT, answer


def test_lemon_squeezy_tells_all_lines() -> None:
    line = {"type": "order-items", "id": "1", "attributes": {"product_name": "Vase", "price": 999, "quantity": 2}}
    event = Event("o", "order_created", Kind.SALE, AT, SaleClaim("5", Money(1_998, "USD")), needs_fetch="GET /v1/x/5")
    played = fetched(LEMONSQUEEZY_API, event, [answer({"data": [line]})])
    assert played.urls == ["https://api.lemonsqueezy.com/v1/order-items?filter%5Border_id%5D=5&page%5Bsize%5D=100"]
    assert only(played).items == (Item("Vase", 2, Money(999, "USD")),)


def lemon(event_type: str, object_id: str, **said: Any) -> Event:
    body = {"meta": {"event_name": event_type}, "data": {"id": object_id, "attributes": {"currency": "USD"} | said}}
    return judged(BY_ID["lemonsqueezy"], json.dumps(body).encode())


def one(what: str, object_id: str, **said: Any) -> Any:
    return answer({"data": {"type": what, "id": object_id, "attributes": said}})


BACK = {"billing_reason": "initial", "status": "partial_refund", "total": 5_997, "refunded_amount": 1_000}


@pytest.mark.parametrize("told", [("invoice",), ("order",), ("invoice", "order")])
def test_a_first_payment_that_went_back_counts_once_whichever_tells_it(told: tuple[str, ...]) -> None:
    """A subscription invoice names no order but its subscription, which names it (docs.lemonsqueezy.com, The
    subscription invoice object, The subscription object); whether `order_refunded` comes beside
    `subscription_payment_refunded` is nowhere said."""
    sold = lemon("order_created", "1001", status="paid", total=5_997)
    events = [sold]
    if "order" in told:
        events.append(lemon("order_refunded", "1001", status="partial_refund", refunded_amount=1_000))
    if "invoice" in told:
        event = lemon("subscription_payment_refunded", "7", subscription_id=3, **BACK)
        invoice = one("subscription-invoices", "7", subscription_id=3, currency="USD", **BACK)
        played = fetched(LEMONSQUEEZY_API, event, [invoice, one("subscriptions", "3", order_id=1001)])
        assert played.urls == [
            "https://api.lemonsqueezy.com/v1/subscription-invoices/7",
            "https://api.lemonsqueezy.com/v1/subscriptions/3",
        ]
        events += [each.event("f1", "x") for each in played.result]

    assert one_sale(*events).kept == Money(4_997, "USD")


@pytest.mark.parametrize("order_id", [None, "", [1]])
def test_a_subscription_without_an_order_is_no_answer(order_id: Any) -> None:
    event = lemon("subscription_payment_refunded", "7", subscription_id=3, **BACK)
    answers = [one("subscription-invoices", "7", subscription_id=3), one("subscriptions", "3", order_id=order_id)]

    with pytest.raises(ApiFailure) as failure:
        fetched(LEMONSQUEEZY_API, event, answers)
    assert failure.value.problem is ApiProblem.UNREADABLE
