"""Why a problem came about, and what helps whoever looks into it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.status.banner import BannerProblem
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.report import Report


class WhyDialog(QDialog):
    """Explains `problem`, with details that can be copied. Open it with `open()`."""

    def __init__(self, theme: Theme, problem: BannerProblem, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        self.setWindowTitle(question)
        heading = theme.label(problem.title, "heading")
        words = theme.label(problem.why or problem.text, ink="text2")
        for label in (heading, words):
            label.setWordWrap(True)
        if not words.text():
            words.hide()
        report = Report(theme, "\n".join(filter(None, (f"Problem: {problem.code or 'unnamed'}", problem.cause))))
        close = Button(theme, say("Close"), "primary")
        close.clicked.connect(self.accept)
        column(
            *(heading, words, theme.label(say("Details"), "small", 600, ink="text2")),
            (report, 1),
            row(STRETCH, report.copy_button, close),
            inside=self,
            margins=(24, 20, 20, 16),
            gap=8,
        )
        close.setFocus()
        self.resize(theme.px(560), theme.px(360))
