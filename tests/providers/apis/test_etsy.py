"""Etsy tells the receipt, and gives a new key each time."""

from shopwatch.domain.money import Money
from shopwatch.domain.sale import Item
from shopwatch.providers.apis.etsy import ETSY_API
from tests.providers.apis.fetching import asked_for, fetched, only
from tests.providers.played import answer, thin


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
    claim = only(played)
    assert (claim.amount, claim.email, claim.name) == (Money(4_250, "EUR"), "maya@example.com", "Maya Lindqvist")
    assert claim.items == (Item("Vase", 1, Money(4_250, "EUR")),)
