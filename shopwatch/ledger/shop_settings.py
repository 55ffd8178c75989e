"""Settings that are the shop's and not one computer's: all computers that share the ledger obey them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Column, Connection, Table, delete, insert, select, update

from shopwatch.domain.instant import Instant
from shopwatch.ledger.columns import NUMBER, STRING
from shopwatch.ledger.database import Database
from shopwatch.ledger.schema import heads, metadata

shop_settings = Table(
    "shop_settings",
    metadata,
    Column("name", STRING, primary_key=True),
    Column("value", STRING, nullable=False),
    Column("changed_at", NUMBER, nullable=False),
)
"""`value` is JSON. A setting that nobody has changed yet is not there."""

_KEY = "shared_key"


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """The JSON text of each setting that was changed, by its name; `stamp` grows with every change."""

    stamp: int
    values: Mapping[str, str]


class ShopSettingsBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stamp(self) -> int:
        """See `ShopSettings`."""
        return await self._database.read(_read_stamp)

    async def read(self) -> ShopSettings:
        return await self._database.read(_read_all)

    async def write(self, values: Mapping[str, str]) -> ShopSettings:
        """Keep these, and tell what all of them are then."""
        return await self._database.write(partial(_write, values=dict(values), at=self._database.clock()))

    async def shared_key(self) -> str:
        """Random characters that all who share the ledger know, and nobody else."""
        return await self._database.write(partial(_share_key, made=secrets.token_urlsafe(32)))


def _share_key(connection: Connection, made: str) -> str:
    held = connection.execute(select(shop_settings.c.value).where(shop_settings.c.name == _KEY)).scalar()
    if held is not None:
        return str(held)
    connection.execute(insert(shop_settings).values(name=_KEY, value=made, changed_at=0))
    return made


def _read_stamp(connection: Connection) -> int:
    return int(connection.execute(select(heads.c.settings)).scalar_one())


def _read_all(connection: Connection) -> ShopSettings:
    query = select(shop_settings.c.name, shop_settings.c.value).where(shop_settings.c.name != _KEY)
    rows = connection.execute(query)
    return ShopSettings(_read_stamp(connection), {row.name: row.value for row in rows})


def _write(connection: Connection, values: dict[str, str], at: Instant) -> ShopSettings:
    connection.execute(delete(shop_settings).where(shop_settings.c.name.in_(values)))
    connection.execute(
        insert(shop_settings), [{"name": name, "value": value, "changed_at": at} for name, value in values.items()]
    )
    connection.execute(update(heads).values(settings=heads.c.settings + 1))
    return _read_all(connection)
