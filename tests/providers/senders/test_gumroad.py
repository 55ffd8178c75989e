"""What Gumroad tells in the fields of a form."""

from urllib.parse import urlencode

import pytest

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim, SaleState
from tests.providers.cases import BY_ID, URL, accepted, judge, judged, one_sale, secret_of
from tests.providers.senders.said import FORM

GUMROAD = BY_ID["gumroad"]


def gumroad(fields: dict[str, str]) -> Event:
    return judged(GUMROAD, urlencode(fields).encode(), **FORM)


PING = {
    "sale_id": "S1==",
    "product_name": "Brush pack",
    "price": "2000",
    "currency": "usd",
    "quantity": "3",
    "sale_timestamp": "2026-11-24T06:39:58Z",
}


def test_gumroads_own_ping_is_of_sales() -> None:
    event = gumroad(PING | {"full_name": "Mia", "order_number": "77"})

    assert (event.id, event.type, event.kind) == ("S1==:sale", "sale", Kind.SALE)
    assert isinstance(event.claim, SaleClaim)
    assert (event.claim.number, event.claim.items) == ("77", (Item("Brush pack", 3, None),))


@pytest.mark.parametrize("currency", ["usd", "eur", "jpy", ""])
def test_gumroads_prices_are_in_dollars_whatever_the_product_is_priced_in(currency: str) -> None:
    claim = gumroad(PING | {"currency": currency}).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == Money(2_000, "USD")


@pytest.mark.parametrize(
    "kind", ["cancellation", "subscription_updated", "subscription_ended", "subscription_restarted"]
)
def test_what_gumroad_tells_of_subscriptions_is_no_money(kind: str) -> None:
    assert gumroad(PING | {"resource_name": kind}).kind is Kind.OTHER


def test_gumroads_disputes_are_won() -> None:
    won = gumroad(PING | {"resource_name": "dispute_won", "disputed": "true", "dispute_won": "true"})

    assert won.claim == DisputeClaim("S1==", Money(2_000, "USD"), "S1==", DisputeState.WON)


def test_gumroads_refunds_are_of_the_whole_or_of_a_part() -> None:
    whole = gumroad(PING | {"resource_name": "refund", "refunded": "true"})
    part = gumroad(PING | {"resource_name": "refund", "refunded": "false"})

    assert whole.claim == RefundClaim("S1==", Money(2_000, "USD"), "S1==")
    assert whole.needs_fetch == "GET /v2/sales/S1%3D%3D"
    assert part.claim == RefundClaim("S1==", None, "S1==", partial=True)
    assert gumroad(PING | {"resource_name": "refund", "test": "true"}).kind is Kind.TEST


def test_gumroads_refund_of_a_part_may_be_followed_by_one_of_the_whole() -> None:
    sold = gumroad(PING)
    part = gumroad(PING | {"resource_name": "refund", "refunded": "false"})
    whole = gumroad(PING | {"resource_name": "refund", "refunded": "true"})

    assert len({sold.id, part.id, whole.id}) == 3
    assert one_sale(sold, part).state is SaleState.PART_REFUNDED
    assert one_sale(sold, part, whole).state is SaleState.REFUNDED


def test_a_field_of_the_sellers_own_cannot_take_the_place_of_gumroads() -> None:
    """Custom fields stand among the others, under whatever name the seller gave them."""
    body = urlencode([("seller_id", secret_of(GUMROAD)), *PING.items(), ("price", "1")]).encode()

    event = accepted(judge(GUMROAD, Request("POST", URL, Headers.of(FORM), body)))

    assert event.unreadable
    assert event.claim is None
