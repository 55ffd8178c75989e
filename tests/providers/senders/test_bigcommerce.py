"""What BigCommerce tells of orders, which must be asked for."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from tests.providers.cases import BY_ID, judged, one_sale

BIGCOMMERCE = BY_ID["bigcommerce"]


def bigcommerce(scope: str, message_id: str = "msg_1", **data: Any) -> Event:
    body = {"scope": scope, "data": {"type": "order", "id": 250} | data, "producer": "stores/abc123"}
    return judged(BIGCOMMERCE, json.dumps(body).encode(), message_id)


@pytest.mark.parametrize("status", [0, 1, 5, 6, 7, 12])
def test_bigcommerce_states_that_are_no_money(status: int) -> None:
    assert bigcommerce("store/order/statusUpdated", status={"new_status_id": status}).kind is Kind.OTHER


@pytest.mark.parametrize("status", [2, 3, 8, 9, 10, 11, 4, 13, 14])
def test_bigcommerce_orders_are_asked_for_once_paid(status: int) -> None:
    event = bigcommerce("store/order/statusUpdated", status={"new_status_id": status})

    assert (event.kind, event.claim) == (Kind.SALE, SaleClaim("250", None))
    assert event.needs_fetch == "GET /stores/abc123/v2/orders/250"


@pytest.mark.parametrize("status", [True, "11", 11.0, None, [11]])
def test_bigcommerce_states_are_whole_numbers(status: Any) -> None:
    assert bigcommerce("store/order/statusUpdated", status={"new_status_id": status}).kind is Kind.OTHER


def test_all_that_bigcommerce_tells_of_one_order_is_one_sale() -> None:
    told = [
        bigcommerce("store/order/statusUpdated", f"m{status}", status={"new_status_id": status}) for status in (11, 2)
    ]
    back = bigcommerce("store/order/refund/created", "m3", refund={"refund_id": 3})

    assert one_sale(*told).state is SaleState.PAID
    assert one_sale(*told, back).state is SaleState.REFUNDED
    assert back.needs_fetch == "GET /stores/abc123/v3/orders/250/payment_actions/refunds"
    assert bigcommerce("store/order/created").kind is Kind.OTHER
    assert not bigcommerce("store/order/refund/created", id="../250").needs_fetch
