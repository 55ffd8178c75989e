"""The text that a described sender signs, put together of parts of the message with fixed text between them."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from shopwatch.domain.messages.delivery import Request
from shopwatch.providers.kit.reading import Unreadable
from shopwatch.providers.kit.token import in_query

PLAIN = ("body", "timestamp", "id", "url", "method", "path")
NAMED = ("header", "member", "query")
"""Parts that are one of several: {header:X-Date}, {member:data.id}, {query:id}."""
PART = re.compile(r"\{([a-z]+)(?::([^{}:]{1,200}))?\}")

type Part = tuple[str, str]
"""What it is and which of them; ("", text) is fixed text."""

type Reads = Callable[[Request], Any]
type Places = Callable[[Any, tuple[str, ...]], Any]


def parts_of(written: str) -> tuple[Part, ...]:
    """The parts of a template, of which `\\n` is a line end."""
    found: list[Part] = []
    last = 0
    for each in PART.finditer(written):
        found += [("", written[last : each.start()].replace("\\n", "\n")), (each[1], each[2] or "")]
        last = each.end()
    found.append(("", written[last:].replace("\\n", "\n")))
    return tuple(each for each in found if each != ("", ""))


def is_sound(parts: tuple[Part, ...]) -> bool:
    """Whether every part is one there is, and named where it must be."""
    return all(kind in NAMED if name and kind else kind in PLAIN or not kind for kind, name in parts)


def stand_apart(parts: tuple[Part, ...]) -> bool:
    """Whether no part that can be longer or shorter touches the next one, so that a text can be read one way only."""
    kinds = [kind for kind, _ in parts]
    return not any(one and other and (one in NAMED or other in NAMED) for one, other in pairwise(kinds))


def texts(parts: tuple[Part, ...], reads: Reads, at_place: Places) -> Callable[[Request, str], Iterable[bytes]]:
    """Makes the signed text of a request and its time. There is none of a message in which a part holds what parts it
    from the next one: it could be read in two ways."""
    marks = frozenset(mark for kind, text in parts if not kind for mark in text if not mark.isalnum())
    in_body = any(kind == "member" for kind, _ in parts)

    def signed(request: Request, timestamp: str) -> Iterable[bytes]:
        try:
            body = reads(request) if in_body else None
        except Unreadable:
            return ()
        written: list[bytes] = []
        for number, (kind, name) in enumerate(parts, start=1):
            if kind == "body":
                written.append(request.body)
                continue
            if kind == "member":
                value = _written(at_place(body, tuple(name.split("."))))
            else:
                value = _value((kind, name), request, timestamp)
            if value is None or (kind in NAMED and number < len(parts) and not marks.isdisjoint(value)):
                return ()
            written.append(value.encode("utf-8", "replace"))
        return (b"".join(written),)

    return signed


def _value(part: Part, request: Request, timestamp: str) -> str:
    """What stands in the signed text; what the message lacks is empty."""
    kind, name = part
    match kind:
        case "":
            return name
        case "timestamp":
            return timestamp
        case "url":
            return request.url
        case "method":
            return request.method
        case "path":
            return _path(request.url)
        case "header":
            return request.headers.only(name) or ""
        case _:
            return in_query(name).find(request, {}) or ""


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _written(value: Any) -> str | None:
    """A member as its sender would write it; None: nobody knows how."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return str(value) if isinstance(value, str | int | Decimal) else None
