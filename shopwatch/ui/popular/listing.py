"""The table of what sold, and what stands in its place while there is none."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.amounts import count_text
from shopwatch.ui.lists.row_listing import RowListing
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.popular.table import PopularTable
from shopwatch.ui.widgets.texts.empty import Loading, NothingFound


class PopularListing(RowListing):
    """Shows one of table, nothing sold, counting and loading."""

    def __init__(self, theme: Theme, table: PopularTable, locale: str) -> None:
        self._locale = locale
        self.nothing = NothingFound(theme)
        self._counting = _Counting(theme)
        loading = Loading(theme)
        loading.setAccessibleName(say("Loading what sold"))
        super().__init__(theme, table, loading=loading, empty=self._counting, nothing=self.nothing)

    def say_why(self, sentence: str, remedy: str = "") -> None:
        """In place of the table."""
        self.nothing.tell(sentence, remedy)
        self.show_nothing()

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
            self.show_empty()


class _Counting(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._sentence = theme.label("", "heading", figures=True)
        note = theme.label(say("This is done once. Sales come in as ever."), ink="text2")
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(note, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def tell(self, sentence: str) -> None:
        self._sentence.setText(sentence)
