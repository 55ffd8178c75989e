"""A ledger goes to another database, while a receiver writes into it."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Instant
from shopwatch.domain.sales.money import Money
from shopwatch.ledger import errors
from shopwatch.ledger.copying import bring_up_to_date, copy_rows
from shopwatch.ledger.engine.ports import Store
from shopwatch.ledger.sales.figures import figures
from shopwatch.ledger.schema import deliveries, heads, metadata, sales, sources

_EVER: Instant = 2**62
_count_sources = select(func.count()).select_from(sources)


@dataclass(frozen=True, slots=True)
class Moved:
    """What is in the new place, and just so in the old one."""

    rows: int
    deliveries: int
    sales: int
    totals: tuple[Money, ...]
    """What was kept of all sales, by currency."""


def move(
    source: Store, target: Store, *, here: str, there: str, told: Callable[[int], None] = lambda _rows: None
) -> Moved:
    """Copy all of `source`, which is at `here`, into the empty ledger `target`, which is at `there`; then let nobody
    write into `source` any more.

    It is copied first, and what has changed meanwhile brought after it; only for the last of that, and for comparing
    all of it, nothing can be stored, so that senders come again. `told` hears of every so many rows. Broken off
    anywhere, `source` is as before, unless it was moved altogether; `target` then says that the shop is `here`, and may
    be moved to again. Raises `UserError`.
    """
    try:
        with closing(target.mover()) as writing:
            with closing(source.reader()) as reading, reading.begin(), writing.begin():
                _refuse_moved(reading)
                if _place_told(writing) != here and writing.execute(_count_sources).scalar_one():
                    raise errors.occupied()
                copy_rows(reading, writing, target.dialect, told)
                writing.execute(update(heads).values(moved_to=here))
            with closing(source.reader()) as reading, reading.begin(), writing.begin():
                bring_up_to_date(reading, writing, target.dialect, told)
                writing.execute(update(heads).values(moved_to=here))
            with closing(source.mover()) as last, last.begin():
                with writing.begin():
                    bring_up_to_date(last, writing, target.dialect, told)
                    moved = _counted(writing)
                    if moved != _counted(last):
                        raise errors.not_the_same()
                last.execute(update(heads).values(moved_to=there))
    except UserError:
        raise
    except Exception as error:
        raise target.translate(error) or source.translate(error) or error from error
    return moved


def _place_told(connection: Connection) -> str:
    return str(connection.execute(select(heads.c.moved_to)).scalar_one())


def _refuse_moved(connection: Connection) -> None:
    if place := _place_told(connection):
        raise errors.moved(place)


def _counted(connection: Connection) -> Moved:
    def count(table: object) -> int:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]

    rows = sum(count(table) for table in metadata.sorted_tables)
    return Moved(rows, count(deliveries), count(sales), figures(connection, 0, _EVER).totals)
