"""The header lines of a message."""

from PySide6.QtCore import QAbstractTableModel, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from shopwatch.domain.legible import legible
from shopwatch.ledger.inbox.query import DeliveryRow
from shopwatch.presenting.inbox.secrecy import shown, shown_url
from shopwatch.presenting.outside_text import LONGEST, tip
from shopwatch.ui.indexes import NO_INDEX, AnyIndex
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.overlay_bar import OverlayBar

_NAME = 96
_MOST_SHARE = 0.4
"""Of the width, for the names: the values are what one looks for."""
_ROW = 24
_MOST_SHOWN = 300


def header_lines(row: DeliveryRow) -> list[tuple[str, str]]:
    """Method and address, then every header, legible, with dots for what may be a key."""
    lines = [(row.method, shown_url(row.url)), *shown(row.headers)]
    return [(legible(name, 120), legible(value, LONGEST)) for name, value in lines[:_MOST_SHOWN]]


class HeaderView(QTableView):
    """Names and values, one line each; a value that is cut is whole in its tooltip."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = _Lines(theme)
        self.setAccessibleName(name)
        self.setProperty("ground", "code")
        self.setModel(self._lines)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(16)
        self.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
        OverlayBar(self)
        theme.changed.connect(self.on_theme_changed)

    def show_row(self, row: DeliveryRow | None) -> None:
        self._lines.show(header_lines(row) if row is not None else [])
        self._fit()

    def all_text(self) -> str:
        """Every line, to be copied; no key is in it."""
        return self._lines.all_text()

    def _fit(self) -> None:
        needed = min(self.sizeHintForColumn(0), round(self.viewport().width() * _MOST_SHARE))
        self.horizontalHeader().resizeSection(0, max(needed, self._theme.px(_NAME)))

    @Slot()
    def on_theme_changed(self) -> None:
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class _Lines(QAbstractTableModel):
    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self._lines: list[tuple[str, str]] = []

    def show(self, lines: list[tuple[str, str]]) -> None:
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def all_text(self) -> str:
        head, *rest = [*self._lines] or [("", "")]
        return "\n".join([" ".join(head), *(f"{name}: {value}" for name, value in rest)])

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else 2

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        name = index.column() == 0
        text = self._lines[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.ToolTipRole:
                return tip(text)
            case Qt.ItemDataRole.FontRole:
                return self._theme.font("small") if name else self._theme.font("mono")
            case Qt.ItemDataRole.ForegroundRole:
                return self._theme.colour("text3" if name else "text")
        return None
