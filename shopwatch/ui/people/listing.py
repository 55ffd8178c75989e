"""The list of people, and what stands in its place while there is none."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shopwatch.ui.sales.empty import Loading, NothingFound
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.row_table import RowTable
from shopwatch.ui.widgets.sign import Sign


class PeopleListing(QWidget):
    """Shows one of table, nobody yet, nothing found and loading."""

    def __init__(self, theme: Theme, table: RowTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.nothing = NothingFound(theme)
        self._empty = _Nobody(theme)
        self._stack = QStackedWidget()
        loading = Loading(theme)
        loading.setAccessibleName(self.tr("Loading people"))
        for page in (loading, table, self._empty, self.nothing):
            self._stack.addWidget(page)
        self._cut = theme.label("", "small", ink="text2")
        self._cut.setContentsMargins(24, 6, 24, 6)
        self._cut.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._cut)

    @property
    def is_table_shown(self) -> bool:
        return self._stack.currentWidget() is self._table

    @property
    def is_empty_shown(self) -> bool:
        return self._stack.currentWidget() is self._empty

    def show_table(self) -> None:
        self._stack.setCurrentWidget(self._table)

    def show_empty(self) -> None:
        self._stack.setCurrentWidget(self._empty)

    def show_nothing(self, sentence: str, remedy: str) -> None:
        self.nothing.tell(sentence, remedy)
        self._stack.setCurrentWidget(self.nothing)

    def tell_cut(self, sentence: str) -> None:
        """Say under the list why it ends before its end; nothing where it does not."""
        self._cut.setText(sentence)
        self._cut.setVisible(bool(sentence))


class _Nobody(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words = theme.label(self.tr("Nobody yet."), "heading")
        note = theme.label(
            self.tr("Whoever buys, writes or leaves their details stands here, once, whatever service told of them."),
            ink="text2",
        )
        note.setWordWrap(True)
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        note.setFixedWidth(theme.px(440))
        # A wrapping label that is centred by its layout does not learn of its height otherwise.
        note.setMinimumHeight(note.heightForWidth(note.width()))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 72)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(Sign(theme, "users", 32, "text3"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(note, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
