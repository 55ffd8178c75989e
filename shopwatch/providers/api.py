"""Asking a provider: requests described, answers understood, nothing performed.

A generator yields what is to be asked and is sent the answer; `recovery` does the asking. So every provider's API is
tried without a network.
"""

import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import Phrase, phrase, say
from shopwatch.domain.instant import DAY, MINUTE, SECOND, Instant
from shopwatch.domain.messages.event import Event
from shopwatch.domain.source import Options
from shopwatch.providers.kit.reading import Meaning
from shopwatch.providers.provider import Provider

if TYPE_CHECKING:
    from shopwatch.providers.api_kit.consent import Consent
    from shopwatch.providers.api_kit.endpoints import Endpoints
    from shopwatch.providers.api_kit.long_poll import Wait
    from shopwatch.providers.api_kit.published import Published

LONGEST_WAIT = DAY // SECOND
"""Seconds. No provider's Retry-After is believed beyond a day."""

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """`repeatable`: asking it twice does no more than asking it once. Headers and body may hold the key, so they are
    never shown. `patience`: for so many seconds the provider may say nothing, because it waits for something.
    `reads`: it only reads, though not by GET, and its answer, which holds no key, is kept as evidence like that of GET.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    repeatable: bool = True
    patience: float = 0
    reads: bool = False

    @property
    def is_evidence(self) -> bool:
        """Whether the answer is to be kept word for word."""
        return self.reads or self.method == "GET"


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


@dataclass(frozen=True, slots=True)
class Place:
    """How far a provider's list was read: whatever happened before `since` is known.

    `mark` is where the list goes on, in words that only its reader knows; empty at its beginning. `until` is when the
    first page was read, by the provider's own clock; 0 before that. `at` is now, for what does not say its own time.
    `known`: it was read to its end before, even if its mark is no longer good.
    """

    since: Instant
    until: Instant = 0
    mark: str = ""
    at: Instant = 0
    known: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing in a list, as the event that its message would be, or `LISTED` where that has an id of its own; `raw`
    is what the provider wrote."""

    event: Event
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MissedPage:
    """`mark` is where to go on: at once if there is `more`, and otherwise the next time, or empty for lists by time."""

    listed: tuple[Listed, ...]
    mark: str = ""
    more: bool = False


type Missed = Callable[[Place, str, Options], Asking[MissedPage]]
"""The next page of what happened since `Place.since`, by the key and the source's options. Pages may repeat what others
held, and hold what is older."""


class ApiProblem(StrEnum):
    """Why there is no answer of use."""

    KEY_REFUSED = "api-key-refused"
    KEY_NARROW = "api-key-narrow"
    REVOKED = "api-access-revoked"
    """The owner's consent is over: taken back there, or too long unused."""
    OTHER_ACCOUNT = "api-other-account"
    LIMIT = "api-limit"
    AWAY = "api-away"
    NOT_FOUND = "api-not-found"
    NOT_TAKEN = "api-address-not-taken"
    UNREADABLE = "api-unreadable"


OWNER_MENDS = frozenset({ApiProblem.KEY_REFUSED, ApiProblem.KEY_NARROW, ApiProblem.REVOKED, ApiProblem.OTHER_ACCOUNT})
"""Asking again is of no use before the owner gave another key."""


class ApiFailure(Exception):
    """`wait` is how many seconds the provider wants to be left alone, where it says so. `answered`: it did answer."""

    def __init__(self, problem: ApiProblem, *, wait: float | None = None, answered: bool = True) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.wait = wait
        self.answered = answered


def explain(problem: ApiProblem, provider: str, refused: str = "") -> UserError:
    """The owner's sentence; its code is the problem's. `refused` says what else may be behind a refused key."""
    title, hint = _words(problem, provider)
    more = phrase(refused) if refused and problem is ApiProblem.KEY_REFUSED else ""
    return UserError(title, hint, more, code=problem.value)


def _words(problem: ApiProblem, provider: str) -> tuple[Phrase, Phrase]:
    match problem:
        case ApiProblem.KEY_REFUSED:
            return (
                phrase("{provider} does not accept the API key.", provider=provider),
                phrase("It may be wrong, expired or withdrawn. Copy it again, or make a new one there."),
            )
        case ApiProblem.KEY_NARROW:
            return (
                phrase("The API key may not see what ShopWatch needs from {provider}.", provider=provider),
                phrase("Give it the rights that are named beside its field, or make a new one."),
            )
        case ApiProblem.REVOKED:
            return (
                phrase("ShopWatch may not read from {provider} any more.", provider=provider),
                phrase("Allow it again in the browser: replace the API key under Connections."),
            )
        case ApiProblem.OTHER_ACCOUNT:
            return (
                phrase("The API key is of another account at {provider}.", provider=provider),
                phrase("Use a key of the account whose messages come here."),
            )
        case ApiProblem.LIMIT:
            return (
                phrase("{provider} was asked too often.", provider=provider),
                phrase("ShopWatch asks again later, by itself."),
            )
        case ApiProblem.AWAY:
            return (
                phrase("{provider} cannot be asked now.", provider=provider),
                phrase("ShopWatch asks again by itself."),
            )
        case ApiProblem.NOT_FOUND:
            return (
                phrase("{provider} does not know this order.", provider=provider),
                phrase("The API key may be of another account, or of the test mode."),
            )
        case ApiProblem.NOT_TAKEN:
            return (
                phrase("{provider} does not take this public address.", provider=provider),
                phrase("It may have as many as it allows: remove one there that nobody uses any more, then try again."),
            )
        case ApiProblem.UNREADABLE:
            return (
                phrase("{provider} answers in a way that ShopWatch does not understand.", provider=provider),
                phrase("ShopWatch asks again by itself. A newer ShopWatch may know more."),
            )


