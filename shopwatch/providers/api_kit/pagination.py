"""What generators that read a provider's lists are made of: how an entry becomes the event that its message would be,
and where a list goes on."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from shopwatch.domain.instant import SECOND, Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import LISTED, Event, Kind
from shopwatch.domain.source import NO_OPTIONS, Options
from shopwatch.providers.api import ApiFailure, ApiProblem, Asking, Listed, Place
from shopwatch.providers.api_kit.requests import list_at, refuse
from shopwatch.providers.kit.reading import Meaning, Message, Unreadable, find, ident, meanings, moment, text
from shopwatch.providers.kit.signature import fingerprint
from shopwatch.providers.provider import Provider

_LONGEST_CURSOR = 4_096
_NO_HEADERS: Mapping[str, str] = {}
_encode = msgspec.json.Encoder(decimal_format="number").encode


def entries(told: Any, *path: str) -> list[dict[str, Any]]:
    """The objects in the array at `path`. Raises ApiFailure if there is none, or something else in it."""
    return objects(list_at(told, *path))


def objects(told: list[Any]) -> list[dict[str, Any]]:
    """What is in an array, if it is objects alone. Raises ApiFailure otherwise."""
    return told if all(isinstance(each, dict) for each in told) else refuse()


def saying(told: list[dict[str, Any]], *paths: str) -> list[dict[str, Any]]:
    """The entries, if each says something at each of `paths`, in which full stops part the steps. Raises ApiFailure
    otherwise: what another version calls by other names must not pass for nothing."""
    steps = [path.split(".") for path in paths]
    return told if all(ident(each, *path) for each in told for path in steps) else refuse()


def either[T](asking: Callable[[str], Asking[T]], live: str, practice: str) -> Asking[tuple[T, bool]]:
    """What the host of the real shop says; if it does not take the key, what the one for practice does. Whether it was
    the first."""
    try:
        return (yield from asking(live)), True
    except ApiFailure as failure:
        if failure.problem is not ApiProblem.KEY_REFUSED:
            raise
    return (yield from asking(practice)), False


def of_ours(provider: Provider, account: str, options: Options) -> None:
    """Raises ApiFailure where the key is of an account whose messages do not count."""
    if _is_foreign(provider, account, options):
        raise ApiFailure(ApiProblem.OTHER_ACCOUNT)


def messages(
    provider: Provider,
    told: Iterable[dict[str, Any]],
    at: Instant,
    *,
    headers: Mapping[str, str] = _NO_HEADERS,
    options: Options = NO_OPTIONS,
) -> tuple[Listed, ...]:
    """Entries that are the bodies of the messages themselves: the same events, by the same ids. Where the messages of
    an account do not count, neither do its entries.

    Raises ApiFailure for one that has no id, for then it could not be told from its message.
    """
    asks_whose = provider.account is not None and not provider.account.counts_all(options)
    found = []
    for each in told:
        raw = raw_of(each)
        request = Request("POST", "", Headers.of(dict(headers)), raw)
        if asks_whose and _is_foreign(provider, provider.names_account(request, options), options):
            continue
        told_here = provider.claims_all(request, at, options) or refuse()
        found += [Listed(event, raw) if event.id != fingerprint(raw) else refuse() for event in told_here]
    return tuple(each for each in found if _matters(each.event))


def states(
    provider: Provider,
    event_type: str,
    told: Iterable[dict[str, Any]],
    at: Instant,
    *,
    body: Callable[[dict[str, Any]], dict[str, Any]] = lambda entry: entry,
    options: Options = NO_OPTIONS,
) -> tuple[Listed, ...]:
    """Entries that say how something stands now, read as messages of `event_type`, whose `body` is made of an entry.
    Where the messages of an account do not count, neither do its entries.

    Their events have ids of their own, by what they say: one that says the same is the same.
    """
    reader = provider.readers[event_type]
    found = []
    for each in told:
        raw = raw_of(each)
        message = Message(body(each), Headers(), event_type, at, options=options)
        if provider.account is not None and provider.account.foreign(message, options):
            continue
        try:
            said = meanings(reader(message))
        except Unreadable as why:
            found.append(Listed(Event(_id(raw), event_type, Kind.OTHER, at, unreadable=str(why)), raw))
        else:
            found += standing(event_type, said, raw)
    return tuple(found)


def standing(event_type: str, told: Iterable[Meaning | None], raw: bytes) -> tuple[Listed, ...]:
    """The events of what an entry means, by ids of their own."""
    return tuple(
        Listed(
            each.event(_id(repr((each.kind, each.claim, each.happening)).encode("utf-8", "surrogatepass")), event_type),
            raw,
        )
        for each in (meaning.to_book for meaning in told if meaning is not None)
        if each.claim is not None or each.happening is not None
    )


def raw_of(entry: dict[str, Any]) -> bytes:
    """The entry as it is kept."""
    try:
        return _encode(entry)
    except UnicodeEncodeError:
        return _encode(_escaped(entry))


def iso(at: Instant) -> str:
    """An instant as most APIs write it, in whole seconds of UTC, rounded down."""
    return datetime.fromtimestamp(at // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def step(place: Place) -> tuple[Instant, int]:
    """Where a list by time goes on that is read forward: everything from that time on, from that page on."""
    when, _, page = place.mark.partition("/")
    if not when:
        return place.since, 1
    return (int(when), int(page)) if when.isascii() and when.isdigit() and page.isdigit() else refuse()


def following(here: tuple[Instant, int], first: Instant | None, last: Instant | None) -> str:
    """The mark after a full page whose entries are of the times from `first` to `last`.

    Whoever counts pages only skips entries when one before them disappears, so what is counted is time, and pages only
    while time stands still. A list that goes back is none that can be followed: ApiFailure.
    """
    when, page = here
    if first is None or last is None or last // SECOND < when // SECOND:
        refuse()
    if last // SECOND == when // SECOND:
        return f"{when}/{page + 1}"
    # Where time stood still on the whole page, the page of that time alone is the same.
    stood_still = page == 1 and first // SECOND == last // SECOND
    return f"{last // SECOND * SECOND}/{2 if stood_still else 1}"


def moments(told: list[dict[str, Any]], *names: str) -> tuple[Instant | None, Instant | None]:
    """The times of the first entry and of the last; None of one that does not say."""
    return moment(told[0], *names, otherwise=0) or None, moment(told[-1], *names, otherwise=0) or None


def last_id(told: list[dict[str, Any]], *path: str) -> str:
    """The id of the last entry, after which the list goes on. Raises ApiFailure if there is none."""
    return (ident(told[-1], *path) if told else "") or refuse()


def cursor(told: dict[str, Any], *path: str) -> str:
    """Where the list goes on, in the provider's own words. Raises ApiFailure if it does not say, or says more than can
    be kept."""
    found = text(told, *path, most=_LONGEST_CURSOR + 1)
    return found if found and len(found.encode()) <= _LONGEST_CURSOR else refuse()


def is_older(entry: dict[str, Any], since: Instant, *names: str) -> bool:
    """Whether the entry says that it is of a time before `since`."""
    return moment(entry, *names, otherwise=since) < since


def has_more(told: dict[str, Any], *path: str) -> bool:
    """Whether the page says that another one follows."""
    return find(told, *path) is True


def _escaped(value: Any) -> Any:
    """The same, ready to be written where a text was cut through a character, which only an escape can say."""
    if isinstance(value, dict):
        return {name.encode(errors="replace").decode(): _escaped(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_escaped(each) for each in value]
    return msgspec.Raw(json.dumps(value).encode()) if isinstance(value, str) else value


def _is_foreign(provider: Provider, account: str, options: Options) -> bool:
    return provider.account is not None and not provider.account.counts(account, options)


def _id(said: bytes) -> str:
    return LISTED + fingerprint(said)


def _matters(event: Event) -> bool:
    """Unlike messages, lists tell of everything; what is nothing for the shop stays out of its books."""
    return event.kind is not Kind.OTHER or bool(event.unreadable or event.needs_fetch)
