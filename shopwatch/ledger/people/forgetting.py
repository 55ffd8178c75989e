"""Forgetting a person: what is known of them goes, what they paid stays."""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import batched
from typing import Any
from urllib.parse import unquote_to_bytes

from msgspec import structs
from sqlalchemy import Connection, bindparam, delete, or_, select, update

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Change, Outcome, SaleChange
from shopwatch.domain.i18n import phrase, say
from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.report import kept, report
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.ledger import codec
from shopwatch.ledger.engine.ports import Dialect, Store
from shopwatch.ledger.outbox.tables import jobs
from shopwatch.ledger.people import customers, happenings
from shopwatch.ledger.people.identity import is_email
from shopwatch.ledger.people.phones import dialled, spellings
from shopwatch.ledger.people.tables import moments, people, people_heads, person_keys, person_words
from shopwatch.ledger.sales.reading import read_seen, sale_row
from shopwatch.ledger.schema import deliveries, events, heads, not_accepted, sales
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.text_keys import name_key, words

_MOST_AT_ONCE = 500
_FEWEST_DIGITS = 7
"""Shorter numbers stand in messages of others by chance."""
_SEPARATORS = b" \t\n\r\v\f\x1c\x1d\x1e\x1f().-/+"
"""What may stand between two digits of a phone number, as far as it is ASCII."""
_ESCAPED = re.compile(r"\\(?<!\\\\)\\*+(?:u([0-9a-fA-F]{4})|[bfnrt])")
"""An escape in a JSON text, or in one that is itself within a JSON text. It begins with the first of its backslashes,
so that of a million of them each is looked at once."""
_SWEPT_AT_ONCE = 128 * 2**20
"""Bytes of a file that is swept in about a second, while messages wait."""

_log = logging.getLogger(__name__)

_change_claim = update(events).where(events.c.id == bindparam("b_id")).values(claim=bindparam("claim"))
_change_sale = (
    update(sales)
    .where(sales.c.id == bindparam("b_id"))
    .values(name=bindparam("name"), email="", customer_key=bindparam("customer_key"), words=bindparam("words"))
)
_blank = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("b_id"))
    .values(url=bindparam("url"), detail="", headers=codec.write_headers(Headers()), body=None)
)


class Marks:
    """The e-mail addresses and phone numbers of one person, to be found in raw messages of a shop of `country`."""

    def __init__(self, keys: Iterable[str], country: str = "") -> None:
        self._emails: list[tuple[str, re.Pattern[str]]] = []
        self._phones: list[tuple[bytes, re.Pattern[str]]] = []
        for key in keys:
            if is_email(key):
                # Only letters of ASCII count as part of a longer address: some scripts have no space before one.
                self._emails.append((key, re.compile(r"(?<![\w.-])" + re.escape(key) + r"(?![\w-])", re.ASCII)))
            elif len(key.removeprefix("+")) >= _FEWEST_DIGITS:
                ending, pattern = spellings(key, country)
                self._phones.append((ending.encode(), re.compile(pattern)))

    def are_in(self, *raw: bytes) -> bool:
        """Whether one of them is in one of these: in whatever case, in each spelling that makes the same key, also
        percent-encoded and with JSON's escapes."""
        told = b"\n".join(raw)
        if self._find_marks("\n".join(map(_blank_text, raw))):
            return True
        return b"%" in told and self._find_marks("\n".join(_blank_text(unquote_to_bytes(each)) for each in raw))

    def _find_marks(self, text: str) -> bool:
        plain = _ESCAPED.sub(_unescape_text, text).casefold() if "\\" in text else text.casefold()
        if any(key in plain and pattern.search(plain) for key, pattern in self._emails):
            return True
        if not self._phones:
            return False
        plain = dialled(plain)
        # Whatever stands between the digits is not there in this, so that nearly nothing is searched in earnest.
        dense = plain.encode("ascii", "ignore").translate(None, _SEPARATORS)
        return any(digits in dense and pattern.search(plain) for digits, pattern in self._phones)


