"""How long a row that has just come looks new."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_HOLD = 1.2
_FADE = 0.8
_STILL = 2.0
_STEP = 40
_BURST = 40


class Freshness(QObject):
    """The tint of new rows: held 1.2 s, then fading for 0.8 s; with less movement, gone in one step after 2 s.

    In a burst nothing fades: that many rows in motion would say nothing and cost much.
    Signals: `faded(object)`, the ids of sales that are to be painted again.
    """

    faded = Signal(object)

    def __init__(self, is_still: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_still = is_still
        self._since: dict[int, float] = {}
        self._timer = QTimer(self, interval=_STEP)
        self._timer.timeout.connect(self.on_step)

    def add(self, sale_ids: list[int]) -> None:
        if len(self._since) + len(sale_ids) > _BURST:
            before = tuple(self._since)
            self._since.clear()
            self._timer.stop()
            if before:
                self.faded.emit(before)
            return
        started = monotonic()
        self._since.update(dict.fromkeys(sale_ids, started))
        self._timer.start()

    def of(self, sale_id: int) -> float:
        """1 while new, then falling to 0."""
        started = self._since.get(sale_id)
        if started is None:
            return 0.0
        age = monotonic() - started
        if self._is_still():
            return 1.0 if age < _STILL else 0.0
        return 1.0 if age < _HOLD else max(0.0, 1.0 - (age - _HOLD) / _FADE)

    @Slot()
    def on_step(self) -> None:
        oldest = monotonic() - max(_STILL, _HOLD + _FADE)
        before = tuple(self._since)
        self._since = {sale_id: since for sale_id, since in self._since.items() if since > oldest}
        if not self._since:
            self._timer.stop()
        moving = not self._is_still() and any(monotonic() - since > _HOLD for since in self._since.values())
        if moving or len(self._since) != len(before):
            self.faded.emit(before)
