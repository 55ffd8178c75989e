"""Which database a ledger lives in, by the address it is given."""

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from shopwatch.domain.instant import Clock
from shopwatch.ledger import errors
from shopwatch.ledger.engine.ports import Store
from shopwatch.ledger.engine.sqlite.store import SqliteStore
from shopwatch.runtime.clock import now


def store_at(place: str | Path, clock: Clock = now) -> Store:
    """The database in this file, or at this URL. Nothing is opened yet. Raises `UserError` for a kind unknown to us."""
    return SqliteStore(file_of(place), clock)


def file_of(place: str | Path) -> Path:
    """The file that a ledger lies in. Raises `UserError` as `store_at`."""
    if isinstance(place, Path):
        return place
    try:
        parsed = make_url(place)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise errors.unknown_database()
    return Path(parsed.database)
