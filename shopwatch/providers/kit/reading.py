"""Reading what a genuine message says: strict about the text, forgiving about what is absent, never guessing."""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from shopwatch.domain.i18n import Phrase, phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Answered, Happening
from shopwatch.domain.sales.money import ISO, LARGEST, Money, currency_code, exponent, from_decimal, from_minor
from shopwatch.domain.sales.sale import Claim, Item, SaleClaim
from shopwatch.domain.source import NO_OPTIONS, Options

DEEPEST = 64
MOST_PARTS = 50_000
"""How many members and elements a message may have, which is more than those of any sender do: one that is nothing but
parts would hold up all else while it is read."""
LONGEST_ID = 255
"""In bytes of UTF-8."""
LONGEST_TEXT = 500
LONGEST_ANSWER = 4_000
"""In characters: what people write in their own words, in a form or a text message."""
MOST_ITEMS = 200
_LONGEST_NUMBER = 4300
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_STEP = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_NESTED = (dict, list)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Outside of these years a time is a slip of the sender, and the message's own time says more.
_FIRST, _LAST = 946_684_800_000, 4_102_444_800_000


class Unreadable(Exception):
    """A genuine message that cannot be understood; its text says why, in one plain sentence as the catalogue has it: it
    is kept, and put into words (`say`) only where it is shown."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why.text)


class Message(Struct, frozen=True):
    """A genuine message: the object in its body, its headers, its type, when it was sent, to which address, and the
    plain settings of the source it came to."""

    body: dict[str, Any]
    headers: Headers
    type: str
    at: Instant
    url: str = ""
    options: Options = NO_OPTIONS


class Meaning(Struct, frozen=True):
    """What one message means for the shop; the fields are those of `Event`."""

    kind: Kind
    claim: Claim | None
    occurred_at: Instant
    happening: Happening | None = None
    links: tuple[str, ...] = ()
    live: bool = True
    needs_fetch: str = ""

    def event(self, event_id: str, event_type: str, unreadable: str = "") -> Event:
        """The event that means this."""
        return Event(
            id=event_id,
            type=event_type,
            kind=self.kind,
            occurred_at=self.occurred_at,
            claim=self.claim,
            happening=self.happening,
            links=self.links,
            live=self.live,
            unreadable=unreadable,
            needs_fetch=self.needs_fetch,
        )

    @property
    def to_book(self) -> "Meaning":
        """What is booked of it: nothing where it is a sale of nothing (a trial, a voucher for all of it), so that the
        payment that may follow tells of the order first."""
        return Meaning(Kind.OTHER, None, self.occurred_at, live=self.live) if _is_free(self.claim) else self


def _is_free(claim: Claim | None) -> bool:
    return isinstance(claim, SaleClaim) and claim.amount is not None and claim.amount.minor == 0


type Told = Meaning | tuple[Meaning, ...] | None
"""What a message means: one thing, several at once (an order first heard of with a refund of it), or nothing to book.

