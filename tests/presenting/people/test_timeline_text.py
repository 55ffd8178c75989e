"""A person and their time line in words."""

from dataclasses import replace
from datetime import date

import pytest

from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import (
    Answered,
    ChangedFile,
    CheckIn,
    Contact,
    FileChange,
    Happening,
    Media,
    Notice,
    TextMessage,
)
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleState
from shopwatch.ledger.people.query import PersonMoment
from shopwatch.presenting.outside_text import breakable
from shopwatch.presenting.people.person_text import person_text, since_text
from shopwatch.presenting.people.timeline_text import Entry, entry_of
from shopwatch.presenting.times import local
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import sale_row
from tests.ui.people.persons import person

TODAY: date = local(NOON).date()


def told(happening: Happening, **changes: bool) -> Entry:
    rule_input = PersonMoment(1, NOON, "src", "hubspot", None, happening, **changes)
    return entry_of(rule_input, "en_US", TODAY, {"src": "Our forms"})


@pytest.mark.parametrize(
    ("happening", "sentence", "note", "words"),
    [
        (
            Contact("1", form="Ask us", did="created", company="Lindqvist & Co"),
            "Filled in “Ask us”",
            "Our forms · Lindqvist & Co · created",
            "",
        ),
        (Contact("1"), "Left their details", "Our forms", ""),
        (
            TextMessage("1", "+1555", "+1666", "Is it open?", place="Portland"),
            "Text message",
            "Our forms · Portland · to +1666",
            "“Is it open?”",
        ),
        (CheckIn("1", "Riverside", remark="Lovely"), "Arrived at Riverside", "Our forms", "“Lovely”"),
        (Notice("A push", "3 commits"), "A push", "Our forms", "3 commits"),
        (FileChange(("a",), (ChangedFile("/a"),)), "1 file changed", "Our forms", ""),
    ],
)
def test_each_kind_is_told_in_its_own_words(happening: Happening, sentence: str, note: str, words: str) -> None:
    entry = told(happening)
    assert (entry.sentence, entry.note, entry.words) == (sentence, note, words)


def test_fields_stand_as_the_sender_named_them() -> None:
    fields = (Answered("Your wish", "Peonies"), Answered("q_17", ""), Answered("", ""), Answered("<b>x</b>", "<i>"))
    assert told(Contact("1", fields=fields)).fields == (("Your wish", "Peonies"), ("q_17", ""), ("<b>x</b>", "<i>"))
    many = told(Contact("1", fields=(Answered("a", "b"),) * 500)).fields
    assert len(many) == 31
    assert many[-1] == ("", "and 470 more fields")


def test_pictures_are_addresses_only() -> None:
    media = tuple(Media(f"https://x.example/{n}", "image/png") for n in range(40))
    entry = told(TextMessage("1", "+1555", media=media))
    assert entry.addresses[0] == "https://x.example/0"
    assert len(entry.addresses) == 10


def test_practice_and_test_mode_say_so() -> None:
    assert told(Contact("1"), practice=True).note == "Practice · Our forms"
    assert told(Contact("1"), live=False).note == "Test mode · Our forms"


def test_an_order_is_told_as_it_stands_now_and_leads_to_the_sale() -> None:
    row = sale_row(7, state=SaleState.PART_REFUNDED, given_back=Money(500, "USD"))
    entry = entry_of(PersonMoment(1, NOON, "src-paynow", "paynow", row), "en_US", TODAY, {})
    assert entry.sentence == "Order PN-7, $5.07"
    assert entry.note == "Peony bunch × 2 · Part refund · PayNow"
    assert entry.sale == 7


def test_nothing_hides_in_what_is_told() -> None:
    odd = "\u202e$99\u2066\u200b\x00\x1b" + "x" * 5_000
    entry = told(Contact(odd, odd, odd, odd, odd, odd, odd, (Answered(odd, odd),)))
    everything = [entry.sentence, entry.note, entry.words, *(text for field in entry.fields for text in field)]
    assert not set("\u202e\u2066\u200b\x00\x1b") & set("".join(everything))
    assert max(map(len, everything)) < 2_000


@pytest.mark.parametrize(
    ("changes", "cells"),
    [
        ({}, ("Person 1", "p1@example.com", "1", "$10.01")),
        ({"name": ""}, ("p1@example.com", "", "1", "$10.01")),
        ({"name": "", "emails": (), "phones": ("+1555",)}, ("+1555", "", "1", "$10.01")),
        ({"name": "", "phones": ("+1555",)}, ("p1@example.com", "+1555", "1", "$10.01")),
        ({"orders": 0, "totals": ()}, ("Person 1", "p1@example.com", "–", "–")),
        ({"totals": (Money(100, "USD"), Money(200, "EUR"))}, ("Person 1", "p1@example.com", "1", "$1.00 + €2.00")),
        (
            {"totals": (Money(100, "USD"), Money(200, "EUR"), Money(300, "GBP"))},
            ("Person 1", "p1@example.com", "1", "$1.00 + 2 more"),
        ),
    ],
)
def test_a_row_says_who_and_how_to_reach_them(changes: dict[str, object], cells: tuple[str, ...]) -> None:
    assert person_text(person(1, **changes), "en_US", TODAY).cells()[:4] == cells


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (Kind.SALE, "Order"),
        (Kind.CONTACT, "Contact"),
        (Kind.MESSAGE, "Text message"),
        (Kind.CHECK_IN, "Check-in"),
        (Kind.NOTICE, "Notice"),
    ],
)
def test_the_latest_is_said_in_a_word(kind: Kind, word: str) -> None:
    assert person_text(person(1, last_kind=kind), "en_US", TODAY).latest == word


def test_the_head_counts_orders_and_says_since_when() -> None:
    assert since_text(person(1, orders=4), "en_GB", TODAY).startswith("4 orders, first heard of today at ")
    assert since_text(replace(person(1), orders=0), "en_US", TODAY).startswith("No order yet, first heard of today at ")


def test_long_words_get_places_to_break() -> None:
    assert breakable("short words stay") == "short words stay"
    broken = breakable("x" * 100)
    assert max(map(len, broken.split("\u200b"))) == 24
    assert broken.replace("\u200b", "") == "x" * 100
