"""A message that tells several events at once, taken apart."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from shopwatch.domain.i18n import phrase
from shopwatch.providers.kit.reading import Unreadable, find

MOST_EVENTS = 1_000
"""More than any sender puts into one message (GoCardless: 250), and few enough to be booked at once."""

_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_array = msgspec.json.Decoder(list[msgspec.Raw]).decode


def parts(told: dict[str, Any], body: bytes, place: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The entries of the list at `place` in what `body` tells, each with its own bytes; what is no object is an empty
    one. Raises `Unreadable` if there is no list, or a longer one than anybody sends."""
    steps = place.split(".")
    entries = find(told, *steps)
    if not isinstance(entries, list):
        raise Unreadable(phrase("The message is genuine, but the list of what happened is not in it."))
    if len(entries) > MOST_EVENTS:
        raise Unreadable(phrase("The message is genuine, but it has too many parts to be read."))
    raws = _cut(body, steps) or [json.dumps(entry, default=str).encode() for entry in entries]
    for entry, raw in zip(entries, raws, strict=True):
        yield (entry if isinstance(entry, dict) else {}), raw


def _cut(body: bytes, steps: list[str]) -> list[bytes]:
    """The very bytes of each entry; none where only the slower reader can read the message."""
    try:
        rest: Any = body
        for step in steps:
            rest = _object(rest)[step]
        return [bytes(each) for each in _array(rest)]
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return []
