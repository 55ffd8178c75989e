"""Which sales are shown: search, state, period and sender."""

from dataclasses import replace
from datetime import date
from enum import StrEnum

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.domain.sales.sale import SaleState
from shopwatch.domain.source import Source
from shopwatch.ledger.sales.query import SalesQuery, Sort
from shopwatch.presenting.sales.period import Period, bounds, name_of
from shopwatch.presenting.sales.sale_text import provider_name
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import Button, DrawerButton, IconButton
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.inputs.search import SearchField
from shopwatch.ui.widgets.inputs.segmented import Segmented


class Shown(StrEnum):
    ALL = "all"
    PAID = "paid"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


_STATES = {
    Shown.ALL: frozenset[SaleState](),
    Shown.PAID: frozenset((SaleState.PAID,)),
    Shown.REFUNDED: frozenset((SaleState.REFUNDED, SaleState.PART_REFUNDED)),
    Shown.DISPUTED: frozenset((SaleState.DISPUTED, SaleState.LOST)),
}
_SEARCH = 272
_SEARCH_LEAST = 120
_SENDER_MOST = 200


class FilterBar(QFrame):
    """Signals: `query_changed(object)`, the `SalesQuery` that is now asked for; `export_requested()`."""

    query_changed = Signal(object)
    export_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._today: date = date.min
        self._query = SalesQuery()
        self._unheard: tuple[Instant, Instant] | None = None
        self.setProperty("ground", "head")
        self.setFixedHeight(theme.px(56))
        self.search = SearchField(theme, say("Search sales"), say("Customer, item or order no."))
        self._shown = Segmented(theme, say("State"))
        self._period = Combo(theme, say("Period"), "calendar-blank", snug=True)
        self._sender = Combo(theme, say("Service"), snug=True)
        self._export = Button(theme, say("Save as CSV…"), "plain", "download-simple")
        self._export_sign = IconButton(theme, "download-simple", say("Save as CSV"))
        self.drawer = DrawerButton(theme, say("Show or hide details"))
        self._build()
        self._connect()

    @property
    def query(self) -> SalesQuery:
        return self._query

    @property
    def period(self) -> Period:
        return Period(self._period.currentData())

    @property
    def is_narrowed(self) -> bool:
        """Anything but the period leaves sales out."""
        query = self._query
        return bool(query.text or query.states or query.sources)

    def legible_from(self) -> int:
        """The least width that shows every word of it."""
        return self._taken(self._export_sign) + self._theme.px(_SEARCH_LEAST)

    def begin_day(self, today: date) -> None:
        """Count days from this one."""
        self._today = today
        self._ask()

    def set_sources(self, sources: tuple[Source, ...]) -> None:
        """Offer these senders."""
        chosen = self._sender.currentData()
        self._sender.blockSignals(True)
        self._sender.clear()
        self._sender.add(say("All services"), "")
        for source in sources:
            self._sender.add(source.name or provider_name(source.provider), source.id)
        self._sender.setCurrentIndex(max(0, self._sender.findData(chosen)))
        self._sender.blockSignals(False)
        self._sender.setVisible(len(sources) > 1)
        self._sender.updateGeometry()
        self._fit()
        if (chosen or "") != self._sender.currentData():
            self._ask()

    def clear_filters(self, *, period: bool = False) -> None:
        """Show all sales of the period again, or of all time."""
        self.search.clear_quietly()
        self._shown.choose(Shown.ALL)
        for combo, at in ((self._sender, 0), (self._period, self._period.findData(Period.ALL) if period else -1)):
            if at >= 0:
                combo.blockSignals(True)
                combo.setCurrentIndex(at)
                combo.blockSignals(False)
                combo.update()
        self._query = replace(self._query, text="")
        self._ask()

    def show_unheard(self, since: Instant, until: Instant) -> None:
        """Show all sales of a time in which nothing was heard, `until` not included."""
        self._unheard = (since, until)
        self._period.blockSignals(True)
        if self._period.findData(Period.UNHEARD) < 0:
            self._period.add(name_of(Period.UNHEARD), Period.UNHEARD)
        self._period.setCurrentIndex(self._period.findData(Period.UNHEARD))
        self._period.blockSignals(False)
        self.clear_filters()
        self._fit()

    def sort(self, sort: Sort, *, descending: bool) -> None:
        self._query = replace(self._query, sort=sort, descending=descending)
        self._ask()

    def enable_filters(self, enabled: bool) -> None:
        """Nothing can be filtered while there are no sales at all."""
        for widget in (self.search, self._shown, self._period, self._sender, self._export, self._export_sign):
            widget.setEnabled(enabled)

    def _build(self) -> None:
        for shown, words in (
            (Shown.ALL, say("All")),
            (Shown.PAID, say("Paid")),
            (Shown.REFUNDED, say("Refunded")),
            (Shown.DISPUTED, say("Disputed")),
        ):
            self._shown.add(shown, words)
        for period in Period:
            if period is not Period.UNHEARD:
                self._period.add(name_of(period), period)
        self._sender.add(say("All services"), "")
        self._sender.setVisible(False)
        for combo in (self._period, self._sender):
            # Either can say in fewer letters what it says; the states cannot.
            combo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._sender.setMaximumWidth(self._theme.px(_SENDER_MOST))
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 12, 1)
        row.setSpacing(8)
        row.addWidget(self.search)
        row.addWidget(self._shown)
        row.addWidget(self._period)
        row.addWidget(self._sender)
        row.addStretch(1)
        row.addWidget(self._export)
        row.addWidget(self._export_sign)
        row.addWidget(self.drawer)
        self._fit()

    def _connect(self) -> None:
        self.search.searched.connect(self.on_searched)
        self._shown.chosen.connect(self.on_shown_chosen)
        self._period.currentIndexChanged.connect(self.on_choice_changed)
        self._sender.currentIndexChanged.connect(self.on_choice_changed)
        self._export.clicked.connect(self.on_export_clicked)
        self._export_sign.clicked.connect(self.on_export_clicked)

    @Slot(str)
    def on_searched(self, text: str) -> None:
        self._query = replace(self._query, text=text)
        self._ask()

    @Slot(object)
    def on_shown_chosen(self, _shown: object) -> None:
        self._ask()

    @Slot(int)
    def on_choice_changed(self, _index: int) -> None:
        self._fit()
        self._ask()

    @Slot()
    def on_export_clicked(self) -> None:
        self.export_requested.emit()

    def _ask(self) -> None:
        since, until = bounds(self.period, self._today) if self._today > date.min else (None, None)
        if self.period is Period.UNHEARD and self._unheard is not None:
            since, until = self._unheard
        shown = self._shown.key
        source = self._sender.currentData()
        query = replace(
            self._query,
            states=_STATES[Shown(str(shown))],
            since=since,
            until=until,
            sources=frozenset((source,)) if source else frozenset[str](),
        )
        self._query = query
        self.query_changed.emit(query)

    def _fit(self) -> None:
        """Words go first, then the search field gives way."""
        px = self._theme.px
        words = self.width() - self._taken(self._export) >= px(_SEARCH)
        self._export.setVisible(words)
        self._export_sign.setVisible(not words)
        room = self.width() - self._taken(self._export if words else self._export_sign)
        self.search.setFixedWidth(max(px(_SEARCH_LEAST), min(px(_SEARCH), room)))

    def _taken(self, export: QWidget) -> int:
        """What everything but the search field needs."""
        others = (self._shown, self._period, export, self.drawer)
        widths = [widget.sizeHint().width() for widget in others]
        if not self._sender.isHidden():
            widths.append(min(self._sender.sizeHint().width(), self._sender.maximumWidth()))
        margins = self._row.contentsMargins()
        return sum(widths) + self._row.spacing() * (len(widths) + 1) + margins.left() + margins.right()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
