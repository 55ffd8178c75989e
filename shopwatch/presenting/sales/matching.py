"""Whether a sale that has just arrived belongs into the list that is shown, and where."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from shopwatch.domain.facts import SaleRow
from shopwatch.ledger.sales.query import Cursor, SalesQuery, Sort

type Key = tuple[int, int]
"""Orders rows newest first, as the ledger does."""
type Run = tuple[int, list[SaleRow]]
"""Rows that belong together at one place."""


def newest_first(query: SalesQuery) -> bool:
    """Only then do arrivals have a place in the list that can be told without the ledger."""
    return query.sort is Sort.TIME and query.descending


def key_of(row: SaleRow) -> Key:
    return (-row.sale.paid_at, -row.id)


def cursor_at(row: SaleRow) -> Cursor:
    """Where a newest-first page that ends with `row` goes on."""
    return Cursor(row.sale.paid_at, row.id)


def fits(query: SalesQuery, row: SaleRow) -> bool:
    """Whether `row` is one of the sales that `query` asks for, its `text` aside, which is the ledger's to judge."""
    sale = row.sale
    return (
        (not query.states or sale.state in query.states)
        and (query.since is None or sale.paid_at >= query.since)
        and (query.until is None or sale.paid_at < query.until)
        and (not query.sources or row.source_id in query.sources)
        and (query.practice or not sale.practice)
    )


def place_in(rows: Sequence[SaleRow], row: SaleRow) -> int:
    """Where `row` stands or belongs among newest-first `rows`."""
    return bisect_left(rows, key_of(row), key=key_of)


def runs(rows: Sequence[SaleRow], new: Iterable[SaleRow], *, whole: bool) -> list[Run]:
    """Where `new` ones belong among newest-first `rows`, from the top. Unless they are the `whole` list, what lies
    beyond their end is left out: its page will bring it.
    """
    found: list[Run] = []
    at = 0
    for row in sorted(new, key=key_of):
        key = key_of(row)
        # Most arrive at one place: only what lies behind that of the one before is looked for.
        if at < len(rows) and key_of(rows[at]) < key:
            at = bisect_left(rows, key, at, key=key_of)
        if at == len(rows) and rows and not whole:
            break
        if found and found[-1][0] == at:
            found[-1][1].append(row)
        else:
            found.append((at, [row]))
    return found
