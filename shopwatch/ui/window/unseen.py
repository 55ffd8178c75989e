"""Whether there are sales that the owner has not seen yet."""

from PySide6.QtCore import QObject, Signal, Slot

from shopwatch.domain.facts import Change, SalesChanged


class Unseen(QObject):
    """Signals: `changed(bool)`, whether real sales came in since the owner last looked at them."""

    changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._any = False

    @Slot(object)
    def on_sales_changed(self, fact: SalesChanged) -> None:
        if not self._any and any(
            change.change is not Change.UPDATED and change.row.sale.live and not change.row.sale.practice
            for change in fact.changes
        ):
            self._any = True
            self.changed.emit(True)

    @Slot()
    def on_seen(self) -> None:
        if self._any:
            self._any = False
            self.changed.emit(False)
