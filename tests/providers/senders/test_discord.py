"""What Discord tells, and the answers it knows."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.messages.verdict import Accepted
from tests.providers.cases import BY_ID
from tests.providers.senders.said import notice, told, verdict

DISCORD = BY_ID["discord"]


def discord(**body: Any) -> Event:
    return told(DISCORD, body)


def test_discord_tells_what_was_used_and_by_whom() -> None:
    user = {"user": {"username": "maya", "global_name": "Maya"}}
    command = discord(
        type=2, id="3", member=user, data={"name": "stock", "options": [{"name": "item", "value": "Roses"}, 5]}
    )

    assert notice(command) == Notice("/stock was used in Discord", "item: Roses", "Maya")
    assert (command.id, command.type) == ("3", "command")
    assert notice(discord(type=5, id="4", user={"username": "tom"})).title == "Form in Discord"
    assert discord(type=4, id="5").kind is Kind.OTHER


def test_discords_events_say_type_one_too() -> None:
    happened = {
        "type": "APPLICATION_AUTHORIZED",
        "timestamp": "2026-11-20T10:00:00",
        "data": {"user": {"username": "m"}},
    }

    event = discord(version=1, application_id="2", type=1, event=happened)

    assert notice(event) == Notice("Your app was added in Discord", name="m")
    assert event.type == "APPLICATION_AUTHORIZED"
    bought = discord(type=1, event={"type": "ENTITLEMENT_CREATE"})
    assert notice(bought).title == "New purchase in Discord"


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        ({"type": 2, "data": {"name": "x"}}, 200, {"type": 4, "data": {"content": "Noted.", "flags": 64}}),
        ({"type": 3}, 200, {"type": 6}),
        ({"type": 4}, 200, {"type": 8, "data": {"choices": []}}),
        ({"type": 1, "event": {"type": "ENTITLEMENT_CREATE"}}, 204, None),
        ({"type": True}, 204, None),
    ],
)
def test_discord_gets_the_answers_it_knows(body: dict[str, Any], status: int, answer: Any) -> None:
    found = verdict(DISCORD, body)

    assert isinstance(found, Accepted)
    assert found.answer.status == status
    assert (json.loads(found.answer.body) if found.answer.body else None) == answer
