"""What Foursquare tells of visitors, and where its secret counts."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from shopwatch.domain.instant import SECOND
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import CheckIn
from shopwatch.domain.messages.verdict import Reason
from tests.providers.cases import BY_ID, NOW, SECRET, URL, accepted, judge, rejected
from tests.providers.senders.said import FORM, JSON, notice, sent, told

FOURSQUARE = BY_ID["foursquare"]


def push(**parts: Any) -> str:
    return urlencode({name: json.dumps(value) for name, value in parts.items()})


CHECKED_IN = {"id": "4e6f", "createdAt": NOW // SECOND - 5, "venue": {"name": "Bloom"}, "shout": "Lovely"}


def test_foursquare_check_ins_are_told() -> None:
    user = {"firstName": "Jo", "lastName": "Walker", "contact": {"email": "jo@example.com", "phone": "+1555"}}

    event = told(FOURSQUARE, push(checkin=CHECKED_IN, user=user))

    assert (event.id, event.type, event.kind) == ("4e6f", "checkin", Kind.CHECK_IN)
    assert event.occurred_at == NOW - 5 * SECOND
    assert event.happening == CheckIn("4e6f", "Bloom", "Jo Walker", "jo@example.com", "+1555", "Lovely")
    silent = {name: value for name, value in CHECKED_IN.items() if name != "shout"} | {"user": {"firstName": "Jo"}}
    assert told(FOURSQUARE, push(checkin=silent)).happening == CheckIn("4e6f", "Bloom", "Jo")


@pytest.mark.parametrize("left", ["like", "tip", "photo"])
def test_foursquare_tells_what_people_leave(left: str) -> None:
    event = told(FOURSQUARE, push(**{left: {"id": "9", "text": "Try the peonies", "user": {"firstName": "Jo"}}}))

    assert (event.id, event.type) == ("9", left)
    assert "Foursquare" in str(notice(event).title)
    assert (notice(event).text, notice(event).name) == ("Try the peonies", "Jo")


def test_foursquare_secrets_count_only_in_their_own_place() -> None:
    body = json.dumps({"secret": SECRET, "eventType": "arrival", "venue": {"name": "Bloom"}}).encode()
    in_header = sent("POST", URL, body, **JSON, Pilgrim_Secret=SECRET)
    wrong = sent("POST", URL, body, **JSON, Pilgrim_Secret="guess")

    assert rejected(judge(FOURSQUARE, sent("POST", URL, body, **JSON)))
    assert rejected(judge(FOURSQUARE, sent("POST", f"{URL}?secret={SECRET}", b"a=b", **FORM)))
    assert rejected(judge(FOURSQUARE, wrong)).reason is Reason.TOKEN_MISMATCH
    assert accepted(judge(FOURSQUARE, in_header)).kind is Kind.CHECK_IN


def test_foursquare_departures_are_kept_and_not_told() -> None:
    body = json.dumps({"eventType": "departure", "venue": {"name": "Bloom"}}).encode()

    assert accepted(judge(FOURSQUARE, sent("POST", URL, body, **JSON, Pilgrim_Secret=SECRET))).kind is Kind.OTHER
