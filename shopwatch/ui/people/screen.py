"""The People page: who bought, wrote or left their details, and all there is of one person."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QClipboard, QKeySequence, QResizeEvent, QShortcut, QShowEvent

from shopwatch.domain.clock import now
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SettingsChanged
from shopwatch.domain.tasks import Run, spawn
from shopwatch.domain.words import say, say_n
from shopwatch.shop.shop import Shop
from shopwatch.ui.amounts import count_text
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.calm_page import CalmPage
from shopwatch.ui.people.delegate import PeopleDelegate
from shopwatch.ui.people.details import PersonDetails
from shopwatch.ui.people.drawer import PersonDrawer
from shopwatch.ui.people.head import PeopleHead
from shopwatch.ui.people.listing import PeopleListing
from shopwatch.ui.people.model import MOST_ROWS, PeopleModel
from shopwatch.ui.people.wording import name_of
from shopwatch.ui.question import Question
from shopwatch.ui.theme import Theme
from shopwatch.ui.times import local
from shopwatch.ui.widgets.banner_slot import BannerSlot
from shopwatch.ui.widgets.body import Body
from shopwatch.ui.widgets.drawer import WIDTH
from shopwatch.ui.widgets.row_table import RowTable

_DRAWER_BESIDE_FROM = 1000


class PeopleScreen(CalmPage):
    """Head, list and drawer of one shop.

    Signals: `noticed(str)`, a sentence for the status bar; `sale_requested(int)`, the owner wants to see this sale.
    """

    noticed = Signal(str)
    sale_requested = Signal(int)

    def __init__(
        self,
        shop: Shop,
        theme: Theme,
        *,
        bridge: Bridge,
        clipboard: QClipboard,
        run: Run = spawn,
    ) -> None:
        super().__init__(theme, shop.settings)
        self._shop = shop
        self._run = run
        self._forgetting: int | None = None
        self._looked_for: int | None = None
        self.question: Question | None = None
        self.model = PeopleModel(shop.ledger.people, shop.locale, run, self)
        self.table = RowTable(
            theme, self.model, PeopleDelegate(theme, self.model), find=self.model.position, id_at=self.model.id_at
        )
        self.head = PeopleHead(theme)
        self.banner = BannerSlot(theme)
        self.listing = PeopleListing(theme, self.table)
        self.drawer = PersonDrawer(theme, shop.locale, clipboard)
        self._details = PersonDetails(
            shop.ledger.people, shop.sources, model=self.model, drawer=self.drawer, run=run, parent=self
        )
        self._build()
        self._connect(bridge)
        self._add_keys()
        self.table.show_compact(shop.settings.current.compact_rows)

    def show_person(self, person_id: int) -> None:
        """Bring this person into sight, with their details; the details alone if the list does not show them now."""
        self._looked_for = person_id
        self._select()
        self._details.want(person_id)
        self._body.open(True)

    def _select(self) -> None:
        at = self.model.position(self._looked_for) if self._looked_for is not None else None
        if at is not None:
            self._looked_for = None
            self.table.select_at(at)

    def _build(self) -> None:
        self.table.setAccessibleName(self.tr("People"))
        self._body = Body(self.listing, self.drawer, self._theme.px(WIDTH), self.is_still)
        self.stack(self.head, self.banner, body=self._body)

    def _connect(self, bridge: Bridge) -> None:
        bridge.sales_changed.connect(self.on_changed)
        bridge.happenings_kept.connect(self.model.on_happenings_kept)
        bridge.happenings_kept.connect(self.on_changed)
        bridge.person_forgotten.connect(self.model.on_forgotten)
        bridge.settings_changed.connect(self.on_settings_changed)
        self.head.searched.connect(self.model.ask)
        self.head.drawer_toggled.connect(self._body.open)
        self._body.drawer_shown.connect(self.head.show_drawer_open)
        self._body.drawer_shown.connect(self._details.on_drawer_shown)
        self.drawer.close_requested.connect(self.close_drawer)
        self.drawer.sale_requested.connect(self.sale_requested)
        self.drawer.forget_requested.connect(self.ask_to_forget)
        self.model.loaded.connect(self.on_loaded)
        self.model.failed.connect(self.on_failed)
        self.model.refreshed.connect(self.on_rows_changed)
        self.model.refreshed.connect(self._details.look)
        self.model.rowsInserted.connect(self.on_rows_changed)
        self.model.rowsRemoved.connect(self.on_rows_changed)
        self.table.chosen.connect(self._details.want)
        self.table.opened.connect(self.on_opened)
        self.listing.nothing.clear_requested.connect(self.on_clear_requested)

    def _add_keys(self) -> None:
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.focus_search)
        QShortcut(QKeySequence("Ctrl+D"), self, self.toggle_drawer)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close_drawer)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for keys, slot in (
            (QKeySequence(QKeySequence.StandardKey.Copy), self.drawer.copy_way),
            (QKeySequence(Qt.Key.Key_Delete), self.ask_to_forget),
        ):
            key = QShortcut(keys, self.table, slot)
            key.setContext(Qt.ShortcutContext.WidgetShortcut)

    @Slot()
    def focus_search(self) -> None:
        self.head.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.head.search.selectAll()

    @Slot()
    def toggle_drawer(self) -> None:
        self._body.open(not self._body.is_open)

    @Slot()
    def close_drawer(self) -> None:
        if self._body.is_open:
            self._body.open(False)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def ask_to_forget(self) -> None:
        """Ask whether the person in the drawer is to be forgotten, saying what goes and what stays."""
        row = self.drawer.row
        if row is None or not self._body.is_open:
            return
        self._forgetting = row.id
        goes = self.tr(
            "Their name, e-mail addresses, phone numbers, texts and forms are removed for good, also from the messages "
            "kept word for word."
        )
        stays = self.tr(
            "Amounts stay in your totals as “Forgotten customer”. Backups made earlier still hold everything."
        )
        self.question = Question(
            self._theme,
            self.tr("Forget {name}?").format(name=name_of(row)),
            f"{goes}\n\n{stays}",
            safe=self.tr("Keep"),
            action=self.tr("Forget for good"),
            parent=self.window(),
        )
        self.question.accepted.connect(self.on_forget_accepted)
        self.question.open()

    @Slot()
    def on_forget_accepted(self) -> None:
        person, self._forgetting = self._forgetting, None
        if person is not None:
            self._run(self._forget(person), "forgetting a person")

    async def _forget(self, person_id: int) -> None:
        try:
            swept = await self._shop.ledger.people.forget(person_id)
        except UserError as problem:
            self.on_failed(problem)
            return
        if swept:
            self.noticed.emit(self.tr("This person is forgotten."))
        else:
            self.noticed.emit(self.tr("This person is forgotten. The last traces go when ShopWatch ends."))

    @Slot(object)
    def on_changed(self, _fact: object) -> None:
        """Somebody bought, wrote or left their details; a page that is not seen looks when it is shown again."""
        if self.isVisible():
            self.model.refresh_soon()

    @Slot()
    def on_loaded(self) -> None:
        """The first page of a search is in."""
        self.table.verticalScrollBar().setValue(0)
        self._select()
        self.on_rows_changed()

    @Slot()
    def on_rows_changed(self) -> None:
        if self.model.rowCount():
            self.listing.show_table()
        elif self.model.search:
            self._say_why(self.tr("Nobody fits this search."), self.tr("Clear the search"))
        else:
            self.listing.show_empty()
        rows = say_n("{n} row", "{n} rows", self.model.rowCount())
        self.table.setAccessibleName(say("People, {rows}", rows=rows))
        self.listing.tell_cut(
            self.tr("Only the latest {count} are listed. Search to see others.").format(
                count=count_text(MOST_ROWS, self._shop.locale)
            )
            if self.model.is_cut
            else ""
        )

    @Slot(object)
    def on_failed(self, problem: UserError) -> None:
        self.banner.on_failed(problem)
        if not self.model.rowCount():
            self._say_why(self.tr("The people cannot be read now."), self.tr("Try again"))

    def _say_why(self, sentence: str, remedy: str) -> None:
        """In place of the list."""
        self.listing.nothing.tell(sentence, remedy)
        self.listing.show_nothing()

    @Slot()
    def on_clear_requested(self) -> None:
        self.head.search.clear_quietly()
        self.model.ask("")

    @Slot(object)
    def on_opened(self, _person_id: int | None) -> None:
        self._body.open(True)

    @Slot(object)
    def on_settings_changed(self, fact: SettingsChanged) -> None:
        if "compact_rows" in fact.names:
            self.table.show_compact(self._shop.settings.current.compact_rows)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.begin_day(local(now()).date())
        if self.model.is_asked:
            self.model.refresh()
        else:
            self.model.ask("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._body.lay_over(self.width() < self._theme.px(_DRAWER_BESIDE_FROM))
