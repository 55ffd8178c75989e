"""Which deliveries are shown: result, source and search."""

from collections.abc import Hashable
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.source import Source
from shopwatch.ledger.query import InboxQuery, Result, Tally
from shopwatch.ui.amounts import count_text
from shopwatch.ui.sale_words import provider_name
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.combo import Combo
from shopwatch.ui.widgets.elided import Elided
from shopwatch.ui.widgets.search import SearchField
from shopwatch.ui.widgets.segmented import Segmented

_ALL = "all"
_SEARCH = 200
_SEARCH_LEAST = 128
_TITLE_LEAST = 56
_SERVICE_MOST = 200


class InboxHead(QFrame):
    """Title, filters and search. Signals: `query_changed(object)`, the `InboxQuery` that is now asked for."""

    query_changed = Signal(object)

    def __init__(self, theme: Theme, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._locale = locale
        self._query = InboxQuery()
        self._counts: dict[Hashable, str] = {}
        self.setProperty("ground", "head")
        self.setFixedHeight(theme.px(72))
        self._subtitle = Elided(theme, "small", ink="text2")
        self.shown = Segmented(theme, self.tr("Result"))
        self.service = Combo(theme, self.tr("Service"), snug=True)
        self.search = SearchField(theme, self.tr("Search messages"), self.tr("Number or kind"))
        self._build()
        self.search.searched.connect(self.on_searched)
        self.shown.chosen.connect(self.on_chosen)
        self.service.currentIndexChanged.connect(self.on_service_changed)

    @property
    def query(self) -> InboxQuery:
        return self._query

    @property
    def is_narrowed(self) -> bool:
        """Something leaves deliveries out."""
        return self._query != InboxQuery()

    def tell_sources(self, sources: tuple[Source, ...]) -> None:
        """Offer these senders."""
        chosen = self.service.currentData()
        self.service.blockSignals(True)
        self.service.clear()
        self.service.add(self.tr("All services"), "")
        for source in sources:
            self.service.add(source.name or provider_name(source.provider), source.id)
        self.service.setCurrentIndex(max(0, self.service.findData(chosen)))
        self.service.blockSignals(False)
        self.service.setVisible(len(sources) > 1)
        self._fit()
        if (chosen or "") != self.service.currentData():
            self._ask()

    def tell_tally(self, tally: Tally) -> None:
        """How many there are of each result."""
        counts = {
            _ALL: tally.accepted + tally.repeats + tally.rejected + tally.set_aside,
            Result.ACCEPTED: tally.accepted,
            Result.REPEAT: tally.repeats,
            Result.REJECTED: tally.rejected,
            Result.SET_ASIDE: tally.set_aside,
        }
        self._counts = {key: count_text(count, self._locale) for key, count in counts.items()}
        self._fit()

    def clear_filters(self) -> None:
        """Show all deliveries again."""
        self.search.clear_quietly()
        self.shown.choose(_ALL)
        self.service.blockSignals(True)
        self.service.setCurrentIndex(0)
        self.service.blockSignals(False)
        self._query = InboxQuery()
        self.query_changed.emit(self._query)

    def _build(self) -> None:
        for key, words in (
            (_ALL, self.tr("All")),
            (Result.ACCEPTED, self.tr("Accepted")),
            (Result.REPEAT, self.tr("Repeats")),
            (Result.REJECTED, self.tr("Rejected")),
            (Result.SET_ASIDE, self.tr("Set aside")),
        ):
            self.shown.add(key, words)
        self.service.add(self.tr("All services"), "")
        self.service.setVisible(False)
        self.service.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.service.setMaximumWidth(self._theme.px(_SERVICE_MOST))
        self._subtitle.show_own(self.tr("Every message that reached this computer, kept word for word"))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._theme.label(self.tr("Inbox"), "title"))
        column.addWidget(self._subtitle)
        column.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(24, 0, 24, 1)
        self._row.setSpacing(8)
        self._row.addLayout(column, 1)
        for widget in (self.shown, self.service, self.search):
            self._row.addWidget(widget)
        self._fit()

    def _fit(self) -> None:
        """The search field gives way first, then the words under the title, then the counts."""
        px = self._theme.px
        least = px(_TITLE_LEAST) + px(_SEARCH_LEAST)
        self._show_counts(True)
        if self._room() < least:
            self._show_counts(False)
        words = self._subtitle.sizeHint().width()
        self._subtitle.setVisible(self._room() >= words + px(_SEARCH_LEAST))
        beside = words if self._subtitle.isVisibleTo(self) else px(_TITLE_LEAST)
        self.search.setFixedWidth(max(px(_SEARCH_LEAST), min(px(_SEARCH), self._room() - beside)))

    def _show_counts(self, shown: bool) -> None:
        for key, count in self._counts.items():
            self.shown.show_count(key, count if shown else "")

    def _room(self) -> int:
        """What the filters leave for title and search field."""
        service = (
            0 if self.service.isHidden() else 8 + min(self.service.sizeHint().width(), self.service.maximumWidth())
        )
        return self.width() - self.shown.sizeHint().width() - service - 2 * 8 - 48

    def _ask(self) -> None:
        key = self.shown.key
        source = self.service.currentData()
        self._query = replace(
            self._query,
            result=key if isinstance(key, Result) else None,
            sources=frozenset((source,)) if source else frozenset[str](),
        )
        self.query_changed.emit(self._query)

    @Slot(str)
    def on_searched(self, text: str) -> None:
        self._query = replace(self._query, text=text)
        self._ask()

    @Slot(object)
    def on_chosen(self, _key: object) -> None:
        self._ask()

    @Slot(int)
    def on_service_changed(self, _index: int) -> None:
        self._fit()
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
