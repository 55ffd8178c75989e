"""Endpoints at a stand-in of Stripe, made and mended through the real windows of a real shop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.secrets.vault import MemoryVault
from shopwatch.ui.crash_reporter import CrashReporter
from shopwatch.ui.desktop import Desktop
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.window import SetupWindow
from shopwatch.ui.widgets.frames.problem_banner import ProblemBanner
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.window.main_window import PageId
from tests.shop.registering import KEY, NARROW, Registering, Stripe
from tests.standin.site import serving
from tests.ui.conftest import Run
from tests.ui.setup.conftest import press, until, write

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support propagateSizeHints", "This plugin does not support raise", extend=True
)


class Seen:
    """The desktop of a real shop, and Stripe as it keeps its endpoints."""

    def __init__(self, desktop: Desktop, shop: Registering, stripe: Stripe) -> None:
        self.desktop = desktop
        self.shop = shop
        self.stripe = stripe

    @property
    def banner(self) -> ProblemBanner:
        [banner] = [each for each in self.desktop.window.findChildren(ProblemBanner) if not each.isHidden()]
        return banner

    def says(self, sentence: str) -> bool:
        return any(sentence in words(window) for window in QApplication.topLevelWidgets() if window.isVisible())


@asynccontextmanager
async def opened(
    folder: Path, qapp: QApplication, theme: Theme, outlives: list[QObject], *, key: str = KEY, setup_done: bool = True
) -> AsyncIterator[Seen]:
    """A shop whose public address is this computer itself, so that it answers."""
    stripe = Stripe()
    vault = MemoryVault()
    async with serving(stripe.site), Registering(folder, stripe, vault, key=key) as shop:
        await shop.move(f"http://localhost:{shop.port}")
        shop.shop.settings.change(setup_done=setup_done)
        desktop = Desktop(
            theme,
            shop.shop,
            launch=(),
            crash_reporter=CrashReporter(),
            clipboard=qapp.clipboard(),
            wrap=lambda screen: screen,
            parent=qapp,
        )
        desktop.open()
        await desktop.painted()
        desktop.bring_to_front()
        await until(QApplication.activeWindow, "the window has the keyboard")
        try:
            yield Seen(desktop, shop, stripe)
        finally:
            await desktop.close()
            outlives.extend((desktop.window, desktop))


def words(inside: QWidget) -> str:
    return "\n".join(label.text() for label in inside.findChildren(QLabel) if label.isVisible())


async def button(inside: QWidget, text: str) -> Button:
    """The one that says this, as soon as it does."""

    def found() -> list[Button]:
        return [each for each in inside.findChildren(Button) if each.text() == text and each.isVisible()]

    await until(found, f"a button says {text}")
    return found()[0]


def test_what_stripe_switched_off_is_told_on_the_sales_screen_and_switched_on_there(
    run: Run, outlives: list[QObject], qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    async def walk() -> None:
        async with opened(tmp_path, qapp, theme, outlives) as seen:
            await seen.shop.register()
            [line] = seen.stripe.lines.values()
            line.on = False
            await seen.shop.shop.endpoints.check()
            await until(lambda: seen.says("Stripe has switched ShopWatch off"), "the banner")
            switch_on = await button(seen.banner, "Switch on")
            seen.desktop.bring_to_front()
            await until(switch_on.isActiveWindow, "the window has the keyboard")
            switch_on.setFocus()
            press(Qt.Key.Key_Space)
            await until(lambda: not seen.says("Stripe has switched ShopWatch off"), "it is mended")
            assert all(each.on for each in seen.stripe.lines.values())

    run(walk())


def test_a_key_that_may_not_is_told_in_one_sentence_and_the_right_one_connects(
    run: Run, outlives: list[QObject], qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    async def walk() -> None:
        async with opened(tmp_path, qapp, theme, outlives, key="", setup_done=False) as seen:
            [window] = [each for each in QApplication.topLevelWidgets() if isinstance(each, SetupWindow)]
            window.where.on_service(STRIPE)
            window.primary.click()
            window.primary.click()
            await until(lambda: window.at == 2, "the step of the key")
            write(NARROW)
            press(Qt.Key.Key_Return)
            await until(lambda: seen.says("The API key may not set up addresses at Stripe."), "the refusal")
            assert seen.stripe.lines == {}
            write(KEY)
            press(Qt.Key.Key_Return)
            await until(lambda: seen.says("Stripe sends to ShopWatch now"), "it is connected")
            [line] = seen.stripe.lines.values()
            assert line.url == seen.shop.shop.address.of(seen.shop.source)
            assert await seen.shop.hear(line.url.partition("/in/")[0], line.secret) == 200
            await until(lambda: seen.says("Stripe said hello at "), "its first message counts")
            window.primary.click()
            await until(seen.desktop.window.isVisible, "the shop is open")

    run(walk())


def test_a_source_made_by_hand_is_switched_over_on_its_card(
    run: Run, outlives: list[QObject], qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    async def walk() -> None:
        async with opened(tmp_path, qapp, theme, outlives) as seen:
            seen.desktop.window.show_page(PageId.CONNECTIONS)
            page = seen.desktop.window
            await until(lambda: seen.says("ShopWatch can tell Stripe its address by itself"), "the offer")
            (await button(page, "Switch over")).click()
            await until(lambda: seen.says("Stripe sends to ShopWatch. Looked at "), "it is told")
            assert [each.url for each in seen.stripe.lines.values()] == [seen.shop.shop.address.of(seen.shop.source)]

    run(walk())


def test_who_has_the_old_address_is_named_until_the_owner_says_that_it_is_told(
    run: Run, outlives: list[QObject], qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    async def walk() -> None:
        async with opened(tmp_path, qapp, theme, outlives, key="") as seen:
            await until(lambda: bool(seen.shop.shop.ledger.endpoints.addresses), "the first address is known")
            await seen.shop.move(f"http://127.0.0.1:{seen.shop.port}")
            await until(lambda: seen.says("Stripe still has the old address"), "the banner")
            (await button(seen.banner, "Copy address")).click()
            await until(lambda: seen.says("Your address is copied. Put it into the service’s settings."), "it says so")
            assert QApplication.clipboard().text() == seen.shop.shop.address.of(seen.shop.source)
            (await button(seen.banner, "Done")).click()
            await until(lambda: not seen.says("Stripe still has the old address"), "that is settled")

    run(walk())
