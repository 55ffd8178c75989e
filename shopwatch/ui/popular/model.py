"""What sold, as the rows of a table."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from shopwatch.domain.words import say
from shopwatch.ui.amounts import count_text
from shopwatch.ui.indexes import NO_INDEX, AnyIndex
from shopwatch.ui.popular.wording import ItemRow, all_money, amount_text, name_text, spoken
from shopwatch.ui.widgets.row_delegate import Column


class ItemColumn(IntEnum):
    RANK = 0
    NAME = 1
    QUANTITY = 2
    MONEY = 3
    BAR = 4
    PAGE = 5


def columns() -> tuple[Column, ...]:
    """What stands over each `ItemColumn`, and its width."""
    return (
        Column("", 56),
        Column(say("Item")),
        Column(say("Quantity"), 200),
        Column(say("Money"), 128, trailing=True),
        Column("", 136, least=660),
        Column(say("On the page"), 112, trailing=True),
    )


class PopularModel(QAbstractTableModel):
    """Rows in the order they are given. Rows are known by numbers, one for each name."""

    def __init__(self, locale: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._locale = locale
        self._columns = columns()
        self._rows: Sequence[ItemRow] = ()
        self._numbers: dict[str, int] = {}
        self._places: dict[int, int] = {}

    @property
    def rows(self) -> Sequence[ItemRow]:
        return self._rows

    def show(self, rows: Sequence[ItemRow]) -> None:
        """Show these; where names and order are the same, only what is in the rows changes."""
        same = [each.name for each in rows] == [each.name for each in self._rows]
        if same:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, ItemColumn.PAGE))
            return
        self.beginResetModel()
        self._rows = rows
        self._places = {self._numbers.setdefault(each.name, len(self._numbers) + 1): at for at, each in enumerate(rows)}
        self.endResetModel()

    def position(self, number: int) -> int | None:
        """Where the item of this number stands."""
        return self._places.get(number)

    def number_at(self, at: int) -> int | None:
        return self._numbers[self._rows[at].name] if 0 <= at < len(self._rows) else None

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, ItemColumn(index.column()))
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken(row, self._locale)
            case Qt.ItemDataRole.ToolTipRole if index.column() == ItemColumn.MONEY:
                return all_money(row, self._locale)
            case Qt.ItemDataRole.TextAlignmentRole if self._columns[index.column()].trailing:
                return Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, row: ItemRow, column: ItemColumn) -> str:
        match column:
            case ItemColumn.RANK:
                return count_text(row.rank, self._locale)
            case ItemColumn.NAME:
                return name_text(row)
            case ItemColumn.QUANTITY:
                return count_text(row.qty, self._locale)
            case ItemColumn.MONEY:
                return amount_text(row, self._locale)
            case ItemColumn.BAR | ItemColumn.PAGE:
                return ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return None
