"""Finds out what came in of a time in which nothing was heard."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from shopwatch.domain.facts import CatchUpChanged, GapEnded, SalesChanged
from shopwatch.presenting.sales.time_away import Pause, TimeAway
from shopwatch.runtime.tasks import Run
from shopwatch.ui.bridge import Bridge


class AwayWatch(QObject):
    """Looks once a gap has ended and everybody who can be asked has answered, and again whenever more comes of it.

    Signals: `changed(object)`, the `Away`, or None where there is nothing to tell.
    """

    changed = Signal(object)

    def __init__(self, time_away: TimeAway, bridge: Bridge, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._time_away = time_away
        self._run = run
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self.look)
        bridge.gap_ended.connect(self.on_gap_ended)
        bridge.caught_up.connect(self.on_caught_up)
        bridge.sales_changed.connect(self.on_sales_changed)
        bridge.jobs_changed.connect(self.on_jobs_changed)
        bridge.jobs_owed.connect(self.on_jobs_changed)

    def forget(self) -> None:
        """The owner has seen it."""
        self._time_away.forget()
        self._pause.stop()
        self.changed.emit(None)

    @Slot(object)
    def on_gap_ended(self, fact: GapEnded) -> None:
        self._wait(self._time_away.gap_ended(fact.gap))

    @Slot(object)
    def on_caught_up(self, fact: CatchUpChanged) -> None:
        self._wait(self._time_away.caught_up(fact.result))

    @Slot(object)
    def on_sales_changed(self, fact: SalesChanged) -> None:
        self._wait(self._time_away.sales_changed(fact))

    @Slot(object)
    def on_jobs_changed(self, _fact: object) -> None:
        self._wait(self._time_away.jobs_changed())

    @Slot()
    def look(self) -> None:
        """Ask the ledger now, unless somebody is still being asked."""
        if self._time_away.begins():
            self._run(self._look(), "what came in after a gap")

    def _wait(self, pause: Pause | None) -> None:
        if pause is not None and (pause.anew or not self._pause.isActive()):
            self._pause.start(pause.ms)

    async def _look(self) -> None:
        if await self._time_away.look():
            self.changed.emit(self._time_away.told)
        self._wait(self._time_away.looks_again())
