"""Stripe tells what was bought, page by page."""

import pytest

from shopwatch.domain.money import Money
from shopwatch.domain.sale import Item
from shopwatch.providers.api import ApiFailure, Problem
from shopwatch.providers.apis.stripe import STRIPE_API
from tests.providers.apis.fetching import fetched, only
from tests.providers.played import AT, KEY, answer, thin

LINES = [
    {
        "id": f"li_{place}",
        "object": "item",
        "amount_subtotal": 2198,
        "amount_total": 2198,
        "currency": "usd",
        "description": f"T-shirt {place}",
        "quantity": 2,
    }
    for place in range(250)
]


def test_stripe_tells_the_lines_of_a_checkout_page_by_page() -> None:
    played = fetched(
        STRIPE_API,
        thin("cs_live_a1"),
        [answer({"object": "list", "data": LINES[:100], "has_more": True}), answer({"data": LINES[100:103]})],
    )
    claim = only(played)
    base = "https://api.stripe.com/v1/checkout/sessions/cs_live_a1/line_items?limit=100"
    assert played.urls == [base, f"{base}&starting_after=li_99"]
    assert played.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert len(claim.items) == 103
    assert claim.items[0] == Item("T-shirt 0", 2, Money(1099, "USD"))
    assert (claim.order_id, claim.amount) == ("cs_live_a1", None)
    assert (played.result[0].occurred_at, played.result[0].live) == (AT, True)


def test_stripe_is_asked_for_no_more_lines_than_a_receipt_holds() -> None:
    played = fetched(
        STRIPE_API,
        thin("cs_1"),
        [answer({"data": LINES[:100], "has_more": True}), answer({"data": LINES[100:200], "has_more": True})],
    )
    assert len(only(played).items) == 200


def test_stripe_pages_that_stand_still_are_a_problem() -> None:
    page = answer({"data": LINES[:1], "has_more": True})
    with pytest.raises(ApiFailure) as failure:
        fetched(STRIPE_API, thin("cs_1"), [page, page, page])
    assert failure.value.problem is Problem.UNREADABLE
