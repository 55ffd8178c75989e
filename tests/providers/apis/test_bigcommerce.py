"""BigCommerce tells the order that its messages only name, and how much of it went back."""

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim
from shopwatch.providers.api import ApiResponse
from shopwatch.providers.apis.bigcommerce import BIGCOMMERCE_API
from tests.providers.apis.fetching import fetched, only
from tests.providers.played import AT, KEY, answer, thin

ORDER = {
    "id": 250,
    "currency_code": "EUR",
    "default_currency_code": "USD",
    "total_inc_tax": "63.50",
    "billing_address": {"first_name": "Maya", "last_name": "Lindqvist", "email": "maya@example.com"},
}


def test_bigcommerce_tells_the_whole_order() -> None:
    """In the currency that the customer paid in, which is `default_currency_code` (orders.v2.oas2.yml of 2026-04)."""
    lines = [{"name": "Vase", "quantity": 1, "price_inc_tax": "63.5000"}, {"name": "", "quantity": 1}]
    event = thin("250", "GET /stores/abc1/v2/orders/250")
    played = fetched(BIGCOMMERCE_API, event, [answer(ORDER), answer(lines)], f"abc1:{KEY}")
    base = "https://api.bigcommerce.com/stores/abc1/v2/orders/250"
    assert played.urls == [base, f"{base}/products?limit=200"]
    assert played.requests[0].headers["X-Auth-Token"] == KEY
    claim = only(played)
    assert (claim.amount, claim.name, claim.email) == (Money(6_350, "USD"), "Maya Lindqvist", "maya@example.com")
    assert claim.items == (Item("Vase", 1, Money(6_350, "USD")),)
    nothing = fetched(BIGCOMMERCE_API, event, [answer(ORDER), ApiResponse(204)], f"abc1:{KEY}")
    assert only(nothing).items == ()


def test_bigcommerce_tells_how_much_went_back() -> None:
    refunds = b'{"data": [{"id": 7, "total_amount": 10.10}, {"id": 8, "total_amount": 5}]}'
    claim = RefundClaim("250", None, "7")
    event = Event("e", "refund", Kind.REFUND, AT, claim, needs_fetch="GET /stores/abc1/v3/orders/250/payment_actions/x")
    played = fetched(BIGCOMMERCE_API, event, [answer(ORDER), answer(refunds)], f"abc1:{KEY}")
    assert played.urls[1] == "https://api.bigcommerce.com/stores/abc1/v3/orders/250/payment_actions/refunds"
    assert [each.claim for each in played.result] == [RefundClaim("250", Money(1_010, "USD"), "7")]


def test_bigcommerce_tells_what_went_back_of_an_order_first_heard_of_then() -> None:
    lines, refunds = (
        [{"name": "Vase", "quantity": 1, "price_inc_tax": "63.5000"}],
        {"data": [{"id": 7, "total_amount": 5}]},
    )
    event = thin("250", "GET /stores/abc1/v2/orders/250")
    played = fetched(
        BIGCOMMERCE_API, event, [answer(ORDER | {"status_id": 14}), answer(lines), answer(refunds)], "abc1:k"
    )
    sold, back = (each.claim for each in played.result)
    assert (sold.amount, back) == (Money(6_350, "USD"), RefundClaim("250", Money(500, "USD"), "7"))
