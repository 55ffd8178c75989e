"""What Shopify tells of orders, refunds and disputes, by topics that it does not sign."""

import json
from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim, SaleState
from shopwatch.providers.apis.shopify import SHOPIFY_API
from tests.providers.apis.fetching import fetched
from tests.providers.cases import BY_ID, judged, one_sale
from tests.providers.played import answer
from tests.providers.senders.said import dispute_state

SHOPIFY = BY_ID["shopify"]


def shopify(topic: str, **body: Any) -> Event:
    return judged(SHOPIFY, json.dumps(body).encode(), "event-1", X_Shopify_Topic=topic)


@pytest.mark.parametrize("status", ["pending", "authorized", "voided"])
def test_shopify_orders_that_are_not_paid_are_no_sales(status: str) -> None:
    """The topic is not signed: a message about an unpaid order must not become money by another topic."""
    assert shopify("orders/paid", id=9, total_price="1.00", currency="EUR", financial_status=status).claim is None


def test_shopify_refunds_sum_what_went_back() -> None:
    def back(amount: str, kind: str = "refund", status: str = "success") -> dict[str, Any]:
        return {"kind": kind, "status": status, "amount": amount, "currency": "EUR"}

    def refund(*transactions: Any) -> Event:
        return shopify("refunds/create", id=3, order_id=9, transactions=list(transactions))

    several = refund(back("9.95"), back("5.00"), back("7.00", status="failure"), back("8.00", kind="void"), None)
    assert several.claim == RefundClaim("9", Money(1495, "EUR"), "3")
    assert refund().kind is Kind.OTHER
    assert refund(back("9.95"), back("abc")).claim == RefundClaim("9", None, "3")
    mixed = refund(back("9.95"), back("1.00") | {"currency": "USD"})
    assert mixed.claim == RefundClaim("9", None, "3")


def test_shopify_refunds_that_go_back_later_are_asked_for() -> None:
    """A refund whose transaction is pending gives nothing back yet; that it succeeded comes as a transaction of its
    own, which names no refund (shopify.dev, Transaction), beside the same event of every other refund."""
    pending = {"id": 389404469, "kind": "refund", "status": "pending", "amount": "5.00", "currency": "EUR"}
    refund = {"id": 3, "order_id": 9, "transactions": [pending]}
    done = pending | {"order_id": 9, "status": "success", "parent_id": 801038806}
    sold = shopify("orders/paid", id=9, total_price="20.00", currency="EUR", processed_at="2026-11-24T06:39:00Z")
    told = shopify("order_transactions/create", **done)

    assert shopify("refunds/create", **refund).claim is None
    assert (told.kind, told.claim, told.needs_fetch) == (Kind.OTHER, None, "GET /orders/9/refunds")
    assert told.id not in (sold.id, shopify("refunds/create", **refund).id)
    assert shopify("order_transactions/create", **done | {"kind": "sale"}).needs_fetch == ""
    assert shopify("order_transactions/create", **done | {"status": "pending"}).needs_fetch == ""
    answers = [answer({"refunds": [refund | {"transactions": [pending, done]}]})]
    [meaning] = fetched(SHOPIFY_API, told, answers, "shpat_token").result
    back = meaning.event("fetched:1", "fetched")
    assert back.claim == RefundClaim("9", Money(500, "EUR"), "3")
    assert one_sale(sold, back).kept == Money(1_500, "EUR")


def test_shopify_names_whoever_pays_where_the_customer_has_no_name() -> None:
    """Whoever buys by a phone number is a customer without a name."""
    nobody, payer = {"first_name": None, "last_name": ""}, {"first_name": "Ada", "last_name": "Byron"}

    def name(**told: Any) -> str:
        claim = shopify("orders/paid", id=9, total_price="1.00", currency="EUR", **told).claim
        assert isinstance(claim, SaleClaim)
        return claim.name

    assert name(customer=nobody, billing_address=payer) == "Ada Byron"
    assert name(customer=nobody, billing_address=None, shipping_address=payer) == "Ada Byron"
    assert name(customer={"first_name": "Maya"}, billing_address=payer) == "Maya"
    assert name(customer=None, shipping_address={"first_name": 7}) == ""


