"""Keeps count of what arrived, for the rail and for the Inbox itself."""

from PySide6.QtCore import QObject, Signal

from shopwatch.domain.errors import UserError
from shopwatch.ledger.inbox.book import InboxBook
from shopwatch.ledger.inbox.query import Tally
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.refresher import COUNTED_EVERY, Refresher


class InboxWatch(Refresher):
    """Signals: `tallied(object)`, the `Tally` of all sources, after every change."""

    tallied = Signal(object)

    def __init__(self, inbox: InboxBook, bridge: Bridge, run: Run = spawn, parent: QObject | None = None) -> None:
        super().__init__(self._count, "counting messages", COUNTED_EVERY, run, parent)
        self._inbox = inbox
        self.tally = Tally()
        bridge.delivery_kept.connect(self.look_soon)

    def mark_seen(self) -> None:
        """The owner has looked at all there is."""
        if self.tally.alarming:
            self._run(self._mark_seen(self.tally.newest), "marking messages as seen")

    async def _count(self) -> None:
        try:
            self.tally = await self._inbox.tally()
        except UserError:
            # The store cannot be read now, which the banner says.
            return
        self.tallied.emit(self.tally)

    async def _mark_seen(self, up_to: int) -> None:
        try:
            await self._inbox.mark_seen(up_to)
        except UserError:
            # They only count once more at the next start.
            return
        await self._count()
