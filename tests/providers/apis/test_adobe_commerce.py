"""A shop's own orders, in the members of Magento 2's OrderInterface, and by "Search using REST endpoints" of
developer.adobe.com/commerce/webapi."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim, SaleState
from shopwatch.domain.source import Options
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, MissedPage, Place
from shopwatch.providers.apis.adobe_commerce import ADOBE_COMMERCE_API
from tests.providers.cases import one_sale
from tests.providers.played import AT, Played, answer, play
from tests.standin.lists_shops import AdobeCommerce

KEY = "integration-token-0123456789"
HOOK: dict[str, str] = dict(AdobeCommerce().options)


def order(**more: Any) -> dict[str, Any]:
    lists = AdobeCommerce()
    return lists.told([lists.entry(7, AT // 1000)])[0] | more


def page(*orders: Any, total: Any = None) -> ApiResponse:
    return answer({"items": orders, "search_criteria": {}, "total_count": len(orders) if total is None else total})


def listed(told: ApiResponse, mark: str = "", options: Options = HOOK) -> Played[MissedPage]:
    assert ADOBE_COMMERCE_API.missed is not None
    return play(ADOBE_COMMERCE_API.missed(Place(AT - HOUR, AT, mark, AT), KEY, options), [told])


def events(*orders: dict[str, Any], options: Options = HOOK) -> list[Event]:
    return [each.event for each in listed(page(*orders), options=options).result.listed]


def test_orders_are_asked_for_by_their_last_change_at_the_shops_own_host() -> None:
    [asked] = listed(page(order())).requests
    parts = urlsplit(asked.url)
    assert (parts.netloc, parts.path) == ("bloom.example.com", "/rest/V1/orders")
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    query = parse_qs(parts.query)
    assert query["searchCriteria[filterGroups][0][filters][0][value]"] == ["2026-11-24 11:00:00"]


def test_what_the_hook_told_is_the_same_order() -> None:
    lists = AdobeCommerce()
    told = lists.event(lists.entry(7, AT // 1000)).events
    [sold] = events(order())
    assert isinstance(sold.claim, SaleClaim)
    assert (sold.claim.order_id, sold.claim.amount, sold.claim.email) == (
        "000000008",
        Money(2_198, "USD"),
        "maya@example.com",
    )
    assert sold.claim.items == (Item("Peony bunch", 2, Money(1_099, "USD")),)
    assert sold.occurred_at == AT
    assert one_sale(*told, sold).kept == Money(2_198, "USD")


def test_orders_are_known_by_what_the_owners_hook_tells() -> None:
    [own] = events(order(), options={"shop": "bloom.example.com"})
    assert own.claim.order_id == "000000008"  # type: ignore[union-attr]
    base = {"order": "data.entity_id", "amount": "data.base_grand_total", "currency": "data.base_currency_code"}
    sold, back = events(order(total_refunded=5, base_total_refunded=4.62), options=HOOK | base)
    assert (sold.claim.order_id, sold.claim.amount) == ("8", Money(2_031, "EUR"))  # type: ignore[union-attr]
    assert back.claim == RefundClaim("8", Money(462, "EUR"), "8", cumulative=True)
    [fixed] = events(order(order_currency_code=None), options=HOOK | {"currency": "CHF"})
    assert fixed.claim.amount == Money(2_198, "CHF")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "more",
    [
        {"total_paid": None},
        {"total_paid": 10},
        {"total_paid": "21.98"},
        {"total_paid": True},
        {"grand_total": 0, "total_paid": 0},
        {"grand_total": -1},
        {"grand_total": None},
    ],
    ids=str,
)
def test_what_is_not_paid_in_full_is_no_sale(more: dict[str, Any]) -> None:
    assert events(order(**more)) == []


def test_all_that_was_given_back_is_told_as_one_sum() -> None:
    sold, part = events(order(total_refunded=5))
    assert (one_sale(sold, part).state, one_sale(sold, part).kept) == (SaleState.PART_REFUNDED, Money(1_698, "USD"))
    _, whole = events(order(total_refunded=21.98, state="closed"))
    assert one_sale(sold, part, whole).state is SaleState.REFUNDED
    _, odd = events(order(total_refunded=5.001))
    assert one_sale(sold, odd).kept is None
    assert len(events(order(total_refunded=0))) == 1


def test_pages_end_where_there_is_no_more() -> None:
    orders = [order(updated_at=f"2026-11-24 11:{minute:02}:00") for minute in range(50)]
    full = listed(page(*orders, total=51)).result
    assert full.more
    assert full.mark == f"{AT - 11 * 60_000}/1"
    assert not listed(page(*orders, total=50)).result.more
    stood_still = [order(updated_at="2026-11-24 11:00:00")] * 50
    assert listed(page(*stood_still, total=100), f"{AT - HOUR}/1").result.mark == f"{AT - HOUR}/2"
    assert not listed(page(*stood_still, total=100), f"{AT - HOUR}/2").result.more


@pytest.mark.parametrize(
    "told",
    [
        answer({"items": None, "total_count": 0}),
        answer({"items": []}),
        page(total="0"),
        page(7),
        page({"increment_id": "1"}),
        answer({"message": "no"}),
    ],
    ids=range(6),
)
def test_an_odd_answer_is_not_taken_for_nothing(told: ApiResponse) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(told)
    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize("shop", ["", "not a host", "localhost"])
def test_a_shop_without_an_address_is_not_asked(shop: str) -> None:
    assert ADOBE_COMMERCE_API.missed is not None
    with pytest.raises(ApiFailure) as failure:
        play(ADOBE_COMMERCE_API.missed(Place(AT - HOUR), KEY, {"shop": shop}), [])
    assert failure.value.problem is ApiProblem.UNREADABLE
