"""A whole shop asks for what was missed: when it opens, when it could not hear, and by asking alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.connection.reach import ReachState, TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import CatchUpChanged, GapEnded
from shopwatch.domain.instant import MINUTE
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.standin.lists import Lists
from tests.standin.lists_payments import Square
from tests.standin.lists_shops import WooCommerce
from tests.standin.site import serving
from tests.standin.stripe import HOST, KEY, Stripe, event


class Morning:
    """A shop with a source at Stripe, and a way to wait for what its asking comes to."""

    def __init__(self, shop: Shop, stripe: Stripe) -> None:
        self.shop = shop
        self.stripe = stripe
        self.looks = 0
        self._told = asyncio.Event()
        shop.bus.listen(CatchUpChanged, self._on_changed)

    def sell(self) -> None:
        self.stripe.events.append(event(len(self.stripe.events), now() // 1000))

    async def until(self, true: Callable[[], bool], patience: float = 30) -> None:
        async with asyncio.timeout(patience):
            while not true():
                self._told.clear()
                await self._told.wait()

    async def sales(self) -> int:
        return await self.shop.ledger.sales.count(SalesQuery())

    def _on_changed(self, fact: CatchUpChanged) -> None:
        self.looks += bool(fact.result.ended_at)
        self._told.set()


@pytest.fixture
async def morning(tmp_path: Path) -> AsyncIterator[Morning]:
    stripe = Stripe()
    async with serving(stripe.site):
        transport = ApiTransport(stand_ins={HOST: stripe.site.origin})
        shop = await open_shop(Paths(tmp_path / "shop"), vault=MemoryVault(), transport=transport)
        source = await shop.connections.add("stripe")
        await shop.connections.set_api_key(source.id, KEY)
        yield Morning(shop, stripe)
        await shop.close()
        await transport.close()


async def start(morning: Morning) -> None:
    await morning.shop.start(port=0, tunnel=TunnelKind.NONE)


async def test_it_asks_as_it_opens_and_after_a_gap(morning: Morning) -> None:
    morning.sell()
    await start(morning)
    await morning.until(lambda: morning.looks == 1)
    assert await morning.sales() == 1
    morning.sell()
    morning.shop.bus.tell(GapEnded(Gap(1, Cause.ASLEEP, now() - MINUTE, now())))
    await morning.until(lambda: morning.looks == 2)
    assert await morning.sales() == 2
    [result] = morning.shop.catching_up.results.values()
    assert (result.brought_in, result.problem) == (1, None)


async def test_a_folder_in_which_nothing_can_be_noted_keeps_it_from_nothing(morning: Morning) -> None:
    (morning.shop.paths.data_dir / "running.json" / "in the way").mkdir(parents=True)
    morning.sell()
    await start(morning)
    await morning.until(lambda: morning.looks == 1)
    assert await morning.sales() == 1
    assert (await morning.shop.receiver.check()).state is ReachState.ANSWERS
    await morning.shop.stop()


async def test_settings_that_cannot_be_kept_are_told_and_keep_it_from_nothing(morning: Morning) -> None:
    morning.sell()
    morning.shop.paths.settings.unlink()
    morning.shop.paths.settings.mkdir()
    with pytest.raises(UserError):
        await morning.shop.start(tunnel=TunnelKind.NONE)
    await morning.until(lambda: morning.looks == 1)
    assert await morning.sales() == 1
    assert (await morning.shop.receiver.check()).state is ReachState.ANSWERS


@pytest.mark.parametrize(("kind", "believed"), [(Square, True), (WooCommerce, False)])
async def test_the_clock_of_a_provider_is_believed_and_that_of_a_shops_own_server_is_not(
    tmp_path: Path, kind: Callable[[], Lists], believed: bool
) -> None:
    lists = kind()

    async def a_day_fast(request: web.Request) -> web.StreamResponse:
        answer = await lists.handle(request)
        answer.headers["Date"] = format_datetime(datetime.now(UTC) + timedelta(1), usegmt=True)
        return answer

    lists.site.handle = a_day_fast
    async with serving(lists.site):
        transport = ApiTransport(stand_ins={lists.host: lists.site.origin})
        shop = await open_shop(Paths(tmp_path / "shop"), vault=MemoryVault(), transport=transport)
        source = await shop.connections.add(lists.provider_id, options=dict(lists.options))
        await shop.connections.set_api_key(source.id, lists.key)
        await shop.start(port=0, tunnel=TunnelKind.NONE)
        [result] = await shop.catching_up.now()
        assert result.problem is None
        assert (shop.receiver.clock_problem is not None) is believed
        await shop.close()


async def test_it_asks_when_the_owner_wants_it(morning: Morning) -> None:
    morning.shop.catching_up.look()
    morning.sell()
    [result] = await morning.shop.catching_up.now()
    assert result.brought_in == 1
    assert await morning.shop.catching_up.now(["another-1"]) == ()
    await start(morning)
    await morning.until(lambda: morning.looks == 2)
    morning.sell()
    morning.shop.catching_up.look()
    await morning.until(lambda: morning.looks == 3)
    assert await morning.sales() == 2


async def test_a_source_works_by_asking_alone(morning: Morning) -> None:
    [source] = morning.shop.sources.all
    await morning.shop.connections.set_options(source.id, {"poll": " 60 "})
    [source] = morning.shop.sources.all
    assert source.options == {"poll": "60"}


@pytest.mark.parametrize("said", ["0", "soon", "-5", "90000", "1.5"])
async def test_nonsense_between_two_questions_is_refused(morning: Morning, said: str) -> None:
    [source] = morning.shop.sources.all
    with pytest.raises(UserError) as problem:
        await morning.shop.connections.set_options(source.id, {"poll": said})
    assert problem.value.code == "option-poll"


async def test_whoever_has_no_list_is_not_asked_on_and_on(morning: Morning) -> None:
    with pytest.raises(UserError) as problem:
        await morning.shop.connections.add("kofi", options={"poll": "60"})
    assert problem.value.code == "option-poll"
