"""The page of popular items in a real browser, from a real listener."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwatch.actions.popular.rendering import frame_line, made
from shopwatch.domain.messages.document import Document
from shopwatch.domain.sales.popular import Popular
from shopwatch.domain.sales.popular_page import DATA_PATH, PATH, PopularPage, Tint, shown
from tests.actions.popular.pages import NOON
from tests.browser import Tab, tab
from tests.listener.loopback import Shop, shop

NAMES = ("Spring bouquet", "Donaudampfschifffahrtsgesellschaftskapitän" * 2, "باقة ورد", "<b>Fern</b>", "i" * 200)
PAGE = PopularPage(on=True, begun=True, tint=Tint.LEAF)
ITEMS = shown(PAGE, [Popular(name, 90 - at * 10) for at, name in enumerate(NAMES)])


class Pages:
    """The page and its data."""

    def __init__(self) -> None:
        self._made = made(PAGE, ITEMS, shop_name="Bloom & Stem", updated=NOON, locale="en_US")

    def page(self, path: str) -> Document | None:
        return {PATH: self._made.page, DATA_PATH: self._made.data}.get(path)


class Site:
    """The shop's own site, which shows the page in a frame."""

    def __init__(self, url: str) -> None:
        frame = frame_line(url, "Popular", 5)
        self._home = Document(f"<!DOCTYPE html><title>Shop</title>{frame}".encode(), "text/html; charset=utf-8")

    def page(self, path: str) -> Document | None:
        return self._home if path == "/" else None


@pytest.fixture
async def here(browser: None) -> AsyncIterator[Shop]:
    url = ""
    async with shop(pages=Pages(), public_url=lambda: url) as open_shop:
        # A browser takes every name below localhost for this computer.
        url = f"http://shop.localhost:{open_shop.port}"
        yield open_shop


@pytest.fixture
async def home(here: Shop) -> AsyncIterator[str]:
    """Where the shop's own site is."""
    async with shop(pages=Site(f"http://127.0.0.1:{here.port}{PATH}")) as site:
        yield f"http://127.0.0.1:{site.port}/"


@pytest.fixture
async def seen(here: Shop, tmp_path: Path) -> AsyncIterator[Tab]:
    async with tab(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("dark", [False, True])
async def test_it_fits_and_asks_for_nothing_else(here: Shop, seen: Tab, width: int, dark: bool) -> None:
    url = f"http://127.0.0.1:{here.port}{PATH}"

    await seen.open(url, width, dark=dark)

    assert await seen.value("document.documentElement.scrollWidth") == width
    text = await seen.value("document.body.innerText")
    for words in ("Popular at Bloom & Stem", "Last 30 days", "Spring bouquet", "<b>Fern</b>", "Updated on November 24"):
        assert words in text
    ground = await seen.value("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(27, 31, 34)" if dark else "rgb(255, 255, 255)")
    bars = await seen.value("[...document.querySelectorAll('rect')].map(each => each.getBoundingClientRect().width)")
    assert bars == sorted(bars, reverse=True)
    assert bars[0] > bars[-1] > 0
    assert [each for each in seen.asked if each != url] == []
    assert seen.said == []


async def test_the_shops_own_site_shows_it_in_a_frame(here: Shop, home: str, seen: Tab) -> None:
    await seen.open(home, 800)

    assert await seen.framed() == f"http://127.0.0.1:{here.port}{PATH}"


async def test_the_shops_own_site_reads_its_data(here: Shop, home: str, seen: Tab) -> None:
    await seen.open(home, 800)

    answer = await seen.ask(
        "Runtime.evaluate",
        expression=f"fetch('http://shop.localhost:{here.port}{DATA_PATH}').then(answer => answer.json())",
        awaitPromise=True,
        returnByValue=True,
    )

    assert answer["result"]["value"]["items"][0] == {"rank": 1, "name": "Spring bouquet", "share": 100}
