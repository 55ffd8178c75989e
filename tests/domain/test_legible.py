import json
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.legible import json_line, legible, shorten, unhidden


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("Priya Shah", "Priya Shah"),
        ("  Priya\t \r\nShah ", "Priya Shah"),
        ("Zoë Müller-Łukasz", "Zoë Müller-Łukasz"),
        ("<b>PAID</b> & co", "<b>PAID</b> & co"),
        ("12.\u202e00.1$", "12.⟨U+202E⟩00.1$"),
        ("a\u2066b\u2069c", "a⟨U+2066⟩b⟨U+2069⟩c"),
        ("pay\u200bnow", "pay⟨U+200B⟩now"),
        ("bell\x07\x1b[31m", "bell⟨U+0007⟩⟨U+001B⟩[31m"),
        ("one\u2028two", "one⟨U+2028⟩two"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("half\ud800", "half⟨U+D800⟩"),
        ("\U0001f469\u200d\U0001f33e", "\U0001f469\u200d\U0001f33e"),
        ("Zalgo e" + "\u0301" * 500 + "!", "Zalgo e" + "\u0301" * 3 + "!"),
        ("שלום", "\u2068שלום\u2069"),
        ("", ""),
    ],
)
def test_nothing_is_hidden(outside: str, shown: str) -> None:
    assert legible(outside) == shown


def test_a_joiner_in_a_latin_name_is_seen() -> None:
    assert legible("Pay\u200dNow") == "Pay⟨U+200D⟩Now"


def test_a_huge_name_costs_nothing_and_is_shortened() -> None:
    started = time.thread_time()
    shown = legible("N" * 1_048_576, 40)
    assert time.thread_time() - started < 0.05
    assert shown == "N" * 39 + "…"


def test_shorten_keeps_what_fits() -> None:
    assert shorten("Peony", 5) == "Peony"
    assert shorten("Peony bunch", 7) == "Peony…"


@given(st.text(), st.integers(min_value=4, max_value=50))
def test_any_text_fits_its_limit_and_can_be_encoded(text: str, limit: int) -> None:
    shown = legible(text, limit)
    assert len(shown) <= limit
    assert "\n" not in shown
    shown.encode()


UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def test_a_line_of_json_shows_everything_and_loses_nothing() -> None:
    """docs/attacks.md, F6: a terminal obeys some characters, and others turn what stands beside them."""
    every = {"a": [chr(code) for code in range(sys.maxunicode + 1)]}
    line = json_line(every)
    assert {char for char in line if unicodedata.category(char) in UNSEEN or char in "\u3164\u034f\u2800"} == set()
    assert json.loads(line) == every
    assert (
        json_line({"name": "Zo\u00eb \u0645\u0631\u062d\u0628\u0627 \U0001f338"})
        == '{"name": "Zo\u00eb \u0645\u0631\u062d\u0628\u0627 \U0001f338"}'
    )


@given(st.text())
def test_whatever_text_it_is_a_sentence_hides_nothing(outside: str) -> None:
    assert {unicodedata.category(char) for char in unhidden(outside) if char != "\t"} & set(UNSEEN) == set()
