"""What has happened to a sale, step by step."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.sales.job_steps import JobStep
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.clearing import clear
from shopwatch.ui.widgets.texts.dot_row import DOT, DotRow
from shopwatch.ui.widgets.texts.elided import Elided


class Timeline(QWidget):
    """One row for each step, joined by a line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._shown: tuple[JobStep, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(say("What has happened"))

    def show_steps(self, steps: tuple[JobStep, ...]) -> None:
        if steps == self._shown:
            return
        self._shown = steps
        clear(self._column)
        for step in steps:
            self._column.addWidget(_StepRow(self._theme, step, last=step is steps[-1]))
        self.updateGeometry()


class _StepRow(DotRow):
    def __init__(self, theme: Theme, step: JobStep, *, last: bool) -> None:
        super().__init__(theme, step.kind, step.icon, last=last)
        self.setAccessibleName(", ".join(part for part in (step.sentence, step.note, step.time) if part))
        sentence = Elided(theme, lines=2)
        sentence.show_own(step.sentence)
        time = theme.label(step.time, "small", ink="text3", figures=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(sentence)
        sentence.setMinimumHeight(theme.px(20))
        time.setFixedHeight(theme.px(20))
        if step.note:
            note = Elided(theme, "small", ink="text3", lines=2)
            note.show_own(step.note)
            note.setMinimumHeight(theme.px(16))
            words.addWidget(note)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0 if last else theme.px(8 if step.note else 20))
        row.setSpacing(12)
        row.addSpacing(DOT + 12)
        row.addLayout(words, 1)
        row.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
