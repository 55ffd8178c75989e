"""Keeps count of what in the outbox wants a look, for the rail."""

from PySide6.QtCore import QObject, Signal

from shopwatch.domain.errors import UserError
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.presenting.outbox.filters import UNSEEN, Filter, counted
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.refresher import COUNTED_EVERY, Refresher


class OutboxWatch(Refresher):
    """Signals: `counted(int)`, how many jobs want a look, after every change."""

    counted = Signal(int)

    def __init__(self, outbox: OutboxBook, bridge: Bridge, run: Run = spawn, parent: QObject | None = None) -> None:
        super().__init__(self._count, "counting jobs", COUNTED_EVERY, run, parent)
        self._outbox = outbox
        bridge.jobs_changed.connect(self.look_soon)
        bridge.jobs_owed.connect(self.look_soon)

    async def _count(self) -> None:
        try:
            counts = await self._outbox.counts(without=UNSEEN)
        except UserError:
            # The store cannot be read now, which the banner says.
            return
        self.counted.emit(counted(counts, Filter.LOOK))
