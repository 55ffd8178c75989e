"""The sources in the ledger, and the short numbers by which rows name them."""

import secrets

import msgspec
from sqlalchemy import Connection, case, func, insert, select, update

from shopwatch.domain.clock import Instant
from shopwatch.domain.errors import UserError
from shopwatch.domain.source import Source
from shopwatch.domain.words import say
from shopwatch.ledger.letters import storable
from shopwatch.ledger.schema import heads, sources

_PATH_BYTES = 18
"""144 random bits, 24 characters in an address."""


class SourceNumbers:
    """Number and provider of each source that ever was. They never change, so an entry once read stays true."""

    def __init__(self) -> None:
        self._by_id: dict[str, tuple[int, str]] = {}
        self._by_no: dict[int, str] = {}

    def of(self, connection: Connection, source_id: str) -> tuple[int, str]:
        """(number, provider). Raises `UserError` if there never was such a source."""
        found = self._by_id.get(source_id)
        if found is None:
            self.refresh(connection)
            found = self._by_id.get(source_id)
        if found is None:
            raise no_such_source()
        return found

    def id_of(self, connection: Connection, no: int) -> str:
        if no not in self._by_no:
            self.refresh(connection)
        return self._by_no[no]

    def refresh(self, connection: Connection) -> None:
        rows = connection.execute(select(sources.c.no, sources.c.id, sources.c.provider)).all()
        self._by_no = {row.no: row.id for row in rows}
        self._by_id = {row.id: (row.no, row.provider) for row in rows}


def no_such_source() -> UserError:
    return UserError(say("There is no such source."), say("“source list” shows those there are."), code="no-source")


def read_sources(connection: Connection) -> tuple[Source, ...]:
    """Those that were not removed, in the order they were added."""
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


def read_stamp(connection: Connection) -> int:
    """A number that grows with every change to the sources, by whatever process."""
    return int(connection.execute(select(heads.c.sources)).scalar_one())


def add_source(connection: Connection, provider: str, name: str, options: dict[str, str], at: Instant) -> Source:
    """A new source with an unguessable path; ids are never given out again."""
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
    _bump(connection)
    return source


def remove_source(connection: Connection, source_id: str, at: Instant) -> None:
    """Its address answers no more; its sales stay. Raises `UserError` if there is none of this id."""
    _change(connection, source_id, removed_at=at)


def set_options(connection: Connection, source_id: str, options: dict[str, str]) -> None:
    """Replace all its options. Raises `UserError` if there is none of this id."""
    kept = {storable(key): storable(value) for key, value in options.items()}
    _change(connection, source_id, options=msgspec.json.encode(kept).decode())


def touch_secrets(connection: Connection, source_id: str, at: Instant) -> None:
    """Note that its secrets changed. Raises `UserError` if there is none of this id."""
    later = sources.c.secrets_changed_at + 1
    _change(connection, source_id, secrets_changed_at=case((later < at, at), else_=later))


def _change(connection: Connection, source_id: str, **values: object) -> None:
    changed = connection.execute(
        update(sources).where(sources.c.id == source_id, sources.c.removed_at.is_(None)).values(**values)
    )
    if not changed.rowcount:
        raise no_such_source()
    _bump(connection)


def _bump(connection: Connection) -> None:
    connection.execute(update(heads).values(sources=heads.c.sources + 1))
