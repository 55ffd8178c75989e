from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.actions.ring.coalescing import TEXT, TITLE, NotificationPreferences, PopUp
from shopwatch.actions.ring.happening_popups import HappeningPopUps
from shopwatch.domain.facts import NotificationsDue
from shopwatch.domain.messages.happening import (
    ChangedFile,
    CheckIn,
    Contact,
    FileChange,
    Happening,
    Media,
    Notice,
    TextMessage,
)
from shopwatch.domain.rules.popup import Destination, Topic
from tests.actions.happenings import happening

NAMES = {"hubspot": "HubSpot", "twilio": "Twilio", "dropbox": "Dropbox", "foursquare": "Foursquare", "github": "GitHub"}
TWO_FILES = (ChangedFile("/orders/a.pdf"), ChangedFile("/orders/b.pdf", removed=True))


def popups() -> HappeningPopUps:
    return HappeningPopUps(lambda source: NAMES.get(source, source))


def only(told: Happening, source: str = "hubspot", preferences: NotificationPreferences | None = None) -> PopUp:
    decision = popups().add(
        NotificationsDue(happenings=(happening(told, source=source),)), 0.0, preferences or NotificationPreferences()
    )
    (popup,) = decision.popups
    return popup


@pytest.mark.parametrize(
    ("told", "source", "title", "text"),
    [
        (
            Contact("1", "Maya Lindqvist", "maya@example.com", form="Ask us"),
            "hubspot",
            "New contact from HubSpot: Maya Lindqvist",
            "maya@example.com\nAsk us",
        ),
        (Contact("1", email="m@x.example"), "hubspot", "New contact from HubSpot: m@x.example", "m@x.example"),
        (Contact("1"), "hubspot", "New contact from HubSpot", "From HubSpot"),
        (Contact("1", "Ben", did="contact.creation"), "hubspot", "New contact from HubSpot: Ben", "From HubSpot"),
        (Contact("1", "Ben", did="unsubscribe"), "hubspot", "Contact left HubSpot: Ben", "From HubSpot"),
        (Contact("1", "Ben", did="invitee.canceled"), "hubspot", "Contact left HubSpot: Ben", "From HubSpot"),
        (
            Contact("1", "Ben", did="invitee_no_show.deleted"),
            "hubspot",
            "Contact changed in HubSpot: Ben",
            "From HubSpot",
        ),
        (Contact("1", "Ben", did="propertyChange"), "hubspot", "Contact changed in HubSpot: Ben", "From HubSpot"),
        (
            TextMessage("1", "+1 555 010 2030", text="Is the shop open?"),
            "twilio",
            "Text from +1 555 010 2030",
            "“Is the shop open?”",
        ),
        (TextMessage("1", "+1555", media=(Media("https://x.example"),)), "twilio", "Text from +1555", "1 picture"),
        (TextMessage("1", "+1555", text="So?", name="Ben"), "twilio", "Text from Ben", "“So?”"),
        (FileChange(("a",), TWO_FILES), "dropbox", "Dropbox: 2 files changed", "a.pdf, b.pdf"),
        (FileChange(("a",), TWO_FILES * 2), "dropbox", "Dropbox: 4 files changed", "a.pdf, b.pdf, a.pdf and more"),
        (FileChange(("a",)), "dropbox", "Dropbox: files have changed", "From Dropbox"),
        (CheckIn("1", "Riverside", "Ben"), "foursquare", "Ben arrived at Riverside", "From Foursquare"),
        (CheckIn("1", "Riverside", remark="Lovely"), "foursquare", "Somebody arrived at Riverside", "“Lovely”"),
        (Notice("A push to main", "3 commits"), "github", "A push to main", "3 commits"),
        (Notice(""), "github", "A notice from GitHub", "From GitHub"),
    ],
)
def test_each_kind_has_its_own_words(told: Happening, source: str, title: str, text: str) -> None:
    popup = only(told, source)
    assert (popup.title, popup.text) == (title, text)


