"""The head of a page: what it is called, what it is about, and at its end what is searched or done there."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.search import SearchField
from shopwatch.ui.widgets.texts.elided import Elided

_SEARCH = 280
_SEARCH_LEAST = 160
_TITLE_LEAST = 96


class PageHead(QFrame):
    """A search field among `widgets` gives way to the title; `end` is what is left free beside the last of them."""

    def __init__(
        self, theme: Theme, title: str, about: str, *widgets: QWidget, spacing: int = 8, end: int = 24
    ) -> None:
        super().__init__()
        self._theme = theme
        self._search = next((each for each in widgets if isinstance(each, SearchField)), None)
        self.setProperty("ground", "head")
        self.setFixedHeight(theme.px(72))
        self.about = Elided(theme, "small", ink="text2")
        self.about.show_own(about)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(theme.label(title, "title"))
        column.addWidget(self.about)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, end, 1)
        row.setSpacing(spacing)
        row.addLayout(column, 1)
        for widget in widgets:
            row.addWidget(widget)

    def fit(self) -> None:
        """Share the width."""
        if self._search is not None:
            px = self._theme.px
            room = self.width() - px(_TITLE_LEAST) - 120
            self._search.setFixedWidth(max(px(_SEARCH_LEAST), min(px(_SEARCH), room)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
