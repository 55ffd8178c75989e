"""A job: one action owed for one event, done once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from shopwatch.domain.facts import HappeningRow, SaleRow
from shopwatch.domain.instant import Instant
from shopwatch.domain.report import NOTHING, Report
from shopwatch.domain.rules.rule import Trigger

TO = "to"
"""The setting that names the target; actions with one for the whole shop have none."""

LATE = "late"
"""The setting of a job that rings for what happened long before it came in: all of that is told together."""


class JobState(StrEnum):
    WAITING = "waiting"
    """Due at `due_at`; after a failed try, then again."""
    SENDING = "sending"
    DONE = "done"
    UNCERTAIN = "uncertain"
    """It may have been done; nobody knows, so it is not repeated by itself."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    HELD = "held"
    """For the owner to look at first: a mail to a customer for a sale that was found later."""


class JobKey(NamedTuple):
    """What makes a job the only one of its kind: an event, a rule, and the step's place in it."""

    event: int
    rule: int
    step: int

    def __str__(self) -> str:
        return f"{self.event}.{self.rule}.{self.step}"


@dataclass(frozen=True, slots=True)
class Job:
    """`attempts` counts the tries begun since the owner last wanted it done; `to` is whom it goes to, and `result` how
    it went.

    `action` is its id. `settings` are the step's own, as they were when the job was made. `again` counts how often the
    owner wanted it done once more, though it was done or may have been.
    """

    key: JobKey
    trigger: Trigger
    action: str
    settings: Mapping[str, str]
    state: JobState
    source_id: str
    made_at: Instant
    due_at: Instant
    changed_at: Instant
    sale_id: int | None = None
    order: str = ""
    practice: bool = False
    attempts: int = 0
    to: str = ""
    result: Report = NOTHING
    again: int = 0

    @property
    def target(self) -> str:
        """The id of where it goes to; empty where there is only one such place."""
        return self.settings.get(TO, "")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a job is about, as it is now: the event, and the sale or the happening it told of."""

    event_id: str
    event_type: str
    occurred_at: Instant
    sale: SaleRow | None = None
    happening: HappeningRow | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """It was done; `to` whom, as it is shown."""

    to: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """It was surely not done, and is worth another try, not before `not_before` where the other side said so.

    `waits`: nothing was tried, because something of the shop's own is not there yet.
    """

    why: Report
    not_before: Instant = 0
    to: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """It was surely not done, and trying again would not help."""

    why: Report
    to: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """The other side went silent when it may have been done already."""

    why: Report
    to: str = ""


type Result = Done | Later | Refused | Unsure
