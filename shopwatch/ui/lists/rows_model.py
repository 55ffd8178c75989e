"""Rows that are known by their ids, and what is said of each of them."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Protocol

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from shopwatch.presenting.times import local
from shopwatch.runtime.clock import now
from shopwatch.ui.indexes import NO_INDEX, AnyIndex
from shopwatch.ui.lists.column import Column

_MOST_TEXTS = 2_000
_TRAILING = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter


class Line(Protocol):
    """A row in words; `faint` if it does not count."""

    @property
    def faint(self) -> bool: ...

    def cells(self) -> Sequence[str]:
        """By column."""

    def spoken(self) -> str:
        """For screen readers."""


class RowKind[Row, Text: Line](Protocol):
    """What a list knows of its rows."""

    @property
    def columns(self) -> Sequence[Column]: ...

    def id_of(self, row: Row) -> Hashable: ...

    def text_of(self, row: Row, today: date) -> Text: ...


class RowsModel[Row, Text: Line](QAbstractTableModel):
    """Rows in the order that they are given in, put into words when they are first looked at."""

    def __init__(self, kind: RowKind[Row, Text], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = kind.columns
        self.today: date = local(now()).date()
        self._kind = kind
        self._rows: list[Row] = []
        self._known: dict[Hashable, Row] = {}
        self._texts: dict[Hashable, tuple[Row, Text]] = {}

    def row_at(self, at: int) -> Row:
        return self._rows[at]

    def row_of(self, row_id: Hashable) -> Row | None:
        """The row of this id, if it is here."""
        return self._known.get(row_id)

    def id_at(self, at: int) -> Hashable | None:
        return self._kind.id_of(self._rows[at]) if 0 <= at < len(self._rows) else None

    def position(self, row_id: Hashable) -> int | None:
        """Where the row of this id stands, if it is here."""
        row = self._known.get(row_id)
        return self._place(row) if row is not None else None

    def text_at(self, at: int) -> Text:
        return self.text(self._rows[at])

    def text(self, row: Row) -> Text:
        row_id = self._kind.id_of(row)
        known = self._texts.get(row_id)
        if known is not None and known[0] is row:
            return known[1]
        if len(self._texts) >= _MOST_TEXTS:
            self._texts.clear()
        text = self._kind.text_of(row, self.today)
        self._texts[row_id] = (row, text)
        return text

    def show(self, rows: Sequence[Row]) -> None:
        """Let the rows be these; where they are the same in the same order, only what is said of them changes."""
        if [self._kind.id_of(row) for row in rows] != [self._kind.id_of(row) for row in self._rows]:
            self._reset(rows)
        else:
            for at, row in enumerate(rows):
                self._put(at, row)

    def drop(self, gone: Iterable[Hashable]) -> None:
        """Take these out."""
        for row_id in gone:
            at = self.position(row_id)
            if at is not None:
                self._take_out(at, at)

    def begin_day(self, today: date) -> None:
        """Times of earlier days are shown with their day."""
        if today != self.today:
            self.today = today
            self.retell()

    def retell(self, which: Callable[[Text], bool] | None = None) -> None:
        """Put the rows into other words than they are in, or those whose words `which` picks."""
        if which is None:
            self._texts.clear()
            self._repaint(0, len(self._rows) - 1)
            return
        for row_id in [row_id for row_id, (_, text) in self._texts.items() if which(text)]:
            del self._texts[row_id]
            at = self.position(row_id)
            if at is not None:
                self._repaint(at, at)

    def _place(self, row: Row) -> int:
        return next(at for at, each in enumerate(self._rows) if each is row)

    def _reset(self, rows: Iterable[Row]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._known = {self._kind.id_of(row): row for row in self._rows}
        self.endResetModel()

    def _insert(self, at: int, rows: Sequence[Row]) -> None:
        if rows:
            self.beginInsertRows(NO_INDEX, at, at + len(rows) - 1)
            self._rows[at:at] = rows
            self._known.update((self._kind.id_of(row), row) for row in rows)
            self.endInsertRows()

    def _take_out(self, first: int, last: int) -> None:
        self.beginRemoveRows(NO_INDEX, first, last)
        for row in self._rows[first : last + 1]:
            del self._known[self._kind.id_of(row)]
        del self._rows[first : last + 1]
        self.endRemoveRows()

    def _put(self, at: int, row: Row) -> None:
        """Let `row`, whose older self is here, stand at this place or, if that is above it, stay where it is."""
        row_id = self._kind.id_of(row)
        was = at if self.id_at(at) == row_id else self._place(self._known[row_id])
        if was > at:
            self.beginMoveRows(NO_INDEX, was, was, NO_INDEX, at)
            self._rows.insert(at, self._rows.pop(was))
            self.endMoveRows()
        here = min(was, at)
        if self._rows[here] != row:
            self._replace(here, row)

    def _replace(self, at: int, row: Row) -> None:
        """Let `row` stand in the place of its older self."""
        self._rows[at] = self._known[self._kind.id_of(row)] = row
        self._repaint(at, at)

    def _repaint(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        column = self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text_at(index.row()).cells()[index.column()]
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.text_at(index.row()).spoken()
            case Qt.ItemDataRole.ToolTipRole if column.tip is not None:
                return column.tip(self.text_at(index.row()))
            case Qt.ItemDataRole.TextAlignmentRole if column.trailing:
                return _TRAILING
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return None
