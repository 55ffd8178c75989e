"""Text of several lines, from outside."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from shopwatch.presenting.outside_text import breakable
from shopwatch.ui.look.theme import Theme


class WrappedLabel(QLabel):
    """Literal text that wraps, however long its words are. What is shown is legible already."""

    def __init__(
        self, theme: Theme, text: str, font: str = "body", *, ink: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(breakable(text), parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFont(theme.font(font))
        self.setProperty("ink", ink)
        self.setAccessibleName(text)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.fontMetrics().height())
