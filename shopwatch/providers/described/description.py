"""A sender as its owner describes it: options in, a description out, or a sentence on what is wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import SECOND, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import currency_code
from shopwatch.domain.source import Options
from shopwatch.providers.described.description_options import ALL, KINDS, OPTIONS, PLACE
from shopwatch.providers.described.signed_text import NAMED, PART, PLAIN, Part, is_sound, parts_of, stand_apart

type Place = tuple[str, ...]
"""The steps to something in a body; empty: it is not told."""

NOWHERE: Place = ()
_LABELS = {each.key: each.label for each in OPTIONS}
_CHOICES = {each.key: each.choices for each in OPTIONS if each.choices}
_HEADER = re.compile(r"[A-Za-z0-9!#$&'*+.^_`|~-]{1,100}", re.ASCII)
# What every message has, and what ShopWatch's own practice adds.
_TAKEN_HEADERS = frozenset({"content-type", "content-length", "host", "transfer-encoding", "shopwatch-practice"})
_HEADERS = ("signature_header", "timestamp_header", "id_header", "type_header")
_BARE_ID = re.compile(r"[A-Za-z0-9}]\{id\}|\{id\}[A-Za-z0-9{]")
_TRIED_BY = {"no": (), "head": ("HEAD",), "get": ("GET",), "both": ("HEAD", "GET")}
_LONGEST = 500
_MOST_STEPS = 16
_MOST_TYPES = 100
_LONGEST_TOLERANCE = 7 * 86_400
# Places that may be one and the same: a sender with one number for all of them is common.
_NUMBERS = frozenset({"id", "order", "number", "refund"})


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand in a body; those of items within one item."""

    id: Place = NOWHERE
    type: Place = NOWHERE
    before: Place = NOWHERE
    order: Place = NOWHERE
    number: Place = NOWHERE
    refund: Place = NOWHERE
    amount: Place = NOWHERE
    refunded: Place = NOWHERE
    currency: Place = NOWHERE
    name: Place = NOWHERE
    email: Place = NOWHERE
    phone: Place = NOWHERE
    company: Place = NOWHERE
    text: Place = NOWHERE
    time: Place = NOWHERE
    test: Place = NOWHERE
    items: Place = NOWHERE
    item_name: Place = NOWHERE
    item_qty: Place = NOWHERE
    item_price: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Description:
    """A sender as its owner describes it; `kinds` are the kinds by the types.

    `signed` is a template for `Recipe`; where that does not know all parts of the text, `parts` are those, and `signed`
    holds the others.
    """

    method: str
    places: Places
    jwt: str = "RS256"
    shown_in: str = "header"
    shown_as: str = ""
    shown_behind: str = ""
    signature_header: str = ""
    signature_prefix: str = ""
    signed: bytes = b"%(body)b"
    parts: tuple[Part, ...] = ()
    algorithm: str = "sha256"
    encoding: str = "hex"
    key: str = "text"
    timestamp_header: str = ""
    timestamp_unit: Instant = SECOND
    tolerance: Instant = 0
    id_header: str = ""
    type_header: str = ""
    tried_by: tuple[str, ...] = ()
    answer: str = ""
    batch: Place = NOWHERE
    minor: bool = False
    currency: str = ""
    kinds: dict[str, Kind] = field(default_factory=dict)


