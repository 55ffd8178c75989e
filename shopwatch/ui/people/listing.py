"""The list of people, and what stands in its place while there is none."""

from PySide6.QtWidgets import QWidget

from shopwatch.domain.words import say
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.empty import Loading, NothingFound
from shopwatch.ui.widgets.row_listing import EmptyList, RowListing
from shopwatch.ui.widgets.row_table import RowTable


class PeopleListing(RowListing):
    """Shows one of table, nobody yet, nothing found and loading."""

    def __init__(self, theme: Theme, table: RowTable, parent: QWidget | None = None) -> None:
        self.nothing = NothingFound(theme)
        loading = Loading(theme)
        loading.setAccessibleName(say("Loading people"))
        empty = EmptyList(
            theme,
            "users",
            say("Nobody yet."),
            say("Whoever buys, writes or leaves their details stands here, once, whatever service told of them."),
        )
        super().__init__(theme, table, loading=loading, empty=empty, nothing=self.nothing, parent=parent)
