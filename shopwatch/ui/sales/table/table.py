"""The table of sales."""

from collections.abc import Callable, Iterable
from time import monotonic

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QContextMenuEvent

from shopwatch.domain.facts import SaleRow
from shopwatch.ledger.sales.query import Sort
from shopwatch.presenting.sales.columns import FALLING_FIRST, SORTS, Column
from shopwatch.ui.lists.row_table import RowTable
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.table.delegate import SalesDelegate
from shopwatch.ui.sales.table.fresh import Freshness
from shopwatch.ui.sales.table.model import SalesModel

_ROOMY = 1000
_GROWING = {Column.ORDER: 184, Column.AMOUNT: 168}
"""Columns that make room for what is in them, and how wide they may become."""
_MOST_FROM = 168
_ITEMS_LEAST = 56
_GIVING_WAY = {Column.FROM: 64, Column.ORDER: 0}
"""What is left of these, one after the other, where large text leaves no room for items: a tile, and nothing."""
_LOOKED_AT = 24
_ANNOUNCE_EVERY = 5.0


class SalesTable(RowTable):
    """Rows of a `SalesModel`, one selected at a time; the view stands still when rows come in above.

    Signals: `sort_requested(Sort, bool)`, with whether descending; `menu_requested(QPoint)`, at this place on the
    screen; `new_above(int)`, how many arrived rows are above what is seen.
    """

    sort_requested = Signal(Sort, bool)
    menu_requested = Signal(object)
    new_above = Signal(int)

    def __init__(self, theme: Theme, model: SalesModel, is_still: Callable[[], bool]) -> None:
        self._sales = model
        self._above = 0
        self._announced_at = -_ANNOUNCE_EVERY
        self._least: dict[Column, int] = {}
        self._fresh = Freshness(is_still)
        super().__init__(theme, model, SalesDelegate(theme, model, self._fresh.of))
        self._fresh.setParent(self)
        self._fresh.faded.connect(self.on_faded)
        self._head.sort_by(frozenset(SORTS))
        self._head.sectionClicked.connect(self.on_section_clicked)
        model.arrived.connect(self.on_arrived)
        model.modelReset.connect(self.on_first_rows)
        self.verticalScrollBar().valueChanged.connect(self.on_scrolled)

    def show_sorted(self, sort: Sort, *, descending: bool) -> None:
        column = next(column for column, known in SORTS.items() if known is sort)
        self._head.show_sorted(column, descending=descending)

    def fit_times(self, longest: tuple[str, ...]) -> None:
        """Make room for times like these."""
        self._least[Column.TIME] = max(self._delegate.width_for(Column.TIME, time) for time in longest)
        self.fit_columns()

    def fit_senders(self, names: Iterable[str]) -> None:
        """Make room for names like these, within reason."""
        needed = max((self._delegate.width_for(Column.FROM, name) for name in names), default=0)
        self._least[Column.FROM] = min(needed, self._theme.px(_MOST_FROM))
        self.fit_columns()

    def request_sort(self, sort: Sort) -> None:
        """By this, in its usual direction; the other way round if it is sorted by this already."""
        query = self._sales.query
        descending = not query.descending if query.sort is sort else sort in FALLING_FIRST
        self.sort_requested.emit(sort, descending)

    def to_top(self) -> None:
        self.scrollToTop()
        self._tell_above(0)

    def chosen_row(self) -> SaleRow | None:
        return self._sales.row_of(self.chosen_id())

    def widths(self, width: int) -> list[int]:
        """Items have what the others leave."""
        px, columns = self._theme.px, self._delegate.columns
        wide = {column: max(px(columns[column].width), self._least.get(column, 0)) for column in Column}
        if width < px(_ROOMY):
            wide[Column.ORDER] = px(columns[Column.ORDER].width)
        for column, least in _GIVING_WAY.items():
            if width - sum(wide.values()) < px(_ITEMS_LEAST):
                wide[column] = px(least)
        wide[Column.ITEMS] = max(0, width - sum(wide.values()))
        return [wide[column] for column in Column]

    @Slot(int)
    def on_section_clicked(self, section: int) -> None:
        sort = SORTS.get(Column(section))
        if sort is not None:
            self.request_sort(sort)

    @Slot(object)
    def on_faded(self, sale_ids: tuple[int, ...]) -> None:
        for sale_id in sale_ids:
            at = self._sales.position(sale_id)
            if at is not None:
                self._repaint_row(at)

    @Slot(object)
    def on_arrived(self, rows: list[SaleRow]) -> None:
        # Laid out now, the new rows cost one repaint instead of two.
        self.executeDelayedItemsLayout()
        self._fresh.add([row.id for row in rows])
        self._fit_rows(rows[:_LOOKED_AT])
        if self.verticalScrollBar().value() > 0:
            self._tell_above(self._above + len(rows))
        if monotonic() - self._announced_at >= _ANNOUNCE_EVERY:
            self._announced_at = monotonic()
            event = QAccessibleAnnouncementEvent(self, self._sales.text(rows[0]).spoken())
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
            QAccessible.updateAccessibility(event)

    @Slot()
    def on_first_rows(self) -> None:
        self._tell_above(0)
        for column in _GROWING:
            self._least.pop(column, None)
        self._fit_rows(self._sales.top(_LOOKED_AT))

    @Slot(int)
    def on_scrolled(self, value: int) -> None:
        if value == 0:
            self._tell_above(0)

    def _fit_rows(self, rows: Iterable[SaleRow]) -> None:
        """Money is never shortened as long as there is any room for it; order numbers only where there is little."""
        texts = [self._sales.text(row) for row in rows]
        for column, most in _GROWING.items():
            needed = max((self._delegate.width_for(column, text.cells()[column]) for text in texts), default=0)
            needed = min(needed, self._theme.px(most))
            self._least[column] = max(needed, self._least.get(column, 0))
        self.fit_columns()

    def _tell_above(self, count: int) -> None:
        if count != self._above:
            self._above = count
            self.new_above.emit(count)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())
