"""What Wix tells of orders. The members are those of `Order` and `BalanceSummary` of @wix/auto_sdk_ecom_orders 1.0.300,
the layers those of "Handle events with webhooks for self-hosting"."""

import json
from typing import Any

import pytest

from shopwatch.domain.instant import SECOND
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim, SaleState
from shopwatch.domain.source import Secrets
from tests.providers.authority import paypal_key
from tests.providers.cases import BY_ID, NOW, bodied, judge, judged, one_sale, practice, rejected
from tests.providers.test_jwt import public

WIX = BY_ID["wix"]
ORDER: dict[str, Any] = {
    "id": "o-1",
    "number": 10_001,
    "paymentStatus": "PAID",
    "currency": "EUR",
    "priceSummary": {"total": {"amount": "47.50"}},
}


def layers(event_type: str, body: Any, event_id: str = "e-1", at: int = 0) -> bytes:
    event = {"id": event_id, "entityId": "o-1", "eventTime": f"2026-11-24T06:{40 + at}:00.123456Z"}
    told = {"eventType": event_type, "instanceId": "i-1", "data": json.dumps(event | {"actionEvent": {"body": body}})}
    return json.dumps({"data": json.dumps(told), "iat": NOW // SECOND}).encode()


def paid(slug: str = "order_approved", at: int = 0, **said: Any) -> Event:
    return judged(WIX, layers(f"wix.ecom.v1.{slug}", {"order": ORDER | said}, f"{slug}-{at}", at))


def back(refund: Any, at: int = 1) -> Event:
    body = {"orderId": "o-1", "refund": refund}
    return judged(WIX, layers("wix.ecom.v1.order_transactions_refund_completed", body, f"r-{at}", at))


def part(amount: str, status: str = "SUCCEEDED") -> dict[str, Any]:
    return {"paymentId": "p-1", "amount": {"amount": amount}, "refundStatus": status}


def so_far(amount: str, status: str = "PARTIALLY_REFUNDED", at: int = 2) -> Event:
    balance = {"refunded": {"amount": amount}}
    return paid("order_payment_status_updated", at, paymentStatus=status, balanceSummary=balance)


def test_an_order_is_one_sale_though_two_messages_tell_of_it() -> None:
    sale = one_sale(paid(), paid("order_payment_status_updated", 1))
    assert (sale.amount, sale.number, sale.state) == (Money(4_750, "EUR"), "10001", SaleState.PAID)


@pytest.mark.parametrize("status", ["NOT_PAID", "PENDING", "PARTIALLY_PAID", "CANCELED", "DECLINED", None, 7])
def test_what_is_not_paid_is_no_sale(status: Any) -> None:
    assert paid(paymentStatus=status).kind is Kind.OTHER


def test_a_part_and_then_all_of_it_is_given_back() -> None:
    some = one_sale(paid(), so_far("7.50"))
    assert (some.state, some.kept) == (SaleState.PART_REFUNDED, Money(4_000, "EUR"))
    assert one_sale(paid(), so_far("7.50"), so_far("47.50", "FULLY_REFUNDED", 3)).state is SaleState.REFUNDED


def test_the_message_of_a_refund_counts_nothing_twice() -> None:
    """It names no currency, and comes beside the message that tells how the order stands."""
    for told in ({"summary": {"refunded": {"amount": "7.50"}}}, {"transactions": [part("7.50")]}):
        sale = one_sale(paid(), back(told), so_far("7.50"))
        assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, Money(4_000, "EUR"))
        assert one_sale(paid(), back(told)).kept is None


def test_a_refund_says_what_reached_the_customer() -> None:
    event = back({"transactions": [part("5.00"), part("2.5"), part("9.00", "FAILED")]})
    assert isinstance(event.claim, RefundClaim)
    assert (event.claim.amount, event.claim.amount_text) == (None, "7.50")
    assert event.needs_fetch == "GET /ecom/v1/orders/o-1"
    assert back({"transactions": [part("9.00", "FAILED")]}).kind is Kind.OTHER


@pytest.mark.parametrize("odd", [None, "-7.50", "much", "1e3", 7, True, [], "9" * 40])
def test_an_odd_refund_is_kept_and_not_counted(odd: Any) -> None:
    event = back({"summary": {"refunded": {"amount": odd}}})
    assert event.kind is Kind.REFUND
    assert one_sale(paid(), event).kept is None


def test_an_order_first_heard_of_when_it_went_back_is_sold_and_refunded() -> None:
    request = bodied(
        WIX,
        layers(
            "wix.ecom.v1.order_payment_status_updated",
            {"order": ORDER | {"paymentStatus": "FULLY_REFUNDED", "balanceSummary": {"refunded": {"amount": "47.50"}}}},
        ),
    )
    verdict = judge(WIX, request)
    assert isinstance(verdict, Accepted)
    assert one_sale(*verdict.events).state is SaleState.REFUNDED


@pytest.mark.parametrize("total", [None, "-1", "47,50", True, {"amount": 1}, "1.005"])
def test_an_odd_total_is_not_counted(total: Any) -> None:
    event = paid(priceSummary={"total": {"amount": total}})
    assert isinstance(event.claim, SaleClaim)
    assert event.claim.amount is None


def test_layers_that_cannot_be_read_are_kept() -> None:
    for claims in (
        b"[]",
        b'{"data": 7}',
        b'{"data": "{}"}',
        b'{"data": "{\\"data\\": \\"x\\"}"}',
        b'{"data": "\\ud800"}',
    ):
        assert judged(WIX, claims).unreadable


def test_only_wix_can_sign_so_practice_needs_no_signature() -> None:
    only_checks = Secrets((public(paypal_key()),))
    request = WIX.practise(Kind.SALE, only_checks.current[0], NOW, 7)

    assert rejected(judge(WIX, request, only_checks)).reason is Reason.SIGNATURE_MISSING
    assert isinstance(WIX.judge_practice(request, NOW), Accepted)
    assert isinstance(judge(WIX, practice(WIX), only_checks), Accepted)
