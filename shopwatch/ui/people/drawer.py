"""One person in full, at the side of the list."""

from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.legible import legible
from shopwatch.domain.words import say, say_n
from shopwatch.ledger.people_query import PersonDetail, PersonRow
from shopwatch.ui.amounts import money_text
from shopwatch.ui.people.story import Story
from shopwatch.ui.people.telling import entry_of
from shopwatch.ui.people.wording import name_of, practice_pill, totals_text
from shopwatch.ui.theme import Theme
from shopwatch.ui.times import spoken
from shopwatch.ui.widgets.avatar import Avatar, initials
from shopwatch.ui.widgets.buttons import Button, IconButton
from shopwatch.ui.widgets.elided import Elided
from shopwatch.ui.widgets.overlay_bar import OverlayBar
from shopwatch.ui.widgets.pill import Pill
from shopwatch.ui.widgets.sign import Sign

WIDTH = 392
MOST_ENTRIES = 60
_MOST_WAYS = 6
_SAID_FOR = 2000


def summary(row: PersonRow, locale: str, today: date) -> str:
    """ "4 orders, first heard of on 12 March at 11:58"."""
    when = spoken(row.first_at, locale, today)
    if not row.orders:
        return say("No order yet, first heard of {when}", when=when)
    orders = say_n("{n} order", "{n} orders", row.orders)
    return say("{orders}, first heard of {when}", orders=orders, when=when)


