"""The door to endpoints: where each provider sends its messages, and the public address that it has."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Integer, Table, delete, insert, select

from shopwatch.domain.connection.endpoint import Endpoint, Registered
from shopwatch.domain.facts import EndpointsChanged
from shopwatch.ledger.columns import NUMBER, STRING
from shopwatch.ledger.database import Database
from shopwatch.ledger.schema import metadata, sources
from shopwatch.ledger.text_keys import storable

endpoints = Table(
    "endpoints",
    metadata,
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("endpoint", STRING, nullable=False),
    Column("made_at", NUMBER, nullable=False),
    Column("checked_at", NUMBER, nullable=False),
    Column("confirmed_at", NUMBER, nullable=False),
    Column("old", STRING),
    Column("problem", STRING, nullable=False),
    Column("begun", STRING, nullable=False),
    Column("since", NUMBER, nullable=False, server_default="0"),
)

addresses = Table(
    "addresses",
    metadata,
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("base", STRING, nullable=False),
)

_read = msgspec.json.Decoder(Endpoint).decode


class EndpointBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away, and then nothing changes.

    `registered` and `addresses`, by source id, are what was last read or written here; `tell` hears `EndpointsChanged`
    after each change of them. Of removed sources nothing is told.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._registered: dict[str, Registered] = {}
        self._addresses: dict[str, str] = {}
        self._bases: tuple[str, ...] = ()
        self._writes = 0

    @property
    def registered(self) -> Mapping[str, Registered]:
        """The endpoints that are known."""
        return MappingProxyType(self._registered)

    @property
    def addresses(self) -> Mapping[str, str]:
        """The public address, without a source's own path, that each provider has as far as anybody has said."""
        return MappingProxyType(self._addresses)

    @property
    def bases(self) -> tuple[str, ...]:
        """Every public address that some provider may send to."""
        return self._bases

    async def refresh(self, source_id: str = "") -> frozenset[str]:
        """Read what other processes have written, too, of this source or of all; of which there is something else."""
        while True:
            writes = self._writes
            registered, told = await self._database.read(_read_all)
            if writes == self._writes:
                break
        changed = _differing_columns(self._registered, registered) | _differing_columns(self._addresses, told)
        if source_id:
            changed &= {source_id}
        for each in changed:
            _take_over(self._registered, registered, each)
            _take_over(self._addresses, told, each)
        self._tell_change(changed)
        return frozenset(changed)

    async def note(self, registered: Registered, base: str | None = None) -> None:
        """Keep how an endpoint is known now, and with `base` the address that its provider has by it."""
        kept = _clean_text(registered)
        await self._database.write(lambda connection: self._write_endpoint(connection, kept, base))
        self._note_endpoint(kept, base)

    async def note_found(self, registered: Registered, base: str) -> None:
        """The same, but nothing where another process has noted something by now."""
        kept = _clean_text(registered)

        def note(connection: Connection) -> bool:
            source, _ = self._database.numbers.of(connection, kept.source_id)
            if connection.execute(select(endpoints.c.source).where(endpoints.c.source == source)).first() is not None:
                return False
            self._write_endpoint(connection, kept, base)
            return True

        if await self._database.write(note):
            self._note_endpoint(kept, base)

    async def forget(self, source_id: str) -> None:
        """This source has no endpoint that is known."""
        await self._database.write(lambda connection: self._forget_endpoint(connection, source_id))
        self._writes += 1
        if self._registered.pop(source_id, None) is not None:
            self._tell_change({source_id})

    async def note_address(self, source_ids: Collection[str], base: str) -> None:
        """The providers of these sources have this public address."""
        await self._database.write(lambda connection: self._write_addresses(connection, source_ids, base))
        self._writes += 1
        changed = {each for each in source_ids if self._addresses.get(each) != base}
        self._addresses |= dict.fromkeys(source_ids, base)
        self._tell_change(changed)

    def _note_endpoint(self, kept: Registered, base: str | None) -> None:
        self._writes += 1
        self._registered[kept.source_id] = kept
        if base is not None:
            self._addresses[kept.source_id] = base
        self._tell_change({kept.source_id})

    def _tell_change(self, source_ids: Collection[str]) -> None:
        olds = (each.old.url.rpartition("/in/")[0] for each in self._registered.values() if each.old is not None)
        self._bases = tuple(sorted({*self._addresses.values(), *olds} - {""}))
        if source_ids:
            self._database.tell(EndpointsChanged(tuple(sorted(source_ids))))

    def _write_endpoint(self, connection: Connection, registered: Registered, base: str | None) -> None:
        self._forget_endpoint(connection, registered.source_id)
        connection.execute(
            insert(endpoints).values(
                source=self._database.numbers.of(connection, registered.source_id)[0],
                endpoint=_written_columns(registered.endpoint),
                made_at=registered.made_at,
                checked_at=registered.checked_at,
                confirmed_at=registered.confirmed_at,
                old=_written_columns(registered.old) if registered.old is not None else None,
                problem=registered.problem,
                begun=registered.begun,
                since=registered.since,
            )
        )
        if base is not None:
            self._write_addresses(connection, (registered.source_id,), base)

    def _forget_endpoint(self, connection: Connection, source_id: str) -> None:
        source, _ = self._database.numbers.of(connection, source_id)
        connection.execute(delete(endpoints).where(endpoints.c.source == source))

    def _write_addresses(self, connection: Connection, source_ids: Collection[str], base: str) -> None:
        for source_id in source_ids:
            source, _ = self._database.numbers.of(connection, source_id)
            connection.execute(delete(addresses).where(addresses.c.source == source))
            connection.execute(insert(addresses).values(source=source, base=base))


def _read_all(connection: Connection) -> tuple[dict[str, Registered], dict[str, str]]:
    there = sources.c.removed_at.is_(None)
    known = select(sources.c.id, endpoints).join(sources, sources.c.no == endpoints.c.source).where(there)
    told = select(sources.c.id, addresses.c.base).join(sources, sources.c.no == addresses.c.source).where(there)
    return (
        {row.id: _read_registered(row) for row in connection.execute(known)},
        {row.id: row.base for row in connection.execute(told)},
    )


def _read_registered(row: Any) -> Registered:
    return Registered(
        source_id=row.id,
        endpoint=_read(row.endpoint),
        made_at=row.made_at,
        checked_at=row.checked_at,
        confirmed_at=row.confirmed_at,
        old=_read(row.old) if row.old is not None else None,
        problem=row.problem,
        begun=row.begun,
        since=row.since,
    )


def _clean_text(registered: Registered) -> Registered:
    old = _clean_endpoint(registered.old) if registered.old is not None else None
    return replace(registered, endpoint=_clean_endpoint(registered.endpoint), old=old)


def _clean_endpoint(endpoint: Endpoint) -> Endpoint:
    lacking = tuple(map(storable, endpoint.lacking))
    return replace(endpoint, id=storable(endpoint.id), url=storable(endpoint.url), lacking=lacking)


def _written_columns(endpoint: Endpoint) -> str:
    return msgspec.json.encode(endpoint).decode()


def _take_over[Value](into: dict[str, Value], found: Mapping[str, Value], key: str) -> None:
    if key in found:
        into[key] = found[key]
    else:
        into.pop(key, None)


def _differing_columns[Value](one: Mapping[str, Value], other: Mapping[str, Value]) -> set[str]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
