"""Pages of sales: keyset pages in every sort, and the cheapest way to a page under every filter."""

from collections.abc import Sequence
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, and_, func, or_, select, union_all

from shopwatch.domain.sale import SaleState
from shopwatch.ledger.dialect import Dialect
from shopwatch.ledger.letters import storable, words
from shopwatch.ledger.query import Cursor, SalesPage, SalesQuery, Sort
from shopwatch.ledger.reading import read_seen, sale_row
from shopwatch.ledger.schema import names, sales, sources
from shopwatch.ledger.sources import SourceNumbers

FEW = 10_000
"""So many rows are quickly fetched and sorted; more are rather met by walking along the sorted index."""
WINDOW = 40_000
"""How far to walk along an index for one page before another way is taken."""
_MOST_STREAMS = 48

_KEYS: dict[Sort, tuple[ColumnElement[Any], ...]] = {
    Sort.TIME: (sales.c.paid_at,),
    Sort.ORDER: (sales.c.number_key,),
    Sort.CUSTOMER: (sales.c.customer_key,),
    Sort.AMOUNT: (sales.c.currency, sales.c.amount),
    Sort.FROM: (sales.c.provider,),
    Sort.STATE: (sales.c.state,),
}

type _Conditions = Sequence[ColumnElement[bool]]
type _Ids = Select[Any] | CompoundSelect[Any]


def page(
    connection: Connection,
    dialect: Dialect,
    numbers: SourceNumbers,
    query: SalesQuery,
    *,
    after: Cursor | None,
    limit: int,
) -> SalesPage:
    """See `Ledger.page`."""
    rows = _Search(connection, dialect, numbers, query, after).rows(limit + 1)
    seen = read_seen(connection)
    shown = tuple(sale_row(row, numbers.id_of(connection, row.source), seen) for row in rows[:limit])
    return SalesPage(shown, _cursor(query.sort, rows[limit - 1]) if len(rows) > limit > 0 else None)


def count(connection: Connection, dialect: Dialect, numbers: SourceNumbers, query: SalesQuery) -> int:
    """See `Ledger.count`."""
    return _Search(connection, dialect, numbers, query, None).count()


