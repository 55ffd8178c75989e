"""What the messages of a described sender mean, read from the places that its description names."""

import json
import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from shopwatch.domain.i18n import phrase
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Contact, Happening, TextMessage
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, Item, RefundClaim, SaleClaim
from shopwatch.providers.described.description import Description, Place
from shopwatch.providers.kit.bodies import is_form, json_object, json_or_form
from shopwatch.providers.kit.jwt import claims_in
from shopwatch.providers.kit.notices import in_words, notice
from shopwatch.providers.kit.reading import (
    LONGEST_ANSWER,
    Meaning,
    Message,
    Reader,
    answered,
    ident,
    ids,
    in_decimals,
    in_minor,
    items,
    moment,
    order_of,
    quantity,
    said,
    text,
)
from shopwatch.providers.kit.token import in_form

# How the header of every token begins: {" in base64, then two more parts.
_TOKEN = re.compile(rb"\s*eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.")
_TEST_MARKS = frozenset({"true", "1", "yes", "test", "sandbox"})


def opened(request: Request) -> dict[str, Any]:
    """What the body holds: JSON or a token where it begins like it, whatever its sender calls it, and else what that
    says.

    Raises `Unreadable`.
    """
    if _TOKEN.match(request.body):
        return claims_in(request.body)
    return json_object(request) if _is_json(request) else json_or_form(request)


def _is_json(request: Request) -> bool:
    return request.body[:100].lstrip().startswith(b"{")


def at_place(value: Any, place: Place) -> Any:
    """What stands at `place`, or None if a step of it is not there. Numbers are steps into lists, from 0.

    A form names its fields as it likes, full stops included; such a field is found by its whole name.
    """
    if not place:
        return None
    if isinstance(value, dict) and (whole := ".".join(place)) in value:
        return value[whole]
    for step in place:
        value = _step(value, step)
    return value


