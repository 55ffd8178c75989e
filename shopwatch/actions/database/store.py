"""The owner's database: which ones there are, how they are reached, and how a sale is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Table, create_engine, delete, insert, inspect, make_url, select, update
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.pool import NullPool

from shopwatch.actions.database.tables import LONGEST_KEY, LONGEST_TEXT, items, metadata, refunds, sales
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import Phrase, phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.legible import legible
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim, Sale
from shopwatch.secrets.redaction import hide

CONNECT_SECONDS = 10
STATEMENT_SECONDS = 30
_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "sqlite": "sqlite",
}
_PASSWORD = ("password", "passwd")
_SECRET = frozenset({*_PASSWORD, "sslpassword"})
"""What PostgreSQL and MySQL let stand in the query of an address that is to be kept secret."""
_PATIENCE: Mapping[str, Mapping[str, Any]] = {
    "postgresql": {"connect_timeout": CONNECT_SECONDS, "options": f"-c statement_timeout={STATEMENT_SECONDS}s"},
    "mysql": {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": STATEMENT_SECONDS,
        "write_timeout": STATEMENT_SECONDS,
        "charset": "utf8mb4",
    },
    "sqlite": {"timeout": CONNECT_SECONDS},
}


@dataclass(frozen=True, slots=True)
class Refund:
    refund_id: str
    amount: Money | None
    at: Instant


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A sale as it goes into the three tables."""

    source: str
    sale: Sale
    refunds: Sequence[Refund]


def refund_of(claim: RefundClaim, at: Instant) -> Refund:
    return Refund(claim.refund_id, claim.amount, at)


def address(text: str) -> tuple[str, str]:
    """A database's URL without its password, and the password. Raises UserError with what to change."""
    try:
        found = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise _wrong_options(
            phrase("It looks like postgresql://user@host/name, mysql://user@host/name or sqlite:///file.")
        ) from None
    backend = found.get_backend_name()
    if backend not in _DRIVERS or not found.database:
        raise _wrong_options(
            phrase("ShopWatch writes into PostgreSQL, MySQL, MariaDB and SQLite, into a database that is named.")
        )
    if backend == "sqlite" and not Path(found.database).is_absolute():
        raise _wrong_options(phrase("The file needs its whole path, such as sqlite:////home/me/shop.db."))
    secret = {name for name in found.query if name.casefold() in _SECRET}
    given = [found.password, *(each for name in _PASSWORD for each in found.normalized_query.get(name, ()))]
    password = next((each for each in given if each), "")
    query = {name: value for name, value in found.query.items() if name not in secret}
    bare = URL.create(_DRIVERS[backend], found.username, None, found.host, found.port, found.database, query)
    return bare.render_as_string(hide_password=False), str(password)


class Store:
    """One database. Its methods block, each within a minute; they raise `Outage` where trying again may help, and
    `UserError` where something must be changed first."""

    def __init__(self, url: str, password: str, ledger: Path | None = None) -> None:
        bare, given = address(url)
        parsed = make_url(bare)
        if ledger is not None and parsed.database and parsed.get_backend_name() == "sqlite":
            same = Path(parsed.database).resolve() == ledger.resolve()
            if same:
                raise _wrong_options(phrase("This is ShopWatch’s own file. Choose another one."))
        known = password or given
        self._url: URL = parsed.set(password=known) if known else parsed

    def check(self, *, create: bool) -> None:
        """Connect, and see that the three tables are there; with `create`, make those that are not."""

        def look(connection: Connection) -> None:
            if create:
                metadata.create_all(connection)
            there = set(inspect(connection).get_table_names())
            missing = [table.name for table in metadata.sorted_tables if table.name not in there]
            if missing:
                raise UserError(
                    phrase("The table {table} is not there.", table=missing[0]),
                    phrase("Let ShopWatch make it, or make it yourself."),
                    code="database-table",
                )
            for table in metadata.sorted_tables:
                connection.execute(select(table).limit(1))

        self._run_within(look)

    def write(self, written: WrittenRow) -> None:
        """Put the sale as it is now in place of what is there under its order; the same twice changes nothing."""
        key = {"source": written.source[:80], "order_id": written.sale.order_id[:LONGEST_KEY]}

        def put(connection: Connection) -> None:
            _put_rows(connection, sales, key, _sale_row(written.sale))
            for table, rows in ((items, _item_rows(written.sale)), (refunds, _refund_rows(written.refunds))):
                connection.execute(delete(table).where(*_is_kind(table, key)))
                if rows:
                    connection.execute(insert(table), [key | each for each in rows])

        self._run_within(put)

    def _run_within(self, work: Callable[[Connection], None]) -> None:
        backend = self._url.get_backend_name()
        patience = _PATIENCE["mysql" if backend == "mariadb" else backend]
        try:
            engine = create_engine(self._url, poolclass=NullPool, connect_args=dict(patience))
            with engine.begin() as connection:
                work(connection)
        except UserError:
            raise
        except (NoSuchModuleError, ModuleNotFoundError):
            raise _wrong_options(phrase("The library for this kind of database is not installed.")) from None
        except (SQLAlchemyError, OSError) as failure:
            raise _told_error(failure) from failure


