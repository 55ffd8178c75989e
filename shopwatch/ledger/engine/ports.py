"""What the ledger needs of a database."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, Table

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Clock, Instant

type Row = tuple[Any, ...]


class Dialect(Protocol):
    """SQL that every database product says in a way of its own. Has no state; may be handed to other threads."""

    def insert(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """Insert many rows, each with a value for every column, in the columns' order."""

    def add(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """The same, but where there is a row with this primary key already, its other columns grow by these values.

        The same key may come more than once.
        """

    def lookup(
        self, connection: Connection, table: Table, fixed: Row, values: Sequence[Any]
    ) -> Iterable[tuple[Any, Any]]:
        """(value, answer) of the rows of `events` or `sale_names` with this source, practice and any of `values`."""

    def create_search(self, connection: Connection) -> None:
        """Make the index over `sales.words`."""

    def add_words(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """Let these sales be found by these words."""

    def drop_words(self, connection: Connection, rows: Sequence[tuple[int, str]], *, for_ever: bool = False) -> None:
        """Forget these sales' words; they must be exactly those that were added. `for_ever`: out of the file too."""

    def matching(self, words: Sequence[str], *, whole: bool = False) -> Select[tuple[int]]:
        """Ids of the sales that have, for each of `words`, a word that begins with it, or with `whole`, is it."""

    def has_words(self, words: Sequence[str]) -> ColumnElement[bool]:
        """The same, as a test of one row of `sales`."""

    def now(self, connection: Connection, clock: Clock) -> Instant:
        """What time it is to all computers that share the database; `clock` is this one's."""

    def rebuild_search(self, connection: Connection) -> None:
        """Make the index over `sales.words` hold just what is there now."""

    def text_under(self, column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
        """The text that the JSON object in this column has under `name`, empty if it has none."""

    def unindexed(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The column's value as an expression that no index serves."""


class StoreFile(Protocol):
    """A database that is a file of this computer."""

    def backup(self, target: Path) -> None:
        """Copy the whole database, as of now, to a file that does not exist yet. Raises `UserError`."""


class Store(Protocol):
    """One database: how it is reached, made, trusted and kept in order."""

    @property
    def dialect(self) -> Dialect:
        """The SQL of this product."""

    @property
    def file(self) -> StoreFile | None:
        """What can be done with its file; None if a server keeps it."""

    def writer(self) -> Connection:
        """A new connection whose transactions come one after the other, whoever writes. Raises `Outage`."""

    def mover(self) -> Connection:
        """As `writer`, for what takes minutes."""

    def reader(self) -> Connection:
        """A new connection that only reads and never waits for the writer. Raises `Outage`."""

    def prepare(self, backups: Path) -> None:
        """Make the database if it is absent, check that it can be trusted, and bring it to the newest schema.

        Raises `UserError` where it must not be used, and then has not touched it.
        """

    def secure(self, connection: Connection) -> None:
        """Have on disk whatever an earlier connection may have written, and could not sync. Raises as a commit does."""

    def relieve(self, connection: Connection, size: int) -> None:
        """What the writer does between two transactions, having committed about `size` bytes, so that reading stays
        quick and the disk is not filled."""

    def sweep(self, connection: Connection, most: int | None = None) -> bool:
        """Give up for good what was deleted: overwrite all room that is free. Nobody else may read meanwhile.

        Not within a transaction, and takes as long as copying the database. True once it is done; False where it is
        not, because somebody reads, or because there are more than `most` bytes.
        """

    def touched(self) -> object | None:
        """Another value after every commit of whatever process, told without asking the database; None while that
        cannot be told.
        """

    def durability(self, connection: Connection) -> dict[str, str]:
        """The settings that decide whether a commit survives a power loss, read back."""

    def integrity(self, connection: Connection) -> bool:
        """Whether the database is sound, by its own full check."""

    def translate(self, error: Exception) -> UserError | None:
        """The owner's sentence for an error of this database; None for a mistake of ours."""

    def lead(self) -> bool:
        """Whether this process is the only one of all that share the database to do what one alone may do: from now
        on, if no other is. Never raises; on one thread at a time."""

    def resign(self) -> None:
        """Let another be it."""

    def close(self) -> None:
        """Give back what is held for all connections."""
