"""A secret is found in whatever way programs write it, and only there."""

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

from hypothesis import given, note
from hypothesis import strategies as st

from shopwatch.domain.messages.secrecy import Redactor

SECRETS = st.text(st.characters(min_codepoint=33, exclude_categories=["C", "Z"]), min_size=12, max_size=40)
WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "backwards": lambda text: text[::-1],
    "hex": lambda text: text.encode().hex(),
    "large hex": lambda text: text.encode().hex().upper(),
    "in a URL": lambda text: quote(text, safe=""),
    "in a URL, by JavaScript": lambda text: quote(text, safe="-_.!~*'()"),
    "in a form": quote_plus,
    "in a URL, small": lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    "JSON of ASCII": lambda text: json.dumps(text)[1:-1],
    "JSON": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, by PHP": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[3:-3],
    "HTML": html.escape,
    "HTML without quotes": lambda text: html.escape(text, quote=False),
    "Python": lambda text: repr(text)[1:-1],
    "JSON in a URL": lambda text: quote(json.dumps(text)[1:-1], safe=""),
    "JSON in HTML": lambda text: html.escape(json.dumps(text)[1:-1]),
}


@given(secret=SECRETS, before=st.binary(max_size=9), after=st.binary(max_size=9))
def test_nothing_of_it_is_left_in_whatever_way_it_is_written(secret: str, before: bytes, after: bytes) -> None:
    mask = Redactor([secret])
    for way, write in WAYS.items():
        note(way)
        written = write(secret).encode()

        redacted = mask.redact_bytes(before + written + after, lambda _: b"***")

        assert written not in redacted
        assert b"***" in redacted


@given(secret=SECRETS, before=st.binary(max_size=9), after=st.binary(max_size=9))
def test_it_is_found_within_other_base64(secret: str, before: bytes, after: bytes) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        assert b"***" in Redactor([secret]).redact_bytes(encode(before + secret.encode() + after), lambda _: b"***")


@given(secret=SECRETS, other=st.binary(max_size=200))
def test_what_does_not_hold_it_stays(secret: str, other: bytes) -> None:
    redacted = Redactor([secret]).redact_bytes(other, lambda form: b"<" + form + b">")

    assert redacted.replace(b"<", b"").replace(b">", b"") == other.replace(b"<", b"").replace(b">", b"")


def test_a_key_is_found_in_the_other_ways_of_writing_it() -> None:
    key = bytes(range(7, 39))
    texts = (key.hex(), key.hex().upper(), base64.b64encode(key).decode())
    for secret in (key.hex(), base64.b64encode(key).decode()):
        for text in texts:
            assert Redactor([secret]).redact_bytes(f"k={text};".encode(), lambda _: b"***").startswith(b"k=***")
        assert key not in Redactor([secret]).redact_bytes(b"k=" + key, lambda _: b"***")
