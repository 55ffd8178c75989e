"""What Paystack tells of payments, refunds and disputes. The messages are those of PaystackOSS/doc-code-snippets,
written anew."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeState, RefundClaim, SaleClaim, SaleState
from tests.providers.cases import BY_ID, judged, one_sale
from tests.providers.senders.said import dispute_state

PAYSTACK = BY_ID["paystack"]


def paystack(event: str, **data: Any) -> Event:
    return judged(PAYSTACK, json.dumps({"event": event, "data": data}).encode())


def paid(amount: Any = 1_050_000, currency: Any = "NGN", **said: Any) -> Event:
    told = {"id": 302961, "domain": "live", "status": "success", "reference": "qTPr", "amount": amount}
    return paystack("charge.success", **(told | {"currency": currency} | said))


def back(amount: Any = "500000", reference: str = "1320", **said: Any) -> Event:
    told = {"status": "processed", "transaction_reference": "qTPr", "refund_reference": reference, "amount": amount}
    return paystack("refund.processed", **(told | {"currency": "NGN", "domain": "live"} | said))


def case(event: str, **said: Any) -> Event:
    transaction = {"id": 302961, "reference": "qTPr", "amount": 1_050_000, "currency": "NGN"}
    told = {"id": 358950, "refund_amount": 1_050_000, "currency": "NGN", "status": "awaiting-merchant-feedback"}
    return paystack(f"charge.dispute.{event}", **(told | {"transaction": transaction, "domain": "live"} | said))


@pytest.mark.parametrize(
    ("amount", "currency", "money", "shown"),
    [
        (1_050_000, "NGN", Money(1_050_000, "NGN"), ""),
        ("500000", "GHS", Money(500_000, "GHS"), ""),
        (5_000, "XOF", None, "5000 XOF"),
        (-5, "NGN", None, "-0.05 NGN"),
        (None, "NGN", None, ""),
        (10.5, "NGN", None, "10.5 NGN"),
        (500, "naira", None, "500 naira"),
        (500, None, None, "500"),
    ],
)
def test_amounts_are_in_hundredths_and_those_of_other_currencies_are_not_counted(
    amount: Any, currency: Any, money: Money | None, shown: str
) -> None:
    claim = paid(amount, currency).claim

    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (money, shown)


def test_all_that_paystack_tells_of_one_purchase_is_one_sale() -> None:
    sold, first, second = paid(), back(), back("550000", "1321")
    opened, won = case("create"), case("resolve", status="resolved", resolution="declined")
    lost = case("resolve", status="resolved", resolution="merchant-accepted")

    assert one_sale(sold, first).kept == Money(550_000, "NGN")
    assert one_sale(sold, first, second).state is SaleState.REFUNDED
    assert one_sale(sold, opened, case("remind")).state is SaleState.DISPUTED
    assert one_sale(sold, opened, won).state is SaleState.PAID
    assert one_sale(sold, opened, lost).state is SaleState.LOST


def test_a_message_that_comes_again_is_the_same_and_two_refunds_are_two() -> None:
    assert paid().id == paid().id != paid(id=302962).id
    assert back().id != back(reference="1321").id != ""
    assert back(reference="").id != back("1", "").id


@pytest.mark.parametrize("status", ["pending", "processing", "failed", "needs-attention", None, 7])
def test_refunds_count_once_processed(status: Any) -> None:
    assert back(status=status).kind is Kind.OTHER
    assert paystack("refund.pending", status="pending", transaction_reference="qTPr").kind is Kind.OTHER


@pytest.mark.parametrize("status", ["failed", "abandoned", "", None])
def test_payments_count_once_paid(status: Any) -> None:
    assert paid(status=status).kind is Kind.OTHER


def test_the_test_mode_is_no_money() -> None:
    assert not paid(domain="test").live
    assert not back(domain="test").live
    assert one_sale(paid(domain="test")).kept is None


def test_an_ending_that_nobody_knows_leaves_a_dispute_open() -> None:
    assert dispute_state(case("resolve", status="resolved", resolution="unheard of")) is DisputeState.OPEN
    assert dispute_state(case("resolve", status="archived", resolution="declined")) is DisputeState.OPEN


def test_money_that_goes_out_is_no_sale() -> None:
    assert paystack("transfer.success", id=1, status="success", reference="r", amount=5).kind is Kind.OTHER


def test_a_refund_that_names_no_payment_is_kept_and_not_counted() -> None:
    event = back(transaction_reference=None)

    assert event.claim is None
    assert event.unreadable


def test_the_amount_of_a_refund_that_cannot_be_read_is_shown() -> None:
    claim = back("5,000").claim

    assert isinstance(claim, RefundClaim)
    assert (claim.amount, claim.amount_text) == (None, "5,000 NGN")
