"""The lists of every provider: all that was missed is brought in, and what a message says as well changes nothing."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shopwatch.domain.catchup import CaughtUp
from shopwatch.domain.clock import HOUR, now
from shopwatch.domain.delivery import Delivery, Headers, Request
from shopwatch.domain.facts import Bus, Outcome
from shopwatch.domain.rule import Action, Rule, Step, Trigger
from shopwatch.ledger import Ledger, Recorded
from shopwatch.ledger.query import InboxQuery, SalesQuery
from shopwatch.providers.apis import APIS, api_of
from shopwatch.recovery.catchup import CatchUp
from shopwatch.recovery.courier import Bounds, Courier
from shopwatch.settings.api_keys import ApiKeys
from shopwatch.settings.vault import MemoryVault
from tests.standin.lists import ALL, Entry, HubSpot, Lists
from tests.standin.site import Handler, half, huge, raw, serving, status

QUICK = Bounds(connect=1, total=5, pauses=())
OLD = now() - 2 * HOUR


@dataclass
class Scene:
    """A ledger, one provider's lists, and a catch-up between them."""

    lists: Lists
    folder: Path
    keys: ApiKeys = field(default_factory=lambda: ApiKeys(MemoryVault()))

    async def open(self) -> None:
        self.bus = Bus()
        at = (now() - 3 * 24 * HOUR) // 1000 * 1000
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", tell=self.bus.tell, clock=lambda: at)
        self.source = await self.ledger.add_source(self.lists.provider_id, "The source", dict(self.lists.options))
        await self.keys.write(self.source.id, self.lists.key)
        hosts = {self.lists.host, "api.etsy.com", "connect.squareupsandbox.com", "api-m.sandbox.paypal.com"}
        self.courier = Courier(QUICK, stand_ins=dict.fromkeys(hosts, self.lists.site.origin))
        self.catch_up = CatchUp(self.ledger, self.keys, self.courier, self.bus)

    async def close(self) -> None:
        await self.catch_up.stop()
        await self.courier.close()
        self.ledger.close()

    def happen(self, count: int) -> None:
        """So many more things at the provider, all of them hours ago, three a second."""
        first, began = len(self.lists.entries), OLD // 1000
        self.lists.entries += [self.lists.entry(first + each, began + (first + each) // 3) for each in range(count)]

    async def look(self) -> CaughtUp:
        found = await self.catch_up.look_at(self.source)
        assert found is not None
        return found

    async def message(self, entry: Entry) -> Recorded:
        """The message of an entry comes in by itself."""
        _, body = self.lists.message(entry)
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = Request("POST", "https://shop.example/in/x/y", Headers(), sent)
        return await self.ledger.record(Delivery(self.source.id, request, now()), self.lists.event(entry))

    async def known(self) -> int:
        """How many sales, or other things, there are."""
        sales = await self.ledger.count(SalesQuery())
        return sales or len(await self.ledger.deliveries(InboxQuery(outcome=Outcome.ACCEPTED), None, 1_000))

    async def standing(self) -> object:
        """How the sales are, as far as it counts."""
        page = await self.ledger.page(SalesQuery(), None, 100)
        return [(each.sale.order_id, each.sale.standing) for each in page.rows]


@pytest.fixture(params=ALL, ids=[kind().provider_id for kind in ALL])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    lists = request.param()
    async with serving(lists.site):
        scene = Scene(lists, tmp_path)
        await scene.open()
        yield scene
        await scene.close()


def test_every_list_is_tried() -> None:
    listed = {each.provider for each in APIS if each.missed is not None}
    assert {kind().provider_id for kind in ALL} | {"stripe", "dropbox"} == listed


async def test_all_pages_are_brought_in_once(scene: Scene) -> None:
    count = min(scene.lists.page * 2 + 7, 270)
    scene.happen(count)
    result = await scene.look()
    assert (result.problem, result.brought_in) == (None, count)
    assert await scene.known() == count
    again = await scene.look()
    assert (again.problem, again.brought_in) == (None, 0)
    assert await scene.known() == count


async def test_what_a_message_told_is_not_told_again_by_a_list(scene: Scene) -> None:
    scene.happen(1)
    await scene.message(scene.lists.entries[0])
    before = await scene.standing()
    result = await scene.look()
    # Some messages only say that something was sold, and the list says for how much.
    assert result.brought_in == 0 or before != await scene.standing()
    assert await scene.known() == 1 or isinstance(scene.lists, HubSpot)
    assert (await scene.look()).brought_in == 0


async def test_what_a_list_told_a_message_does_not_change(scene: Scene) -> None:
    steps = (Step(Action.RING),)
    await scene.ledger.outbox.put_rule(Rule("each", Trigger.SALE_PAID, steps=steps))
    scene.happen(1)
    assert (await scene.look()).brought_in == 1
    before = await scene.standing()
    jobs = await scene.ledger.outbox.jobs()
    await scene.message(scene.lists.entries[0])
    after = await scene.standing()
    assert after == before or scene.lists.provider_id == "gumroad"  # its list may not tell the currency
    assert await scene.ledger.outbox.jobs() == jobs
    assert (await scene.look()).brought_in == 0


FAULTS = {"500": status(500), "cut": raw(b'{"data": ['), "no object": raw(b"7"), "half": half, "huge": huge()}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_after_a_failure_it_goes_on(scene: Scene, fault: Handler) -> None:
    scene.happen(5)
    scene.lists.site.faults += [fault] * 3
    failed = await scene.look()
    assert failed.problem is not None
    assert failed.problem.title.endswith(".")
    scene.lists.site.faults.clear()
    assert (await scene.look()).brought_in == 5 - failed.brought_in
    assert await scene.known() == 5


@pytest.mark.parametrize(("code", "told"), [(401, "api-key-refused"), (403, "api-key-narrow"), (429, "api-limit")])
async def test_what_stands_in_the_way_is_told(scene: Scene, code: int, told: str) -> None:
    scene.happen(1)
    scene.lists.site.faults += [status(code)] * 3
    result = await scene.look()
    assert result.problem is not None
    assert result.problem.code == told
    assert await scene.known() == 0


async def test_a_key_of_another_form_is_refused(scene: Scene) -> None:
    scene.happen(1)
    await scene.keys.write(scene.source.id, "another-key:of:no-use")
    result = await scene.look()
    assert result.problem is not None
    assert await scene.known() == 0


async def test_the_key_is_in_no_file(scene: Scene) -> None:
    scene.happen(3)
    await scene.look()
    scene.ledger.close()
    secret = scene.lists.key.rpartition(":")[2].encode()
    for file in scene.folder.iterdir():
        assert secret not in file.read_bytes() or len(secret) < 8


def test_every_key_that_is_asked_for_is_described() -> None:
    for kind in ALL:
        api = api_of(kind().provider_id)
        assert api is not None
        assert api.key.label
        assert api.key.found
