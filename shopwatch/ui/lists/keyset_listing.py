"""A list that is read page by page, and what stands in its place while it is read or has no rows."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say, say_n
from shopwatch.presenting.amounts import count_text
from shopwatch.presenting.times import local
from shopwatch.runtime.clock import now
from shopwatch.ui.lists.keyset_model import KeysetModel
from shopwatch.ui.lists.row_listing import EmptyList, RowListing
from shopwatch.ui.lists.row_table import RowTable
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.texts.empty import Loading, NothingFound


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWords:
    """What is said of a list and in its place.

    `empty` and `about`, below the `sign`, where there is nothing at all yet; `none` where a query finds nothing, with
    `clear` to see everything again; `unread` where the ledger cannot answer, or its own words.
    """

    name: str
    loading: str
    sign: str
    empty: str
    about: str
    none: str
    clear: str
    unread: str = ""


class KeysetListing(RowListing):
    """Reads `model` when it is shown, and again when something changes while it is seen."""

    def __init__(
        self, theme: Theme, table: RowTable, model: KeysetModel[Any, Any, Any], words: ListWords, locale: str
    ) -> None:
        loading = Loading(theme)
        loading.setAccessibleName(words.loading)
        self.nothing = NothingFound(theme)
        empty = EmptyList(theme, words.sign, words.empty, words.about)
        super().__init__(theme, table, loading=loading, empty=empty, nothing=self.nothing)
        self._rows = table
        self._model = model
        self._query = model.query
        self._words = words
        self._locale = locale
        table.setAccessibleName(words.name)
        model.loaded.connect(self.on_loaded)
        model.failed.connect(self.on_failed)
        for changed in (model.refreshed, model.rowsInserted, model.rowsRemoved):
            changed.connect(self.on_rows_changed)

    @Slot(object)
    def on_changed(self, _fact: object) -> None:
        """Something has happened; a list that is not seen looks when it is shown again."""
        if self.isVisible():
            self._model.refresh_soon()

    @Slot()
    def on_loaded(self) -> None:
        """The first page of a query is in; another one than before is seen from its top."""
        if self._model.query != self._query:
            self._query = self._model.query
            self._rows.verticalScrollBar().setValue(0)
        self.on_rows_changed()

    @Slot()
    def on_rows_changed(self) -> None:
        count = self._model.rowCount()
        if count:
            self.show_table()
        elif self._model.is_narrowed:
            self._say_why(self._words.none, self._words.clear)
        else:
            self.show_empty()
        rows = say_n("{n} row", "{n} rows", count)
        self._rows.setAccessibleName(say("{name}, {rows}", name=self._words.name, rows=rows))
        most = count_text(self._model.most, self._locale)
        cut = say("Only the latest {count} are listed. Search to see others.", count=most)
        self.set_cut(cut if self._model.is_cut else "")

    @Slot(object)
    def on_failed(self, problem: UserError) -> None:
        if not self._model.rowCount():
            self._say_why(self._words.unread or problem.title, say("Try again"))

    def _say_why(self, sentence: str, remedy: str) -> None:
        """In place of the list."""
        self.nothing.tell(sentence, remedy)
        self.show_nothing()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.begin_day(local(now()).date())
        self._model.look()
