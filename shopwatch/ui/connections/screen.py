"""The page of all connections."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import DeliveryKept
from shopwatch.domain.i18n import say
from shopwatch.ui.connections.card import ConnectionCard
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import STRETCH, Stretch, column, row
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.sign import NoteLine
from shopwatch.ui.window.page_context import PageContext

_WIDEST = 760


class ConnectionsScreen(QWidget):
    """One card for each source. Signals: `add_requested()`, the assistant is wanted for another service."""

    add_requested = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._theme = theme = context.theme
        self._shop = context.shop
        self.cards: list[ConnectionCard] = []
        self.setProperty("ground", "surface")
        self.setAccessibleName(say("Connections"))
        self.add = Button(theme, say("Add a service…"), "primary", "plus")
        self._none = theme.label(say("No service is connected yet. Add the one your customers pay with."), "lead")
        self._none.setWordWrap(True)
        self._none.setProperty("ink", "text2")
        self.note = NoteLine(theme)
        self._column = column(self._none, gap=16)
        self._build()
        context.bridge.state_changed.connect(self.on_state_changed)
        context.bridge.delivery_kept.connect(self.on_delivery_kept)
        self.add.clicked.connect(self.add_requested)

    def _build(self) -> None:
        head = Ground("head")
        head.setFixedHeight(self._theme.px(72))
        row(
            self._theme.label(say("Connections"), "title"),
            STRETCH,
            self.add,
            inside=head,
            margins=(24, 0, 20, 0),
            gap=6,
        )
        inner = QWidget()
        inner.setMaximumWidth(self._theme.px(_WIDEST))
        inner.setLayout(self._column)
        page = QWidget()
        page.setProperty("ground", "surface")
        column(
            self.note,
            (row((inner, 1, Qt.AlignmentFlag.AlignTop), Stretch(0)), 1),
            inside=page,
            margins=(24, 24, 24, 40),
            gap=16,
        )
        self._scroll = Scrolled(page)
        column(head, (self._scroll, 1), inside=self)

    def show_now(self) -> None:
        """One card for each source that there is now."""
        sources = self._shop.sources.all
        held = {card.source.id: card for card in self.cards}
        gone = [card for card in self.cards if card.source.id not in {source.id for source in sources}]
        for card in gone:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [held.get(source.id) or self._card(source.id) for source in sources]
        for place, (card, source) in enumerate(zip(self.cards, sources, strict=True)):
            if self._column.indexOf(card) < 0:
                self._column.insertWidget(place, card)
            card.show_source(source)
            card.show_now()
        self._none.setVisible(not sources)

    def _card(self, source_id: str) -> ConnectionCard:
        source = next(each for each in self._shop.sources.all if each.id == source_id)
        card = ConnectionCard(self._context, source)
        card.left.connect(self.on_left)
        return card

    def show_source(self, source_id: str) -> ConnectionCard | None:
        """Bring this source into sight; its card, if it has one."""
        self.show_now()
        card = next((card for card in self.cards if card.source.id == source_id), None)
        if card is not None:
            # A card that was made just now has no place yet.
            self._column.activate()
            self._scroll.ensureWidgetVisible(card)
            card.focus_first()
        return card

    def replace_secret(self, source_id: str) -> None:
        """Bring the secret of this source into sight, ready for another."""
        card = self.show_source(source_id)
        if card is not None:
            card.secret.on_unfold()

    @Slot(object)
    def on_left(self, problem: UserError) -> None:
        """A source is removed, but something of it is still at its provider."""
        self.note.tell("warn", str(problem))

    @Slot()
    def on_state_changed(self) -> None:
        if self.isVisible():
            self.show_now()

    @Slot(object)
    def on_delivery_kept(self, fact: DeliveryKept) -> None:
        if self.isVisible():
            for card in self.cards:
                if card.source.id == fact.source_id:
                    card.show_heard()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for card in self.cards:
            card.look_again()
        self.show_now()
