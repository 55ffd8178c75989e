"""A Stripe that others wrote, PyPI's localstripe: what it sends and what it lists are the same sales, none missing and
none twice."""

import asyncio
import hmac
import json
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import CatchUpChanged, Outcome, SalesChanged
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Sale, SaleState
from shopwatch.domain.source import Source
from shopwatch.host.paths import Paths
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
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
TEA = {"product[name]": "Tea", "nickname": "Tea each month"}


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

    async def get(self, path: str) -> dict[str, Any]:
        async with self.session.get(self.origin + path, headers={"Authorization": f"Bearer {KEY}"}) as response:
            assert response.status == 200, await response.text()
            return dict(await response.json())

    async def customer(self) -> dict[str, str]:
        """Somebody with a card."""
        method = await self.post("/v1/payment_methods", CARD)
        customer = await self.post("/v1/customers", {"email": "maya@example.com", "name": "Maya Lindqvist"})
        await self.post(f"/v1/payment_methods/{method['id']}/attach", {"customer": customer["id"]})
        await self.post(f"/v1/customers/{customer['id']}", {"invoice_settings[default_payment_method]": method["id"]})
        return {"customer": customer["id"], "payment_method": method["id"]}

    async def buy(self, count: int) -> None:
        """So many payments."""
        whose = await self.customer() | {"confirm": "true"}
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
        sys.executable, str(PROGRAM), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert program.stdout is not None
    async with aiohttp.ClientSession() as session:
        port = int(await program.stdout.readline())
        yield LocalStripe(f"http://127.0.0.1:{port}", session)
    program.terminate()
    await program.wait()


@dataclass
class Scene:
    """A shop that hears what localstripe sends, and asks it by its key."""

    stripe: LocalStripe
    shop: Shop
    source: Source
    port: int
    heard: asyncio.Semaphore

    async def booked(self, count: int) -> None:
        """Wait until so many messages about sales are booked."""
        async with asyncio.timeout(30):
            while await self.accepted() < count:
                await self.heard.acquire()

    async def accepted(self) -> int:
        return len(await self.shop.ledger.inbox.page(InboxQuery(outcome=Outcome.ACCEPTED), None, 1_000))

    async def listen(self, *events: str) -> None:
        await self.stripe.send_to(f"http://127.0.0.1:{self.port}{self.source.path}", list(events))

    async def message(self, kind: str, of: dict[str, Any]) -> None:
        """What Stripe would send, of a thing as localstripe describes it."""
        at = int(time.time())
        told = {
            "id": f"evt_{kind}_{of['id']}",
            "type": kind,
            "created": at,
            "livemode": of["livemode"],
            "data": {"object": of},
        }
        body = json.dumps(told).encode()
        signature = hmac.new(SECRET.encode(), b"%d.%b" % (at, body), "sha256").hexdigest()
        url = f"http://127.0.0.1:{self.port}{self.source.path}"
        shown = {"Stripe-Signature": f"t={at},v1={signature}", "Content-Type": "application/json"}
        async with self.stripe.session.post(url, data=body, headers=shown) as response:
            assert response.status == 200

    async def sales(self) -> list[Sale]:
        return [row.sale for row in (await self.shop.ledger.sales.page(SalesQuery(), None, 1_000)).rows]


@pytest.fixture
async def scene(stripe: LocalStripe, tmp_path: Path) -> AsyncIterator[Scene]:
    async with serving(Site(stripe.handle)) as site:
        transport = ApiTransport(stand_ins={HOST: site.origin})
        shop = await open_shop(Paths(tmp_path), vault=MemoryVault(), transport=transport)
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
        source = await shop.connections.add("stripe")
        await shop.connections.set_secrets(source.id, (SECRET,))
        await shop.connections.set_api_key(source.id, KEY)
        port = await shop.start(port=0, tunnel=TunnelKind.NONE)
        await asyncio.wait_for(looked.wait(), 30)  # it looks once at the start
        yield Scene(stripe, shop, source, port, heard)
        await shop.close()


async def test_what_it_sent_and_what_was_missed_are_one_list_of_sales(scene: Scene) -> None:
    stripe, shop = scene.stripe, scene.shop
    await scene.listen("payment_intent.succeeded")
    await stripe.buy(3)
    await scene.booked(3)
    [result] = await shop.catching_up.now()
    assert (result.problem, result.brought_in) == (None, 0)

    await stripe.send_to("http://127.0.0.1:9/", [])
    await stripe.buy(117)
    [result] = await shop.catching_up.now()
    assert (result.problem, result.brought_in) == (None, 117)
    assert sorted(sale.order_id for sale in await scene.sales()) == sorted(stripe.bought)
    assert await scene.accepted() == 120
    [result] = await shop.catching_up.now()
    assert (result.problem, result.brought_in) == (None, 0)


@pytest.mark.parametrize("told", ["sent", "listed"])
async def test_invoices_and_their_payments_are_one_sale_each_and_refunds_find_them(scene: Scene, told: str) -> None:
    stripe = scene.stripe
    events = ["invoice.payment_succeeded", "payment_intent.succeeded"] if told == "sent" else []
    await scene.listen(*events)
    whose = {"customer": (await stripe.customer())["customer"]}
    await stripe.post("/v1/plans", {"id": "tea", "amount": 900, "currency": "eur", "interval": "month"} | TEA)
    await stripe.post("/v1/subscriptions", whose | {"items[0][plan]": "tea"})
    # Its next invoice: the same once more, and something beside it.
    await stripe.post("/v1/invoiceitems", whose | {"amount": 4_200, "currency": "eur", "description": "Teapot"})
    invoice = await stripe.post("/v1/invoices", whose)
    invoice = await stripe.post(f"/v1/invoices/{invoice['id']}/pay", {})
    if told == "sent":
        await scene.booked(4)
    [result] = await scene.shop.catching_up.now()
    assert (result.problem, result.brought_in) == (None, 0 if told == "sent" else 4)

    assert {(sale.amount, sale.email) for sale in await scene.sales()} == {
        (Money(900, "EUR"), "maya@example.com"),
        (Money(5_100, "EUR"), "maya@example.com"),
    }

    await stripe.post("/v1/refunds", {"payment_intent": invoice["payment_intent"], "amount": 1_000})
    [charge] = (await stripe.get(f"/v1/payment_intents/{invoice['payment_intent']}"))["charges"]["data"]
    await scene.message("charge.refunded", charge)

    assert {(sale.amount, sale.state, sale.given_back) for sale in await scene.sales()} == {
        (Money(900, "EUR"), SaleState.PAID, None),
        (Money(5_100, "EUR"), SaleState.PART_REFUNDED, Money(1_000, "EUR")),
    }
    assert await scene.shop.ledger.sales.count(SalesQuery()) == 2
