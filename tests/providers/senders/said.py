"""What the tests of each sender send, and how they read what came of it."""

import json
from typing import Any

from msgspec.structs import replace

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact, Notice
from shopwatch.domain.messages.verdict import Answer, Challenge, Verdict
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState
from shopwatch.providers.provider import Provider
from tests.providers.cases import KEYS, NOW, SECRET, URL, accepted, judge, options_of, secret_of, signed

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
KEY = SECRET.encode()
LATER = "2026-11-25T10:00:00Z"


def told(provider: Provider, body: Any, at: Instant = NOW, **headers: str) -> Event:
    """What a message of the provider's means: an object as JSON, or text as a form."""
    form = isinstance(body, str)
    written = (body if form else json.dumps(body)).encode()
    lines = (FORM if form else JSON) | _named(headers)
    request = Request("POST", URL, Headers.of(lines), written)
    made = provider.recipe.sign(request, secret_of(provider), at, "msg_1", options_of(provider))
    assert made
    return accepted(judge(provider, made, now=at))


def sent(method: str, url: str, body: bytes = b"", /, **headers: str) -> Request:
    """A request that nobody has signed; underscores in header names are hyphens."""
    return Request(method, url, Headers.of(_named(headers)), body)


def asked(provider: Provider, query: str, method: str = "GET", **options: str) -> Verdict:
    """What a source with these options thinks of a question in the address."""
    return provider.judge(sent(method, f"{URL}?{query}"), KEYS, NOW, options)


def verdict(provider: Provider, body: Any) -> Verdict:
    """What is thought of an object that the provider has signed."""
    return judge(provider, signed(provider, json.dumps(body).encode()))


def challenged(found: Verdict) -> Answer:
    """The answer to a question."""
    assert isinstance(found, Challenge)
    return found.answer


def contact(event: Event) -> Contact:
    assert event.kind is Kind.CONTACT
    assert isinstance(event.happening, Contact)
    return event.happening


def notice(event: Event) -> Notice:
    assert event.kind is Kind.NOTICE
    assert isinstance(event.happening, Notice)
    return replace(event.happening, title=str(event.happening.title), text=str(event.happening.text))


def dispute_state(event: Event) -> DisputeState:
    assert isinstance(event.claim, DisputeClaim)
    return event.claim.state


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
