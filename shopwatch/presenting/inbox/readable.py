"""Raw messages made readable. Pure and total: any bytes give a text; nothing in them is followed or expanded."""

import codecs
import re
from dataclasses import dataclass
from email.message import Message as Headers
from enum import StrEnum
from itertools import accumulate
from urllib.parse import unquote_plus

import msgspec

from shopwatch.domain.legible import unhidden

MOST_BYTES = 256 * 1024
"""More is not shown; it can be saved."""
MOST_LINES = 6_000
MOST_DEPTH = 64
_MOST_FORMATTED = 4 * 1024 * 1024
_LONGEST_LINE = 1_000
_HEX_BYTES = 16
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_STEPS = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in _STEPS)
_MARKUP = re.compile(r"<!--.*?(?:-->|$)|<!\[CDATA\[.*?(?:\]\]>|$)|<[^>]*>?|[^<]+", re.DOTALL)


class Form(StrEnum):
    """How a body is written."""

    EMPTY = "empty"
    JSON = "json"
    FIELDS = "fields"
    XML = "xml"
    TEXT = "text"
    HEX = "hex"


@dataclass(frozen=True, slots=True)
class Readable:
    """`made` is the message made readable, `received` as it came; nothing in either is hidden or too long to lay out.

    `made` is empty where nothing can be improved. `whole`: both hold all of it.
    """

    form: Form
    made: str
    received: str
    whole: bool


def readable(body: bytes, content_type: str) -> Readable:
    """`body` as a person can read it; `content_type` is what the sender says it is, in whatever spelling."""
    part = body[:MOST_BYTES]
    text = _decoded(part, content_type)
    if not part:
        return Readable(Form.EMPTY, "", "", whole=True)
    if text is None:
        # One line of this is four times as long as the bytes it shows.
        part = body[: MOST_BYTES // 4]
        return Readable(Form.HEX, "", _hex(part), whole=len(part) == len(body))
    form = _form_of(text, content_type)
    made = ""
    match form:
        case Form.JSON:
            made = _json(body if len(body) <= _MOST_FORMATTED else part)
        case Form.FIELDS:
            made = _fields(text)
        case Form.XML:
            made = _xml(text)
    whole = len(part) == len(body) and all(
        len(each) <= MOST_BYTES and each.count("\n") < MOST_LINES for each in (made, text)
    )
    return Readable(form if made else Form.TEXT, literal(made[:MOST_BYTES]), literal(text), whole=whole)


def literal(text: str) -> str:
    """`text` line by line, as far as it can be laid out; what cannot be seen in it is written out as ⟨U+202E⟩."""
    lines = text.replace("\r\n", "\n").split("\n", MOST_LINES)[:MOST_LINES]
    return "\n".join(piece for line in lines for piece in _pieces(unhidden(line)))


def _pieces(line: str) -> list[str]:
    # Nothing lays out a line of 100,000 characters in good time.
    return [line[at : at + _LONGEST_LINE] for at in range(0, len(line), _LONGEST_LINE)] or [""]


def _decoded(body: bytes, content_type: str) -> str | None:
    """None if it is no text."""
    for charset in ("utf-8-sig", _charset(content_type)):
        try:
            text = body.decode(charset)
        except UnicodeDecodeError as error:
            # The part that is shown may end within a character.
            if charset != "utf-8-sig" or error.start < len(body) - 3 or len(body) < MOST_BYTES:
                continue
            text = body[: error.start].decode(charset)
        except (LookupError, ValueError):
            continue
        odd = sum(1 for char in text[:4096] if char < " " and char not in "\t\r\n\f")
        return text if odd * 16 <= len(text[:4096]) else None
    return None


def _charset(content_type: str) -> str:
    headers = Headers()
    try:
        headers["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
        named = headers.get_content_charset("utf-8")
        known = codecs.lookup(named)
    except (LookupError, ValueError, TypeError):
        return "utf-8"
    return known.name if known._is_text_encoding else "utf-8"


def _form_of(text: str, content_type: str) -> Form:
    said = content_type.partition(";")[0].strip().lower()
    begin = text.lstrip()[:1]
    if begin in ("{", "["):
        return Form.JSON
    if begin == "<":
        return Form.XML
    if said == "application/x-www-form-urlencoded":
        return Form.FIELDS
    return Form.JSON if said.endswith("json") else Form.TEXT


def _json(data: bytes) -> str:
    """Indented without being understood, so that numbers and repeated names stay as they were sent."""
    data = data.removeprefix(codecs.BOM_UTF8)
    brackets = _STRING.sub(b"", data).translate(None, _NO_BRACKETS)
    if max(accumulate(_STEPS[byte] for byte in brackets), default=0) > MOST_DEPTH:
        return ""
    try:
        return msgspec.json.format(data, indent=2)[: MOST_BYTES * 2].decode("utf-8", "ignore")
    except (msgspec.DecodeError, RecursionError):
        return ""


def _fields(text: str) -> str:
    lines = []
    for field in text.split("&"):
        name, _, value = field.partition("=")
        lines.append(f"{_unquoted(name)} = {_unquoted(value)}")
    return "\n".join(lines)


def _unquoted(text: str) -> str:
    return unquote_plus(text, errors="backslashreplace").replace("\n", "⏎")


def _xml(text: str) -> str:
    """Laid out by its tags alone. No parser reads it, so no entity in it is ever expanded or fetched."""
    lines: list[str] = []
    depth = 0
    length = 0
    pieces = [piece.strip() for piece in _MARKUP.findall(text) if piece.strip()]
    at = 0
    while at < len(pieces) and length <= MOST_BYTES:
        piece = pieces[at]
        if piece.startswith("</"):
            depth = max(0, depth - 1)
        line = piece
        if _opens(piece) and at + 2 < len(pieces) and not pieces[at + 1].startswith("<") and pieces[at + 2][:2] == "</":
            line = "".join(pieces[at : at + 3])
            at += 2
        elif _opens(piece):
            depth += 1
            line = "  " * (min(depth, MOST_DEPTH) - 1) + piece
            lines.append(line)
            length += len(line)
            at += 1
            continue
        lines.append("  " * min(depth, MOST_DEPTH) + line)
        length += len(lines[-1])
        at += 1
    return "\n".join(lines)


def _opens(piece: str) -> bool:
    return piece.startswith("<") and piece[1:2] not in ("/", "!", "?") and not piece.endswith("/>")


def _hex(body: bytes) -> str:
    lines = []
    for at in range(0, len(body), _HEX_BYTES):
        row = body[at : at + _HEX_BYTES]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in row)
        lines.append(f"{at:08x}  {row.hex(' '):<{_HEX_BYTES * 3}} {shown}")
    return "\n".join(lines)
