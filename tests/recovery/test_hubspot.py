"""A contact of HubSpot that is told by a message, by what fills it in, and by a list is one, whatever comes first."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shopwatch.domain.facts import Outcome
from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.event import FILLS_IN, Event, Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.runtime.clock import now
from tests.recovery.scene import Scene
from tests.standin.lists import Entry
from tests.standin.lists_notices import HubSpot
from tests.standin.site import serving

RING = RuleStep("ring")
POST = RuleStep("chat", {"target": "chat-1"})


@dataclass
class Told:
    """How often a contact was told, who there is, and what the rules owe for it."""

    events: int
    people: int
    owed: list[str]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    hubspot = HubSpot()
    async with serving(hubspot.site):
        scene = Scene(hubspot, tmp_path)
        await scene.open()
        await scene.ledger.outbox.put_rule(Rule("each", Trigger.CONTACT, steps=(RING, POST)))
        yield scene
        await scene.close()


async def told(scene: Scene) -> Told:
    kept = await scene.ledger.inbox.page(InboxQuery(outcome=Outcome.ACCEPTED), None, 100)
    people = await scene.ledger.people.page("", None, 100)
    return Told(len(kept), len(people.rows), sorted(job.action for job in await scene.ledger.outbox.jobs()))


async def submit(scene: Scene, entry: Entry, conversion: str, ago: int) -> None:
    """The message of a form that was sent so long ago."""
    _, body = scene.lists.message(entry)
    forms = {"form-submissions": [{"conversion-id": conversion, "timestamp": now() - ago, "title": "Contact us"}]}
    request = Request("POST", "https://x.example/in/x/y", Headers(), json.dumps(body | forms).encode())
    verdict = scene.lists.provider.judge_practice(request, now())
    await scene.ledger.record(Delivery(scene.source.id, request, now()), verdict)


async def hint(scene: Scene, entry: Entry) -> Event:
    """The message of an app's subscription, which tells no more than a number."""
    change: dict[str, Any] = {
        "eventId": 1,
        "subscriptionId": 2,
        "objectId": int(entry["id"]),
        "occurredAt": now() - HOUR,
        "subscriptionType": "contact.creation",
    }
    request = Request("POST", "https://x.example/in/x/y", Headers(), json.dumps([change]).encode())
    verdict = scene.lists.provider.judge_practice(request, now())
    assert isinstance(verdict, Accepted)
    await scene.ledger.record(Delivery(scene.source.id, request, now()), verdict)
    return verdict.event


async def fill_in(scene: Scene, event: Event, entry: Entry) -> None:
    """What HubSpot says when it is asked about that number."""
    held = entry["properties"]
    contact = Contact(entry["id"], f"{held['firstname']} {held['lastname']}", held["email"])
    filled = Event(f"{FILLS_IN}{event.id}", "shopwatch.fetched", Kind.CONTACT, event.occurred_at, happening=contact)
    request = Request("GET", "https://api.hubapi.com/x", Headers(), b"{}")
    await scene.ledger.record(Delivery(scene.source.id, request, now()), Accepted(filled))


async def test_a_list_tells_nothing_new_of_whom_a_message_told(scene: Scene) -> None:
    scene.happen(1)
    await submit(scene, scene.lists.entries[0], "c1", HOUR)
    assert (await scene.look()).brought_in == 0
    assert await told(scene) == Told(1, 1, ["chat", "ring"])


async def test_a_message_that_comes_after_the_list_is_owed_nothing_more(scene: Scene) -> None:
    scene.happen(1)
    assert (await scene.look()).brought_in == 1
    await submit(scene, scene.lists.entries[0], "c1", HOUR)
    assert await told(scene) == Told(2, 1, ["chat", "ring"])
    assert (await scene.look()).brought_in == 0


async def test_another_form_of_the_same_contact_is_news(scene: Scene) -> None:
    scene.happen(1)
    await scene.look()
    await submit(scene, scene.lists.entries[0], "c1", HOUR)
    await submit(scene, scene.lists.entries[0], "c2", -HOUR)
    assert await told(scene) == Told(3, 1, ["chat"] * 2 + ["ring"] * 2)


async def test_a_list_that_says_otherwise_is_news(scene: Scene) -> None:
    scene.happen(1)
    await submit(scene, scene.lists.entries[0], "c1", HOUR)
    scene.lists.entries[0]["properties"]["email"] = "another@example.com"
    assert (await scene.look()).brought_in == 1
    assert (await told(scene)).owed == ["chat"] * 2 + ["ring"] * 2


@pytest.mark.parametrize(
    ("order", "posts"), [("hint, filled, list", 2), ("hint, list, filled", 2), ("list, hint, filled", 1)]
)
async def test_a_hint_and_what_fills_it_in_and_a_list_are_one_contact(scene: Scene, order: str, posts: int) -> None:
    scene.happen(1)
    [entry] = scene.lists.entries
    event: Event | None = None
    for step in order.split(", "):
        match step:
            case "hint":
                event = await hint(scene, entry)
            case "filled":
                assert event is not None
                await fill_in(scene, event, entry)
            case "list":
                await scene.look()
    found = await told(scene)
    # It rings once; the chat hears of a number first, and then whose it is.
    assert (found.people, found.owed) == (1, ["chat"] * posts + ["ring"])
    assert (await scene.look()).brought_in == 0
