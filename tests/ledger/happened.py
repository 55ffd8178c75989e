"""Contacts, texts and the like, as providers would have told them."""

from shopwatch.domain.instant import MINUTE, Instant
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
from shopwatch.domain.messages.verdict import Accepted
from tests.ledger.arrivals import NOON, Arrival, delivery

KINDS: dict[type[Happening], Kind] = {
    Contact: Kind.CONTACT,
    TextMessage: Kind.MESSAGE,
    FileChange: Kind.FILES,
    CheckIn: Kind.CHECK_IN,
    Notice: Kind.NOTICE,
}

CONTACT = Contact(
    "c-1",
    "Maya Lindqvist",
    "maya@example.com",
    "+1 555 010 2030",
    "Lindqvist & Co",
    "Ask us",
    "created",
    (Answered("Your wish", "Peonies"), Answered("", "")),
)
TEXT = TextMessage("SM1", "+15550102030", "+15550100000", "Is the shop open?", media=(Media("https://x.example/1"),))
FILES = FileChange(("dbid:1",), (ChangedFile("/a.pdf", 12, NOON), ChangedFile("/b.pdf", removed=True)))
CHECK_IN = CheckIn("ci-1", "Riverside", "Ben Carter", "ben@example.com", remark="Lovely")
NOTICE = Notice("A backup has ended", "All of it", "Nora", "nora@example.com")


def happened(
    source_id: str,
    event_id: str,
    happening: Happening,
    *,
    at: Instant = NOON,
    arrived: Instant | None = None,
    body: bytes = b"{}",
    nonce: str | None = None,
) -> Arrival:
    kind = KINDS[type(happening)]
    event = Event(event_id, f"thing.{kind}", kind, at, happening=happening)
    return delivery(source_id, body, at=at + MINUTE if arrived is None else arrived, nonce=nonce), Accepted(event)
