"""A message to try a description on, and what is understood of it."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.domain.messages.delivery import Request
from shopwatch.ledger.inbox.book import InboxBook
from shopwatch.ledger.inbox.query import DeliveryRow, InboxQuery
from shopwatch.presenting.inbox.delivery_text import about_of
from shopwatch.presenting.inbox.readable import readable
from shopwatch.presenting.setup.pasted import pasted
from shopwatch.presenting.times import local, stamp
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.cards import Card
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.sign import NoteLine

_MOST = 20
_LONGEST = 100_000
_PASTED = -1
_LINES = 7


class PreviewCard(Card):
    """One of the last messages, rejected ones too, or one that the owner pastes; below it what is understood.

    Signals: `changed()`, another message is looked at.
    """

    changed = Signal()

    def __init__(self, theme: Theme, inbox: InboxBook, locale: str, run: Run = spawn) -> None:
        super().__init__(16)
        self._theme = theme
        self._inbox = inbox
        self._locale = locale
        self._run = run
        self._request: Request | None = None
        self._source_id = ""
        self._told: tuple[tuple[str, str], ...] = ()
        self.choice = Combo(theme, say("Message to try it on"))
        self.pasted = self._text(say("Message to try it on"))
        self.pasted.setPlaceholderText(
            say(
                "Paste a message here, such as an example from the service’s pages. Its headers may stand before it, "
                "with an empty line between."
            )
        )
        self.message = self._text(say("The message"))
        self.message.setReadOnly(True)
        self.message.hide()
        self.note = NoteLine(theme)
        self._found = QWidget()
        self._grid = QGridLayout(self._found)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.column.addWidget(theme.label(say("What ShopWatch understands"), "heading"))
        self.column.addWidget(self.choice)
        self.column.addWidget(self.pasted)
        self.column.addWidget(self.message)
        self.column.addWidget(self._found)
        self.column.addWidget(self.note)
        self.choice.add(say("A message that I paste"), _PASTED)
        self.choice.currentIndexChanged.connect(self.on_chosen)
        self.pasted.textChanged.connect(self.on_pasted)

    def _text(self, name: str) -> QPlainTextEdit:
        text = QPlainTextEdit()
        text.setFont(self._theme.font("mono"))
        text.setAccessibleName(name)
        text.setFixedHeight(QFontMetrics(text.font()).lineSpacing() * _LINES + 16)
        text.setTabChangesFocus(True)
        return text

    @property
    def request(self) -> Request | None:
        """The message that is looked at."""
        if self.choice.currentData() not in (_PASTED, None):
            return self._request
        return pasted(self.pasted.toPlainText())

    @property
    def told(self) -> list[tuple[str, str]]:
        """What is shown as understood."""
        return list(self._told)

    def look_for(self, source_id: str) -> None:
        """Offer the last messages of this source; of none, if there is none yet."""
        self._source_id = source_id
        if source_id:
            self._run(self._look(source_id), "find messages to try a description on")

    async def _look(self, source_id: str) -> None:
        try:
            rows = await self._inbox.page(InboxQuery(sources=frozenset({source_id})), limit=_MOST)
        except UserError as problem:
            self.note.tell("warn", str(problem))
            return
        today = local(now()).date()
        self.choice.blockSignals(True)
        while self.choice.count() > 1:
            self.choice.removeItem(1)
        for row in rows:
            self.choice.add(self._name(row, today), row.id)
        taken = bool(rows) and not self.pasted.toPlainText()
        self.choice.setCurrentIndex(1 if taken else 0)
        self.choice.blockSignals(False)
        self.on_chosen()

    def _name(self, row: DeliveryRow, today: date) -> str:
        time = stamp(row.received_at, self._locale, today)
        about = legible(about_of(row), 40)
        return f"{time} – {about}"

    async def _open(self, delivery_id: int) -> None:
        try:
            row = await self._inbox.get(delivery_id)
        except UserError as problem:
            self.note.tell("warn", str(problem))
            return
        if self.choice.currentData() == delivery_id:
            self._request = row.request if row is not None else None
            self._show_message()
            self.changed.emit()
            if self._request is None:
                self.note.tell("warn", say("Of this message only its size was kept. Choose another one."))

    def _show_message(self) -> None:
        """The chosen message as the Inbox shows it."""
        request = self._request
        if request is not None:
            kind = next((value for name, value in request.headers.lines if name.lower() == b"content-type"), b"")
            found = readable(request.body[:_LONGEST], kind.decode("latin-1"))
            self.message.setPlainText(found.made or found.received)
        self.message.setVisible(request is not None)

    def tell(self, found: Sequence[tuple[str, str]], problem: str) -> None:
        """Show what is understood, or why nothing is."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self._told = tuple(found)
        for place, (name, value) in enumerate(found):
            words = Elided(self._theme, "body", 500)
            words.show_text(value)
            label = self._theme.label(name, "small", ink="text2")
            self._grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, place, 1)
        self._found.setVisible(bool(found))
        if problem:
            self.note.tell("warn", problem)
        elif self.request is None:
            self.note.tell("info", say("With a message you see at once whether the description fits."))
        else:
            self.note.clear()

    @Slot()
    def on_chosen(self) -> None:
        chosen = self.choice.currentData()
        self.pasted.setVisible(chosen == _PASTED)
        self._request = None
        self._show_message()
        if chosen == _PASTED:
            self.changed.emit()
        elif chosen is not None:
            self._run(self._open(chosen), "open a message to try a description on")

    @Slot()
    def on_pasted(self) -> None:
        self.changed.emit()
