"""A page with a list: what is above it, its drawer, and the keys that all such pages have."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from shopwatch.domain.facts import SettingsChanged
from shopwatch.settings.store import SettingsStore
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.lists.row_table import RowTable
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.body import Body
from shopwatch.ui.widgets.frames.drawer import WIDTH
from shopwatch.ui.widgets.inputs.buttons import DrawerButton
from shopwatch.ui.widgets.inputs.search import SearchField
from shopwatch.ui.window.base_page import BasePage


class ListPage[Table: RowTable](BasePage):
    """Find goes to the search, Ctrl+D opens and closes the drawer, Escape closes it; rows are as high as the owner
    wants them. Signals: `noticed(str)`, a sentence for the status bar."""

    noticed = Signal(str)

    def __init__(self, theme: Theme, settings: SettingsStore, bridge: Bridge, table: Table) -> None:
        super().__init__(theme, settings)
        self.table = table
        bridge.settings_changed.connect(self.on_settings_changed)
        table.show_compact(settings.current.compact_rows)

    def have_search(self, search: SearchField) -> None:
        self._search = search
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.focus_search)

    def have_drawer(self, content: QWidget, drawer: QWidget, button: DrawerButton, width: int = WIDTH) -> Body:
        """What the page's body is, of the list and its drawer."""
        self._body = Body(content, drawer, self._theme.px(width), self.is_still)
        button.clicked.connect(self._body.open)
        self._body.drawer_shown.connect(button.show_open)
        QShortcut(QKeySequence("Ctrl+D"), self, self.toggle_drawer)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.on_escape)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return self._body

    @Slot()
    def focus_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    @Slot()
    def toggle_drawer(self) -> None:
        self._body.open(not self._body.is_open)

    @Slot()
    def on_escape(self) -> None:
        self.close_drawer()

    @Slot()
    def close_drawer(self) -> None:
        if self._body.is_open:
            self._body.open(False)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def on_opened(self, _row_id: object) -> None:
        """A row is to be shown in full."""
        self._body.open(True)

    @Slot(object)
    def on_settings_changed(self, fact: SettingsChanged) -> None:
        if "compact_rows" in fact.names:
            self.table.show_compact(self._settings.current.compact_rows)
