"""What a described sender's form is made of, and what it understands of a message, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact, Notice, TextMessage
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim
from shopwatch.presenting.amounts import money_text
from shopwatch.providers.described.description import Places

_MARKS = {
    "jwt": ("jwt",),
    "token": ("token_in", "token_name", "token_scheme"),
    "hmac": (
        "signature_header",
        "signature_prefix",
        "signed",
        "algorithm",
        "encoding",
        "key",
        "timestamp_header",
        "timestamp_unit",
        "tolerance",
    ),
}
_KINDS = ("sales", "refunds", "contacts", "messages", "notices")
_TYPES = ("type", "type_header", *_KINDS, "before")
_MONEY = ("order", "number", "refund", "amount", "refunded", "amount_in", "currency")
_ITEMS = ("items", "item_name", "item_qty", "item_price")
_WHO = ("name", "email", "phone", "company", "text")
_REST = ("batch", "id", "id_header", "time", "test")
_TRIED = ("tried_by", "answer")
_PLACES = frozenset(each.name for each in fields(Places))
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Section:
    """Some options below a heading."""

    title: str
    keys: tuple[str, ...]


def sections() -> tuple[Section, ...]:
    """All options of a described sender, in the order in which they are asked for."""
    return (
        Section(say("Is it really them?"), ("method", *_MARKS["token"], *_MARKS["hmac"], *_MARKS["jwt"])),
        Section(say("What its messages are"), _TYPES),
        Section(say("Sales and refunds"), (*_MONEY, *_ITEMS)),
        Section(say("Who it is about"), _WHO),
        Section(say("The message itself"), _REST),
        Section(say("When it tries the address"), _TRIED),
    )


def wanted(values: Mapping[str, str]) -> frozenset[str]:
    """Which options matter once these are chosen."""
    keys = {"method", *_TYPES, *_WHO, *_REST, "tried_by", *_MARKS.get(values.get("method", ""), ())}
    if values.get("sales") or values.get("refunds"):
        keys |= {*_MONEY, *_ITEMS}
    if not values.get("refunds"):
        keys -= {"refund", "refunded"}
    if values.get("token_in", "header") != "header":
        keys.discard("token_scheme")
    if values.get("tried_by") in ("get", "both"):
        keys.add("answer")
    return frozenset(keys)


def is_place(key: str) -> bool:
    """Whether this option names a place in the message."""
    return key in _PLACES


def understood(events: Sequence[Event], locale: str) -> Iterator[tuple[str, str]]:
    """What ShopWatch makes of a message, each with its name, of several events the first; of none that it makes nothing
    of it."""
    if not events:
        yield say("Message"), say("ShopWatch could not use it: its number is too long or cannot be written.")
        return
    event = events[0]
    if len(events) > 1:
        yield say("Events"), say("{n}; the first one:", n=len(events))
    yield say("It is"), _kind(event)
    if event.unreadable:
        yield say("Not understood"), say(event.unreadable)
    for name, value in _told(event, locale):
        if value:
            yield name, legible(value, _LONGEST)


def _kind(event: Event) -> str:
    live = "" if event.live else say(" (a test of the sender’s)")
    match event.kind:
        case Kind.SALE:
            return say("A sale") + live
        case Kind.REFUND:
            return say("A refund") + live
        case Kind.CONTACT:
            return say("A contact") + live
        case Kind.MESSAGE:
            return say("A text message") + live
        case Kind.NOTICE:
            return say("A notice") + live
        case _:
            return say("Nothing to book; it is kept in the Inbox")


def _told(event: Event, locale: str) -> Iterator[tuple[str, str]]:
    yield say("Type"), event.type
    yield say("Number of the message"), event.id
    match event.claim:
        case SaleClaim() as sale:
            yield say("Order"), sale.number or sale.order_id
            yield say("Amount"), money_text(sale.amount, locale) if sale.amount else _unsure(sale.amount_text)
            yield say("Name"), sale.name
            yield say("E-mail"), sale.email
            yield say("Items"), ", ".join(f"{item.qty} × {item.name}" for item in sale.items)
        case RefundClaim() as refund:
            yield say("Order"), refund.order_id
            name = say("Given back so far") if refund.cumulative else say("Amount")
            yield name, money_text(refund.amount, locale) if refund.amount else _unsure(refund.amount_text)
    match event.happening:
        case Contact() as contact:
            yield say("Name"), contact.name
            yield say("E-mail"), contact.email
            yield say("Phone"), contact.phone
            yield say("Company"), contact.company
        case TextMessage() as text:
            yield say("Phone"), text.phone
            yield say("Words"), text.text
        case Notice() as notice:
            yield say("Title"), str(notice.title)
            yield say("Words"), str(notice.text)


def _unsure(sent: str) -> str:
    if sent:
        return say("“{amount}”: not sure, so it is left out of totals", amount=legible(sent, 60))
    return say("None found")
