"""A whole shop: a genuine message without items comes in, is answered, and is whole a moment later."""

import asyncio
import json
from pathlib import Path

import aiohttp
import pytest

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import Change, SaleChange, SalesChanged
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, Sale, SaleState
from shopwatch.host.command import own_command
from shopwatch.host.paths import Paths
from shopwatch.ledger import WriterProcessConfig
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.provider import Provider
from shopwatch.providers.senders.mollie import MOLLIE
from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.writer_process import SCRIBE
from tests.ledger.arrivals import rush
from tests.standin.mollie import HOST as MOLLIE_HOST
from tests.standin.mollie import KEY as MOLLIE_KEY
from tests.standin.mollie import Mollie, paid
from tests.standin.site import serving
from tests.standin.stripe import HOST as STRIPE_HOST
from tests.standin.stripe import KEY as STRIPE_KEY
from tests.standin.stripe import Stripe, line

SECRET = "whsec_made_up_for_this_test_0123456789"

QUICKLY = WriterProcessConfig(own_command(SCRIBE), a_second=2)

in_peace_and_in_a_rush = pytest.mark.parametrize("writer_config", [None, QUICKLY], ids=["peace", "rush"])


class Watched:
    """A shop with one source, and what its sales came to."""

    def __init__(
        self,
        folder: Path,
        provider: Provider,
        key: str,
        transport: ApiTransport,
        writer_config: WriterProcessConfig | None,
    ) -> None:
        self.changes: list[SaleChange] = []
        self._folder = folder
        self._provider = provider
        self._key = key
        self._transport = transport
        self._writer_config = writer_config
        self._changed = asyncio.Event()

    async def __aenter__(self) -> "Watched":
        self.shop = await open_shop(
            Paths(self._folder), vault=MemoryVault(), transport=self._transport, writer_config=self._writer_config
        )
        if self._writer_config:
            await rush(self.shop.ledger)
        self.shop.bus.listen(SalesChanged, self._on_sales_changed)
        self.source = await self.shop.connections.add(self._provider.id)
        await self.shop.connections.set_secrets(self.source.id, (SECRET,))
        await self.shop.connections.set_api_key(self.source.id, self._key)
        self._port = await self.shop.start(port=0, tunnel=TunnelKind.NONE)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.shop.close()

    async def hear(self, body: bytes, headers: dict[str, str]) -> int:
        """The status that the sender of this message gets."""
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{self._port}{self.source.path}"
            async with session.post(url, data=body, headers=headers) as answer:
                return answer.status

    async def until(self, changes: int, patience: float = 30) -> Sale:
        """The one sale there is, once that many changes were told."""
        async with asyncio.timeout(patience):
            while len(self.changes) < changes:
                self._changed.clear()
                await self._changed.wait()
        [row] = (await self.shop.ledger.sales.page(SalesQuery())).rows
        return row.sale

    def _on_sales_changed(self, fact: SalesChanged) -> None:
        self.changes.extend(fact.changes)
        self._changed.set()


@in_peace_and_in_a_rush
async def test_a_sale_without_items_gets_them_from_stripe_and_rings_once(
    tmp_path: Path, writer_config: WriterProcessConfig | None
) -> None:
    stripe = Stripe()
    message = STRIPE.practise(Kind.SALE, SECRET, now(), 7)
    stripe.sessions[json.loads(message.body)["data"]["object"]["id"]] = [line(1, "Peony bunch", 2, 2198)]
    async with (
        serving(stripe.site) as site,
        Watched(
            tmp_path, STRIPE, STRIPE_KEY, ApiTransport(stand_ins={STRIPE_HOST: site.origin}), writer_config
        ) as watched,
    ):
        headers = {name.decode(): value.decode() for name, value in message.headers.lines}
        assert await watched.hear(message.body, headers) == 200
        sale = await watched.until(2)
        assert sale.items == (Item("Peony bunch", 2, Money(1_099, "USD")),)
        assert sale.amount is not None
        assert [each.change for each in watched.changes] == [Change.NEW, Change.UPDATED]
        assert watched.shop.receiver.asking_problems == {}


@in_peace_and_in_a_rush
async def test_a_hint_that_proves_nothing_becomes_a_sale_only_by_mollies_own_answer(
    tmp_path: Path, writer_config: WriterProcessConfig
) -> None:
    mollie = Mollie({"tr_open": paid("tr_open", "5.00", status="open"), "tr_1": paid("tr_1", "75.20")})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with (
        serving(mollie.site) as site,
        Watched(
            tmp_path, MOLLIE, MOLLIE_KEY, ApiTransport(stand_ins={MOLLIE_HOST: site.origin}), writer_config
        ) as watched,
    ):
        for hinted in (b"id=tr_open", b"id=tr_forged", b"id=tr_1", b"id=tr_1"):
            assert await watched.hear(hinted, form) == 200
        sale = await watched.until(1)
        assert (sale.amount, sale.email, sale.name) == (Money(7_520, "EUR"), "maya@example.com", "Maya Lindqvist")

        mollie.payments["tr_1"] = paid("tr_1", "75.20", amountRefunded={"currency": "EUR", "value": "5.20"})
        assert await watched.hear(b"id=tr_1", form) == 200
        sale = await watched.until(2)
        assert (sale.state, sale.given_back) == (SaleState.PART_REFUNDED, Money(520, "EUR"))
        assert [each.change for each in watched.changes] == [Change.NEW, Change.UPDATED]