def _put_rows(connection: Connection, table: Table, key: Mapping[str, str], row: Mapping[str, Any]) -> None:
    """One row of this key, with these values."""
    change = update(table).where(*_is_kind(table, key)).values(row)
    if connection.execute(change).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values({**key, **row}))
    except IntegrityError:
        # A worker that was killed may have had its say only now. If it was not that, the owner's own rule refuses it.
        if not connection.execute(change).rowcount:
            raise


def _is_kind(table: Table, key: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple(table.c[name] == value for name, value in key.items())


def _sale_row(sale: Sale) -> dict[str, Any]:
    return {
        "number": sale.number[:LONGEST_TEXT],
        "state": sale.state.value,
        "amount": _to_decimal(sale.amount),
        "currency": sale.amount.currency if sale.amount else "",
        "given_back": _to_decimal(sale.given_back),
        "name": sale.name[:LONGEST_TEXT],
        "email": sale.email[:LONGEST_TEXT],
        "paid_at": _to_time(sale.paid_at),
        "practice": sale.practice,
        "live": sale.live,
    }


def _item_rows(sale: Sale) -> list[dict[str, Any]]:
    return [
        {
            "line": place,
            "name": item.name[:LONGEST_TEXT],
            "quantity": min(item.qty, 2**31 - 1),
            "unit_price": _to_decimal(item.unit),
        }
        for place, item in enumerate(sale.items, 1)
    ]


def _refund_rows(given: Sequence[Refund]) -> list[dict[str, Any]]:
    # Of several messages about one refund the last one tells it best.
    newest = {refund.refund_id[:LONGEST_KEY]: refund for refund in sorted(given, key=lambda each: each.at)}
    return [
        {
            "refund_id": refund_id,
            "amount": _to_decimal(refund.amount),
            "currency": refund.amount.currency if refund.amount else "",
            "given_at": _to_time(refund.at),
        }
        for refund_id, refund in newest.items()
    ]


def _to_decimal(money: Money | None) -> Decimal | None:
    return money.decimal if money is not None else None


def _to_time(at: Instant) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).replace(tzinfo=None)


def _told_error(failure: Exception) -> UserError:
    cause = failure.orig if isinstance(failure, DBAPIError) else failure
    words = legible(hide(str(cause)), 200)
    if isinstance(failure, OperationalError | InterfaceError | OSError):
        return Outage(
            phrase("Your database cannot be reached, or does not let ShopWatch in."), words=words, code="database-away"
        )
    code = "database-refused" if isinstance(failure, DatabaseError) else "database-failed"
    return UserError(phrase("Your database refused this."), words=words, code=code)


def _wrong_options(why: str | Phrase) -> UserError:
    return UserError(phrase("This address of a database does not work."), why, code="database-address")
