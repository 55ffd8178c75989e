"""Senders whose marks are nowhere ordinary: the items of a body, a field of a form, a shown token."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim, SaleState
from shopwatch.domain.source import Secrets
from shopwatch.domain.verdict import Accepted, Reason
from shopwatch.providers.describe import describe
from shopwatch.providers.provider import Provider
from tests.providers.cases import (
    BY_ID,
    NOW,
    URL,
    accepted,
    judge,
    judged,
    one_sale,
    practice,
    rejected,
    secret_of,
    signed,
)

ADYEN, GUMROAD, KOFI, COFFEE, PAYNOW_ZW = (
    BY_ID[name] for name in ("adyen", "gumroad", "kofi", "buymeacoffee", "paynow-zw")
)
FIELDS = {"Content-Type": "application/x-www-form-urlencoded"}


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

    assert accepted(judge(ADYEN, request)).claim == SaleClaim("a:order:1", Money(2_599, "EUR"))
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

    assert event.claim == SaleClaim("P1", Money(2_599, "EUR"))
    assert event.links == ("P1",)


@pytest.mark.parametrize("code", ["CANCELLATION", "CANCEL_OR_REFUND", "TECHNICAL_CANCEL"])
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


def fields_of(provider: Provider, fields: dict[str, str]) -> Event:
    return judged(provider, urlencode(fields).encode(), **FIELDS)


PING = {
    "sale_id": "S1==",
    "product_name": "Brush pack",
    "price": "2000",
    "currency": "usd",
    "quantity": "3",
    "sale_timestamp": "2026-11-24T06:39:58Z",
}


def test_gumroads_own_ping_is_of_sales() -> None:
    event = fields_of(GUMROAD, PING | {"full_name": "Mia", "order_number": "77"})

    assert (event.id, event.type, event.kind) == ("S1==:sale", "sale", Kind.SALE)
    assert isinstance(event.claim, SaleClaim)
    assert (event.claim.number, event.claim.items) == ("77", (Item("Brush pack", 3, None),))


@pytest.mark.parametrize(
    "kind", ["cancellation", "subscription_updated", "subscription_ended", "subscription_restarted"]
)
def test_what_gumroad_tells_of_subscriptions_is_no_money(kind: str) -> None:
    assert fields_of(GUMROAD, PING | {"resource_name": kind}).kind is Kind.OTHER


def test_gumroads_disputes_are_won() -> None:
    won = fields_of(GUMROAD, PING | {"resource_name": "dispute_won", "disputed": "true", "dispute_won": "true"})

    assert won.claim == DisputeClaim("S1==", Money(2_000, "USD"), "S1==", DisputeState.WON)


def test_gumroads_refunds_may_be_of_a_part_which_its_api_knows() -> None:
    event = fields_of(GUMROAD, PING | {"resource_name": "refund", "refunded": "true"})

    assert event.claim == RefundClaim("S1==", Money(2_000, "USD"), "S1==")
    assert event.needs_fetch == "GET /v2/sales/S1%3D%3D"
    assert fields_of(GUMROAD, PING | {"resource_name": "refund", "test": "true"}).kind is Kind.TEST


def test_a_field_of_the_sellers_own_cannot_take_the_place_of_gumroads() -> None:
    """Custom fields stand among the others, under whatever name the seller gave them."""
    body = urlencode([("seller_id", secret_of(GUMROAD)), *PING.items(), ("price", "1")]).encode()

    event = accepted(judge(GUMROAD, Request("POST", URL, Headers.of(FIELDS), body)))

    assert event.unreadable
    assert event.claim is None


def kofi(**data: Any) -> Event:
    told = {"message_id": "M1", "type": "Donation", "kofi_transaction_id": "T1", "amount": "3.00", "currency": "USD"}
    return judged(KOFI, urlencode({"data": json.dumps(told | data)}).encode(), **FIELDS)


def test_kofis_samples_are_no_money() -> None:
    assert kofi().live
    sample = kofi(kofi_transaction_id="00000000-1111-2222-3333-444444444444")
    assert (sample.kind, sample.live) == (Kind.SALE, False)


def test_kofis_token_may_stand_in_one_place_alone() -> None:
    token = json.dumps({"verification_token": secret_of(KOFI)})
    wrong = json.dumps({"verification_token": "wrong"})
    for body in (
        urlencode([("data", wrong), ("data", token)]),
        urlencode([("data", token), ("data", wrong)]),
        urlencode({"verification_token": secret_of(KOFI)}),
        urlencode({"data": f'{{"verification_token":"wrong","verification_token":"{secret_of(KOFI)}"}}'}),
        urlencode({"data": json.dumps({"verification_token": [secret_of(KOFI)]})}),
        urlencode({"data": "null"}),
        token,
    ):
        assert rejected(judge(KOFI, Request("POST", URL, Headers.of(FIELDS), body.encode())))


def test_kofis_token_is_not_kept() -> None:
    request = practice(KOFI)
    verdict = judge(KOFI, request)

    kept = KOFI.kept(request, verdict, {})

    assert secret_of(KOFI).encode() not in kept.body.replace(b"%3D", b"=")
    assert KOFI.reads(kept) | {"verification_token": ""} == KOFI.reads(request) | {"verification_token": ""}


def coffee(event_type: str, **data: Any) -> Event:
    body = {"type": event_type, "live_mode": True, "created": 1_795_499_997, "event_id": 101}
    return judged(COFFEE, json.dumps(body | {"data": {"id": 58, "amount": 5, "currency": "USD"} | data}).encode())


@pytest.mark.parametrize(
    ("sent", "minor"), [(5, 500), (5.5, 550), ("5.45", 545), (0.1, 10), (5.555, None), (True, None), (-5, None)]
)
def test_a_coffee_costs_a_number_of_whole_units(sent: Any, minor: int | None) -> None:
    claim = coffee("donation.created", amount=sent).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == (None if minor is None else Money(minor, "USD"))


def test_numbers_of_one_family_are_not_those_of_another() -> None:
    donation, extra = coffee("donation.created"), coffee("extra_purchase.created")
    back = coffee("extra_purchase.refunded", transaction_id="pi_1")

    assert donation.claim is not None
    assert extra.claim is not None
    assert (donation.claim.order_id, extra.claim.order_id) == ("58", "extra_purchase:58")
    assert back.claim == RefundClaim("extra_purchase:58", Money(500, "USD"), "extra_purchase:58")
    assert back.links == ("pi_1",)
    assert coffee("membership.started").kind is Kind.OTHER


STATUS = {"reference": "INV 1", "paynowreference": "1,918,273", "amount": "45.50", "status": "Paid"}


def in_harare(fields: dict[str, str], options: dict[str, str]) -> Event:
    request = signed(PAYNOW_ZW, urlencode(fields).encode(), **FIELDS)
    return accepted(PAYNOW_ZW.judge(request, Secrets((secret_of(PAYNOW_ZW),)), NOW, options))


def test_an_amount_without_a_currency_is_shown_and_not_counted() -> None:
    for status, kind in (("Paid", "sale"), ("Refunded", "refund"), ("Disputed", "dispute")):
        event = in_harare(STATUS | {"status": status}, {})
        told = describe(PAYNOW_ZW, "", Accepted(event))[kind]

        assert event.claim is not None
        assert (event.claim.amount, event.claim.amount_text) == (None, "45.50")
        assert (told["amount_minor"], told["currency"]) == (4_550, None)


def test_the_currency_is_what_the_owner_says() -> None:
    event = in_harare(STATUS, {"currency": "ZWG"})
    unknown = in_harare(STATUS, {"currency": "dollars"})

    assert event.claim == SaleClaim("INV 1", Money(4_550, "ZWG"))
    assert event.links == ("1918273",)
    assert event.id == "1918273:Paid"
    assert isinstance(unknown.claim, SaleClaim)
    assert (unknown.claim.amount, unknown.claim.amount_text) == (None, "45.50 dollars")


def test_one_payment_is_one_sale_whatever_its_status() -> None:
    events = [in_harare(STATUS | {"status": each}, {}) for each in ("Paid", "Awaiting Delivery", "Delivered")]

    assert {event.kind for event in events} == {Kind.SALE}
    assert len({event.id for event in events}) == 3
    for status in ("Created", "Sent", "Cancelled", "Ok"):
        assert in_harare(STATUS | {"status": status}, {}).kind is Kind.OTHER


def test_every_value_of_the_form_counts_and_the_hash_comes_once() -> None:
    request = signed(PAYNOW_ZW, urlencode(STATUS).encode(), **FIELDS)
    right = request.body.rpartition(b"&hash=")[2]

    def bent(change: Callable[[bytes], bytes]) -> Reason:
        return rejected(judge(PAYNOW_ZW, replace(request, body=change(request.body)))).reason

    assert bent(lambda body: body.replace(b"45.50", b"95.50")) is Reason.SIGNATURE_MISMATCH
    assert bent(lambda body: body.replace(b"Paid", b"Sent")) is Reason.SIGNATURE_MISMATCH
    assert bent(lambda body: body + b"&more=1") is Reason.SIGNATURE_MISMATCH
    assert bent(lambda body: body + b"&HASH=" + right) is Reason.SIGNATURE_MALFORMED
    assert bent(lambda body: body.replace(right, right.lower())) is Reason.SIGNATURE_MALFORMED
    assert bent(lambda body: body.replace(right, right[:-1])) is Reason.SIGNATURE_MALFORMED
    assert bent(lambda body: body.replace(right, b"")) is Reason.SIGNATURE_MALFORMED
    assert bent(lambda body: body.replace(b"&hash=", b"&has=")) is Reason.SIGNATURE_MISSING
    assert bent(lambda _: b"%ff=1&hash=" + right) is Reason.SIGNATURE_MISSING
