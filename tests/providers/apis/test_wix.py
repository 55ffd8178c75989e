"""Wix's orders, asked for as @wix/auto_sdk_ecom_orders 1.0.300 and @wix/sdk-runtime 1.0.25 ask."""

import json
from typing import Any

import pytest

from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim, SaleState
from shopwatch.providers.api import ApiFailure, ApiProblem, Place
from shopwatch.providers.apis.wix import WIX_API
from tests.providers.apis.fetching import fetched
from tests.providers.cases import one_sale
from tests.providers.played import AT, Played, answer, play
from tests.standin.lists_shops import Wix

KEY = "site-1:IST.key"
ORDER_ID = "6f759095-0701-4075-9908-000000000007"
BACK = Event(
    *("e-9", "wix.ecom.v1.order_transactions_refund_completed", Kind.REFUND, AT),
    RefundClaim(ORDER_ID, None, ORDER_ID, amount_text="7.50"),
    needs_fetch=f"GET /ecom/v1/orders/{ORDER_ID}",
)


def order(**more: Any) -> dict[str, Any]:
    lists = Wix()
    return lists.told([lists.entry(7, AT // 1000)])[0] | more


def given_back(amount: Any, status: str = "PARTIALLY_REFUNDED") -> dict[str, Any]:
    return order(paymentStatus=status, balanceSummary={"refunded": {"amount": amount}})


def listed(*answers: Any, mark: str = "") -> Played[Any]:
    assert WIX_API.missed is not None
    return play(WIX_API.missed(Place(AT - HOUR, AT, mark, AT), KEY, {}), [answer(each) for each in answers])


def test_the_order_says_in_what_currency_it_was_given_back() -> None:
    played = fetched(WIX_API, BACK, [answer({"order": given_back("7.50")})], KEY)

    [request] = played.requests
    assert request.url == f"https://www.wixapis.com/ecom/v1/orders/{ORDER_ID}"
    assert (request.headers["Authorization"], request.headers["wix-site-id"]) == ("IST.key", "site-1")
    back, sale = played.result
    assert back.claim == RefundClaim(ORDER_ID, Money(750, "USD"), ORDER_ID, cumulative=True, partial=True)
    assert sale.claim.amount == Money(2_198, "USD")


def test_what_the_message_left_open_is_a_sum_then() -> None:
    told = fetched(WIX_API, BACK, [answer({"order": given_back("7.50")})], KEY).result
    events = [each.event(f"f-{place}", "x") for place, each in enumerate(told)]

    sale = one_sale(BACK, *events)
    assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, Money(1_448, "USD"))


@pytest.mark.parametrize("status", ["PARTIALLY_PAID", "PENDING", "CANCELED", None, 7])
def test_an_order_that_was_never_all_paid_is_no_sale(status: Any) -> None:
    assert fetched(WIX_API, BACK, [answer({"order": order(paymentStatus=status)})], KEY).result == ()


@pytest.mark.parametrize("told", [{}, {"order": None}, {"order": []}, {"order": {"id": "another"}}])
def test_another_order_than_the_one_asked_for_is_no_answer(told: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(WIX_API, BACK, [answer(told)], KEY)
    assert failure.value.problem is ApiProblem.UNREADABLE


def test_an_order_of_another_site_is_not_known() -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(WIX_API, BACK, [answer({"message": "no"}, 404)], KEY)
    assert failure.value.problem is ApiProblem.NOT_FOUND


def test_orders_are_listed_by_their_last_change_and_then_by_the_cursor_alone() -> None:
    first = {"orders": [order()], "metadata": {"hasNext": True, "cursors": {"next": "n-1"}}}
    played = listed(first)
    [search] = [json.loads(each.body)["search"] for each in played.requests]
    assert search == {
        "filter": {"updatedDate": {"$gte": "2026-11-24T11:00:00Z"}},
        "sort": [{"fieldName": "updatedDate", "order": "ASC"}],
        "cursorPaging": {"limit": 100},
    }
    assert (played.result.mark, played.result.more) == ("n-1", True)

    last = listed({"orders": [order()], "metadata": {"hasNext": False, "cursors": {}}}, mark="n-1")
    assert [json.loads(each.body)["search"] for each in last.requests] == [
        {"cursorPaging": {"limit": 100, "cursor": "n-1"}}
    ]
    assert [each.event.id for each in last.result.listed] == [each.event.id for each in played.result.listed]
    assert not last.result.more


def test_a_listed_order_was_sold_when_it_was_bought_and_given_back_when_it_changed() -> None:
    bought, changed = "2026-11-20T08:00:00.000Z", "2026-11-24T11:30:00.000Z"
    entry = given_back("21.98", "FULLY_REFUNDED") | {"createdDate": bought, "updatedDate": changed}
    back, sale = (each.event for each in listed({"orders": [entry], "metadata": {}}).result.listed)
    assert isinstance(sale.claim, SaleClaim)
    assert back.occurred_at - sale.occurred_at == (4 * 24 + 3) * HOUR + HOUR // 2
    assert one_sale(back, sale).state is SaleState.REFUNDED


@pytest.mark.parametrize("cursors", [None, {}, {"next": None}, {"next": 7}, {"next": "x" * 4_097}])
def test_a_list_that_does_not_say_where_it_goes_on_is_not_taken_for_its_end(cursors: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed({"orders": [order()], "metadata": {"hasNext": True, "cursors": cursors}})
    assert failure.value.problem is ApiProblem.UNREADABLE
