"""The cards of the address step, and what unfolds in them."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QLineEdit, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.pill import PillLook
from shopwatch.presenting.setup.secret_look import token_in
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.cards import OptionCard
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.link import Link
from shopwatch.ui.widgets.inputs.secret_field import SecretField
from shopwatch.ui.widgets.texts.pill import Pill
from shopwatch.ui.widgets.texts.sign import NoteLine, Sign

_SIGN_UP = "https://dashboard.ngrok.com/signup"
_TOKEN_PAGE = "https://dashboard.ngrok.com/get-started/your-authtoken"  # noqa: S105 - a page, not a token
_NAMES = 104
_LONGEST_URL = 300
_INDENT = 36


class ChoiceCard(OptionCard):
    """A card over the whole width: a heading, a sentence, and `body`, which unfolds when it is chosen."""

    def __init__(self, theme: Theme, name: str, group: QButtonGroup, praise: str = "") -> None:
        super().__init__(theme, name, group)
        self.setProperty("ground", "choice")
        heading = row(theme.label(name, "lead", 600), gap=8)
        if praise:
            pill = Pill(theme)
            pill.show_look(PillLook("accent", "star", praise))
            heading.addWidget(pill)
        heading.addStretch(1)
        self._sentence = theme.label("", ink="text2")
        self._sentence.setWordWrap(True)
        self.body.setContentsMargins(_INDENT, 0, 0, 0)
        self.row.setAlignment(self.radio, Qt.AlignmentFlag.AlignTop)
        self.row.addLayout(column(heading, self._sentence, gap=4), 1)
        self.on_toggled(self.radio.isChecked())

    def describe(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self.radio.setAccessibleDescription(sentence)


class NgrokFields(QWidget):
    """The token, and the address that ngrok gives for it."""

    def __init__(self, theme: Theme, clipboard: QClipboard, open_url: Callable[[str], object]) -> None:
        super().__init__()
        self._open_url = open_url
        self.token = SecretField(theme, say("ngrok token"), clipboard, token_in)
        self.note = NoteLine(theme)
        self._address = QLineEdit()
        self._address.setReadOnly(True)
        self._address.setAccessibleName(say("Your address"))
        self._found = QWidget()
        self._address_row = QWidget()
        self._sign_up = Link(theme, say("Create a free ngrok account"))
        self.where = Link(theme, say("Where is my token?"))
        self._build(theme)
        self._sign_up.clicked.connect(self.on_sign_up_clicked)
        self.where.clicked.connect(self.on_where_clicked)
        self.show_address("")

    def _build(self, theme: Theme) -> None:
        row(
            Sign(theme, "check-circle", 16, "ok"),
            theme.label(say("Found"), "body", 500, ink="ok"),
            inside=self._found,
            margins=(4, 0, 0, 0),
            gap=4,
        )
        row((self._address, 1), self._found, inside=self._address_row, gap=4)
        self._found.setFixedWidth(self.token.button.sizeHint().width())
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, theme.px(_NAMES))
        grid.setColumnStretch(1, 1)
        grid.addWidget(_named(theme, say("ngrok token"), self.token.line), 0, 0)
        grid.addWidget(self.token, 0, 1)
        grid.addWidget(self.note, 1, 1)
        self._address_name = _named(theme, say("Your address"), self._address)
        grid.addWidget(self._address_name, 2, 0)
        grid.addWidget(self._address_row, 2, 1)
        grid.addLayout(row(self._sign_up, self.where, STRETCH, gap=16), 3, 1)

    def show_address(self, address: str) -> None:
        self._address.setText(address)
        self._address_row.setVisible(bool(address))
        self._address_name.setVisible(bool(address))

    def complain(self, sentence: str) -> None:
        self.note.tell("bad", sentence)
        self.token.show_wrong(bool(sentence))

    @Slot()
    def on_sign_up_clicked(self) -> None:
        self._open_url(_SIGN_UP)

    @Slot()
    def on_where_clicked(self) -> None:
        self._open_url(_TOKEN_PAGE)


class OwnFields(QWidget):
    """The address an owner brings, and where it must lead."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.url = QLineEdit()
        self.url.setMaxLength(_LONGEST_URL)
        self.url.setPlaceholderText("https://")
        self.url.setAccessibleName(say("Your address"))
        self.note = NoteLine(theme)
        self._port = theme.label("", "small", ink="text2")
        self._port.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, theme.px(_NAMES))
        grid.setColumnStretch(1, 1)
        grid.addWidget(_named(theme, say("Your address"), self.url), 0, 0)
        grid.addWidget(self.url, 0, 1)
        grid.addWidget(self.note, 1, 1)
        grid.addWidget(self._port, 2, 1)

    def show_port(self, port: int) -> None:
        sentence = say("Let it pass its traffic on to http://127.0.0.1:{port} on this computer.")
        self._port.setText(sentence.format(port=port) if port else "")

    def complain(self, sentence: str) -> None:
        self.note.tell("bad", sentence)
        self.url.setProperty("wrong", "true" if sentence else "false")
        self.url.style().unpolish(self.url)
        self.url.style().polish(self.url)


def _named(theme: Theme, text: str, field: QLineEdit) -> QLabel:
    label = theme.label(text, "body", 500)
    label.setBuddy(field)
    return label
