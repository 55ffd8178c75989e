"""Squarespace, Ecwid and Mercado Pago tell of what their messages only hint at."""

from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.providers.api import ApiFailure, ApiProblem
from shopwatch.providers.apis.ecwid import ECWID_API
from shopwatch.providers.apis.flutterwave import FLUTTERWAVE_API
from shopwatch.providers.apis.mercadopago import MERCADOPAGO_API
from shopwatch.providers.apis.squarespace import SQUARESPACE_API
from shopwatch.providers.kit.reading import Meaning
from tests.providers.apis.fetching import fetched
from tests.providers.played import AT, answer, hint, thin
from tests.standin.lists_hinting import Ecwid, Flutterwave, MercadoPago, Squarespace

STORE = "1003:secret_abc"
PROFILE = {"formatsAndUnits": {"currency": "USD"}}
ME = {"id": 77}
BACK = Event("e-2", "x", Kind.REFUND, AT, RefundClaim("107", None, "107"), needs_fetch="GET /api/v3/1003/orders/107")


def entry(kind: type[Squarespace | Ecwid | MercadoPago | Flutterwave], **more: Any) -> dict[str, Any]:
    lists = kind()
    return lists.told([lists.entry(7, AT // 1000)])[0] | more


def claims(meanings: tuple[Meaning, ...]) -> list[Any]:
    return [each.claim for each in meanings]


def test_squarespace_tells_the_order_and_what_was_given_back_of_it() -> None:
    order = entry(Squarespace, refundedTotal={"value": "5.00", "currency": "USD"})
    event = thin(order["id"], f"GET /1.0/commerce/orders/{order['id']}")
    played = fetched(SQUARESPACE_API, event, [answer(order)], "key")

    assert played.urls == [f"https://api.squarespace.com/1.0/commerce/orders/{order['id']}"]
    sale, back = claims(played.result)
    assert (sale.amount, sale.number, sale.name, sale.email) == (
        *(Money(2_198, "USD"), "7", "Maya Lindqvist"),
        "maya@example.com",
    )
    assert sale.items == (Item("Peonies", 2, Money(1_099, "USD")),)
    assert back == RefundClaim(order["id"], Money(500, "USD"), order["id"], cumulative=True)


def test_squarespace_orders_of_the_test_mode_do_not_count() -> None:
    order = entry(Squarespace, testmode=True)
    update = Event("e", "order.update", Kind.OTHER, AT, needs_fetch=f"GET /1.0/commerce/orders/{order['id']}")
    [meaning] = fetched(SQUARESPACE_API, update, [answer(order)], "key").result
    assert (meaning.kind, meaning.live) == (Kind.SALE, False)


def test_ecwid_tells_the_order_in_the_currency_of_the_shop() -> None:
    event = thin("107", "GET /api/v3/1003/orders/107")
    played = fetched(ECWID_API, event, [answer(entry(Ecwid)), answer(PROFILE)], STORE)

    base = "https://app.ecwid.com/api/v3/1003"
    assert played.urls == [f"{base}/orders/107", f"{base}/profile"]
    [sale] = claims(played.result)
    assert (sale.amount, sale.number, sale.items) == (
        *(Money(2_198, "USD"), "B7"),
        (Item("Peonies", 2, Money(1_099, "USD")),),
    )


@pytest.mark.parametrize(
    ("status", "refunded", "claim"),
    [
        ("PARTIALLY_REFUNDED", 5, RefundClaim("107", Money(500, "USD"), "107", cumulative=True, partial=True)),
        # The sum is told of payments by Ecwid's own service alone.
        ("PARTIALLY_REFUNDED", None, RefundClaim("107", None, "107", cumulative=True, partial=True)),
        ("REFUNDED", 0, RefundClaim("107", None, "107", cumulative=True)),
        # A message said that it was given back; the order does not.
        ("PAID", None, RefundClaim("107", Money(0, "USD"), "107", cumulative=True)),
    ],
)
def test_ecwid_tells_how_much_was_given_back(status: str, refunded: Any, claim: RefundClaim) -> None:
    order = entry(Ecwid, paymentStatus=status, refundedAmount=refunded)
    played = fetched(ECWID_API, BACK, [answer(order), answer(PROFILE)], STORE)
    assert claims(played.result)[1] == claim


def test_an_ecwid_order_that_is_not_paid_is_no_sale_whatever_its_message_said() -> None:
    order = entry(Ecwid, paymentStatus="AWAITING_PAYMENT")
    event = thin("107", "GET /api/v3/1003/orders/107")
    assert fetched(ECWID_API, event, [answer(order), answer(PROFILE)], STORE).result == ()
    with pytest.raises(ApiFailure) as failure:
        fetched(ECWID_API, thin("107", "GET /api/v3/9/orders/107"), [answer(order)], STORE)
    assert failure.value.problem is ApiProblem.OTHER_ACCOUNT


def test_mercado_pago_tells_a_payment_of_a_message_and_of_a_hint() -> None:
    """Numbers with a fraction are read as they are written (mercadopago 3.6.1, the types of a payment)."""
    payment = entry(MercadoPago)
    payment_id = str(payment["id"])
    for event in (thin(payment_id), hint(payment_id)):
        played = fetched(MERCADOPAGO_API, event, [answer(payment), answer(ME)], "APP_USR-1")
        assert played.urls[0] == f"https://api.mercadopago.com/v1/payments/{payment_id}"
        [sale] = claims(played.result)
        assert (sale.amount, sale.number, sale.name) == (Money(2_198, "BRL"), "R-7", "Maya Lindqvist")
        assert sale.items == (Item("Peonies", 2, Money(1_099, "BRL")),)
        assert not sale.unconfirmed


@pytest.mark.parametrize("status", ["pending", "authorized", "in_process", "rejected", "cancelled", ""])
def test_a_payment_that_was_not_paid_is_no_sale(status: str) -> None:
    payment = entry(MercadoPago, status=status)
    assert fetched(MERCADOPAGO_API, hint(str(payment["id"])), [answer(payment), answer(ME)], "k").result == ()


def test_what_the_owner_bought_is_no_sale() -> None:
    payment = entry(MercadoPago, collector_id=78)
    assert fetched(MERCADOPAGO_API, hint(str(payment["id"])), [answer(payment), answer(ME)], "k").result == ()


def test_refunds_and_disputes_are_told_by_the_state_of_the_payment() -> None:
    def of(**more: Any) -> list[Any]:
        payment = entry(MercadoPago, **more)
        sale, *rest = claims(fetched(MERCADOPAGO_API, hint("123000000007"), [answer(payment), answer(ME)], "k").result)
        assert isinstance(sale, SaleClaim)
        return rest

    one, all_of_it = "123000000007", Money(2_198, "BRL")
    assert of(transaction_amount_refunded=5) == [RefundClaim(one, Money(500, "BRL"), one, cumulative=True)]
    assert of(status="refunded", transaction_amount_refunded=None) == [RefundClaim(one, None, one, cumulative=True)]
    states = {"in_process": DisputeState.OPEN, "settled": DisputeState.LOST, "reimbursed": DisputeState.WON}
    for detail, state in states.items():
        assert of(status="charged_back", status_detail=detail) == [DisputeClaim(one, all_of_it, one, state)]
    assert of(status="in_mediation") == [DisputeClaim(one, all_of_it, one)]


def test_flutterwave_says_what_was_paid_whatever_the_message_said() -> None:
    """Flutterwave/Node-v3, "Verify transaction"."""
    charge = entry(Flutterwave)
    event = thin("285000007", "GET /v3/transactions/285000007/verify")
    played = fetched(FLUTTERWAVE_API, event, [answer({"status": "success", "data": charge})], "FLWSECK-1")

    assert played.urls == ["https://api.flutterwave.com/v3/transactions/285000007/verify"]
    [sale] = claims(played.result)
    assert (sale.amount, sale.number, sale.unconfirmed) == (Money(2_198, "NGN"), "order-7", False)
    assert fetched(FLUTTERWAVE_API, event, [answer({"data": charge | {"status": "failed"}})], "k").result == ()
    with pytest.raises(ApiFailure) as failure:
        fetched(FLUTTERWAVE_API, event, [answer({"data": charge | {"id": 9}})], "k")
    assert failure.value.problem is ApiProblem.UNREADABLE