@pytest.mark.parametrize(
    ("told", "title"),
    [
        (Contact("1", "Maya"), "A contact came in"),
        (Contact("1", "Maya", did="deleted"), "A contact has left"),
        (Contact("1", "Maya", did="updated"), "A contact has changed"),
        (TextMessage("1", "+1555", text="Hi"), "A text came in"),
        (FileChange(("a",), TWO_FILES), "Files have changed"),
        (CheckIn("1", "Riverside", "Ben"), "Somebody checked in"),
        (Notice("Maya pushed"), "A notice came in"),
    ],
)
def test_names_stay_out_where_the_owner_hides_them(told: Happening, title: str) -> None:
    popup = only(told, preferences=replace(NotificationPreferences(), hide_details=True))
    assert (popup.title, popup.text) == (title, "From HubSpot")


def test_practice_and_test_mode_are_not_taken_for_real() -> None:
    rows = (happening(Contact("1", "Maya"), practice=True), happening(Contact("1", "Ben"), live=False))
    titles = [
        popup.title for popup in popups().add(NotificationsDue(happenings=rows), 0.0, NotificationPreferences()).popups
    ]
    assert titles == ["Practice: New contact from HubSpot: Maya", "Test: New contact from HubSpot: Ben"]


def test_it_leads_to_the_person_or_where_there_is_none_to_the_message() -> None:
    known, unknown = happening(Contact("1", "Maya"), person=7), happening(TextMessage("1", "SHOPNEWS"))
    opens = [
        popup.opens
        for popup in popups().add(NotificationsDue(happenings=(known, unknown)), 0.0, NotificationPreferences()).popups
    ]
    assert opens == [Destination(Topic.PERSON, 7), Destination(Topic.MESSAGE, unknown.id)]


def test_the_fourth_of_a_kind_within_ten_seconds_folds_them_into_one() -> None:
    told = popups()
    singles = [
        told.add(
            NotificationsDue(happenings=(happening(TextMessage(str(n), "+1555"), person=n),)),
            n,
            NotificationPreferences(),
        ).popups
        for n in range(3)
    ]
    (folded,) = told.add(
        NotificationsDue(happenings=(happening(TextMessage("3", "+1555"), source="twilio", person=4),)),
        3.0,
        NotificationPreferences(),
    ).popups
    assert folded.title == "4 texts"
    assert folded.text == "In the last minute, from HubSpot and Twilio"
    assert folded.ends == tuple(popup.key for (popup,) in singles)
    assert folded.opens == Destination(Topic.PERSON)
    (other,) = told.add(
        NotificationsDue(happenings=(happening(Contact("1", "Maya")),)), 3.0, NotificationPreferences()
    ).popups
    assert other.count == 1


text = st.text(max_size=300)


@given(
    st.one_of(
        st.builds(Contact, text, text, text, text, text, text, text),
        st.builds(TextMessage, text, text, text, text, text, text),
        st.builds(FileChange, st.just(("a",)), st.lists(st.builds(ChangedFile, text), max_size=6).map(tuple)),
        st.builds(CheckIn, text, text, text, text, text, text),
        st.builds(Notice, text, text),
    ),
    text,
    st.booleans(),
)
def test_any_text_fits_and_nothing_hides_in_it(told: Happening, sender: str, practice: bool) -> None:
    made = HappeningPopUps(lambda _source: "HubSpot")
    (popup,) = made.add(
        NotificationsDue(happenings=(happening(told, source=sender, practice=practice),)),
        0.0,
        NotificationPreferences(),
    ).popups
    assert 0 < len(popup.title) <= TITLE
    assert 0 < len(popup.text) <= TEXT
    assert not set("\u202e\u2066\u200b\x00\x1b\r") & set(popup.title + popup.text)


@pytest.mark.parametrize("told", [Contact("1", "<b>Maya</b>"), TextMessage("1", "+1", text="<img src=x>", name="<a>")])
def test_markup_stays_text(told: Happening) -> None:
    popup = only(told)
    assert "<" in popup.title + popup.text
    assert "&lt;" not in popup.title + popup.text


def test_a_source_that_fell_silent_is_opened_itself_for_there_is_no_message() -> None:
    row = replace(happening(Notice("PayNow has fallen silent", "Usually more comes."), source="paynow"), silent=True)
    (popup,) = popups().add(NotificationsDue(happenings=(row,)), 0.0, NotificationPreferences()).popups

    assert (popup.title, popup.text) == ("PayNow has fallen silent", "Usually more comes.")
    assert popup.opens == Destination(Topic.SOURCE)
