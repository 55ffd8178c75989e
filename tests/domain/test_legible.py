import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.legible import legible, shorten


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
    started = time.perf_counter()
    shown = legible("N" * 1_048_576, 40)
    assert time.perf_counter() - started < 0.05
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
