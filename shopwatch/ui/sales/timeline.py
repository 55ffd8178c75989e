"""What has happened to a sale, step by step."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.ui.sales.job_steps import Step
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.elided import Elided

_DOT = 20


class Timeline(QWidget):
    """One row for each step, joined by a line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._shown: tuple[Step, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("What has happened"))

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        if steps == self._shown:
            return
        self._shown = steps
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for step in steps:
            self._column.addWidget(_StepRow(self._theme, step, last=step is steps[-1]))
        self.updateGeometry()


class _StepRow(QWidget):
    def __init__(self, theme: Theme, step: Step, *, last: bool) -> None:
        super().__init__()
        self._theme = theme
        self._step = step
        self._last = last
        self.setAccessibleName(", ".join(part for part in (step.sentence, step.note, step.time) if part))
        sentence = Elided(theme)
        sentence.show_own(step.sentence)
        time = theme.label(step.time, "small", ink="text3", figures=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(sentence)
        sentence.setFixedHeight(theme.px(20))
        time.setFixedHeight(theme.px(20))
        if step.note:
            note = Elided(theme, "small", ink="text3")
            note.show_own(step.note)
            note.setFixedHeight(theme.px(16))
            words.addWidget(note)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addSpacing(_DOT + 12)
        row.addLayout(words, 1)
        row.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(theme.px((36 if step.note else 20) + (0 if last else 20 if not step.note else 8)))
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - _DOT if mirrored else 0
        if not self._last:
            painter.fillRect(QRectF(left + 9.5, _DOT, 1, self.height() - _DOT), tokens.colour("line2"))
        ground, ink = {
            "ok": ("ok_soft", "ok"),
            "warn": ("warn_soft", "warn"),
            "bad": ("bad_soft", "bad"),
        }.get(self._step.kind, ("neutral_soft", "text2"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour(ground))
        painter.drawEllipse(QRectF(left, 0, _DOT, _DOT))
        self._theme.icons.paint(painter, self._step.icon, QRectF(left + 4, 4, 12, 12), tokens.colour(ink))
        painter.end()
