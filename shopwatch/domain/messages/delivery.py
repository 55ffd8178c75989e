"""A delivery: one HTTP request, exactly as it arrived."""

from functools import lru_cache
from typing import Self

from msgspec import Struct

from shopwatch.domain.instant import HOUR, MINUTE, Instant

LATE: Instant = 15 * MINUTE
"""What is brought in so long after it happened rings as something that was missed."""
OLD: Instant = 2 * HOUR
"""Nobody writes to a customer about what is brought in so long after it happened before the owner has looked."""

PRACTICE_HEADER = "ShopWatch-Practice"
"""Carries the nonce by which ShopWatch knows a practice message of its own; no provider sends it."""


@lru_cache(maxsize=256)
def _spelt(name: str) -> bytes:
    return name.lower().encode()


class Repeated(ValueError):
    """A header that decides something was sent more than once, so nobody can say which one counts."""


class Headers(Struct, frozen=True):
    """Header lines in their order, bytes as received; names are matched without regard to case."""

    lines: tuple[tuple[bytes, bytes], ...] = ()

    @classmethod
    def of(cls, headers: dict[str, str]) -> Self:
        """From a plain mapping (vectors, practice, `verify`); text beyond Latin-1 becomes UTF-8."""
        return cls(tuple((name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in headers.items()))

    def only(self, name: str) -> str | None:
        """The one value of this header, or None if it was not sent.

        Raises `Repeated` if it was sent more than once. Bytes beyond ASCII come as U+FFFD, so they match nothing.
        """
        wanted = _spelt(name)
        found: bytes | None = None
        for key, value in self.lines:
            if len(key) == len(wanted) and key.lower() == wanted:
                if found is not None:
                    raise Repeated(name)
                found = value
        return None if found is None else found.decode("ascii", "replace").strip()


class Request(Struct, frozen=True):
    """What a provider judges: `url` is the public address as the sender called it, `body` the raw bytes."""

    method: str
    url: str
    headers: Headers
    body: bytes
    remote_addr: str | None = None

    @property
    def weight(self) -> int:
        """Bytes of its body and its headers."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers.lines)

    @property
    def host(self) -> str:
        """Whom the sender called, by its own Host header in lower case; empty if it said none, or several."""
        try:
            return (self.headers.only("host") or "").lower()
        except Repeated:
            return ""


class Delivery(Struct, frozen=True):
    """A request to one source, and when it had arrived whole. `age` is how long ago that happened which it tells, where
    it was brought in by asking, or judged again; 0 for what came by itself."""

    source_id: str
    request: Request
    received_at: Instant
    practice_nonce: str | None = None
    age: Instant = 0

    @property
    def late(self) -> bool:
        return self.age > LATE

    @property
    def old(self) -> bool:
        return self.age > OLD
