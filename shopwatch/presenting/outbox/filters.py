"""Which jobs the outbox shows."""

from collections.abc import Mapping
from enum import StrEnum

from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import QUIET, RING

UNSEEN = (RING, QUIET)
"""Pop-ups are seen when they come, and are no posts."""


class Filter(StrEnum):
    ALL = "all"
    WAITING = "waiting"
    LOOK = "look"


STATES: Mapping[Filter, tuple[JobState, ...]] = {
    Filter.ALL: (),
    Filter.WAITING: (JobState.WAITING, JobState.SENDING),
    Filter.LOOK: (JobState.UNCERTAIN, JobState.FAILED, JobState.HELD),
}


def counted(counts: Mapping[JobState, int], chosen: Filter) -> int:
    """How many of these jobs a filter lets through."""
    return sum(counts.get(state, 0) for state in STATES[chosen])
