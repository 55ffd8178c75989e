"""Which deliveries are shown: result, source and search."""

from collections.abc import Hashable
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy

from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.ledger.inbox.query import InboxQuery, Result, Tally
from shopwatch.presenting.amounts import count_text
from shopwatch.presenting.sales.sale_text import provider_name
from shopwatch.ui.lists.page_head import PageHead
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.inputs.search import SearchField
from shopwatch.ui.widgets.inputs.segmented import Segmented

_ALL = "all"
_SEARCH = 200
_SEARCH_LEAST = 128
_TITLE_LEAST = 56
_SERVICE_MOST = 200


class InboxHead(PageHead):
    """Title, filters and search. Signals: `query_changed(object)`, the `InboxQuery` that is now asked for."""

    query_changed = Signal(object)

    def __init__(self, theme: Theme, locale: str) -> None:
        self._locale = locale
        self._query = InboxQuery()
        self._counts: dict[Hashable, str] = {}
        self.shown = Segmented(theme, say("Result"))
        self.service = Combo(theme, say("Service"), snug=True)
        self.search = SearchField(theme, say("Search messages"), say("Number or kind"))
        about = say("Every message that reached this computer, kept word for word")
        super().__init__(theme, say("Inbox"), about, self.shown, self.service, self.search)
        for key, words in (
            (_ALL, say("All")),
            (Result.ACCEPTED, say("Accepted")),
            (Result.REPEAT, say("Repeats")),
            (Result.REJECTED, say("Rejected")),
            (Result.SET_ASIDE, say("Set aside")),
        ):
            self.shown.add(key, words)
        self.service.add(say("All services"), "")
        self.service.setVisible(False)
        self.service.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.service.setMaximumWidth(theme.px(_SERVICE_MOST))
        self.fit()
        self.search.searched.connect(self.on_searched)
        self.shown.chosen.connect(self.on_chosen)
        self.service.currentIndexChanged.connect(self.on_service_changed)

    @property
    def query(self) -> InboxQuery:
        return self._query

    def set_sources(self, sources: tuple[Source, ...]) -> None:
        """Offer these senders."""
        chosen = self.service.currentData()
        self.service.blockSignals(True)
        self.service.clear()
        self.service.add(say("All services"), "")
        for source in sources:
            self.service.add(source.name or provider_name(source.provider), source.id)
        self.service.setCurrentIndex(max(0, self.service.findData(chosen)))
        self.service.blockSignals(False)
        self.service.setVisible(len(sources) > 1)
        self.fit()
        if (chosen or "") != self.service.currentData():
            self._ask()

    def set_tally(self, tally: Tally) -> None:
        """How many there are of each result."""
        counts = {
            _ALL: tally.accepted + tally.repeats + tally.rejected + tally.set_aside,
            Result.ACCEPTED: tally.accepted,
            Result.REPEAT: tally.repeats,
            Result.REJECTED: tally.rejected,
            Result.SET_ASIDE: tally.set_aside,
        }
        self._counts = {key: count_text(count, self._locale) for key, count in counts.items()}
        self.fit()

    def clear_filters(self) -> None:
        """Show all deliveries again."""
        self.search.clear_quietly()
        self.shown.choose(_ALL)
        self.service.blockSignals(True)
        self.service.setCurrentIndex(0)
        self.service.blockSignals(False)
        self._query = InboxQuery()
        self.query_changed.emit(self._query)

    def fit(self) -> None:
        """The search field gives way first, then the words under the title, then the counts."""
        px = self._theme.px
        least = px(_TITLE_LEAST) + px(_SEARCH_LEAST)
        self._show_counts(True)
        if self._room() < least:
            self._show_counts(False)
        words = self.about.sizeHint().width()
        self.about.setVisible(self._room() >= words + px(_SEARCH_LEAST))
        beside = words if self.about.isVisibleTo(self) else px(_TITLE_LEAST)
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
        self.fit()
        self._ask()
