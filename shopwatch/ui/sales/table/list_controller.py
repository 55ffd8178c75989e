"""What is looked for among the sales, and what is listed of it."""

from PySide6.QtCore import QObject, Signal, Slot

from shopwatch.domain.connection.gap import Gap
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.i18n import say, say_n
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.ledger.sales.query import SalesQuery, Sort
from shopwatch.presenting.amounts import count_text
from shopwatch.presenting.sales.day import Day
from shopwatch.presenting.sales.matching import newest_first
from shopwatch.presenting.sales.period import Period, name_of
from shopwatch.presenting.times import longest
from shopwatch.runtime.tasks import Run
from shopwatch.ui.sales.head.day_watch import DayWatch
from shopwatch.ui.sales.table.filter_bar import FilterBar
from shopwatch.ui.sales.table.listing import Listing
from shopwatch.ui.sales.table.model import SalesModel
from shopwatch.ui.sales.table.table import SalesTable


class ListController(QObject):
    """Asks the model for what the filters want, and shows its rows, or why there are none.

    Signals: `listed()`, there are rows; `failed(UserError)`.
    """

    listed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        sales: SalesBook,
        locale: str,
        *,
        filters: FilterBar,
        model: SalesModel,
        table: SalesTable,
        listing: Listing,
        day: DayWatch,
        run: Run,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sales = sales
        self._locale = locale
        self._filters = filters
        self._model = model
        self._table = table
        self._listing = listing
        self._day = day
        self._run = run
        self._empty_asked = 0
        self._connect()

    def _connect(self) -> None:
        self._filters.query_changed.connect(self.on_query_changed)
        self._model.loaded.connect(self.on_loaded)
        self._model.failed.connect(self.failed)
        self._model.arrived.connect(self.on_arrived)
        self._model.waiting.connect(self._listing.set_new)
        self._model.rowsInserted.connect(self.on_rows_changed)
        self._model.rowsRemoved.connect(self.on_rows_changed)
        self._table.sort_requested.connect(self.on_sort_requested)
        self._table.new_above.connect(self._listing.set_new)
        self._listing.chip_clicked.connect(self.on_chip_clicked)
        self._listing.nothing.clear_requested.connect(self.on_clear_requested)

    def set_day(self, day: Day) -> None:
        """Say to those who listen how many sales are listed."""
        count = self._model.rowCount()
        if self._filters.period is Period.TODAY and not self._filters.is_narrowed:
            count = max(day.today.count, count)
        rows = say_n("{n} row", "{n} rows", count)
        period = name_of(self._filters.period)
        self._table.setAccessibleName(say("Sales, {period}, {rows}", period=period, rows=rows))

    @Slot(object)
    def on_query_changed(self, query: SalesQuery) -> None:
        one_day = self._filters.period is Period.TODAY
        self._table.fit_times(longest(self._locale, self._day.today, with_day=not one_day))
        self._table.show_sorted(query.sort, descending=query.descending)
        self._model.ask(query)

    @Slot(Sort, bool)
    def on_sort_requested(self, sort: Sort, descending: bool) -> None:
        self._filters.sort(sort, descending=descending)

    @Slot()
    def on_loaded(self) -> None:
        """The first page of a query is in."""
        self._table.verticalScrollBar().setValue(0)
        if self._model.rowCount():
            self._show_rows()
        else:
            self._empty_asked += 1
            self._run(self._look_whether_empty(self._empty_asked), "whether there are sales")
        # After the rows, so that they are painted first.
        self._day.look()
        self.on_rows_changed()

    @Slot(object)
    def on_arrived(self, _rows: list[SaleRow]) -> None:
        if not self._listing.is_table_shown:
            self._show_rows()

    @Slot()
    def on_rows_changed(self) -> None:
        self._listing.set_cut(
            say(
                "Only the latest {count} are listed. Search or choose a period to see others.",
                count=count_text(self._model.most, self._locale),
            )
            if self._model.is_cut
            else ""
        )

    @Slot()
    def on_chip_clicked(self) -> None:
        if newest_first(self._model.query):
            self._table.to_top()
        else:
            self._model.ask_again()

    @Slot()
    def on_clear_requested(self) -> None:
        self._filters.clear_filters(period=not self._filters.is_narrowed)

    @Slot(object)
    def on_unheard_wanted(self, gap: Gap) -> None:
        """The sales of this gap are wanted."""
        self._filters.show_unheard(gap.began_at, gap.ended_at or gap.began_at)

    def _show_rows(self) -> None:
        self._filters.enable_filters(True)
        self._listing.show_table()
        self.listed.emit()

    async def _look_whether_empty(self, asked: int) -> None:
        try:
            page = await self._sales.page(SalesQuery(), None, 1)
        except UserError as problem:
            self.failed.emit(problem)
            return
        if asked != self._empty_asked or self._model.rowCount():
            return
        self._filters.enable_filters(bool(page.rows))
        if not page.rows:
            self._listing.show_empty()
        elif self._filters.is_narrowed:
            self._listing.nothing.tell(say("No sale fits this search."), say("Clear filters"))
            self._listing.show_nothing()
        else:
            sentence = say("No sales yet today.")
            if self._filters.period is not Period.TODAY:
                sentence = say("No sales in this time.")
            self._listing.nothing.tell(sentence, say("Show all sales"))
            self._listing.show_nothing()
