"""Authorize.Net tells the transaction that its messages only name, and the merchant's currency.

Facts: authorizenet 1.1.6 (AnetApiSchema.xsd: transactionDetailsType, getMerchantDetailsResponse).
"""

import json
from typing import Any

import pytest

from shopwatch.domain.instant import DAY
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, Place
from shopwatch.providers.apis.authorize_net import AUTHORIZE_NET_API
from tests.providers.apis.fetching import fetched
from tests.providers.played import AT, play, thin

KEY = "login:transaction-key"
CALL = "getTransactionDetailsRequest /transactions/400"
REFUND = Event("e-2", "x", Kind.REFUND, AT, needs_fetch=CALL)
VOID = Event("e-3", "x", Kind.OTHER, AT, needs_fetch=CALL)
SOLD = {
    "transId": "400",
    "transactionType": "authCaptureTransaction",
    "transactionStatus": "capturedPendingSettlement",
    "settleAmount": 21.98,
    "order": {"invoiceNumber": "R-1"},
    "customer": {"email": "maya@example.com"},
    "billTo": {"firstName": "Maya", "lastName": "Lindqvist"},
    "lineItems": [{"name": "Peonies", "quantity": 2.0, "unitPrice": 10.99}],
}


def marked(body: dict[str, Any]) -> ApiResponse:
    """Answers begin with a byte order mark."""
    return ApiResponse(200, {}, b"\xef\xbb\xbf" + json.dumps({"messages": {"resultCode": "Ok"}} | body).encode())


def failed(code: str) -> ApiResponse:
    return marked({"messages": {"resultCode": "Error", "message": [{"code": code, "text": "no"}]}})


def asked(event: Event, *currencies: str, **more: Any) -> list[Any]:
    answers = [marked({"transaction": SOLD | more}), marked({"currencies": list(currencies)})]
    return [each.claim for each in fetched(AUTHORIZE_NET_API, event, answers, KEY).result]


def test_the_transaction_says_who_bought_what_and_the_merchant_in_which_currency() -> None:
    played = fetched(
        AUTHORIZE_NET_API, thin("400", CALL), [marked({"transaction": SOLD}), marked({"currencies": ["USD"]})], KEY
    )
    assert played.urls == ["https://api.authorize.net/xml/v1/request.api"] * 2
    question = json.loads(played.requests[0].body)["getTransactionDetailsRequest"]
    # The schema is a sequence: who asks comes first.
    assert list(question) == ["merchantAuthentication", "transId"]
    [meaning] = played.result
    sale = meaning.claim
    assert (sale.amount, sale.number, sale.name, sale.email) == (
        *(Money(2_198, "USD"), "R-1", "Maya Lindqvist"),
        "maya@example.com",
    )
    assert (sale.items, meaning.live) == ((Item("Peonies", 2, Money(1_099, "USD")),), True)


def test_of_several_currencies_none_is_guessed() -> None:
    for currencies in ((), ("USD", "CAD"), ("dollars",)):
        [sale] = asked(thin("400", CALL), *currencies)
        assert (sale.amount, sale.amount_text[:5]) == (None, "21.98")


def test_a_refund_finds_its_sale_and_what_is_undone_is_given_back() -> None:
    back = {"transId": "400", "refTransId": "399", "transactionType": "refundTransaction", "settleAmount": 5}
    assert asked(REFUND, "USD", **back) == [RefundClaim("399", Money(500, "USD"), "400")]
    [undone] = asked(VOID, "USD", **back, transactionStatus="voided")
    assert (undone.order_id, undone.refund_id, undone.failed) == ("399", "400", True)
    assert asked(VOID, "USD", transactionStatus="voided") == [RefundClaim("400", None, "400")]
    assert asked(VOID, "USD") == []


def test_a_transaction_that_failed_is_no_sale() -> None:
    assert asked(thin("400", CALL), "USD", transactionStatus="declined") == []


def test_an_account_of_the_sandbox_is_asked_there_and_does_not_count() -> None:
    answers = [failed("E00007"), marked({"transaction": SOLD}), marked({"currencies": ["USD"]})]
    played = fetched(AUTHORIZE_NET_API, thin("400", CALL), answers, KEY)
    assert played.urls[1:] == ["https://apitest.authorize.net/xml/v1/request.api"] * 2
    assert [each.live for each in played.result] == [False]


@pytest.mark.parametrize(
    ("code", "problem"),
    [("E00040", ApiProblem.NOT_FOUND), ("E00011", ApiProblem.KEY_NARROW), ("E99999", ApiProblem.UNREADABLE)],
)
def test_problems_are_answered_as_if_all_were_well(code: str, problem: ApiProblem) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(AUTHORIZE_NET_API, thin("400", CALL), [failed(code)], KEY)
    assert failure.value.problem is problem


def line(number: str, status: str) -> dict[str, Any]:
    return {
        "transId": number,
        "transactionStatus": status,
        "settleAmount": 21.98,
        "submitTimeUTC": "2026-11-24T00:00:00Z",
    }


def test_a_list_tells_sales_what_was_undone_and_of_which_sale_a_refund_is() -> None:
    """A line of it names no sale that a refund is of (transactionSummaryType), so the refund itself is asked."""
    states = ("capturedPendingSettlement", "voided", "refundPendingSettlement", "authorizedPendingCapture", "declined")
    lines = [line(str(number), status) for number, status in enumerate(states, 400)]
    back = SOLD | {"transId": "402", "refTransId": "399", "transactionType": "refundTransaction", "settleAmount": 5}
    answers = [marked({"transactions": lines}), marked({"currencies": ["USD"]}), marked({"transaction": back})]
    assert AUTHORIZE_NET_API.missed is not None

    page = play(AUTHORIZE_NET_API.missed(Place(AT - DAY, at=AT), KEY, {}), answers).result

    claims = [each.event.claim for each in page.listed]
    assert [(type(each).__name__, each.order_id) for each in claims if each] == [
        ("SaleClaim", "400"),
        ("RefundClaim", "401"),
        ("RefundClaim", "399"),
    ]
    assert claims[1:] == [RefundClaim("401", None, "401"), RefundClaim("399", Money(500, "USD"), "402")]
    assert (page.more, page.mark) == (True, f"settled/{(AT - DAY) // 1000}/0/1")


def test_batches_are_asked_for_a_month_at_a_time() -> None:
    assert AUTHORIZE_NET_API.missed is not None
    place = Place(AT - 40 * DAY, at=AT, mark=f"settled/{(AT - 40 * DAY) // 1000}/0/1")
    page = play(AUTHORIZE_NET_API.missed(place, KEY, {}), [marked({})]).result
    assert (page.more, page.mark) == (True, f"settled/{(AT - 10 * DAY) // 1000}/0/1")
    last = play(AUTHORIZE_NET_API.missed(Place(AT - 40 * DAY, at=AT, mark=page.mark), KEY, {}), [marked({})]).result
    assert not last.more
