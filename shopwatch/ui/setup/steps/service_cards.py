"""The cards of the first step: services that are chosen, and services that come along."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QFrame, QWidget

from shopwatch.domain.i18n import say
from shopwatch.providers.provider import Provider
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.cards import OptionCard
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.tile import ProviderTile

_HEIGHT, _LOW = 72, 56


def _in_short(provider: Provider) -> str:
    """What it does, in the few words that a card has room for."""
    match provider.id:
        case "square":
            return say("Till and online sales")
        case "woocommerce":
            return say("Orders from your site")
        case "hubspot":
            return say("New contacts")
        case "twilio":
            return say("Text messages")
        case "dropbox":
            return say("Changed files")
        case "foursquare":
            return say("Check-ins")
        case _:
            return say(provider.setup.does)


class ServiceCard(OptionCard):
    """A service by its tile, its name and what it does."""

    def __init__(self, theme: Theme, provider: Provider, group: QButtonGroup) -> None:
        super().__init__(theme, provider.name, group)
        self.theme = theme
        self.title, self.line = Elided(theme, weight=600), Elided(theme, "small", ink="text2")
        self._tile: QWidget = QWidget()
        self.row.removeWidget(self.radio)
        self.row.addWidget(self._tile)
        self.row.addLayout(column(self.title, self.line), 1)
        self.row.addWidget(self.radio)
        self.setMinimumHeight(theme.px(_HEIGHT))
        self.tell(provider.id, provider.tile, provider.name, _in_short(provider))

    def tell(self, provider_id: str, letters: str, name: str, does: str) -> None:
        """Show this service."""
        tile = ProviderTile(self.theme, provider_id, letters)
        self.row.replaceWidget(self._tile, tile)
        self._tile.deleteLater()
        self._tile = tile
        self.title.show_text(name)
        self.line.show_text(does)
        self.radio.setAccessibleName(name)
        self.radio.setAccessibleDescription(does)


class OtherCard(ServiceCard):
    """Any other service; `provider` is the one that was found, if one was. Signals: `wanted()`, the list is to open."""

    wanted = Signal()

    def __init__(self, theme: Theme, usual: Provider, group: QButtonGroup) -> None:
        super().__init__(theme, usual, group)
        self.provider: Provider | None = None
        self.setProperty("more", "true")
        self.forget()

    def forget(self) -> None:
        self.provider = None
        self.tell("", "…", say("Another service"), say("PayPal, Adyen, Paddle, more"))

    def take(self, provider: Provider) -> None:
        self.provider = provider
        self.tell(provider.id, provider.tile, provider.name, say(provider.setup.does))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.wanted.emit()


class ExtraCard(QFrame):
    """A service that may come along; a click anywhere ticks it. `box` is its check box."""

    def __init__(self, theme: Theme, provider: Provider) -> None:
        super().__init__()
        self.provider = provider
        self.setProperty("ground", "option")
        self.box = QCheckBox()
        self.box.setAccessibleName(provider.name)
        self.box.setAccessibleDescription(say(provider.setup.does))
        title, line = Elided(theme, weight=500), Elided(theme, "small", ink="text2")
        title.show_text(provider.name)
        line.show_text(_in_short(provider), say(provider.setup.does))
        row(
            ProviderTile(theme, provider.id, provider.tile, 20),
            (column(title, line), 1),
            self.box,
            inside=self,
            margins=(14, 8, 14, 8),
            gap=10,
        )
        self.setMinimumHeight(theme.px(_LOW))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.box.setFocus(Qt.FocusReason.MouseFocusReason)
            self.box.toggle()
