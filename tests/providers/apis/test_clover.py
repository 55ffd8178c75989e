"""Clover tells the payment that its messages only name, and lists payments and refunds (docs.clover.com: "Get all
payments", "Get all refunds for a merchant")."""

from typing import Any

import pytest

from shopwatch.domain.instant import DAY, HOUR
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim, SaleState
from shopwatch.domain.source import NO_OPTIONS, Options
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, MissedPage, Place
from shopwatch.providers.apis.clover import CLOVER_API
from tests.providers.apis.fetching import fetched
from tests.providers.cases import one_sale
from tests.providers.played import AT, Played, answer, play, thin

KEY = "M1:token"
CALL = "GET /v3/merchants/M1/payments/PAY1"
PAYMENT = {"id": "PAY1", "amount": 2_198, "result": "SUCCESS", "order": {"id": "O1", "currency": "USD"}}


def asked(**more: Any) -> list[Any]:
    played = fetched(CLOVER_API, thin("PAY1", CALL, links=("s-1",)), [answer(PAYMENT | more)], KEY)
    return [each.claim for each in played.result]


def test_clover_tells_the_amount_in_the_currency_of_the_order() -> None:
    played = fetched(CLOVER_API, thin("PAY1", CALL, links=("s-1",)), [answer(PAYMENT)], KEY)
    assert played.urls == ["https://api.clover.com/v3/merchants/M1/payments/PAY1?expand=order%2Crefunds"]
    [meaning] = played.result
    assert (meaning.claim.amount, meaning.links, meaning.live) == (Money(2_198, "USD"), ("s-1",), True)
    [sale] = asked(order={"id": "O1"})
    assert (sale.amount, sale.amount_text) == (None, "2198")


def test_what_was_given_back_or_undone_is_told() -> None:
    _, back = asked(refunds={"elements": [{"id": "R1", "amount": 500}]})
    assert back == RefundClaim("PAY1", Money(500, "USD"), "R1")
    assert asked(result="VOIDED")[1] == RefundClaim("PAY1", None, "PAY1")


@pytest.mark.parametrize("result", ["AUTH", "INITIATED", "VOIDING", "DECLINED", "", None, 1])
def test_what_is_not_surely_paid_is_not_counted(result: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        asked(result=result)
    assert failure.value.problem is ApiProblem.UNREADABLE


def test_an_account_of_the_sandbox_is_asked_there_and_does_not_count() -> None:
    played = fetched(CLOVER_API, thin("PAY1", CALL), [ApiResponse(401), answer(PAYMENT)], KEY)
    assert played.urls[1].startswith("https://apisandbox.dev.clover.com/")
    assert [each.live for each in played.result] == [False]


def test_another_merchants_payment_is_not_asked_for_and_said_plainly() -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(CLOVER_API, thin("PAY1", "GET /v3/merchants/M9/payments/PAY1"), [], KEY)
    assert failure.value.problem is ApiProblem.OTHER_ACCOUNT


def listed(*answers: ApiResponse, mark: str = "", options: Options = NO_OPTIONS) -> Played[MissedPage]:
    assert CLOVER_API.missed is not None
    return play(CLOVER_API.missed(Place(AT - HOUR, AT, mark, AT), KEY, options), answers)


def page(*found: Any) -> ApiResponse:
    return answer({"elements": found, "href": "https://api.clover.com/v3/merchants/M1/payments"})


def paid(**more: Any) -> dict[str, Any]:
    return PAYMENT | {"createdTime": AT, "modifiedTime": AT} | more


BACK = {"id": "R1", "amount": 500, "createdTime": AT + DAY, "payment": {"id": "PAY1"}}


def test_payments_that_changed_are_listed_with_what_was_given_back() -> None:
    played = listed(page(paid(refunds={"elements": [BACK]}), paid(id="PAY2", result="AUTH")))
    assert played.urls == [
        "https://api.clover.com/v3/merchants/M1/payments"
        f"?filter=modifiedTime%3E%3D{AT - HOUR}&expand=order%2Crefunds&limit=100&offset=0"
    ]
    sold, back = (each.event for each in played.result.listed)
    assert (sold.claim, sold.occurred_at) == (SaleClaim("PAY1", Money(2_198, "USD")), AT)
    assert (back.claim, back.occurred_at) == (RefundClaim("PAY1", Money(500, "USD"), "R1"), AT + DAY)
    assert (played.result.mark, played.result.more) == ("refunds", True)


def test_a_refund_that_comes_later_finds_its_sale() -> None:
    [sold] = listed(page(paid())).result.listed
    played = listed(page(BACK), answer(paid(refunds={"elements": [BACK]})), mark="refunds")
    assert played.urls == [
        f"https://api.clover.com/v3/merchants/M1/refunds?filter=createdTime%3E%3D{AT - HOUR}&limit=20&offset=0",
        "https://api.clover.com/v3/merchants/M1/payments/PAY1?expand=order%2Crefunds",
    ]
    assert not played.result.more
    sale = one_sale(sold.event, *(each.event for each in played.result.listed))
    assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, Money(1_698, "USD"))


def test_lists_go_on_and_what_the_sandbox_holds_does_not_count() -> None:
    first = listed(ApiResponse(401), page(*(paid(id=f"P{each}") for each in range(100)))).result
    assert (first.mark, first.more, {each.event.live for each in first.listed}) == ("payments/100", True, {False})
    assert listed(page(), mark=first.mark).urls[0].endswith("&offset=100")
    refunds = [{"id": f"R{each}", "createdTime": AT} for each in range(20)]
    assert listed(page(*refunds), mark="refunds").result == MissedPage((), "refunds/20", more=True)


@pytest.mark.parametrize("mark", ["payments/x", "payments/-1", "other", "other/1", "refunds/²"])
def test_a_mark_that_is_none_asks_nothing(mark: str) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(mark=mark)
    assert failure.value.problem is ApiProblem.UNREADABLE


def test_a_token_of_a_merchant_that_does_not_count_says_so() -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(options={"account": "M9"})
    assert failure.value.problem is ApiProblem.OTHER_ACCOUNT