Of several, each is an event of its own: the first by the id of the message, the next by that and its place, ":1", so
the same message must always tell the same things in the same order.
"""

type Reader = Callable[[Message], Told]


def meanings(told: Told) -> tuple[Meaning, ...]:
    """What a reader has told, one by one."""
    return told if isinstance(told, tuple) else () if told is None else (told,)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable(phrase("The message is genuine, but it says one thing in two ways, so it was not counted."))
    return found


def _number(text: str) -> Decimal:
    try:
        if len(text) > _LONGEST_NUMBER or not math.isfinite(float(text)):
            raise _uncountable()
        return Decimal(text)
    except InvalidOperation:
        raise _uncountable() from None


def _no_number(_name: str) -> float:
    raise _uncountable()


def _uncountable() -> Unreadable:
    return Unreadable(phrase("The message is genuine, but it holds a number that nobody can count with."))


_decode = json.JSONDecoder(object_pairs_hook=_once, parse_float=_number, parse_constant=_no_number).decode
_decode_quickly = msgspec.json.Decoder(float_hook=_number).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


def parse(body: bytes, most: int = MOST_PARTS) -> dict[str, Any]:
    """The JSON object in `body`. Raises `Unreadable` for anything else, and as `parse_any` does."""
    return as_object(parse_any(body, most))


def as_object(value: Any) -> dict[str, Any]:
    """`value` if it is an object. Raises `Unreadable` for anything else."""
    if not isinstance(value, dict):
        raise Unreadable(phrase("The message is genuine, but it is not the kind of text ShopWatch reads."))
    return value


def parse_any(body: bytes, most: int = MOST_PARTS) -> Any:
    """The JSON value in `body`, fractions as exact decimals.

    Raises `Unreadable` for what is no JSON, for more than `most` parts, and for what two readers could read in two
    ways: a name said twice, NaN, numbers without bounds, other encodings than UTF-8, nesting deeper than 64.
    """
    if len(body) > most and sum(map(body.count, (b",", b"[", b"{"))) > most:
        raise Unreadable(phrase("The message is genuine, but it has too many parts to be read."))
    try:
        found = _quickly(body)
        if found is None:
            found = _decode(body.decode())
    except UnicodeDecodeError:
        raise Unreadable(
            phrase("The message is genuine, but its letters are garbled, so it could not be read.")
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError:
        raise Unreadable(phrase("The message is genuine, but it is not written in a way ShopWatch can read.")) from None
    except ValueError:
        # What is left of ValueError is an integer with more digits than Python reads.
        raise _uncountable() from None
    if body.count(b"{") + body.count(b"[") > DEEPEST and _is_deep(found):
        raise _too_deep()
    return found


def _quickly(body: bytes) -> Any:
    """What `_decode` makes of it, in half the time; None where that is not certain.

    The quick reader keeps silent about a name said twice. But what it read, written again, is the very message only if
    no member was lost, and most senders write as tightly as that. Of the others' each name is followed by a colon that
    has a quotation mark or white space before it: those must be as many as the members that were read.
    """
    try:
        found = _decode_quickly(body)
        if _encode(found) == body:
            return found
    except (msgspec.DecodeError, UnicodeError, OverflowError, RecursionError):
        return None
    colons = sum(map(body.count, (b'":', b" :", b"\n:", b"\r:", b"\t:")))
    return found if _members(found) == colons else None


def _members(value: Any) -> int:
    count = 0
    inner = [value] if isinstance(value, _NESTED) else []
    for each in inner:  # it grows meanwhile
        if isinstance(each, dict):
            count += len(each)
            inner += [child for child in each.values() if isinstance(child, _NESTED)]
        else:
            inner += [child for child in each if isinstance(child, _NESTED)]
    return count


def _too_deep() -> Unreadable:
    return Unreadable(phrase("The message is genuine, but its parts are nested too deeply to be read."))


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [child for each in level for child in _children(each) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def find(value: Any, *path: str) -> Any:
    """What stands at `path`, or None as soon as a step of it is not there."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def text(value: Any, *path: str, most: int = LONGEST_TEXT) -> str:
    """The words at `path`, cut to `most` characters, free of what stores cannot hold; empty if there are none."""
    for step in path:  # `find` written out: nearly all of a message is read through here
        if not isinstance(value, dict):
            return ""
        value = value.get(step)
    if not isinstance(value, str):
        return ""
    found = value.strip()[:most]
    if found.isascii() and found.isprintable():
        return found
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", found).replace("\0", "\N{SYMBOL FOR NULL}")


def ident(value: Any, *path: str) -> str:
    """The id at `path`, a text or a whole number, as text; empty if there is none that can serve as one."""
    found = find(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str) or len(found) > LONGEST_ID or _CONTROLS.search(found):
        return ""
    return found if found.isascii() or len(found.encode()) <= LONGEST_ID else ""


def order_of(value: Any, *path: str) -> str:
    """The id of the order at `path`. Raises `Unreadable` if there is none, for then there is nothing to book it on."""
    found = ident(value, *path)
    if not found:
        raise Unreadable(phrase("The message is genuine, but it does not say which order it is about."))
    return found


def ids(*found: str) -> tuple[str, ...]:
    """Those that are not empty, each once."""
    return tuple(dict.fromkeys(each for each in found if each))


def api_call(pattern: str, *steps: str) -> str:
    """A call of the provider's API, with `steps` put into `pattern`; empty if one of them is no plain id, for it could
    lead anywhere."""
    return pattern.format(*steps) if all(map(_STEP.fullmatch, steps)) else ""


