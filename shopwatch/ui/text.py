"""Text from outside, made safe to look at: nothing in it can hide, turn around or dress up as ours."""

import unicodedata
from html import escape

_MOST_MARKS = 3
LONGEST = 400
"""More characters of one value are never laid out; the rest is an ellipsis."""


def visible(text: str, longest: int = LONGEST) -> str:
    """`text` on one line, at most `longest` characters, what is invisible written out as `⟨U+202E⟩`.

    Control, format and tag characters, lone surrogates and unassigned ones become such placeholders; odd spaces become
    plain ones, and marks beyond the third on one letter are counted instead of piled up.
    """
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        if kind.startswith("M"):
            marks += 1
            if marks <= _MOST_MARKS:
                shown.append(char)
            continue
        if marks > _MOST_MARKS:
            shown.append(f"⟨+{marks - _MOST_MARKS}⟩")
        marks = 0
        if kind == "Zs":
            shown.append(" ")
        elif char in "\n\r\t":
            shown.append({"\n": "↵", "\r": "", "\t": " "}[char])
        elif char.isprintable():
            shown.append(char)
        else:
            shown.append(f"⟨U+{ord(char):04X}⟩")
    if marks > _MOST_MARKS:
        shown.append(f"⟨+{marks - _MOST_MARKS}⟩")
    return "".join(shown)


def isolated(text: str, longest: int = LONGEST) -> str:
    """`visible(text)` for use inside a sentence: its writing direction does not reach the words around it."""
    return f"\N{FIRST STRONG ISOLATE}{visible(text, longest)}\N{POP DIRECTIONAL ISOLATE}"


def tip(text: str) -> str:
    """A tooltip that shows `text` literally; Qt would otherwise look for markup in it."""
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>" if text else ""
