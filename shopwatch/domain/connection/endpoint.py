"""An endpoint: where a provider sends its messages, as the provider itself knows it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from shopwatch.domain.instant import Instant


class Standing(StrEnum):
    """How a provider treats an endpoint."""

    ON = "on"
    FAILING = "failing"
    """It still sends, but says that what it sent was not answered well."""
    OFF = "off"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`id` is in words that only the provider's declaration knows: of several, where each tells of one type.
    `lacking` are the types of event that ShopWatch reads and that are not sent here."""

    id: str
    url: str
    standing: Standing = Standing.ON
    lacking: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """Whether nothing is to be mended."""
        return self.standing is Standing.ON and not self.lacking


@dataclass(frozen=True, slots=True)
class Registered:
    """A source's endpoint as it was last read, and when; `problem` is the code of what stood in the way of reading it.

    `old` is the endpoint at the address before, kept until a message came to the new one. `begun` is where one was to
    be made when this was noted: it may be there or not. `since` is when the endpoint was first seen to stand as it
    does; 0 where that is not known.
    """

    source_id: str
    endpoint: Endpoint
    made_at: Instant
    checked_at: Instant
    confirmed_at: Instant = 0
    old: Endpoint | None = None
    problem: str = ""
    begun: str = ""
    since: Instant = 0

    def seen(self, endpoint: Endpoint, at: Instant) -> "Registered":
        """As it was read at `at`."""
        since = self.since if endpoint.standing is self.endpoint.standing else at
        return replace(self, endpoint=endpoint, checked_at=at, problem="", since=since)


def leads_to(one: str, other: str) -> bool:
    """Whether two addresses lead to the same place, however a provider spells it."""
    return _plain(one) == _plain(other)


def _plain(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url, ""
    return parts.scheme, parts.netloc.lower().removesuffix(":443"), parts.path.rstrip("/")
