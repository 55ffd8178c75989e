"""The buttons by which a description is saved as a file, and loaded from one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Options
from shopwatch.providers.described import description_file
from shopwatch.providers.described.description import describe
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import STRETCH, row
from shopwatch.ui.widgets.inputs.buttons import Button


class DescriptionFile(QWidget):
    """`values` gives the description of now.

    Signals: `loaded(object)`, the options in a file; `saved(str)`, the name of the file; `failed(object)`, `UserError`.
    """

    loaded = Signal(object)
    saved = Signal(str)
    failed = Signal(object)

    def __init__(self, theme: Theme, values: Callable[[], Options]) -> None:
        super().__init__()
        self._values = values
        self.load = Button(theme, say("Load from a file…"), icon="folder-open")
        self.save = Button(theme, say("Save as a file…"), "plain")
        row(self.load, self.save, STRETCH, inside=self)
        self.load.clicked.connect(self.on_load)
        self.save.clicked.connect(self.on_save)

    @Slot()
    def on_load(self) -> None:
        dialog = self._dialog(say("Load a description"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.on_file_to_load)
        dialog.open()

    @Slot()
    def on_save(self) -> None:
        try:
            describe(self._values())
        except UserError as problem:
            self.failed.emit(problem)
            return
        dialog = self._dialog(say("Save the description"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile(say("Service") + description_file.SUFFIX)
        dialog.fileSelected.connect(self.on_file_to_save)
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilter(say("Description of a service (*.json)"))
        return dialog

    @Slot(str)
    def on_file_to_load(self, name: str) -> None:
        try:
            with Path(name).open("rb") as file:
                _, options = description_file.read(file.read(description_file.LARGEST + 1))
        except OSError:
            problem = UserError(say("This file cannot be read."), say("Choose another one."), code="file")
            self.failed.emit(problem)
        except UserError as problem:
            self.failed.emit(problem)
        else:
            self.loaded.emit(options)

    @Slot(str)
    def on_file_to_save(self, name: str) -> None:
        try:
            Path(name).write_bytes(description_file.write("", self._values()))
        except OSError:
            problem = UserError(say("The file cannot be written."), say("Choose another folder."), code="file")
            self.failed.emit(problem)
        else:
            self.saved.emit(Path(name).name)
