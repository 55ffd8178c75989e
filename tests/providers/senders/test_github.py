"""What GitHub tells in words, what it says all day, and which of its signatures counts."""

import hmac
from typing import Any

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.messages.verdict import Reason, Rejected
from tests.providers.cases import BY_ID, SECRET, judge, practice
from tests.providers.senders.said import notice, told

GITHUB = BY_ID["github"]


def github(event: str, **body: Any) -> Event:
    about = {"repository": {"full_name": "bloom/shop"}, "sender": {"login": "maya"}} | body
    return told(GITHUB, about, X_GitHub_Event=event)


@pytest.mark.parametrize(
    ("event", "body", "title", "text"),
    [
        ("star", {"action": "created"}, "New star on bloom/shop", ""),
        ("fork", {"forkee": {"full_name": "maya/shop"}}, "New fork of bloom/shop", "maya/shop"),
        ("issues", {"action": "opened", "issue": {"title": "Broken"}}, "New issue on bloom/shop", "Broken"),
        ("issue_comment", {"action": "created", "comment": {"body": "Yes"}}, "New comment on bloom/shop", "Yes"),
        (
            "pull_request",
            {"action": "opened", "pull_request": {"title": "Fix"}},
            "New pull request on bloom/shop",
            "Fix",
        ),
        ("pull_request", {"action": "closed", "pull_request": {}}, "Pull request closed on bloom/shop", ""),
        (
            "pull_request",
            {"action": "closed", "pull_request": {"merged": True}},
            "Pull request merged on bloom/shop",
            "",
        ),
        ("release", {"action": "published", "release": {"tag_name": "v2"}}, "New release of bloom/shop", "v2"),
        ("push", {"commits": [{}]}, "1 new commit on bloom/shop", ""),
        ("push", {"commits": [{}, {}], "head_commit": {"message": "Fix"}}, "2 new commits on bloom/shop", "Fix"),
        ("sponsorship", {"action": "created", "sponsorship": {"tier": {"name": "$5"}}}, "New sponsor on GitHub", "$5"),
        (
            "workflow_run",
            {"action": "completed", "workflow_run": {"conclusion": "failure", "name": "CI"}},
            "A workflow failed on bloom/shop",
            "CI",
        ),
        ("deployment", {"action": "created"}, "Deployment created on bloom/shop", ""),
    ],
)
def test_github_events_are_told_in_words(event: str, body: dict[str, Any], title: str, text: str) -> None:
    assert notice(github(event, **body)) == Notice(title, text, "maya")


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("star", {"action": "deleted"}),
        ("issues", {"action": "labeled"}),
        ("push", {"commits": []}),
        ("workflow_run", {"action": "completed", "workflow_run": {"conclusion": "success"}}),
        ("check_run", {"action": "created"}),
    ],
)
def test_what_github_says_all_day_is_kept_quietly(event: str, body: dict[str, Any]) -> None:
    assert github(event, **body).kind is Kind.OTHER


def test_githubs_ping_is_its_test() -> None:
    assert github("ping", zen="Keep it logically awesome.").kind is Kind.TEST


def test_githubs_weaker_header_counts_for_nothing() -> None:
    made = practice(GITHUB)
    weak = "sha1=" + hmac.new(SECRET.encode(), made.body, "sha1").hexdigest()
    lines = [line for line in made.headers.lines if line[0] != b"X-Hub-Signature-256"]
    request = replace(made, headers=Headers((*lines, (b"X-Hub-Signature", weak.encode()))))

    assert judge(GITHUB, request) == Rejected(Reason.SIGNATURE_MISSING)
