"""Fills the drawer with the chosen sale, and keeps it true."""

from datetime import date

from PySide6.QtCore import QObject, QTimer, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SaleRow, SalesChanged
from shopwatch.domain.tasks import Run
from shopwatch.ui.door import Reading
from shopwatch.ui.sales.drawer import SaleDrawer

_PAUSE = 40
_AGAIN = 250


class Details(QObject):
    """Asks the ledger for one sale at a time; answers for a sale no longer chosen are dropped."""

    def __init__(
        self,
        shop: Reading,
        drawer: SaleDrawer,
        run: Run,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._shop = shop
        self._drawer = drawer
        self._run = run
        self._wanted: int | None = None
        self._is_open = False
        self._today: date = date.min
        # Holding an arrow key down passes by many sales that nobody wants to see.
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.on_paused)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN)
        self._again.timeout.connect(self.on_waited)
        drawer.message_wanted.connect(self.on_message_wanted)

    def begin_day(self, today: date) -> None:
        self._today = today

    @Slot(bool)
    def on_drawer_shown(self, is_open: bool) -> None:
        self._is_open = is_open
        self._look()

    def want(self, sale_id: int | None) -> None:
        """Show this sale while the drawer is open."""
        self._wanted = sale_id
        self._look()

    @Slot(object)
    def on_chosen(self, row: SaleRow | None) -> None:
        self.want(row.id if row else None)

    @Slot(object)
    def on_sales_changed(self, fact: SalesChanged) -> None:
        if any(change.row.id == self._wanted for change in fact.changes):
            self._look()

    @Slot()
    def on_jobs_changed(self) -> None:
        if self._is_open and self._wanted is not None and not self._again.isActive():
            self._again.start()

    @Slot()
    def on_waited(self) -> None:
        self._look()

    @Slot()
    def on_paused(self) -> None:
        if self._wanted is not None:
            self._run(self._fetch(self._wanted), "details of a sale")

    @Slot(int)
    def on_message_wanted(self, delivery_id: int) -> None:
        self._run(self._fetch_message(delivery_id), "raw message")

    def _look(self) -> None:
        if not self._is_open:
            return
        if self._wanted is None:
            self._drawer.show_nothing()
        else:
            self._pause.start()

    async def _fetch(self, sale_id: int) -> None:
        try:
            detail = await self._shop.sale(sale_id)
            jobs = await self._shop.jobs_of_sale(sale_id)
        except UserError:
            detail = None
        if sale_id == self._wanted:
            if detail is None:
                self._drawer.show_nothing()
            else:
                self._drawer.show_detail(detail, jobs, self._today)

    async def _fetch_message(self, delivery_id: int) -> None:
        try:
            delivery = await self._shop.delivery(delivery_id)
        except UserError:
            delivery = None
        self._drawer.show_message(delivery)
