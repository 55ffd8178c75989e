"""Rows of which there may be more than are held: a page of them is asked for at a time."""

from collections.abc import Coroutine, Sequence, Sized
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal

from shopwatch.domain.errors import UserError
from shopwatch.ui.indexes import NO_INDEX, AnyIndex

PAGE = 100


class PagedModel(QAbstractTableModel):
    """A table that is asked for anew and loaded as it is scrolled to, `most` rows of it at the most.

    Each new question adds one to `_generation`; what comes of an older one is dropped. Signals: `loaded()` when a first
    page is in; `failed(UserError)` when the ledger could not answer.
    """

    loaded = Signal()
    failed = Signal(object)

    def __init__(self, titles: Sequence[str], most: int, parent: QObject | None) -> None:
        super().__init__(parent)
        self._titles = titles
        self._most = most
        self._rows: Sized = ()
        self._generation = 0
        self._fetching = False

    @property
    def _goes_on(self) -> bool:
        """There are more than are held."""
        raise NotImplementedError

    def _fetch_more(self) -> None:
        """Ask for the next page; there is one."""
        raise NotImplementedError

    async def _wanted[Page](
        self, asking: Coroutine[Any, Any, Page], generation: int, *, aside: bool = False
    ) -> Page | None:
        """What comes of `asking`, or None if it is no longer wanted or could not be had, which is told.

        `aside`: it is asked for beside a page that may be on its way.
        """
        try:
            page = await asking
        except UserError as problem:
            if generation == self._generation:
                self._fetching = self._fetching and aside
                self.failed.emit(problem)
            return None
        return page if generation == self._generation else None

    @property
    def is_cut(self) -> bool:
        """There are more than this list may hold."""
        return self._goes_on and len(self._rows) >= self._most

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def canFetchMore(self, parent: AnyIndex = NO_INDEX) -> bool:
        return not parent.isValid() and self._goes_on and not self._fetching and len(self._rows) < self._most

    def fetchMore(self, parent: AnyIndex = NO_INDEX) -> None:
        if self.canFetchMore(parent):
            self._fetching = True
            self._fetch_more()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None
