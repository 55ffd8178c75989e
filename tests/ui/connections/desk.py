"""The page of connections with a shop made by hand."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.source import Source
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.connections.card import ConnectionCard
from shopwatch.ui.connections.screen import ConnectionsScreen
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.window.page_context import PageContext
from tests.ui.fake_shop import FakeShop, new_shop
from tests.ui.setup.conftest import until

OLD = "whsec_that-was-there-0ld1"


class Desk:
    def __init__(self, page: ConnectionsScreen, shop: FakeShop) -> None:
        self.page = page
        self.shop = shop

    async def shows(self, provider_id: str, options: dict[str, str] | None = None, secret: str = OLD) -> ConnectionCard:
        """A connection of this provider on the screen; its card, once all of it is read."""
        source = await self.shop.connections.add(provider_id, provider_id.title(), options)
        if secret:
            await self.shop.connections.set_secrets(source.id, (secret,))
        self.shop.address.goes_online()
        self.page.show()
        self.page.activateWindow()
        card = self.page.cards[-1]
        await until(card.secret.value.whole_text, "how the secret ends")
        return card

    def source(self, card: ConnectionCard) -> Source:
        return next(each for each in self.shop.sources.all if each.id == card.source.id)


@pytest.fixture
def desk(qapp: QApplication, theme: Theme) -> Iterator[Desk]:
    shop = new_shop(tunnel=TunnelKind.NGROK, setup_done=True)
    bridge = Bridge(shop.bus)
    page = ConnectionsScreen(PageContext(theme, shop, bridge, qapp.clipboard(), lambda _: None))
    page.resize(1000, 900)
    yield Desk(page, shop)
    bridge.close()
    page.close()
    page.deleteLater()
