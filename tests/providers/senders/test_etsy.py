"""What Etsy tells of orders, which must be asked for."""

import json

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import SaleClaim
from tests.providers.cases import BY_ID, judged

ETSY = BY_ID["etsy"]


def etsy(event_type: str, url: str) -> Event:
    return judged(ETSY, json.dumps({"event_type": event_type, "resource_url": url, "shop_id": "12345"}).encode())


@pytest.mark.parametrize("event_type", ["order.canceled", "order.shipped", "order.delivered", ""])
def test_etsy_tells_of_much_that_is_no_money(event_type: str) -> None:
    url = "https://openapi.etsy.com/v3/application/shops/12345/receipts/3000054321"

    assert etsy(event_type, url).kind is Kind.OTHER


@pytest.mark.parametrize(
    "url",
    [
        "http://openapi.etsy.com/v3/application/shops/1/receipts/2",
        "https://openapi.etsy.com.evil.example/v3/application/shops/1/receipts/2",
        "https://evil.example@openapi.etsy.com/v3/application/shops/1/receipts/2",
        "https://openapi.etsy.com:8443/v3/application/shops/1/receipts/2",
        "https://openapi.etsy.com/v3/application/shops/1/receipts/2/../../../users/3",
        "https://openapi.etsy.com/v3/application/shops/1/receipts/2?x=1",
        "https://openapi.etsy.com/v3/application/shops/1/receipts/\u0662",
        "",
    ],
)
def test_etsy_receipts_elsewhere_are_none(url: str) -> None:
    event = etsy("order.paid", url)

    assert event.unreadable
    assert (event.claim, event.needs_fetch) == (None, "")


def test_etsy_receipts_are_asked_for() -> None:
    event = etsy("order.paid", "https://api.etsy.com/v3/application/shops/12345/receipts/3000054321")

    assert event.claim == SaleClaim("3000054321", None)
    assert event.needs_fetch == "GET /v3/application/shops/12345/receipts/3000054321"