def _blank_text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return f"{raw.decode(errors='replace')}\n{raw.decode('latin-1')}"


def _unescape_text(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else " "


@dataclass(frozen=True, slots=True)
class Mentioned:
    """The deliveries, up to the `last` there was, whose raw messages hold one of `keys`."""

    keys: frozenset[str]
    last: int
    ids: frozenset[int]


def mentioning(connection: Connection, person_id: int) -> Mentioned:
    """Where an e-mail address or phone number of this person is in a raw message; reads all there are."""
    keys = _search_keys(connection, person_id)
    last = connection.execute(select(heads.c.delivery)).scalar_one()
    return Mentioned(keys, last, _rows_holding(connection, keys))


def forget(
    dialect: Dialect, connection: Connection, numbers: SourceNumbers, person_id: int, mentioned: Mentioned
) -> tuple[SaleChange, ...] | None:
    """Remove all that tells who this person is, also from the raw messages in `mentioned` and those that came after it;
    give their sales as they are now. None, and nothing is removed, where they have come to be known by more than what
    was looked for.

    Raises `UserError` if there is no such person.
    """
    while customers.meet_some(dialect, connection):
        pass
    if connection.execute(select(people.c.id).where(people.c.id == person_id)).one_or_none() is None:
        raise no_such_person()
    if not _search_keys(connection, person_id) <= mentioned.keys:
        return None
    theirs = list(connection.execute(select(moments.c.event).where(moments.c.person == person_id)).scalars())
    for some in batched(theirs, _MOST_AT_ONCE):
        _forget_claims(connection, some)
        happenings.erase(connection, some)
        _forget_jobs(connection, some)
    late = _rows_holding(connection, mentioned.keys, mentioned.last)
    _blank_messages(connection, {*theirs, *mentioned.ids, *late, *_forget_repeats(connection, theirs)})
    changed = tuple(_forget_sales(dialect, connection, numbers, theirs))
    for table in (moments, person_keys, person_words):
        connection.execute(delete(table).where(table.c.person == person_id))
    connection.execute(delete(people).where(people.c.id == person_id))
    connection.execute(update(people_heads).values(traces=True))
    return changed


def sweep(store: Store, connection: Connection, most: int | None = _SWEPT_AT_ONCE) -> bool:
    """Overwrite what was forgotten wherever the file still holds it in free room, unless that has more than `most`
    bytes. Not within a transaction."""
    if not store.sweep(connection, most):
        return False
    with connection.begin():
        connection.execute(update(people_heads).values(traces=False))
    return True


def sweep_rest(store: Store) -> None:
    """Overwrite what could not be when it was forgotten, now that the ledger closes. Never raises."""
    try:
        # Asked without the lock of who writes: nearly always there is nothing to do, and others may be writing.
        with closing(store.reader()) as connection, connection.begin():
            due = connection.execute(select(people_heads.c.traces)).scalar_one()
        if due:
            with closing(store.writer()) as connection:
                sweep(store, connection, None)
    except Exception as error:
        # A full disk or another reader: it is tried again at the next end.
        _log.warning("what was forgotten could not be overwritten: %s", store.translate(error) or error)


def no_such_person() -> UserError:
    return UserError(
        say("This person is not in the list any more."),
        say("They were forgotten, or have proved to be somebody else in it."),
        code="no-person",
    )


def _search_keys(connection: Connection, person_id: int) -> frozenset[str]:
    return frozenset(connection.execute(select(person_keys.c.key).where(person_keys.c.person == person_id)).scalars())


def _rows_holding(connection: Connection, keys: Iterable[str], after: int = 0) -> frozenset[int]:
    """The deliveries after this one whose raw messages hold one of `keys`."""
    marks = Marks(keys, connection.execute(select(people_heads.c.country)).scalar_one())
    columns = (deliveries.c.id, deliveries.c.url, deliveries.c.detail, deliveries.c.headers, deliveries.c.body)
    rows = connection.execute(
        select(*columns).where(deliveries.c.id > after), execution_options={"yield_per": _MOST_AT_ONCE}
    )
    return frozenset(
        row.id
        for row in rows
        if marks.are_in(row.body or b"", _marked_values(row.headers), row.url.encode(), row.detail.encode())
    )


def _marked_values(headers: bytes) -> bytes:
    return b"\n".join(value for _, value in codec.headers_of(headers).lines)


def _forget_claims(connection: Connection, some: Sequence[int]) -> None:
    name = codec.FORGOTTEN.text
    changes = []
    told = select(events.c.id, events.c.claim).where(events.c.id.in_(some), events.c.claim.is_not(None))
    for row in connection.execute(told):
        claim, links = codec.claim_of(row.claim)
        if isinstance(claim, SaleClaim):
            _, _, written = codec.clean_claim(structs.replace(claim, name=name, email=""), links)
            changes.append({"b_id": row.id, "claim": written})
    if changes:
        connection.execute(_change_claim, changes)
    # Otherwise the provider would be asked for them once more.
    connection.execute(update(events).where(events.c.id.in_(some)).values(needs_fetch=""))


def _forget_jobs(connection: Connection, some: Sequence[int]) -> None:
    """Whom a job went to is forgotten, and what is not sent yet is not sent any more."""
    theirs = jobs.c.event.in_(some)
    unsent = jobs.c.state.in_([JobState.WAITING, JobState.HELD])
    connection.execute(update(jobs).where(theirs).values(told="", result=""))
    connection.execute(update(jobs).where(theirs, unsent).values(state=JobState.CANCELLED))
    # Its worker, which has the address still, writes down nothing of a job that was given up on.
    known = kept(report("forgotten", phrase("The customer was forgotten while this was on its way.")))
    on_its_way = jobs.c.state == JobState.SENDING
    connection.execute(update(jobs).where(theirs, on_its_way).values(state=JobState.UNCERTAIN, result=known))


def _forget_sales(
    dialect: Dialect, connection: Connection, numbers: SourceNumbers, theirs: Sequence[int]
) -> Iterator[SaleChange]:
    name = codec.FORGOTTEN.text
    seen = read_seen(connection)
    ids: set[int] = set()
    for some in batched(theirs, _MOST_AT_ONCE):
        found = select(events.c.sale).where(events.c.id.in_(some), events.c.sale.is_not(None))
        ids.update(connection.execute(found).scalars())
    for some in batched(sorted(ids), _MOST_AT_ONCE):
        rows = connection.execute(select(sales).where(sales.c.id.in_(some))).all()
        new = {row.id: _marked_words(row, name) for row in rows}
        dialect.drop_words(connection, [(row.id, row.words) for row in rows], for_ever=True)
        dialect.add_words(connection, list(new.items()))
        connection.execute(
            _change_sale,
            [{"b_id": row.id, "name": name, "customer_key": name_key(name), "words": new[row.id]} for row in rows],
        )
        for row in connection.execute(select(sales).where(sales.c.id.in_(some)).order_by(sales.c.id)):
            yield SaleChange(sale_row(row, numbers.id_of(connection, row.source), seen), Change.UPDATED)


def _marked_words(row: Any, name: str) -> str:
    items = codec.items_of(row.items)
    found_by = words((row.number, row.order_id, name, *[item.name for item in items]))
    return "".join(f" {word}" for word in found_by)


def _forget_repeats(connection: Connection, theirs: Sequence[int]) -> set[int]:
    known = set(theirs)
    again = select(deliveries.c.id, deliveries.c.event).where(
        not_accepted, or_(deliveries.c.outcome == Outcome.REPEAT.value, deliveries.c.event.is_not(None))
    )
    return {row.id for row in connection.execute(again) if row.event in known}


def _blank_messages(connection: Connection, ids: Iterable[int]) -> None:
    for some in batched(sorted(ids), _MOST_AT_ONCE):
        rows = connection.execute(select(deliveries.c.id, deliveries.c.url).where(deliveries.c.id.in_(some)))
        changes = [{"b_id": row.id, "url": row.url.partition("?")[0]} for row in rows]
        if changes:
            connection.execute(_blank, changes)
