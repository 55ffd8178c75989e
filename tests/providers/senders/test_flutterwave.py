"""What Flutterwave tells of charges, in its two versions."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from tests.providers.cases import BY_ID, NOW, URL, accepted, judge, judged, keys_of, one_sale, rejected, secret_of
from tests.providers.senders.said import sent

FLUTTERWAVE = BY_ID["flutterwave"]
CHARGE = {"id": 7, "tx_ref": "R-1", "amount": 100.5, "currency": "NGN", "status": "successful"}


def word(**data: Any) -> Any:
    body = json.dumps({"event": "charge.completed", "data": CHARGE | data}).encode()
    return sent("POST", URL, body, verif_hash=secret_of(FLUTTERWAVE))


def signed(**data: Any) -> Event:
    return judged(FLUTTERWAVE, json.dumps({"type": "charge.completed", "data": CHARGE | data}).encode())


def test_a_message_that_only_shows_the_word_is_no_sale_before_it_was_asked_about() -> None:
    """developer.flutterwave.com, "Transaction verification"."""
    event = accepted(judge(FLUTTERWAVE, word()))

    assert isinstance(event.claim, SaleClaim)
    assert (event.claim.unconfirmed, event.needs_fetch) == (True, "GET /v3/transactions/7/verify")
    assert one_sale(event).state is SaleState.INCOMPLETE


def test_a_signed_message_counts() -> None:
    event = signed()
    assert (one_sale(event).kept, event.needs_fetch, event.id) == (Money(10_050, "NGN"), "", "7:successful")
    assert one_sale(signed(currency="XOF", amount=100)).kept == Money(100, "XOF")
    assert one_sale(signed(currency="XOF", amount=100.5)).amount_text == "100.5 XOF"


def test_the_signature_decides_where_there_is_one() -> None:
    request = word()
    both = sent("POST", URL, request.body, verif_hash=secret_of(FLUTTERWAVE), flutterwave_signature="A" * 43 + "=")
    assert rejected(judge(FLUTTERWAVE, both)).reason is Reason.SIGNATURE_MISMATCH


def test_whoever_wants_signatures_gets_nothing_else() -> None:
    refusing = {"unsigned": "refuse"}
    assert FLUTTERWAVE.judge(word(), keys_of(FLUTTERWAVE), NOW, refusing) == Rejected(Reason.SIGNATURE_MISSING)


def test_the_word_is_not_kept() -> None:
    request = word()
    kept = FLUTTERWAVE.kept(request, judge(FLUTTERWAVE, request))
    assert kept.headers.only("verif-hash") == "***"


@pytest.mark.parametrize("status", ["failed", "pending", "", None, 1])
def test_a_charge_that_was_not_paid_is_no_sale(status: Any) -> None:
    assert signed(status=status).kind is Kind.OTHER
