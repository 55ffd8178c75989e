"""What Adyen tells in the items of a body, each of which is signed."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim, SaleState
from tests.providers.cases import BY_ID, URL, accepted, judge, judged, one_sale, practice, rejected, signed

ADYEN = BY_ID["adyen"]


def item(code: str, success: str = "true", **others: Any) -> dict[str, Any]:
    return {
        "amount": {"currency": "EUR", "value": 2_599},
        "eventCode": code,
        "eventDate": "2026-11-24T07:39:55+01:00",
        "merchantAccountCode": "Bloom",
        "merchantReference": "order-1",
        "pspReference": "P2" if "originalReference" in others else "P1",
        "success": success,
    } | others


def adyen(*items: dict[str, Any], live: str = "true") -> Event:
    body = {"live": live, "notificationItems": [{"NotificationRequestItem": each} for each in items]}
    return judged(ADYEN, json.dumps(body).encode())


def test_every_item_of_adyens_must_be_signed() -> None:
    body = {"live": "true", "notificationItems": [{"NotificationRequestItem": item("AUTHORISATION")}] * 2}
    request = signed(ADYEN, json.dumps(body).encode())
    whole = json.loads(request.body)
    second = whole["notificationItems"][1]["NotificationRequestItem"]
    second["amount"]["value"] = 99_999
    forged = replace(request, body=json.dumps(whole).encode())
    del second["additionalData"]
    unsigned = replace(request, body=json.dumps(whole).encode())
    whole["notificationItems"][1] = {"Other": second}
    hidden = replace(request, body=json.dumps(whole).encode())

    assert accepted(judge(ADYEN, request)).unreadable, "two at once cannot be counted as one"
    assert rejected(judge(ADYEN, forged)).reason is Reason.SIGNATURE_MISMATCH
    assert rejected(judge(ADYEN, unsigned)).reason is Reason.SIGNATURE_MISSING
    assert rejected(judge(ADYEN, hidden)).reason is Reason.SIGNATURE_MISSING


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"notificationItems":[]}', b'{"notificationItems":{}}', b"\xff"])
def test_nothing_signed_is_nothing_of_adyens(body: bytes) -> None:
    assert rejected(judge(ADYEN, Request("POST", URL, Headers(), body))).reason is Reason.SIGNATURE_MISSING


@pytest.mark.parametrize(
    "path",
    [
        ("pspReference",),
        ("merchantAccountCode",),
        ("merchantReference",),
        ("amount", "value"),
        ("amount", "currency"),
        ("eventCode",),
        ("success",),
    ],
)
def test_all_that_adyen_signs_counts(path: tuple[str, ...]) -> None:
    request = practice(ADYEN)
    changes: tuple[Any, ...] = ("x", 1, None, True, [], "")
    for changed in changes:
        whole = json.loads(request.body)
        place = whole["notificationItems"][0]["NotificationRequestItem"]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = changed
        forged = replace(request, body=json.dumps(whole).encode())

        assert rejected(judge(ADYEN, forged)).reason is Reason.SIGNATURE_MISMATCH


def test_adyens_text_can_be_read_in_one_way_alone() -> None:
    """Nothing but colons parts its fields; only the shop's own reference may hold some."""
    fields = {"merchantAccountCode": "Bloom", "merchantReference": "a:order:1"}
    request = signed(
        ADYEN,
        json.dumps({"notificationItems": [{"NotificationRequestItem": item("AUTHORISATION", **fields)}]}).encode(),
    )
    moved = request.body.replace(b'"Bloom"', b'"Bloom:a"').replace(b'"a:order:1"', b'"order:1"')

    assert accepted(judge(ADYEN, request)).claim == SaleClaim("a:order:1", Money(2_599, "EUR"), payment="P1")
    assert rejected(judge(ADYEN, replace(request, body=moved))).reason is Reason.SIGNATURE_MISMATCH


def test_what_failed_at_adyen_is_told_apart_and_counts_nothing() -> None:
    failed, later = adyen(item("AUTHORISATION", "false")), adyen(item("AUTHORISATION"))

    assert (failed.kind, failed.id) == (Kind.OTHER, "AUTHORISATION:P1:failed")
    assert (later.kind, later.id) == (Kind.SALE, "AUTHORISATION:P1")
    for code in ("REFUND", "CANCELLATION", "CAPTURE", "CHARGEBACK"):
        assert adyen(item(code, "false", originalReference="P1")).claim is None


