"""Endpoints made, read, mended and removed through a provider's API; described here, performed by `recovery`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shopwatch.domain.connection.endpoint import Endpoint, Registered
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.source import NO_OPTIONS, Options
from shopwatch.providers.api import OWNER_MENDS, ApiProblem, Asking, explain


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an endpoint shall be: at `url`, told of every type that ShopWatch reads. `secret` is what it shall sign by,
    where the provider lets us choose; others give one."""

    url: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """`secrets` are all that its messages are signed by from now on, or none where that is not told or did not change;
    `options` are settings of the source that its messages are checked by, such as the endpoint's own id."""

    endpoint: Endpoint
    secrets: tuple[str, ...] = field(default=(), repr=False)
    options: Options = NO_OPTIONS


type Make = Callable[[Wanted, str, Options], Asking[Made]]
type Read = Callable[[Endpoint, str, Options], Asking[Endpoint]]
type Mend = Callable[[Endpoint, Wanted, str, Options], Asking[Made]]
type Remove = Callable[[Endpoint, str, Options], Asking[None]]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """How a provider's endpoints are made, by the key and the source's options.

    `make` leaves exactly one endpoint at the wanted address, also if it was begun before and did not end; endpoints at
    other addresses are none of its business. `read` tells how one stands, without an id the one at its address:
    `Standing.GONE` if there is none any more.
    `mend` switches it on, at the wanted address and for every type; what is gone is made anew. `remove` is content
    if it is gone already. `scopes`: what the key must be allowed to do, beside what reading needs.
    `chosen_secret`: the secret is ours to choose. `secret_found`: where the owner finds what messages are signed by,
    where it never comes back and is another one than that of an endpoint made by hand; one plain sentence, or empty.
    """

    make: Make = field(repr=False)
    read: Read = field(repr=False)
    mend: Mend = field(repr=False)
    remove: Remove = field(repr=False)
    scopes: tuple[str, ...] = ()
    chosen_secret: bool = False
    secret_found: str = ""


NO_KEY = "api-key-missing"
"""Stands where a `Problem` stands: there is no key to ask by."""

NO_WAY = "endpoint-none"
"""The same: this provider makes no endpoints by its API."""

OWNER_TELLS: frozenset[str] = frozenset(
    {NO_KEY, NO_WAY, ApiProblem.UNREADABLE, ApiProblem.NOT_FOUND, ApiProblem.NOT_TAKEN, *OWNER_MENDS}
)
"""With these in the way, a provider is told of an address by the owner or by nobody."""


def follows(known: Registered) -> bool:
    """Whether an endpoint is moved by itself to each new address, as far as anybody knows."""
    return bool(known.made_at) and known.problem not in OWNER_TELLS


def explain_endpoint(problem: str, provider: str, endpoints: Endpoints | None = None) -> UserError:
    """The owner's sentence about what stands in the way of an endpoint: a `Problem`, `NO_KEY` or `NO_WAY`. What
    only a later version knows is taken for an answer that is not understood."""
    title, hint = _words(problem, provider, endpoints)
    return UserError(title, hint, code=problem)


def _words(problem: str, provider: str, endpoints: Endpoints | None) -> tuple[str, str]:
    match problem:
        case "endpoint-none":
            return (
                say("ShopWatch cannot tell {provider} the public address.", provider=provider),
                say("Copy the public address into {provider} yourself.", provider=provider),
            )
        case "api-key-missing":
            return (
                say("ShopWatch has no API key for {provider}.", provider=provider),
                say("Give it one, or copy the public address into {provider} yourself.", provider=provider),
            )
        case ApiProblem.KEY_NARROW:
            scopes = ", ".join(endpoints.scopes) if endpoints is not None else ""
            return (
                say("The API key may not set up addresses at {provider}.", provider=provider),
                say("Give it this right too: {scopes}.", scopes=scopes)
                if scopes
                else say("Give it the rights that are named beside its field, or make a new one."),
            )
        case ApiProblem.LIMIT:
            return (
                say("{provider} takes no more changes just now.", provider=provider),
                say("Try again in a few minutes."),
            )
        case ApiProblem.AWAY:
            return (say("{provider} cannot be asked now.", provider=provider), say("Try again in a few minutes."))
        case ApiProblem.NOT_FOUND:
            return (
                say("{provider} does not find the shop that this source names.", provider=provider),
                say("Look through its settings and its API key, or copy the public address there yourself."),
            )
        case ApiProblem.UNREADABLE:
            return (
                say("{provider} answers in a way that ShopWatch does not understand.", provider=provider),
                say("Copy the public address into {provider} yourself.", provider=provider),
            )
        case _:
            known = ApiProblem(problem) if problem in ApiProblem else ApiProblem.UNREADABLE
            found = explain(known, provider)
            return found.title, found.hint
