"""Where providers keep to whom they send, as their documentation tells of it: what is listed, made, changed and dropped
there, how much fits on a page, and what is refused."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar

from aiohttp import web

from tests.standin.site import Site

ELSEWHERE = "https://elsewhere.example/in/theirs"


@dataclass
class Line:
    """One endpoint, as the provider keeps it."""

    id: str
    url: str
    types: list[str]
    on: bool = True
    secret: str = ""
    place: str = ""
    more: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """A change that cannot be made."""


@dataclass
class Register(ABC):
    """One provider's. `key` is the one it takes; `narrow` may look and change nothing. `most`: so many at the most.

    `each`: a line is of one type. `can_be_off`: a line may be there and not be sent to. `url_once`: no address twice.
    `is_replaced`: what is off stays so, `is_kept`: what is there can be off at most. `hides`: who may not look is told
    that there is nothing. `other` is a type that nobody here reads. `places` are shops or forms that have lines of
    their own.
    """

    provider_id: ClassVar[str]
    host: ClassVar[str]
    options: ClassVar[Mapping[str, str]] = {}
    each: ClassVar[bool] = False
    can_be_off: ClassVar[bool] = True
    url_once: ClassVar[bool] = False
    is_replaced: ClassVar[bool] = False
    is_kept: ClassVar[bool] = False
    hides: ClassVar[bool] = False
    other: ClassVar[str] = "something.else"

    key: str = "the-key"
    narrow: str = "the-narrow-key"
    most: int = 1_000
    places: tuple[str, ...] = ("",)
    lines: dict[str, Line] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.site = Site(self.handle)
        self._numbers = count(1)

    def named(self, number: int) -> str:
        """The id of the line of this number."""
        return f"h_{number}"

    def secret_of(self, number: int) -> str:
        """What the provider makes up for the line of this number."""
        return f"canaryCANARY{number:012}"

    def add(
        self, url: str, types: Sequence[str], *, on: bool = True, secret: str | None = None, place: str = ""
    ) -> Line:
        """A line that comes to be. Raises `Refused`."""
        taken = any(each.url == url and (not self.each or each.types == list(types)) for each in self.lines.values())
        if len(self.lines) >= self.most or (self.url_once and taken):
            raise Refused
        number = next(self._numbers)
        given = self.secret_of(number) if secret is None else secret
        line = Line(self.named(number), url, list(types), on, given, place or self.places[0])
        self.lines[line.id] = line
        return line

    def at(self, url: str) -> list[Line]:
        """Those of this address; what is off because it cannot be removed is none."""
        return [each for each in self.lines.values() if each.url == url and (each.on or not self.is_kept)]

    @abstractmethod
    async def handle(self, request: web.Request) -> web.StreamResponse: ...


def shown(request: web.Request) -> str:
    """The token that a request shows."""
    return request.headers.get("Authorization", "").partition(" ")[2]


def said(status: int, **told: Any) -> web.Response:
    return web.json_response(told, status=status)
