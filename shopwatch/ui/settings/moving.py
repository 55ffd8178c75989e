"""Backups, and moving the shop to another computer."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.presenting.times import local
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.settings import archive
from shopwatch.settings.store import SettingsStore
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.settings.passphrase import PassphraseDialog
from shopwatch.ui.settings.rows import Row, SettingsGroup
from shopwatch.ui.widgets.inputs.buttons import Button

type SaveTo = Callable[[Path, str], Awaitable[None]]
"""Puts all of the shop into this file, its secrets under this passphrase. Raises UserError."""


class MovingGroup(SettingsGroup):
    """Signals: `restore_requested(object, str)`, this file is to be brought back with this passphrase; ShopWatch has to
    start anew for it."""

    restore_requested = Signal(object, str)

    def __init__(
        self, theme: Theme, settings: SettingsStore, *, write_backup: SaveTo, move_out: SaveTo, run: Run = spawn
    ) -> None:
        super().__init__(theme, settings)
        self._write_backup = write_backup
        self._move_shop_out = move_out
        self._run = run
        self._passphrase = ""
        self._moves = False
        self._file = Path()
        self.question: PassphraseDialog | None = None
        self.dialog: QFileDialog | None = None
        self.save = Button(theme, say("Save…"))
        self.save.setAccessibleName(say("Save a backup…"))
        self.move_out = Button(theme, say("Move…"))
        self.move_out.setAccessibleName(say("Move to another computer…"))
        self.bring = Button(theme, say("Choose…"))
        self.bring.setAccessibleName(say("Choose a backup to bring back…"))
        self.name(say("Backup and moving"))
        self.add(
            Row(
                theme, say("Backup"), say("History and settings in one file, with your secrets if you like."), self.save
            )
        )
        about = say("ShopWatch stops here and puts everything into one file for the other computer.")
        self.add(Row(theme, say("Move to another computer"), about, self.move_out))
        about = say("What is here now is kept beside it. The shop then works on this computer.")
        self.add(Row(theme, say("Bring back a backup"), about, self.bring))
        self.save.clicked.connect(self.on_save)
        self.move_out.clicked.connect(self.on_move)
        self.bring.clicked.connect(self.on_bring)

    @Slot()
    def on_save(self) -> None:
        self._moves = False
        self._ask(
            say("Save your secrets, too?"),
            say("A passphrase protects them. Without it nobody can bring them back; leave it empty to leave them out."),
            action=say("Choose a file…"),
            new=True,
        )

    @Slot()
    def on_move(self) -> None:
        self._moves = True
        self._ask(
            say("Move the shop to another computer?"),
            say(
                "ShopWatch stops hearing and sending here, then saves everything. Bring the file back on the other "
                "computer with this passphrase; until then your services keep what they can."
            ),
            action=say("Stop here and save…"),
            new=True,
            needed=True,
        )

    def _ask(
        self, title: str, text: str, *, action: str, new: bool = False, needed: bool = False, asked: bool = True
    ) -> None:
        self.question = PassphraseDialog(
            self.theme, title, text, action=action, new=new, needed=needed, asked=asked, parent=self.window()
        )
        self.question.chosen.connect(self.on_passphrase if new else self.on_old_passphrase)
        self.question.finished.connect(self.on_question_finished)
        self.question.open()

    @Slot()
    def on_question_finished(self) -> None:
        self.question = None

    @Slot(str)
    def on_passphrase(self, passphrase: str) -> None:
        self._passphrase = passphrase
        self.dialog = QFileDialog(self, say("Save the backup"))
        self.dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.dialog.selectFile(f"ShopWatch-{local(now()):%Y-%m-%d}.backup")
        self.dialog.fileSelected.connect(self.on_place)
        self.dialog.open()

    @Slot(str)
    def on_place(self, name: str) -> None:
        self.problem.tell("info", say("Saving…"))
        self._run(self._save(Path(name), self._passphrase, moves=self._moves), "save a backup")
        self._passphrase = ""

    async def _save(self, file: Path, passphrase: str, *, moves: bool) -> None:
        self._show_busy(busy=True)
        try:
            await (self._move_shop_out if moves else self._write_backup)(file, passphrase)
        except UserError as problem:
            self.problem.tell("bad", str(problem))
        else:
            self.problem.tell("ok", say("Everything is in {file}.", file=file.name))
        finally:
            self._show_busy(busy=False)

    @Slot()
    def on_bring(self) -> None:
        self.dialog = QFileDialog(self, say("Bring back a backup"))
        self.dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.dialog.fileSelected.connect(self.on_chosen)
        self.dialog.open()

    @Slot(str)
    def on_chosen(self, name: str) -> None:
        self._file = Path(name)
        self.problem.tell("info", say("Looking into the file…"))
        self._run(self._look(self._file), "look into a backup")

    async def _look(self, file: Path) -> None:
        try:
            sealed = await asyncio.to_thread(archive.check, file)
        except UserError as problem:
            self.problem.tell("bad", str(problem))
            return
        self.problem.clear()
        text = say("Your present sales and settings are kept in the data folder. ShopWatch starts anew.")
        if sealed:
            text = say("{text} Without the passphrase the secrets in the file are passed over.", text=text)
        self._ask(say("Bring back this backup?"), text, action=say("Bring it back"), asked=sealed)

    @Slot(str)
    def on_old_passphrase(self, passphrase: str) -> None:
        self.problem.tell("info", say("Looking into the file…"))
        self._run(self._open(self._file, passphrase), "open a backup")

    async def _open(self, file: Path, passphrase: str) -> None:
        try:
            await asyncio.to_thread(archive.check, file, passphrase or None)
        except UserError as problem:
            self.problem.tell("bad", str(problem))
        else:
            self.restore_requested.emit(file, passphrase)

    def _show_busy(self, *, busy: bool) -> None:
        for button in (self.save, self.move_out, self.bring):
            button.setDisabled(busy)
