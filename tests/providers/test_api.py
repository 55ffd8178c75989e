"""Asking a provider: which hosts, how long to wait, and what the owner hears of it."""

import pytest

from shopwatch.providers.api import Api, ApiProblem, ApiResponse, KeyWords, explain, host_in, is_at, unfit, wait_of
from shopwatch.providers.api_kit.requests import get
from shopwatch.providers.apis.paypal import PAYPAL_API
from shopwatch.providers.apis.shopify import SHOPIFY_API
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.senders.paypal import PAYPAL
from shopwatch.providers.senders.shopify import SHOPIFY
from shopwatch.providers.senders.stripe import STRIPE


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "99999999"}, 86_400.0),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
        ({"retry-after": "Wed, 25 Nov 2026 12:00:30 GMT", "date": "Wed, 25 Nov 2026 12:00:00 GMT"}, 30.0),
        ({"retry-after": "Wed, 25 Nov 2020 12:00:30 GMT", "date": "Wed, 25 Nov 2026 12:00:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 25 Nov 2036 12:00:30 GMT", "date": "Wed, 25 Nov 2026 12:00:00 GMT"}, 86_400.0),
        ({"retry-after": "Wed, 25 Nov 2026 12:00:30 GMT"}, None),
    ],
)
def test_the_wait_that_is_asked_for_is_believed_within_reason(headers: dict[str, str], seconds: float | None) -> None:
    assert wait_of(ApiResponse(429, headers)) == seconds


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/x",
        "https://api.example.com.evil.example/x",
        "https://evil.example/api.example.com",
        "https://api.example.com@evil.example/",
        "https://user@api.example.com/",
        "https://api.example.com:8443/",
        "https://api.example.com\\@evil.example/",
        "https://api.example.com:x/",
        "//api.example.com/",
        "https://api.example.com/a b",
        "https://ａpi.example.com/",
        "",
    ],
)
def test_addresses_in_messages_lead_nowhere_else(url: str) -> None:
    assert not is_at(url, ("api.example.com",))
    assert is_at("https://api.example.com/v1/x?y=1", ("api.example.com",))


@pytest.mark.parametrize(
    ("pasted", "host"),
    [
        ("https://Shop.Example.com/wp/", "shop.example.com"),
        ("shop.example.com", "shop.example.com"),
        ("http://shop.example.com", ""),
        ("shop.example.com:8080", ""),
        ("user@shop.example.com", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_the_shops_own_host(pasted: str, host: str) -> None:
    api = Api("x", KeyWords("Key", "There."), hosts=("api.example.com",), own_host="shop")
    assert host_in(pasted) == host
    assert api.may_speak_to({"shop": pasted}) == ({"api.example.com", host} if host else {"api.example.com"})


def test_what_is_pasted_in_the_wrong_place_is_told() -> None:
    assert unfit(STRIPE_API, STRIPE, "rk_live_0123456789") is None
    secret = unfit(STRIPE_API, STRIPE, " whsec_0123456789")
    half = unfit(PAYPAL_API, PAYPAL, "only-the-client-id")
    assert (secret and secret.code, half and half.code) == ("api-key-is-secret", "api-key-parts")
    assert unfit(PAYPAL_API, PAYPAL, "client:secret") is None
    assert unfit(SHOPIFY_API, SHOPIFY, "shpat_0123456789") is None
    without = unfit(SHOPIFY_API, SHOPIFY, "only-the-client-id")
    assert without is not None
    assert without.code == "api-key-parts"


@pytest.mark.parametrize("problem", ApiProblem)
def test_each_problem_has_its_sentence(problem: ApiProblem) -> None:
    told = explain(problem, "Stripe")
    assert "Stripe" in told.title
    assert (told.code, told.title[-1], told.hint[-1]) == (problem.value, ".", ".")


def test_a_request_never_shows_its_key() -> None:
    request = get("https://api.example.com/", Authorization="Bearer canary")
    assert "canary" not in repr(request)
    assert request.headers["Authorization"] == "Bearer canary"
