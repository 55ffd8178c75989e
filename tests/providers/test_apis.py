"""Every provider's API: any answer ends in claims or in a plain problem, and the key goes to its hosts only."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.money import Money
from shopwatch.domain.sale import Item, SaleClaim
from shopwatch.providers import PROVIDERS
from shopwatch.providers.api import Api, ApiFailure, ApiRequest, ApiResponse, Problem
from shopwatch.providers.apis import APIS
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.reading import Meaning
from tests.providers.asking import AT, KEY, Played, answer, hint, play, thin

OPTIONS = {each.own_host: "shop.example.com" for each in APIS if each.own_host}

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["paid", "COMPLETED", "USD", "12.50"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text() | st.sampled_from(["data", "has_more", "id", "status", "amount"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


def fetched(api: Api, event: Any, answers: Any, key: str = KEY, options: dict[str, str] | None = None) -> Played[Any]:
    assert api.fetch is not None
    return play(api.fetch(event, key, OPTIONS | (options or {})), answers)


def only(played: Played[tuple[Meaning, ...]]) -> SaleClaim:
    [meaning] = played.result
    assert isinstance(meaning.claim, SaleClaim)
    return meaning.claim


def named(api: Api) -> str:
    return api.provider


@pytest.mark.parametrize("api", APIS, ids=named)
@given(
    body=st.binary(max_size=200) | ANY_JSON,
    status=st.sampled_from([200, 200, 200, 201, 204, 301, 401, 403, 404, 429, 500]),
    event=st.sampled_from([thin("o-1"), thin("o-1", links=("pi_1",)), hint("h-1"), thin("..")]),
)
def test_any_answer_gives_claims_or_a_problem(api: Api, body: Any, status: int, event: Any) -> None:
    def say(request: ApiRequest) -> ApiResponse:
        parts = urlsplit(request.url)
        assert parts.scheme == "https"
        assert parts.netloc in api.may_speak_to(OPTIONS)
        assert KEY not in request.url
        return answer(body, status)

    key = ":".join([KEY] * api.key.parts)
    try:
        played = fetched(api, event, say, key)
    except ApiFailure:
        return
    assert all(isinstance(each, Meaning) for each in played.result)


@pytest.mark.parametrize("api", APIS, ids=named)
def test_every_api_is_that_of_a_provider_and_has_words_for_the_owner(api: Api) -> None:
    assert api.provider in {each.id for each in PROVIDERS}
    assert api.hosts or api.own_host
    assert api.key.label
    assert api.key.found.endswith(".")


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
