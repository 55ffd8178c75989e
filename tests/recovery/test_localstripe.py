"""A Stripe that others wrote, PyPI's localstripe: what it sends and what it lists are the same sales, none missing and
none twice."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from shopwatch.domain.facts import CatchUpChanged, Outcome, SalesChanged
from shopwatch.domain.reach import TunnelKind
from shopwatch.ledger.query import InboxQuery, SalesQuery
from shopwatch.recovery.courier import Courier
from shopwatch.settings.paths import Paths
from shopwatch.settings.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from tests.standin.site import Site, serving
from tests.standin.stripe import HOST

PROGRAM = Path(__file__).parents[1] / "standin" / "localstripe_server.py"
KEY = "sk_test_canaryCANARYcanary0123456789"
SECRET = "whsec_made_up_for_this_test_0123456789"
CARD = {
    "type": "card",
    "card[number]": "4242424242424242",
    "card[exp_month]": "12",
    "card[exp_year]": "2090",
    "card[cvc]": "123",
}


@dataclass
class LocalStripe:
    """The program, and what is bought there."""

    origin: str
    session: aiohttp.ClientSession
    bought: list[str] = field(default_factory=list)

    async def post(self, path: str, told: dict[str, Any]) -> dict[str, Any]:
        url, shown = self.origin + path, {"Authorization": f"Bearer {KEY}"}
        async with self.session.post(url, data=told, headers=shown) as response:
            assert response.status == 200, await response.text()
            return dict(await response.json()) if response.content_type == "application/json" else {}

    async def buy(self, count: int) -> None:
        """So many payments."""
        method = await self.post("/v1/payment_methods", CARD)
        customer = await self.post("/v1/customers", {"email": "maya@example.com", "name": "Maya Lindqvist"})
        await self.post(f"/v1/payment_methods/{method['id']}/attach", {"customer": customer["id"]})
        whose = {"customer": customer["id"], "payment_method": method["id"], "confirm": "true"}
        for _ in range(count):
            told = await self.post("/v1/payment_intents", {"amount": 2_198, "currency": "eur", **whose})
            assert told["status"] == "succeeded"
            self.bought.append(told["id"])

    async def send_to(self, url: str, events: list[str]) -> None:
        """Have messages of these types sent to `url`, signed."""
        told = {"url": url, "secret": SECRET, "events": events}
        async with self.session.post(f"{self.origin}/_config/webhooks/shop", json=told) as response:
            assert response.status == 200

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Passes a question on. It knows no list of types, so it tells of all."""
        query = [(name, value) for name, value in request.query.items() if name != "types[]"]
        shown = {"Authorization": request.headers["Authorization"]}
        async with self.session.get(self.origin + request.path, params=query, headers=shown) as response:
            return web.Response(status=response.status, body=await response.read(), content_type=response.content_type)


@pytest.fixture
async def stripe() -> AsyncIterator[LocalStripe]:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROGRAM),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert program.stdout is not None
    async with aiohttp.ClientSession() as session:
        port = int(await program.stdout.readline())
        yield LocalStripe(f"http://127.0.0.1:{port}", session)
    program.terminate()
    await program.wait()


async def test_what_it_sent_and_what_was_missed_are_one_list_of_sales(stripe: LocalStripe, tmp_path: Path) -> None:
    async with serving(Site(stripe.handle)) as site:
        courier = Courier(stand_ins={HOST: site.origin})
        shop = await open_shop(Paths(tmp_path), vault=MemoryVault(), courier=courier)
        heard = asyncio.Semaphore(0)

        def on_sales_changed(fact: SalesChanged) -> None:
            for _ in fact.changes:
                heard.release()

        def on_caught_up(fact: CatchUpChanged) -> None:
            if fact.result.ended_at:
                looked.set()

        looked = asyncio.Event()
        shop.bus.listen(CatchUpChanged, on_caught_up)
        shop.bus.listen(SalesChanged, on_sales_changed)
        source = await shop.add_source("stripe")
        await shop.set_secrets(source.id, (SECRET,))
        await shop.set_api_key(source.id, KEY)
        port = await shop.start(port=0, tunnel=TunnelKind.NONE)

        await asyncio.wait_for(looked.wait(), 20)  # it looks once at the start

        await stripe.send_to(f"http://127.0.0.1:{port}{source.path}", ["payment_intent.succeeded"])
        await stripe.buy(3)
        async with asyncio.timeout(20):
            for _ in range(3):
                await heard.acquire()
        [result] = await shop.catch_up()
        assert (result.problem, result.brought_in) == (None, 0)

        await stripe.send_to("http://127.0.0.1:9/", [])
        await stripe.buy(117)
        [result] = await shop.catch_up()
        assert (result.problem, result.brought_in) == (None, 117)
        page = await shop.ledger.page(SalesQuery(), None, 1_000)
        assert sorted(each.sale.order_id for each in page.rows) == sorted(stripe.bought)
        assert len(await shop.ledger.deliveries(InboxQuery(outcome=Outcome.ACCEPTED), None, 1_000)) == 120
        [result] = await shop.catch_up()
        assert (result.problem, result.brought_in) == (None, 0)
        await shop.close()
