"""What Paynow of Zimbabwe tells: a hash over every value and no name, so what it says counts once Paynow was asked."""

import hashlib
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.messages.verdict import Accepted, Reason
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, Part, RefundClaim, SaleClaim, SaleState, fold
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse
from shopwatch.providers.apis.paynow_zw import PAYNOW_ZW_API
from shopwatch.providers.kit.reading import Meaning
from shopwatch.providers.verdict_text import describe
from tests.providers.cases import BY_ID, NOW, accepted, judge, rejected, secret_of, signed
from tests.providers.played import Played, play
from tests.providers.senders.said import FORM

PAYNOW_ZW = BY_ID["paynow-zw"]
POLL = "https://www.paynow.co.zw/Interface/CheckPayment/?guid=aaaaaaaa-0000-4000-8000-000000000001"
STATUS = {
    "reference": "INV 1535021",
    "paynowreference": "1535021",
    "amount": "45.50",
    "status": "Paid",
    "pollurl": POLL,
}


def in_harare(fields: dict[str, str], options: Options) -> Event:
    request = signed(PAYNOW_ZW, urlencode(fields).encode(), **FORM)
    return accepted(PAYNOW_ZW.judge(request, Secrets((secret_of(PAYNOW_ZW),)), NOW, options))


def hashed(fields: dict[str, str], key: str) -> bytes:
    """An answer as the paynow package of PyPI (1.0.8) makes and checks the hash of it."""
    right = hashlib.sha512(("".join(fields.values()) + key.lower()).encode()).hexdigest().upper()
    return urlencode(fields | {"hash": right}).encode()


def asked(event: Event, told: dict[str, str], *, key: str | None = None) -> Played[tuple[Meaning, ...]]:
    """What comes of asking about `event`, where Paynow tells this."""
    assert PAYNOW_ZW_API.fetch is not None
    held = secret_of(PAYNOW_ZW)
    body = hashed(told, held if key is None else key)
    return play(PAYNOW_ZW_API.fetch(event, held, {"currency": "USD"}), [ApiResponse(200, {}, body)])


def books(*told: Event | Meaning) -> tuple[SaleState, Money | None, Money | None]:
    parts = [Part(str(n), "", each.occurred_at, each.claim) for n, each in enumerate(told) if each.claim is not None]
    sale = fold(parts)
    return sale.state, sale.kept, sale.given_back


def test_an_amount_without_a_currency_is_shown_and_not_counted() -> None:
    for status, kind in (("Paid", "sale"), ("Refunded", "refund"), ("Disputed", "dispute")):
        event = in_harare(STATUS | {"status": status}, {})
        told = describe(PAYNOW_ZW, "", Accepted(event))[kind]

        assert event.claim is not None
        assert (event.claim.amount, event.claim.amount_text) == (None, "45.50")
        assert (told["amount_minor"], told["currency"]) == (4_550, None)


def test_a_payment_counts_once_paynow_says_it_in_the_currency_that_the_owner_says() -> None:
    event = in_harare(STATUS, {"currency": "USD"})
    played = asked(event, STATUS | {"paynowreference": "1,535,021", "status": "Delivered"})

    assert event.links == ()
    assert event.claim == SaleClaim("INV 1535021", None, amount_text="45.50 USD", unconfirmed=True)
    assert books(event) == (SaleState.INCOMPLETE, None, None)
    assert [(each.method, each.url, each.body) for each in played.requests] == [("POST", POLL, b"")]
    [meaning] = played.result
    assert meaning.claim == SaleClaim("INV 1535021", Money(4_550, "USD"))
    assert meaning.links == ("1535021",)
    assert books(event, meaning) == (SaleState.PAID, Money(4_550, "USD"), None)


@pytest.mark.parametrize(
    "names",
    [
        # Row D16 of the attacks: the letters of one genuine message, with its own hash.
        {"reference": "INV 1535021", "paynowreference": "153502", "amount": "145.50"},
        {"reference": "INV 15350211", "paynowreference": "535021", "amount": "45.50"},
        {"reference": "INV 1535021153502", "paynowreference": "1", "amount": "45.50"},
    ],
)
def test_a_message_whose_letters_moved_brings_neither_an_amount_nor_an_order(names: dict[str, str]) -> None:
    genuine = in_harare(STATUS, {"currency": "USD"})
    bent = in_harare(STATUS | names, {"currency": "USD"})
    [right] = asked(genuine, STATUS).result

    told = asked(bent, STATUS).result

    assert [each.kind for each in told] == [Kind.NOTICE]
    assert isinstance(told[0].happening, Notice)
    assert books(bent) == (SaleState.INCOMPLETE, None, None)
    assert books(bent, genuine, right) == (SaleState.PAID, Money(4_550, "USD"), None)


def test_another_amount_than_paynow_says_never_wins_and_is_told() -> None:
    event = in_harare(STATUS | {"amount": "145.50"}, {"currency": "USD"})
    right, notice = asked(event, STATUS).result

    assert books(event, right) == (SaleState.PAID, Money(4_550, "USD"), None)
    assert isinstance(notice.happening, Notice)
    assert "145.50 USD" in str(notice.happening.text)


