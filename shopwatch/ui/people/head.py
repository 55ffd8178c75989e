"""The head of the People page: its title, the search and the drawer's button."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.ui.icons import PANEL
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import IconButton
from shopwatch.ui.widgets.elided import Elided
from shopwatch.ui.widgets.search import SearchField

_SEARCH = 280
_SEARCH_LEAST = 160
_TITLE_LEAST = 96


class PeopleHead(QFrame):
    """Signals: `searched(str)`; `drawer_toggled(bool)`."""

    searched = Signal(str)
    drawer_toggled = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("ground", "head")
        self.setFixedHeight(theme.px(72))
        self._subtitle = Elided(theme, "small", ink="text2")
        self._subtitle.show_own(self.tr("Who bought, wrote or left their details, over all services"))
        self.search = SearchField(theme, self.tr("Search people"), self.tr("Name, e-mail or phone"))
        self.drawer = IconButton(theme, PANEL, self.tr("Details"))
        self.drawer.rename(self.tr("Details"), "Ctrl D")
        self.drawer.setCheckable(True)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(theme.label(self.tr("People"), "title"))
        column.addWidget(self._subtitle)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 20, 1)
        row.setSpacing(8)
        row.addLayout(column, 1)
        row.addWidget(self.search)
        row.addWidget(self.drawer)
        self.search.searched.connect(self.searched)
        self.drawer.clicked.connect(self.drawer_toggled)

    @Slot(bool)
    def show_drawer_open(self, is_open: bool) -> None:
        self.drawer.setChecked(is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px = self._theme.px
        room = self.width() - px(_TITLE_LEAST) - 120
        self.search.setFixedWidth(max(px(_SEARCH_LEAST), min(px(_SEARCH), room)))
