"""A way out of the program: opens a page in the browser."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import Button


class Link(Button):
    """Accent text with the sign for another program behind it."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, text, "link", "arrow-square-out", parent=parent)
        self.setFont(theme.font("small", 500))
        self.setLayoutDirection(
            Qt.LayoutDirection.LeftToRight
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            else Qt.LayoutDirection.RightToLeft
        )
        self.on_theme_changed()
        self.setText(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(say("{text} (opens in your browser)", text=text))
