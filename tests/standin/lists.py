"""The lists of providers as their documentation tells of them: what is in them, in which order, how many at a time, and
how the next page is asked for. `message` is what the provider would have sent of an entry."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.providers import provider
from shopwatch.providers.kit.reading import Message, meanings
from shopwatch.providers.provider import Provider
from tests.standin.site import Site

type Entry = dict[str, Any]


def iso(at: int) -> str:
    """A second as most providers write it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp())


@dataclass
class Lists(ABC):
    """One provider's API. `entries` are the oldest first; `key` is the one it takes."""

    provider_id: str
    host: str
    key: str
    page: int
    """How many entries a page holds at most."""
    options: Mapping[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    shown: str = ""
    """The header that shows the key, where it is not a bearer's."""

    def __post_init__(self) -> None:
        self.site = Site(self.handle)

    @property
    def provider(self) -> Provider:
        found = provider(self.provider_id)
        assert found is not None
        return found

    @abstractmethod
    def entry(self, number: int, at: int) -> Entry:
        """The thing of this number, which happened in the second `at`."""

    @abstractmethod
    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        """Headers and body of the message of `entry`."""

    @abstractmethod
    async def listed(self, request: web.Request) -> web.StreamResponse: ...

    def event(self, entry: Entry) -> Accepted:
        """What the message of `entry` is judged as."""
        headers, body = self.message(entry)
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = Request("POST", "https://shop.example/in/x/y", Headers.of(headers), sent)
        verdict = self.provider.judge_practice(request, self.at(entry) * 1000)
        assert isinstance(verdict, Accepted)
        return verdict

    def at(self, entry: Entry) -> int:
        """The second in which it happened."""
        return int(entry["at"])

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if not self.lets_in(request):
            return web.json_response({"error": "no"}, status=401)
        return await self.listed(request)

    def lets_in(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == (self.shown or f"Bearer {self.key}")

    def read(self, answer: bytes) -> Any:
        """What stands in an answer of its."""
        return json.loads(answer)

    def write(self, told: Any, **headers: str) -> web.Response:
        """The answer in which this stands."""
        return web.json_response(told, headers=headers)

    def told(self, entries: list[Entry]) -> list[Entry]:
        """Entries as the provider gives them, without what only the test knows."""
        return [{name: value for name, value in each.items() if name != "at"} for each in entries]


def of_headers(lists: Lists, entry: Entry, event_type: str, event_id: str) -> Accepted:
    """Where type and id are in headers, that only the whole check reads."""
    headers, body = lists.message(entry)
    parsed = json.loads(json.dumps(body))
    message = Message(parsed, Headers.of(headers), event_type, lists.at(entry) * 1000)
    (meaning,) = meanings(lists.provider.readers[event_type](message))
    return Accepted(
        Event(
            event_id,
            event_type,
            meaning.kind,
            meaning.occurred_at,
            meaning.claim,
            meaning.happening,
            meaning.links,
            meaning.live,
            needs_fetch=meaning.needs_fetch,
        )
    )
