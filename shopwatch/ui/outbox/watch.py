"""Keeps count of what in the outbox wants a look, for the rail."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.tasks import Run, spawn
from shopwatch.ledger.outbox import Outbox
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.outbox.filters import STATES, UNSEEN, Filter

_COALESCED = 1_000


class OutboxWatch(QObject):
    """Signals: `counted(int)`, how many jobs want a look, after every change."""

    counted = Signal(int)

    def __init__(
        self,
        outbox: Outbox,
        bridge: Bridge,
        run: Run = spawn,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._outbox = outbox
        self._run = run
        self._pause = QTimer(self, singleShot=True, interval=_COALESCED)
        self._pause.timeout.connect(self.look)
        bridge.jobs_changed.connect(self.on_jobs_changed)
        bridge.jobs_owed.connect(self.on_jobs_changed)

    @Slot()
    def look(self) -> None:
        """Count now."""
        self._run(self._look(), "counting jobs")

    @Slot(object)
    def on_jobs_changed(self, _fact: object) -> None:
        if not self._pause.isActive():
            self._pause.start()

    async def _look(self) -> None:
        try:
            counts = await self._outbox.counts(without=UNSEEN)
        except UserError:
            # The store cannot be read now, which the banner says.
            return
        self.counted.emit(sum(counts.get(state, 0) for state in STATES[Filter.LOOK]))
