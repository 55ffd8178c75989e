"""The table of what sold, and what stands in its place while there is none."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shopwatch.domain.words import say
from shopwatch.ui.amounts import count_text
from shopwatch.ui.popular.strip import FigureStrip
from shopwatch.ui.popular.table import PopularTable
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.empty import Loading, NothingFound
from shopwatch.ui.widgets.ground import Surface


class PopularListing(Surface):
    """Figures, and below them one of table, nothing sold, counting and loading."""

    def __init__(
        self, theme: Theme, strip: FigureStrip, table: PopularTable, locale: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._locale = locale
        self._table = table
        self.nothing = NothingFound(theme)
        self._counting = _Counting(theme)
        self._loading = Loading(theme)
        self._loading.setAccessibleName(self.tr("Loading what sold"))
        self._stack = QStackedWidget()
        for page in (self._loading, table, self.nothing, self._counting):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(strip)
        column.addWidget(self._stack, 1)

    @property
    def is_table_shown(self) -> bool:
        return self._stack.currentWidget() is self._table

    def show_table(self) -> None:
        self._stack.setCurrentWidget(self._table)

    def show_nothing(self, sentence: str, remedy: str = "") -> None:
        self.nothing.tell(sentence, remedy)
        self._stack.setCurrentWidget(self.nothing)

    def show_counting(self, counted: int, of: int) -> None:
        """Sales are counted, which takes its time; what is shown of them already stays."""
        if not self.is_table_shown:
            self._counting.tell(
                say(
                    "Counting what sold: {counted} of {all} messages.",
                    counted=count_text(counted, self._locale),
                    all=count_text(of, self._locale),
                )
            )
            self._stack.setCurrentWidget(self._counting)


class _Counting(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._sentence = theme.label("", "heading", figures=True)
        note = theme.label(self.tr("This is done once. Sales come in as ever."), ink="text2")
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(note, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def tell(self, sentence: str) -> None:
        self._sentence.setText(sentence)
