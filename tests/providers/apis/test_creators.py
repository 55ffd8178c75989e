"""What the lists of Paystack, Polar, Whop and Fourthwall tell, beside what those of all providers do. Their answers are
as PaystackOSS/openapi, @polar-sh/sdk 0.49.0, @whop/sdk 0.0.42 and Fourthwall's OpenAPI description say."""

from typing import Any

import pytest

from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, MissedPage, Place
from shopwatch.providers.apis.fourthwall import FOURTHWALL_API
from shopwatch.providers.apis.paystack import PAYSTACK_API
from shopwatch.providers.apis.polar import POLAR_API
from shopwatch.providers.apis.whop import WHOP_API
from tests.providers.cases import one_sale
from tests.providers.played import AT, KEY, Played, answer, play
from tests.standin.lists import Lists, iso
from tests.standin.lists_creators import Fourthwall, Paystack, Polar, Whop

SINCE = AT - HOUR
NOW = iso(AT // 1000)
LONG_AGO = "2026-01-01T00:00:00Z"


def listed(api: Api, mark: str, *answers: Any, key: str = KEY, until: int = AT) -> Played[MissedPage]:
    assert api.missed is not None
    place = Place(SINCE, until, mark, AT)
    return play(api.missed(place, key, {}), [answer(each) for each in answers])


def events(played: Played[MissedPage]) -> list[Event]:
    return [each.event for each in played.result.listed]


def claims(played: Played[MissedPage]) -> list[Any]:
    return [each.claim for each in events(played)]


def entry(kind: Any, **said: Any) -> dict[str, Any]:
    lists: Lists = kind()
    [told] = lists.told([lists.entry(7, AT // 1000)])
    return told | said


def refund(number: int, amount: Any = 500, at: str = NOW, status: str = "processed", **said: Any) -> dict[str, Any]:
    told = {"id": number, "transaction": 4_000_000_007, "amount": amount, "currency": "NGN", "status": status}
    return told | {"refunded_at": at, "domain": "live"} | said


def test_paystacks_refunds_are_told_as_what_all_of_them_come_to() -> None:
    """In messages they have other numbers, so one by one they would count twice."""
    earlier, waiting = refund(1, 300, LONG_AGO), refund(2, 999, status="pending")
    other = refund(4, 700, LONG_AGO, transaction=1)
    told = listed(PAYSTACK_API, "refund/1", {"data": [refund(3), waiting, earlier, other], "meta": {"pageCount": 1}})

    [back] = events(told)
    assert back.claim == RefundClaim("4000000007", Money(800, "NGN"), "4000000007", cumulative=True)
    assert (told.result.mark, told.result.more) == ("dispute/1", True)
    [sold] = events(listed(PAYSTACK_API, "", {"data": [entry(Paystack)], "meta": {"next": None}}))
    assert one_sale(sold, back).kept == Money(1_398, "NGN")


@pytest.mark.parametrize("amount", [None, "5,00", -5])
def test_a_refund_of_paystack_that_cannot_be_counted_makes_no_sum(amount: Any) -> None:
    told = listed(PAYSTACK_API, "refund/1", {"data": [refund(1), refund(2, amount)], "meta": {"pageCount": 1}})

    [claim] = claims(told)
    assert (claim.amount, claim.partial) == (None, True)


def test_paystacks_pages_follow_by_number_or_by_cursor() -> None:
    numbered = listed(PAYSTACK_API, "", {"data": [entry(Paystack)], "meta": {"page": 1, "pageCount": 3}})
    by_cursor = listed(PAYSTACK_API, "", {"data": [entry(Paystack)], "meta": {"next": "dW5k", "perPage": 50}})
    neither = listed(PAYSTACK_API, "", {"data": [entry(Paystack)]})

    assert [each.result.mark for each in (numbered, by_cursor, neither)] == [
        *("transaction/2", "transaction/dW5k", "transaction/2")
    ]
    again = listed(PAYSTACK_API, "transaction/dW5k", {"data": [], "meta": {"next": None}})
    assert "next=dW5k" in again.urls[0]
    assert again.result.mark == "refund/1"


def test_what_paystack_took_back_was_paid_before_and_what_failed_was_not() -> None:
    held = [entry(Paystack, status="reversed"), entry(Paystack, status="failed"), entry(Paystack, status="abandoned")]
    [claim] = claims(listed(PAYSTACK_API, "", {"data": held, "meta": {"next": None}}))

    assert isinstance(claim, SaleClaim)
    assert claim.amount == Money(2_198, "NGN")


def test_paystacks_disputes_are_told_as_they_stand() -> None:
    transaction = {"id": 7, "reference": "ref7", "currency": "NGN"}
    case = {"id": 9, "refund_amount": 2_198, "currency": None, "status": "resolved", "resolution": "declined"}
    told = listed(PAYSTACK_API, "dispute/1", {"data": [case | {"transaction": transaction}], "meta": {"pageCount": 1}})

    assert claims(told) == [DisputeClaim("ref7", Money(2_198, "NGN"), "9", DisputeState.WON)]
    assert (told.result.mark, told.result.more) == ("", False)


def test_polar_lists_what_was_paid_and_then_what_was_given_back() -> None:
    held = [entry(Polar, status=status) for status in ("paid", "refunded", "pending", "draft", "void")]
    told = listed(POLAR_API, "", {"items": held, "pagination": {}})
    back = {"id": "r-1", "order_id": held[0]["id"], "status": "succeeded", "amount": 400, "tax_amount": 100}
    given = listed(POLAR_API, told.result.mark, {"items": [back | {"currency": "usd", "created_at": NOW}]})

    assert len(claims(told)) == 2
    assert claims(given) == [RefundClaim(held[0]["id"], Money(500, "USD"), "r-1")]
    assert not given.result.more


def test_whop_lists_payments_refunds_and_disputes_of_one_company() -> None:
    key = f"biz_1:{KEY}"
    pages = {"page_info": {"end_cursor": None}}
    paid = listed(WHOP_API, "", {"data": [entry(Whop), entry(Whop, status="open")]} | pages, key=key)
    back = {"id": "r1", "status": "succeeded", "amount": 1.5, "currency": "usd", "payment": {"id": "pay_7"}}
    given = listed(WHOP_API, paid.result.mark, {"data": [back | {"created_at": NOW}]} | pages, key=key)
    case = {"id": "d1", "status": "won", "amount": 21.98, "currency": "usd", "payment": {"id": "pay_7"}}
    disputed = listed(WHOP_API, given.result.mark, {"data": [case | {"created_at": NOW}]} | pages, key=key)

    assert [each.amount for each in claims(paid)] == [Money(2_198, "USD")]
    assert claims(given) == [RefundClaim("pay_7", Money(150, "USD"), "r1")]
    assert claims(disputed) == [DisputeClaim("pay_7", Money(2_198, "USD"), "d1", DisputeState.WON)]
    assert not disputed.result.more
    assert all("company_id=biz_1" in url for each in (paid, given, disputed) for url in each.urls)


def test_without_its_company_whop_is_not_asked() -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(WHOP_API, "", key="apik_alone")
    assert failure.value.problem is ApiProblem.KEY_REFUSED


def test_fourthwall_tells_no_more_of_what_was_cancelled_or_is_old() -> None:
    held = [entry(Fourthwall), entry(Fourthwall, status="CANCELLED"), entry(Fourthwall, createdAt=LONG_AGO)]
    told = listed(FOURTHWALL_API, "order/0", {"results": held, "totalPages": 1}, key=f"user:{KEY}")
    free = entry(Fourthwall, status="COMPLETED", amounts={"total": {"value": 10, "currency": "USD"}})
    given = listed(FOURTHWALL_API, told.result.mark, {"results": [free], "totalPages": 1}, key=f"user:{KEY}")

    assert [each.amount for each in claims(told)] == [Money(2_198, "USD")]
    assert [each.amount for each in claims(given)] == [Money(1_000, "USD")]
    assert not given.result.more


def test_fourthwalls_pages_are_those_of_the_first_ones_time() -> None:
    """In which order orders come is nowhere said, so none that comes later may move the pages."""
    first = listed(FOURTHWALL_API, "", {"results": [entry(Fourthwall)], "totalPages": 2}, key=f"user:{KEY}", until=0)
    second = listed(FOURTHWALL_API, first.result.mark, {"results": [], "totalPages": 2}, key=f"user:{KEY}")

    assert "createdAt%5Blt%5D" not in first.urls[0]
    assert "createdAt%5Blt%5D=2026-11-24T12%3A00%3A01Z" in second.urls[0]
