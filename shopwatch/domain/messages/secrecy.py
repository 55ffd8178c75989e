"""The forms in which a secret may stand in what others wrote, and how it is covered there."""

import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from typing import Any, cast
from urllib.parse import quote, quote_plus

from msgspec import Struct
from msgspec.structs import asdict, replace

SHORTEST = 8
"""Shorter texts would also be found in innocent words; no secret that ShopWatch accepts is this short."""

_LONG = 512
"""Characters. Of what is longer, keys in PEM, no escapes of escapes are looked for."""
_SHORTEST_KEY = 16
_PLAIN = re.compile(r"[0-9A-Za-z_.-]{6,}")
"""What nobody escapes."""
_ESCAPED = re.compile(r"%[0-9A-F]{2}|\\u[0-9a-f]{4}")
_COMPONENT, _URI = "-_.!~*'()", "-_.!~*'();,/?:@&=+$#"
"""What JavaScript's encodeURIComponent and encodeURI leave as it is."""

type Put = Callable[[bytes], bytes]
"""What to write where this form of a secret stands."""


class Redactor:
    """Finds `texts`, secrets and parts of secrets, in all their forms. Most of what is looked through holds none, so
    that only a few pieces are looked for at first, of which one stands in each form."""

    def __init__(self, texts: Iterable[str]) -> None:
        those = {text for text in texts if len(text) >= SHORTEST}
        found = {form for text in those for form in forms(text)}
        self.forms = tuple(sorted(found, key=lambda form: (-len(form), form)))
        self._anchors = _anchors(those, self.forms)

    def finds(self, data: bytes) -> bool:
        """Whether some form may stand in `data`; surely none does otherwise."""
        return any(anchor in data for anchor in self._anchors)

    def redact_bytes(self, data: bytes, put: Put) -> bytes:
        """`data` with every form covered, the longest first."""
        if not self.finds(data):
            return data
        for form in self.forms:
            if form in data:
                data = data.replace(form, put(form))
        return data

    def redact_text(self, text: str, put: Put) -> str:
        """The same of a text."""
        data = text.encode("utf-8", "surrogatepass")
        redacted = self.redact_bytes(data, put)
        return text if redacted == data else redacted.decode("utf-8", "replace")

    def within[Value](self, value: Value, put: Put) -> Value:
        """`value` with every form covered in whatever it is made of."""
        made: Any = value
        match made:
            case str() if type(made) is str:
                made = self.redact_text(made, put)
            case bytes():
                made = self.redact_bytes(made, put)
            case tuple():
                made = tuple(self.within(each, put) for each in made)
            case Struct():
                made = replace(made, **{name: self.within(each, put) for name, each in asdict(made).items()})
        return cast("Value", made)


@lru_cache(maxsize=256)
def forms(text: str) -> frozenset[bytes]:
    """`text` as it is, backwards, in base64 wherever that begins, in hex, and in UTF-16; as URLs, JSON, HTML and Python
    escape it, once and twice; and the key that it writes down, if it does, in the other ways of writing that."""
    once = _escaped(text)
    texts = {text, text[::-1]} | once
    quoted = (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], quote(text, errors="replace"))
    coded = {code for each in quoted for code in _coded(each.encode("utf-8", "surrogatepass"))}
    if len(text) <= _LONG:
        texts |= {twice for each in once for twice in _escaped(each)}
    key = _key(text)
    coded |= {key.hex(), key.hex().upper(), b64encode(key).decode(), urlsafe_b64encode(key).decode()}
    texts |= coded | {written for each in coded for written in (quote(each, safe=""), each.replace("/", "\\/"))}
    found = {each.encode("utf-8", "surrogatepass") for each in texts}
    found |= {key, text.encode("latin-1", "replace"), text.encode("utf-16-le", "surrogatepass")[:-1]}
    return frozenset(form for form in found if len(form) >= SHORTEST)


def _escaped(text: str) -> set[str]:
    plain, wide = json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]
    said = {plain, wide, repr(text)[1:-1], text.encode("unicode_escape").decode()}
    for each in (plain, wide):
        said |= {each.replace("/", "\\/"), _by_number(each, "<>&"), _by_number(each, "<>&'"), _by_number(each, "<>&'+")}
    said.add(_by_number(plain.replace('\\"', '"'), "<>&'+\"`"))
    for quotes in (True, False):
        html = escape(text, quote=quotes)
        said |= {html, html.replace("&quot;", "&#34;").replace("&#x27;", "&#39;"), html.replace("&#x27;", "&apos;")}
        said.add(html.replace("&#x27;", "&#39;"))
    raw = text.encode("utf-8", "surrogatepass")
    said |= {quote(raw, safe=safe) for safe in ("", "/", "*", _COMPONENT, _URI)} | {
        quote_plus(raw),
        quote_plus(raw, "*"),
    }
    return said | {_ESCAPED.sub(_other_case, each) for each in said}


def _by_number(text: str, which: str) -> str:
    """As Go, PHP and .NET write in JSON what HTML would read."""
    return "".join(f"\\u{ord(each):04x}" if each in which else each for each in text)


def _other_case(found: re.Match[str]) -> str:
    return found[0].lower() if found[0][0] == "%" else found[0][:2] + found[0][2:].upper()


def _coded(raw: bytes) -> set[str]:
    found = {raw.hex(), raw.hex().upper()}
    for lead in range(3):
        # Inside a longer text a secret's base64 has three faces, by where it starts; the edges mix with neighbours.
        for encoded in (b64encode, urlsafe_b64encode):
            found.add(encoded(bytes(lead) + raw).decode()[(lead * 8 + 5) // 6 : (lead + len(raw)) * 8 // 6])
    return found


def _key(text: str) -> bytes:
    """The bytes that `text` writes in hex or base64; none if it writes none."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        bare = text.rstrip("=").replace("-", "+").replace("_", "/")
        try:
            found = b64decode(bare + "=" * (-len(bare) % 4), validate=True)
        except (NotBase64, ValueError):
            return b""
    return found if len(found) >= _SHORTEST_KEY else b""


def _anchors(texts: Iterable[str], those: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Pieces of which one stands in each of these forms: nearly always what nobody escapes, in each way of writing."""
    runs = {max(found, key=len) for text in texts if (found := _PLAIN.findall(text))}
    plain = {run for run in runs if not any(other in run for other in runs - {run})}
    written = {way for run in plain for way in (run, run[::-1], *_coded(run.encode()))}
    found = [way.encode() for way in written] + [run.encode("utf-16-le")[:-1] for run in plain]
    for form in sorted(those, key=len):
        if not any(anchor in form for anchor in found):
            found.append(form)
    return tuple(found)
