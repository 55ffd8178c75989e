"""How asking a provider for what was missed stands."""

from dataclasses import dataclass

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Instant


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """Of one source: asked for what happened since `since`; its provider listed `listed` things so far, of which
    `brought_in` were news. `ended_at` is 0 while it is under way.

    `problem` is what stood in the way; what was brought in before it stays, and the next time goes on from there.
    """

    source_id: str
    since: Instant
    listed: int = 0
    brought_in: int = 0
    ended_at: Instant = 0
    problem: UserError | None = None
    wait: float = 0
    """Seconds for which the provider wants to be left alone, where it says so."""
