"""What Zoom tells of meetings, and how its question is answered."""

import hmac
import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.messages.verdict import Accepted, Rejected
from shopwatch.domain.source import Secrets
from tests.providers.cases import BY_ID, NOW, SECRET, judge, signed
from tests.providers.senders.said import challenged, notice, told, verdict

ZOOM = BY_ID["zoom"]


def zoom(event: str, **told_of: Any) -> Event:
    return told(ZOOM, {"event": event, "event_ts": NOW - 5000, "payload": {"object": told_of}})


@pytest.mark.parametrize(
    ("event", "title"),
    [
        ("meeting.started", "Meeting started: Stock talk"),
        ("meeting.ended", "Meeting ended: Stock talk"),
        ("webinar.registration_created", "New registration: Stock talk"),
        ("recording.completed", "Recording ready: Stock talk"),
        ("meeting.participant_joined", "Meeting participant joined: Stock talk"),
        ("phone.callee_missed", "Phone callee missed: Stock talk"),
    ],
)
def test_zoom_tells_of_meetings(event: str, title: str) -> None:
    found = zoom(event, topic="Stock talk")

    assert notice(found).title == title
    assert found.occurred_at == NOW - 5000


def test_zoom_tells_who_registered_and_who_came() -> None:
    person = {"first_name": "Maya", "last_name": "Ruiz", "email": "maya@example.com", "phone": "+441"}

    registered = notice(zoom("meeting.registration_created", topic="Wreaths", registrant=person))
    came = notice(zoom("meeting.participant_joined", topic="Wreaths", participant={"user_name": "Maya"}))

    assert registered == Notice("New registration: Wreaths", "", "Maya Ruiz", "maya@example.com", "+441")
    assert came.title == "Maya joined Wreaths"


def test_zooms_question_is_answered_by_the_newest_secret_and_only_if_it_is_genuine() -> None:
    body = {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8"}}
    request = signed(ZOOM, json.dumps(body).encode())

    answer = challenged(judge(ZOOM, request))

    right = hmac.new(SECRET.encode(), b"qgg8", "sha256").hexdigest()
    assert json.loads(answer.body) == {"plainToken": "qgg8", "encryptedToken": right}
    assert isinstance(judge(ZOOM, request, Secrets(("another secret",))), Rejected)
    assert isinstance(judge(ZOOM, request, Secrets()), Rejected)
    assert isinstance(verdict(ZOOM, {"event": "endpoint.url_validation"}), Accepted)