def _step(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    index = _index(value, step)
    return None if index is None else value[index]


def _index(value: Any, step: str) -> int | None:
    """Which member of a list is meant, if there is such a one."""
    if not isinstance(value, list) or not step.isascii() or not step.isdigit() or len(step) > 6:
        return None
    return int(step) if int(step) < len(value) else None


def put(body: dict[str, Any], place: Place, value: Any) -> None:
    """Let `value` stand at `place`, making what is not there on the way."""
    if (whole := ".".join(place)) in body:
        body[whole] = value
        return
    inner: Any = body
    for step in place[:-1]:
        if not isinstance(_step(inner, step), dict | list):
            _set(inner, step, {})
        inner = _step(inner, step)
    _set(inner, place[-1], value)


def _set(inner: Any, step: str, value: Any) -> None:
    if isinstance(inner, dict):
        inner[step] = value
    elif (index := _index(inner, step)) is not None:
        inner[index] = value


def with_place(request: Request, place: Place, value: str) -> Request:
    """`request` with `value` at this place of its body; as it is, if its body has no places."""
    if is_form(request) and not _is_json(request):
        return in_form(".".join(place)).place(request, value, {})
    try:
        body = json.loads(request.body)
        if not isinstance(body, dict):
            return request
        put(body, place, value)
        return replace(request, body=json.dumps(body, separators=(",", ":")).encode())
    except (ValueError, RecursionError):
        return request


def event_id(told: Description, *, shared: bool) -> Callable[[Message], str]:
    """Finds the number of a message. `shared`: it is the order's, so each type has one of its own, and so has each sum
    that was given back so far."""

    def find(message: Message) -> str:
        if told.id_header:
            return message.headers.only(told.id_header) or ""
        found = at_place(message.body, told.places.id)
        number = found if isinstance(found, str) else str(found) if type(found) is int else ""
        if not shared or not number:
            return number
        back = said(at_place(message.body, told.places.refunded))
        return f"{message.type}:{number}:{back}" if back else f"{message.type}:{number}"

    return find


def event_type(told: Description) -> Callable[[Message], str]:
    """Finds the type of a message."""

    def find(message: Message) -> str:
        if told.type_header:
            return message.headers.only(told.type_header) or ""
        return said(at_place(message.body, told.places.type))

    return find


def reader(told: Description, kind: Kind) -> Reader:
    """Reads messages of one kind. One whose status is what it was before brings nothing."""
    read = _READERS[kind]

    def understand(message: Message) -> Meaning | None:
        is_news = not message.type or said(at_place(message.body, told.places.before)) != message.type
        return read(told, message) if is_news else None

    return understand


def _sale(told: Description, message: Message) -> Meaning:
    body, places = message.body, told.places
    amount, sent = _amount(told, body, body, places.amount)
    claim = SaleClaim(
        order_id=_order(told, body),
        amount=amount,
        number=text(at_place(body, places.number)),
        name=text(at_place(body, places.name)),
        email=text(at_place(body, places.email)),
        items=items(at_place(body, places.items), lambda line: _item(told, body, line)),
        amount_text=sent,
    )
    return _meaning(told, message, Kind.SALE, claim=claim)


def _item(told: Description, body: dict[str, Any], line: dict[str, Any]) -> Item | None:
    name = text(at_place(line, told.places.item_name))
    price, _ = _amount(told, body, line, told.places.item_price)
    return Item(name, quantity(at_place(line, told.places.item_qty)), price) if name else None


def _refund(told: Description, message: Message) -> Meaning:
    body = message.body
    order = _order(told, body)
    if at_place(body, told.places.refunded) is not None:
        amount, sent = _amount(told, body, body, told.places.refunded)
        claim = RefundClaim(order, amount, order, cumulative=True, amount_text=sent)
        return _meaning(told, message, Kind.REFUND, claim=claim)
    amount, sent = _amount(told, body, body, told.places.amount)
    refund = ident(at_place(body, told.places.refund)) or ident(at_place(body, told.places.id)) or order
    return _meaning(told, message, Kind.REFUND, claim=RefundClaim(order, amount, refund, amount_text=sent))


def _order(told: Description, body: dict[str, Any]) -> str:
    return order_of(at_place(body, told.places.order or told.places.id))


def _amount(told: Description, body: dict[str, Any], holder: dict[str, Any], place: Place) -> tuple[Money | None, str]:
    """The money at `place` of `holder`, or how it was sent, if nobody can be sure of it."""
    read = in_minor if told.minor else in_decimals
    return read(at_place(holder, place), told.currency or at_place(body, told.places.currency))


def _contact(told: Description, message: Message) -> Meaning:
    body, places = message.body, told.places
    email, phone = text(at_place(body, places.email)), text(at_place(body, places.phone))
    happening = Contact(
        contact_id=next(iter(ids(ident(at_place(body, places.id)), email, phone)), ""),
        name=text(at_place(body, places.name)),
        email=email,
        phone=phone,
        company=text(at_place(body, places.company)),
        form=message.type,
        fields=answered(body.items()),
    )
    return _meaning(told, message, Kind.CONTACT, happening=happening)


def _text_message(told: Description, message: Message) -> Meaning:
    body, places = message.body, told.places
    happening = TextMessage(
        message_id=ident(at_place(body, places.id)),
        phone=text(at_place(body, places.phone)),
        text=text(at_place(body, places.text), most=LONGEST_ANSWER),
        name=text(at_place(body, places.name)),
    )
    return _meaning(told, message, Kind.MESSAGE, happening=happening)


def _notice(told: Description, message: Message) -> Meaning:
    body, places = message.body, told.places
    found = notice(
        message,
        in_words(message.type) or phrase("New message"),
        text(at_place(body, places.text)),
        name=text(at_place(body, places.name)),
        email=text(at_place(body, places.email)),
        phone=text(at_place(body, places.phone)),
    )
    return _meaning(told, message, Kind.NOTICE, happening=found.happening)


def _meaning(
    told: Description, message: Message, kind: Kind, *, claim: Claim | None = None, happening: Happening | None = None
) -> Meaning:
    at = moment({"at": at_place(message.body, told.places.time)}, "at", otherwise=message.at)
    live = said(at_place(message.body, told.places.test)).lower() not in _TEST_MARKS
    return Meaning(kind, claim, at, happening=happening, live=live)


_READERS: dict[Kind, Callable[[Description, Message], Meaning]] = {
    Kind.SALE: _sale,
    Kind.REFUND: _refund,
    Kind.CONTACT: _contact,
    Kind.MESSAGE: _text_message,
    Kind.NOTICE: _notice,
}
