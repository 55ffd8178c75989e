"""Every sentence of these windows goes through a translator."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from shopwatch.domain import i18n
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.presenting.setup.key_text import scopes_of
from shopwatch.providers import PROVIDERS
from shopwatch.providers.apis.paynow import PAYNOW_API
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.connections.screen import ConnectionsScreen
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.window import SetupWindow
from shopwatch.ui.system.tray import Tray
from shopwatch.ui.window.page_context import PageContext
from shopwatch.ui.window.settings_page import SettingsPage
from tests.catalogue import Catalogue
from tests.ui.conftest import Run
from tests.ui.fake_shop import new_shop
from tests.ui.setup.conftest import by_hand, until

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

NAMES = {"ShopWatch", "GNOME Keyring", "1", "2", "3", "4", *(provider.name for provider in PROVIDERS)}


@pytest.fixture
def marking() -> Iterator[None]:
    i18n.install(Catalogue(lambda sentence: f"«{sentence}»"))
    yield
    i18n.install(None)


def unmarked(window: QWidget) -> set[str]:
    """Words that are shown and were never handed to a translator."""
    shown: set[str] = set()
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton):
            shown.add(widget.text())
        shown.add(widget.accessibleName())
    return {text for text in shown if text and "«" not in text and text not in NAMES}


def test_every_word_of_the_assistant_can_be_translated(
    qapp: QApplication, theme: Theme, run: Run, marking: None
) -> None:
    async def walk() -> None:
        shop = new_shop()
        bridge = Bridge(shop.bus)
        window = SetupWindow(PageContext(theme, shop, bridge, qapp.clipboard(), lambda _: None), providers=PROVIDERS)
        window.show()
        assert unmarked(window) == set()
        window.primary.click()
        window.address.ngrok.token.line.setText("2abc_9Qe7")
        window.primary.click()
        await until(lambda: window.at == 2, "the secret step")
        rights = set(scopes_of(PAYNOW_API))
        assert unmarked(window) - {"lilac-heron.ngrok-free.app"} == rights
        by_hand(window)
        assert unmarked(window) - {"lilac-heron.ngrok-free.app"} - rights == set()
        window.secret.fields.shown[0].line.setText("whsec_4f2a")
        window.secret.fields.shown[0].edited.emit()
        window.primary.click()
        await until(lambda: window.at == 3, "the last step")
        assert unmarked(window) - {"lilac-heron.ngrok-free.app"} - rights == set()
        assert window.windowTitle() == "«Set up ShopWatch»"
        bridge.close()
        window.close()
        window.deleteLater()

    run(walk())


def test_every_word_of_settings_and_tray_can_be_translated(
    qapp: QApplication, theme: Theme, run: Run, marking: None
) -> None:
    async def walk() -> None:
        shop = new_shop(tunnel=TunnelKind.NGROK)
        source = await shop.connections.add("paynow", "PayNow")
        await shop.connections.set_secrets(source.id, ("whsec_4f2a",))
        bridge = Bridge(shop.bus)
        page = SettingsPage(PageContext(theme, shop, bridge, qapp.clipboard(), lambda _: None), launch=("shopwatch",))
        page.show()
        assert unmarked(page) - {str(shop.paths.data_dir)} == set()
        connections = ConnectionsScreen(PageContext(theme, shop, bridge, qapp.clipboard(), lambda _: None))
        connections.resize(1000, 700)
        connections.show()
        card = connections.cards[0]
        await until(lambda: "«" in card.secret.value.whole_text(), "how the secret ends")
        card.secret.on_unfold()
        card.addresses.on_unfold()
        assert unmarked(connections) == set()
        connections.close()
        connections.deleteLater()
        tray = Tray(theme, shop, bridge)
        assert [action.text() for action in tray.menu.actions() if action.text() and "«" not in action.text()] == []
        assert "«" in tray.icon.toolTip()
        tray.menu.deleteLater()
        bridge.close()
        page.close()
        page.deleteLater()

    run(walk())
