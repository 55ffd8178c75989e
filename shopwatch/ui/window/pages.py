"""The pages of the window beside the Sales screen."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.ui.inbox.watch import InboxWatch
from shopwatch.ui.window.main_window import PageId
from shopwatch.ui.window.page_context import PageContext

if TYPE_CHECKING:
    from shopwatch.ui.connections.screen import ConnectionsScreen
    from shopwatch.ui.inbox.screen import InboxScreen
    from shopwatch.ui.people.screen import PeopleScreen
    from shopwatch.ui.rules.screen import RulesScreen
    from shopwatch.ui.window.settings_page import SettingsPage


class Pages(QObject):
    """Makes each by `make`, loading it only then. A page that was not made yet is None here.

    Signals: `noticed(str)`, a sentence for the status bar; `sale_requested(int)`, this sale is to be shown;
    `secret_requested(str)`, another secret is to be stored for this source; `source_requested()`, one is to be added;
    `restore_requested(object, str)`, a backup file and its passphrase.
    """

    noticed = Signal(str)
    sale_requested = Signal(int)
    secret_requested = Signal(str)
    source_requested = Signal()
    restore_requested = Signal(object, str)

    def __init__(self, context: PageContext, *, watch: InboxWatch, launch: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._watch = watch
        self._launch = launch
        self._popup_problem: UserError | None = None
        self.inbox: InboxScreen | None = None
        self.people: PeopleScreen | None = None
        self.rules: RulesScreen | None = None
        self.connections: ConnectionsScreen | None = None
        self.settings: SettingsPage | None = None
        self.make: Mapping[PageId, Callable[[], QWidget]] = {
            PageId.POPULAR: self._make_popular,
            PageId.INBOX: self._make_inbox,
            PageId.PEOPLE: self._make_people,
            PageId.RULES: self._make_rules,
            PageId.CONNECTIONS: self._make_connections,
            PageId.SETTINGS: self._make_settings,
        }

    def show_popup_problem(self, problem: UserError | None) -> None:
        """The desktop hides pop-ups, or shows them again."""
        self._popup_problem = problem
        if self.settings is not None:
            self.settings.show_popup_problem(problem)

    def _make_popular(self) -> QWidget:
        from shopwatch.ui.popular.screen import PopularScreen

        context = self._context
        page = PopularScreen(
            context.shop, context.theme, bridge=context.bridge, clipboard=context.clipboard, open_url=context.open_url
        )
        page.noticed.connect(self.noticed)
        return page

    def _make_inbox(self) -> QWidget:
        from shopwatch.ui.inbox.screen import InboxScreen

        context = self._context
        self.inbox = page = InboxScreen(
            context.shop, context.theme, bridge=context.bridge, watch=self._watch, clipboard=context.clipboard
        )
        page.noticed.connect(self.noticed)
        page.secret_requested.connect(self.secret_requested)
        return page

    def _make_people(self) -> QWidget:
        from shopwatch.ui.people.screen import PeopleScreen

        context = self._context
        self.people = page = PeopleScreen(
            context.shop, context.theme, bridge=context.bridge, clipboard=context.clipboard
        )
        page.noticed.connect(self.noticed)
        page.sale_requested.connect(self.sale_requested)
        return page

    def _make_rules(self) -> QWidget:
        from shopwatch.ui.rules.screen import RulesScreen

        self.rules = page = RulesScreen(self._context)
        page.noticed.connect(self.noticed)
        return page

    def _make_connections(self) -> QWidget:
        from shopwatch.ui.connections.screen import ConnectionsScreen

        self.connections = page = ConnectionsScreen(self._context)
        page.add_requested.connect(self.source_requested)
        return page

    def _make_settings(self) -> QWidget:
        from shopwatch.ui.window.settings_page import SettingsPage

        self.settings = page = SettingsPage(self._context, launch=self._launch)
        page.restore_requested.connect(self.restore_requested)
        page.show_popup_problem(self._popup_problem)
        return page
