"""Pages of sales: keyset pages in every sort, and the cheapest way to a page under every filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.sales.filters import Conditions, Filters, Ids
from shopwatch.ledger.sales.query import Cursor, SalesPage, SalesQuery, Sort
from shopwatch.ledger.sales.reading import read_seen, sale_row
from shopwatch.ledger.schema import sales, sources
from shopwatch.ledger.sources.numbers import SourceNumbers


@dataclass(frozen=True, slots=True)
class PageReach:
    """What is quick. `few` candidates are fetched and sorted; up to `many` are looked for along the sorted index, row
    numbers only; more are so dense that every row on the way is tested, but no further than `window` rows for one page.
    So many `streams` of one index are merged.
    """

    few: int = 6_000
    many: int = 150_000
    window: int = 20_000
    streams: int = 48


REACH = PageReach()

_KEYS: dict[Sort, tuple[ColumnElement[Any], ...]] = {
    Sort.TIME: (sales.c.paid_at,),
    Sort.ORDER: (sales.c.number_key,),
    Sort.CUSTOMER: (sales.c.customer_key,),
    Sort.AMOUNT: (sales.c.currency, sales.c.amount),
    Sort.FROM: (sales.c.provider,),
    Sort.STATE: (sales.c.state,),
}

_SERVED = {Sort.TIME: frozenset({"period"}), Sort.STATE: frozenset({"states"}), Sort.FROM: frozenset({"sources"})}
"""Filters which are ranges of the sort's own index."""

type _Keys = tuple[ColumnElement[Any], ...]


def page(
    connection: Connection,
    dialect: Dialect,
    numbers: SourceNumbers,
    query: SalesQuery,
    *,
    after: Cursor | None,
    limit: int,
    reach: PageReach = REACH,
) -> SalesPage:
    """See `SalesBook.page`. Whatever the `reach`, the page is the same; only the way to it differs."""
    rows = _Search(connection, dialect, query, after, reach).rows(limit + 1)
    seen = read_seen(connection)
    shown = tuple(sale_row(row, numbers.id_of(connection, row.source), seen) for row in rows[:limit])
    return SalesPage(shown, _cursor_of(query.sort, rows[limit - 1]) if len(rows) > limit > 0 else None)


def count(connection: Connection, dialect: Dialect, query: SalesQuery) -> int:
    """See `SalesBook.count`."""
    filters = Filters(connection, dialect, query)
    counted = select(func.count()).select_from(sales)
    candidates = filters.candidates()
    for kinds in (("text",), ("states", "sources"), ("period",)):
        if kinds in candidates:
            counted = counted.where(sales.c.id.in_(candidates[kinds]), *filters.tests(*kinds))
            break
    else:
        counted = counted.where(*filters.tests())
    return connection.execute(counted).scalar_one()


def _cursor_of(sort: Sort, row: Any) -> Cursor:
    match sort:
        case Sort.TIME:
            return Cursor(row.paid_at, row.id)
        case Sort.ORDER:
            return Cursor(row.number_key, row.id)
        case Sort.CUSTOMER:
            return Cursor(row.customer_key, row.id)
        case Sort.AMOUNT:
            return Cursor(row.amount, row.id, row.currency)
        case Sort.FROM:
            return Cursor(row.provider, row.id)
        case Sort.STATE:
            return Cursor(row.state, row.id)


