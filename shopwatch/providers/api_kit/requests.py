"""What generators that ask a provider are made of: how a request is put together, how an answer is read, how pages
follow one another, and what comes of it all for an event."""

import base64
import re
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.sale import Claim, SaleClaim
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiRequest, ApiResponse, Asking, is_spent, limit_of, wait_of
from shopwatch.providers.kit.reading import Meaning, Message, Unreadable, find, ids, meanings, parse, text
from shopwatch.providers.provider import Provider

MOST_PAGES = 100
MOST_PARTS = 400_000
"""A page holds the parts of many messages, and is not read on the window's thread."""
_TOKEN = re.compile(r"[\x20-\x7e]{1,4096}")
"""An access token as RFC 6749, A.12 has it, which can stand in a header."""


def address(base: str, *steps: str, **query: str | int | None) -> str:
    """`base` and these steps of a path, each escaped whole, with a query of what is not None.

    Raises ApiFailure for a step that is empty or leads upwards: it is no id.
    """
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    path = "".join(f"/{_step(step)}" for step in steps)
    return f"{base}{path}?{asked}" if asked else f"{base}{path}"


def _step(step: str) -> str:
    return refuse() if set(step) <= {"."} else quote(step, safe=":")


def get(url: str, **headers: str) -> ApiRequest:
    """A request that only reads; underscores in header names are hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ApiRequest("GET", url, {"Accept": "application/json", **named})


def bearer(key: str) -> str:
    """The value of Authorization for a token."""
    return f"Bearer {key}"


def basic(user: str, password: str = "") -> str:
    """The value of Authorization for a user and a password."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def parts_of(key: str, count: int) -> list[str]:
    """The values of a key that is pasted with colons between them; only the last may hold one. Raises ApiFailure."""
    found = key.split(":", count - 1)
    if len(found) != count or not all(found):
        raise ApiFailure(ApiProblem.KEY_REFUSED)
    return found


def read_object(response: ApiResponse) -> dict[str, Any]:
    """The JSON object in a good answer, read as strictly as any message. Raises ApiFailure."""
    check(response)
    try:
        return parse(response.body, MOST_PARTS)
    except Unreadable:
        raise ApiFailure(ApiProblem.UNREADABLE) from None


def read_list(response: ApiResponse) -> list[Any]:
    """The JSON array in a good answer, read as strictly. Raises ApiFailure."""
    check(response)
    try:
        found = parse(b'{"list":' + response.body + b"}", MOST_PARTS)
    except Unreadable:
        raise ApiFailure(ApiProblem.UNREADABLE) from None
    return list_at(found, "list") if len(found) == 1 else refuse()


def list_at(found: Any, *path: str) -> list[Any]:
    """The array at `path`. Raises ApiFailure if there is none."""
    value = find(found, *path)
    return value if isinstance(value, list) else refuse()


def refuse() -> NoReturn:
    """Raises ApiFailure: this is not an answer as this provider gives it."""
    raise ApiFailure(ApiProblem.UNREADABLE)


def check(response: ApiResponse) -> None:
    """Raises ApiFailure unless the answer is a good one. Nobody is followed elsewhere."""
    match response.status:
        case status if 200 <= status < 300:
            return
        case 401:
            raise ApiFailure(ApiProblem.KEY_REFUSED)
        case 403 if not is_spent(response):
            raise ApiFailure(ApiProblem.KEY_NARROW)
        case 404 | 410:
            raise ApiFailure(ApiProblem.NOT_FOUND)
        case 403 | 429:
            raise ApiFailure(ApiProblem.LIMIT, wait=limit_of(response))
        case status if status == 408 or status >= 500:
            raise ApiFailure(ApiProblem.AWAY, wait=wait_of(response))
        case _:
            raise ApiFailure(ApiProblem.UNREADABLE)


def ask(request: ApiRequest) -> Asking[dict[str, Any]]:
    """One question, answered by a JSON object."""
    return read_object((yield request))


def ask_list(request: ApiRequest) -> Asking[list[Any]]:
    """One question, answered by a JSON array; by nothing at all where there is nothing."""
    response = yield request
    return [] if response.status == 204 else read_list(response)


def ask_token(request: ApiRequest, *, consented: bool = False) -> Asking[dict[str, Any]]:
    """A question for a token by OAuth 2.0, which says with 400 that what was shown is of no use (RFC 6749, 5.2).
    `consented`: what is shown came of the owner's consent, which may be over. Raises ApiFailure for a token that can
    stand in no header."""
    response = yield request
    if response.status == 400:
        over = consented and _error_of(response) == "invalid_grant"
        raise ApiFailure(ApiProblem.REVOKED if over else ApiProblem.KEY_REFUSED)
    found = read_object(response)
    token = found.get("access_token")
    return found if isinstance(token, str) and _TOKEN.fullmatch(token) else refuse()


def _error_of(response: ApiResponse) -> str:
    try:
        return text(parse(response.body, MOST_PARTS), "error")
    except Unreadable:
        return ""


def pages(
    request: ApiRequest,
    following: Callable[[dict[str, Any], ApiResponse], ApiRequest | None],
    *path: str,
    most: int,
    absent: bool = False,
) -> Asking[list[Any]]:
    """What stands at `path` on this page and those that follow, up to `most`. `following` finds the next one, or None.
    `absent`: where there is nothing, the array is not there either.

    Raises ApiFailure where a page comes twice or there is no end of them: then nobody knows what is missing.
    """
    found: list[Any] = []
    asked = {request.url}
    waiting: ApiRequest | None = request
    while waiting is not None and len(found) < most:
        response = yield waiting
        page = read_object(response)
        found += [] if absent and find(page, *path) is None else list_at(page, *path)
        waiting = following(page, response)
        if waiting is not None:
            if waiting.url in asked or len(asked) >= MOST_PAGES:
                refuse()
            asked.add(waiting.url)
    return found[:most]


def called(event: Event) -> list[str]:
    """The two or more steps of the path that `event` names for what it lacks. Raises ApiFailure if there are fewer."""
    steps = event.needs_fetch.partition(" ")[2].strip("/").split("/")
    return steps if len(steps) > 1 else refuse()


def sold(event: Event) -> SaleClaim:
    """What `event` says of its sale. Raises ApiFailure if it is of none."""
    return event.claim if isinstance(event.claim, SaleClaim) else refuse()


def understood(provider: Provider, event_type: str, body: dict[str, Any], event: Event) -> Meaning | None:
    """What `body`, made of an answer, would mean as a message of `provider`, of several things the first.

    Raises ApiFailure if it cannot be read.
    """
    try:
        reader = provider.readers.get(event_type) or refuse()
        return next(iter(meanings(reader(Message(body, Headers(), event_type, event.occurred_at)))), None)
    except Unreadable:
        refuse()


def filled(event: Event, claim: Claim, *links: str) -> tuple[Meaning, ...]:
    """`claim`, which says what `event` lacked, as of the same time and of the same purchase."""
    return (Meaning(event.kind, claim, event.occurred_at, links=ids(*links), live=event.live),)
