"""Setting up one target: what is wrong with it is found by trying it, and said in place."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QClipboard, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.tasks import Run, spawn
from shopwatch.domain.words import say
from shopwatch.ui.rules.door import TargetsDoor
from shopwatch.ui.targets.chat_form import ChatForm
from shopwatch.ui.targets.database_form import DatabaseForm
from shopwatch.ui.targets.form import Form
from shopwatch.ui.targets.forward_form import ForwardForm
from shopwatch.ui.targets.mail_form import MailForm
from shopwatch.ui.targets.page_form import PageForm
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import RING, Button
from shopwatch.ui.widgets.ground import Ground
from shopwatch.ui.widgets.scrolled import Scrolled
from shopwatch.ui.widgets.sign import NoteLine
from shopwatch.ui.work_dialog import WorkDialog

_WIDTH = 448
_HEIGHT = 700
_FRAME = 40
"""So many pixels of the screen's height are left to what the desktop draws around it."""


def _form(kind: TargetKind, theme: Theme, clipboard: QClipboard) -> Form:
    forms: dict[TargetKind, Callable[[], Form]] = {
        TargetKind.MAIL: lambda: MailForm(theme, clipboard),
        TargetKind.CHAT: lambda: ChatForm(theme, clipboard),
        TargetKind.FORWARD: lambda: ForwardForm(theme, clipboard),
        TargetKind.DATABASE: lambda: DatabaseForm(theme, clipboard),
        TargetKind.PAGE: lambda: PageForm(theme, clipboard),
    }
    return forms[kind]()


def _titles(kind: TargetKind) -> str:
    return {
        TargetKind.MAIL: lambda: say("Mail account"),
        TargetKind.CHAT: lambda: say("Chat or phone"),
        TargetKind.FORWARD: lambda: say("Another program"),
        TargetKind.DATABASE: lambda: say("Your database"),
        TargetKind.PAGE: lambda: say("Your web site"),
    }[kind]()


class TargetDialog(WorkDialog):
    """Sets up a new target, or changes `target`. Open it with `open()`. Signals: `saved(Target)`."""

    saved = Signal(object)

    def __init__(
        self,
        shop: TargetsDoor,
        theme: Theme,
        kind: TargetKind,
        target: Target | None,
        *,
        clipboard: QClipboard,
        run: Run = spawn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(run, parent)
        self._shop = shop
        self._target = target
        self._busy = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        self.setWindowTitle(_titles(kind))
        self.form = _form(kind, theme, clipboard)
        self.note = NoteLine(theme)
        self.cancel = Button(theme, say("Cancel"))
        self.save = Button(theme, say("Try and save"), "primary")
        self._build(theme, _titles(kind))
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self.on_save)
        if target is not None:
            self.form.show_target(target)
            for line in self.form.findChildren(QLineEdit):
                line.setCursorPosition(0)
            self.work(self._look(target), "secret of a target")

    def _build(self, theme: Theme, title: str) -> None:
        page = QWidget()
        page.setProperty("ground", "surface")
        inside = QVBoxLayout(page)
        inside.setContentsMargins(24, 16, 24 - RING, 16)
        inside.addWidget(self.form)
        inside.addStretch(1)
        scroll = Scrolled(page, overlaid=True)
        head = Ground("head")
        named = QHBoxLayout(head)
        named.setContentsMargins(24, 16, 24, 17)
        named.addWidget(theme.label(title, "heading"))
        foot = Ground("foot")
        below = QVBoxLayout(foot)
        below.setContentsMargins(24, 12, 20, 12)
        below.setSpacing(8)
        below.addWidget(self.note)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        below.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((head, 0), (scroll, 1), (foot, 0)):
            column.addWidget(widget, stretch)
        self._page, self._foot, self._head = page, foot, head
        self._longest = min(theme.px(_HEIGHT), self.screen().availableGeometry().height() - _FRAME)
        self.resize(theme.px(_WIDTH), 0)
        self._make_room()

    def _make_room(self) -> None:
        """Grow until all of the form is seen, and what is noted below it."""
        width, needed = self.width(), 0
        for part in (self._head, self._page, self._foot):
            needed += part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
        self.resize(width, max(self.height(), min(self._longest, needed)))

    def _note(self, kind: str, text: str) -> None:
        self.note.tell(kind, text)
        self.note.updateGeometry()  # so that its new height is known at once
        self._make_room()

    async def _look(self, target: Target) -> None:
        try:
            has_secret = await self._shop.has_target_secret(target.id)
            if has_secret:
                self.form.show_stored()
            if has_secret and isinstance(self.form, ForwardForm):
                self.form.show_signing_secret(await self._shop.signing_secret(target.id))
        except UserError as problem:
            self._note("warn", str(problem))

    @Slot()
    def on_save(self) -> None:
        """Try what is written; keep it if it works."""
        if self._busy:
            return
        try:
            target, secret = self.form.target(self._target), self.form.secret()
        except UserError as problem:
            self._note("bad", str(problem))
            return
        self._busy = True
        self._note("info", say("Trying it…"))
        self.work(self._save(target, secret), "saving a target")

    async def _save(self, target: Target, secret: str | None) -> None:
        try:
            kept = await self._shop.put_target(target, secret)
            is_new = self._target is None
            self._target = kept
            if isinstance(self.form, ForwardForm) and is_new:
                self.form.show_signing_secret(await self._shop.signing_secret(kept.id))
        except UserError as problem:
            self._note("bad", str(problem))
            return
        finally:
            self._busy = False
        self.saved.emit(kept)
        if isinstance(self.form, ForwardForm) and is_new:
            self._note("ok", say("It is saved. Copy the secret into the other program."))
            self.cancel.setText(say("Close"))
        else:
            self.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.form.first.setFocus(Qt.FocusReason.OtherFocusReason)
