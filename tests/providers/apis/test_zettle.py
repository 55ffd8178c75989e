"""Zettle's purchases and subscriptions, as iZettle/api-documentation 333074c tells of them (authorization.md,
purchase.adoc, pusher-api/api-reference.md)."""

import json
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import pytest

from shopwatch.domain.instant import HOUR
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim, SaleState
from shopwatch.domain.source import Options
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.apis.zettle import ZETTLE_API
from tests.providers.cases import one_sale
from tests.providers.played import AT, Played, answer, play
from tests.standin.lists_merchants import Zettle

KEY = "c55de605-48b6-42ef-b69e-cd9d14ded15a:eyJraWQiOiIwIn0.e30.x"
EMAIL: Options = {"email": "owner@example.com"}
TOKEN = answer({"access_token": "t-1", "expires_in": 7200})
URL = "https://shop.example/in/x/y"


def purchase(**more: Any) -> dict[str, Any]:
    lists = Zettle()
    return lists.told([lists.entry(7, AT // 1000)])[0] | more


def given_back(amount: Any = -500) -> dict[str, Any]:
    return purchase(
        purchaseUUID1="d71e814c-d705-43e7-ac9c-831449d5fc99",
        amount=amount,
        refund=True,
        refundsPurchaseUUID1=purchase()["purchaseUUID1"],
    )


def page(*purchases: Any, more: bool = False, mark: Any = "h-1") -> ApiResponse:
    links = ['<https://purchase.izettle.com/purchases/v2?lastPurchaseHash=h-1>; rel="next"'] if more else []
    return answer({"purchases": purchases, "lastPurchaseHash": mark, "linkUrls": links})


def listed(*answers: ApiResponse, mark: str = "", options: Options = EMAIL) -> Played[Any]:
    assert ZETTLE_API.missed is not None
    return play(ZETTLE_API.missed(Place(AT - HOUR, AT, mark, AT), KEY, options), answers)


def test_a_token_is_asked_for_by_the_key_and_purchases_by_the_token() -> None:
    played = listed(TOKEN, page(purchase()))

    granted, asked = played.requests
    assert (granted.method, granted.url) == ("POST", "https://oauth.zettle.com/token")
    assert parse_qs(granted.body.decode()) == {
        "grant_type": ["urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "client_id": ["c55de605-48b6-42ef-b69e-cd9d14ded15a"],
        "assertion": ["eyJraWQiOiIwIn0.e30.x"],
    }
    assert asked.headers["Authorization"] == "Bearer t-1"
    assert asked.url == ("https://purchase.izettle.com/purchases/v2?startDate=2026-11-24T11%3A00%3A00.000Z&limit=1000")
    [entry] = played.result.listed
    assert entry.event.claim.amount == Money(2_198, "GBP")
    assert entry.event.occurred_at == AT


def test_what_a_message_told_is_the_same_sale() -> None:
    lists = Zettle()
    told = lists.event(lists.entry(7, AT // 1000)).events
    [entry] = listed(TOKEN, page(purchase())).result.listed

    assert entry.event.claim == told[0].claim
    assert one_sale(*told, entry.event).kept == Money(2_198, "GBP")


def test_money_given_back_is_listed_as_a_purchase_too() -> None:
    sold, back = (each.event for each in listed(TOKEN, page(purchase(refunded=True), given_back())).result.listed)

    uuid = "d71e814c-d705-43e7-ac9c-831449d5fc99"
    assert back.claim == RefundClaim(purchase()["purchaseUUID1"], Money(500, "GBP"), uuid)
    sale = one_sale(sold, back)
    assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, Money(1_698, "GBP"))


@pytest.mark.parametrize("amount", [None, "21.98", 21.98, -1, True])
def test_an_odd_amount_is_not_counted(amount: Any) -> None:
    [entry] = listed(TOKEN, page(purchase(amount=amount))).result.listed
    assert entry.event.claim.amount is None


def test_the_list_goes_on_behind_its_last_purchase() -> None:
    first = listed(TOKEN, page(purchase(), more=True)).result
    assert (first.mark, first.more) == ("h-1", True)
    second = listed(TOKEN, page(), mark="h-1")
    assert second.requests[1].url.endswith("&lastPurchaseHash=h-1")
    assert not second.result.more


@pytest.mark.parametrize("mark", [None, "", 7, "h-0", "x" * 4_097])
def test_a_list_that_does_not_go_on_is_not_read_for_ever(mark: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(TOKEN, page(purchase(), more=True, mark=mark), mark="h-0")
    assert failure.value.problem is ApiProblem.UNREADABLE


def test_a_key_that_gives_no_token_is_refused() -> None:
    """As "Errors" of authorization.md has it."""
    with pytest.raises(ApiFailure) as failure:
        listed(answer({"error": "invalid_grant"}, 400))
    assert failure.value.problem is ApiProblem.KEY_REFUSED


def test_a_key_of_another_organization_counts_nothing() -> None:
    me, ours = answer({"uuid": "u-1", "organizationUuid": "o-1"}), {**EMAIL, "account": "o-1"}
    assert len(listed(TOKEN, me, page(purchase()), options=ours).result.listed) == 1
    with pytest.raises(ApiFailure) as failure:
        listed(TOKEN, me, page(purchase()), options={**EMAIL, "account": "o-2"})
    assert failure.value.problem is ApiProblem.OTHER_ACCOUNT


def test_every_subscription_is_made_by_another_uuid_of_version_1() -> None:
    """ "One UUID can be used only for one subscription" (Create subscriptions); each asking has another token."""

    def made(token: str, url: str) -> UUID:
        assert ZETTLE_API.endpoints is not None
        told = {"uuid": "s-1", "destination": url, "eventNames": ["PurchaseCreated"], "status": "ACTIVE"}
        answers = [answer({"access_token": token}), answer([]), answer(told | {"signingKey": "k" * 64})]
        played = play(ZETTLE_API.endpoints.make(Wanted(url), KEY, EMAIL), answers)
        assert played.result.secrets == ("k" * 64,)
        return UUID(json.loads(played.requests[2].body)["uuid"])

    names = {made("t-1", URL), made("t-2", URL), made("t-1", f"{URL}/z")}
    assert {each.version for each in names} == {1}
    assert len(names) == 3
