"""What Mailchimp tells of an audience, and where its secret counts."""

from urllib.parse import urlencode

import pytest

from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.happening import Answered, Contact
from shopwatch.domain.messages.verdict import Reason
from tests.providers.cases import BY_ID, SECRET, URL, judge, practice, rejected
from tests.providers.senders.said import contact, notice, told

MAILCHIMP = BY_ID["mailchimp"]


def audience(did: str, **data: str) -> str:
    fields = {"type": did, "fired_at": "2026-11-24 05:59:00", "data[list_id]": "a6b5"}
    return urlencode(fields | {f"data{name}": value for name, value in data.items()})


def test_mailchimp_fields_keep_their_names() -> None:
    body = audience(
        "subscribe",
        **{"[id]": "8a25", "[email]": "ada@example.com", "[merges][FNAME]": "Ada", "[merges][LNAME]": "Field"},
        **{"[merges][PHONE]": "555", "[merges][ADDRESS][city]": "Berlin", "[merges][EMPTY]": "", "[ip_opt]": "::1"},
    )

    event = told(MAILCHIMP, body)

    assert event.type == "subscribe"
    assert contact(event) == Contact(
        "8a25",
        name="Ada Field",
        email="ada@example.com",
        phone="555",
        did="subscribe",
        fields=(
            Answered("FNAME", "Ada"),
            Answered("LNAME", "Field"),
            Answered("PHONE", "555"),
            Answered("ADDRESS city", "Berlin"),
        ),
    )


@pytest.mark.parametrize(
    ("did", "data", "email"),
    [
        ("unsubscribe", {"[id]": "1", "[email]": "ada@example.com", "[reason]": "manual"}, "ada@example.com"),
        ("profile", {"[id]": "1", "[email]": "ada@example.com"}, "ada@example.com"),
        ("cleaned", {"[email]": "ada@example.com", "[reason]": "hard"}, "ada@example.com"),
        (
            "upemail",
            {"[new_id]": "2", "[new_email]": "new@example.com", "[old_email]": "o@example.com"},
            "new@example.com",
        ),
    ],
)
def test_mailchimp_tells_who_changes_and_who_leaves(did: str, data: dict[str, str], email: str) -> None:
    event = told(MAILCHIMP, audience(did, **data))

    assert (contact(event).did, contact(event).email) == (did, email)


def test_mailchimp_campaigns_are_notices() -> None:
    body = audience("campaign", **{"[subject]": "Spring is here", "[status]": "sent"})

    assert notice(told(MAILCHIMP, body)).text == "Spring is here: sent"


def test_mailchimp_events_are_told_apart() -> None:
    one = {"[id]": "1", "[email]": "ada@example.com"}
    bodies = [
        audience("subscribe", **one),
        audience("unsubscribe", **one),
        audience("subscribe", **one | {"[id]": "2"}),
        audience("subscribe", **one).replace("05%3A59", "06%3A00"),
    ]

    assert len({told(MAILCHIMP, body).id for body in bodies}) == 4
    assert told(MAILCHIMP, bodies[0]).id == told(MAILCHIMP, bodies[0] + "&data%5Bip_opt%5D=203.0.113.9").id


@pytest.mark.parametrize("query", ["", "?secret=", "?secret=guess", "?Secret=" + SECRET, "?a=secret"])
def test_mailchimp_shows_its_secret_in_the_address_alone(query: str) -> None:
    request = practice(MAILCHIMP)
    moved = Request("POST", URL + query, request.headers, request.body + f"&secret={SECRET}".encode())

    assert rejected(judge(MAILCHIMP, moved)).reason in (Reason.TOKEN_MISSING, Reason.TOKEN_MISMATCH)
