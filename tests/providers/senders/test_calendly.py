"""What Calendly tells of appointments, and how long it is believed."""

from typing import Any

import pytest

from shopwatch.domain.instant import MINUTE, SECOND
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Answered, Contact
from shopwatch.domain.messages.verdict import Reason, Rejected
from tests.providers.cases import BY_ID, NOW, judge, practice
from tests.providers.senders.said import contact, told

CALENDLY = BY_ID["calendly"]


def booking(event: str, **payload: Any) -> dict[str, Any]:
    uri = "https://api.calendly.com/scheduled_events/E1/invitees/I1"
    return {"event": event, "created_at": "2026-11-24T05:59:00.000000Z", "payload": {"uri": uri} | payload}


def test_calendly_tells_who_books_with_their_answers() -> None:
    answers = [{"question": "Colour?", "answer": "Blue"}, {"question": "", "answer": "x"}, None]
    appointment = {"name": "Visit", "start_time": "2026-12-01T15:00:00.000000Z"}

    event = told(
        CALENDLY,
        booking(
            "invitee.created",
            name="Ada",
            email="ada@example.com",
            text_reminder_number="+1 555",
            questions_and_answers=answers,
            scheduled_event=appointment,
        ),
    )

    assert event.id == "invitee.created:https://api.calendly.com/scheduled_events/E1/invitees/I1"
    assert contact(event) == Contact(
        "https://api.calendly.com/scheduled_events/E1/invitees/I1",
        name="Ada",
        email="ada@example.com",
        phone="+1 555",
        form="Visit",
        did="invitee.created",
        fields=(Answered("Colour?", "Blue"), Answered("start_time", "2026-12-01T15:00:00.000000Z")),
    )


def test_calendly_tells_what_was_paid_for_an_appointment() -> None:
    """As the reference of webhook payloads shows it (developer.calendly.com)."""
    payment = {"external_id": "ch_1", "provider": "stripe", "amount": 1234.56, "currency": "USD", "terms": "sixty"}
    person = {"name": "Ada", "email": "ada@example.com"}

    paid = told(CALENDLY, booking("invitee.created", payment=payment | {"successful": True}, **person))
    failed = told(CALENDLY, booking("invitee.created", payment=payment | {"successful": False}, **person))

    assert contact(paid).fields == (Answered("payment", "1234.56 USD"), Answered("payment.successful", "true"))
    assert contact(failed).fields[1] == Answered("payment.successful", "false")
    others: list[Any] = [None, [], "free", {}, {"amount": None, "currency": 3}, {"amount": {"a": 1}}]
    for odd in others:
        assert contact(told(CALENDLY, booking("invitee.created", payment=odd, **person))).email == "ada@example.com"


def test_calendly_cancellations_are_events_of_their_own() -> None:
    person = {"name": "Ada", "email": "ada@example.com"}

    created, cancelled = (told(CALENDLY, booking(f"invitee.{did}", **person)) for did in ("created", "canceled"))

    assert created.id != cancelled.id
    assert contact(cancelled).did == "invitee.canceled"
    assert told(CALENDLY, booking("event_type.updated", color="#fff")).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("later", "reason"),
    [(3 * MINUTE, None), (3 * MINUTE + SECOND, Reason.TOO_OLD), (-6 * MINUTE, Reason.FROM_THE_FUTURE)],
)
def test_calendly_messages_are_believed_for_three_minutes(later: int, reason: Reason | None) -> None:
    verdict = judge(CALENDLY, practice(CALENDLY), now=NOW + later)

    assert (verdict.reason if isinstance(verdict, Rejected) else None) is reason
