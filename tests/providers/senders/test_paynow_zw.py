"""What Paynow of Zimbabwe tells: amounts without a currency, and a hash over every value."""

from collections.abc import Callable
from urllib.parse import urlencode

from msgspec.structs import replace

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import SaleClaim
from shopwatch.domain.source import Secrets
from shopwatch.domain.verdict import Accepted, Reason
from shopwatch.providers.describe import describe
from tests.providers.cases import BY_ID, NOW, accepted, judge, rejected, secret_of, signed
from tests.providers.senders.said import FORM

PAYNOW_ZW = BY_ID["paynow-zw"]


STATUS = {"reference": "INV 1", "paynowreference": "1,918,273", "amount": "45.50", "status": "Paid"}


def in_harare(fields: dict[str, str], options: dict[str, str]) -> Event:
    request = signed(PAYNOW_ZW, urlencode(fields).encode(), **FORM)
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
    request = signed(PAYNOW_ZW, urlencode(STATUS).encode(), **FORM)
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
