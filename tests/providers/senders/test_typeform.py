"""What Typeform tells of a form: answers under their questions, and who gave them."""

from typing import Any

import pytest

from tests.providers.cases import BY_ID
from tests.providers.senders.said import contact, told

TYPEFORM = BY_ID["typeform"]


def response(*answers: tuple[str, str, str, Any], event_type: str = "form_response", **beside: Any) -> dict[str, Any]:
    """A response to a form; each answer is the question, its reference, the answer's type and the answer."""
    fields = [{"id": f"f{n}", "title": title, "ref": ref} for n, (title, ref, _, _) in enumerate(answers)]
    return {
        "event_id": "01A",
        "event_type": event_type,
        "form_response": {
            "token": "t1",
            "submitted_at": "2026-11-24T05:59:00Z",
            "definition": {"title": "Quote", "fields": fields},
            "answers": [
                {"type": kind, kind: value, "field": {"id": f"f{n}", "ref": ref}}
                for n, (_, ref, kind, value) in enumerate(answers)
            ],
        }
        | beside,
    }


def test_typeform_answers_stand_under_their_questions() -> None:
    event = told(
        TYPEFORM,
        response(
            ("Your name", "a1", "text", "Ada Field"),
            ("E-mail", "a2", "email", "ada@example.com"),
            ("Call me at", "a3", "phone_number", "+1555"),
            ("How many?", "a4", "number", 12),
            ("Wrapped?", "a5", "boolean", False),
            ("Colour", "a6", "choice", {"label": "Blue"}),
            ("Kinds", "a7", "choices", {"labels": ["Peony", "Rose"], "other": "Fern"}),
            ("Own kind", "a8", "choice", {"other": "Moss"}),
            ("Deposit", "a9", "payment", {"amount": "12.50", "last4": "1234"}),
            ("Company", "b1", "text", "Field Ltd"),
            hidden={"utm_source": "spring"},
        ),
    )

    assert event.id == "t1"
    found = contact(event)
    assert (found.name, found.email, found.phone, found.company) == (
        "Ada Field",
        "ada@example.com",
        "+1555",
        "Field Ltd",
    )
    assert (found.form, found.did) == ("Quote", "form_response")
    assert [(each.label, each.value) for each in found.fields] == [
        ("Your name", "Ada Field"),
        ("E-mail", "ada@example.com"),
        ("Call me at", "+1555"),
        ("How many?", "12"),
        ("Wrapped?", "false"),
        ("Colour", "Blue"),
        ("Kinds", "Peony, Rose, Fern"),
        ("Own kind", "Moss"),
        ("Deposit", "12.50"),
        ("Company", "Field Ltd"),
        ("utm_source", "spring"),
    ]


@pytest.mark.parametrize(
    "answers",
    [
        [("First name", "x", "text", "Ada"), ("Last name:", "y", "text", "Field")],
        [("What are you called?", "first_name", "text", "Ada"), ("And then?", "last-name", "text", "Field")],
        [("?", "name", "text", "Ada Field"), ("Your name", "z", "text", "")],
    ],
)
def test_typeform_names_are_found_by_question_or_reference(answers: list[tuple[str, str, str, Any]]) -> None:
    assert contact(told(TYPEFORM, response(*answers))).name == "Ada Field"


def test_typeform_names_that_are_no_names_are_not_guessed() -> None:
    assert contact(told(TYPEFORM, response(("Name of your dog", "x", "text", "Rex")))).name == ""


def test_typeform_answers_on_their_way_are_no_repeats() -> None:
    answer = ("E-mail", "x", "email", "ada@example.com")

    begun, done = told(TYPEFORM, response(answer, event_type="form_response_partial")), told(TYPEFORM, response(answer))

    assert (begun.id, done.id) == ("01A", "t1")
    assert contact(begun).did == "form_response_partial"


def test_a_form_of_thousands_of_answers_is_read_as_far_as_anybody_reads() -> None:
    answers = [(f"Question {number}", "x", "text", "y") for number in range(2_000)]

    found = contact(told(TYPEFORM, response(*answers))).fields

    assert [each.label for each in found] == [f"Question {number}" for number in range(200)]