class PersonDrawer(QFrame):
    """Shows a `PersonDetail`.

    Signals: `close_requested()`; `sale_requested(int)`, the id of a sale to be shown; `forget_requested()`.
    """

    close_requested = Signal()
    sale_requested = Signal(int)
    forget_requested = Signal()

    def __init__(self, theme: Theme, locale: str, clipboard: QClipboard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._locale = locale
        self._clipboard = clipboard
        self._detail: PersonDetail | None = None
        self.setProperty("ground", "drawer")
        self.setAccessibleName(self.tr("Details of the person"))
        self._avatar = Avatar(theme)
        self._name = Elided(theme, "heading")
        self._pill = Pill(theme)
        self._pill.show_look(practice_pill())
        self._close = IconButton(theme, "x", self.tr("Close details"), size=16)
        self._total = theme.label("", "figure", figures=True)
        self._others = Elided(theme, "small", ink="text2")
        self._summary = Elided(theme, "small", ink="text2")
        self._ways = QVBoxLayout()
        self._story = Story(theme)
        self._earlier = theme.label("", "small", ink="text3")
        self._copy = Button(theme, "", "plain", "copy")
        self._forget = Button(theme, self.tr("Forget this person…"), "plain", "trash")
        self._said = QTimer(self, singleShot=True, interval=_SAID_FOR)
        self._nothing = theme.label(self.tr("Choose a person to see them here."), ink="text2")
        self._build()
        self._connect()
        self.show_nothing()

    @property
    def row(self) -> PersonRow | None:
        return self._detail.row if self._detail else None

    def show_nothing(self) -> None:
        self._detail = None
        self._whole.hide()
        self._nothing_page.show()

    def show_detail(self, detail: PersonDetail, today: date, source_names: dict[str, str]) -> None:
        row = detail.row
        if self._detail is None or self._detail.row.id != row.id:
            self._scroll.verticalScrollBar().setValue(0)
            self.on_said()
        self._detail = detail
        self._avatar.show_initials(initials(legible(row.name, 80)), dashed=row.practice)
        self._name.show_own(name_of(row))
        self._pill.setVisible(row.practice)
        self._total.setText(money_text(row.totals[0], self._locale) if row.totals else "")
        self._total.setVisible(bool(row.totals))
        others = totals_text(row.totals[1:], 0, self._locale)
        self._others.show_own(f"+ {others}" if others else "")
        self._others.setVisible(bool(others))
        self._summary.show_own(summary(row, self._locale, today))
        self._show_ways(detail)
        shown = detail.occasions[:MOST_ENTRIES]
        self._story.show_entries(tuple(entry_of(each, self._locale, today, source_names) for each in shown))
        left_out = len(detail.occasions) - len(shown) + detail.earlier
        self._earlier.setText(say_n("and {n} earlier", "and {n} earlier", left_out) if left_out else "")
        self._earlier.setVisible(bool(left_out))
        self._copy.setVisible(bool(row.emails or row.phones))
        self.on_said()
        self._nothing_page.hide()
        self._whole.show()

    def _show_ways(self, detail: PersonDetail) -> None:
        """How to reach them, and the company they are of."""
        while (item := self._ways.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        row = detail.row
        ways = [("envelope-simple", self.tr("E-mail"), each) for each in row.emails]
        ways += [("phone", self.tr("Phone"), each) for each in row.phones]
        if detail.company:
            ways.append(("buildings", self.tr("Company"), detail.company))
        for icon, kind, text in ways[:_MOST_WAYS]:
            self._ways.addWidget(_Way(self._theme, icon, kind, text))
        if len(ways) > _MOST_WAYS:
            more = say_n("and {n} more", "and {n} more", len(ways) - _MOST_WAYS)
            self._ways.addWidget(self._theme.label(more, "small", ink="text3"))

    def _build(self) -> None:
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        OverlayBar(self._scroll)
        inner = QWidget()
        inner.setProperty("ground", "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._ways_part())
        column.addWidget(self._story_part())
        column.addStretch()
        self._scroll.setWidget(inner)
        self._whole = QWidget()
        whole = QVBoxLayout(self._whole)
        whole.setContentsMargins(1, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head_part())
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self._foot_part())
        self._nothing_page = QWidget()
        nothing = QVBoxLayout(self._nothing_page)
        nothing.addWidget(self._nothing, 0, Qt.AlignmentFlag.AlignCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._whole)
        outer.addWidget(self._nothing_page)

    def _head_part(self) -> QFrame:
        head = QFrame()
        head.setProperty("ground", "head")
        column = QVBoxLayout(head)
        column.setContentsMargins(24, 12, 12, 15)
        column.setSpacing(4)
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(self._avatar)
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        first.addWidget(self._name)
        first.addWidget(self._pill)
        first.addStretch(1)
        first.addWidget(self._close)
        second = QHBoxLayout()
        second.setSpacing(8)
        self._total.setFixedHeight(self._theme.px(32))
        second.addWidget(self._total)
        base = QVBoxLayout()
        base.setContentsMargins(0, 0, 0, 4)
        base.addStretch()
        base.addWidget(self._others)
        second.addLayout(base, 1)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self._summary)
        return head

    def _ways_part(self) -> QFrame:
        part = QFrame()
        part.setProperty("ground", "head")
        part.setLayout(self._ways)
        self._ways.setContentsMargins(24, 12, 24, 13)
        self._ways.setSpacing(4)
        return part

    def _story_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._story)
        column.addWidget(self._earlier)
        return part

    def _foot_part(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("ground", "foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(0)
        for button in (self._copy, self._forget):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.addWidget(button, 1)
        return foot

    def _connect(self) -> None:
        self._close.clicked.connect(self.close_requested)
        self._story.sale_requested.connect(self.sale_requested)
        self._copy.clicked.connect(self.copy_way)
        self._forget.clicked.connect(self.forget_requested)
        self._said.timeout.connect(self.on_said)

    @Slot()
    def copy_way(self) -> None:
        """Put their e-mail address on the clipboard, or the phone number of one who has none."""
        row = self.row
        if row is not None and (ways := [*row.emails, *row.phones]):
            self._clipboard.setText(ways[0])
            self._copy.setText(self.tr("Copied"))
            self._copy.show_icon("check")
            self._said.start()

    @Slot()
    def on_said(self) -> None:
        self._said.stop()
        by_mail = self.row is None or bool(self.row.emails)
        self._copy.setText(self.tr("Copy e-mail") if by_mail else self.tr("Copy phone no."))
        self._copy.show_icon("copy")


class _Way(QWidget):
    def __init__(self, theme: Theme, icon: str, kind: str, text: str) -> None:
        super().__init__()
        line = Elided(theme, mode=Qt.TextElideMode.ElideMiddle)
        line.show_text(text)
        line.setFixedHeight(theme.px(20))
        self.setAccessibleName(f"{kind}: {line.whole_text()}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Sign(theme, icon, 16, "text3"))
        row.addWidget(line, 1)
