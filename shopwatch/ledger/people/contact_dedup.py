"""Contacts that are told of more than once: by a message, by what fills it in, and by a list."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from shopwatch.domain.messages.event import FILLS_IN, LISTED, Event
from shopwatch.domain.messages.happening import Contact
from shopwatch.ledger.people.tables import contacts
from shopwatch.ledger.schema import events

_MOST = 50


@dataclass(frozen=True, slots=True)
class Before:
    """`events` are the numbers of those that told of the same contact the same thing, or a part of it; `less`: none of
    them told as much as the one that is told now."""

    events: tuple[int, ...] = ()
    less: bool = False


def told_before(connection: Connection, source: int, number: int, event: Event, *, practice: bool) -> Before:
    """What was told before `number` of the contact that `event` is about.

    A message tells something new, unless it is older than a list that told it already. A list tells something new where
    it says otherwise than what was said last.
    """
    contact = event.happening
    if not isinstance(contact, Contact) or not contact.contact_id:
        return Before()
    about = (
        select(events.c.id, events.c.key, events.c.received_at, contacts.c.name, contacts.c.email, contacts.c.phone)
        .join(contacts, contacts.c.event == events.c.id)
        .where(contacts.c.contact_id == contact.contact_id, events.c.id < number)
        .where(events.c.source == source, events.c.practice == practice)
        .order_by(events.c.id.desc())
        .limit(_MOST)
    )
    rows = list(connection.execute(about))
    if event.id.startswith(FILLS_IN):
        first = event.id.removeprefix(FILLS_IN).encode("utf-8", "surrogatepass")
        rows = [row for row in rows if row.key == first or _is_listed(row)]
    elif event.id.startswith(LISTED):
        rows = rows[:1]
    else:
        rows = [row for row in rows if _is_listed(row) and row.received_at >= event.occurred_at]
    rows = [row for row in rows if _do_agree(row, contact)]
    return Before(tuple(row.id for row in rows), all(_says_less(row, contact) for row in rows))


def _is_listed(row: Any) -> bool:
    return bool(row.key.startswith(LISTED.encode()))


def _do_agree(row: Any, contact: Contact) -> bool:
    """Whether neither says otherwise than the other, as far as both say something."""
    return all(one == other or not one or not other for one, other in _told_pairs(row, contact))


def _says_less(row: Any, contact: Contact) -> bool:
    return any(other and not one for one, other in _told_pairs(row, contact))


def _told_pairs(row: Any, contact: Contact) -> tuple[tuple[str, str], ...]:
    return (row.name, contact.name), (row.email, contact.email), (row.phone, contact.phone)
