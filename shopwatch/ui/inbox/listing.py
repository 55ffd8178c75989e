"""The list of deliveries, and what stands in its place while there is none."""

from PySide6.QtWidgets import QWidget

from shopwatch.domain.words import say
from shopwatch.ui.inbox.table import InboxTable
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.empty import Loading, NothingFound
from shopwatch.ui.widgets.row_listing import EmptyList, RowListing


class InboxListing(RowListing):
    """Shows one of table, empty Inbox, nothing found and loading."""

    def __init__(self, theme: Theme, table: InboxTable, parent: QWidget | None = None) -> None:
        self.nothing = NothingFound(theme)
        loading = Loading(theme)
        loading.setAccessibleName(say("Loading messages"))
        empty = EmptyList(
            theme,
            "tray",
            say("Nothing has arrived yet."),
            say("Each message is kept here word for word, believed or not."),
        )
        super().__init__(theme, table, loading=loading, empty=empty, nothing=self.nothing, parent=parent)
