"""Asking a provider: requests described, answers understood, nothing performed.

A generator yields what is to be asked and is sent the answer; `recovery` does the asking. So every provider's API is
tried without a network.
"""

import base64
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, NoReturn
from urllib.parse import quote, urlencode, urlsplit

from shopwatch.domain.clock import DAY, SECOND
from shopwatch.domain.delivery import Headers
from shopwatch.domain.errors import UserError
from shopwatch.domain.event import Event
from shopwatch.domain.sale import Claim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.domain.words import say
from shopwatch.providers.provider import Provider
from shopwatch.providers.reading import Meaning, Message, Unreadable, find, ids, parse, text

MOST_PAGES = 100
_LONGEST_TOKEN = 4_096
LONGEST_WAIT = DAY // SECOND
"""Seconds. No provider's Retry-After is believed beyond a day."""

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """`repeatable`: asking it twice does no more than asking it once. Headers and body may hold the key, so they are
    never shown."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """The names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class NewKey:
    """The provider gave another key in the place of the one it was asked by, which may be of no use any more."""

    key: str = field(repr=False)


type Asking[T] = Generator[ApiRequest | NewKey, ApiResponse, T]
"""Raises only `ApiFailure`, whatever it is sent. After a `NewKey`, which is to be kept first, it is sent `KEPT`."""

KEPT = ApiResponse(204)

type Fetch = Callable[[Event, str, Options], Asking[tuple[Meaning, ...]]]
"""What an event lacks, by the key and the source's options: claims that say it, of the same order. Of an event of
`Kind.PING`, which is a hint, only the id is known. Nothing, where there is nothing to book."""


class Problem(StrEnum):
    """Why there is no answer of use."""

    KEY_REFUSED = "api-key-refused"
    KEY_NARROW = "api-key-narrow"
    OTHER_ACCOUNT = "api-other-account"
    LIMIT = "api-limit"
    AWAY = "api-away"
    NOT_FOUND = "api-not-found"
    UNREADABLE = "api-unreadable"


OWNER_MENDS = frozenset({Problem.KEY_REFUSED, Problem.KEY_NARROW, Problem.OTHER_ACCOUNT})
"""Asking again is of no use before the owner gave another key."""


class ApiFailure(Exception):
    """`wait` is how many seconds the provider wants to be left alone, where it says so. `answered`: it did answer."""

    def __init__(self, problem: Problem, *, wait: float | None = None, answered: bool = True) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.wait = wait
        self.answered = answered


def explain(problem: Problem, provider: str) -> UserError:
    """The owner's sentence; its code is the problem's."""
    title, hint = _words(problem, provider)
    return UserError(title, hint, code=problem.value)


def _words(problem: Problem, provider: str) -> tuple[str, str]:
    match problem:
        case Problem.KEY_REFUSED:
            return (
                say("{provider} does not accept the API key.", provider=provider),
                say("It may be wrong, expired or withdrawn. Copy it again, or make a new one there."),
            )
        case Problem.KEY_NARROW:
            return (
                say("The API key may not see what ShopWatch needs from {provider}.", provider=provider),
                say("Give it the rights that are named beside its field, or make a new one."),
            )
        case Problem.OTHER_ACCOUNT:
            return (
                say("The API key is of another account at {provider}.", provider=provider),
                say("Use a key of the account whose messages come here."),
            )
        case Problem.LIMIT:
            return (
                say("{provider} was asked too often.", provider=provider),
                say("ShopWatch asks again later, by itself."),
            )
        case Problem.AWAY:
            return (
                say("{provider} cannot be asked now.", provider=provider),
                say("ShopWatch asks again by itself."),
            )
        case Problem.NOT_FOUND:
            return (
                say("{provider} does not know this order.", provider=provider),
                say("The API key may be of another account, or of the test mode."),
            )
        case Problem.UNREADABLE:
            return (
                say("{provider} answers in a way that ShopWatch does not understand.", provider=provider),
                say("ShopWatch asks again by itself. A newer ShopWatch may know more."),
            )


@dataclass(frozen=True, slots=True)
class KeyWords:
    """What the owner needs to know of the API key: what it is called there, where it is found, the least it must be
    allowed to do, and how it begins. `parts`: it is pasted as so many values with colons between them."""

    label: str
    found: str
    scopes: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Api:
    """How one provider can be asked. `own_host` is the option of the source that names the shop's own host, where the
    API is there; everything else goes to `hosts`, by https, and nowhere else whatever a message says.
    `renews`: asking may bring a `NewKey`, so there is one question at a time.
    """

    provider: str
    key: KeyWords = field(repr=False)
    hosts: tuple[str, ...] = ()
    own_host: str = ""
    renews: bool = False
    fetch: Fetch | None = field(default=None, repr=False)

    def may_speak_to(self, options: Options) -> frozenset[str]:
        """The only hosts that a request may go to."""
        own = host_in(options.get(self.own_host, "")) if self.own_host else ""
        return frozenset((*self.hosts, own) if own else self.hosts)


