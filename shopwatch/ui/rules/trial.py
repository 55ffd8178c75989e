"""Trying a rule on what has happened: shows what would have been done, and does nothing."""

from collections.abc import Sequence
from datetime import date
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.actions.registry import action_of
from shopwatch.domain.clock import now
from shopwatch.domain.errors import UserError
from shopwatch.domain.happening import CheckIn, Contact, FileChange, Happening, Notice, TextMessage
from shopwatch.domain.legible import legible
from shopwatch.domain.rule import Rule, Trial
from shopwatch.domain.tasks import Run, spawn
from shopwatch.domain.words import say, say_n
from shopwatch.shop.shop import Shop
from shopwatch.ui.amounts import amount_text
from shopwatch.ui.indexes import NO_INDEX, AnyIndex
from shopwatch.ui.rules.wording import TRIGGERS
from shopwatch.ui.theme import Theme
from shopwatch.ui.times import local, stamp
from shopwatch.ui.widgets.buttons import Button
from shopwatch.ui.widgets.face import Face
from shopwatch.ui.widgets.ground import Ground
from shopwatch.ui.widgets.row_delegate import Column, RowDelegate
from shopwatch.ui.widgets.row_table import RowTable
from shopwatch.ui.widgets.sign import NoteLine
from shopwatch.ui.work_dialog import WorkDialog

_LAST = 50


class _At(IntEnum):
    TIME = 0
    ABOUT = 1
    DOES = 2


def _columns() -> tuple[Column, ...]:
    return (Column(say("Time"), 168), Column(say("What happened")), Column(say("What the rule would have done")))


class TrialModel(QAbstractTableModel):
    """What was tried, the newest first."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self._locale = locale
        self._columns = _columns()
        self._cells: list[tuple[str, str, str]] = []
        self._does: list[bool] = []

    def show_trials(self, trials: Sequence[Trial], today: date) -> None:
        self.beginResetModel()
        self._cells = [
            (
                stamp(round(trial.occasion.at.timestamp() * 1000), self._locale, today),
                about(trial, self._locale),
                " · ".join(action_of(each.action).words.title() for each in trial.owed) or say("Nothing"),
            )
            for trial in trials
        ]
        self._does = [bool(trial.owed) for trial in trials]
        self.endResetModel()

    def does(self, at: int) -> bool:
        """Whether the rule would have done anything."""
        return self._does[at]

    def cells(self, at: int) -> tuple[str, str, str]:
        return self._cells[at]

    def position(self, number: int) -> int | None:
        return number if 0 <= number < len(self._cells) else None

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._cells):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[index.row()][index.column()]
        return ", ".join(self._cells[index.row()]) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return None


class _TrialDelegate(RowDelegate):
    def __init__(self, theme: Theme, model: TrialModel) -> None:
        super().__init__(theme, _columns())
        self._model = model
        self._words = Face(theme.font("body"))
        self._done = Face(theme.font("body", 500))
        self._figures = Face(theme.font("body", figures=True))

    def paint_cell(self, painter: QPainter, box: QRect, at: int, column: int, *, selected: bool) -> None:
        text, does = self._model.cells(at)[column], self._model.does(at)
        ink = "on_accent" if selected and self.theme.tokens.contrast else "text" if does else "text3"
        face = {_At.TIME: self._figures, _At.ABOUT: self._words, _At.DOES: self._done if does else self._words}[
            _At(column)
        ]
        self.write(painter, box, text, face, ink)


class TrialDialog(WorkDialog):
    """Tries `rule` on the last events. Open it with `open()`."""

    def __init__(
        self,
        shop: Shop,
        theme: Theme,
        rule: Rule,
        *,
        run: Run = spawn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(run, parent)
        self._shop = shop
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        title = say("Try “{name}”", name=legible(rule.name, 60)) if rule.name else say("Try this rule")
        self.setWindowTitle(title)
        self.model = TrialModel(shop.locale)
        self.table = RowTable(
            theme,
            self.model,
            _TrialDelegate(theme, self.model),
            find=self.model.position,
            id_at=self.model.position,
        )
        self.table.setAccessibleName(say("What the rule would have done"))
        self.summary = theme.label(say("Looking at what has happened…"), ink="text2")
        self.summary.setWordWrap(True)
        self.problem = NoteLine(theme)
        close = Button(theme, say("Close"))
        close.clicked.connect(self.accept)
        foot = Ground("foot")
        buttons = QHBoxLayout(foot)
        buttons.addStretch(1)
        buttons.addWidget(close)
        head = QVBoxLayout()
        head.setContentsMargins(24, 20, 24, 12)
        head.setSpacing(4)
        for widget in (theme.label(title, "heading"), self.summary, self.problem):
            head.addWidget(widget)
        buttons.setContentsMargins(20, 8, 20, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(foot)
        self.resize(theme.px(800), theme.px(520))
        self.work(self._try(rule), "trying a rule")

    async def _try(self, rule: Rule) -> None:
        try:
            trials = await self._shop.ledger.outbox.try_rule(rule, _LAST)
        except UserError as problem:
            self.summary.setText("")
            self.problem.tell("bad", str(problem))
            return
        self.model.show_trials(trials, local(now()).date())
        self.summary.setText(_summary(trials))


def _summary(trials: Sequence[Trial]) -> str:
    if not trials:
        return say("Nothing has happened yet that it could be tried on.")
    does = sum(bool(trial.owed) for trial in trials)
    if does:
        found = say_n("It would have run {n} time", "It would have run {n} times", does)
    else:
        found = say("It would not have run once")
    return say(
        "{found} for the last {count} things that happened. Nothing is sent now.", found=found, count=len(trials)
    )


def about(trial: Trial, locale: str) -> str:
    """What happened, in one breath."""
    sale = trial.occasion.sale
    what = TRIGGERS[trial.occasion.trigger]()
    if sale is not None:
        parts = (what, amount_text(sale.sale, locale), legible(sale.sale.name, 60))
    else:
        parts = (what, _who(trial.occasion.happening), "")
    return " · ".join(part for part in parts if part)


def _who(happening: Happening | None) -> str:
    match happening:
        case Contact():
            return legible(happening.name or happening.email or happening.phone, 60)
        case TextMessage():
            return legible(happening.name or happening.phone, 60)
        case CheckIn():
            return legible(happening.name or happening.place, 60)
        case Notice():
            return legible(str(happening.title), 60)
        case FileChange():
            return legible(happening.files[0].path, 60) if happening.files else ""
        case None:
            return ""
