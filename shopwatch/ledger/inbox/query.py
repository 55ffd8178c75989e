"""What can be asked of the Inbox, and the shapes of the answers."""

from dataclasses import dataclass
from enum import StrEnum

from shopwatch.domain.facts import Outcome
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason


class Result(StrEnum):
    """How the Inbox tells what became of a delivery."""

    ACCEPTED = "accepted"
    REPEAT = "repeat"
    REJECTED = "rejected"
    """It is not believed."""
    SET_ASIDE = "set-aside"
    """It may well be genuine, but it is not counted."""


NOT_COUNTED = frozenset(
    {
        Reason.TOO_OLD,
        Reason.FROM_THE_FUTURE,
        Reason.ID_UNUSABLE,
        Reason.NO_SECRET,
        Reason.UNDESCRIBED,
        Reason.OTHER_ACCOUNT,
    }
)
"""The rejections of messages that may well be genuine."""

ANSWERED = frozenset({Reason.HINT, Reason.PING})
"""The rejections of messages that are unsigned by their nature, and answered as the sender expects."""


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """Which deliveries, always the newest first. Empty or None means: all.

    `outcome` is how they were answered, `result` how the Inbox tells it. `text` matches the beginning of an event's
    id, any part of its type, and whatever finds the sale it is of.
    """

    text: str = ""
    outcome: Outcome | None = None
    result: Result | None = None
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many deliveries of each result are kept, whether seen or not; `alarming` are those rejected or set aside
    since the owner last looked, `newest` the id of the latest delivery.
    """

    accepted: int = 0
    repeats: int = 0
    rejected: int = 0
    set_aside: int = 0
    alarming: int = 0
    newest: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery as kept. `body` is the raw message; None in lists, and where only its size was kept.

    `event_id`, `kind` and `sale_number` of a repeat are those of the event it repeats, empty where nothing was
    accepted; `unreadable` says why an authentic message could not be understood. `place` is where it stands among the
    others: its id, but that of the rejected one where it was judged again.
    """

    id: int
    source_id: str
    provider: str
    received_at: Instant
    outcome: Outcome
    reason: str
    detail: str
    event_id: str
    event_type: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    size: int
    practice: bool
    method: str = "POST"
    remote_addr: str | None = None
    kind: Kind | None = None
    unreadable: str = ""
    sale_number: str = ""
    place: int = 0

    @property
    def result(self) -> Result:
        return result_of(self.outcome, self.reason, unreadable=bool(self.unreadable))

    @property
    def request(self) -> Request | None:
        """The request as it was judged; None without the raw message."""
        if self.body is None:
            return None
        lines = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers)
        return Request(self.method, self.url, Headers(lines), self.body, self.remote_addr)


def result_of(outcome: Outcome, reason: str, *, unreadable: bool = False) -> Result:
    """How the Inbox tells this outcome of a delivery."""
    match outcome:
        case Outcome.REPEAT:
            return Result.REPEAT
        case Outcome.REJECTED if reason not in ANSWERED:
            return Result.SET_ASIDE if reason in NOT_COUNTED else Result.REJECTED
        case _:
            return Result.SET_ASIDE if unreadable else Result.ACCEPTED