def moment(value: Any, *paths: str, otherwise: Instant) -> Instant:
    """The first readable time among `paths`: ISO 8601 (UTC where no zone is named), or whole seconds or milliseconds
    since 1970, which their size tells apart."""
    for path in paths:
        found = _instant(find(value, path))
        if found is not None and _FIRST <= found < _LAST:
            return found
    return otherwise


def _instant(found: Any) -> Instant | None:
    if isinstance(found, int) and not isinstance(found, bool):
        return found if found >= _FIRST else found * 1000
    if not isinstance(found, str) or len(found) > 40:
        return None
    try:
        read = datetime.fromisoformat(found)
        since = (read if read.tzinfo else read.replace(tzinfo=UTC)) - _EPOCH
    except (ValueError, OverflowError):
        return None
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def not_negative(money: Money | None) -> Money | None:
    """`money`, or None if it is below zero: nobody pays or gets back less than nothing."""
    return money if money is not None and money.minor >= 0 else None


def as_sent(amount: Any, currency: Any, *, minor: bool = True, decimals: Mapping[str, int] = ISO) -> str:
    """An amount that is not counted, as the owner may see it: all of it, or the first 60 characters of what was sent.

    `minor`: whole numbers are of the smallest units, of which `decimals` are as in `from_minor`.
    """
    code = currency_code(currency)
    places = decimals.get(code, exponent(code)) if code else 0
    if minor and places and isinstance(amount, int) and not isinstance(amount, bool):
        units, rest = divmod(abs(amount), 10**places)
        shown = f"{'-' if amount < 0 else ''}{units}.{rest:0{places}}"
    else:
        shown = text(amount) if isinstance(amount, str) else "" if amount is None else str(amount)
    return f"{shown[:60]} {code or text(currency)[:20]}".strip() if shown else ""


def joined(*found: str, between: str = " ") -> str:
    """Those that are not empty, such as the names of a person, with `between` between them."""
    return between.join(each for each in found if each)


def said(value: Any) -> str:
    """What somebody gave as an answer, in words: a text, a number, "true" or "false", or several with commas between;
    empty for all else."""
    if isinstance(value, list):
        several = joined(*(said(each) for each in value[:MOST_ITEMS] if not isinstance(each, list)), between=", ")
        return several[:LONGEST_ANSWER]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:LONGEST_TEXT] if isinstance(value, int | Decimal) else text(value, most=LONGEST_ANSWER)


def answered(pairs: Iterable[tuple[str, Any]]) -> tuple[Answered, ...]:
    """The first 200 fields of a form that are named and not empty, by the names their sender gives them."""
    found = ((text(label), said(value)) for label, value in pairs)
    return tuple(islice((Answered(label, value) for label, value in found if label and value), MOST_ITEMS))


def in_minor(value: Any, currency: Any, decimals: Mapping[str, int] = ISO) -> tuple[Money | None, str]:
    """An amount in smallest units that is not below zero; as it was sent, if it cannot be counted. See `from_minor`."""
    amount = not_negative(from_minor(value, currency, decimals))
    return amount, "" if amount else as_sent(value, currency, decimals=decimals)


def in_hundredths(value: Any, currency: Any) -> tuple[Money | None, str]:
    """The same of an amount in hundredths; one of a currency that has none is shown as it was sent, because its sender
    nowhere says how that is written."""
    amount, amount_text = in_minor(value, currency)
    if amount is None or exponent(amount.currency) == 2:
        return amount, amount_text
    return None, as_sent(value, currency, minor=False)


def in_decimals(value: Any, currency: Any) -> tuple[Money | None, str]:
    """The same of a text or a number in major units."""
    amount = not_negative(from_decimal(str(value), currency))
    return amount, "" if amount else as_sent(value, currency, minor=False)


def quantity(value: Any) -> int:
    """How many; 1 where the message does not say, or says something that is not a count."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST else 1


def items(value: Any, read: Callable[[dict[str, Any]], Item | None]) -> tuple[Item, ...]:
    """The first 200 lines of a receipt that `read` makes sense of."""
    lines = value[:MOST_ITEMS] if isinstance(value, list) else ()
    return tuple([item for line in lines if isinstance(line, dict) and (item := read(line)) is not None])
