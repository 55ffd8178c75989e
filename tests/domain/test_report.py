"""Reports are kept as codes with what is filled in, and said in the language of whoever reads them."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain import i18n
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import Phrase, phrase, phrase_n, say
from shopwatch.domain.report import NOTHING, Report, kept, read, report, reported
from tests.catalogue import Catalogue

GERMAN = {
    "{name} does not answer.": "{name} antwortet nicht.",
    "{n} hours": "{n} Stunden",
    "Your database refused this.": "Ihre Datenbank lehnt das ab.",
}


@pytest.fixture
def german() -> Iterator[None]:
    i18n.install(Catalogue(lambda sentence: GERMAN.get(sentence, sentence)))
    yield
    i18n.install(None)


def test_what_was_kept_is_said_in_the_language_of_now(german: None) -> None:
    i18n.install(None)
    text = kept(report("unanswered", phrase("{name} does not answer.", name="Till")))
    assert str(read(text)) == "Till does not answer."
    i18n.install(Catalogue(lambda sentence: GERMAN.get(sentence, sentence)))

    told = read(text)

    assert (told.code, str(told)) == ("unanswered", "Till antwortet nicht.")


def test_a_number_is_said_as_its_language_does(german: None) -> None:
    assert str(phrase_n("{n} hour", "{n} hours", 3)) == "3 Stunden"


def test_the_other_sides_own_words_stand_apart() -> None:
    told = read(kept(report("not-accepted", phrase("{name} did not accept it.", name="Till"), words="HTTP 500")))

    assert (told.sentence, told.words) == ("Till did not accept it.", "HTTP 500")
    assert str(told) == "Till did not accept it: HTTP 500"


def test_an_error_is_reported_with_its_code_and_its_hint(german: None) -> None:
    away = Outage(phrase("Your database refused this."), words="no such table", code="database-refused")
    plain = UserError(say("It is gone."), say("Look for it."), code="gone")

    assert str(away) == "Ihre Datenbank lehnt das ab. It said: no such table"
    assert read(kept(reported(away))) == Report(
        "database-refused", (Phrase("Your database refused this."),), "no such table"
    )
    assert str(read(kept(reported(plain)))) == "It is gone. Look for it."


@pytest.mark.parametrize("text", ["550 no such box", "{", '{"said": 5}', "[]", "null", "{name} is gone."])
def test_what_is_no_report_is_shown_as_it_is(text: str) -> None:
    assert str(read(text)) == text


def test_nothing_is_kept_as_nothing() -> None:
    assert kept(NOTHING) == ""
    assert read("") == NOTHING
    assert not str(NOTHING)


@given(st.text(max_size=2000), st.text(max_size=2000))
def test_no_value_from_outside_becomes_a_sentence_or_too_long(name: str, said: str) -> None:
    text = kept(report("x", phrase("{name} does not answer.", name=name), words=said))

    assert len(text) < 8000
    assert read(text).said[0].text == "{name} does not answer."
    assert "\0" not in text
