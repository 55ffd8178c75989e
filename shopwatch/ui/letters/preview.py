"""How a letter looks, as the customer will see it."""

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import column
from shopwatch.ui.widgets.texts.elided import Elided

_LONGEST = 200_000


class Preview(QFrame):
    """Subject and body. Nothing that a letter names is loaded, and no link is followed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "card")
        self._subject = Elided(theme, "body", 600)
        self.body = _Page()
        self.body.setFont(theme.font("body"))
        self.body.setAccessibleName(say("Preview of the letter"))
        self.body.setFrameShape(QFrame.Shape.NoFrame)
        self.body.document().setDocumentMargin(0)
        column(self._subject, (self.body, 1), inside=self, margins=(16, 12, 8, 8), gap=8)

    @property
    def subject(self) -> str:
        return self._subject.whole_text()

    def show_letter(self, subject: str, text: str, html: str) -> None:
        """Show the HTML where there is some, else the plain text."""
        self._subject.show_text(subject)
        if html.strip():
            self.body.setHtml(html[:_LONGEST])
        else:
            self.body.setPlainText("\n".join(legible(line, 2_000) for line in text[:_LONGEST].splitlines()))


class _Page(QTextBrowser):
    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        return None