def describe(options: Options) -> Description:
    """The description that `options` give; other keys than ours are left alone.

    Raises UserError for the first that is wrong; its code is "option-" and the key.
    """
    given = {key: options.get(key, "") for key in _LABELS}
    for key, value in given.items():
        if len(value) > _LONGEST or not value.isprintable():
            raise _wrong(key, say("This is too long, or holds characters that cannot be seen."))
    chosen = {key: _choice(key, given[key]) for key in _CHOICES}
    fixed = given["currency"] if currency_code(given["currency"]) == given["currency"] else ""
    placed = {each.name: given[each.name] for each in fields(Places)} | ({"currency": ""} if fixed else {})
    places = Places(**{key: _place(key, value) for key, value in placed.items()})
    headers = {key: _header(key, given[key]) for key in _HEADERS}
    signed, parts = _template(given["signed"] or "{body}")
    description = Description(
        method=chosen["method"],
        places=places,
        jwt=chosen["jwt"],
        shown_in=chosen["token_in"],
        shown_as=given["token_name"].strip(),
        shown_behind=given["token_scheme"].strip(),
        signature_header=headers["signature_header"],
        signature_prefix=given["signature_prefix"].lstrip(),
        signed=signed,
        parts=parts,
        algorithm=chosen["algorithm"],
        encoding=chosen["encoding"],
        key=chosen["key"],
        timestamp_header=headers["timestamp_header"],
        timestamp_unit=SECOND if chosen["timestamp_unit"] == "s" else 1,
        tolerance=_tolerance(given["tolerance"]),
        id_header=headers["id_header"],
        type_header=headers["type_header"],
        tried_by=_TRIED_BY[chosen["tried_by"]],
        answer=_answer(given["answer"].strip()),
        batch=_place("batch", given["batch"]),
        minor=chosen["amount_in"] == "minor",
        currency=fixed,
        kinds=_kinds(given),
    )
    _check_marks(description)
    _check_reading(description)
    return description


def _wrong(key: str, hint: str = "") -> UserError:
    return UserError(say("“{label}” is not right.", label=say(_LABELS[key])), hint, code=f"option-{key}")


def _missing(key: str) -> UserError:
    return UserError(say("“{label}” is missing.", label=say(_LABELS[key])), code=f"option-{key}")


def _choice(key: str, value: str) -> str:
    if not value and key == "method":
        raise _missing(key)
    if value and value not in _CHOICES[key]:
        raise _wrong(key, say("It can be {choices}.", choices=", ".join(_CHOICES[key])))
    return value or _CHOICES[key][0]


def _place(key: str, value: str) -> Place:
    steps = tuple(value.strip().split(".")) if value.strip() else NOWHERE
    if len(steps) > _MOST_STEPS or not all(steps):
        raise _wrong(key, say(PLACE))
    return steps


def _header(key: str, value: str) -> str:
    name = value.strip()
    if name and (not _HEADER.fullmatch(name) or name.lower() in _TAKEN_HEADERS):
        raise _wrong(key, say("A header has a name of its own, such as X-Signature."))
    return name


def _tolerance(value: str) -> Instant:
    digits = value.strip() or "300"
    if not digits.isascii() or not digits.isdigit() or int(digits[:10]) > _LONGEST_TOLERANCE:
        raise _wrong("tolerance", say("It is a number of seconds, at most a week."))
    return int(digits) * SECOND


def _template(written: str) -> tuple[bytes, tuple[Part, ...]]:
    parts = parts_of(written)
    kinds = {kind for kind, _ in parts}
    literal = "".join(text for kind, text in parts if not kind)
    if not is_sound(parts) or not literal.isascii() or {"{", "}"} & set(literal):
        named = [f"{{{kind}}}" for kind in PLAIN] + [f"{{{kind}:…}}" for kind in NAMED]
        raise _wrong("signed", say("It is made of {parts}.", parts=", ".join(named)))
    if not {"body", "member"} & kinds:
        raise _wrong("signed", say("{body} must be in it, or anybody could change the message."))
    if _BARE_ID.search(written):
        raise _wrong("signed", say("Beside {id} there must be a mark, such as a full stop."))
    whole = kinds <= {"", *PLAIN} - {"path"}
    if not whole and "id" in kinds:
        raise _wrong("signed", say("Name the header of its number here, such as {header:X-Id}, in place of {id}."))
    if not stand_apart(parts):
        raise _wrong("signed", say("Between two parts there must be a mark, such as a full stop."))
    plain = PART.sub(lambda part: part[0] if part[1] in PLAIN and part[1] != "path" else "", written)
    escaped = plain.replace("%", "%%").replace("\\n", "\n")
    return PART.sub(lambda part: f"%({part[1]})b", escaped).encode(), () if whole else parts


