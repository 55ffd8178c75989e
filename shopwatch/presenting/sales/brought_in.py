"""How many sales asking has brought in while nothing is heard."""

from shopwatch.domain.facts import CatchUpChanged, Change, SalesChanged
from shopwatch.domain.instant import Instant
from shopwatch.presenting.status.banner import deaf_since
from shopwatch.shop.shop import Shop


class BroughtIn:
    """Counts them from the beginning of each such time: those of a source that come in while it is asked."""

    def __init__(self, state: Shop) -> None:
        self._state = state
        self._since: Instant | None = None
        self._ids: set[int] = set()
        self._asked: set[str] = set()

    @property
    def count(self) -> int:
        self._look()
        return len(self._ids)

    def tell_look(self, fact: CatchUpChanged) -> None:
        """A source is being asked, or has been."""
        if fact.result.ended_at:
            self._asked.discard(fact.result.source_id)
        else:
            self._asked.add(fact.result.source_id)

    def tell_sales(self, fact: SalesChanged) -> None:
        """These came in."""
        self._look()
        if self._since is not None:
            self._ids.update(
                change.row.id
                for change in fact.changes
                if change.change is not Change.UPDATED
                and change.row.source_id in self._asked
                and not change.row.sale.practice
            )

    def _look(self) -> None:
        since = deaf_since(self._state)
        if since != self._since:
            self._since = since
            self._ids.clear()
