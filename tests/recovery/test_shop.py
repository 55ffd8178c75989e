"""A whole shop: a genuine message without items comes in, is answered, and is whole a moment later."""

import asyncio
import json
from pathlib import Path

import aiohttp

from shopwatch.domain.clock import now
from shopwatch.domain.event import Kind
from shopwatch.domain.facts import Change, SaleChange, SalesChanged
from shopwatch.domain.money import Money
from shopwatch.domain.reach import TunnelKind
from shopwatch.domain.sale import Item
from shopwatch.ledger.query import SalesQuery
from shopwatch.providers.stripe import STRIPE
from shopwatch.recovery.courier import Courier
from shopwatch.settings.paths import Paths
from shopwatch.settings.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from tests.standin.site import serving
from tests.standin.stripe import HOST, KEY, Stripe, line

SECRET = "whsec_made_up_for_this_test_0123456789"


async def test_a_sale_without_items_gets_them_from_stripe_and_rings_once(tmp_path: Path) -> None:
    stripe = Stripe()
    changes: list[SaleChange] = []
    filled = asyncio.Event()

    def on_sales_changed(fact: SalesChanged) -> None:
        changes.extend(fact.changes)
        if any(change.row.sale.items for change in fact.changes):
            filled.set()

    async with serving(stripe.site) as site:
        shop = await open_shop(Paths(tmp_path), vault=MemoryVault(), courier=Courier(stand_ins={HOST: site.origin}))
        shop.bus.listen(SalesChanged, on_sales_changed)
        source = await shop.add_source("stripe")
        await shop.set_secrets(source.id, (SECRET,))
        await shop.set_api_key(source.id, KEY)
        port = await shop.start(port=0, tunnel=TunnelKind.NONE)
        message = STRIPE.practise(Kind.SALE, SECRET, now(), 7)
        stripe.sessions[json.loads(message.body)["data"]["object"]["id"]] = [line(1, "Peony bunch", 2, 2198)]

        async with aiohttp.ClientSession() as session:
            headers = {name.decode(): value.decode() for name, value in message.headers.lines}
            url = f"http://127.0.0.1:{port}{source.path}"
            async with session.post(url, data=message.body, headers=headers) as answer:
                assert answer.status == 200
        async with asyncio.timeout(10):
            await filled.wait()

        [row] = (await shop.page(SalesQuery())).rows
        assert row.sale.items == (Item("Peony bunch", 2, Money(1_099, "USD")),)
        assert row.sale.amount is not None
        assert [each.change for each in changes] == [Change.NEW, Change.UPDATED]
        assert shop.asking_problems == {}
        await shop.close()
