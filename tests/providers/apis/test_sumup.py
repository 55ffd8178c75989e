"""SumUp tells what became of a checkout and of a transaction, and lists what changed. The shapes are those of
sumup/sumup-openapi d5acd92: `CheckoutSuccess`, `TransactionFull`, `TransactionHistory`, `Membership`,
`ReaderCheckoutStatusChange`."""

import json
from typing import Any

import pytest

from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, RefundClaim, SaleClaim, SaleState
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, Place
from shopwatch.providers.apis.sumup import SUMUP_API
from tests.providers.apis.fetching import fetched, only
from tests.providers.cases import BY_ID, judged, one_sale
from tests.providers.played import AT, KEY, Played, answer, hint, play, thin

CHECKOUT = b'{"id": "c-1", "checkout_reference": "R-7", "amount": 10.10, "currency": "EUR", "status": "PAID"}'
PAID = {
    "id": "c-1",
    "checkout_reference": "R-7",
    "amount": 10.1,
    "currency": "EUR",
    "merchant_code": "MH4H92C7",
    "status": "PAID",
    "transaction_id": "t-1",
    "transaction_code": "TEENSK4W2K",
    "transactions": [
        {"id": "t-0", "transaction_code": "TEENSK4W2J", "status": "FAILED"},
        {"id": "t-1", "transaction_code": "TEENSK4W2K", "status": "SUCCESSFUL", "amount": 10.1, "currency": "EUR"},
    ],
}
MEMBERS = {"items": [{"resource_id": "MH4H92C7", "type": "merchant", "status": "accepted"}], "total_count": 1}


def sold(**said: Any) -> dict[str, Any]:
    told = {"transaction_id": "t-1", "transaction_code": "TEENSK4W2K", "type": "PAYMENT", "status": "SUCCESSFUL"}
    at = {"timestamp": "2026-11-24T12:00:00.876Z"}
    return told | at | {"amount": 10.1, "currency": "EUR", "refunded_amount": 0} | said


def listed(*lines: dict[str, Any]) -> list[Event]:
    return [
        each.event
        for each in look([answer(MEMBERS), answer({"items": list(lines), "links": []}), answer(MEMBERS)]).result.listed
    ]


def look(answers: Any, mark: str = "") -> Played[Any]:
    assert SUMUP_API.missed is not None
    return play(SUMUP_API.missed(Place(AT - HOUR, mark=mark), KEY, {}), answers)


def test_sumup_tells_a_checkout_of_an_event_and_of_a_hint() -> None:
    for event in (thin("c-1", "GET /v0.1/checkouts/c-1"), hint("c-1")):
        played = fetched(SUMUP_API, event, [answer(CHECKOUT)])
        assert played.urls == ["https://api.sumup.com/v0.1/checkouts/c-1"]
        assert (only(played).amount, only(played).number) == (Money(1_010, "EUR"), "R-7")
        assert played.result[0].kind is Kind.SALE
    assert fetched(SUMUP_API, hint("c-1"), [answer(CHECKOUT.replace(b"PAID", b"PENDING"))]).result == ()


def test_a_checkout_and_its_transaction_are_one_sale() -> None:
    """The history does not name the checkout; the checkout names its transaction."""
    told = thin("c-1", "GET /v0.1/checkouts/c-1")
    [fuller] = fetched(SUMUP_API, told, [answer(PAID)]).result
    sale = one_sale(told, fuller.event("f1", "x"), *listed(sold(refunded_amount=4, status="REFUNDED")))

    assert (sale.kept, sale.state) == (Money(610, "EUR"), SaleState.PART_REFUNDED)
    assert "t-0" not in fuller.links


def test_of_a_checkout_that_was_given_back_the_history_tells_how_much() -> None:
    back = PAID | {"transactions": [{"id": "t-1", "transaction_code": "TEENSK4W2K", "status": "REFUNDED"}]}
    line = sold(status="REFUNDED", refunded_amount=2.5)
    played = fetched(SUMUP_API, hint("c-1"), [answer(back), answer({"items": [line]})])

    assert played.urls[1] == (
        "https://api.sumup.com/v2.1/merchants/MH4H92C7/transactions/history?transaction_code=TEENSK4W2K"
    )
    assert one_sale(*(each.event(str(n), "x") for n, each in enumerate(played.result))).kept == Money(760, "EUR")


def reader(**said: Any) -> Event:
    payload = {"client_transaction_id": "3fa8-1", "merchant_code": "MH4H92C7", "status": "successful"} | said
    body = {"id": "evt_1", "event_type": "solo.transaction.updated", "timestamp": "2026-11-24T12:00:00Z"}
    return judged(BY_ID["sumup"], json.dumps(body | {"payload": payload}).encode())


FULL = {
    "id": "t-1",
    "transaction_code": "TEENSK4W2K",
    "client_transaction_id": "3fa8-1",
    "status": "SUCCESSFUL",
    "amount": 7,
    "currency": "EUR",
    "products": [{"name": "Peony bunch", "quantity": 2, "price": 3.5}],
}


