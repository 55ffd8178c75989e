"""What making, reading, mending and removing an endpoint has in common at all providers, so that each says only what
stands in its register and how that is changed."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shopwatch.domain.connection.endpoint import Endpoint, Standing
from shopwatch.domain.source import Options
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiRequest, ApiResponse, Asking
from shopwatch.providers.api_kit.endpoints import Endpoints, Made, Wanted
from shopwatch.providers.api_kit.pagination import objects
from shopwatch.providers.api_kit.requests import MOST_PAGES, check, read_object, refuse

_BETWEEN = " "
_NOT_TAKEN = frozenset({400, 409, 422})

type Types = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hook:
    """One line of a provider's register: where it sends which types of event. An endpoint is one of them, or several
    where each is of one type. `secret` is what it signs by, where that is told or was ours to choose.

    Raises ApiFailure for an id that can be none.
    """

    id: str
    url: str
    types: frozenset[str]
    standing: Standing = Standing.ON
    secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.id or _BETWEEN in self.id:
            refuse()


@dataclass(frozen=True, slots=True)
class EndpointRegister:
    """All that a provider has registered for this key, and how that is changed: each gives back how it stands then.

    `change` is None where nothing can be changed: it is dropped and made anew.
    """

    hooks: Sequence[Hook]
    add: Callable[[Wanted, Types], Asking[Hook]]
    drop: Callable[[str], Asking[None]]
    change: Callable[[Hook, Wanted, Types], Asking[Hook]] | None = None


type Open = Callable[[str, Options], Asking[EndpointRegister | tuple[EndpointRegister, ...]]]
"""The register that belongs to a key and the source's options; several, where each shop or form of an account has its
own: then an endpoint is a line of each."""


def endpoints(
    opened: Open,
    types: Iterable[str],
    *,
    each: bool = False,
    shown_once: bool = False,
    scopes: tuple[str, ...] = (),
    chosen_secret: bool = False,
    secret_found: str = "",
) -> Endpoints:
    """Endpoints for `types`, as one line of the register, or as one for `each`.

    `shown_once`: the secret is told only of what is made now, so that what stood there before is of no use; it goes
    when the new one is there. The rest is as in `Endpoints`. All raise ApiFailure and nothing else.
    """
    every = tuple(types)
    groups = tuple((one,) for one in every) if each else (every,)

    def make(wanted: Wanted, key: str, options: Options) -> Asking[Made]:
        return (yield from settle((yield from _open(opened, key, options)), frozenset(), wanted))

    def read(endpoint: Endpoint, key: str, options: Options) -> Asking[Endpoint]:
        registers = yield from _open(opened, key, options)
        if endpoint.id:
            return _seen(endpoint, [_of(register, _ids(endpoint)) for register in registers], every)
        places = [[hook for hook in register.hooks if hook.url == endpoint.url] for register in registers]
        found = _BETWEEN.join(hook.id for place in places for hook in place)
        return _seen(Endpoint(found, endpoint.url), places, every)

    def mend(endpoint: Endpoint, wanted: Wanted, key: str, options: Options) -> Asking[Made]:
        return (yield from settle((yield from _open(opened, key, options)), _ids(endpoint), wanted))

    def remove(endpoint: Endpoint, key: str, options: Options) -> Asking[None]:
        for register in (yield from _open(opened, key, options)):
            yield from _dropped(register, _of(register, _ids(endpoint)))

    def settle(registers: Sequence[EndpointRegister], known: frozenset[str], wanted: Wanted) -> Asking[Made]:
        if not chosen_secret:
            wanted = Wanted(wanted.url)
        elif not wanted.secret:
            refuse()
        places: list[list[Hook]] = []
        for register in registers:
            kept = yield from settle_in(register, _of(register, known), wanted)
            places.append(kept)
        hooks = [hook for place in places for hook in place]
        secrets = tuple(dict.fromkeys(hook.secret for hook in hooks if hook.secret))
        return Made(_seen(Endpoint(_BETWEEN.join(hook.id for hook in hooks), wanted.url), places, every), secrets)

    def settle_in(register: EndpointRegister, mine: Sequence[Hook], wanted: Wanted) -> Asking[list[Hook]]:
        """Leave one line for each group, of `mine` if there is one, and none beside it at the wanted address."""
        there = [hook for hook in register.hooks if hook.url == wanted.url and hook not in mine]
        kept: list[Hook] = []
        for group in groups:
            known = [hook for hook in mine if not each or hook.types & set(group)]
            others = [hook for hook in there if not each or hook.types & set(group)]
            replaced = not known and shown_once
            kept.append((yield from _settled(register, known + others, wanted, group, replaced=replaced)))
        yield from _dropped(register, [hook for hook in mine if each and not hook.types & set(every)])
        return kept

    return Endpoints(make, read, mend, remove, scopes, chosen_secret, secret_found)


def sending(method: str, url: str, told: Any, **headers: str) -> ApiRequest:
    """A request with a JSON body; underscores in header names are hyphens. POST is never repeated: it may make two."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {"Accept": "application/json", "Content-Type": "application/json"} | named
    return ApiRequest(method, url, kept, json.dumps(told).encode(), repeatable=method != "POST")