class _Search:
    """One query on its way to its rows."""

    def __init__(
        self, connection: Connection, dialect: Dialect, query: SalesQuery, after: Cursor | None, reach: PageReach
    ) -> None:
        self._connection = connection
        self._dialect = dialect
        self._filters = Filters(connection, dialect, query)
        self._sort = query.sort
        self._descending = query.descending
        self._reach = reach
        self._keys: _Keys = (*_KEYS[query.sort], sales.c.id)
        self._after: tuple[Any, ...] | None = None
        if after is not None:
            self._after = (after.currency, after.key, after.id) if query.sort is Sort.AMOUNT else (after.key, after.id)

    def rows(self, limit: int) -> list[Any]:
        """The first `limit` rows, in order."""
        kinds = self._filters.kinds
        if self._sort is Sort.TIME and "text" not in kinds and kinds != {"period"} and kinds:
            streams = self._filters.streams(self._connection)
            if len(streams) <= self._reach.streams:
                return self._merge_runs(streams, limit)
        if not kinds or kinds == _SERVED.get(self._sort):
            return self._walk_index(self._filters.tests(), limit, self._choose_course())
        return self._narrow_query(limit)

    def _narrow_query(self, limit: int) -> list[Any]:
        reach = self._reach
        candidates = self._filters.candidates()
        sizes = {kinds: self._estimate_size(ids) for kinds, ids in candidates.items()}
        least = min(sizes, key=lambda each: sizes[each])
        if sizes[least] <= reach.few:
            return self._gather_rows(least, candidates[least], limit)
        if sizes[least] > reach.many:
            end = self._window_end()
            found = self._walk_index(self._filters.tests(), limit, self._within_period(self._time_stretches(end)))
            if len(found) >= limit or end is None:
                return found
        sifted = self._dialect.unindexed(sales.c.id).in_(candidates[least])
        return self._walk_index([sifted, *self._filters.tests(*least)], limit, self._choose_course())

    def _estimate_size(self, ids: Ids) -> int:
        some = ids.limit(self._reach.many + 1).subquery()
        return self._connection.execute(select(func.count()).select_from(some)).scalar_one()

    def _gather_rows(self, kinds: Sequence[str], ids: Ids, limit: int) -> list[Any]:
        """Fetch all that the filters of these kinds let through, and sort those that pass the others."""
        bare = tuple(self._dialect.unindexed(key) for key in self._keys)
        conditions = [sales.c.id.in_(ids), *self._filters.tests(*kinds)]
        if self._after is not None:
            conditions.append(or_(*(and_(*stretch) for stretch in self._time_stretches(keys=bare))))
        query = select(sales).where(*conditions).order_by(*self._order_by(bare)).limit(limit)
        return list(self._connection.execute(query))

    def _walk_index(self, tests: Conditions, limit: int, stretches: Sequence[Conditions]) -> list[Any]:
        """Go along these stretches of the sort's index, and take what passes."""
        rows: list[Any] = []
        for stretch in stretches:
            query = select(sales).where(*stretch, *tests).order_by(*self._order_by(self._keys)).limit(limit - len(rows))
            rows.extend(self._connection.execute(query))
            if len(rows) >= limit:
                break
        return rows

    def _choose_course(self) -> Sequence[Conditions]:
        """All that follows the cursor, without the parts of the sort's index which the filters rule out."""
        if self._sort is Sort.STATE and self._filters.states is not None:
            return self._index_runs(self._filters.states)
        if self._sort is Sort.FROM and self._filters.sources is not None:
            return self._index_runs(self._matching_providers())
        return self._within_period(self._time_stretches())

    def _within_period(self, stretches: Sequence[Conditions]) -> Sequence[Conditions]:
        if self._sort is not Sort.TIME:
            return stretches
        return [(*stretch, *self._filters.period()) for stretch in stretches]

    def _window_end(self) -> tuple[Any, ...] | None:
        """Where a walk is to end; None if the sales end before that."""
        ahead = self._reach.window
        for stretch in self._within_period(self._time_stretches()):
            base = select(*self._keys).where(*stretch)
            row = self._connection.execute(
                base.order_by(*self._order_by(self._keys)).limit(1).offset(ahead)
            ).one_or_none()
            if row is not None:
                return tuple(row)
            passed = base.limit(ahead).subquery()
            ahead -= self._connection.execute(select(func.count()).select_from(passed)).scalar_one()
        return None

    def _merge_runs(self, streams: list[Conditions], limit: int) -> list[Any]:
        keys: list[tuple[Any, ...]] = []
        stretches = self._time_stretches()
        for stream in streams:
            left = limit
            for stretch in stretches:
                conditions = [*stream, *stretch, *self._filters.period(), *self._filters.practice()]
                query = select(*self._keys).where(*conditions).order_by(*self._order_by(self._keys)).limit(left)
                found = [tuple(row) for row in self._connection.execute(query)]
                keys.extend(found)
                left -= len(found)
                if not left:
                    break
        keys.sort(reverse=self._descending)
        wanted = [key[-1] for key in keys[:limit]]
        rows = {row.id: row for row in self._connection.execute(select(sales).where(sales.c.id.in_(wanted)))}
        return [rows[each] for each in wanted]

    def _matching_providers(self) -> list[str]:
        query = select(sources.c.provider).where(sources.c.no.in_(self._filters.sources or [])).distinct()
        return sorted(self._connection.execute(query).scalars())

    def _index_runs(self, values: list[str]) -> list[Conditions]:
        """What follows the cursor among the rows whose first key is one of these sorted values."""
        key, after = self._keys[0], self._after
        runs: list[Conditions] = []
        for value in reversed(values) if self._descending else values:
            if after is None or (value < after[0] if self._descending else value > after[0]):
                runs.append((key == value,))
            elif value == after[0]:
                runs.append((key == value, self._is_beyond(self._keys, len(self._keys) - 1, after)))
        return runs

    def _time_stretches(self, end: tuple[Any, ...] | None = None, keys: _Keys | None = None) -> list[Conditions]:
        """What follows the cursor, up to and with `end`, as stretches of the index that are each one range of it.

        So a long run of equal keys is entered at its place, and not walked through from its beginning.
        """
        keys, after, count = keys or self._keys, self._after, len(self._keys)
        if after is None and end is None:
            return [()]
        if end is None:
            return [self._start_from(keys, place, after) for place in reversed(range(count))] if after else []
        shared = 0
        while after is not None and after[shared] == end[shared]:
            shared += 1
        middle = (*_is_equal(keys, end, shared), self._rows_before(keys, shared, end))
        stretches: list[Conditions] = []
        if after is not None:
            stretches.extend(self._start_from(keys, place, after) for place in reversed(range(shared + 1, count)))
            middle = (*middle, self._is_beyond(keys, shared, after))
        stretches.append(middle)
        stretches.extend(
            (*_is_equal(keys, end, place), self._rows_before(keys, place, end)) for place in range(shared + 1, count)
        )
        return [*stretches, _is_equal(keys, end, count)]

    def _start_from(self, keys: _Keys, place: int, after: tuple[Any, ...]) -> Conditions:
        return (*_is_equal(keys, after, place), self._is_beyond(keys, place, after))

    def _is_beyond(self, keys: _Keys, place: int, values: tuple[Any, ...]) -> ColumnElement[bool]:
        beyond: ColumnElement[bool] = keys[place] < values[place] if self._descending else keys[place] > values[place]
        return beyond

    def _rows_before(self, keys: _Keys, place: int, values: tuple[Any, ...]) -> ColumnElement[bool]:
        before: ColumnElement[bool] = keys[place] > values[place] if self._descending else keys[place] < values[place]
        return before

    def _order_by(self, keys: _Keys) -> list[ColumnElement[Any]]:
        return [key.desc() if self._descending else key.asc() for key in keys]


def _is_equal(keys: _Keys, values: tuple[Any, ...], count: int) -> tuple[ColumnElement[bool], ...]:
    return tuple(key == value for key, value in zip(keys[:count], values, strict=False))
