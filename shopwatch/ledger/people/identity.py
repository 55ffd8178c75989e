"""People: one for each e-mail address or phone number, over all sources."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.people.phones import phone_ends, phone_key
from shopwatch.ledger.people.tables import moments, people, people_heads, person_keys, person_words
from shopwatch.ledger.text_keys import email_key, words

LONGEST_NAME = 400
_LONGEST_PHONE = 40
_MOST_AT_ONCE = 500

_change_person = (
    update(people)
    .where(people.c.id == bindparam("b_id"))
    .values(
        name=bindparam("name"),
        named_at=bindparam("named_at"),
        first_at=bindparam("first_at"),
        last_at=bindparam("last_at"),
        last_kind=bindparam("last_kind"),
    )
)
_change_key = (
    update(person_keys)
    .where(person_keys.c.practice == bindparam("b_practice"), person_keys.c.key == bindparam("b_key"))
    .values(shown=bindparam("shown"), told_at=bindparam("told_at"))
)


@dataclass(frozen=True, slots=True)
class Mention:
    """What one event, or one sale, says of a person; `events` are the numbers of those that tell it."""

    practice: bool
    kind: Kind
    at: Instant
    events: tuple[int, ...]
    name: str = ""
    email: str = ""
    phone: str = ""

    def keys(self, country: str) -> Iterator[tuple[str, str]]:
        """E-mail address and phone number: as compared in a shop of this country, and as told."""
        if key := email_key(self.email):
            yield key, self.email.strip()
        if key := phone_key(self.phone, country):
            yield key, key if any(char.isalpha() for char in self.phone) else self.phone.strip()[:_LONGEST_PHONE]


@dataclass(slots=True, eq=False)
class _Person:
    id: int
    practice: bool
    is_new: bool
    name: str
    named_at: Instant
    first_at: Instant
    last_at: Instant
    last_kind: str
    found_anew: bool = False
    """The words by which they are found have changed."""
    merged_into: "_Person | None" = None

    def final(self) -> "_Person":
        """Whom this one has proved to be, or themselves."""
        person = self
        while person.merged_into is not None:
            person = person.merged_into
        return person

    def hear(self, name: str, kind: str, first_at: Instant, last_at: Instant, named_at: Instant) -> None:
        if name and (not self.name or named_at >= self.named_at):
            self.found_anew = self.found_anew or name != self.name
            self.name, self.named_at = name, named_at
        self.first_at = min(self.first_at, first_at)
        if last_at >= self.last_at:
            self.last_at, self.last_kind = last_at, kind


@dataclass(slots=True, eq=False)
class _Key:
    person: _Person
    shown: str
    told_at: Instant
    is_new: bool
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Met:
    """`people` are the ids for the mentions, None where one names neither e-mail nor phone; `merged` are the people who
    have proved to be others."""

    people: tuple[int | None, ...] = ()
    merged: tuple[int, ...] = ()


def meet(dialect: Dialect, connection: Connection, mentions: Sequence[Mention], *, again: bool = False) -> Met:
    """Find or make the person of each mention, and note what it says of them.

    People whom one mention proves to be the same become one. With `again`, the events may have been assigned before.
    """
    return _Meeting(dialect, connection).meet(mentions, again=again) if mentions else Met()


class _Meeting:
    def __init__(self, dialect: Dialect, connection: Connection) -> None:
        self._dialect = dialect
        self._connection = connection
        self._keys: dict[tuple[bool, str], _Key] = {}
        self._people: dict[int, _Person] = {}
        self._gone: list[_Person] = []
        self._last = 0

    def meet(self, mentions: Sequence[Mention], *, again: bool) -> Met:
        last, country = self._connection.execute(select(people_heads.c.person, people_heads.c.country)).one()
        named = [(mention, list(mention.keys(country))) for mention in mentions]
        if any(keys for _, keys in named):
            self._last = last
            self._load_known({(mention.practice, key) for mention, keys in named for key, _ in keys})
            met = [self._hear_mention(mention, keys) if keys else None for mention, keys in named]
            self._write_changes()
            if self._last != last:
                self._connection.execute(update(people_heads).values(person=self._last))
        else:
            met = [None] * len(named)
        ids = [None if person is None else person.final().id for person in met]
        self._assign_person(mentions, ids, again=again)
        return Met(tuple(ids), tuple(person.id for person in self._gone))

    def _load_known(self, asked: set[tuple[bool, str]]) -> None:
        rows: list[Any] = []
        for practice in (False, True):
            keys = [key for worker, key in asked if worker == practice]
            for some in batched(keys, _MOST_AT_ONCE):
                where = (person_keys.c.practice == practice, person_keys.c.key.in_(some))
                rows.extend(self._connection.execute(select(person_keys).where(*where)))
        for some in batched({row.person for row in rows}, _MOST_AT_ONCE):
            for row in self._connection.execute(select(people).where(people.c.id.in_(some))):
                self._people[row.id] = _new_person(row)
        for row in rows:
            self._keys[row.practice, row.key] = _Key(self._people[row.person], row.shown, row.told_at, is_new=False)

    def _hear_mention(self, mention: Mention, keys: Sequence[tuple[str, str]]) -> _Person:
        person: _Person | None = None
        for key, _ in keys:
            known = self._keys.get((mention.practice, key))
            if known is None:
                continue
            other = known.person.final()
            person = other if person is None or person is other else self._merge_people(person, other)
        if person is None:
            self._last += 1
            at, kind = mention.at, mention.kind.value
            person = _Person(self._last, mention.practice, True, "", at, at, at, kind, found_anew=True)
            self._people[person.id] = person
        person.hear(mention.name[:LONGEST_NAME].strip(), mention.kind.value, mention.at, mention.at, mention.at)
        for key, shown in keys:
            self._note_person(person, mention, key, shown)
        return person

    def _note_person(self, person: _Person, mention: Mention, key: str, shown: str) -> None:
        known = self._keys.get((mention.practice, key))
        if known is None:
            self._keys[mention.practice, key] = _Key(person, shown, mention.at, is_new=True)
            person.found_anew = True
        elif mention.at >= known.told_at:
            known.is_changed = known.is_changed or (known.shown, known.told_at) != (shown, mention.at)
            known.shown, known.told_at = shown, mention.at

    def _merge_people(self, one: _Person, other: _Person) -> _Person:
        keep, gone = (one, other) if one.id < other.id else (other, one)
        gone.merged_into = keep
        keep.hear(gone.name, gone.last_kind, gone.first_at, gone.last_at, gone.named_at)
        keep.found_anew = True
        if not gone.is_new:
            self._gone.append(gone)
        return keep

    def _write_changes(self) -> None:
        connection = self._connection
        for gone in self._gone:
            into = gone.final().id
            connection.execute(update(person_keys).where(person_keys.c.person == gone.id).values(person=into))
            connection.execute(update(moments).where(moments.c.person == gone.id).values(person=into))
            connection.execute(delete(person_words).where(person_words.c.person == gone.id))
            connection.execute(delete(people).where(people.c.id == gone.id))
        self._write_keys()
        standing = [person for person in self._people.values() if person.merged_into is None]
        self._dialect.insert(connection, people, [_columns_of(person) for person in standing if person.is_new])
        changed = [person for person in standing if not person.is_new]
        if changed:
            connection.execute(_change_person, [_changed_columns(person) for person in changed])
        self._write_words([person for person in standing if person.found_anew])

    def _write_keys(self) -> None:
        fresh, changed = [], []
        for (practice, key), known in self._keys.items():
            if known.is_new:
                fresh.append((practice, key, known.person.final().id, known.shown, known.told_at))
            elif known.is_changed:
                changed.append({"b_practice": practice, "b_key": key, "shown": known.shown, "told_at": known.told_at})
        self._dialect.insert(self._connection, person_keys, fresh)
        if changed:
            self._connection.execute(_change_key, changed)

    def _write_words(self, found_anew: Sequence[_Person]) -> None:
        keys: dict[int, list[str]] = {person.id: [] for person in found_anew}
        for some in batched(keys, _MOST_AT_ONCE):
            if old := [each for each in some if not self._people[each].is_new]:
                self._connection.execute(delete(person_words).where(person_words.c.person.in_(old)))
            found = select(person_keys.c.person, person_keys.c.key).where(person_keys.c.person.in_(some))
            for row in self._connection.execute(found):
                keys[row.person].append(row.key)
        rows = [(word, person.id) for person in found_anew for word in _found_by(person.name, keys[person.id])]
        self._dialect.insert(self._connection, person_words, rows)

    def _assign_person(self, mentions: Sequence[Mention], ids: Sequence[int | None], *, again: bool) -> None:
        if again:
            told = [event for mention in mentions for event in mention.events]
            for some in batched(told, _MOST_AT_ONCE):
                self._connection.execute(delete(moments).where(moments.c.event.in_(some)))
        rows = [
            (event, person, mention.at)
            for mention, person in zip(mentions, ids, strict=True)
            if person is not None
            for event in mention.events
        ]
        self._dialect.insert(self._connection, moments, rows)


def _new_person(row: Any) -> _Person:
    return _Person(row.id, row.practice, False, row.name, row.named_at, row.first_at, row.last_at, row.last_kind)


def _columns_of(person: _Person) -> tuple[Any, ...]:
    return (person.id, person.practice, person.name, person.named_at, person.first_at, person.last_at, person.last_kind)


def _changed_columns(person: _Person) -> dict[str, Any]:
    return {
        "b_id": person.id,
        "name": person.name,
        "named_at": person.named_at,
        "first_at": person.first_at,
        "last_at": person.last_at,
        "last_kind": person.last_kind,
    }


def _found_by(name: str, keys: Iterable[str]) -> list[str]:
    emails = [key for key in keys if is_email(key)]
    ends = [end for key in keys if not is_email(key) for end in phone_ends(key)]
    return list(dict.fromkeys((*words((name, *emails)), *ends)))


def is_email(key: str) -> bool:
    """Whether this key of a person is an e-mail address; else it is a phone number."""
    return "@" in key
