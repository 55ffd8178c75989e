"""Setting up one target: what is wrong with it is found by trying it, and said in place."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QLineEdit, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.target import Target
from shopwatch.presenting.targets.target_draft import TargetDraft
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.shop.outgoing.destinations import Targets
from shopwatch.ui.dialogs.form_dialog import FormDialog
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.targets.form import TargetForm

_WIDTH = 448


class TargetDialog(FormDialog):
    """Sets up a new target of this kind, or changes `target`. Open it with `open()`. Signals: `saved(Target)`."""

    saved = Signal(object)

    def __init__(
        self,
        targets: Targets,
        theme: Theme,
        kind: str,
        target: Target | None,
        *,
        clipboard: QClipboard,
        run: Run = spawn,
        parent: QWidget | None = None,
    ) -> None:
        draft = TargetDraft(kind)
        super().__init__(theme, draft.title, say("Try and save"), run, width=_WIDTH, parent=parent)
        self._known = targets
        self._target = target
        self._busy = False
        self.form = TargetForm(theme, clipboard, draft)
        self.inside.addWidget(self.form)
        self.inside.addStretch(1)
        self.make_room()
        self.action.clicked.connect(self.on_save)
        if target is not None:
            self.form.show_target(target)
            for line in self.form.findChildren(QLineEdit):
                line.setCursorPosition(0)
            self.work(self._look(target), "secret of a target")

    @property
    def first(self) -> QWidget:
        return self.form.first

    async def _look(self, target: Target) -> None:
        try:
            has_secret = await self._known.has_secret(target.id)
            if has_secret:
                self.form.show_stored()
            if has_secret and self.form.issued is not None:
                self.form.show_issued(await self._known.signing_secret(target.id))
        except UserError as problem:
            self.tell("warn", str(problem))

    @Slot()
    def on_save(self) -> None:
        """Try what is written; keep it if it works."""
        if self._busy:
            return
        try:
            target, secret = self.form.written(self._target)
        except UserError as problem:
            self.tell("bad", str(problem))
            return
        self._busy = True
        self.tell("info", say("Trying it…"))
        self.work(self._save(target, secret), "saving a target")

    async def _save(self, target: Target, secret: str | None) -> None:
        try:
            kept = await self._known.put(target, secret)
            is_new = self._target is None
            self._target = kept
            if self.form.issued is not None and is_new:
                self.form.show_issued(await self._known.signing_secret(kept.id))
        except UserError as problem:
            self.tell("bad", str(problem))
            return
        finally:
            self._busy = False
        self.saved.emit(kept)
        if self.form.issued is not None and is_new:
            self.tell("ok", say("It is saved. Copy the secret into the other program."))
            self.cancel.setText(say("Close"))
        else:
            self.accept()
