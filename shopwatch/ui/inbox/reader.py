"""One delivery in full, beside the list."""

from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QClipboard, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.i18n import number, say
from shopwatch.domain.source import NO_OPTIONS, Options
from shopwatch.ledger.inbox.query import DeliveryRow, Result
from shopwatch.presenting.inbox.delivery_text import fate, headline, pill_of, why_gone
from shopwatch.presenting.inbox.readable import Form, Readable
from shopwatch.presenting.sales.sale_text import tile_letters
from shopwatch.providers.doctor.diagnosis import Diagnosis
from shopwatch.ui.inbox.doctor_card import DoctorCard
from shopwatch.ui.inbox.header_view import HeaderView
from shopwatch.ui.inbox.message_view import MessageView
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Surface
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from shopwatch.ui.widgets.inputs.buttons import Button, IconButton
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.pill import Pill
from shopwatch.ui.widgets.texts.tile import ProviderTile

_NARROW = 600
_PANES = 232


class Reader(Surface):
    """Head, the doctor's card and the message, as received or made readable.

    Signals: `remedy_chosen(object)`, a `Remedy`; `save_requested()`; `more_requested()`, the menu of the delivery;
    `noticed(str)`, a sentence for the status bar.
    """

    remedy_chosen = Signal(object)
    save_requested = Signal()
    more_requested = Signal()
    noticed = Signal(str)

    def __init__(self, theme: Theme, locale: str, clipboard: QClipboard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._locale = locale
        self._clipboard = clipboard
        self._readable: Readable | None = None
        self._told_of = 0
        self._as_received = False
        self._tile = _SenderTile(theme)
        self.title = Elided(theme, "heading")
        self._pill = Pill(theme)
        self._fate = Elided(theme, "small", ink="text2")
        self.more = IconButton(theme, "dots-three", say("More for this message"))
        self.card = DoctorCard(theme)
        self.headers = HeaderView(theme, say("Headers"))
        self.message = MessageView(theme, say("Message"))
        self._form = Elided(theme, "small", ink="text3")
        self.toggle = Button(theme, say("As received"), "link")
        self.copy_headers = IconButton(theme, "copy", say("Copy headers"), size=14)
        self.copy_message = IconButton(theme, "copy", say("Copy message"), size=14)
        self.gone = theme.label("", ink="text2")
        self._cut = theme.label("", "small", ink="text2")
        self.save = Button(theme, say("Save message…"), "link")
        self._build()
        self._connect()
        self.show_nothing()

    def show_nothing(self) -> None:
        """No message is chosen."""
        self._inside.hide()

    def show_row(self, row: DeliveryRow, names: dict[str, str], today: date, options: Options = NO_OPTIONS) -> None:
        """What the list knows already; the message and the doctor's words follow. `options` are its source's."""
        self._tile.show_provider(row.provider, tile_letters(row.provider))
        self.title.show_own(headline(row, names))
        self._pill.show_look(pill_of(row.result))
        self._fate.show_own(fate(row, self._locale, today, options))
        self.headers.show_row(row)
        self._inside.show()
        if row.id != self._told_of or row.result in (Result.ACCEPTED, Result.REPEAT):
            self.card.hide()
        self._told_of = row.id

    def show_diagnosis(self, diagnosis: Diagnosis | None, name: str) -> None:
        """`name` is what the owner calls the source that the remedy is about."""
        self.card.setVisible(diagnosis is not None)
        if diagnosis is not None:
            self.card.show_diagnosis(diagnosis, name)

    def show_message(self, row: DeliveryRow, text: Readable | None) -> None:
        """The message of the row shown now; None where it is not kept."""
        self._readable = text
        kept = text is not None
        self.message.setVisible(kept)
        self.copy_message.setVisible(kept)
        self.gone.setVisible(not kept)
        self.gone.setText("" if kept else why_gone(row))
        is_cut = text is not None and not text.whole
        self._cut_line.setVisible(is_cut)
        if is_cut:
            self._cut.setText(say("The beginning of {size} KB is shown.", size=number(max(1, row.size // 1024))))
        self._show_text()

    def copied_text(self) -> str:
        """What the message pane shows, to be copied."""
        return self.message.toPlainText()

    def _show_text(self) -> None:
        text = self._readable
        self.toggle.setVisible(text is not None and bool(text.made))
        if text is None:
            self._form.show_own("")
            return
        made = bool(text.made) and not self._as_received
        self.toggle.setText(say("As received") if made else say("Made readable"))
        forms = {Form.HEX: say("not text"), Form.EMPTY: say("empty")}
        self._form.show_own(say("made readable") if made else forms.get(text.form, say("as received")))
        self.message.show_text(text.made if made else text.received, text.form if made else Form.TEXT)

    def _build(self) -> None:
        self._inside = QWidget()
        self._inside.setProperty("ground", "surface")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(24, 16, 24, 20)
        self._column.setSpacing(0)
        self._column.addLayout(self._build_head())
        self._column.addSpacing(12)
        self._column.addWidget(self.card)
        self._column.addSpacing(8)
        self._panes = QHBoxLayout()
        self._panes.setSpacing(16)
        self._left = _pane(self._theme.label(say("Headers"), "small", 600), [self.copy_headers], [self.headers])
        self._right = self._build_message()
        self._panes.addWidget(self._left, 5)
        self._panes.addWidget(self._right, 6)
        self._column.addLayout(self._panes, 1)
        scroll = Scrolled(self._inside, overlaid=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _build_head(self) -> QHBoxLayout:
        first = QHBoxLayout()
        first.setSpacing(8)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        first.addWidget(self.title)
        first.addWidget(self._pill)
        first.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(first)
        words.addWidget(self._fate)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._tile)
        head.addLayout(words, 1)
        head.addWidget(self.more)
        return head

    def _build_message(self) -> QWidget:
        self.gone.setWordWrap(True)
        self.gone.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._cut_line = QWidget()
        row = QHBoxLayout(self._cut_line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._cut)
        row.addWidget(self.save)
        row.addStretch(1)
        name = self._theme.label(say("Message"), "small", 600)
        return _pane(name, [self.toggle, self.copy_message], [self.message, self.gone, self._cut_line], self._form)

    def _connect(self) -> None:
        self.card.remedy_chosen.connect(self.remedy_chosen)
        self.more.clicked.connect(self.more_requested)
        self.save.clicked.connect(self.save_requested)
        self.toggle.clicked.connect(self.on_toggled)
        self.copy_headers.clicked.connect(self.on_copy_headers)
        self.copy_message.clicked.connect(self.on_copy_message)
        for view, slot in ((self.headers, self.on_copy_headers), (self.message, self.on_copy_key)):
            copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), view, slot)
            copy.setContext(Qt.ShortcutContext.WidgetShortcut)

    @Slot()
    def on_toggled(self) -> None:
        self._as_received = not self._as_received
        self._show_text()

    @Slot()
    def on_copy_headers(self) -> None:
        self._clipboard.setText(self.headers.all_text())
        self.noticed.emit(say("The headers are copied."))

    @Slot()
    def on_copy_message(self) -> None:
        self._clipboard.setText(self.copied_text())
        self.noticed.emit(say("The message is copied."))

    @Slot()
    def on_copy_key(self) -> None:
        if self.message.textCursor().hasSelection():
            self.message.copy()
        else:
            self.on_copy_message()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < self._theme.px(_NARROW)
        side = 16 if narrow else 24
        self._column.setContentsMargins(side, 16, side, 20)
        self._panes.setDirection(QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight)
        self._left.setMinimumHeight(self._theme.px(160 if narrow else _PANES))
        self._right.setMinimumHeight(self._theme.px(_PANES))


def _pane(name: QLabel, buttons: list[QWidget], below: list[QWidget], note: QLabel | None = None) -> QWidget:
    pane = QWidget()
    head = QHBoxLayout()
    head.setContentsMargins(0, 0, 0, 0)
    head.setSpacing(8)
    head.addWidget(name)
    if note is not None:
        head.addWidget(note)
    head.addStretch(1)
    for button in buttons:
        if isinstance(button, IconButton):
            button.setFixedSize(32, 32)
        head.addWidget(button)
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addLayout(head)
    for at, widget in enumerate(below):
        column.addWidget(widget, 0 if at == 2 else 1)
    return pane


class _SenderTile(QFrame):
    """A tile whose provider changes."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tile: ProviderTile | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.setFixedSize(32, 32)

    def show_provider(self, provider: str, letters: str) -> None:
        if self._tile is not None:
            self._row.removeWidget(self._tile)
            self._tile.hide()
            self._tile.deleteLater()
        self._tile = ProviderTile(self._theme, provider, letters)
        self._row.addWidget(self._tile)
