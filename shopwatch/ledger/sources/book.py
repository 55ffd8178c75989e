"""The sources in the ledger."""

import secrets

import msgspec
from sqlalchemy import Connection, case, func, insert, select, update

from shopwatch.domain.instant import Instant
from shopwatch.domain.source import Source
from shopwatch.ledger.database import Database
from shopwatch.ledger.schema import heads, sources
from shopwatch.ledger.sources import practice
from shopwatch.ledger.sources.numbers import no_such_source
from shopwatch.ledger.text_keys import storable

_PATH_BYTES = 18
"""144 random bits, 24 characters in an address."""


class SourceBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._touched: object | None = None
        self._stamp = 0

    async def all(self) -> tuple[Source, ...]:
        """Those there are, in the order they were added."""
        return await self._database.read(_read_sources)

    async def stamp(self) -> int:
        """A number that grows with every change to the sources, also by another process. Cheap to ask."""
        touched = self._database.store.touched()
        if touched is None or touched != self._touched:
            self._stamp = await self._database.read(_read_stamp)
            self._touched = touched
        return self._stamp

    async def add(self, provider: str, name: str, options: dict[str, str] | None = None) -> Source:
        """A new source, with an address path that nobody can guess; its id is never given out again."""
        at = self._database.clock()
        return await self._database.write(lambda connection: _add_source(connection, provider, name, options or {}, at))

    async def remove(self, source_id: str) -> None:
        """Its address answers no more; its sales stay. Raises `UserError` if there is none of this id."""
        at = self._database.clock()
        await self._database.write(lambda connection: _change_source(connection, source_id, removed_at=at))

    async def set_options(self, source_id: str, options: dict[str, str]) -> None:
        """Replace all options of this source. Raises `UserError` if there is none of this id."""
        kept = {storable(key): storable(value) for key, value in options.items()}
        written = msgspec.json.encode(kept).decode()
        await self._database.write(lambda connection: _change_source(connection, source_id, options=written))

    async def touch_secrets(self, source_id: str) -> None:
        """Let every process know that this source's secrets have changed. Raises `UserError` if there is none."""
        at = self._database.clock()
        later = sources.c.secrets_changed_at + 1
        value = case((later < at, at), else_=later)
        await self._database.write(lambda connection: _change_source(connection, source_id, secrets_changed_at=value))

    async def issue_practice(self, source_id: str, count: int) -> tuple[str, ...]:
        """`count` nonces, each good for one practice delivery to this source within 10 minutes."""
        numbers, at = self._database.numbers, self._database.clock()
        return await self._database.write(
            lambda connection: practice.issue(connection, numbers.of(connection, source_id)[0], count, at)
        )


def _read_sources(connection: Connection) -> tuple[Source, ...]:
    rows = connection.execute(select(sources).where(sources.c.removed_at.is_(None)).order_by(sources.c.no))
    return tuple(
        Source(
            id=row.id,
            provider=row.provider,
            name=row.name,
            path=row.path,
            created_at=row.created_at,
            options=msgspec.json.decode(row.options, type=dict[str, str]),
            secrets_changed_at=row.secrets_changed_at,
        )
        for row in rows
    )


def _read_stamp(connection: Connection) -> int:
    return int(connection.execute(select(heads.c.sources)).scalar_one())


def _add_source(connection: Connection, provider: str, name: str, options: dict[str, str], at: Instant) -> Source:
    no = (connection.execute(select(func.max(sources.c.no))).scalar() or 0) + 1
    source = Source(
        id=f"{provider}-{no}",
        provider=provider,
        name=storable(name),
        path=f"/in/{provider}/{secrets.token_urlsafe(_PATH_BYTES)}",
        created_at=at,
        options={storable(key): storable(value) for key, value in options.items()},
    )
    connection.execute(
        insert(sources).values(
            no=no,
            id=source.id,
            provider=provider,
            name=source.name,
            path=source.path,
            options=msgspec.json.encode(source.options).decode(),
            created_at=at,
            secrets_changed_at=0,
        )
    )
    _bump_stamp(connection)
    return source


def _change_source(connection: Connection, source_id: str, **values: object) -> None:
    changed = connection.execute(
        update(sources).where(sources.c.id == source_id, sources.c.removed_at.is_(None)).values(**values)
    )
    if not changed.rowcount:
        raise no_such_source()
    _bump_stamp(connection)


def _bump_stamp(connection: Connection) -> None:
    connection.execute(update(heads).values(sources=heads.c.sources + 1))
