"""Facts: what has happened, told to whoever listens."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from msgspec import Struct

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.connection.gap import Gap
from shopwatch.domain.connection.reach import Reach, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.happening import Happening
from shopwatch.domain.sales.sale import Sale

_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of a delivery, as the Inbox tells it."""

    ACCEPTED = "accepted"
    REPEAT = "repeat"
    REJECTED = "rejected"
    CHALLENGE = "challenge"


class SaleRow(Struct, frozen=True):
    """A sale as the ledger holds it: `id` is the ledger's own and grows with arrival; `seen` once the owner looked."""

    id: int
    source_id: str
    provider: str
    sale: Sale
    received_at: Instant
    seen: bool = False


class Change(StrEnum):
    """What made a sale's row change."""

    NEW = "new"
    PAID = "paid"
    """The sale of an order of which only a refund or dispute had come."""
    UPDATED = "updated"


class SaleChange(Struct, frozen=True):
    row: SaleRow
    change: Change


class SalesChanged(Struct, frozen=True):
    """Committed together, told together; in the order of arrival."""

    changes: tuple[SaleChange, ...]


@dataclass(frozen=True, slots=True)
class HappeningRow:
    """What an event tells that is no money, as the ledger holds it: `id` is the event's, `person` whom it is about,
    None where it names neither e-mail nor phone. `at` is when it happened, never later than it arrived.
    """

    id: int
    source_id: str
    provider: str
    happening: Happening
    person: int | None
    at: Instant
    received_at: Instant
    practice: bool = False
    live: bool = True
    silent: bool = False
    """No message told it: the source has fallen silent."""


@dataclass(frozen=True, slots=True)
class HappeningsKept:
    """Committed together, told together; in the order of arrival. `merged` are people who have proved to be others."""

    rows: tuple[HappeningRow, ...]
    merged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonForgotten:
    """Their sales stay, nameless."""

    id: int


class DeliveryKept(Struct, frozen=True):
    """A delivery was answered, or several that are alike in all this; `at` is when the last of them had arrived, and
    `host` whom its sender called, in lower case; empty for what nobody sent."""

    source_id: str
    outcome: Outcome
    at: Instant
    reason: str = ""
    practice: bool = False
    host: str = ""


@dataclass(frozen=True, slots=True)
class NotificationsDue:
    """What the rules ring for now, in the order of arrival: with the bell or without, until it is seen or not.

    `sales` are paid ones; `missed` is what came while nobody was there to ring.
    """

    sales: tuple[SaleRow, ...] = ()
    refunds: tuple[SaleRow, ...] = ()
    disputes: tuple[SaleRow, ...] = ()
    happenings: tuple[HappeningRow, ...] = ()
    bell: bool = True
    stays: bool = False
    sound: str = ""
    missed: bool = False


@dataclass(frozen=True, slots=True)
class GapBegan:
    """Nothing can be heard any more."""

    gap: Gap


@dataclass(frozen=True, slots=True)
class GapEnded:
    """It can be heard again; what came meanwhile is to be asked for."""

    gap: Gap


@dataclass(frozen=True, slots=True)
class JobsOwed:
    """Jobs of these actions, by their names, wait in the outbox and are due."""

    actions: frozenset[str]


@dataclass(frozen=True, slots=True)
class JobsChanged:
    """Jobs went another step, or the owner decided something about them."""


@dataclass(frozen=True, slots=True)
class RulesChanged:
    pass


@dataclass(frozen=True, slots=True)
class TunnelChanged:
    status: TunnelStatus


@dataclass(frozen=True, slots=True)
class ReachChanged:
    reach: Reach


@dataclass(frozen=True, slots=True)
class SourcesChanged:
    pass


@dataclass(frozen=True, slots=True)
class VaultChanged:
    """`problem` is None once the password store works."""

    problem: UserError | None


@dataclass(frozen=True, slots=True)
class LedgerChanged:
    """`problem` is None once the store can be written again."""

    problem: UserError | None


@dataclass(frozen=True, slots=True)
class ClockChanged:
    """`problem` is None once this computer's clock is right, as far as anybody outside has said."""

    problem: UserError | None


@dataclass(frozen=True, slots=True)
class UsageChanged:
    """So many requests have come through ngrok in this month."""

    requests: int


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """The names of the settings that have other values now."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class ApiChanged:
    """`problem` is what stands in the way of asking this source's provider, None once it answers."""

    source_id: str
    problem: UserError | None


@dataclass(frozen=True, slots=True)
class PopularPageMade:
    """The public page of popular items is as of this instant now."""

    at: Instant


@dataclass(frozen=True, slots=True)
class CatchUpChanged:
    """Asking a source's provider for what was missed went another step, or ended."""

    result: CaughtUp


@dataclass(frozen=True, slots=True)
class DayChecked:
    """The sales of this day were compared with what providers list."""

    day: date


@dataclass(frozen=True, slots=True)
class SilencesChanged:
    """These sources have fallen silent, or have spoken again."""

    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndpointsChanged:
    """What is known of the endpoints of these sources at their providers, or of the addresses those have."""

    source_ids: tuple[str, ...]


class Bus:
    """Tells facts, one after the other, on the loop's thread. A listener that fails is logged and harms no other."""

    def __init__(self) -> None:
        self._listeners: dict[type, list[Callable[[Any], None]]] = {}

    def listen[Fact](self, kind: type[Fact], listener: Callable[[Fact], None]) -> Callable[[], None]:
        """Call `listener` with every later fact of exactly this kind; what is returned ends that."""
        listeners = self._listeners.setdefault(kind, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    def hears(self, kind: type) -> bool:
        """Whether anybody listens for facts of this kind."""
        return bool(self._listeners.get(kind))

    def tell(self, fact: object) -> None:
        """Hand `fact` to all who listen for its kind, at once."""
        for listener in tuple(self._listeners.get(type(fact), ())):
            try:
                listener(fact)
            except Exception:
                _log.exception("a listener for %s failed", type(fact).__name__)


class Subscriptions:
    """What one listener hears of a bus, and hears no more once it is closed; it can listen again after that."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._ends: list[Callable[[], None]] = []

    def listen[Fact](self, kind: type[Fact], listener: Callable[[Fact], None]) -> None:
        """Call `listener` with every later fact of exactly this kind, until `close`."""
        self._ends.append(self._bus.listen(kind, listener))

    def close(self) -> None:
        """Hear no more."""
        while self._ends:
            self._ends.pop()()
