"""Squarespace asked by an API key, and by an app that the owner allowed (developers.squarespace.com: "Accessing
Squarespace APIs using OAuth 2.0"; the Webhook Subscriptions API)."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shopwatch.domain.instant import HOUR
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, Place
from shopwatch.providers.api_kit.consent import REDIRECT, address_of, exchange
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.requests import basic
from shopwatch.providers.apis.squarespace import SQUARESPACE_API
from tests.providers.played import AT, Played, answer, play

API_KEY = "00000000-aaaa-bbbb-cccc-000000000000"
ALLOWED = "client-1:secret-1:refresh-1"
NOTHING = answer({"result": [], "pagination": {"hasNextPage": False}})
URL = "https://shop.example/in/x/y"


def token(**told: Any) -> ApiResponse:
    return answer({"access_token": "access-1", "access_token_expires_at": "1796000000.5"} | told)


def listed(key: str, *answers: ApiResponse) -> Played[Any]:
    assert SQUARESPACE_API.missed is not None
    return play(SQUARESPACE_API.missed(Place(AT - HOUR, AT, "", AT), key, {}), answers)


def test_an_api_key_is_shown_as_it_is() -> None:
    played = listed(API_KEY, NOTHING)
    assert [each.headers["Authorization"] for each in played.requests] == [f"Bearer {API_KEY}"]
    assert played.keys == []


def test_what_came_of_consent_gives_a_token_and_the_refresh_token_that_follows() -> None:
    played = listed(ALLOWED, token(refresh_token="refresh-2"), NOTHING)
    granted, asked = played.requests
    assert (granted.method, granted.url) == ("POST", "https://login.squarespace.com/api/1/login/oauth/provider/tokens")
    assert granted.headers["Authorization"] == basic("client-1", "secret-1")
    assert json.loads(granted.body) == {"grant_type": "refresh_token", "refresh_token": "refresh-1"}
    assert not granted.repeatable
    assert asked.headers["Authorization"] == "Bearer access-1"
    assert played.keys == ["client-1:secret-1:refresh-2"]
    assert listed(ALLOWED, token(), NOTHING).keys == []


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        (answer({"error": "invalid_grant"}, 400), ApiProblem.REVOKED),
        (answer({"error": "invalid_client"}, 401), ApiProblem.KEY_REFUSED),
        (answer({"access_token": None}), ApiProblem.UNREADABLE),
        (answer(b"<html>"), ApiProblem.UNREADABLE),
    ],
)
def test_a_consent_that_is_over_is_said(told: ApiResponse, problem: ApiProblem) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(ALLOWED, told)
    assert failure.value.problem is problem


def test_the_owner_is_asked_and_the_code_is_exchanged_as_squarespace_wants_it() -> None:
    consent = SQUARESPACE_API.consent
    assert consent is not None
    page = urlsplit(address_of(consent, "client-1", "s" * 43, "v" * 43))
    query = parse_qs(page.query)
    assert (page.netloc, page.path) == ("login.squarespace.com", "/api/1/login/oauth/provider/authorize")
    assert (query["scope"], query["access_type"]) == (["website.orders.read"], ["offline"])

    played = play(exchange(consent, ("client-1", "secret-1"), "code-1", "v" * 43), [token(refresh_token="refresh-1")])
    [asked] = played.requests
    assert asked.headers["Authorization"] == basic("client-1", "secret-1")
    wanted = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code": "code-1", "code_verifier": "v" * 43}
    assert json.loads(asked.body) == wanted
    assert played.result == ALLOWED


def test_an_api_key_may_not_tell_the_address() -> None:
    assert SQUARESPACE_API.endpoints is not None
    with pytest.raises(ApiFailure) as failure:
        play(SQUARESPACE_API.endpoints.make(Wanted(URL), API_KEY, {}), [])
    assert failure.value.problem is ApiProblem.KEY_NARROW


def test_a_subscription_is_made_for_both_topics_and_tells_its_secret_once() -> None:
    assert SQUARESPACE_API.endpoints is not None
    told = {"id": "s-1", "endpointUrl": URL, "topics": ["order.create", "order.update"]}
    answers = [token(), answer({"webhookSubscriptions": []}), answer(told | {"secret": "26af"})]
    played = play(SQUARESPACE_API.endpoints.make(Wanted(URL), ALLOWED, {}), answers)
    assert json.loads(played.requests[2].body) == {"endpointUrl": URL, "topics": ["order.create", "order.update"]}
    assert played.result.secrets == ("26af",)
