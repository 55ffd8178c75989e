"""One person in full, at the side of the list."""

from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.ledger.people.query import PersonDetail, PersonRow
from shopwatch.presenting.amounts import money_text
from shopwatch.presenting.initials import initials
from shopwatch.presenting.people.person_text import name_of, practice_pill, since_text, totals_text
from shopwatch.presenting.people.timeline_text import entry_of
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.people.story import Story
from shopwatch.ui.widgets.frames.clearing import clear
from shopwatch.ui.widgets.frames.drawer import Drawer, part_of
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.inputs.copy_button import CopyButton
from shopwatch.ui.widgets.texts.avatar import Avatar
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.pill import Pill
from shopwatch.ui.widgets.texts.sign import Sign

MOST_ENTRIES = 60
_MOST_WAYS = 6


class PersonDrawer(Drawer):
    """Shows a `PersonDetail`.

    Signals: `sale_requested(int)`, the id of a sale to be shown; `forget_requested()`.
    """

    sale_requested = Signal(int)
    forget_requested = Signal()

    def __init__(self, theme: Theme, locale: str, clipboard: QClipboard, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setAccessibleName(say("Details of the person"))
        self._locale = locale
        self._detail: PersonDetail | None = None
        self._avatar = Avatar(theme)
        self._name = Elided(theme, "heading")
        self._pill = Pill(theme)
        self._pill.show_look(practice_pill())
        self._total = theme.label("", "figure", figures=True)
        self._others = Elided(theme, "small", ink="text2")
        self._summary = Elided(theme, "small", ink="text2")
        self._ways = QVBoxLayout()
        self._story = Story(theme)
        self._earlier = theme.label("", "small", ink="text3")
        self._copy = CopyButton(theme, say("Copy e-mail"), clipboard, "plain")
        self._forget = Button(theme, say("Forget this person…"), "plain", "trash")
        self._build()
        self._connect()

    @property
    def row(self) -> PersonRow | None:
        return self._detail.row if self._detail else None

    def show_nothing(self) -> None:
        self._detail = None
        super().show_nothing()

    def show_detail(self, detail: PersonDetail, today: date, source_names: dict[str, str]) -> None:
        row = detail.row
        if self._detail is None or self._detail.row.id != row.id:
            self._scroll.verticalScrollBar().setValue(0)
        self._detail = detail
        self._avatar.show_initials(initials(legible(row.name, 80)), dashed=row.practice)
        self._name.show_own(name_of(row))
        self._pill.setVisible(row.practice)
        self._total.setText(money_text(row.totals[0], self._locale) if row.totals else "")
        self._total.setVisible(bool(row.totals))
        others = totals_text(row.totals[1:], 0, self._locale)
        self._others.show_own(f"+ {others}" if others else "")
        self._others.setVisible(bool(others))
        self._summary.show_own(since_text(row, self._locale, today))
        self._show_ways(detail)
        shown = detail.occasions[:MOST_ENTRIES]
        self._story.show_entries(tuple(entry_of(each, self._locale, today, source_names) for each in shown))
        left_out = len(detail.occasions) - len(shown) + detail.earlier
        self._earlier.setText(say_n("and {n} earlier", "and {n} earlier", left_out) if left_out else "")
        self._earlier.setVisible(bool(left_out))
        self._copy.setVisible(bool(row.emails or row.phones))
        self._copy.offer(say("Copy e-mail") if row.emails else say("Copy phone no."))
        self.show_whole()

    def _show_ways(self, detail: PersonDetail) -> None:
        """How to reach them, and the company they are of."""
        clear(self._ways)
        row = detail.row
        ways = [("envelope-simple", say("E-mail"), each) for each in row.emails]
        ways += [("phone", say("Phone"), each) for each in row.phones]
        if detail.company:
            ways.append(("buildings", say("Company"), detail.company))
        for icon, kind, text in ways[:_MOST_WAYS]:
            self._ways.addWidget(_Way(self._theme, icon, kind, text))
        if len(ways) > _MOST_WAYS:
            more = say_n("and {n} more", "and {n} more", len(ways) - _MOST_WAYS)
            self._ways.addWidget(self._theme.label(more, "small", ink="text3"))

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(4)
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        head.addLayout(self.title_line(self._avatar, self._name, self._pill, spacing=12))
        head.addLayout(self.figure_line(self._total, self._others))
        head.addWidget(self._summary)
        self._ways.setSpacing(4)
        story = QWidget()
        column = QVBoxLayout(story)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._story)
        column.addWidget(self._earlier)
        parts = (part_of(self._ways, 24, 12, 24, 13), story)
        nothing = say("Choose a person to see them here.")
        self.lay_out(part_of(head, 24, 12, 12, 15), parts, (self._copy, self._forget), nothing=nothing)

    def _connect(self) -> None:
        self._story.sale_requested.connect(self.sale_requested)
        self._copy.clicked.connect(self.copy_way)
        self._forget.clicked.connect(self.forget_requested)

    @Slot()
    def copy_way(self) -> None:
        """Put their e-mail address on the clipboard, or the phone number of one who has none."""
        row = self.row
        if row is not None and (ways := [*row.emails, *row.phones]):
            self._copy.copy(ways[0])


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
