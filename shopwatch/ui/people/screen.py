"""The People page: who bought, wrote or left their details, and all there is of one person."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QClipboard, QKeySequence, QResizeEvent, QShortcut

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import HappeningsKept, PersonForgotten
from shopwatch.domain.i18n import say
from shopwatch.ledger.people.query import PersonDetail
from shopwatch.presenting.people.person_text import name_of
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.dialogs.question import Question
from shopwatch.ui.lists.keyset_listing import KeysetListing, ListWords
from shopwatch.ui.lists.keyset_model import KeysetModel
from shopwatch.ui.lists.list_page import ListPage
from shopwatch.ui.lists.page_head import PageHead
from shopwatch.ui.lists.row_table import RowTable
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.people.delegate import PeopleDelegate
from shopwatch.ui.people.drawer import PersonDrawer
from shopwatch.ui.people.model import PeopleModel, PeopleSource
from shopwatch.ui.widgets.frames.banner_slot import BannerSlot
from shopwatch.ui.widgets.frames.drawer_filler import DrawerFiller
from shopwatch.ui.widgets.inputs.buttons import DrawerButton
from shopwatch.ui.widgets.inputs.search import SearchField

_DRAWER_BESIDE_FROM = 1000


class PeopleScreen(ListPage[RowTable]):
    """Head, list and drawer of one shop. Signals: `sale_requested(int)`, the owner wants to see this sale."""

    sale_requested = Signal(int)

    def __init__(self, shop: Shop, theme: Theme, *, bridge: Bridge, clipboard: QClipboard, run: Run = spawn) -> None:
        self.model: PeopleModel = KeysetModel(PeopleSource(shop.ledger.people, shop.locale), "", run=run)
        super().__init__(theme, shop.settings, bridge, RowTable(theme, self.model, PeopleDelegate(theme, self.model)))
        self.model.setParent(self)
        self._shop = shop
        self._run = run
        self._forgetting: int | None = None
        self._looked_for: int | None = None
        self.question: Question | None = None
        self.banner = BannerSlot(theme)
        self.search = SearchField(theme, say("Search people"), say("Name, e-mail or phone"))
        self.listing = KeysetListing(theme, self.table, self.model, _words(), shop.locale)
        self.drawer = PersonDrawer(theme, shop.locale, clipboard)
        self._details = DrawerFiller(
            self.drawer, shop.ledger.people.get, self._show_detail, run=run, what="details of a person", parent=self
        )
        self._build()
        self._connect(bridge)
        for keys, slot in (
            (QKeySequence(QKeySequence.StandardKey.Copy), self.drawer.copy_way),
            (QKeySequence(Qt.Key.Key_Delete), self.ask_to_forget),
        ):
            key = QShortcut(keys, self.table, slot)
            key.setContext(Qt.ShortcutContext.WidgetShortcut)

    def show_person(self, person_id: int) -> None:
        """Bring this person into sight, with their details; the details alone if the list does not show them now."""
        self._looked_for = person_id
        self._select()
        self._details.want(person_id)
        self._body.open(True)

    @Slot()
    def _select(self) -> None:
        at = self.model.position(self._looked_for) if self._looked_for is not None else None
        if at is not None:
            self._looked_for = None
            self.table.select_at(at)

    def _show_detail(self, detail: PersonDetail) -> None:
        names = {source.id: source.name for source in self._shop.sources.all if source.name}
        self.drawer.show_detail(detail, self.model.today, names)

    def _build(self) -> None:
        button = DrawerButton(self._theme, say("Details"))
        about = say("Who bought, wrote or left their details, over all services")
        head = PageHead(self._theme, say("People"), about, self.search, button, end=20)
        self.have_search(self.search)
        self.stack(head, self.banner, body=self.have_drawer(self.listing, self.drawer, button))

    def _connect(self, bridge: Bridge) -> None:
        bridge.sales_changed.connect(self.listing.on_changed)
        bridge.happenings_kept.connect(self.on_happenings_kept)
        bridge.happenings_kept.connect(self.listing.on_changed)
        bridge.person_forgotten.connect(self.on_forgotten)
        self.search.searched.connect(self.model.ask)
        self._body.drawer_shown.connect(self._details.on_drawer_shown)
        self.drawer.close_requested.connect(self.close_drawer)
        self.drawer.sale_requested.connect(self.sale_requested)
        self.drawer.forget_requested.connect(self.ask_to_forget)
        self.model.loaded.connect(self._select)
        self.model.failed.connect(self.banner.on_failed)
        self.model.refreshed.connect(self._details.look)
        self.table.chosen.connect(self._details.want)
        self.table.opened.connect(self.on_opened)
        self.listing.nothing.clear_requested.connect(self.on_clear_requested)

    @Slot()
    def ask_to_forget(self) -> None:
        """Ask whether the person in the drawer is to be forgotten, saying what goes and what stays."""
        row = self.drawer.row
        if row is None or not self._body.is_open:
            return
        self._forgetting = row.id
        goes = say(
            "Their name, e-mail addresses, phone numbers, texts and forms are removed for good, also from the messages "
            "kept word for word."
        )
        stays = say("Amounts stay in your totals as “Forgotten customer”. Backups made earlier still hold everything.")
        self.question = Question(
            self._theme,
            say("Forget {name}?", name=name_of(row)),
            f"{goes}\n\n{stays}",
            safe=say("Keep"),
            action=say("Forget for good"),
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
            self.banner.on_failed(problem)
            return
        if swept:
            self.noticed.emit(say("This person is forgotten."))
        else:
            self.noticed.emit(say("This person is forgotten. The last traces go when ShopWatch ends."))

    @Slot(object)
    def on_happenings_kept(self, fact: HappeningsKept) -> None:
        """People who have proved to be others leave the list."""
        self.model.drop(fact.merged)

    @Slot(object)
    def on_forgotten(self, fact: PersonForgotten) -> None:
        self.model.drop((fact.id,))

    @Slot()
    def on_clear_requested(self) -> None:
        self.search.clear_quietly()
        self.model.ask_for_everything()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._body.lay_over(self.width() < self._theme.px(_DRAWER_BESIDE_FROM))


def _words() -> ListWords:
    return ListWords(
        name=say("People"),
        loading=say("Loading people"),
        sign="users",
        empty=say("Nobody yet."),
        about=say("Whoever buys, writes or leaves their details stands here, once, whatever service told of them."),
        none=say("Nobody fits this search."),
        clear=say("Clear the search"),
        unread=say("The people cannot be read now."),
    )
