"""Keeps count of what arrived, for the rail and for the Inbox itself."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.tasks import Run, spawn
from shopwatch.ledger.inbox import InboxBook
from shopwatch.ledger.query import Tally
from shopwatch.ui.bridge import Bridge

_COALESCED = 1_000
"""Milliseconds for which arrivals wait for each other; nobody counts faster."""


class InboxWatch(QObject):
    """Signals: `tallied(object)`, the `Tally` of all sources, after every change."""

    tallied = Signal(object)

    def __init__(
        self,
        inbox: InboxBook,
        bridge: Bridge,
        run: Run = spawn,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._inbox = inbox
        self._run = run
        self.tally = Tally()
        self._pause = QTimer(self, singleShot=True, interval=_COALESCED)
        self._pause.timeout.connect(self.look)
        bridge.delivery_kept.connect(self.on_delivery_kept)

    @Slot()
    def look(self) -> None:
        """Count now."""
        self._run(self._look(), "counting messages")

    def mark_seen(self) -> None:
        """The owner has looked at all there is."""
        if self.tally.alarming:
            self._run(self._mark_seen(self.tally.newest), "marking messages as seen")

    @Slot(object)
    def on_delivery_kept(self, _fact: object) -> None:
        if not self._pause.isActive():
            self._pause.start()

    async def _look(self) -> None:
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
        await self._look()
