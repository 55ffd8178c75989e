"""The panel of the public page: whether it is on, where it is, and how it looks."""

from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.popular.preview import PagePreview
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from shopwatch.ui.widgets.inputs.buttons import Button, IconButton
from shopwatch.ui.widgets.inputs.copy_field import CopyField
from shopwatch.ui.widgets.inputs.switch import Switch
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.sign import NoteLine, Sign

WIDTH = 432
_NGROK_FREE = (".ngrok-free.app", ".ngrok-free.dev", ".ngrok.io", ".ngrok.app", ".ngrok.dev")


class PagePanel(QFrame):
    """Signals: `switched(bool)`; `look_requested()`; `save_requested()`; `line_requested()`, for the shop's site."""

    switched = Signal(bool)
    look_requested = Signal()
    save_requested = Signal()
    line_requested = Signal()

    def __init__(
        self, theme: Theme, clipboard: QClipboard, open_url: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._open_url = open_url
        self.setProperty("ground", "side")
        self.setAccessibleName(say("Your public page"))
        self.switch = Switch(theme, say("The public page is on"))
        self._word = theme.label("", "small", 500, ink="ok")
        self.address = CopyField(theme, say("Address of the page"), clipboard, font="body")
        self.address.show_text("")
        self.open = IconButton(theme, "arrow-square-out", say("Open in your browser"))
        self.deaf = NoteLine(theme)
        self.preview = PagePreview(theme)
        self._fresh = _Note(theme, "arrows-clockwise")
        self._private = _Note(theme, "eye-slash")
        self._private.tell(say("Never shows prices, totals or customers"))
        self._notice = _Note(theme, "info")
        self._notice.tell(say("Visitors first see a short notice from ngrok"))
        self.line = Button(theme, say("Copy the line for your own site"), "link", "code")
        self.look = Button(theme, say("Change look…"))
        self.save = Button(theme, say("Save page as a file…"), icon="download-simple")
        self._build()
        self.switch.clicked.connect(self.switched)
        self.open.clicked.connect(self.on_open_clicked)
        self.line.clicked.connect(self.line_requested)
        self.look.clicked.connect(self.look_requested)
        self.save.clicked.connect(self.save_requested)

    def tell(self, *, on: bool, address: str, problem: str, fresh: str) -> None:
        """How the page stands; `fresh` says as of when it is."""
        self.switch.setChecked(on)
        self._word.setText(say("On") if on else say("Off"))
        self._word.setProperty("ink", "ok" if on else "text3")
        self._word.style().unpolish(self._word)
        self._word.style().polish(self._word)
        if address != self.address.text():
            self.address.show_text(address, address.partition("://")[2])
        self.open.setEnabled(address.startswith("https://"))
        for of_the_address in (self.address, self.open, self.line):
            of_the_address.setVisible(bool(address))
        self.deaf.tell("warn", problem if on else "")
        self._fresh.tell(fresh)
        self._notice.setVisible((urlsplit(address).hostname or "").endswith(_NGROK_FREE))

    def _build(self) -> None:
        theme = self._theme
        words = QVBoxLayout()
        words.setSpacing(0)
        title, subtitle = Elided(theme, "heading"), Elided(theme, "small", ink="text2")
        title.show_own(say("Your public page"))
        subtitle.show_own(say("Anyone with the address can see it"))
        words.addWidget(title)
        words.addWidget(subtitle)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addLayout(words, 1)
        top.addWidget(self._word)
        top.addWidget(self.switch)
        where = QHBoxLayout()
        where.setSpacing(0)
        where.addWidget(self.address, 1)
        where.addWidget(self.open)
        notes = QVBoxLayout()
        notes.setSpacing(8)
        for note in (self._fresh, self._private, self._notice):
            notes.addWidget(note)
        notes.addWidget(self.line, 0, Qt.AlignmentFlag.AlignLeading)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 24, 20, 8)
        column.setSpacing(12)
        column.addLayout(top)
        column.addLayout(where)
        column.addWidget(self.deaf)
        shown = QHBoxLayout()
        shown.setContentsMargins(0, 0, 4, 0)
        shown.addWidget(self.preview)
        column.addLayout(shown)
        column.addLayout(notes)
        column.addStretch(1)
        area = Scrolled(content, overlaid=True)
        area.setProperty("ground", "sunken")
        area.setFrameShape(QFrame.Shape.NoFrame)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 4, 20, 20)
        foot.setSpacing(0)
        foot.addWidget(self.look)
        foot.addWidget(self.save)
        foot.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addLayout(foot)

    @Slot()
    def on_open_clicked(self) -> None:
        self._open_url(self.address.text())


class _Note(QWidget):
    def __init__(self, theme: Theme, icon: str) -> None:
        super().__init__()
        self._label = theme.label("", "small", ink="text2")
        self._label.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Sign(theme, icon), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)

    def tell(self, text: str) -> None:
        self._label.setText(text)
        self.setVisible(bool(text))
