"""What Slack tells of people, commands and buttons, and how its question is answered."""

from typing import Any

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.messages.verdict import Accepted, Answer
from tests.providers.cases import BY_ID, NOW, judge, judged, signed
from tests.providers.senders.said import challenged, notice, told, verdict

SLACK = BY_ID["slack"]


def slack(**event: Any) -> Event:
    return told(SLACK, {"type": "event_callback", "event_id": "Ev1", "event_time": NOW // 1000 - 5, "event": event})


def test_slack_tells_what_people_write() -> None:
    event = slack(type="message", text="order 17 is late")

    assert notice(event) == Notice("New message in Slack", "order 17 is late")
    assert (event.id, event.type, event.occurred_at) == ("Ev1", "message", NOW - 5000)
    for quiet in ({"subtype": "message_changed"}, {"bot_id": "B1"}, {"subtype": "channel_join"}):
        assert slack(type="message", text="x", **quiet).kind is Kind.OTHER
    assert notice(slack(type="app_mention", text="hi")).title == "Your app was mentioned in Slack"
    assert notice(slack(type="channel_archive", channel="C1")).title == "Channel archive in Slack"
    assert told(SLACK, {"type": "app_rate_limited"}).kind is Kind.OTHER


def test_slack_tells_who_joined() -> None:
    user = {"id": "U1", "profile": {"real_name": "Maya Ruiz", "email": "maya@example.com"}}

    assert notice(slack(type="team_join", user=user)) == Notice(
        "Maya Ruiz joined your Slack", "", "Maya Ruiz", "maya@example.com"
    )


def test_slack_commands_and_buttons_come_as_forms() -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    command = judged(SLACK, b"command=%2Fstock&text=roses&user_name=maya&trigger_id=398.1", **form)
    button = judged(SLACK, b"payload=%7B%22type%22%3A%22block_actions%22%2C%22trigger_id%22%3A%22T9%22%7D", **form)

    assert notice(command) == Notice("/stock was used in Slack", "roses", "maya")
    assert (command.id, command.type) == ("398.1", "slash_command")
    assert notice(button).title == "Block actions in Slack"
    assert button.id == "T9"
    verdict = judge(SLACK, signed(SLACK, b"command=%2Fstock", **form))
    assert isinstance(verdict, Accepted)
    assert verdict.answer == Answer(200, b"")


def test_slacks_question_is_answered_with_its_own_words_alone() -> None:
    answer = challenged(verdict(SLACK, {"type": "url_verification", "challenge": "<b>3eZbrw1aBm</b>"}))

    assert answer == Answer(200, b"<b>3eZbrw1aBm</b>", "text/plain")
    assert isinstance(verdict(SLACK, {"type": "url_verification", "challenge": 7}), Accepted)
