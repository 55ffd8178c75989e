"""Notices: what is worth a line and no more, in a few plain words."""

import re
from itertools import islice
from typing import Any

from msgspec.structs import replace

from shopwatch.domain.i18n import Phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Notice
from shopwatch.providers.kit.reading import LONGEST_TEXT, Meaning, Message, joined, said, text

LONGEST_TITLE = 60
"""Characters; longer ones end in "…"."""

_BETWEEN = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")


def notice(
    message: Message,
    title: str | Phrase,
    more: str | Phrase = "",
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    at: Instant | None = None,
    needs_fetch: str = "",
) -> Meaning:
    """The meaning of `message` as a notice, `more` being what there is to say beyond its title."""
    happening = Notice(
        _fitting(title) if isinstance(title, Phrase) else clipped(title),
        more if isinstance(more, Phrase) else more[:LONGEST_TEXT],
        name,
        email,
        phone,
    )
    return Meaning(Kind.NOTICE, None, message.at if at is None else at, happening=happening, needs_fetch=needs_fetch)


def clipped(title: str) -> str:
    """`title` on one line, and no longer than a title may be."""
    return _cut(title, LONGEST_TITLE)


def _fitting(title: Phrase) -> Phrase:
    """The same of a phrase: what is filled in is cut."""
    values = {name: " ".join(value.split()) for name, value in title.values}
    too_long = len(replace(title, values=tuple(values.items())).english) - LONGEST_TITLE
    if too_long > 0 and values:
        longest = max(values, key=lambda name: len(values[name]))
        values[longest] = _cut(values[longest], max(1, len(values[longest]) - too_long))
    return replace(title, values=tuple(values.items()))


def _cut(text: str, longest: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def in_words(event_type: str) -> str:
    """The sender's own name of an event as words: "invoice.payment_failed" is "Invoice payment failed"."""
    parts = filter(None, _BETWEEN.split(event_type[:LONGEST_TEXT]))
    words = " ".join(part.lower() if part[1:].islower() else part for part in parts)
    words = words.lower() if words.isupper() else words
    return words[:1].upper() + words[1:]


def particulars(value: Any) -> str:
    """What an object says in words and numbers, each with its name: "id: inv_42, amount: 1999"."""
    held = value if isinstance(value, dict) else {}
    told = ((text(name), said(found)) for name, found in islice(held.items(), 20))
    return joined(*(f"{name}: {words[:60]}" for name, words in told if name and words), between=", ")[:LONGEST_TEXT]
