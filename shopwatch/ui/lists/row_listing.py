"""A list, and what stands in its place while there is none."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Surface
from shopwatch.ui.widgets.frames.layout import STRETCH, column
from shopwatch.ui.widgets.texts.sign import Sign


class RowListing(QWidget):
    """Shows one of `loading`, `table`, `empty` and `nothing`, at first the first."""

    def __init__(
        self,
        theme: Theme,
        table: QWidget,
        *,
        loading: QWidget,
        empty: QWidget,
        nothing: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._table = table
        self._empty = empty
        self._nothing = nothing
        self._stack = QStackedWidget()
        for page in (loading, table, empty, nothing):
            self._stack.addWidget(page)
        self._cut = theme.label("", "small", ink="text2")
        self._cut.setContentsMargins(24, 6, 24, 6)
        self._cut.setWordWrap(True)
        self._cut.hide()
        column((self._stack, 1), self._cut, inside=self)

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

    def show_nothing(self) -> None:
        self._stack.setCurrentWidget(self._nothing)

    def set_cut(self, sentence: str) -> None:
        """Say under the list why it ends before its end; nothing where it does not."""
        self._cut.setText(sentence)
        self._cut.setVisible(bool(sentence))


class EmptyList(Surface):
    """What to expect of a list in which nothing has been yet."""

    def __init__(self, theme: Theme, sign: str, sentence: str, note: str) -> None:
        super().__init__()
        words = theme.label(sentence, "heading")
        more = theme.label(note, ink="text2")
        more.setWordWrap(True)
        more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        more.setFixedWidth(theme.px(440))
        # A wrapping label that is centred by its layout does not learn of its height otherwise.
        more.setMinimumHeight(more.heightForWidth(more.width()))
        column(
            STRETCH,
            (Sign(theme, sign, 32, "text3"), 0, Qt.AlignmentFlag.AlignHCenter),
            4,
            (words, 0, Qt.AlignmentFlag.AlignHCenter),
            (more, 0, Qt.AlignmentFlag.AlignHCenter),
            STRETCH,
            inside=self,
            margins=(24, 24, 24, 72),
            gap=8,
        )