def _cursor(sort: Sort, row: Any) -> Cursor:
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
        self,
        connection: Connection,
        dialect: Dialect,
        numbers: SourceNumbers,
        query: SalesQuery,
        after: Cursor | None,
    ) -> None:
        self._connection = connection
        self._dialect = dialect
        self._query = query
        self._keys = (*_KEYS[query.sort], sales.c.id)
        self._after: tuple[Any, ...] | None = None
        if after is not None:
            self._after = (after.currency, after.key, after.id) if query.sort is Sort.AMOUNT else (after.key, after.id)
        self._sources = self._source_numbers(numbers)
        self._words = words((query.text,))
        self._period: list[ColumnElement[bool]] = []
        if query.since is not None:
            self._period.append(sales.c.paid_at >= query.since)
        if query.until is not None:
            self._period.append(sales.c.paid_at < query.until)

    def _source_numbers(self, numbers: SourceNumbers) -> list[int] | None:
        if not self._query.sources:
            return None
        numbers.refresh(self._connection)
        found = select(sources.c.no).where(sources.c.id.in_(self._query.sources))
        return list(self._connection.execute(found).scalars())

    def rows(self, limit: int) -> list[Any]:
        """The first `limit` rows, in order."""
        by_time = self._query.sort is Sort.TIME
        if by_time and not self._words and self._is_parted() and (streams := self._streams()) is not None:
            return self._merged(streams, limit)
        candidates = self._candidates()
        if by_time and self._period:
            candidates.pop("period", None)
        if not candidates:
            return self._walk(self._filters(), limit)
        sizes = {name: self._size(ids) for name, ids in candidates.items()}
        name = min(sizes, key=lambda each: sizes[each])
        if sizes[name] <= FEW:
            return self._gathered(name, candidates[name], limit)
        end = self._window_end()
        found = self._walk(self._filters(), limit, end)
        if len(found) >= limit or end is None:
            return found
        return self._gathered(name, candidates[name], limit)

    def count(self) -> int:
        """All rows, pages aside."""
        query = select(func.count()).select_from(sales).where(*self._filters(leave_out="text"))
        if self._words:
            text = self._candidates().get("text")
            query = query.where(sales.c.id.in_(text) if text is not None else self._has_words())
            query = query.where(*self._short_words()) if text is not None else query
        return self._connection.execute(query).scalar_one()

    def _is_parted(self) -> bool:
        return bool(self._query.states) or self._sources is not None

    def _filters(self, leave_out: str = "") -> list[ColumnElement[bool]]:
        filters = list(self._period) if leave_out != "period" else []
        if leave_out != "parts":
            filters.extend(self._parts())
        if self._words and leave_out != "text":
            filters.append(self._has_words())
        if not self._query.practice:
            filters.append(sales.c.practice.is_(False))
        return filters

    def _parts(self) -> _Conditions:
        parts = []
        if self._query.states:
            parts.append(sales.c.state.in_([state.value for state in self._query.states]))
        if self._sources is not None:
            parts.append(sales.c.source.in_(self._sources))
        return parts

    def _has_words(self) -> ColumnElement[bool]:
        return or_(self._dialect.has_words(self._words), sales.c.id.in_(self._named()))

    def _named(self) -> Select[Any]:
        every = select(sources.c.no)
        return select(names.c.sale).where(
            names.c.source.in_(every),
            names.c.practice.in_([False, True]),
            names.c.name == storable(self._query.text.strip()),
        )

    def _short_words(self) -> _Conditions:
        # The index knows no single letters; they match so much that they are tested row by row.
        return [self._has_words()] if any(len(word) == 1 for word in self._words) else []

    def _candidates(self) -> dict[str, _Ids]:
        """Ids of the rows that each kind of filter lets through."""
        found: dict[str, _Ids] = {}
        if long := [word for word in self._words if len(word) > 1]:
            found["text"] = union_all(self._dialect.matching(long), self._named())
        if self._period:
            found["period"] = select(sales.c.id).where(*self._period)
        if self._is_parted():
            known = sales.c.source.in_(select(sources.c.no)) if self._sources is None else and_(True)
            found["parts"] = select(sales.c.id).where(known, *self._parts())
        return found

    def _size(self, ids: _Ids) -> int:
        some = ids.limit(FEW + 1).subquery()
        return self._connection.execute(select(func.count()).select_from(some)).scalar_one()

    def _gathered(self, name: str, ids: _Ids, limit: int) -> list[Any]:
        """Fetch all candidates, and sort those that pass the other filters."""
        conditions = [sales.c.id.in_(ids), *self._filters(leave_out=name)]
        if name == "text":
            conditions.extend(self._short_words())
        if self._after is not None:
            conditions.append(or_(*(and_(*part) for part in self._ranges(self._after))))
        order = [self._ordered(self._dialect.unindexed(key)) for key in self._keys]
        return list(self._connection.execute(select(sales).where(*conditions).order_by(*order).limit(limit)))

    def _walk(self, filters: _Conditions, limit: int, end: tuple[Any, ...] | None = None) -> list[Any]:
        """Go along the sort's index from the cursor, and take what passes."""
        bounds = [self._up_to(end)] if end is not None else []
        order = [self._ordered(key) for key in self._keys]
        rows: list[Any] = []
        for part in self._starts():
            query = select(sales).where(*part, *bounds, *filters).order_by(*order).limit(limit - len(rows))
            rows.extend(self._connection.execute(query))
            if len(rows) >= limit:
                break
        return rows

    def _window_end(self) -> tuple[Any, ...] | None:
        """Where a walk is to end; None if the sales end before that."""
        order = [self._ordered(key) for key in self._keys]
        ahead = WINDOW
        for part in self._starts():
            within = self._period if self._query.sort is Sort.TIME else ()
            base = select(*self._keys).where(*part, *within)
            row = self._connection.execute(base.order_by(*order).limit(1).offset(ahead)).one_or_none()
            if row is not None:
                return tuple(row)
            ahead -= self._connection.execute(
                select(func.count()).select_from(base.limit(ahead).subquery())
            ).scalar_one()
        return None

    def _streams(self) -> list[_Conditions] | None:
        """Filters that each stand for one stretch of the index by source, state and time; None if they are many."""
        nos = self._sources
        if nos is None:
            nos = list(self._connection.execute(select(sources.c.no)).scalars())
        states = self._query.states or frozenset(SaleState)
        if len(nos) * len(states) > _MOST_STREAMS:
            return None
        return [(sales.c.source == no, sales.c.state == state.value) for no, state in product(nos, states)]

    def _merged(self, streams: list[_Conditions], limit: int) -> list[Any]:
        practice = [] if self._query.practice else [sales.c.practice.is_(False)]
        order = [self._ordered(key) for key in self._keys]
        keys: list[tuple[Any, ...]] = []
        for stream in streams:
            left = limit
            for part in self._starts():
                conditions = [*stream, *part, *self._period, *practice]
                found = self._connection.execute(select(*self._keys).where(*conditions).order_by(*order).limit(left))
                new = [tuple(row) for row in found]
                keys.extend(new)
                left -= len(new)
                if not left:
                    break
        keys.sort(reverse=self._query.descending)
        wanted = [key[-1] for key in keys[:limit]]
        rows = {row.id: row for row in self._connection.execute(select(sales).where(sales.c.id.in_(wanted)))}
        return [rows[each] for each in wanted]

    def _starts(self) -> list[_Conditions]:
        return [()] if self._after is None else self._ranges(self._after)

    def _ranges(self, after: tuple[Any, ...]) -> list[_Conditions]:
        """What follows `after`, as stretches of the index: a long run of equal keys is entered, not walked through."""
        return [
            (
                *(key == value for key, value in zip(self._keys[:last], after, strict=False)),
                self._beyond(self._keys[last], after[last]),
            )
            for last in reversed(range(len(self._keys)))
        ]

    def _up_to(self, end: tuple[Any, ...]) -> ColumnElement[bool]:
        inside = [
            and_(
                *(key == value for key, value in zip(self._keys[:last], end, strict=False)),
                self._keys[last] > end[last] if self._query.descending else self._keys[last] < end[last],
            )
            for last in range(len(self._keys))
        ]
        return or_(*inside, and_(*(key == value for key, value in zip(self._keys, end, strict=True))))

    def _beyond(self, key: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
        beyond: ColumnElement[bool] = key < value if self._query.descending else key > value
        return beyond

    def _ordered(self, key: ColumnElement[Any]) -> ColumnElement[Any]:
        return key.desc() if self._query.descending else key.asc()
