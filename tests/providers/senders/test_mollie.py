"""What Mollie tells, what its classic messages only hint at, and how it writes signatures."""

import json
from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from shopwatch.providers.kit.token import with_header
from tests.providers.cases import BY_ID, KEYS, NOW, judge, judged, one_sale, practice, rejected, signed
from tests.providers.senders.said import LATER

MOLLIE = BY_ID["mollie"]


def mollie(event_type: str, entity: dict[str, Any] | None, entity_id: str = "tr_1") -> Event:
    body: dict[str, Any] = {"id": f"event_{event_type}", "type": event_type, "entityId": entity_id, "createdAt": LATER}
    if entity is not None:
        body["_embedded"] = {"entity": entity}
    return judged(MOLLIE, json.dumps(body).encode())


def euros(value: str) -> dict[str, Any]:
    return {"amount": {"value": value, "currency": "EUR"}}


@pytest.mark.parametrize("event_type", ["payment.authorized", "payment.failed", "payment.expired", "refund.queued"])
def test_mollie_tells_of_much_that_is_no_money(event_type: str) -> None:
    assert mollie(event_type, {"id": "tr_1", "paymentId": "tr_1", **euros("24.95")}).kind is Kind.OTHER


def test_all_that_mollie_tells_of_one_purchase_is_one_sale() -> None:
    sold = mollie("payment.paid", {"id": "tr_1", "mode": "live", **euros("24.95")})
    part = mollie("refund.refunded", {"id": "re_1", "paymentId": "tr_1", **euros("4.99")})
    case = {"id": "chb_1", "paymentId": "tr_1", **euros("24.95")}
    opened, undone = mollie("chargeback.received", case), mollie("chargeback.reversed", case)

    assert one_sale(sold, part).kept == Money(1996, "EUR")
    assert one_sale(sold, part, opened).state is SaleState.DISPUTED
    assert one_sale(sold, part, opened, undone).state is SaleState.PART_REFUNDED


@pytest.mark.parametrize(
    ("value", "currency", "amount"),
    [
        ("500", "JPY", Money(500, "JPY")),
        ("5.120", "KWD", Money(5120, "KWD")),
        ("24.955", "EUR", None),
        ("-24.95", "EUR", None),
        ("1e2", "EUR", None),
    ],
)
def test_mollie_amounts(value: str, currency: str, amount: Money | None) -> None:
    claim = mollie("payment.paid", {"id": "tr_1", "amount": {"value": value, "currency": currency}}).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == amount
    assert claim.amount_text == ("" if amount else f"{value} {currency}")


def test_mollie_simple_messages_must_be_asked_for() -> None:
    sold = mollie("payment.paid", None)
    assert (sold.claim, sold.needs_fetch) == (SaleClaim("tr_1", None), "GET /v2/payments/tr_1")
    for event_type, what in (("refund.refunded", "refunds"), ("chargeback.received", "chargebacks")):
        event = mollie(event_type, None, "re_1")
        assert (event.kind, event.claim) == (Kind.OTHER, None)
        assert event.needs_fetch == f"GET /v2/{what}/re_1"
        assert mollie(event_type, None, "../me").needs_fetch == ""


def test_mollie_test_mode_is_no_money() -> None:
    assert not mollie("payment.paid", {"id": "tr_1", "mode": "test", **euros("24.95")}).live
    assert mollie("hook.ping", None).kind is Kind.TEST


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (b"id=tr_7UhSN1zuXS", "tr_7UhSN1zuXS"),
        (b"id=ord_1wrsfd", "ord_1wrsfd"),
        (b"id=tr_../../v2/payments", None),
        (b"id=tr_1&id=tr_2", None),
        (b"id=", None),
        (b'{"id":"tr_1"}', None),
    ],
)
def test_mollie_classic_messages_are_hints(body: bytes, hint: str | None) -> None:
    bare = structs.replace(signed(MOLLIE, body), headers=Headers())

    expected = Rejected(Reason.HINT, hint) if hint else Rejected(Reason.SIGNATURE_MISSING)
    assert MOLLIE.judge(bare, KEYS, NOW) == expected


def test_a_hint_with_a_wrong_signature_is_a_forgery() -> None:
    forged = structs.replace(signed(MOLLIE, b"id=tr_2"), body=b"id=tr_7UhSN1zuXS")

    assert rejected(judge(MOLLIE, forged)).reason is Reason.SIGNATURE_MISMATCH


@pytest.mark.parametrize("bent", ["sha256={0}x", "SHA256={0}", "sha256=sha256={0}", "sha512={0}", "sha256= {0}"])
def test_mollie_signatures_have_one_prefix_or_none(bent: str) -> None:
    request = practice(MOLLIE)
    right = (request.headers.only("X-Mollie-Signature") or "").removeprefix("sha256=")

    assert isinstance(judge(MOLLIE, with_header(request, "X-Mollie-Signature", right)), Accepted)
    assert rejected(judge(MOLLIE, with_header(request, "X-Mollie-Signature", bent.format(right))))


def test_a_refund_of_mollies_that_failed_after_all_is_none() -> None:
    """`refund.failed` is among the events of mollie/openapi; a customer's account may be closed."""
    euro = {"currency": "EUR", "value": "5.95"}
    sold = mollie("payment.paid", {"id": "tr_1", "status": "paid", "amount": euro | {"value": "20.00"}})
    back = mollie("refund.refunded", {"id": "re_1", "paymentId": "tr_1", "amount": euro}, "re_1")
    failed = mollie("refund.failed", {"id": "re_1", "paymentId": "tr_1", "amount": euro}, "re_1")

    assert one_sale(sold, back).kept == Money(1_405, "EUR")
    assert one_sale(sold, back, failed).kept == one_sale(sold, failed).kept == Money(2_000, "EUR")
