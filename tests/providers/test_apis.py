"""Every provider's API: any answer ends in claims or in a plain problem, and the key goes to its hosts only."""

import copy
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact, Notice
from shopwatch.domain.sales.sale import RefundClaim
from shopwatch.providers import PROVIDERS
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiRequest, ApiResponse
from shopwatch.providers.apis import APIS, fetching_from
from shopwatch.providers.kit.reading import Meaning
from shopwatch.providers.provider import Provider
from tests.providers.apis.fetching import fetched
from tests.providers.cases import accepted, judge, practice
from tests.providers.played import AT, KEY, OPTIONS, answer, hint, thin
from tests.providers.spoiling import any_json, spoil

NOT_ASKED_YET = {"dropbox", "gumroad"}
"""Dropbox's files need a cursor that is kept, and Gumroad does not tell how much of a sale went back."""
ANY_JSON = any_json("paid", "PAID", "USD", "12.50", "o1")
MONEY = {"amount": 1_250, "divisor": 100, "currency_code": "USD", "currency": "USD", "value": "12.50"}
LINE = {
    "id": 7,
    "uid": "l",
    "name": "Vase",
    "title": "Vase",
    "description": "Vase",
    "quantity": 2,
    "price": MONEY,
    "amount_subtotal": 2_500,
    "currency": "usd",
    "price_inc_tax": "12.50",
    "total_amount": 1,
    "unitPrice": MONEY,
    "base_price_money": MONEY,
    "unit_amount": MONEY,
    "attributes": {"product_name": "Vase", "price": 9},
}
PERSON = {"first_name": "Maya", "email": "maya@example.com", "firstname": "Maya", "given_name": "Maya"}
ANSWER = {
    "id": "o1",
    "receipt_id": "o1",
    "access_token": "t",
    "refresh_token": "r",
    "status": "paid",
    "data": [LINE],
    "order": {"line_items": [LINE]},
    "payer": {"payer_info": PERSON, "name": PERSON},
    "properties": PERSON,
    "purchase_units": [{"amount": MONEY, "items": [LINE]}],
    "transactions": [LINE, {"item_list": {"items": [LINE]}}],
    "amount": MONEY,
    "grandtotal": MONEY,
    "amountRefunded": MONEY,
    "amountChargedBack": MONEY,
    "paymentId": "o1",
    "currency_code": "USD",
    "total_inc_tax": "12.50",
    "billing_address": PERSON,
    "has_more": True,
    "field_data": [{"name": "email", "values": ["maya@example.com"]}],
    "error": {"code": 190},
    "lines": [LINE],
    "_embedded": {"entity": {"id": "re", "paymentId": "o1", "amount": MONEY}},
}
"""An answer in which every API finds something to read."""
EVENTS = [
    *[thin("o1", f"GET /{call}/o1", live=live) for call in ("v1/x", "v2/x", "stores/a/v2") for live in (True, False)],
    Event("e", "refund", Kind.REFUND, AT, RefundClaim("o1", None, "7"), needs_fetch="GET /stores/a/v3/o1"),
    Event("e", "refund.refunded", Kind.OTHER, AT, needs_fetch="GET /v2/events/o1"),
    Event("e", "contact.creation", Kind.CONTACT, AT, happening=Contact("o1"), needs_fetch="GET /contacts/o1"),
    Event("e", "leadgen", Kind.NOTICE, AT, happening=Notice("Lead"), needs_fetch="GET /o1"),
    *[thin(""), thin(".."), thin("o1", ""), hint("o1"), hint("tr_1"), hint("../x")],
]


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """`ANSWER`, with something else at one or more places of it."""
    told = copy.deepcopy(ANSWER)
    for _ in range(draw(st.integers(1, 3))):
        spoil(draw, told, ANY_JSON)
    return told


def named(api: Api) -> str:
    return api.provider


@given(
    body=st.one_of(spoilt(), st.lists(spoilt(), max_size=2), ANY_JSON, st.binary(max_size=100)),
    status=st.sampled_from([*[200] * 9, 201, 204, 301, 400, 401, 403, 404, 429, 500]),
    event=st.sampled_from(EVENTS),
)
def test_any_answer_gives_claims_or_a_problem(body: Any, status: int, event: Event) -> None:
    """All read the same answer, because making one up takes longer than reading it."""
    for api in APIS:
        if api.fetch is not None:
            note(api.provider)
            gives_claims_or_a_problem(api, body, status, event)


def gives_claims_or_a_problem(api: Api, body: Any, status: int, event: Event) -> None:
    def say(request: ApiRequest) -> ApiResponse:
        parts = urlsplit(request.url)
        assert parts.scheme == "https"
        assert parts.netloc in api.may_speak_to(OPTIONS)
        assert KEY not in request.url
        return answer(body, status)

    # The first of several values is the name of an account or an app, which some addresses hold.
    key = KEY if api.key.parts == 1 else ":".join(["account-1", *[KEY] * (api.key.parts - 1)])
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


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.id)
def test_practice_messages_that_lack_something_can_be_asked_about(provider: Provider) -> None:
    """Where a message names a call, its provider's API knows how to make it."""
    if provider.id in NOT_ASKED_YET:
        return
    for kind in provider.practises:
        event = accepted(judge(provider, practice(provider, kind, 7)))
        if event.needs_fetch:
            api = fetching_from(provider.id)
            assert api is not None
            with pytest.raises(ApiFailure) as failure:
                fetched(api, event, lambda _: ApiResponse(404), ":".join(["k" * 12] * api.key.parts))
            # Some messages say whose they are, which a key may say as well.
            assert failure.value.problem in (ApiProblem.NOT_FOUND, ApiProblem.OTHER_ACCOUNT)
