"""The public page is fresh soon after what it shows changes, and never shows what is taken off."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shopwatch.actions.popular.public import PublicPage
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SalesChanged
from shopwatch.domain.sales.popular_page import PopularPage
from shopwatch.runtime.tasks import spawn
from tests.actions.popular.pages import FERN, NOON, ROSES, Owner, Shelf

OFF = PopularPage(begun=True)
NEVER = PopularPage()
BUSY = UserError("The sales file cannot be read now.")


@pytest.fixture
async def owner() -> Owner:
    return Owner()


@pytest.fixture
async def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def public(owner: Owner, shelf: Shelf) -> AsyncIterator[PublicPage]:
    page = PublicPage(shelf, owner.bus, owner.now, "en_US", clock=lambda: NOON, pause=1)
    yield page
    await page.stop()


def body(public: PublicPage, path: str = "/popular") -> str:
    document = public.page(path)
    return document.body.decode() if document else ""


async def test_it_is_ready_once_it_has_started(public: PublicPage, owner: Owner) -> None:
    public.start()

    assert (await owner.next_page()).at == NOON
    assert "Fern in clay pot" in body(public)
    assert "Fern in clay pot" in body(public, "/popular.json")
    assert public.page("/popular.html") is None


async def test_a_page_that_was_never_switched_on_is_not_there(public: PublicPage, owner: Owner, shelf: Shelf) -> None:
    owner.change(NEVER)
    public.start()
    await owner.next_page()

    assert public.page("/popular") is None
    assert public.page("/popular.json") is None
    assert shelf.asked == []


async def test_sales_make_it_anew(public: PublicPage, owner: Owner, shelf: Shelf) -> None:
    public.start()
    await owner.next_page()
    before = public.page("/popular")
    shelf.sold = (FERN,)

    owner.sell()
    await owner.next_page()

    assert "Roses" not in body(public)
    after = public.page("/popular")
    assert before
    assert after
    assert before.etag != after.etag


async def test_many_sales_are_one_making(owner: Owner, shelf: Shelf) -> None:
    public = PublicPage(shelf, owner.bus, owner.now, "en_US", clock=lambda: NOON, pause=50)
    public.start()
    await owner.next_page()
    for _ in range(100):
        owner.sell()
    await owner.next_page()
    await public.stop()

    assert len(shelf.asked) == 2


async def test_what_the_owner_hides_is_gone_at_once(owner: Owner, shelf: Shelf) -> None:
    public = PublicPage(shelf, owner.bus, owner.now, "en_US", clock=lambda: NOON, pause=3_600_000)
    public.start()
    await owner.next_page()

    owner.change(replace(owner.settings.popular, hidden=("Roses",)))
    await owner.next_page()
    assert "Roses" not in body(public)

    owner.change(OFF)
    await owner.next_page()
    assert "Back soon" in body(public)
    await public.stop()


async def test_what_is_hidden_while_it_is_made_does_not_come_out(
    public: PublicPage, owner: Owner, shelf: Shelf
) -> None:
    shelf.ready.clear()
    making = spawn(public.refresh(), "page")
    async with asyncio.timeout(30):
        await shelf.called.wait()
    owner.change(replace(owner.settings.popular, hidden=("Roses",)))
    shelf.ready.set()
    await making

    assert "Roses" not in body(public)
    assert "Fern in clay pot" in body(public)


async def test_until_it_is_made_for_the_first_time_it_will_be_back(public: PublicPage, shelf: Shelf) -> None:
    shelf.ready.clear()
    making = spawn(public.refresh(), "page")
    async with asyncio.timeout(30):
        await shelf.called.wait()

    assert "Back soon" in body(public)
    shelf.ready.set()
    await making
    assert "Roses" in body(public)


async def test_while_it_is_off_nobody_asks_for_sales(public: PublicPage, owner: Owner, shelf: Shelf) -> None:
    owner.change(OFF)
    public.start()
    await owner.next_page()

    assert "Back soon" in body(public)
    assert not owner.bus.hears(SalesChanged)
    owner.change(replace(OFF, on=True))
    assert owner.bus.hears(SalesChanged)


async def test_while_the_ledger_cannot_be_read_the_last_page_stays(
    public: PublicPage, owner: Owner, shelf: Shelf
) -> None:
    public.start()
    await owner.next_page()
    shelf.failure = BUSY

    with pytest.raises(UserError):
        await public.refresh()

    assert ROSES.name in body(public)
