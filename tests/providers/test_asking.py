"""What generators are made of: statuses, answers, keys and addresses; pages that end and pages that do not."""

import pytest

from shopwatch.providers.api import ApiFailure, ApiProblem, ApiRequest, ApiResponse
from shopwatch.providers.api_kit.requests import address, ask, ask_token, get, pages, parts_of, read_list, read_object
from tests.providers.played import answer, play

FIRST = get("https://api.example.com/v1/things")


def problem_of(response: ApiResponse) -> ApiFailure:
    with pytest.raises(ApiFailure) as failure:
        play(ask(FIRST), [response])
    return failure.value


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, ApiProblem.KEY_REFUSED),
        (403, ApiProblem.KEY_NARROW),
        (404, ApiProblem.NOT_FOUND),
        (410, ApiProblem.NOT_FOUND),
        (429, ApiProblem.LIMIT),
        (500, ApiProblem.AWAY),
        (503, ApiProblem.AWAY),
        (408, ApiProblem.AWAY),
        (302, ApiProblem.UNREADABLE),
        (400, ApiProblem.UNREADABLE),
        (100, ApiProblem.UNREADABLE),
    ],
)
def test_each_status_has_its_problem(status: int, problem: ApiProblem) -> None:
    assert problem_of(answer({}, status)).problem is problem


@pytest.mark.parametrize(
    ("headers", "problem", "wait"),
    [
        # Foursquare, rate-limits-v2: beyond the limit it answers 403, and says when that is over.
        ({"x-ratelimit-reset": "1795522200", "date": "Tue, 24 Nov 2026 12:00:00 GMT"}, ApiProblem.LIMIT, 600.0),
        ({"x-ratelimit-reset": "soon", "date": "Tue, 24 Nov 2026 12:00:00 GMT"}, ApiProblem.LIMIT, None),
        ({"x-ratelimit-reset": "1795522200"}, ApiProblem.LIMIT, None),
        ({"x-ratelimit-reset": "99999999999", "date": "Tue, 24 Nov 2026 12:00:00 GMT"}, ApiProblem.LIMIT, 86_400.0),
        # GitHub, rate limits of the REST API: it always says how many are left.
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, ApiProblem.LIMIT, None),
        ({"x-ratelimit-remaining": "12", "retry-after": "60"}, ApiProblem.LIMIT, 60.0),
        ({"x-ratelimit-remaining": "12", "x-ratelimit-reset": "1795522200"}, ApiProblem.KEY_NARROW, None),
    ],
)
def test_a_refusal_beyond_the_limit_is_no_bad_key(
    headers: dict[str, str], problem: ApiProblem, wait: float | None
) -> None:
    failure = problem_of(ApiResponse(403, headers))

    assert (failure.problem, failure.wait) == (problem, wait)


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
    assert problem_of(answer(body)).problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize("body", [b"{}", b'[],"b":[]', b'[],"list":[]', b"[1", b"[1]]"])
def test_only_an_array_is_a_list(body: bytes) -> None:
    with pytest.raises(ApiFailure):
        read_list(answer(body))
    assert read_list(answer(b"[1, {}]")) == [1, {}]


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


@pytest.mark.parametrize("key", ["", "one", ":two", "one:"])
def test_a_key_of_two_parts_has_both(key: str) -> None:
    with pytest.raises(ApiFailure) as failure:
        parts_of(key, 2)
    assert failure.value.problem is ApiProblem.KEY_REFUSED
    assert parts_of("id:se:cret", 2) == ["id", "se:cret"]


def test_a_page_may_have_more_parts_than_a_message_but_not_any_number() -> None:
    large = b'{"data":[' + b",".join([b"{}"] * 60_000) + b"]}"
    assert len(read_object(ApiResponse(200, {}, large))["data"]) == 60_000
    with pytest.raises(ApiFailure):
        read_object(ApiResponse(200, {}, b'{"data":[' + b",".join([b"{}"] * 500_000) + b"]}"))


@pytest.mark.parametrize("token", ["t-1", "eyJhbGciOiJFUzI1NiJ9.e30.a~b+c/d==", "t" * 4_096])
def test_a_token_is_what_can_stand_in_a_header(token: str) -> None:
    assert play(ask_token(FIRST), [answer({"access_token": token})]).result["access_token"] == token


@pytest.mark.parametrize("token", [None, "", 7, ["t"], "t\r\nx: y", "\ud800", "\N{SNOWMAN}", "t" * 4_097])
def test_no_other_token_is_shown_to_anybody(token: object) -> None:
    """RFC 6749, appendix A.12: printable ASCII."""
    with pytest.raises(ApiFailure) as failure:
        play(ask_token(FIRST), [answer({"access_token": token})])
    assert failure.value.problem is ApiProblem.UNREADABLE
