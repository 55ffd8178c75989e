"""Secrets that all receivers of a shop share, sealed: the ledger cannot open them, nor can its copies."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, delete, insert, select

from shopwatch.domain.instant import Instant
from shopwatch.ledger.columns import NUMBER, STRING
from shopwatch.ledger.database import Database
from shopwatch.ledger.schema import metadata

sealing_keys = Table(
    "sealing_keys",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("public", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("made_at", NUMBER, nullable=False),
)
"""The public half of the key to which items are sealed, and what its passphrase, if it has one, is salted with."""

sealed_items = Table(
    "sealed_items",
    metadata,
    Column("name", STRING, primary_key=True),
    Column("key", Integer, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("changed_at", NUMBER, nullable=False),
)


@dataclass(frozen=True, slots=True)
class SealingKey:
    """What everybody may know of a key: its number, its public half, and the salt of its passphrase."""

    no: int
    public: bytes
    salt: bytes


class SealedItemsBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def key(self) -> SealingKey | None:
        """The key to which items are sealed now; None before the first one."""
        return await self._database.read(_read_key)

    async def begin(self, public: bytes, salt: bytes) -> SealingKey:
        """Seal to this key from now on, unless there is one already; the one that it is."""
        return await self._database.write(partial(_begin, public=public, salt=salt, at=self._database.clock()))

    async def get(self, name: str) -> bytes | None:
        return await self._database.read(partial(_read_item, name=name))

    async def put(self, name: str, value: bytes, key: int) -> None:
        """Keep an item, sealed to the key of this number."""
        await self._database.write(partial(_put, name=name, value=value, key=key, at=self._database.clock()))

    async def drop(self, name: str) -> None:
        """Forget an item, if there is one."""
        await self._database.write(partial(_drop, name=name))


def _read_key(connection: Connection) -> SealingKey | None:
    row = connection.execute(select(sealing_keys).order_by(sealing_keys.c.no.desc()).limit(1)).one_or_none()
    return None if row is None else SealingKey(row.no, row.public, row.salt)


def _begin(connection: Connection, public: bytes, salt: bytes, at: Instant) -> SealingKey:
    known = _read_key(connection)
    if known is None:
        connection.execute(insert(sealing_keys).values(no=1, public=public, salt=salt, made_at=at))
        known = SealingKey(1, public, salt)
    return known


def _read_item(connection: Connection, name: str) -> bytes | None:
    return connection.execute(select(sealed_items.c.value).where(sealed_items.c.name == name)).scalar()


def _put(connection: Connection, name: str, value: bytes, key: int, at: Instant) -> None:
    _drop(connection, name)
    connection.execute(insert(sealed_items).values(name=name, key=key, value=value, changed_at=at))


def _drop(connection: Connection, name: str) -> None:
    connection.execute(delete(sealed_items).where(sealed_items.c.name == name))