def _answer(written: str) -> str:
    parts = parts_of(written)
    if not written.isascii() or not all(kind in ("", "query") and (name or not kind) for kind, name in parts):
        raise _wrong("answer", say("It is plain text, in which {query:name} stands for what the address says there."))
    return written


def _kinds(given: dict[str, str]) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for key, kind in KINDS.items():
        for value in filter(None, (each.strip() for each in given[key].split(","))):
            if found.setdefault(value, kind) is not kind or len(found) > _MOST_TYPES:
                raise _wrong(key, say("“{type}” cannot be two things at once.", type=value))
    if not found:
        raise _missing("sales")
    return found


def _check_marks(told: Description) -> None:
    """How it shows who it is must be told whole, each mark in a place of its own."""
    if told.method == "token":
        if not told.shown_as:
            raise _missing("token_name")
        in_its_place = _header if told.shown_in == "header" else _place if told.shown_in == "body" else _any_name
        in_its_place("token_name", told.shown_as)
        if not told.shown_behind.isascii() or " " in told.shown_behind:
            raise _wrong("token_scheme", say("It is one word."))
    if told.method == "hmac":
        if not told.signature_header:
            raise _missing("signature_header")
        if not told.signature_prefix.isascii():
            raise _wrong("signature_prefix", say("It holds plain letters and marks only."))
        if (b"%(timestamp)b" in told.signed) is not bool(told.timestamp_header):
            raise _wrong(
                "timestamp_header", say("A time counts only if {timestamp} is signed, and the other way round.")
            )
        if b"%(id)b" in told.signed and not told.id_header:
            raise _missing("id_header")
    headers = [name.lower() for name in _headers_of(told) if name]
    if len(headers) != len(set(headers)):
        raise _wrong("signature_header", say("Each header can hold one thing only."))


def _any_name(_key: str, name: str) -> str:
    return name


def _headers_of(told: Description) -> Iterator[str]:
    yield told.id_header
    yield told.type_header
    if told.method == "hmac":
        yield told.signature_header
        yield told.timestamp_header
    if told.method == "basic":
        yield "Authorization"
    if told.method == "token" and told.shown_in == "header":
        yield told.shown_as


def _check_reading(told: Description) -> None:
    """What its messages say must be told without contradiction."""
    places = told.places
    for key, header in (("id", told.id_header), ("type", told.type_header)):
        if header and getattr(places, key):
            raise _wrong(key, say("Say one place only: a header, or one in the body."))
    if told.batch and told.id_header:
        raise _wrong("id_header", say("In a list each event has its own number. Say where it stands in the event."))
    if told.batch and told.method == "token" and told.shown_in == "body" and _is_in(told.shown_as, told.batch):
        raise _wrong("token_name", say("The secret cannot stand in the list of events."))
    if (places.before or set(told.kinds) - {ALL}) and not places.type and not told.type_header:
        raise _missing("type")
    if {Kind.SALE, Kind.REFUND} & set(told.kinds.values()) and not places.order and not places.id:
        raise _missing("order")
    if places.items and not places.item_name:
        raise _missing("item_name")
    whole = {each.name: getattr(places, each.name) for each in fields(Places) if not each.name.startswith("item_")}
    if told.method == "token" and told.shown_in == "body" and not told.batch:
        whole["token_name"] = tuple(told.shown_as.split("."))
    _check_apart(whole)
    _check_apart({key: getattr(places, key) for key in ("item_name", "item_qty", "item_price")})


def _is_in(written: str, place: Place) -> bool:
    return tuple(written.split("."))[: len(place)] == place


def _check_apart(places: dict[str, Place]) -> None:
    told = [(key, place) for key, place in places.items() if place]
    for index, (key, place) in enumerate(told):
        for other, its in told[:index]:
            shared = min(len(place), len(its))
            if place[:shared] != its[:shared] or (place == its and {key, other} <= _NUMBERS):
                continue
            raise _wrong(key, say("“{label}” is told to stand there already.", label=say(_LABELS[other])))
