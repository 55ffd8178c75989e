"""Shopify's disputes in catch-up, as shopify.dev tells of them (GraphQL Admin API 2026-07: shopifyPaymentsAccount,
ShopifyPaymentsDispute, DisputeStatus, PageInfo)."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shopwatch.domain.instant import DAY, HOUR
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, SaleState
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, MissedPage, Place
from shopwatch.providers.apis.shopify import SHOPIFY_API
from tests.providers.cases import one_sale
from tests.providers.played import AT, OPTIONS, Played, answer, play
from tests.providers.senders.test_shopify import shopify
from tests.recovery.scene import Scene
from tests.standin.lists_shops import Shopify
from tests.standin.site import serving

ORDER = Shopify().entry(7, AT // 1000)
DENIED = {"errors": [{"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}], "data": None}


def case(**more: Any) -> dict[str, Any]:
    lists = Shopify()
    return lists.told([lists.dispute(ORDER, AT // 1000, **more)])[0]


def page(*cases: Any, following: str | None = None) -> ApiResponse:
    info = {"hasNextPage": following is not None, "endCursor": following}
    return answer({"data": {"shopifyPaymentsAccount": {"disputes": {"nodes": cases, "pageInfo": info}}}})


def listed(told: ApiResponse, mark: str = "disputes/") -> Played[MissedPage]:
    assert SHOPIFY_API.missed is not None
    return play(SHOPIFY_API.missed(Place(AT - HOUR, AT, mark, AT), "shpat_token", OPTIONS), [told])


def test_disputes_follow_the_orders() -> None:
    orders = listed(answer({"orders": [Shopify().told([ORDER])[0]]}), "").result
    assert (orders.mark, orders.more) == ("disputes/", True)

    played = listed(page(case(), following="c-1"))
    [asked] = played.requests
    assert (asked.method, asked.url) == ("POST", "https://shop.example.com/admin/api/2026-07/graphql.json")
    assert asked.headers["X-Shopify-Access-Token"] == "shpat_token"
    variables = {"first": 50, "after": None, "since": "initiated_at:>='2026-05-28T11:00:00Z'"}
    assert json.loads(asked.body)["variables"] == variables
    assert (played.result.mark, played.result.more) == ("disputes/c-1", True)
    assert json.loads(listed(page(), "disputes/c-1").requests[0].body)["variables"] == variables | {"after": "c-1"}


def test_what_a_message_told_is_the_same_dispute() -> None:
    [entry] = listed(page(case())).result.listed
    number = int(case()["legacyResourceId"])
    at, order = case()["initiatedAt"], ORDER["id"]
    told = shopify(
        "disputes/create",
        id=number,
        order_id=order,
        amount="21.98",
        currency="USD",
        status="needs_response",
        initiated_at=at,
    )
    assert entry.event.claim == told.claim == DisputeClaim(str(order), Money(2_198, "USD"), str(number))
    assert (entry.event.occurred_at, entry.event.links) == (AT, told.links)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("NEEDS_RESPONSE", DisputeState.OPEN),
        ("UNDER_REVIEW", DisputeState.OPEN),
        ("WON", DisputeState.WON),
        ("PREVENTED", DisputeState.WON),
        ("CHARGE_REFUNDED", DisputeState.WON),
        ("LOST", DisputeState.LOST),
        ("ACCEPTED", DisputeState.LOST),
        ("SOMETHING_NEW", DisputeState.OPEN),
    ],
)
def test_disputes_open_and_close(status: str, state: DisputeState) -> None:
    [entry] = listed(page(case(status=status, finalizedOn="2026-11-25T09:00:00Z"))).result.listed
    assert entry.event.claim.state is state  # type: ignore[union-attr]


@pytest.mark.parametrize("amount", [None, "21.98", {"amount": "-1.00", "currencyCode": "USD"}, {"amount": "21.98"}])
def test_an_odd_amount_is_not_counted(amount: Any) -> None:
    [entry] = listed(page(case(amount=amount, order=None))).result.listed
    assert entry.event.claim.amount is None  # type: ignore[union-attr]
    assert entry.event.claim.order_id == f"dispute-{case()['legacyResourceId']}"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "told",
    [answer({"data": {"shopifyPaymentsAccount": None}}), answer(DENIED), ApiResponse(403)],
    ids=["no Shopify Payments", "denied", "forbidden"],
)
def test_a_shop_that_shows_no_disputes_goes_on_working(told: ApiResponse) -> None:
    assert listed(told).result == MissedPage(())


@pytest.mark.parametrize(
    "told",
    [
        answer({"data": {}}),
        answer({"data": {"shopifyPaymentsAccount": {"disputes": None}}}),
        answer({"data": None}),
        page(7),
        page({"status": "WON"}),
        page({"legacyResourceId": "1"}),
        page(case(), following=""),
        page(case(), following="x" * 5_000),
    ],
    ids=range(8),
)
def test_an_odd_answer_is_not_taken_for_nothing(told: ApiResponse) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(told)
    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    lists = Shopify()
    async with serving(lists.site):
        scene = Scene(lists, tmp_path)
        await scene.open()
        yield scene
        await scene.close()


async def test_a_dispute_that_was_missed_and_its_end_months_later_are_found(scene: Scene) -> None:
    assert isinstance(scene.lists, Shopify)
    scene.happen(1)
    began = scene.source.created_at // 1000 + 60
    scene.lists.disputes = [scene.lists.dispute(scene.lists.entries[0], began)]
    assert (await scene.look()).brought_in == 2

    async def state() -> SaleState:
        [row] = (await scene.ledger.sales.page(SalesQuery(), None, 10)).rows
        return row.sale.state

    assert await state() is SaleState.DISPUTED
    scene.lists.disputes[0] |= {"status": "LOST", "finalizedOn": "2026-12-24T09:00:00Z"}
    assert ((await scene.look()).brought_in, await state()) == (1, SaleState.LOST)
    assert (await scene.look()).brought_in == 0
    assert SHOPIFY_API.keeps < 180 * DAY


def test_the_sale_is_lost_by_what_is_listed_of_its_dispute() -> None:
    sold = Shopify().event(ORDER).events
    [lost] = listed(page(case(status="LOST"))).result.listed
    assert one_sale(*sold, lost.event).state is SaleState.LOST
