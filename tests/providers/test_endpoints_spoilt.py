"""Registers that answer as they should, but for one answer with something odd in it: whatever that is, it ends well or
in a plain problem."""

import copy
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.connection.endpoint import Endpoint, Standing
from shopwatch.providers.api import ApiFailure, ApiRequest, ApiResponse, Asking
from shopwatch.providers.api_kit.endpoints import Made, Wanted
from shopwatch.providers.apis import api_of
from tests.providers.played import KEY, answer, play
from tests.providers.spoiling import any_json, spoil

URL = "https://flower-shop.example/in/abcdef"
WANTED = Wanted(URL, "ourownCHOSENsecret0123456789abcd")


def lemonsqueezy(request: ApiRequest) -> Any:
    attributes = {"store_id": 11, "url": URL, "events": ["order_created"], "test_mode": False}
    hook = {"type": "webhooks", "id": "h_1", "attributes": attributes}
    match urlsplit(request.url).path.split("/")[2:]:
        case ["users", "me"]:
            return {"meta": {"test_mode": False}, "data": {"type": "users", "id": "1"}}
        case ["stores"]:
            return {"data": [{"type": "stores", "id": "11"}, {"type": "stores", "id": "12"}]}
    return {"data": [hook, hook | {"id": "h_2"}] if request.method == "GET" else hook}


def paddle(request: ApiRequest) -> Any:
    hook = {
        "id": "h_1",
        "type": "url",
        "destination": URL,
        "active": True,
        "subscribed_events": [{"name": "transaction.completed"}],
        "endpoint_secret_key": "pdl_ntfset_x",
    }
    more = "after" not in request.url
    page = {"data": [hook, hook | {"id": "h_2"}], "meta": {"pagination": {"has_more": more}}}
    return page if request.method == "GET" else {"data": hook}


def mollie(request: ApiRequest) -> Any:
    hook = {"id": "h_1", "url": URL, "eventTypes": ["payment.paid"], "status": "enabled", "webhookSecret": "s"}
    href = None if "from=" in request.url else "https://api.mollie.com/v2/webhooks?from=h_2"
    hooks = [hook, hook | {"id": "h_2", "status": "blocked"}]
    return {"_embedded": {"webhooks": hooks}, "_links": {"next": {"href": href}}} if request.method == "GET" else hook


def razorpay(request: ApiRequest) -> Any:
    hook = {"id": "h_1", "url": URL, "active": True, "events": {"payment.captured": True, "order.paid": False}}
    return {"items": [hook, hook | {"id": "h_2"}], "count": 2} if request.method == "GET" else hook


def github(request: ApiRequest) -> Any:
    last = {"code": 200, "status": "active", "message": "OK"}
    hook = {"id": 1, "active": True, "events": ["star"], "config": {"url": URL}, "last_response": last}
    return [hook, hook | {"id": 2}] if request.method == "GET" else hook


def calendly(request: ApiRequest) -> Any:
    hook = {
        "uri": "https://api.calendly.com/webhook_subscriptions/h_1",
        "callback_url": URL,
        "state": "active",
        "retry_started_at": None,
        "events": ["invitee.created"],
    }
    if urlsplit(request.url).path == "/users/me":
        return {"resource": {"uri": "https://x/users/A", "current_organization": "https://x/organizations/B"}}
    token = None if "page_token" in request.url else "t"
    return {"collection": [hook], "pagination": {"next_page_token": token}, "resource": hook}


def typeform(request: ApiRequest) -> Any:
    hook = {"tag": "a tag", "url": URL, "enabled": True, "event_types": {"form_response": True}}
    if urlsplit(request.url).path == "/forms":
        return {"items": [{"id": "u6nXL7"}, {"id": "lT4Z3j"}], "page_count": 1}
    return {"items": [hook, hook | {"tag": "other"}]} if request.method == "GET" else hook


def polar(request: ApiRequest) -> Any:
    hook = {"id": "h_1", "url": URL, "format": "raw", "events": ["order.paid"], "enabled": True, "secret": "s"}
    return {"items": [hook, hook | {"id": "h_2"}], "pagination": {"max_page": 1}} if request.method == "GET" else hook


def whop(request: ApiRequest) -> Any:
    hook = {"id": "h_1", "url": URL, "api_version": "v1", "events": ["payment.succeeded"], "enabled": True}
    more = "after=" not in request.url
    page = {"data": [hook, hook | {"id": "h_2"}], "page_info": {"end_cursor": "c", "has_next_page": more}}
    return page if request.method == "GET" else hook | {"webhook_secret": "ws_x"}


def fourthwall(request: ApiRequest) -> Any:
    hook = {"id": "h_1", "url": URL, "allowedTypes": ["DONATION"], "apiVersion": "V1"}
    return {"results": [hook, hook | {"id": "h_2"}]} if request.method == "GET" else hook | {"secret": "s"}


REGISTERS: dict[str, Callable[[ApiRequest], Any]] = {
    each.__name__: each
    for each in (lemonsqueezy, paddle, mollie, razorpay, github, calendly, typeform, polar, whop, fourthwall)
}
KEYS = dict.fromkeys(("razorpay", "whop", "fourthwall"), f"some-id:{KEY}") | {"github": f"bloom/shop:{KEY}"}
ANY_JSON = any_json(URL, "h_1", "..", "a/b", " ", "*", "\ud800", max_leaves=6)


def spoilt(draw: Callable[[st.SearchStrategy[Any]], Any], told: Any) -> Any:
    """The same with something else at one place, or in place of the whole."""
    around = {"": copy.deepcopy(told)}
    spoil(draw, around, ANY_JSON)
    return around[""]


@pytest.mark.parametrize("name", REGISTERS)
@given(
    data=st.data(),
    odd=st.integers(0, 8),
    what=st.sampled_from(["make", "read", "mend", "remove"]),
    known=st.sampled_from(["h_1", "h_1 h_2", "", "u6nXL7/a%20tag", "2"]),
)
def test_one_odd_answer(name: str, data: st.DataObject, odd: int, what: str, known: str) -> None:
    api = api_of(name)
    assert api is not None
    assert api.endpoints is not None
    hosts, asked = api.hosts, 0

    def say(request: ApiRequest) -> ApiResponse:
        nonlocal asked
        assert KEY not in request.url
        assert urlsplit(request.url).netloc in hosts
        asked += 1
        told = REGISTERS[name](request)
        return answer(spoilt(data.draw, told) if asked - 1 == odd else told)

    key, endpoint = KEYS.get(name, KEY), Endpoint(known, URL)
    asking: dict[str, Asking[Made] | Asking[Endpoint] | Asking[None]] = {
        "make": api.endpoints.make(WANTED, key, {}),
        "read": api.endpoints.read(endpoint, key, {}),
        "mend": api.endpoints.mend(endpoint, WANTED, key, {}),
        "remove": api.endpoints.remove(endpoint, key, {}),
    }
    try:
        found: Any = play(asking[what], say).result
    except ApiFailure:
        return
    if isinstance(found, Made):
        assert all(found.endpoint.id.split(" "))
    if isinstance(found, Endpoint):
        assert found.standing in Standing


@pytest.mark.parametrize("name", REGISTERS)
def test_as_they_should_they_end_well(name: str) -> None:
    api = api_of(name)
    assert api is not None
    assert api.endpoints is not None
    key = KEYS.get(name, KEY)
    made = play(api.endpoints.make(WANTED, key, {}), lambda request: answer(REGISTERS[name](request))).result
    found = play(api.endpoints.read(made.endpoint, key, {}), lambda request: answer(REGISTERS[name](request))).result
    assert found.standing is not Standing.GONE