@pytest.mark.parametrize("code", ["REFUND_FAILED", "REFUNDED_REVERSED"])
def test_a_refund_that_fails_at_adyen_counts_no_more(code: str) -> None:
    paid = adyen(item("AUTHORISATION"))
    given, failed = adyen(item("REFUND", originalReference="P1")), adyen(item(code, originalReference="P1"))

    assert one_sale(paid, given).given_back == Money(2_599, "EUR")
    sale = one_sale(paid, given, failed)
    assert (sale.state, sale.given_back, sale.kept) == (SaleState.PAID, None, Money(2_599, "EUR"))


def test_adyens_capture_belongs_to_its_authorisation() -> None:
    event = adyen(item("CAPTURE", originalReference="P1", merchantReference=""))

    assert event.claim == SaleClaim("P1", Money(2_599, "EUR"), payment="P1")
    assert event.links == ("P1",)


def test_an_order_may_be_paid_by_several_payments() -> None:
    gift_card = adyen(item("AUTHORISATION", amount={"currency": "EUR", "value": 1_000}))
    card = adyen(item("AUTHORISATION", pspReference="P7"))
    captured = adyen(item("CAPTURE", originalReference="P7"))

    assert one_sale(gift_card, card, captured).amount == Money(3_599, "EUR")


def test_what_is_cancelled_or_given_back_in_one_names_its_amount() -> None:
    """The message of adyen-java-api-library's tests (bca8a14b) holds the whole amount of the payment."""
    paid, undone = adyen(item("AUTHORISATION")), adyen(item("CANCEL_OR_REFUND", originalReference="P1"))
    nothing = item("CANCEL_OR_REFUND", originalReference="P1") | {"amount": {"currency": "EUR", "value": 0}}

    sale = one_sale(paid, undone)
    assert (sale.state, sale.given_back, sale.kept) == (SaleState.REFUNDED, Money(2_599, "EUR"), None)
    assert one_sale(paid, adyen(nothing)).state is SaleState.REFUNDED


@pytest.mark.parametrize("code", ["CANCELLATION", "TECHNICAL_CANCEL"])
def test_a_payment_that_is_cancelled_is_given_back_whole(code: str) -> None:
    assert adyen(item(code, originalReference="P1")).claim == RefundClaim("order-1", None, "P2")


@pytest.mark.parametrize(
    ("code", "dispute", "state"),
    [
        ("NOTIFICATION_OF_CHARGEBACK", "P2", DisputeState.OPEN),
        ("CHARGEBACK", "P2", DisputeState.OPEN),
        ("CHARGEBACK_REVERSED", "P2", DisputeState.WON),
        ("SECOND_CHARGEBACK", "P2:second", DisputeState.LOST),
        ("PREARBITRATION_LOST", "P2:prearbitration", DisputeState.LOST),
    ],
)
def test_adyens_disputes_open_and_close(code: str, dispute: str, state: DisputeState) -> None:
    event = adyen(item(code, originalReference="P1"))

    assert event.claim == DisputeClaim("order-1", Money(2_599, "EUR"), dispute, state)


@pytest.mark.parametrize(
    ("value", "currency", "money"),
    [
        (1_000, "CLP", Money(10, "CLP")),
        (1_050, "CLP", None),
        (7, "IDR", Money(700, "IDR")),
        (500, "ISK", Money(5, "ISK")),
        (500, "JPY", Money(500, "JPY")),
    ],
)
def test_adyen_counts_some_currencies_its_own_way(value: int, currency: str, money: Money | None) -> None:
    claim = adyen(item("AUTHORISATION", amount={"currency": currency, "value": value})).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == money


def test_adyen_says_whether_it_is_for_real_and_wants_a_word_back() -> None:
    assert not adyen(item("AUTHORISATION"), live="false").live
    verdict = judge(ADYEN, practice(ADYEN))
    assert isinstance(verdict, Accepted)
    assert verdict.answer.body == b"[accepted]"
