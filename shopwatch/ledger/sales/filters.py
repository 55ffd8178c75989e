"""Which sales a query lets through: as a test of one row, and as ids that an index finds."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, or_, select, union_all

from shopwatch.domain.sales.sale import SaleState
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.ledger.schema import names, sales, sources
from shopwatch.ledger.text_keys import storable, words

type Conditions = Sequence[ColumnElement[bool]]
type Ids = Select[Any] | CompoundSelect[Any]


class Filters:
    """The filters of one query. `states` and `sources` are sorted, and None where the query does not say."""

    def __init__(self, connection: Connection, dialect: Dialect, query: SalesQuery) -> None:
        self._dialect = dialect
        self._query = query
        self._words = words((query.text,))
        self.states = sorted(state.value for state in query.states) or None
        self.sources = numbers_of(connection, query.sources) if query.sources else None

    @property
    def kinds(self) -> frozenset[str]:
        """Which of "text", "period", "states" and "sources" narrow the query."""
        query = self._query
        narrowing = {
            "text": bool(self._words),
            "period": query.since is not None or query.until is not None,
            "states": self.states is not None,
            "sources": self.sources is not None,
        }
        return frozenset(kind for kind, narrows in narrowing.items() if narrows)

    def period(self) -> Conditions:
        """The time of payment, as a range that an index may serve."""
        return self._within_period(sales.c.paid_at)

    def practice(self) -> Conditions:
        return () if self._query.practice else (sales.c.practice.is_(False),)

    def tests(self, *leave_out: str) -> Conditions:
        """All filters but those left out, for a row that was found by other means: no index is to be used for them."""
        bare = self._dialect.unindexed
        tests: list[ColumnElement[bool]] = list(self.practice())
        if "period" not in leave_out:
            tests.extend(self._within_period(bare(sales.c.paid_at)))
        if "states" not in leave_out and self.states is not None:
            tests.append(bare(sales.c.state).in_(self.states))
        if "sources" not in leave_out and self.sources is not None:
            tests.append(bare(sales.c.source).in_(self.sources))
        if self._words and "text" not in leave_out:
            tests.append(or_(self._dialect.has_words(self._words), sales.c.id.in_(self._named_source())))
        return tests

    def candidates(self) -> dict[tuple[str, ...], Ids]:
        """Ids of the sales that some of the filters let through, by the kinds of those filters."""
        found: dict[tuple[str, ...], Ids] = {}
        if self._words:
            found[("text",)] = union_all(self._dialect.matching(self._words), self._named_source())
        if "period" in self.kinds:
            found[("period",)] = select(sales.c.id).where(*self.period())
        if self.states is not None or self.sources is not None:
            every = select(sources.c.no) if self.sources is None else self.sources
            parts = [sales.c.source.in_(every)]
            if self.states is not None:
                parts.append(sales.c.state.in_(self.states))
            found["states", "sources"] = select(sales.c.id).where(*parts)
        return found

    def streams(self, connection: Connection) -> list[Conditions]:
        """Filters by source and state that each let one run of the index by source, state and time through."""
        every = self.sources if self.sources is not None else numbers_of(connection, None)
        states = self.states or [state.value for state in SaleState]
        return [(sales.c.source == no, sales.c.state == state) for no in every for state in states]

    def _within_period(self, paid_at: ColumnElement[Any]) -> Conditions:
        since, until = self._query.since, self._query.until
        within = []
        if since is not None:
            within.append(paid_at >= since)
        if until is not None:
            within.append(paid_at < until)
        return within

    def _named_source(self) -> Select[Any]:
        """The sale that is called exactly so by its provider."""
        return select(names.c.sale).where(
            names.c.source.in_(select(sources.c.no)),
            names.c.practice.in_([False, True]),
            names.c.name == storable(self._query.text.strip()),
        )


def numbers_of(connection: Connection, ids: frozenset[str] | None) -> list[int]:
    """The numbers of these sources, of all if None, in their order."""
    query = select(sources.c.no).order_by(sources.c.no)
    return list(connection.execute(query if ids is None else query.where(sources.c.id.in_(ids))).scalars())
