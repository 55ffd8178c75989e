"""Trying a rule on what has happened: shows what would have been done, and does nothing."""

from datetime import date

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.domain.rules.rule import Rule
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.presenting.rules.trial_text import TrialLine, summary, trial_lines
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.ui.dialogs.work_dialog import WorkDialog
from shopwatch.ui.lists.column import Column
from shopwatch.ui.lists.row_delegate import PaintedRow, RowDelegate
from shopwatch.ui.lists.row_table import RowTable
from shopwatch.ui.lists.rows_model import RowsModel
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.sign import NoteLine

_LAST = 50
_DOES = 2


class TrialKind:
    """What was tried, the newest first."""

    def __init__(self) -> None:
        self.columns = (
            Column(say("Time"), 168, figures=True, ink="text"),
            Column(say("What happened"), ink="text"),
            Column(say("What the rule would have done"), weight=500, ink="text"),
        )

    def id_of(self, row: TrialLine) -> int:
        return row.number

    def text_of(self, row: TrialLine, _today: date) -> TrialLine:
        return row


class _TrialDelegate(RowDelegate):
    def paint_cell(self, painter: QPainter, box: QRect, line: PaintedRow, column: int, *, selected: bool) -> None:
        if column == _DOES and line.text.faint:
            self.write(painter, box, line.text.does, self._plain, self.ink_of("text3", selected=selected))
        else:
            super().paint_cell(painter, box, line, column, selected=selected)


class TrialDialog(WorkDialog):
    """Tries `rule` on the last events. Open it with `open()`."""

    def __init__(
        self,
        outbox: OutboxBook,
        locale: str,
        theme: Theme,
        rule: Rule,
        *,
        run: Run = spawn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(run, parent)
        self._outbox = outbox
        self._locale = locale
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        title = say("Try “{name}”", name=legible(rule.name, 60)) if rule.name else say("Try this rule")
        self.setWindowTitle(title)
        self.model: RowsModel[TrialLine, TrialLine] = RowsModel(TrialKind(), self)
        self.table = RowTable(theme, self.model, _TrialDelegate(theme, self.model))
        self.table.setAccessibleName(say("What the rule would have done"))
        self.summary = theme.label(say("Looking at what has happened…"), ink="text2")
        self.summary.setWordWrap(True)
        self.problem = NoteLine(theme)
        close = Button(theme, say("Close"))
        close.clicked.connect(self.accept)
        foot = Ground("foot")
        row(STRETCH, close, inside=foot, margins=(20, 8, 20, 8))
        column(
            column(*(theme.label(title, "heading"), self.summary, self.problem), margins=(24, 20, 24, 12), gap=4),
            (self.table, 1),
            foot,
            inside=self,
        )
        self.resize(theme.px(800), theme.px(520))
        self.work(self._try(rule), "trying a rule")

    async def _try(self, rule: Rule) -> None:
        try:
            trials = await self._outbox.try_rule(rule, _LAST)
        except UserError as problem:
            self.summary.setText("")
            self.problem.tell("bad", str(problem))
            return
        self.model.show(trial_lines(trials, self._locale, self.model.today))
        self.summary.setText(summary(trials))
