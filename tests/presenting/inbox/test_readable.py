"""Raw messages, made readable."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopwatch.presenting.inbox.readable import MOST_BYTES, MOST_LINES, Form, readable

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def test_json_is_indented_and_its_numbers_and_repeats_stay() -> None:
    made = readable(b'{"n":1.0e2,"n":10000000000000000000000,"a":[true,null]}', JSON)
    assert made.form is Form.JSON
    assert made.made.splitlines() == [
        "{",
        '  "n": 1.0e2,',
        '  "n": 10000000000000000000000,',
        '  "a": [',
        "    true,",
        "    null",
        "  ]",
        "}",
    ]
    assert made.received == '{"n":1.0e2,"n":10000000000000000000000,"a":[true,null]}'


def test_a_form_is_one_field_a_line() -> None:
    assert readable(b"Body=Hello+there%21&From=%2B15550001&Empty=", FORM).made == (
        "Body = Hello there!\nFrom = +15550001\nEmpty = "
    )


def test_xml_is_laid_out_and_nothing_in_it_is_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><feed><entry id="7"><t>&b;</t></entry></feed>'
    made = readable(bomb, "text/xml")
    assert made.form is Form.XML
    assert "      <t>&b;</t>" in f"  {made.made}".replace("\n", "\n  ").splitlines()
    assert "root:" not in made.made


def test_bytes_that_are_no_text_are_shown_in_hex() -> None:
    shown = readable(b"\x00\x01\x02PNG\xff\xfe" + bytes(40), "image/png")
    assert shown.form is Form.HEX
    assert (
        shown.received.splitlines()[0] == "00000000  00 01 02 50 4e 47 ff fe 00 00 00 00 00 00 00 00  ···PNG··········"
    )


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Blüte".encode("latin-1"), "text/plain; charset=ISO-8859-1", "Blüte"),
        ("Blüte".encode("utf-16"), 'text/plain; charset="utf-16"', "Blüte"),
        (b"\xef\xbb\xbf{}", JSON, "{}"),
        ("Blüte".encode(), "text/plain; charset=rot13", "Blüte"),
        ("Blüte".encode(), "text/plain; charset=\x00;;;", "Blüte"),
    ],
)
def test_the_charset_is_the_one_that_was_told(body: bytes, content_type: str, text: str) -> None:
    assert readable(body, content_type).received == text


def test_what_cannot_be_seen_is_written_out() -> None:
    shown = readable('{"name":"\u202eevil\u0007"}'.encode(), JSON)
    assert "⟨U+202E⟩evil⟨U+0007⟩" in shown.received


@pytest.mark.parametrize("body", [b"[" * 100_000, b"[" * 65 + b"]" * 65, b'{"a":', b"{not json}", b'{"a":NaN}'])
def test_what_is_no_json_for_us_is_shown_as_it_came(body: bytes) -> None:
    shown = readable(body, JSON)
    assert shown.made == ""
    assert shown.received.replace("\n", "") == body.decode()


def test_a_large_message_is_shown_in_part() -> None:
    body = json.dumps([{"name": "x" * 100}] * 10_000).encode()
    shown = readable(body, JSON)
    assert not shown.whole
    assert shown.made.splitlines()[:3] == ["[", "  {", f'    "name": "{"x" * 100}"']
    assert len(shown.made) <= MOST_BYTES + MOST_LINES
    assert readable(b'{"a":1}', JSON).whole


def test_the_part_that_is_shown_may_end_within_a_letter() -> None:
    assert readable("ä".encode() * MOST_BYTES, "text/plain").form is Form.TEXT
    assert readable(b"x" + "ä".encode() * MOST_BYTES, "text/plain").form is Form.TEXT


def test_nothing_is_nothing() -> None:
    assert readable(b"", JSON).form is Form.EMPTY


@settings(max_examples=300)
@given(
    body=st.one_of(st.binary(max_size=600), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))),
    content_type=st.one_of(st.sampled_from([JSON, FORM, "text/xml", ""]), st.text(max_size=60)),
)
def test_any_bytes_are_shown_and_nothing_in_them_is_hidden(body: bytes, content_type: str) -> None:
    shown = readable(body, content_type)
    for text in (shown.made, shown.received):
        lines = text.split("\n")
        assert len(lines) <= MOST_LINES * 2
        assert all(char.isprintable() or char == "\t" for line in lines for char in line)
        assert max(map(len, lines)) <= 1_000
