"""The rows of a list, in its order and found by their id."""

from bisect import bisect_left
from collections.abc import Iterable

from shopwatch.domain.facts import SaleRow
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.presenting.sales.matching import key_of, newest_first

type Run = tuple[int, list[SaleRow]]
"""Rows that belong together at one place."""


class Rows:
    """What is loaded of one query."""

    def __init__(self, query: SalesQuery, rows: Iterable[SaleRow] = ()) -> None:
        self._in_time = newest_first(query)
        self._rows = list(rows)
        self._keys = [key_of(row) for row in self._rows]
        self._ids = {row.id: key_of(row) for row in self._rows}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, sale_id: int) -> bool:
        return sale_id in self._ids

    def __getitem__(self, at: int) -> SaleRow:
        return self._rows[at]

    def top(self, count: int) -> list[SaleRow]:
        return self._rows[:count]

    def place(self, sale_id: int) -> int | None:
        """Where the sale stands, if it is here."""
        key = self._ids.get(sale_id)
        if key is None:
            return None
        if self._in_time:
            return bisect_left(self._keys, key)
        return next((at for at, row in enumerate(self._rows) if row.id == sale_id), None)

    def moves(self, at: int, row: SaleRow) -> bool:
        """Whether `row` in the place of its older self would be out of order."""
        return self._in_time and key_of(row) != self._keys[at]

    def runs(self, rows: Iterable[SaleRow], *, whole: bool) -> list[Run]:
        """Where new rows of a newest-first list belong, from the top. Unless the list is `whole`, what lies beyond its
        end is left out: its page will bring it.
        """
        runs: list[Run] = []
        for row in sorted(rows, key=key_of):
            at = bisect_left(self._keys, key_of(row))
            if at == len(self._keys) and self._keys and not whole:
                break
            if runs and runs[-1][0] == at:
                runs[-1][1].append(row)
            else:
                runs.append((at, [row]))
        return runs

    def put(self, at: int, run: list[SaleRow]) -> None:
        self._rows[at:at] = run
        self._keys[at:at] = [key_of(row) for row in run]
        self._ids.update((row.id, key_of(row)) for row in run)

    def replace(self, at: int, row: SaleRow) -> None:
        """In another order than by time, its key may change where it stands."""
        self._rows[at] = row
        self._keys[at] = self._ids[row.id] = key_of(row)

    def take(self, first: int, last: int) -> None:
        """Drop the rows from `first` to `last`, both included."""
        for row in self._rows[first : last + 1]:
            del self._ids[row.id]
        del self._rows[first : last + 1], self._keys[first : last + 1]
