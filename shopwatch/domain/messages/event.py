"""An event: an accepted happening, unique for ever by source and event id."""

from enum import StrEnum

from msgspec import Struct

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.happening import Happening
from shopwatch.domain.sales.sale import Claim

FETCHED = "shopwatch.fetched"
"""The type of an event that says what an earlier message lacked, because its provider was asked."""
NOT_FETCHED = "shopwatch.not-fetched"
"""The type of an event that says that its provider was asked without use; it repeats the earlier message's claim."""
ASKED = "shopwatch.asked"
"""The type of an event that only the provider's answer tells; the message that led to it proves nothing."""

FILLS_IN = "fetched:"
"""How the id of an event begins that only fills in what an earlier one lacked; the rest is that one's id."""
LISTED = "listed:"
"""How the id of an event begins that a list at the provider tells, where no message of its own has an id."""


class Kind(StrEnum):
    """What an event means for the shop."""

    SALE = "sale"
    REFUND = "refund"
    DISPUTE = "dispute"
    CONTACT = "contact"
    MESSAGE = "message"
    FILES = "files"
    CHECK_IN = "check-in"
    NOTICE = "notice"
    SILENCE = "silence"
    """Of a source that says nothing; ShopWatch itself tells it, and no message came."""
    OTHER = "other"
    """Authentic, but nothing to book."""
    TEST = "test"
    """The provider's own test message."""
    PING = "ping"
    """A sign of life or a hint: answered, never booked."""


class Event(Struct, frozen=True):
    """`id` is the provider's own, at most 255 bytes. `claim` is there for sales, refunds and disputes, `happening`
    for contacts, messages, files, check-ins and notices.

    `links` are further ids by which other events of the same provider may name the same purchase.
    `unreadable` says why an authentic message could not be understood, as the catalogue has it; it is kept, and nothing
    is booked from it.
    """

    id: str
    type: str
    kind: Kind
    occurred_at: Instant
    claim: Claim | None = None
    happening: Happening | None = None
    links: tuple[str, ...] = ()
    live: bool = True
    unreadable: str = ""
    needs_fetch: str = ""
    """Which call of the provider's API supplies what the message lacks."""