def written(request: ApiRequest) -> Asking[dict[str, Any]]:
    """What the provider says of a change. Raises ApiFailure, `Problem.NOT_TAKEN` where it does not take the address."""
    return read_object(taken((yield request)))


def deleted(request: ApiRequest) -> Asking[None]:
    """Something is no more; what it says beside that is of no use. Raises ApiFailure."""
    check((yield request))


def taken(response: ApiResponse) -> ApiResponse:
    """`response`, unless it says that the change cannot be made as it is: ApiFailure."""
    if response.status in _NOT_TAKEN:
        raise ApiFailure(ApiProblem.NOT_TAKEN)
    return response


def numbered(page: Callable[[int], Asking[list[Any]]], size: int) -> Asking[list[dict[str, Any]]]:
    """The objects on all pages from 1 on, the last of which is not full. Raises ApiFailure where there is no end."""
    found: list[dict[str, Any]] = []
    for number in range(1, MOST_PAGES + 1):
        told = objects((yield from page(number)))
        found += told
        if len(told) < size:
            return found
    refuse()


def words(told: Any) -> frozenset[str]:
    """The texts in an array; none if it is no array."""
    return frozenset(each for each in told if isinstance(each, str)) if isinstance(told, list) else frozenset()


def _settled(
    register: EndpointRegister, old: Sequence[Hook], wanted: Wanted, types: Types, *, replaced: bool
) -> Asking[Hook]:
    """One line for `types` at the wanted address, out of those that serve or have served it; the others go."""
    if not old or replaced:
        kept = yield from _changed(register.add(wanted, types))
        yield from _dropped(register, old)
        return kept
    if _serves(old[0], wanted, types):
        yield from _dropped(register, old[1:])
        return old[0]
    # Some take an address only once, so whatever else has it goes before.
    yield from _dropped(register, old if register.change is None else old[1:])
    if register.change is None:
        return (yield from _changed(register.add(wanted, types)))
    try:
        return (yield from _changed(register.change(old[0], wanted, types)))
    except ApiFailure as failure:
        if failure.problem is not ApiProblem.NOT_FOUND:
            raise
    # It went away after the register was read.
    return (yield from _changed(register.add(wanted, types)))


def _dropped(register: EndpointRegister, hooks: Iterable[Hook]) -> Asking[None]:
    for hook in hooks:
        try:
            yield from _changed(register.drop(hook.id))
        except ApiFailure as failure:
            if failure.problem is not ApiProblem.NOT_FOUND:
                raise


def _open(opened: Open, key: str, options: Options) -> Asking[tuple[EndpointRegister, ...]]:
    found = yield from opened(key, options)
    registers = (found,) if isinstance(found, EndpointRegister) else found
    if not registers:
        raise ApiFailure(ApiProblem.OTHER_ACCOUNT)
    return registers


def _changed[T](asking: Asking[T]) -> Asking[T]:
    """A change by a key that was good enough to read the register."""
    try:
        return (yield from asking)
    except ApiFailure as failure:
        if failure.problem is ApiProblem.KEY_REFUSED:
            raise ApiFailure(ApiProblem.KEY_NARROW) from None
        raise


def _ids(endpoint: Endpoint) -> frozenset[str]:
    return frozenset(endpoint.id.split(_BETWEEN))


def _of(register: EndpointRegister, ids: frozenset[str]) -> list[Hook]:
    return [hook for hook in register.hooks if hook.id in ids]


def _serves(hook: Hook, wanted: Wanted, types: Types) -> bool:
    """Whether nothing is to be changed. A chosen secret cannot be read, so it is told anew."""
    on = hook.standing is Standing.ON and hook.types >= set(types)
    return on and hook.url == wanted.url and not wanted.secret


def _seen(endpoint: Endpoint, places: Sequence[Sequence[Hook]], types: Types) -> Endpoint:
    """How `endpoint` stands, of which these lines are left in each place. What goes elsewhere, or is off alone, is
    lacking, and so is what one place alone does not send."""
    hooks = [hook for place in places for hook in place]
    if not hooks:
        return Endpoint(endpoint.id, endpoint.url, Standing.GONE, types)
    url = endpoint.url if any(hook.url == endpoint.url for hook in hooks) else hooks[0].url
    here = [[hook for hook in place if hook.url == url] for place in places]
    sending_now = [[hook for hook in place if hook.standing is not Standing.OFF] for place in here]
    on = any(sending_now)
    told = (frozenset[str]().union(*(hook.types for hook in place)) for place in (sending_now if on else here))
    everywhere = frozenset.intersection(*told)
    failing = any(hook.standing is Standing.FAILING for place in sending_now for hook in place)
    standing = Standing.FAILING if failing else Standing.ON if on else Standing.OFF
    return Endpoint(endpoint.id, url, standing, tuple(each for each in types if each not in everywhere))
