"""Etsy tells the receipt, and gives a new key each time."""

from typing import Any

import pytest

from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, Sale, SaleState
from shopwatch.providers.api import Place
from shopwatch.providers.apis.etsy import ETSY_API
from tests.providers.apis.fetching import asked_for, fetched, only
from tests.providers.cases import one_sale
from tests.providers.played import AT, answer, play, thin


def test_etsy_tells_the_receipt_and_keeps_the_key_that_comes_with_it() -> None:
    receipt = {
        "receipt_id": 1234567890,
        "is_paid": True,
        "name": "Maya Lindqvist",
        "buyer_email": "maya@example.com",
        "grandtotal": {"amount": 4_250, "divisor": 100, "currency_code": "EUR"},
        "transactions": [
            {"title": "Vase", "quantity": 1, "price": {"amount": 4_250, "divisor": 100, "currency_code": "EUR"}}
        ],
    }
    token = answer({"access_token": "42.canary", "refresh_token": "42.next", "expires_in": 3600})
    event = thin("1234567890", "GET /v3/application/shops/12345/receipts/1234567890")
    played = fetched(ETSY_API, event, [token, answer(receipt)], "app:shared:42.refresh")
    assert asked_for(played) == [
        ("POST", "https://api.etsy.com/v3/public/oauth/token"),
        ("GET", "https://openapi.etsy.com/v3/application/shops/12345/receipts/1234567890"),
    ]
    assert played.requests[0].body == b"grant_type=refresh_token&client_id=app&refresh_token=42.refresh"
    assert played.requests[1].headers["x-api-key"] == "app:shared"
    assert played.keys == ["app:shared:42.next"]
    assert ETSY_API.key.scopes == ("shops_r", "transactions_r"), "users/me wants shops_r, receipts transactions_r"
    claim = only(played)
    assert (claim.amount, claim.email, claim.name) == (Money(4_250, "EUR"), "maya@example.com", "Maya Lindqvist")
    assert claim.items == (Item("Vase", 1, Money(4_250, "EUR")),)


def receipt(**more: Any) -> dict[str, Any]:
    return {
        "receipt_id": 7,
        "created_timestamp": AT // 1000,
        "updated_timestamp": AT // 1000,
        "grandtotal": {"amount": 4_250, "divisor": 100, "currency_code": "EUR"},
        "transactions": [],
    } | more


def refund(amount: Any, divisor: Any = 100, currency: Any = "EUR", after: int = 60) -> dict[str, Any]:
    money = {"amount": amount, "divisor": divisor, "currency_code": currency}
    return {"amount": money, "created_timestamp": AT // 1000 + after, "status": None}


def listed(told: dict[str, Any]) -> Sale:
    """The sale that comes of a receipt in Etsy's list."""
    assert ETSY_API.missed is not None
    token, me = answer({"access_token": "42.canary"}), answer({"user_id": 1, "shop_id": 77})
    page = answer({"count": 1, "results": [told]})
    found = play(ETSY_API.missed(Place(AT, at=AT), "app:shared:42.refresh", {}), [token, me, page]).result.listed
    return one_sale(*(each.event for each in found))


def test_etsy_tells_what_was_given_back() -> None:
    """`ShopReceipt.refunds[]` and its statuses (Etsy's OpenAPI 3.0.0 of June 2023)."""
    part = listed(receipt(status="Partially Refunded", refunds=[refund(500), refund(1_250, after=120)]))
    whole = listed(receipt(status="Fully Refunded", refunds=[refund(4_250)]))
    paid = listed(receipt(status="Paid", refunds=[]))

    assert (part.state, part.given_back, part.kept) == (
        SaleState.PART_REFUNDED,
        Money(1_750, "EUR"),
        Money(2_500, "EUR"),
    )
    assert (whole.state, whole.given_back, whole.kept) == (SaleState.REFUNDED, Money(4_250, "EUR"), None)
    assert (paid.state, paid.kept) == (SaleState.PAID, Money(4_250, "EUR"))


@pytest.mark.parametrize(
    "refunds",
    [
        None,
        [],
        "many",
        [None],
        [refund("5")],
        [refund(-500)],
        [refund(500, 7)],
        [refund(500), refund(500, currency="USD")],
        [refund(10**30)],
        [{"amount": 5}],
    ],
)
def test_what_etsy_gave_back_without_saying_how_much_counts_no_wrong_sum(refunds: Any) -> None:
    part = listed(receipt(status="partially refunded", refunds=refunds))
    whole = listed(receipt(status="fully refunded", refunds=refunds))

    assert (part.state, part.given_back, part.kept) == (SaleState.PART_REFUNDED, None, None)
    assert (whole.state, whole.given_back, whole.kept) == (SaleState.REFUNDED, None, None)