def unfit(api: Api, provider: Provider, pasted: str) -> UserError | None:
    """Why `pasted` surely is not the API key; None if it may be."""
    key = pasted.strip()
    if any(key.startswith(prefix) for prefix in provider.setup.secret_prefixes):
        return UserError(
            say("This is the secret that {provider} signs its messages with.", provider=provider.name),
            say("The API key is another one: {found}", found=api.key.found),
            code="api-key-is-secret",
        )
    if key.count(":") + 1 < api.key.parts:
        return UserError(
            say("{provider} wants {n} values, with a colon between.", provider=provider.name, n=api.key.parts),
            say("They are: {label}.", label=api.key.label),
            code="api-key-parts",
        )
    return None


def host_in(pasted: str) -> str:
    """The host that the owner meant, of an address or a bare name; empty if there is none."""
    found = pasted.strip().lower().removeprefix("https://").partition("/")[0]
    return found if len(found) <= 253 and _HOST.fullmatch(found) else ""


def is_at(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether `url`, which a message named, is an https address at exactly one of `hosts`, with nothing odd in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    return plain and parts.scheme == "https" and parts.netloc.lower() in hosts and port is None


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
        raise ApiFailure(Problem.KEY_REFUSED)
    return found


def read_object(response: ApiResponse) -> dict[str, Any]:
    """The JSON object in a good answer, read as strictly as any message. Raises ApiFailure."""
    check(response)
    try:
        return parse(response.body)
    except Unreadable:
        raise ApiFailure(Problem.UNREADABLE) from None


def read_list(response: ApiResponse) -> list[Any]:
    """The JSON array in a good answer, read as strictly. Raises ApiFailure."""
    check(response)
    try:
        found = parse(b'{"list":' + response.body + b"}")
    except Unreadable:
        raise ApiFailure(Problem.UNREADABLE) from None
    return list_at(found, "list") if len(found) == 1 else refuse()


def list_at(found: Any, *path: str) -> list[Any]:
    """The array at `path`. Raises ApiFailure if there is none."""
    value = find(found, *path)
    return value if isinstance(value, list) else refuse()


def refuse() -> NoReturn:
    """Raises ApiFailure: this is not an answer as this provider gives it."""
    raise ApiFailure(Problem.UNREADABLE)


def check(response: ApiResponse) -> None:
    """Raises ApiFailure unless the answer is a good one. Nobody is followed elsewhere."""
    match response.status:
        case status if 200 <= status < 300:
            return
        case 401:
            raise ApiFailure(Problem.KEY_REFUSED)
        case 403:
            raise ApiFailure(Problem.KEY_NARROW)
        case 404 | 410:
            raise ApiFailure(Problem.NOT_FOUND)
        case 429:
            raise ApiFailure(Problem.LIMIT, wait=wait_of(response))
        case status if status == 408 or status >= 500:
            raise ApiFailure(Problem.AWAY, wait=wait_of(response))
        case _:
            raise ApiFailure(Problem.UNREADABLE)


def wait_of(response: ApiResponse) -> float | None:
    """The seconds of Retry-After, a number or a date told by the provider's own clock; None without one."""
    said = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", said):
        return float(min(int(said), LONGEST_WAIT))
    until, at = _date(said), _date(response.headers.get("date", ""))
    return None if until is None or at is None else min(max(0.0, (until - at).total_seconds()), float(LONGEST_WAIT))


def _date(said: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(said[:40])
    except ValueError:
        return None
    return found if found.tzinfo else None


def ask(request: ApiRequest) -> Asking[dict[str, Any]]:
    """One question, answered by a JSON object."""
    return read_object((yield request))


def ask_list(request: ApiRequest) -> Asking[list[Any]]:
    """One question, answered by a JSON array; by nothing at all where there is nothing."""
    response = yield request
    return [] if response.status == 204 else read_list(response)


def ask_token(request: ApiRequest) -> Asking[dict[str, Any]]:
    """A question for a token by OAuth 2.0, which says with 400 that what was shown is of no use (RFC 6749, 5.2)."""
    response = yield request
    if response.status == 400:
        raise ApiFailure(Problem.KEY_REFUSED)
    found = read_object(response)
    return found if text(found, "access_token", most=_LONGEST_TOKEN) else refuse()


def pages(
    request: ApiRequest, following: Callable[[dict[str, Any], ApiResponse], ApiRequest | None], *path: str, most: int
) -> Asking[list[Any]]:
    """What stands at `path` on this page and those that follow, up to `most`. `following` finds the next one, or None.

    Raises ApiFailure where a page comes twice or there is no end of them: then nobody knows what is missing.
    """
    found: list[Any] = []
    asked = {request.url}
    waiting: ApiRequest | None = request
    while waiting is not None and len(found) < most:
        response = yield waiting
        page = read_object(response)
        found += list_at(page, *path)
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
    """What `body`, made of an answer, would mean as a message of `provider`. Raises ApiFailure if it cannot be read."""
    try:
        reader = provider.readers.get(event_type) or refuse()
        return reader(Message(body, Headers(), event_type, event.occurred_at))
    except Unreadable:
        refuse()


def filled(event: Event, claim: Claim, *links: str) -> tuple[Meaning, ...]:
    """`claim`, which says what `event` lacked, as of the same time and of the same purchase."""
    return (Meaning(event.kind, claim, event.occurred_at, links=ids(*links), live=event.live),)