def test_what_was_given_back_or_disputed_stands_only_if_paynow_says_so() -> None:
    paid = in_harare(STATUS, {})
    [sold] = asked(paid, STATUS | {"status": "Refunded"}).result
    refund = in_harare(STATUS | {"status": "Refunded"}, {"currency": "USD"})
    dispute = in_harare(STATUS | {"status": "Disputed"}, {"currency": "USD"})
    assert isinstance(refund.claim, RefundClaim)
    assert isinstance(dispute.claim, DisputeClaim)

    [given] = asked(refund, STATUS | {"status": "Refunded"}).result
    [open_case] = asked(dispute, STATUS | {"status": "Disputed"}).result
    [not_given] = asked(refund, STATUS).result
    [not_open] = asked(dispute, STATUS | {"reference": "INV 2"}).result

    assert books(paid, sold, refund, dispute) == (SaleState.PAID, Money(4_550, "USD"), None)
    assert books(paid, sold, refund, given) == (SaleState.REFUNDED, None, Money(4_550, "USD"))
    assert books(paid, sold, dispute, open_case)[0] is SaleState.DISPUTED
    assert {not_given.kind, not_open.kind} == {Kind.NOTICE}
    assert books(paid, sold, refund, not_given) == (SaleState.PAID, Money(4_550, "USD"), None)
    assert books(paid, sold, dispute, not_open) == (SaleState.PAID, Money(4_550, "USD"), None)


def test_a_message_whose_letters_moved_never_passes_for_one_of_another_payment() -> None:
    """Row D16: of the genuine messages of payments 1535021 and 153502, the first bent so that it names the second, and
    both refunded."""
    for status in ("Paid", "Refunded"):
        genuine = STATUS | {"reference": "INV 7", "paynowreference": "153502", "status": status}
        bent = STATUS | {"paynowreference": "153502", "amount": "145.50", "status": status}

        assert in_harare(genuine, {}).id != in_harare(bent, {}).id
        assert in_harare(genuine, {}).id == in_harare(genuine, {"currency": "USD"}).id


def test_one_form_written_in_two_ways_is_one_message() -> None:
    written = urlencode(STATUS).encode()
    one, other = (signed(PAYNOW_ZW, each, **FORM) for each in (written, written.replace(b"INV+", b"%49NV%20")))

    assert accepted(judge(PAYNOW_ZW, one)).id == accepted(judge(PAYNOW_ZW, other)).id


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"status": "Paid"},
        STATUS | {"amount": "4.5"},
        STATUS | {"amount": "-45.50"},
        STATUS | {"amount": "1,045.50"},
        STATUS | {"more": "1"},
        dict(reversed(STATUS.items())),
    ],
)
def test_an_answer_that_is_written_otherwise_counts_nothing(told: dict[str, str]) -> None:
    event = in_harare(STATUS, {"currency": "USD"})

    with pytest.raises(ApiFailure) as failure:
        asked(event, told)

    assert failure.value.problem is ApiProblem.UNREADABLE


def test_an_answer_that_somebody_else_hashed_counts_nothing() -> None:
    with pytest.raises(ApiFailure):
        asked(in_harare(STATUS, {}), STATUS, key="another-key")


def test_nobody_else_is_asked() -> None:
    assert PAYNOW_ZW_API.may_speak_to({}) == {"www.paynow.co.zw"}
    for url in ("https://staging.paynow.co.zw/Interface/CheckPayment/?guid=1", "https://paynow.co.zw/x"):
        claim = in_harare(STATUS | {"pollurl": url}, {"currency": "USD"}).claim
        assert isinstance(claim, SaleClaim)
        assert (claim.amount, claim.amount_text, claim.unconfirmed) == (None, "45.50 USD", True)


def test_only_the_documented_names_in_their_order_and_forms_are_taken() -> None:
    """ "Status updates" lists reference, paynowreference, amount, status, pollurl and hash."""

    def refused(fields: dict[str, str]) -> Reason:
        return rejected(judge(PAYNOW_ZW, signed(PAYNOW_ZW, urlencode(fields).encode(), **FORM))).reason

    missing = [{name: said for name, said in STATUS.items() if name != left_out} for left_out in STATUS]
    odd = [{"amount": each} for each in ("045.50", "45.5", "45", "1,045.50", "-1.00", "", "४५.५०", "45.50 ")]
    odd += [{"paynowreference": each} for each in ("0153", "15a", "1,53", "", "-1", "1.5")]
    odd += [{"pollurl": each} for each in ("http://www.paynow.co.zw/x", "https://www.paynow.co.zw.evil.example/x", "")]
    for fields in [*missing, *[STATUS | each for each in odd], STATUS | {"extra": "1"}, dict(reversed(STATUS.items()))]:
        assert refused(fields) is Reason.SIGNATURE_MALFORMED
    assert in_harare(STATUS | {"tokenexpiry": "01Jan2030", "token": "t"}, {}).kind is Kind.SALE


def test_a_name_said_twice_is_refused() -> None:
    """The same letters under the same hash, with one name twice and another left out."""
    request = signed(PAYNOW_ZW, urlencode(STATUS).encode(), **FORM)
    twice = request.body.replace(b"paynowreference=", b"amount=")

    assert rejected(judge(PAYNOW_ZW, replace(request, body=twice))).reason is Reason.SIGNATURE_MALFORMED


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
