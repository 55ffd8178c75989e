"""What Microsoft 365 tells of changes, and the word that each of them shows."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.messages.verdict import Answer, Reason, Rejected, Verdict
from shopwatch.providers.kit.token import REDACTED
from tests.providers.cases import BY_ID, SECRET, accepted, judge, practice
from tests.providers.senders.said import asked, challenged, notice

GRAPH = BY_ID["microsoft-graph"]


def graph(*notifications: Any, state: str | None = SECRET) -> Verdict:
    value = [each | ({"clientState": state} if state is not None else {}) for each in notifications]
    return judge(GRAPH, Request("POST", "https://shop.example/in/x", Headers(), json.dumps({"value": value}).encode()))


MAIL = {"changeType": "created", "resource": "users/1", "resourceData": {"@odata.type": "#Microsoft.Graph.Message"}}


@pytest.mark.parametrize(
    ("notifications", "title", "text"),
    [
        ((MAIL,), "New e-mail in Microsoft 365", "users/1"),
        ((MAIL, MAIL), "New e-mail in Microsoft 365", "and 1 more change"),
        ((MAIL, MAIL, MAIL), "New e-mail in Microsoft 365", "and 2 more changes"),
        (
            ({"changeType": "updated", "resourceData": {"@odata.type": "#x.driveItem"}},),
            "Files changed in Microsoft 365",
            "",
        ),
        (
            ({"changeType": "deleted", "resourceData": {"@odata.type": "#x.event"}},),
            "Event deleted in Microsoft 365",
            "",
        ),
        (({"lifecycleEvent": "reauthorizationRequired"},), "Microsoft asks you to renew its messages", ""),
        (({"lifecycleEvent": "subscriptionRemoved"},), "Microsoft has stopped sending messages", ""),
    ],
)
def test_microsoft_tells_what_changed(notifications: tuple[Any, ...], title: str, text: str) -> None:
    assert notice(accepted(graph(*notifications))) == Notice(title, text)


def test_every_notification_shows_the_word_that_was_chosen() -> None:
    wrong = {"clientState": "another"}
    body = json.dumps({"value": [MAIL | {"clientState": SECRET}, MAIL | wrong]}).encode()

    def shown(written: bytes) -> Verdict:
        return judge(GRAPH, Request("POST", "", Headers(), written))

    assert shown(body) == Rejected(Reason.TOKEN_MISMATCH)
    assert graph(MAIL, state=None) == Rejected(Reason.TOKEN_MISSING)
    assert graph(MAIL, state="") == Rejected(Reason.TOKEN_MISSING)
    for nothing in (b"", b"[]", b"{}", b'{"value":[]}', b'{"value":[5]}', b'{"value":' + b"[" * 2000):
        assert shown(nothing) == Rejected(Reason.TOKEN_MISSING)
    many = json.dumps({"value": [MAIL | {"clientState": SECRET}] * 1001}).encode()
    assert shown(many) == Rejected(Reason.TOKEN_MISSING)


def test_microsofts_word_is_not_kept() -> None:
    request = practice(GRAPH)
    kept = GRAPH.kept(request, judge(GRAPH, request))

    assert SECRET.encode() not in kept.body
    assert REDACTED.encode() in kept.body
    broken = Request("POST", "", Headers(), b"[" * 5000)
    assert GRAPH.kept(broken, judge(GRAPH, broken)) is broken


def test_microsofts_question_is_answered_as_text() -> None:
    answer = challenged(asked(GRAPH, "validationToken=Validation%3A+a%2Bb%3Cscript%3E", "POST"))

    assert answer == Answer(200, b"Validation: a+b<script>", "text/plain")
    assert asked(GRAPH, "validationToken=x", "GET") == Rejected(Reason.METHOD)
    for odd in ("", "a&validationToken=b", "%ff", "x" * 4001):
        assert asked(GRAPH, f"validationToken={odd}", "POST") == Rejected(Reason.TOKEN_MISSING)
