"""Which database a ledger lives in, by the address it is given."""

import os
import re
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from shopwatch.domain.instant import Clock
from shopwatch.ledger import errors
from shopwatch.ledger.engine.ports import Store
from shopwatch.ledger.engine.sqlite.store import SqliteStore
from shopwatch.runtime.clock import now

_SEVERAL_HOSTS = re.compile(r"^(postgresql://(?:[^@/?]*@)?)([^@/?,]+(?:,[^@/?,]+)+)/([^?]*)(?:\?(.*))?$")
_PASSWORDS = "shopwatch.pgpass"
"""The name of the credential."""


def store_at(place: str | Path, clock: Clock = now) -> Store:
    """The database in this file, or at this URL. Nothing is opened yet. Raises `UserError` for a kind unknown to us."""
    if not isinstance(place, Path) and place.startswith("postgresql:"):
        from shopwatch.ledger.engine.postgres.store import PostgresStore  # noqa: PLC0415 - SQLite has no use for it

        return PostgresStore(make_url(place))
    return SqliteStore(file_of(place), clock)


def address_of(given: str) -> str:
    """The URL of a ledger as an owner gives it, with where its password is.

    Whoever else uses this computer can read a command line: a password that stands there is refused. It comes by a file
    that PostgreSQL's own library finds (https://www.postgresql.org/docs/current/libpq-pgpass.html), or as a credential
    of systemd's. Raises `UserError`.
    """
    given = _SEVERAL_HOSTS.sub(_name_hosts, given)
    try:
        parsed = make_url(given)
    except ArgumentError:
        raise errors.unknown_database() from None
    if parsed.password is not None or "password" in parsed.query:
        raise errors.password_in_address()
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder and parsed.get_backend_name() == "postgresql" and "passfile" not in parsed.query:
        file = Path(folder) / _PASSWORDS
        if file.exists():
            return parsed.update_query_dict({"passfile": str(file)}).render_as_string(hide_password=False)
    return given


def _name_hosts(found: re.Match[str]) -> str:
    """Several hosts as SQLAlchemy reads them, in the place of how PostgreSQL's own programs do."""
    begin, hosts, database, rest = found.groups()
    named = "&".join(f"host={host}" for host in hosts.split(","))
    return f"{begin}/{database}?{named}" + (f"&{rest}" if rest else "")


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
