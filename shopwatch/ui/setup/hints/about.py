"""What there is to know of a provider, in a window of its own."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QUrl, Slot
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QDialog, QTextBrowser, QWidget

from shopwatch.domain.i18n import say
from shopwatch.providers.pages import page
from shopwatch.providers.provider import Provider
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button

_SIZE = QSize(560, 600)


class AboutDialog(QDialog):
    """The provider's page. Its links open in the browser, by `open_url`."""

    def __init__(
        self, theme: Theme, provider: Provider, open_url: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._open_url = open_url
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        self.setWindowTitle(say("About {service}", service=provider.name))
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.document().setDefaultFont(theme.font("body"))
        self.text.document().setDocumentMargin(20)
        self.text.setMarkdown(page(provider))
        self._set(theme)
        self.text.setAccessibleName(self.windowTitle())
        self.close_button = Button(theme, say("Close"))
        foot = Ground("foot")
        row(STRETCH, self.close_button, inside=foot, margins=(20, 8, 16, 8))
        column((self.text, 1), foot, inside=self)
        self.resize(_SIZE.boundedTo(parent.size()) if parent is not None else _SIZE)
        self.text.anchorClicked.connect(self.on_link)
        self.close_button.clicked.connect(self.accept)

    def _set(self, theme: Theme) -> None:
        """Give headings and paragraphs the sizes and the room they have elsewhere."""
        cursor = QTextCursor(self.text.document())
        block = self.text.document().begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            form = QTextBlockFormat(block.blockFormat())
            form.setTopMargin(0 if level == 1 else 16 if level else 2)
            form.setBottomMargin(4)
            cursor.setPosition(block.position())
            cursor.setBlockFormat(form)
            if level:
                cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                face = QTextCharFormat(cursor.charFormat())
                # By this Markdown makes headings larger than the text, whatever their font says.
                face.clearProperty(QTextFormat.Property.FontSizeAdjustment)
                face.setFont(theme.font("title" if level == 1 else "heading"))
                cursor.setCharFormat(face)
            block = block.next()

    @Slot(QUrl)
    def on_link(self, url: QUrl) -> None:
        self._open_url(url.toString())
