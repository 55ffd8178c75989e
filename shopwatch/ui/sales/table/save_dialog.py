"""Asks where the listed sales are to be saved, and in which form."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from shopwatch.domain.i18n import say


class SaveDialog(QFileDialog):
    """Signal: `wanted(object)`, the `Path` that the owner chose. It goes away by itself."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Save sales"))
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters(["CSV (*.csv)", "Excel (*.xlsx)", "JSON (*.json)"])
        self.setDefaultSuffix("csv")
        self.selectFile(say("Sales") + ".csv")
        self.filterSelected.connect(self.on_form_selected)
        self.fileSelected.connect(self.on_file_selected)
        self.finished.connect(self.deleteLater)

    @Slot(str)
    def on_form_selected(self, name_filter: str) -> None:
        """The name ends as files of this kind do."""
        suffix = name_filter.rpartition("*.")[2].rstrip(")")
        self.setDefaultSuffix(suffix)
        self.selectFile(Path(self.selectedFiles()[0]).with_suffix(f".{suffix}").name)

    @Slot(str)
    def on_file_selected(self, name: str) -> None:
        self.wanted.emit(Path(name))
