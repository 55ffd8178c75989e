"""A whole shop shows what sells best: at its public address, and in a folder of its web server."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import JobsChanged, PopularPageMade
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.popular_page import PopularPage, turned
from shopwatch.domain.sales.sale import Item, SaleClaim
from shopwatch.host.paths import Paths
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.ledger.arrivals import told


@dataclass
class Front:
    """An open shop, its address, and what is heard of its page."""

    shop: Shop
    source_id: str
    url: str
    client: ClientSession
    made: asyncio.Queue[PopularPageMade]

    async def read(self, path: str) -> tuple[int, str]:
        async with self.client.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def sell(self, order: str, name: str, qty: int) -> None:
        claim = SaleClaim(order, Money(400 * qty, "USD"), items=(Item(name, qty, Money(400, "USD")),))
        await self.shop.ledger.record(*told(self.source_id, f"e{order}", claim, at=now()))

    async def turn(self, page: PopularPage) -> None:
        """Change the page, and return once it is made."""
        while not self.made.empty():
            self.made.get_nowait()
        self.shop.settings.change(popular=page)
        async with asyncio.timeout(30):
            await self.made.get()


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    paths = Paths(tmp_path / "data")
    paths.prepare()
    shop = await open_shop(paths, None, vault=MemoryVault())
    shop.settings.change(shop_name="Bloom & Stem")
    made: asyncio.Queue[PopularPageMade] = asyncio.Queue()
    shop.bus.listen(PopularPageMade, made.put_nowait)
    source = await shop.ledger.sources.add("paynow", "PayNow", {})
    try:
        port = await shop.start(port=0, tunnel=TunnelKind.NONE)
        async with ClientSession() as client:
            yield Front(shop, source.id, f"http://127.0.0.1:{port}", client, made)
    finally:
        await shop.close()


async def test_before_it_is_switched_on_there_is_no_page(front: Front) -> None:
    assert (await front.read("/popular"))[0] == 404
    assert (await front.read("/popular.json"))[0] == 404


async def test_switched_on_it_shows_what_sells_best_and_switched_off_that_it_will_be_back(front: Front) -> None:
    await front.sell("1", "Roses", 9)
    await front.sell("2", "Fern", 3)
    await front.turn(turned(PopularPage(), True))

    status, page = await front.read("/popular")
    assert status == 200
    assert page.index("Roses") < page.index("Fern")
    data = json.loads((await front.read("/popular.json"))[1])
    assert [(each["name"], each["share"]) for each in data["items"]] == [("Roses", 100), ("Fern", 33)]

    await front.turn(turned(front.shop.settings.current.popular, False))
    status, page = await front.read("/popular")
    assert status == 200
    assert "Back soon" in page
    assert "Roses" not in page


async def test_a_rule_puts_it_into_a_folder(front: Front, tmp_path: Path) -> None:
    await front.turn(turned(PopularPage(), True))
    await front.shop.targets.put(Target("", "page", "Web server", {"folder": str(tmp_path)}))
    steps = (RuleStep("popular"),)
    await front.shop.rules.put(Rule("show", Trigger.SALE_PAID, steps=steps))
    news = asyncio.Event()
    front.shop.bus.listen(JobsChanged, lambda _: news.set())

    await front.sell("1", "Roses", 9)
    async with asyncio.timeout(30):
        while not await front.shop.ledger.outbox.jobs((JobState.DONE,)):
            news.clear()
            await news.wait()

    assert "Roses" in (tmp_path / "popular.html").read_text("utf-8")
    assert (tmp_path / "popular.json").exists()


async def test_it_can_be_saved_whether_it_is_on_or_not(front: Front, tmp_path: Path) -> None:
    await front.sell("1", "Roses", 9)

    await front.shop.popular.save(tmp_path / "popular.html")

    assert "Roses" in (tmp_path / "popular.html").read_text("utf-8")
    with pytest.raises(UserError, match=r"popular\.html"):
        await front.shop.popular.save(tmp_path / "gone" / "popular.html")


async def test_it_is_not_saved_in_place_of_the_ledger(front: Front) -> None:
    with pytest.raises(UserError) as refused:
        await front.shop.popular.save(front.shop.paths.ledger)

    assert refused.value.code == "own-file"
    assert await front.shop.ledger.integrity()


async def test_its_address_is_the_public_one(front: Front) -> None:
    assert front.shop.popular.address == ""
    front.shop.settings.change(own_url="https://bloom.example")
    assert front.shop.popular.address == "https://bloom.example/popular"