def test_a_payment_on_a_card_reader_is_asked_for_and_found_in_the_history() -> None:
    event = reader()
    played = fetched(SUMUP_API, event, [answer(FULL)])
    assert played.urls == ["https://api.sumup.com/v2.1/merchants/MH4H92C7/transactions?client_transaction_id=3fa8-1"]
    sale = one_sale(event, *(each.event("f1", "x") for each in played.result), *listed(sold(amount=7)))
    assert (sale.kept, sale.items[0].name, sale.items[0].qty) == (Money(700, "EUR"), "Peony bunch", 2)

    hinted = fetched(SUMUP_API, hint("MH4H92C7/3fa8-1"), [answer(FULL)])
    assert (hinted.urls, only(hinted).amount) == (played.urls, Money(700, "EUR"))
    assert reader(status="failed").kind is Kind.OTHER
    assert one_sale(reader(transaction_id="t-1"), *listed(sold())).amount == Money(1_010, "EUR")


@pytest.mark.parametrize(
    ("line", "claims"),
    [
        (sold(), [SaleClaim("t-1", Money(1_010, "EUR"), "TEENSK4W2K")]),
        (sold(status="FAILED"), []),
        (sold(status="PENDING"), []),
        (sold(status="CANCELLED"), []),
        (sold(type="REFUND", amount=4), []),
        (
            sold(status="REFUNDED", refunded_amount=10.10),
            [
                SaleClaim("t-1", Money(1_010, "EUR"), "TEENSK4W2K"),
                RefundClaim("t-1", Money(1_010, "EUR"), "t-1", cumulative=True),
            ],
        ),
        (
            sold(status="REFUNDED", refunded_amount=None),
            [SaleClaim("t-1", Money(1_010, "EUR"), "TEENSK4W2K"), RefundClaim("t-1", None, "t-1", partial=True)],
        ),
        (sold(type="CHARGE_BACK", transaction_id="t-9"), [DisputeClaim("t-9", Money(1_010, "EUR"), "TEENSK4W2K")]),
        (
            sold(status="CHARGE_BACK"),
            [
                SaleClaim("t-1", Money(1_010, "EUR"), "TEENSK4W2K"),
                DisputeClaim("t-1", Money(1_010, "EUR"), "TEENSK4W2K"),
            ],
        ),
        (sold(amount="ten", refunded_amount="some"), [SaleClaim("t-1", None, "TEENSK4W2K", amount_text="ten EUR")]),
        (sold(amount=-1), [SaleClaim("t-1", None, "TEENSK4W2K", amount_text="-1 EUR")]),
        (sold(amount=0), []),
    ],
)
def test_the_history_lists_what_was_paid_and_given_back(line: dict[str, Any], claims: list[Any]) -> None:
    assert [each.claim for each in listed(line)] == claims


def test_a_chargeback_finds_its_payment_by_the_code() -> None:
    assert one_sale(*listed(sold(), sold(type="CHARGE_BACK", transaction_id="t-9"))).state is SaleState.DISPUTED


def test_every_merchant_of_a_key_is_asked_page_by_page() -> None:
    members = {
        "items": [
            {"resource_id": "MB", "type": "merchant", "status": "accepted"},
            {"resource_id": "MA", "type": "merchant", "status": "accepted"},
            {"resource_id": "MC", "type": "merchant", "status": "pending"},
            {"resource_id": "G0", "type": "organization", "status": "accepted"},
        ]
    }
    more = {"items": [sold()], "links": [{"rel": "next", "href": "limit=100&oldest_ref=t-1&order=ascending"}]}
    first = look([answer(members), answer(more)])
    assert (first.result.mark, first.result.more) == ("MA?limit=100&oldest_ref=t-1&order=ascending", True)
    rest = look([answer({"items": [], "links": []}), answer(members)], first.result.mark)
    assert rest.urls[0] == (
        "https://api.sumup.com/v2.1/merchants/MA/transactions/history?limit=100&oldest_ref=t-1&order=ascending"
    )
    assert (rest.result.mark, rest.result.more) == ("MB", True)
    last = look([answer(members), answer({"items": []}), answer(members)], rest.result.mark)
    assert "/MB/" in last.urls[1]
    assert (last.result.mark, last.result.more) == ("", False)


@pytest.mark.parametrize(
    "answers",
    [
        [answer(MEMBERS), answer({"items": [{}]})],
        [answer(MEMBERS), answer({"items": [{"type": "PAYMENT", "status": "SUCCESSFUL"}]})],
        [answer(MEMBERS), answer({"items": [sold(status=None)]})],
        [answer(MEMBERS), answer({"items": [], "links": "next"})],
        [answer(MEMBERS), answer({"links": []})],
        [answer({"items": [{"type": "merchant", "status": "accepted"}]})],
        [answer([])],
    ],
)
def test_what_is_no_history_is_refused(answers: list[ApiResponse]) -> None:
    with pytest.raises(ApiFailure) as failure:
        look(answers)
    assert failure.value.problem is ApiProblem.UNREADABLE


def test_a_page_that_leads_to_itself_is_refused() -> None:
    again = {"items": [], "links": [{"rel": "next", "href": "limit=1"}]}
    with pytest.raises(ApiFailure):
        look([answer(again)], "MA?limit=1")


def test_a_key_of_no_merchant_says_so() -> None:
    with pytest.raises(ApiFailure) as failure:
        look([answer({"items": [], "total_count": 0})])
    assert failure.value.problem is ApiProblem.KEY_NARROW
