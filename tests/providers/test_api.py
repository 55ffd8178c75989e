"""Asking a provider: which hosts, which statuses, which answers; pages that end and pages that do not."""

import pytest

from shopwatch.providers.api import (
    Api,
    ApiFailure,
    ApiRequest,
    ApiResponse,
    KeyWords,
    Problem,
    address,
    ask,
    explain,
    get,
    host_in,
    is_at,
    pages,
    parts_of,
    read_list,
    unfit,
    wait_of,
)
from shopwatch.providers.apis.paypal import PAYPAL_API
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.paypal import PAYPAL
from shopwatch.providers.stripe import STRIPE
from tests.providers.asking import answer, play

FIRST = get("https://api.example.com/v1/things")


def problem_of(response: ApiResponse) -> ApiFailure:
    with pytest.raises(ApiFailure) as failure:
        play(ask(FIRST), [response])
    return failure.value


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, Problem.KEY_REFUSED),
        (403, Problem.KEY_NARROW),
        (404, Problem.NOT_FOUND),
        (410, Problem.NOT_FOUND),
        (429, Problem.LIMIT),
        (500, Problem.AWAY),
        (503, Problem.AWAY),
        (408, Problem.AWAY),
        (302, Problem.UNREADABLE),
        (400, Problem.UNREADABLE),
        (100, Problem.UNREADABLE),
    ],
)
def test_each_status_has_its_problem(status: int, problem: Problem) -> None:
    assert problem_of(answer({}, status)).problem is problem


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a":1',
        b"[]",
        b"<html>",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b"\xff{}",
        b'{"a":' * 70 + b"1" + b"}" * 70,
    ],
)
def test_half_and_malformed_answers_are_unreadable(body: bytes) -> None:
    assert problem_of(answer(body)).problem is Problem.UNREADABLE


@pytest.mark.parametrize("body", [b"{}", b'[],"b":[]', b'[],"list":[]', b"[1", b"[1]]"])
def test_only_an_array_is_a_list(body: bytes) -> None:
    with pytest.raises(ApiFailure):
        read_list(answer(body))
    assert read_list(answer(b"[1, {}]")) == [1, {}]


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


def following(page: dict[str, object], _: ApiResponse) -> ApiRequest | None:
    return get(f"{FIRST.url}?after={page['next']}") if page.get("next") else None


def test_pages_are_read_to_their_end() -> None:
    played = play(
        pages(FIRST, following, "data", most=10),
        [answer({"data": [1, 2], "next": "2"}), answer({"data": [], "next": "3"}), answer({"data": [3]})],
    )
    assert played.result == [1, 2, 3]
    assert played.urls == [FIRST.url, f"{FIRST.url}?after=2", f"{FIRST.url}?after=3"]


def test_no_more_pages_are_read_than_are_wanted() -> None:
    played = play(pages(FIRST, following, "data", most=3), [answer({"data": [1, 2, 3, 4], "next": "4"})])
    assert played.result == [1, 2, 3]


def test_a_page_that_comes_again_ends_in_a_problem() -> None:
    again = [answer({"data": [1], "next": "2"}), answer({"data": [2], "next": "2"})]
    with pytest.raises(ApiFailure):
        play(pages(FIRST, following, "data", most=10), again)


def test_pages_without_end_end_in_a_problem() -> None:
    count = 0

    def more(_: ApiRequest) -> ApiResponse:
        nonlocal count
        count += 1
        return answer({"data": [], "next": str(count)})

    with pytest.raises(ApiFailure):
        play(pages(FIRST, following, "data", most=10), more)
    assert count == 100


def test_steps_of_an_address_stay_steps() -> None:
    assert address("https://a.b/v1", "x/../y?z#", limit=2, after=None) == "https://a.b/v1/x%2F..%2Fy%3Fz%23?limit=2"
    for step in ("", ".", ".."):
        with pytest.raises(ApiFailure):
            address("https://a.b", step, "lines")


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


@pytest.mark.parametrize("key", ["", "one", ":two", "one:"])
def test_a_key_of_two_parts_has_both(key: str) -> None:
    with pytest.raises(ApiFailure) as failure:
        parts_of(key, 2)
    assert failure.value.problem is Problem.KEY_REFUSED
    assert parts_of("id:se:cret", 2) == ["id", "se:cret"]


def test_what_is_pasted_in_the_wrong_place_is_told() -> None:
    assert unfit(STRIPE_API, STRIPE, "rk_live_0123456789") is None
    secret = unfit(STRIPE_API, STRIPE, " whsec_0123456789")
    half = unfit(PAYPAL_API, PAYPAL, "only-the-client-id")
    assert (secret and secret.code, half and half.code) == ("api-key-is-secret", "api-key-parts")
    assert unfit(PAYPAL_API, PAYPAL, "client:secret") is None


@pytest.mark.parametrize("problem", Problem)
def test_each_problem_has_its_sentence(problem: Problem) -> None:
    told = explain(problem, "Stripe")
    assert "Stripe" in told.title
    assert (told.code, told.title[-1], told.hint[-1]) == (problem.value, ".", ".")


def test_a_request_never_shows_its_key() -> None:
    request = get("https://api.example.com/", Authorization="Bearer canary")
    assert "canary" not in repr(request)
    assert request.headers["Authorization"] == "Bearer canary"
