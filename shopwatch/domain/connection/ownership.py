"""Where a shop works: of several copies of it, such as the one it was moved from, only one does."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import msgspec

from shopwatch.domain.instant import Instant

PATH = "/copy/"
"""Below the shop's address, what one copy says to another stands behind it."""

_LONGEST = 512


class At(StrEnum):
    """What a copy does."""

    HERE = "here"
    """The shop works in it."""
    MOVING_IN = "moving-in"
    """It was brought here: it hears, and sends nothing before that is sure."""
    MOVING_OUT = "moving-out"
    """It is being packed, and neither hears nor sends. A start that finds it so takes the shop back: it was cut off."""
    AWAY = "away"
    """The shop works in another copy: this one neither hears nor sends."""


@dataclass(frozen=True, slots=True)
class Home:
    """What one copy knows of itself. `copy` tells it from the others, and `since` is when the shop came to it."""

    at: At = At.HERE
    since: Instant = 0
    copy: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{0,16}$")] = ""

    @property
    def left(self) -> bool:
        """Whether the shop does not work in this copy any more, or not just now."""
        return self.at in (At.MOVING_OUT, At.AWAY)


@dataclass(frozen=True, slots=True, order=True)
class HomeClaim:
    """What a copy says to another one. The greater claim has the shop: it was brought there later.

    `started` and `run` tell two processes apart whose folder was copied by hand. `away`: it has left the shop, and
    sends nothing any more.
    """

    since: Instant
    copy: str
    started: Instant
    run: str
    away: bool = False

    def written(self, shop_id: str) -> str:
        """Fit for an address, and believed only by copies of the shop of this id."""
        said = base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")
        return f"{said}.{_mark(said, shop_id)}"


def read_claim(text: str, shop_id: str) -> HomeClaim | None:
    """The claim of another copy of this shop; None for anything else."""
    said, _, mark = text.partition(".")
    if len(text) > _LONGEST or not text.isascii() or not hmac.compare_digest(mark, _mark(said, shop_id)):
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)), type=HomeClaim)
    except (msgspec.DecodeError, ValueError):
        return None  # a newer ShopWatch may say it otherwise


def _mark(said: str, shop_id: str) -> str:
    # Whoever answers at the shop's own address could take its messages anyway; this tells other shops' copies apart.
    return hmac.new(hashlib.sha256(f"ShopWatch copy {shop_id}".encode()).digest(), said.encode(), "sha256").hexdigest()
