"""A consent in the real dialog, with an authorization server that others wrote, and the browser played by hand."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from PySide6.QtWidgets import QApplication

from shopwatch.providers.api_kit.consent import REDIRECT
from shopwatch.providers.apis import api_of
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.fields.api_key import ApiKeyFields
from shopwatch.ui.setup.hints.consent_dialog import ConsentDialog
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from tests.standin.authorization import Authorization
from tests.standin.site import serving
from tests.ui.conftest import Run
from tests.ui.fake_shop import FakeShop, new_shop
from tests.ui.setup.conftest import until

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

APP = "1aa2bb33c44d55eeeeee6fff"


@asynccontextmanager
async def etsy(shop: FakeShop) -> AsyncIterator[Authorization]:
    """An authorization server as Etsy's, which this shop asks."""
    server = Authorization(APP, REDIRECT, ("shops_r", "transactions_r"))
    async with serving(server.site):
        shop.transport = ApiTransport(stand_ins={"api.etsy.com": server.site.origin})
        yield server
        await shop.transport.close()


@pytest.fixture
def opened() -> list[str]:
    """What was opened in the browser."""
    return []


@pytest.fixture
def fields(
    qapp: QApplication, theme: Theme, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> "Callable[[FakeShop], ApiKeyFields]":
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    api = api_of("etsy")
    assert api is not None

    def show(shop: FakeShop) -> ApiKeyFields:
        made = ApiKeyFields(theme, shop.consents, qapp.clipboard(), opened.append)
        made.show_api(api, "Etsy", stored=False)
        made.show()
        return made

    return show


def begun(fields: ApiKeyFields, secret: str = "abcdef0123") -> ConsentDialog:
    """The dialog, filled in and set off."""
    fields.allow.click()
    dialog = fields.dialog
    assert dialog is not None
    for field, value in zip(dialog.fields, (APP, secret), strict=True):
        field.write(f" {value}\n")
    dialog.action.click()
    return dialog


def test_the_browser_brings_the_key_into_the_field(
    run: Run, fields: Callable[[FakeShop], ApiKeyFields], opened: list[str]
) -> None:
    shop = new_shop()

    async def walk() -> None:
        async with etsy(shop) as server, aiohttp.ClientSession() as browser:
            shown = fields(shop)
            dialog = begun(shown)
            gone: list[object] = []
            dialog.finished.connect(gone.append)
            assert dialog.redirect.text() == REDIRECT
            await until(lambda: opened, "the browser is asked to open Etsy's page")
            assert dialog.waiting.isVisible()
            async with browser.get(server.allow(opened[0])) as response:
                assert response.status == 200
            await until(shown.field.text, "the key")
            app, secret, refresh = shown.field.text().split(":")
            assert (app, secret, refresh in server.books.refresh_tokens) == (APP, "abcdef0123", True)
            assert "Allowed" in shown.note.text()
            await until(lambda: gone, "the dialog closes")
            shown.close()

    run(walk())


def test_what_is_missing_is_said_in_the_dialog(run: Run, fields: Callable[[FakeShop], ApiKeyFields]) -> None:
    shop = new_shop()

    async def walk() -> None:
        shown = fields(shop)
        dialog = begun(shown, secret="")
        await until(dialog.note.text, "what is wrong")
        assert "shared secret is missing" in dialog.note.text()
        assert dialog.action.isEnabled()
        dialog.cancel.click()
        shown.close()

    run(walk())


def test_the_address_is_pasted_where_the_browser_cannot_come_back(
    run: Run, fields: Callable[[FakeShop], ApiKeyFields], opened: list[str]
) -> None:
    shop = new_shop()

    async def walk() -> None:
        async with etsy(shop) as server:
            shown = fields(shop)
            dialog = begun(shown)
            await until(lambda: opened, "the browser is asked to open Etsy's page")
            dialog.pasted.setText("https://www.etsy.com/oauth/connect")
            assert "not the address" in dialog.note.text()
            dialog.pasted.setText(server.allow(opened[0]))
            await until(shown.field.text, "the key")
            shown.close()

    run(walk())


def test_closing_it_leaves_nothing_behind(
    run: Run, fields: Callable[[FakeShop], ApiKeyFields], opened: list[str]
) -> None:
    shop = new_shop()

    async def walk() -> None:
        async with aiohttp.ClientSession() as browser:
            shown = fields(shop)
            dialog = begun(shown)
            gone: list[object] = []
            dialog.finished.connect(gone.append)
            await until(lambda: opened, "the browser is asked to open Etsy's page")
            dialog.cancel.click()
            assert [each.text() for each in dialog.fields] == ["", ""]
            await until(lambda: gone, "the dialog closes")
            with pytest.raises(aiohttp.ClientConnectorError):
                await browser.get(REDIRECT)
            assert (shown.field.text(), shown.note.text()) == ("", "")
            shown.close()

    run(walk())


@pytest.mark.parametrize("provider_id", ["stripe", "paypal", "square"])
def test_who_gives_keys_in_another_way_is_not_asked_in_the_browser(
    qapp: QApplication, theme: Theme, provider_id: str
) -> None:
    api = api_of(provider_id)
    assert api is not None
    shown = ApiKeyFields(theme, new_shop().consents, qapp.clipboard(), lambda _url: None)
    shown.show_api(api, provider_id, stored=False)
    assert shown.allow.isHidden()


def test_it_grows_with_what_it_says_and_nothing_scrolls(
    run: Run, fields: Callable[[FakeShop], ApiKeyFields], opened: list[str]
) -> None:
    shop = new_shop()

    async def walk() -> None:
        async with etsy(shop):
            shown = fields(shop)
            shown.allow.click()
            dialog = shown.dialog
            assert dialog is not None
            gone: list[object] = []
            dialog.finished.connect(gone.append)
            first = dialog.height()
            for field, value in zip(dialog.fields, (APP, "abcdef0123"), strict=True):
                field.write(value)
            dialog.action.click()
            await until(lambda: opened, "the browser is asked to open Etsy's page")
            dialog.pasted.setText("https://www.etsy.com/oauth/connect")
            await until(lambda: dialog.height() > first, "room for what is said")
            (area,) = dialog.findChildren(Scrolled)
            await until(lambda: area.verticalScrollBar().maximum() == 0, "all is seen")
            dialog.cancel.click()
            await until(lambda: gone, "the dialog closes")
            shown.close()

    run(walk())
