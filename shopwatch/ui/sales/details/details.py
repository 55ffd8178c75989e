"""Fills the drawer with the chosen sale, and keeps it true."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QObject, QTimer, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SalesChanged
from shopwatch.domain.rules.job import Job
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.sales.query import SaleDetail
from shopwatch.runtime.tasks import Run
from shopwatch.ui.sales.details.drawer import SaleDrawer
from shopwatch.ui.widgets.frames.drawer_filler import DrawerFiller

_AGAIN = 250


class Details(DrawerFiller[tuple[SaleDetail, Sequence[Job]]]):
    """Asks the ledger for one sale at a time; answers for a sale no longer chosen are dropped."""

    def __init__(self, ledger: Ledger, drawer: SaleDrawer, run: Run, parent: QObject) -> None:
        super().__init__(drawer, self._find, self._show_sale, run=run, what="details of a sale", parent=parent)
        self._ledger = ledger
        self._sale = drawer
        self._today: date = date.min
        self._again = QTimer(self, singleShot=True, interval=_AGAIN)
        self._again.timeout.connect(self.look)
        drawer.message_wanted.connect(self.on_message_wanted)

    def begin_day(self, today: date) -> None:
        self._today = today

    @Slot(object)
    def on_sales_changed(self, fact: SalesChanged) -> None:
        if any(change.row.id == self.wanted for change in fact.changes):
            self.look()

    @Slot()
    def on_jobs_changed(self) -> None:
        if self._is_open and self.wanted is not None and not self._again.isActive():
            self._again.start()

    @Slot(int)
    def on_message_wanted(self, delivery_id: int) -> None:
        self._run(self._fetch_message(delivery_id), "raw message")

    async def _find(self, sale_id: int) -> tuple[SaleDetail, Sequence[Job]] | None:
        detail = await self._ledger.sales.get(sale_id)
        return (detail, await self._ledger.outbox.jobs_of_sale(sale_id)) if detail is not None else None

    def _show_sale(self, found: tuple[SaleDetail, Sequence[Job]]) -> None:
        self._sale.show_detail(*found, self._today)

    async def _fetch_message(self, delivery_id: int) -> None:
        try:
            delivery = await self._ledger.inbox.get(delivery_id)
        except UserError:
            delivery = None
        self._sale.show_message(delivery)
