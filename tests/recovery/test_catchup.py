"""What was missed is asked for: everything, once, whatever happens on the way."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Bus, CatchUpChanged
from shopwatch.domain.instant import DAY, HOUR, MINUTE, Instant
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.source import Options
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.api import Api, Asking, MissedPage, Place
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.catchup import CatchUp
from shopwatch.runtime.clock import now
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.vault import MemoryVault
from tests.standin.site import Handler, bomb, half, hang, huge, raw, serving, status
from tests.standin.stripe import HOST, KEY, Stripe, event

QUICK = Bounds(connect=10, total=5, pauses=())


@dataclass
class Scene:
    """A ledger, a stand-in for Stripe, and a catch-up between them. `ahead` is how far wrong our own clock is."""

    folder: Path
    stripe: Stripe
    vault: MemoryVault = field(default_factory=MemoryVault)
    ahead: Instant = 0
    facts: list[CaughtUp] = field(default_factory=list)

    async def open(self, api: Api = STRIPE_API) -> None:
        self.bus = Bus()
        self.bus.listen(CatchUpChanged, lambda fact: self.facts.append(fact.result))
        self.ledger = Ledger.open(
            f"sqlite:///{self.folder / 'sales.sqlite'}", tell=self.bus.tell, clock=lambda: now() - 2 * DAY
        )
        held = await self.ledger.sources.all()
        self.source = held[0] if held else await self.ledger.sources.add("stripe", "Stripe")
        self.keys = ApiKeys(self.vault)
        await self.keys.write(self.source.id, KEY)
        self.transport = ApiTransport(QUICK, stand_ins={HOST: self.stripe.site.origin})
        self.catch_up = CatchUp(
            self.ledger,
            ApiClient(self.keys, self.transport, find_api={"stripe": api}.get),
            self.bus,
            clock=lambda: now() + self.ahead,
        )

    async def close(self) -> None:
        await self.catch_up.stop()
        await self.transport.close()
        self.ledger.close()

    async def look(self) -> CaughtUp:
        found = await self.catch_up.look_at(self.source)
        assert found is not None
        return found

    def sell(self, count: int, ago: Instant = HOUR) -> None:
        """So many more sales at Stripe, the last of them `ago`, one a second."""
        first = len(self.stripe.events)
        last = (now() - ago) // 1000
        self.stripe.events += [event(first + each, last - count + each + 1) for each in range(count)]

    async def webhook(self, place: int) -> None:
        """The message of an event at Stripe comes in by itself."""
        body = json.dumps(self.stripe.events[place]).encode()
        request = Request("POST", "https://shop.example/in/stripe/x", Headers(), body)
        verdict = STRIPE.judge_practice(request, now())
        await self.ledger.record(Delivery(self.source.id, request, now()), verdict)

    async def orders(self) -> list[str]:
        """The order of each sale there is, in their order."""
        page = await self.ledger.sales.page(SalesQuery(), None, 1_000)
        return sorted((each.sale.order_id for each in page.rows), key=lambda order: int(order.removeprefix("cs_")))

    def told(self, count: int) -> list[str]:
        return [f"cs_{number}" for number in range(count)]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with serving(Stripe().site) as site:
        stripe = Stripe()
        site.handle = stripe.handle
        stripe.site = site
        scene = Scene(tmp_path, stripe)
        await scene.open()
        yield scene
        await scene.close()


async def test_what_was_missed_is_brought_in_page_by_page_and_once(scene: Scene) -> None:
    scene.sell(250)
    first = await scene.look()
    assert (first.listed, first.brought_in, first.problem) == (250, 250, None)
    assert await scene.orders() == scene.told(250)
    assert len(scene.stripe.site.asked) == 3

    again = await scene.look()
    assert (again.brought_in, again.problem) == (0, None)
    assert len(await scene.ledger.inbox.page(InboxQuery(), None, 1_000)) == 250


async def test_progress_is_told_and_then_the_end(scene: Scene) -> None:
    scene.sell(150)
    result = await scene.look()
    assert [(each.listed, bool(each.ended_at)) for each in scene.facts] == [
        (0, False),
        (100, False),
        (150, False),
        (150, True),
    ]
    assert scene.catch_up.results == {scene.source.id: result}


@pytest.mark.parametrize("first", ["message", "list"])
async def test_a_message_and_a_list_of_the_same_change_nothing_after_each_other(scene: Scene, first: str) -> None:
    scene.sell(1)
    await (scene.webhook(0) if first == "message" else scene.look())
    before = await scene.ledger.sales.get(1)
    result = await (scene.look() if first == "message" else scene.webhook(0))
    assert result is None or result.brought_in == 0
    assert await scene.ledger.sales.get(1) == before
    assert await scene.orders() == scene.told(1)


async def test_old_sales_ring_but_their_customers_are_written_to_only_by_the_owner(scene: Scene) -> None:
    steps = (RuleStep("ring"), RuleStep("email", {"template": "thanks"}))
    await scene.ledger.outbox.put_rule(Rule("each", Trigger.SALE_PAID, steps=steps))
    scene.sell(1, ago=3 * HOUR)
    scene.sell(1, ago=HOUR)
    scene.sell(1, ago=0)
    await scene.look()
    jobs = {(job.order, job.action): job.state for job in await scene.ledger.outbox.jobs()}
    assert jobs == {
        ("cs_0", "ring"): JobState.WAITING,
        ("cs_0", "email"): JobState.HELD,
        ("cs_1", "ring"): JobState.WAITING,
        ("cs_1", "email"): JobState.WAITING,
        ("cs_2", "ring"): JobState.WAITING,
        ("cs_2", "email"): JobState.WAITING,
    }


async def test_what_was_before_the_source_was_connected_stays_away(scene: Scene) -> None:
    scene.sell(1, ago=2 * DAY + HOUR)
    scene.sell(1)
    assert (await scene.look()).brought_in == 1
    assert await scene.orders() == ["cs_1"]


@pytest.mark.parametrize(
    "fault",
    [
        status(500),
        status(429, Retry_After="120"),
        raw(b'{"data": ['),
        raw(b"[]"),
        raw(b'{"data": [7]}'),
        half,
        huge(),
        bomb,
    ],
)
async def test_after_a_failure_half_way_it_goes_on_where_it_was(scene: Scene, fault: Handler) -> None:
    scene.sell(350)
    scene.stripe.site.faults += [scene.stripe.handle, scene.stripe.handle, fault, fault]
    failed = await scene.look()
    assert failed.problem is not None
    assert failed.problem.title.endswith(".")
    assert failed.brought_in >= 200

    await scene.close()
    await scene.open()
    scene.stripe.site.faults.clear()
    asked = len(scene.stripe.site.asked)
    assert (await scene.look()).problem is None
    assert await scene.orders() == scene.told(350)
    assert len(scene.stripe.site.asked) - asked <= 4


async def test_the_wait_that_is_asked_for_is_told(scene: Scene) -> None:
    scene.stripe.site.faults.append(status(429, Retry_After="120"))
    result = await scene.look()
    assert result.problem is not None
    assert (result.problem.code, result.wait) == ("api-limit", 120)


async def test_a_place_that_is_no_longer_known_begins_anew(scene: Scene) -> None:
    scene.sell(250)
    scene.stripe.site.faults += [scene.stripe.handle, status(500)]
    await scene.look()
    # What stood at the place is gone after 30 days; everything else is still there.
    scene.stripe.events = [each for each in scene.stripe.events if each["id"] != "evt_150_checkout.session.completed"]
    result = await scene.look()
    assert result.problem is None
    assert await scene.orders() == scene.told(250)


async def test_what_appears_late_in_the_list_is_found_the_next_time(scene: Scene) -> None:
    scene.sell(1)
    await scene.look()
    scene.stripe.events.append(event(1, (now() - 5 * MINUTE) // 1000))
    assert (await scene.look()).brought_in == 1


@pytest.mark.parametrize("ahead", [-2 * HOUR, 2 * HOUR, DAY - HOUR, 3 * DAY])
async def test_a_source_that_was_connected_by_a_wrong_clock_loses_nothing(scene: Scene, ahead: Instant) -> None:
    scene.ahead = ahead
    scene.source = dataclasses.replace(scene.source, created_at=now() + ahead - MINUTE)
    scene.sell(1, ago=0)
    assert (await scene.look()).brought_in == 1


@pytest.mark.parametrize("looks", [0, 1], ids=["the first look", "another look"])
async def test_a_clock_that_is_a_month_ahead_loses_nothing(scene: Scene, looks: int) -> None:
    scene.sell(1)
    for _ in range(looks):
        await scene.look()
    scene.sell(1, ago=0)
    scene.ahead = 40 * DAY
    await scene.look()
    scene.ahead = 0
    await scene.look()
    assert await scene.orders() == scene.told(2)


@pytest.mark.parametrize("ahead", [DAY, 3 * DAY])
async def test_a_clock_that_is_put_right_after_the_first_look_loses_nothing(scene: Scene, ahead: Instant) -> None:
    scene.ahead = ahead
    scene.source = dataclasses.replace(scene.source, created_at=now() + ahead - MINUTE)
    scene.sell(1, ago=0)
    await scene.look()
    scene.ahead = 0
    scene.sell(1, ago=0)
    await scene.look()
    assert await scene.orders() == scene.told(2)


async def test_a_clock_that_is_put_right_before_the_first_look_loses_nothing_from_then_on(scene: Scene) -> None:
    scene.source = dataclasses.replace(scene.source, created_at=now() + 3 * DAY)
    await scene.look()
    scene.sell(1, ago=0)
    assert (await scene.look()).brought_in == 1


@pytest.mark.parametrize("ahead", [-DAY, -2 * HOUR, 2 * HOUR, DAY])
async def test_a_clock_that_differs_loses_nothing(scene: Scene, ahead: Instant) -> None:
    scene.ahead = ahead
    scene.sell(1, ago=30 * MINUTE)
    await scene.look()
    scene.sell(1, ago=0)
    await scene.look()
    assert await scene.orders() == scene.told(2)


async def test_a_list_that_leads_back_is_not_followed(scene: Scene) -> None:
    scene.sell(100)
    same = scene.stripe.events[-100:]

    async def round_and_round(_: web.Request) -> web.StreamResponse:
        return web.json_response({"data": same, "has_more": True})

    scene.stripe.site.faults += [round_and_round] * 50
    result = await scene.look()
    assert result.problem is not None
    assert result.problem.code == "api-unreadable"
    assert len(scene.stripe.site.asked) <= 4
    assert await scene.orders() == scene.told(100)


async def test_entries_without_an_id_are_no_answer(scene: Scene) -> None:
    odd = event(0, now() // 1000)
    del odd["id"]
    scene.stripe.site.faults.append(raw(json.dumps({"data": [odd], "has_more": False}).encode()))
    result = await scene.look()
    assert result.problem is not None
    assert result.problem.code == "api-unreadable"
    assert await scene.orders() == []


@pytest.mark.parametrize(
    ("key", "code"), [(KEY[:-1] + "x", "api-key-refused"), ("rk_live_narrowNARROWnarrow0123456789", "api-key-narrow")]
)
async def test_a_key_that_does_not_do_is_told_and_costs_nothing(scene: Scene, key: str, code: str) -> None:
    scene.sell(1)
    await scene.keys.write(scene.source.id, key)
    result = await scene.look()
    assert result.problem is not None
    assert (result.problem.code, result.brought_in) == (code, 0)
    await scene.keys.write(scene.source.id, KEY)
    assert (await scene.look()).brought_in == 1


async def test_without_a_key_nobody_is_asked(scene: Scene) -> None:
    await scene.keys.forget(scene.source.id)
    assert await scene.catch_up.look_at(scene.source) is None
    assert scene.stripe.site.asked == []


async def test_whoever_comes_while_it_is_asked_hears_of_the_same_look(scene: Scene) -> None:
    scene.sell(3)
    one, other = await asyncio.gather(scene.look(), scene.look())
    assert one == other
    assert len(scene.stripe.site.asked) == 1


async def test_those_that_do_not_answer_hold_nobody_up(scene: Scene) -> None:
    scene.stripe.site.faults += [hang] * 3
    others = [await scene.ledger.sources.add("stripe", "Another") for _ in range(3)]
    for other in others:
        await scene.keys.write(other.id, KEY)
    looks = [asyncio.get_running_loop().create_task(scene.catch_up.look_at(other)) for other in others]
    await scene.stripe.site.until_asked(3)
    scene.sell(1)
    assert (await scene.look()).brought_in == 1
    assert not any(look.done() for look in looks)
    await scene.catch_up.stop()
    await asyncio.wait(looks)


async def test_no_more_is_asked_for_than_is_kept(scene: Scene) -> None:
    await scene.close()
    await scene.open(dataclasses.replace(STRIPE_API, keeps=DAY))
    scene.sell(1)
    assert (await scene.look()).since >= now() - DAY - MINUTE


async def test_a_ledger_that_is_away_loses_nothing(scene: Scene) -> None:
    scene.sell(1)
    scene.ledger.close()
    with pytest.raises(Outage):
        await scene.look()
    await scene.close()
    await scene.open()
    assert (await scene.look()).brought_in == 1


async def test_a_defect_is_not_told_as_if_nothing_had_been_missed(scene: Scene) -> None:
    def of_no_use(place: Place, key: str, options: Options) -> Asking[MissedPage]:
        assert STRIPE_API.missed is not None
        page = yield from STRIPE_API.missed(place, key, options)
        return dataclasses.replace(page, mark="\udcff", more=True)

    await scene.close()
    await scene.open(dataclasses.replace(STRIPE_API, missed=of_no_use))
    with pytest.raises(UnicodeEncodeError):
        await scene.look()
    [result] = scene.catch_up.results.values()
    assert result.problem is not None
    assert result.problem.code == "api-unreadable"


async def test_the_key_is_written_nowhere(scene: Scene) -> None:
    scene.sell(2)
    await scene.look()
    scene.ledger.close()
    for file in scene.folder.iterdir():
        assert b"canary" not in file.read_bytes().lower()
