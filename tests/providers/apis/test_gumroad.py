"""Gumroad's list holds more than sales, and says what its pings leave out. The shapes are those of the sender itself:
antiwork/gumroad 8c16285 and later, `Purchase#as_json`, `for_sales_api_ordered_by_date`, `Api::V2::SalesController` and
`Purchase::PingNotification`."""

from typing import Any
from urllib.parse import urlencode

import pytest

from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim, SaleState
from shopwatch.providers.api import ApiFailure, ApiProblem, Place
from shopwatch.providers.apis.gumroad import GUMROAD_API
from tests.providers.apis.fetching import fetched
from tests.providers.cases import BY_ID, judged, one_sale
from tests.providers.played import AT, KEY, answer, play
from tests.providers.senders.said import FORM

BOUGHT = "2026-11-24T06:39:58.000Z"


def entry(**said: Any) -> dict[str, Any]:
    told = {"id": "S1==", "created_at": BOUGHT, "price": 2_000, "currency": "usd", "product_name": "Club"}
    return told | {"product_id": "P1==", "email": "mia@example.com", "order_id": 77, "quantity": 1} | said


def ping(**said: str) -> Event:
    told = {"sale_id": "S1==", "sale_timestamp": BOUGHT, "price": "2000", "currency": "usd", "product_name": "Club"}
    body = told | {"product_id": "P1==", "email": "mia@example.com", "resource_name": "sale"} | said
    return judged(BY_ID["gumroad"], urlencode(body).encode(), **FORM)


def listed(*sales: dict[str, Any]) -> list[Event]:
    assert GUMROAD_API.missed is not None
    page = play(GUMROAD_API.missed(Place(AT - HOUR), KEY, {}), [answer({"success": True, "sales": list(sales)})])
    return [each.event for each in page.result.listed]


TRIAL = {"subscription_id": "M1==", "free_trial_ends_on": "Dec 1, 2026", "free_trial_ended": False}


def test_a_free_trial_is_no_sale_and_what_is_charged_afterwards_is() -> None:
    """A trial is a purchase of state `not_charged`, with the price that is charged later by another purchase."""
    begun = entry(**TRIAL, recurring_charge=False)
    ended = begun | {"free_trial_ended": True}
    charged = entry(**TRIAL, id="S2==", recurring_charge=True)

    assert listed(begun) == listed(ended) == []
    assert [each.claim.order_id for each in listed(charged, ended) if each.claim] == ["S2=="]


def test_the_first_purchase_of_a_membership_counts_once_gumroad_says_that_it_was_charged() -> None:
    """The ping of a trial bears the price, and nothing by which it could be told from a purchase that is charged."""
    begun = ping(subscription_id="M1==", recurrence="monthly")
    assert isinstance(begun.claim, SaleClaim)
    assert (begun.claim.amount, begun.claim.amount_text) == (None, "20.00 USD")
    assert begun.needs_fetch == "GET /v2/sales/S1%3D%3D"

    played = fetched(GUMROAD_API, begun, [answer({"success": True, "sale": entry(subscription_id="M1==")})])
    assert played.urls == ["https://api.gumroad.com/v2/sales/S1%3D%3D"]
    [charged] = played.result
    assert one_sale(begun, charged.event("f1", "x")).kept == Money(2_000, "USD")

    sale = entry(**TRIAL, recurring_charge=False)
    [trial] = fetched(GUMROAD_API, begun, [answer({"success": True, "sale": sale})]).result
    nothing = one_sale(begun, trial.event("f1", "x"))
    assert (nothing.kept, nothing.amount_text) == (None, "")

    renewed = ping(subscription_id="M1==", is_recurring_charge="true").claim
    assert isinstance(renewed, SaleClaim)
    assert renewed.amount == Money(2_000, "USD")


def test_a_preorder_counts_once_it_is_charged() -> None:
    assert ping(is_preorder_authorization="true").kind is Kind.OTHER
    assert ping(sale_id="S2==").kind is Kind.SALE