@dataclass(frozen=True, slots=True)
class KeyWords:
    """What the owner needs to know of the API key: what it is called there, where it is found, the least it must be
    allowed to do, and how it begins. `parts`: it is pasted as so many values with colons between them, unless it begins
    as one that is `whole`. `refused` is one sentence on what else may be behind a refusal, or empty."""

    label: str
    found: str
    scopes: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    parts: int = 1
    whole: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Api:
    """How one provider can be asked. `own_host` is the option of the source that names the shop's own host, where the
    API is there; everything else goes to `hosts`, by https, and nowhere else whatever a message says.
    `by_secret`: asking needs no key; in its place is the source's newest secret, by which the answer is checked.
    `renews`: asking may bring a `NewKey`, or a token that ends the one before, so there is one asking at a time.
    `consent`: how the owner gets the last part of the key, which is a refresh token. `needed`: its messages name no
    sums, so that nothing counts without a key.

    `missed` lists what happened; `keeps` is for how long it can be listed (0: for ever), `overlap` how late something
    may appear in the list, and `pace` the seconds between two looks that the provider's limits allow for. `wait`: how
    it says that there is something to list. `hints`: its messages say no more. `endpoints`: how it is told of ours.
    `published`: what it publishes to check its messages by.
    """

    provider: str
    key: KeyWords = field(repr=False)
    hosts: tuple[str, ...] = ()
    own_host: str = ""
    by_secret: bool = False
    renews: bool = False
    consent: "Consent | None" = field(default=None, repr=False)
    needed: bool = False
    fetch: Fetch | None = field(default=None, repr=False)
    missed: Missed | None = field(default=None, repr=False)
    keeps: Instant = 0
    overlap: Instant = 10 * MINUTE
    pace: float = 60.0
    wait: "Wait | None" = field(default=None, repr=False)
    hints: bool = False
    endpoints: "Endpoints | None" = field(default=None, repr=False)
    published: "Published | None" = field(default=None, repr=False)

    @property
    def checks(self) -> bool:
        """Whether its messages can only be checked with a key."""
        return self.published is not None and self.published.by_key

    def may_speak_to(self, options: Options) -> frozenset[str]:
        """The only hosts that a request may go to."""
        own = host_in(options.get(self.own_host, "")) if self.own_host else ""
        return frozenset((*self.hosts, own) if own else self.hosts)


def purpose(api: Api, name: str) -> str:
    """What the key is good for, for the owner of a shop at the provider of this name."""
    parts = []
    if api.checks:
        parts.append(say("With it ShopWatch fetches what {service} signs its messages by.", service=name))
    match api.fetch is not None, api.missed is not None:
        case True, True:
            parts.append(
                say(
                    "With it ShopWatch asks {service} for what its messages lack, such as names and items, and for "
                    "what was missed while nothing could be heard.",
                    service=name,
                )
            )
        case True, False:
            parts.append(
                say(
                    "With it ShopWatch asks {service} for what its messages lack, such as names and items.",
                    service=name,
                )
            )
        case False, True:
            parts.append(
                say("With it ShopWatch asks {service} for what was missed while nothing could be heard.", service=name)
            )
    if api.endpoints is not None and parts:
        parts.append(say("It also tells {service} its public address, and each new one.", service=name))
    elif api.endpoints is not None:
        parts.append(say("With it ShopWatch tells {service} its public address, and each new one.", service=name))
    return " ".join(parts)


def without(api: Api) -> str:
    """What becomes of it without a key."""
    if api.checks:
        return say("Without it no message is believed.")
    return say("Without it nothing is counted.") if api.needed else say("You may leave it out.")


def unfit(api: Api, provider: Provider, pasted: str) -> UserError | None:
    """Why `pasted` surely is not the API key; None if it may be."""
    key = pasted.strip()
    if any(key.startswith(prefix) for prefix in provider.setup.secret_prefixes):
        return UserError(
            say("This is the secret that {provider} signs its messages with.", provider=provider.name),
            say("The API key is another one: {found}", found=api.key.found),
            code="api-key-is-secret",
        )
    if not key.startswith(api.key.whole) and key.count(":") + 1 < api.key.parts:
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


def wait_of(response: ApiResponse) -> float | None:
    """The seconds of Retry-After, a number or a date told by the provider's own clock; None without one."""
    said = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", said):
        return float(min(int(said), LONGEST_WAIT))
    until, at = _date(said), _date(response.headers.get("date", ""))
    return None if until is None or at is None else min(max(0.0, (until - at).total_seconds()), float(LONGEST_WAIT))


def is_spent(response: ApiResponse) -> bool:
    """Whether the provider says in its headers that it was asked too often, which some say with 403. GitHub always says
    when a limit is over, Foursquare only then."""
    remaining = response.headers.get("x-ratelimit-remaining")
    resets = remaining is None and "x-ratelimit-reset" in response.headers
    return remaining == "0" or resets or "retry-after" in response.headers


def limit_of(response: ApiResponse) -> float | None:
    """The seconds until it may be asked again, by its own clock: Retry-After, or the way to X-RateLimit-Reset, which is
    a time in seconds since 1970; None if it does not say."""
    wait, said, at = wait_of(response), response.headers.get("x-ratelimit-reset", "").strip(), time_of(response)
    if wait is not None or at is None or not re.fullmatch(r"[0-9]{1,12}", said):
        return wait
    return float(min(max(0, int(said) - at // SECOND), LONGEST_WAIT))


def time_of(response: ApiResponse) -> Instant | None:
    """When it was answered, by the provider's own clock."""
    found = _date(response.headers.get("date", ""))
    return None if found is None else round(found.timestamp() * 1000)


def _date(said: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(said[:40])
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else None
