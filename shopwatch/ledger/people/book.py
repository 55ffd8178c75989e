"""People read back: pages of them, and one with a time line."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import JobsChanged, PersonForgotten, SaleChange, SalesChanged
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.sales.money import Money
from shopwatch.ledger.database import Database
from shopwatch.ledger.people import customers, forgetting, happenings
from shopwatch.ledger.people.identity import is_email
from shopwatch.ledger.people.phones import typed_digits
from shopwatch.ledger.people.query import PeopleCursor, PeoplePage, PersonDetail, PersonMoment, PersonRow
from shopwatch.ledger.people.tables import moments, people, people_heads, person_keys, person_words
from shopwatch.ledger.sales.reading import read_seen, sale_row
from shopwatch.ledger.schema import events, sales
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.text_keys import words

MOST_OCCASIONS = 200
"""Events that one time line is made of."""

_LAST = chr(0x10FFFF)
"""Sorts behind every character that a word can go on with."""
# Halves that are added apart: a sum of many large amounts would pass what a database's integer holds.
_HALF = 1_000_000


_country = select(people_heads.c.country)


class PeopleBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_country(self, country: str) -> None:
        """Take phone numbers that name no country for those of this one (ISO 3166, two letters), for ever: an answer of
        before is kept."""
        if not await self._database.read(lambda connection: connection.execute(_country).scalar_one()):
            await self._database.write(partial(_set_country, country=country))

    async def page(self, search: str = "", after: PeopleCursor | None = None, limit: int = 100) -> PeoplePage:
        """The next `limit` people that follow `after`, those last heard of first.

        `search` matches names and e-mail addresses by the beginnings of words, and any four digits of a phone number.
        """
        await self._meet_customers()
        return await self._database.read(lambda connection: _read_page(connection, search, after, limit))

    async def get(self, person_id: int) -> PersonDetail | None:
        """One person with their time line; None if there is none of this id, or they have proved to be another."""
        await self._meet_customers()
        return await self._database.read(lambda connection: _read_person(connection, self._database.numbers, person_id))

    async def forget(self, person_id: int) -> bool:
        """Remove who this person is from everything that is kept, raw messages and free room of the file included.

        Their sales stay, nameless, and are told as `SalesChanged`. False if the free room is overwritten only when the
        ledger closes, because the file is large and nothing could be stored meanwhile. Raises `Outage`, and `UserError`
        if there is no such person. Copies made earlier stay as they are.
        """
        changes = None
        while changes is None:  # what comes in meanwhile may tell another address of theirs
            changes = await self._forget_person(person_id)
        database = self._database
        if changes:
            database.tell(SalesChanged(changes))
        database.tell(JobsChanged())
        database.tell(PersonForgotten(person_id))
        return await database.writer.run(lambda connection: forgetting.sweep(database.store, connection), begins=False)

    async def _forget_person(self, person_id: int) -> tuple[SaleChange, ...] | None:
        dialect, numbers = self._database.dialect, self._database.numbers
        mentioned = await self._database.read(lambda connection: forgetting.mentioning(connection, person_id))
        return await self._database.write(
            lambda connection: forgetting.forget(dialect, connection, numbers, person_id, mentioned)
        )

    async def _meet_customers(self) -> None:
        # While nothing can be written, those already known can still be looked at.
        with suppress(Outage):
            database = self._database
            if await database.read(customers.are_due):
                while await database.write(lambda connection: customers.meet_some(database.dialect, connection)):
                    pass


def _read_page(connection: Connection, search: str, after: PeopleCursor | None, limit: int) -> PeoplePage:
    query = select(people).where(*_matching_people(search)).order_by(people.c.last_at.desc(), people.c.id.desc())
    if after is not None:
        older = people.c.last_at < after.last_at
        query = query.where(or_(older, and_(people.c.last_at == after.last_at, people.c.id < after.id)))
    rows = connection.execute(query.limit(limit + 1)).all()
    shown = _read_rows(connection, rows[:limit])
    more = len(rows) > limit > 0
    return PeoplePage(shown, PeopleCursor(shown[-1].last_at, shown[-1].id) if more else None)


def _read_person(connection: Connection, numbers: SourceNumbers, person_id: int) -> PersonDetail | None:
    found = connection.execute(select(people).where(people.c.id == person_id)).one_or_none()
    if found is None:
        return None
    (row,) = _read_rows(connection, [found])
    occasions = _read_moments(connection, numbers, person_id)
    told = connection.execute(select(func.count()).where(moments.c.person == person_id)).scalar_one()
    companies = (each.happening.company for each in occasions if isinstance(each.happening, Contact))
    return PersonDetail(
        row=row,
        company=next((company for company in companies if company), ""),
        occasions=occasions,
        earlier=max(0, told - MOST_OCCASIONS),
    )


def _set_country(connection: Connection, country: str) -> None:
    connection.execute(update(people_heads).where(people_heads.c.country == "").values(country=country))


def _matching_people(search: str) -> list[ColumnElement[bool]]:
    """The longest word is looked up, the others are tested on whom it finds."""
    if digits := typed_digits(search):
        found = or_(*map(_begins_with, dict.fromkeys(digits)))
        return [people.c.id.in_(select(person_words.c.person).where(found))]
    asked = sorted(words((search,)), key=len, reverse=True)
    if not asked:
        return []
    first = select(person_words.c.person).where(_begins_with(asked[0]))
    others = [exists().where(person_words.c.person == people.c.id, _begins_with(word)) for word in asked[1:]]
    return [people.c.id.in_(first), *others]


def _begins_with(word: str) -> ColumnElement[bool]:
    return and_(person_words.c.word >= word, person_words.c.word < word + _LAST)


def _read_rows(connection: Connection, found: Sequence[Any]) -> tuple[PersonRow, ...]:
    ids = [row.id for row in found]
    keys: defaultdict[int, list[Any]] = defaultdict(list)
    told = select(person_keys).where(person_keys.c.person.in_(ids)).order_by(person_keys.c.told_at.desc())
    for key in connection.execute(told):
        keys[key.person].append(key)
    orders, totals = _read_orders(connection, ids)
    return tuple(
        PersonRow(
            id=row.id,
            name=row.name,
            emails=tuple(each.shown for each in keys[row.id] if is_email(each.key)),
            phones=tuple(each.shown for each in keys[row.id] if not is_email(each.key)),
            first_at=row.first_at,
            last_at=row.last_at,
            last_kind=Kind(row.last_kind),
            orders=orders[row.id],
            totals=tuple(totals[row.id]),
            practice=row.practice,
        )
        for row in found
    )


def _read_orders(
    connection: Connection, ids: Sequence[int]
) -> tuple[defaultdict[int, int], defaultdict[int, list[Money]]]:
    """How many sales these people have, and what was kept of them."""
    theirs = (
        select(moments.c.person, events.c.sale)
        .join(events, events.c.id == moments.c.event)
        .where(moments.c.person.in_(ids), events.c.sale.is_not(None))
        .distinct()
        .subquery()
    )
    query = (
        select(
            theirs.c.person,
            sales.c.currency,
            func.count().label("number"),
            func.count(sales.c.kept).label("counted"),
            func.sum(sales.c.kept // _HALF).label("high"),
            func.sum(sales.c.kept % _HALF).label("low"),
        )
        .join(sales, sales.c.id == theirs.c.sale)
        .group_by(theirs.c.person, sales.c.currency)
        .order_by(func.count(sales.c.kept).desc(), sales.c.currency)
    )
    orders: defaultdict[int, int] = defaultdict(int)
    totals: defaultdict[int, list[Money]] = defaultdict(list)
    for row in connection.execute(query):
        orders[row.person] += row.number
        if row.counted:
            totals[row.person].append(Money(int(row.high) * _HALF + int(row.low), row.currency))
    return orders, totals


def _read_moments(connection: Connection, numbers: SourceNumbers, person_id: int) -> tuple[PersonMoment, ...]:
    columns = (events.c.id, events.c.source, events.c.practice, events.c.live, events.c.sale, moments.c.at)
    newest = moments.c.at.desc(), moments.c.event.desc()
    told = connection.execute(
        select(*columns)
        .join(moments, moments.c.event == events.c.id)
        .where(moments.c.person == person_id)
        .order_by(*newest)
        .limit(MOST_OCCASIONS)
    ).all()
    first: dict[int, int] = {}
    for row in told:
        if row.sale is not None:
            first[row.sale] = min(row.id, first.get(row.sale, row.id))
    found = [*_read_sales(connection, numbers, first)]
    happened = happenings.read(connection, [row.id for row in told if row.sale is None])
    for row in told:
        if row.id in happened:
            source = numbers.id_of(connection, row.source)
            provider = numbers.of(connection, source)[1]
            found.append(PersonMoment(row.id, row.at, source, provider, None, happened[row.id], row.practice, row.live))
    return tuple(sorted(found, key=lambda each: (each.at, each.event), reverse=True))


def _read_sales(connection: Connection, numbers: SourceNumbers, first: dict[int, int]) -> list[PersonMoment]:
    seen = read_seen(connection)
    found = []
    for row in connection.execute(select(sales).where(sales.c.id.in_(list(first)))):
        sale = sale_row(row, numbers.id_of(connection, row.source), seen)
        found.append(
            PersonMoment(first[row.id], row.paid_at, sale.source_id, row.provider, sale, None, row.practice, row.live)
        )
    return found
