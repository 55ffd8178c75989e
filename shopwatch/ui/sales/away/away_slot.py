"""The place of the card that tells what came in of a time in which nothing was heard."""

from datetime import date

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.presenting.sales.away import Away, trying_again
from shopwatch.presenting.sales.sale_text import told_apart
from shopwatch.presenting.sales.time_away import TimeAway
from shopwatch.runtime.tasks import Run
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.away.away_card import AwayCard
from shopwatch.ui.sales.away.away_watch import AwayWatch
from shopwatch.ui.sales.away.held_letters import HeldLetters

_LEAST = QSize(900, 760)
"""On a smaller screen the card is narrow and tells fewer sales one by one, so that the list stays in sight."""


class AwaySlot(QWidget):
    """Shows it from the end of a gap until the owner closes it; a problem banner goes before it.

    Signals: `sales_wanted(object)`, the `Gap` whose sales are to be listed; `closed()`, the owner has seen it;
    `trying(str, str)`, who sends by itself what could not be delivered, and a sentence about each, or nothing.
    """

    sales_wanted = Signal(object)
    closed = Signal()
    trying = Signal(str, str)

    def __init__(
        self,
        time_away: TimeAway,
        outbox: OutboxBook,
        sources: SourceRegistry,
        theme: Theme,
        bridge: Bridge,
        *,
        locale: str,
        run: Run,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._outbox = outbox
        self._sources = sources
        self._locale = locale
        self._theme = theme
        self._run = run
        self._today = date.min
        self._away: Away | None = None
        self._card: AwayCard | None = None
        self._dialog: HeldLetters | None = None
        self._gives_way = False
        self._narrow = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 16, 24, 0)
        self.watch = AwayWatch(time_away, bridge, run, self)
        self.watch.changed.connect(self.on_changed)
        self.setProperty("ground", "surface")
        self.hide()

    @property
    def card(self) -> AwayCard | None:
        """The card that is shown, or would be if nothing went before it."""
        return self._card

    @property
    def dialog(self) -> HeldLetters | None:
        return self._dialog

    def begin_day(self, today: date) -> None:
        self._today = today
        if self._away is not None and not self._away.matters:
            self.watch.forget()
        self._make()

    def give_way(self, gives_way: bool) -> None:
        """A problem is shown in its place meanwhile."""
        self._gives_way = gives_way
        self.setVisible(self._card is not None and not gives_way)

    def fit(self, room: QSize) -> None:
        """Make do with a screen of this size."""
        narrow = _LEAST.expandedTo(room) != room
        if narrow != self._narrow:
            self._narrow = narrow
            self._make()

    def close_card(self) -> bool:
        """The owner has seen it; whether there was any in sight."""
        if self._card is None or self._gives_way:
            return False
        self.watch.forget()
        self.closed.emit()
        return True

    @Slot(object)
    def on_changed(self, away: Away | None) -> None:
        if away == self._away:
            return
        first = self._away is None
        self._away = away
        self._make()
        about = [words for _, words in away.trying] if away is not None else []
        sentence = trying_again(away, self._locale, self._today) if away is not None else ""
        self.trying.emit(sentence, "\n".join(about))
        if first and self._card is not None and self.isVisible():
            self._card.announce()

    @Slot()
    def on_close_requested(self) -> None:
        self.close_card()

    @Slot()
    def on_show_requested(self) -> None:
        if self._away is not None:
            self.sales_wanted.emit(self._away.gap)

    @Slot()
    def on_review_requested(self) -> None:
        if self._away is None or self._dialog is not None:
            return
        self._dialog = HeldLetters(self._outbox, self._theme, self._away.held, self._locale, run=self._run, parent=self)
        self._dialog.finished.connect(self.on_dialog_finished)
        self._dialog.open()

    @Slot(int)
    def on_dialog_finished(self, _result: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
            self.watch.look()

    def _make(self) -> None:
        if self._card is not None:
            self._card.hide()
            self._card.deleteLater()
            self._card = None
        if self._away is not None and self._away.matters:
            names = told_apart(self._sources.all)
            self._card = AwayCard(self._theme, self._away, self._locale, self._today, names=names, narrow=self._narrow)
            self._card.show_requested.connect(self.on_show_requested)
            self._card.review_requested.connect(self.on_review_requested)
            self._card.close_requested.connect(self.on_close_requested)
            self._column.addWidget(self._card)
        self.give_way(self._gives_way)