def test_a_gift_is_one_sale_for_its_giver() -> None:
    """The ping tells the receiver's purchase, which costs nothing, and the list the giver's."""
    giver, receiver = "Mia@example.com", "kai@example.com"
    told = ping(
        sale_id="S2==",
        price="0",
        gift_price="2000",
        email=receiver,
        gifter_email=giver.lower(),
        is_gift_receiver_purchase="true",
        subscription_id="M1==",
    )
    given = {"is_gift_sender_purchase": True, "gifter_email": giver, "giftee_email": receiver}
    sale = one_sale(told, *listed(entry(email=giver, **given)))

    assert (sale.kept, sale.email) == (Money(2_000, "USD"), "mia@example.com")
    alone = one_sale(told)
    assert (alone.kept, alone.email) == (Money(2_000, "USD"), "mia@example.com")
    back = ping(sale_id="S2==", price="0", gift_price="2000", is_gift_receiver_purchase="true", resource_name="refund")
    assert isinstance(back.claim, RefundClaim)
    another = listed(entry(**given | {"giftee_email": "other@example.com"}))
    assert not set(told.links) & set(another[0].links)


@pytest.mark.parametrize(
    ("won", "state", "standing"),
    [(False, DisputeState.OPEN, SaleState.DISPUTED), (True, DisputeState.WON, SaleState.PAID)],
)
def test_the_list_tells_of_disputes(won: bool, state: DisputeState, standing: SaleState) -> None:
    told = listed(entry(disputed=True, dispute_won=won, chargedback=not won))

    assert told[1].claim == DisputeClaim("S1==", Money(2_000, "USD"), "S1==", state)
    assert one_sale(*told).state is standing
    opened = ping(resource_name="dispute", disputed="true")
    assert one_sale(ping(), opened, *told).state is standing


def test_parts_of_a_bundle_are_no_sales_and_nothing_is_given_back_of_them() -> None:
    part = {"id": "S2==", "is_bundle_product_purchase": True, "price": 0, "refunded": True}

    assert [each.kind for each in listed(entry(is_bundle_purchase=True), entry(**part))] == [Kind.SALE]
    assert ping(sale_id="S2==", price="0").kind is Kind.OTHER
    assert ping(sale_id="S2==", price="0", resource_name="refund", refunded="true").kind is Kind.OTHER
    assert ping(sale_id="S2==", price="0", resource_name="dispute").kind is Kind.OTHER


@pytest.mark.parametrize(
    ("left", "currency", "back"),
    [
        ("15", "usd", RefundClaim("S1==", Money(500, "USD"), "S1==", cumulative=True)),
        ("7.49", "usd", RefundClaim("S1==", Money(1_251, "USD"), "S1==", cumulative=True)),
        ("15", "eur", RefundClaim("S1==", None, "S1==", partial=True)),
        ("15", None, RefundClaim("S1==", None, "S1==", partial=True)),
        ("0", "usd", RefundClaim("S1==", None, "S1==", partial=True)),
        ("20", "usd", RefundClaim("S1==", None, "S1==", partial=True)),
        ("9" * 40, "usd", RefundClaim("S1==", None, "S1==", partial=True)),
        (15, "usd", RefundClaim("S1==", None, "S1==", partial=True)),
    ],
)
def test_how_much_was_given_back_is_told_by_what_is_left(left: Any, currency: Any, back: RefundClaim) -> None:
    sold = entry(partially_refunded=True, amount_refundable_in_currency=left, currency=currency)
    part = ping(resource_name="refund", refunded="false")

    assert listed(sold)[1].claim == back
    [meaning] = fetched(GUMROAD_API, part, [answer({"success": True, "sale": sold})]).result
    assert meaning.claim == back


def test_a_list_that_takes_too_long_is_asked_again() -> None:
    """`Api::V2::SalesController` answers 400 when its query timed out, and to what it does not understand."""
    assert GUMROAD_API.missed is not None
    slow = {"status": 400, "error": "Query timed out. Try narrowing your date range with 'after'/'before'."}
    wrong = {"status": 400, "error": "Invalid page_key."}
    for told, problem in ((slow, ApiProblem.AWAY), (wrong, ApiProblem.UNREADABLE)):
        with pytest.raises(ApiFailure) as failure:
            play(GUMROAD_API.missed(Place(AT - HOUR), KEY, {}), [answer(told, 400)])
        assert failure.value.problem is problem


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"success": False, "message": "The sale was not found."}, ApiProblem.NOT_FOUND),
        ({"success": True, "sale": entry(id="S9==")}, ApiProblem.UNREADABLE),
        ({"success": True, "sale": None}, ApiProblem.UNREADABLE),
    ],
)
def test_another_sale_is_no_answer(told: Any, problem: ApiProblem) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(GUMROAD_API, ping(resource_name="refund", refunded="false"), [answer(told)])
    assert failure.value.problem is problem
