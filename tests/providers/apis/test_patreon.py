"""Patreon's members and webhooks, as Patreon/platform-documentation 46077b3 tells of them (members, pledge events,
webhook endpoints, scopes)."""

import json
from typing import Any

import pytest

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import DAY, HOUR
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim, SaleState
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.apis.patreon import PATREON_API
from tests.providers.cases import one_sale
from tests.providers.played import AT, KEY, Played, answer, play
from tests.standin.lists import Entry, iso
from tests.standin.lists_creators import Patreon

CAMPAIGNS = answer({"data": [{"id": "c-1", "type": "campaign"}], "meta": {"pagination": {"total": 1}}})
TWO = answer({"data": [{"id": "c-2", "type": "campaign"}, {"id": "c-1", "type": "campaign"}]})
URL = "https://shop.example/in/x/y"


def member(status: str = "Paid", at: int = AT, *history: dict[str, Any], **more: Any) -> Entry:
    """One whose last charge was then, by this history, or by the charge alone."""
    entry = Patreon().entry(7, at // 1000)
    entry["attributes"] |= {"last_charge_status": status} | more
    entry["history"] = list(history) or [entry["history"][0] | {"payment_status": status}]
    about = [{"id": f"e-{each}", "type": "pledge-event"} for each in range(len(entry["history"]))]
    entry["relationships"]["pledge_history"]["data"] = about
    return entry


def charge(at: int, amount: Any = 500, currency: Any = "USD", status: str = "Paid") -> dict[str, Any]:
    return {"amount_cents": amount, "currency_code": currency, "date": iso(at // 1000), "payment_status": status}


def page(*members: Entry, following: Any = None) -> ApiResponse:
    shown = [{name: value for name, value in each.items() if name not in ("at", "history")} for each in members]
    tier = {"id": "t-1", "type": "tier", "attributes": {"title": "Peony club"}}
    history = [
        {**named, "attributes": told}
        for each in members
        for named, told in zip(each["relationships"]["pledge_history"]["data"], each["history"], strict=True)
    ]
    pages = {"pagination": {"cursors": {"next": following}, "total": len(members)}}
    return answer({"data": shown, "included": [tier, *history], "meta": pages})


def listed(*answers: ApiResponse, mark: str = "") -> Played[MissedPage]:
    assert PATREON_API.missed is not None
    return play(PATREON_API.missed(Place(AT - HOUR, AT, mark, AT), KEY, {}), answers)


def test_members_are_listed_with_what_they_were_charged_last() -> None:
    played = listed(CAMPAIGNS, page(member()))
    campaigns, asked = played.urls
    assert campaigns == "https://www.patreon.com/api/oauth2/v2/campaigns"
    assert asked.startswith(
        "https://www.patreon.com/api/oauth2/v2/campaigns/c-1/members?include=currently_entitled_tiers"
    )
    [entry] = played.result.listed
    claim = entry.event.claim
    assert isinstance(claim, SaleClaim)
    assert (claim.order_id, claim.amount, claim.payment) == ("m-7", Money(500, "USD"), iso(AT // 1000))
    assert (claim.name, [each.name for each in claim.items]) == ("Maya Lindqvist", ["Peony club"])
    assert (entry.event.occurred_at, entry.event.needs_fetch) == (AT, "")
    assert not played.result.more


def test_what_a_message_told_is_the_same_charge() -> None:
    told = Patreon().event(Patreon().entry(7, AT // 1000)).events
    [entry] = listed(CAMPAIGNS, page(member())).result.listed
    assert one_sale(*told, entry.event).kept == Money(500, "USD")


def test_only_the_charge_of_this_time_counts() -> None:
    history = [charge(AT - 30 * DAY, 900), charge(AT), charge(AT, 700, status="Declined")]
    [entry] = listed(CAMPAIGNS, page(member("Paid", AT, *history))).result.listed
    assert entry.event.claim.amount == Money(500, "USD")  # type: ignore[union-attr]


@pytest.mark.parametrize("history", [[charge(AT - DAY)], [charge(AT), charge(AT, 700)], [charge(AT, None, None)]])
def test_what_was_charged_is_never_guessed(history: list[dict[str, Any]]) -> None:
    [entry] = listed(CAMPAIGNS, page(member("Paid", AT, *history))).result.listed
    assert entry.event.claim.amount is None  # type: ignore[union-attr]


@pytest.mark.parametrize("status", ["Declined", "Deleted", "Pending", "Fraud", "Other", "Free Trial", None])
def test_what_was_not_charged_is_no_sale(status: Any) -> None:
    assert listed(CAMPAIGNS, page(member(status))).result.listed == ()
    assert listed(CAMPAIGNS, page(member(status, last_charge_date=None))).result.listed == ()


def test_what_was_charged_long_ago_is_no_news_but_what_was_given_back_is() -> None:
    assert listed(CAMPAIGNS, page(member("Paid", AT - DAY))).result.listed == ()
    for status in ("Refunded", "Refunded by Patreon"):
        [entry] = listed(CAMPAIGNS, page(member(status, AT - DAY))).result.listed
        day = iso((AT - DAY) // 1000)
        assert entry.event.claim == RefundClaim("m-7", Money(500, "USD"), f"m-7|{day}", payment=day)
    [sold] = listed(CAMPAIGNS, page(member())).result.listed
    [back] = listed(CAMPAIGNS, page(member("Refunded"))).result.listed
    assert one_sale(sold.event, back.event).state is SaleState.REFUNDED
    [partly] = listed(CAMPAIGNS, page(member("Partially Refunded"))).result.listed
    sale = one_sale(sold.event, partly.event)
    assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, None)


def test_pages_and_campaigns_follow_one_another() -> None:
    first = listed(TWO, page(member(), following="n-1")).result
    assert (first.mark, first.more) == ("c-1/n-1", True)
    second = listed(TWO, page(), mark=first.mark)
    assert second.urls[1].endswith("&page%5Bcursor%5D=n-1")
    assert (second.result.mark, second.result.more) == ("c-2/", True)
    third = listed(TWO, page(), mark="c-2/")
    assert "/campaigns/c-2/members?" in third.urls[1]
    assert not third.result.more


@pytest.mark.parametrize(
    "answers",
    [
        [answer({"data": [{"type": "campaign"}]})],
        [CAMPAIGNS, answer({"data": [], "meta": {}})],
        [CAMPAIGNS, answer({"data": [{"id": "m-1", "attributes": {}}], "meta": {"pagination": {}}})],
        [CAMPAIGNS, answer({"data": [{"id": "m-1"}], "meta": {"pagination": {}}})],
        [CAMPAIGNS, page(following=7)],
        [CAMPAIGNS, page(following="")],
    ],
    ids=range(6),
)
def test_an_odd_answer_is_not_taken_for_nothing(answers: list[ApiResponse]) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(*answers)
    assert failure.value.problem is ApiProblem.UNREADABLE


def test_who_has_no_campaign_hears_so() -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(answer({"data": []}))
    assert failure.value.problem is ApiProblem.OTHER_ACCOUNT


def webhook(**about: Any) -> dict[str, Any]:
    told = {"uri": URL, "triggers": ["members:pledge:create", "members:update"], "paused": False, "secret": "s-1"}
    return {"id": "w-1", "type": "webhook", "attributes": told | {"num_consecutive_times_failed": 0} | about}


def test_a_webhook_is_made_for_the_campaign_and_tells_its_secret() -> None:
    assert PATREON_API.endpoints is not None
    answers = [CAMPAIGNS, answer({"data": []}), answer({"data": webhook()}, 201)]
    played = play(PATREON_API.endpoints.make(Wanted(URL), KEY, {}), answers)
    made = json.loads(played.requests[2].body)["data"]
    assert made["attributes"] == {"triggers": ["members:pledge:create", "members:update"], "uri": URL}
    assert made["relationships"] == {"campaign": {"data": {"type": "campaign", "id": "c-1"}}}
    assert played.result.secrets == ("s-1",)


@pytest.mark.parametrize(
    ("about", "standing"),
    [
        ({}, Standing.ON),
        ({"num_consecutive_times_failed": 3}, Standing.FAILING),
        ({"num_consecutive_times_failed": 9, "paused": True}, Standing.OFF),
    ],
)
def test_a_webhook_that_fails_or_is_paused_is_seen(about: dict[str, Any], standing: Standing) -> None:
    assert PATREON_API.endpoints is not None
    made = play(
        PATREON_API.endpoints.make(Wanted(URL), KEY, {}), [CAMPAIGNS, answer({"data": []}), answer({"data": webhook()})]
    ).result
    answers = [CAMPAIGNS, answer({"data": [webhook(**about)]})]
    assert play(PATREON_API.endpoints.read(made.endpoint, KEY, {}), answers).result.standing is standing
