"""Text from outside, made fit to be shown to people."""

import json
import re
import unicodedata
from collections.abc import Callable

_JOINERS = "\u200c\u200d"
_JOINED = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})
_MARKS = frozenset({"Mn", "Me"})
_SPACES = frozenset("\t\n\v\f\r\x85")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_MOST_MARKS = 3
# What shows nothing although its category is that of letters, marks or signs: Default_Ignorable_Code_Point (Unicode
# 16, DerivedCoreProperties.txt) beyond Cf and Cn, the empty Braille cell, the null notehead and the Khitan filler.
_EMPTY = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U00016fe4\U0001d159"
    "\U000e0100-\U000e01ef"
)
_IS_EMPTY = re.compile(f"[{_EMPTY}]")
_BLANK = frozenset({"Zs", "Mn", "Me"})


def legible(text: str, limit: int = 200) -> str:
    """`text` on one line, at most `limit` characters, with nothing hidden in it.

    Control, bidi, zero-width and unassigned characters are written out as ⟨U+202E⟩, so that a reversed amount is seen;
    joiners stay where a script or an emoji needs them, and no letter carries more than three marks. Text that runs from
    right to left is isolated, so that it cannot move what stands beside it.
    """
    cut = len(text) > limit * 4
    kept: list[str] = []
    before = ""
    marks = 0
    for char in text[: limit * 4]:
        category = unicodedata.category(char)
        if category in _MARKS:
            marks += 1
            if marks > _MOST_MARKS:
                continue
        else:
            marks = 0
        if category == "Zs" or char in _SPACES:
            if kept and kept[-1] != " ":
                kept.append(" ")
        elif category[0] == "C" or category in ("Zl", "Zp"):
            kept.append(char if char in _JOINERS and before in _JOINED else f"⟨U+{ord(char):04X}⟩")
        else:
            kept.append(char)
        before = category
    line = shorten("".join(kept).strip(" ") + ("\N{HORIZONTAL ELLIPSIS}" if cut else ""), limit)
    return isolated(line, limit)


def unhidden(line: str) -> str:
    """All of `line`; what cannot be seen in it, tabs aside, is written out as ⟨U+202E⟩."""
    return _with_unseen(line, lambda char: char if char == "\t" else f"⟨U+{ord(char):04X}⟩")


def json_line(value: object) -> str:
    """`value` as JSON on one line, in which all can be seen: what cannot is escaped, and nothing is lost."""
    return _with_unseen(json.dumps(value, ensure_ascii=False), _escaped)


def _escaped(char: str) -> str:
    return "\\u007f" if char == "\x7f" else json.dumps(char)[1:-1]


def _with_unseen(line: str, written: Callable[[str], str]) -> str:
    if not line.isascii():
        line = _IS_EMPTY.sub(lambda found: written(found[0]), line)
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else written(char) for char in line)


def is_blank(char: str) -> bool:
    """Whether a reader may pass over `char` as if nothing were there: white space, marks, and what cannot be seen."""
    category = unicodedata.category(char)
    return category[0] == "C" or category in _BLANK or category in ("Zl", "Zp") or bool(_IS_EMPTY.match(char))


def shorten(text: str, limit: int) -> str:
    """`text` if it has at most `limit` characters, else its beginning with "…"."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def isolated(line: str, limit: int) -> str:
    """`line` between isolates if any of it runs from right to left, still within `limit` characters."""
    if not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in line):
        return line
    return "\N{FIRST STRONG ISOLATE}" + shorten(line, limit - 2) + "\N{POP DIRECTIONAL ISOLATE}"
