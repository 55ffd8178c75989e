"""How eBay is asked for the keys that it signs by."""

from base64 import b64encode
from typing import Any

import pytest

from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, purpose, without
from shopwatch.providers.apis.ebay import EBAY_API
from shopwatch.providers.senders.ebay_signature import PRACTICE_KEY
from tests.providers.authority import ebay_key, public_half
from tests.providers.played import Played, answer, play

KEY = "Bloom-app:PRD-cert"
TOKEN = answer({"access_token": "v^1.1#i^1", "token_type": "Application Access Token", "expires_in": 7200})
# As eBay's SDKs have it in their tests: without line breaks.
PEM = public_half(ebay_key()).replace("\n", "")
TOLD = {"key": PEM, "algorithm": "ECDSA", "digest": "SHA1"}


def asked(*answers: ApiResponse, key: str = KEY) -> Played[str]:
    assert EBAY_API.published is not None
    return play(EBAY_API.published.ask(PRACTICE_KEY, key), list(answers))


def test_a_key_is_asked_for_by_a_token_of_the_application() -> None:
    """golang SDK 0044b77: Basic of client id and secret, the client-credentials grant, the scope api_scope."""
    played = asked(TOKEN, answer(TOLD))

    first, second = played.requests
    assert (first.method, first.url) == ("POST", "https://api.ebay.com/identity/v1/oauth2/token")
    assert first.headers["Authorization"] == f"Basic {b64encode(KEY.encode()).decode()}"
    assert first.body == b"grant_type=client_credentials&scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope"
    assert (second.method, second.url, second.headers["Authorization"]) == ("GET", PRACTICE_KEY, "Bearer v^1.1#i^1")
    assert played.result == PEM


def test_a_key_that_ebay_does_not_know_is_none() -> None:
    assert asked(TOKEN, answer({"errors": []}, 404)).result == ""


@pytest.mark.parametrize(
    "told",
    [
        {},
        [],
        TOLD | {"key": None},
        TOLD | {"key": "-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----"},
        TOLD | {"algorithm": "RSA"},
        TOLD | {"digest": "MD5"},
    ],
)
def test_what_is_no_such_key_is_not_taken(told: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        asked(TOKEN, answer(told))

    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ([answer({"error": "invalid_client"}, 401)], ApiProblem.KEY_REFUSED),
        ([answer({"error": "invalid_scope"}, 400)], ApiProblem.KEY_REFUSED),
        ([TOKEN, answer({}, 403)], ApiProblem.KEY_NARROW),
        ([TOKEN, answer({}, 429)], ApiProblem.LIMIT),
        ([TOKEN, answer({}, 500)], ApiProblem.AWAY),
    ],
)
def test_why_there_is_no_key(answers: list[ApiResponse], problem: ApiProblem) -> None:
    with pytest.raises(ApiFailure) as failure:
        asked(*answers)

    assert failure.value.problem is problem


@pytest.mark.parametrize("key", ["", "Bloom-app", ":PRD-cert", "Bloom-app:"])
def test_half_a_key_is_not_shown_to_anybody(key: str) -> None:
    with pytest.raises(ApiFailure) as failure:
        asked(key=key)

    assert failure.value.problem is ApiProblem.KEY_REFUSED


def test_the_owner_reads_what_the_key_is_for() -> None:
    assert purpose(EBAY_API, "eBay") == "With it ShopWatch fetches what eBay signs its messages by."
    assert without(EBAY_API) == "Without it no message is believed."
