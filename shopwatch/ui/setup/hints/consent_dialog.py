"""Asking the owner, in the browser, whether ShopWatch may read at a service."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.secret_look import trimmed
from shopwatch.providers.api_kit.consent import REDIRECT, Consent
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.shop.sources.consents import Consenting, Consents
from shopwatch.ui.dialogs.form_dialog import FormDialog
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.steps.progress_line import ProgressLine
from shopwatch.ui.widgets.frames.layout import column
from shopwatch.ui.widgets.inputs.buttons import RING, Button
from shopwatch.ui.widgets.inputs.copy_field import CopyField
from shopwatch.ui.widgets.inputs.secret_field import SecretField

_WIDTH = 544


class ConsentDialog(FormDialog):
    """Two things are done in the owner's app at the service, one here, and the rest in the browser.

    Nothing of what was pasted stays once it is closed. Open it with `open()`. Signals: `allowed(str)`, with the API
    key.
    """

    allowed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        consents: Consents,
        consent: Consent,
        *,
        provider_id: str,
        service: str,
        clipboard: QClipboard,
        open_url: Callable[[str], object],
        run: Run = spawn,
        parent: QWidget | None = None,
    ) -> None:
        title = say("Allow ShopWatch to read from {service}", service=service)
        super().__init__(theme, title, say("Allow in the browser"), run, width=_WIDTH, parent=parent)
        self._theme = theme
        self._consents = consents
        self._consent = consent
        self._provider_id = provider_id
        self._service = service
        self._open_url = open_url
        self._under_way: Consenting | None = None
        self.page = Button(theme, say("Open {service}’s page for apps", service=service), "link", "arrow-square-out")
        self.redirect = CopyField(theme, self._consent.redirect_label, clipboard)
        self.redirect.show_text(REDIRECT)
        self.fields = [SecretField(theme, name.capitalize(), clipboard, trimmed) for name in self._consent.given]
        self.waiting = ProgressLine(theme)
        self.pasted = QLineEdit()
        self.pasted.setAccessibleName(say("Address at which the browser has ended"))
        self.pasted.setFont(theme.font("mono"))
        self._build()
        self.page.clicked.connect(self.on_page)
        self.action.clicked.connect(self.on_begin)
        self.pasted.textChanged.connect(self.on_pasted)

    def _build(self) -> None:
        inside = self.inside
        self._say(
            inside,
            say("{service} gives keys to apps only. Make one of your own there, for you alone.", service=self._service),
        )
        inside.addWidget(self.page, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addSpacing(12)
        label = say("Enter this address there, under “{place}”", place=self._consent.redirect_label)
        inside.addWidget(self._theme.label(label, "small", 500, ink="text2"))
        inside.addWidget(self.redirect)
        for name, field in zip(self._consent.given, self.fields, strict=True):
            inside.addSpacing(8)
            inside.addWidget(self._theme.label(name.capitalize(), "small", 500, ink="text2"))
            inside.addWidget(field)
        inside.addSpacing(12)
        self._rest = QWidget()
        rest = column(self.waiting, inside=self._rest, margins=(0, 0, RING, 0), gap=4)
        self._say(
            rest, say("Does your browser end at a page that cannot be shown? Paste the address of that page here.")
        )
        rest.addWidget(self.pasted)
        self._rest.hide()
        inside.addWidget(self._rest)
        inside.addStretch(1)
        self.make_room()

    @property
    def first(self) -> QWidget:
        return self.fields[0].line

    def _say(self, column: QVBoxLayout, text: str) -> None:
        label = self._theme.label(text, "small", ink="text2")
        label.setWordWrap(True)
        column.addWidget(label)

    async def _ask(self) -> None:
        try:
            given = tuple(each.text() for each in self.fields)
            async with self._consents.begin(self._provider_id, given) as under_way:
                self._under_way = under_way
                self._show_waiting(under_way)
                key = await under_way.finish()
        except UserError as problem:
            self.tell("bad", str(problem))
        else:
            self.allowed.emit(key)
            self.accept()
        finally:
            self._under_way = None
            self._rest.hide()
            self.action.setEnabled(True)

    def _show_waiting(self, under_way: Consenting) -> None:
        self._open_url(under_way.url)
        self.waiting.tell("waiting", say("Waiting for {service} in your browser…", service=self._service))
        self.pasted.clear()
        self._rest.show()
        self.make_room()
        if under_way.unheard is not None:
            self.tell("warn", str(under_way.unheard))

    def done(self, result: int) -> None:
        for each in self.fields:
            each.show_stored("")
        if self._under_way is not None:
            self._under_way.give_up()
        super().done(result)

    @Slot()
    def on_page(self) -> None:
        self._open_url(self._consent.app_page)

    @Slot()
    def on_begin(self) -> None:
        self.note.clear()
        self.action.setEnabled(False)
        self.work(self._ask(), "ask for a consent")

    @Slot(str)
    def on_pasted(self, text: str) -> None:
        if self._under_way is None or not text.strip():
            return
        try:
            self._under_way.paste(text)
        except UserError as problem:
            self.tell("bad", str(problem))
