"""What events tell that is no money: written with its event, and read back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, delete, select

from shopwatch.domain.facts import HappeningRow, HappeningsKept
from shopwatch.domain.i18n import Phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import (
    Answered,
    ChangedFile,
    CheckIn,
    Contact,
    FileChange,
    Happening,
    Media,
    Notice,
    TextMessage,
)
from shopwatch.ledger import codec
from shopwatch.ledger.engine.ports import Dialect, Row
from shopwatch.ledger.people.identity import Mention, meet
from shopwatch.ledger.people.tables import check_ins, contacts, file_changes, messages, moments, notices
from shopwatch.ledger.sources.numbers import SourceNumbers

TABLES: dict[type[Happening], Table] = {
    Contact: contacts,
    TextMessage: messages,
    FileChange: file_changes,
    CheckIn: check_ins,
    Notice: notices,
}
"""Each table has the event's number, then a column for each field, in the fields' order."""

_LISTS: dict[str, Any] = {
    "fields": tuple[Answered, ...],
    "media": tuple[Media, ...],
    "accounts": tuple[str, ...],
    "files": tuple[ChangedFile, ...],
}
_readers = {name: msgspec.json.Decoder(kind).decode for name, kind in _LISTS.items()}
_encode = msgspec.json.Encoder().encode
_PHRASE = "\x1f"
"""It begins a text that is a phrase of ours, and no other."""
_read_phrase = msgspec.json.Decoder(Phrase).decode


@dataclass(frozen=True, slots=True)
class NewHappening:
    """An event that is new; `number` is its row's."""

    number: int
    source_id: str
    provider: str
    event: Event
    practice: bool
    received_at: Instant


def is_happening(event: Event) -> bool:
    """Whether there is something for these tables in it."""
    return event.happening is not None and not event.unreadable


def write(dialect: Dialect, connection: Connection, told: Sequence[NewHappening]) -> HappeningsKept:
    """Write down what these events tell, and whom it is about."""
    kept = [(each, codec.clean(each.event.happening)) for each in told if each.event.happening is not None]
    lines: dict[Table, list[Row]] = {}
    for each, happening in kept:
        lines.setdefault(TABLES[type(happening)], []).append((each.number, *_columns_of(happening)))
    for table, some in lines.items():
        dialect.insert(connection, table, some)
    met = meet(dialect, connection, [_mention_of(each, happening) for each, happening in kept])
    rows = tuple(
        HappeningRow(
            each.number,
            each.source_id,
            each.provider,
            happening,
            person,
            _happened_at(each),
            each.received_at,
            each.practice,
            each.event.live,
        )
        for (each, happening), person in zip(kept, met.people, strict=True)
    )
    return HappeningsKept(rows, met.merged)


def read(connection: Connection, events: Iterable[int]) -> dict[int, Happening]:
    """What these events tell, as far as it is in these tables."""
    wanted = list(events)
    found: dict[int, Happening] = {}
    for kind, table in TABLES.items():
        for row in connection.execute(select(table).where(table.c.event.in_(wanted))):
            found[row.event] = kind(**{name: _from_column(name, row) for name in kind.__struct_fields__})
    return found


def rows_of(connection: Connection, numbers: SourceNumbers, told: Sequence[Any]) -> dict[int, HappeningRow]:
    """What these rows of `events` tell, and whom it is about."""
    if not told:
        return {}
    ids = [event.id for event in told]
    kept = read(connection, ids)
    about = {row.event: row for row in connection.execute(select(moments).where(moments.c.event.in_(ids)))}
    return {
        event.id: HappeningRow(
            event.id,
            (source := numbers.id_of(connection, event.source)),
            numbers.of(connection, source)[1],
            kept[event.id],
            about[event.id].person if event.id in about else None,
            min(event.occurred_at, event.received_at),
            event.received_at,
            event.practice,
            event.live,
            event.kind == Kind.SILENCE,
        )
        for event in told
        if event.id in kept
    }


def erase(connection: Connection, events: Sequence[int]) -> None:
    """Let go of what these events tell; that they came stays known."""
    for table in TABLES.values():
        connection.execute(delete(table).where(table.c.event.in_(events)))


def _columns_of(happening: Happening) -> Row:
    values = (getattr(happening, name) for name in happening.__struct_fields__)
    return tuple(_to_column(value) for value in values)


def _to_column(value: Any) -> Any:
    if isinstance(value, Phrase):
        return _PHRASE + _encode(value).decode()
    if isinstance(value, str):
        return value.lstrip(_PHRASE)
    return _encode(value) if isinstance(value, tuple) else value


def _from_column(name: str, row: Any) -> Any:
    value = getattr(row, name)
    if isinstance(value, str) and value.startswith(_PHRASE):
        return _read_phrase(value.removeprefix(_PHRASE))
    return _readers[name](value) if name in _readers else value


def _mention_of(told: NewHappening, happening: Happening) -> Mention:
    return Mention(
        practice=told.practice,
        kind=told.event.kind,
        at=_happened_at(told),
        events=(told.number,),
        name=getattr(happening, "name", ""),
        email=getattr(happening, "email", ""),
        phone=getattr(happening, "phone", ""),
    )


def _happened_at(told: NewHappening) -> Instant:
    # A sender whose clock is ahead would otherwise stay the newest for ever.
    return codec.whole(min(told.event.occurred_at, told.received_at))