def test_a_shopify_dispute_about_no_order_is_shown_all_the_same() -> None:
    """As the dispute that shopify_python_api 307fa92 keeps (dispute.json): 100.00 USD, and `order_id` null."""
    case = {"id": 1052608616, "type": "chargeback", "currency": "USD", "amount": "100.00", "status": "needs_response"}
    alone = shopify("disputes/create", **case, order_id=None)

    assert alone.claim == DisputeClaim("dispute-1052608616", Money(10_000, "USD"), "1052608616")
    assert alone.kind is Kind.DISPUTE
    later = shopify("disputes/update", **case | {"status": "won"}, order_id=9)
    assert set(later.links) == set(alone.links)
    assert shopify("disputes/create", status="won").unreadable


def both(shop: str, theirs: str) -> dict[str, Any]:
    return {
        "shop_money": {"amount": shop, "currency_code": "USD"},
        "presentment_money": {"amount": theirs, "currency_code": "CAD"},
    }


def in_canada(given: str, **made_of: Any) -> Event:
    back = {"kind": "refund", "status": "success", "amount": given, "currency": "CAD"}
    nothing = {"total_duties_set": both("0.00", "0.00"), "total_additional_fees_set": both("0.00", "0.00")}
    return shopify("refunds/create", id=3, order_id=9, transactions=[back], **nothing | made_of)


SHIPPING = {"subtotal_amount_set": both("5.00", "6.80")}
LESS = {"amount_set": both("2.65", "3.60"), "tax_amount_set": both("0.00", "0.00"), "kind": "refund_discrepancy"}
LINE = {"subtotal_set": both("10.00", "13.60"), "total_tax_set": both("1.00", "1.36")}


@pytest.mark.parametrize(
    ("given", "made_of", "minor"),
    [
        ("14.96", {"refund_line_items": [LINE]}, 1_100),
        ("29.92", {"refund_line_items": [LINE, LINE]}, 2_200),
        # Prices that hold their taxes.
        ("13.60", {"refund_line_items": [LINE]}, 1_000),
        ("20.40", {"refund_line_items": [LINE], "refund_shipping_lines": [SHIPPING]}, 1_500),
        ("8.16", {"total_duties_set": both("6.00", "8.16")}, 600),
        # The shop gave back less than the lines say; an amount without any line.
        ("10.00", {"refund_line_items": [LINE], "order_adjustments": [LESS]}, 735),
        ("5.00", {"order_adjustments": [{"amount_set": both("-3.68", "-5.00"), "kind": "refund_discrepancy"}]}, 368),
    ],
)
def test_shopify_refunds_count_in_the_currency_of_the_shop(given: str, made_of: dict[str, Any], minor: int) -> None:
    """Its transactions are in the customer's, and the order is told in the shop's."""
    assert in_canada(given, **made_of).claim == RefundClaim("9", Money(minor, "USD"), "3")


@pytest.mark.parametrize(
    ("given", "made_of"),
    [
        ("13.60", {}),
        ("15.00", {"refund_line_items": [LINE]}),
        ("14.96", {"refund_line_items": [LINE | {"total_tax_set": {"shop_money": {}}}]}),
        ("14.96", {"refund_line_items": [LINE], "order_adjustments": [{"amount_set": "nothing"}]}),
    ],
)
def test_what_does_not_add_up_in_two_currencies_is_not_known(given: str, made_of: dict[str, Any]) -> None:
    assert in_canada(given, **made_of).claim == RefundClaim("9", None, "3", partial=True)


def test_a_sale_in_another_currency_stays_in_the_totals_when_a_part_goes_back() -> None:
    order = {"id": 9, "total_price": "100.00", "currency": "USD", "presentment_currency": "CAD"}
    sold = shopify("orders/paid", **order, processed_at="2026-11-24T06:39:00Z")
    back = in_canada("14.96", refund_line_items=[LINE])

    sale = one_sale(sold, structs.replace(back, id="event-2"))

    assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, Money(8_900, "USD"))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", DisputeState.OPEN),
        ("under_review", DisputeState.OPEN),
        ("won", DisputeState.WON),
        ("charge_refunded", DisputeState.WON),
        ("lost", DisputeState.LOST),
        ("accepted", DisputeState.LOST),
    ],
)
@pytest.mark.parametrize("topic", ["disputes/create", "disputes/update"])
def test_shopify_disputes_open_and_close(topic: str, status: str, state: DisputeState) -> None:
    event = shopify(topic, id=5, order_id=9, amount="11.50", currency="EUR", status=status)

    assert dispute_state(event) is state


def test_one_shopify_event_under_two_topics_loses_no_sale() -> None:
    order = {"id": 9, "total_price": "1.00", "currency": "EUR"}

    updated, paid = shopify("orders/updated", **order), shopify("orders/paid", **order)

    assert updated.id == "orders/updated:event-1"
    assert paid.id == "event-1"
