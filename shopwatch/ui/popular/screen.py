"""The Popular items page: what sold best in any days, and the page on which the shop shows it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QClipboard, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SettingsChanged
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.sales.popular import Rank
from shopwatch.domain.sales.popular_page import PopularPage, period_of, renamed, shown, switched, title_of, turned
from shopwatch.presenting.popular.days import Days, Span
from shopwatch.presenting.popular.popular_text import figures, item_rows, why_unseen
from shopwatch.presenting.times import local, spoken
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.lists.list_page import ListPage
from shopwatch.ui.lists.rows_model import RowsModel
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.popular.head import PopularHead
from shopwatch.ui.popular.listing import PopularListing
from shopwatch.ui.popular.look_dialog import LookDialog
from shopwatch.ui.popular.model import ItemKind, PopularModel
from shopwatch.ui.popular.panel import WIDTH, PagePanel
from shopwatch.ui.popular.preview import Preview
from shopwatch.ui.popular.strip import FigureStrip
from shopwatch.ui.popular.table import PopularTable
from shopwatch.ui.popular.watch import PopularWatch, Sold
from shopwatch.ui.widgets.frames.banner_slot import BannerSlot
from shopwatch.ui.widgets.frames.ground import Surface

_PANEL_BESIDE_FROM = 1120


class PopularScreen(ListPage[PopularTable]):
    """Head, table and panel of one shop."""

    def __init__(
        self,
        shop: Shop,
        theme: Theme,
        *,
        bridge: Bridge,
        clipboard: QClipboard,
        open_url: Callable[[str], object],
        run: Run = spawn,
    ) -> None:
        self.model: PopularModel = RowsModel(ItemKind(shop.locale))
        super().__init__(theme, shop.settings, bridge, PopularTable(theme, self.model))
        self.model.setParent(self)
        self._shop = shop
        self._clipboard = clipboard
        self._run = run
        self._by = Rank.QUANTITY
        self._sold: Sold | None = None
        self._is_narrow: bool | None = None
        self.dialog: LookDialog | None = None
        self.head = PopularHead(theme, shop.locale)
        self.strip = FigureStrip(theme)
        self.banner = BannerSlot(theme)
        self.listing = PopularListing(theme, self.table, shop.locale)
        self.panel = PagePanel(theme, clipboard, open_url)
        self._span: Span | None = Span.MONTH
        self._watch = PopularWatch(
            shop.ledger.popular, shop.settings, Days.of(Span.MONTH, local(now()).date()), run, parent=self
        )
        self._build()
        self._connect(bridge)
        self._add_keys()
        self._show_days()
        self._tell_panel()

    @property
    def days(self) -> Days:
        """Those that are looked at."""
        return self._watch.days

    @property
    def _page(self) -> PopularPage:
        return self._shop.settings.current.popular

    def _build(self) -> None:
        self.table.setAccessibleName(say("What sold"))
        left = Surface()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.listing, 1)
        self.stack(self.head, self.banner, body=self.have_drawer(left, self.panel, self.head.panel, WIDTH))

    def _connect(self, bridge: Bridge) -> None:
        bridge.sales_changed.connect(self.on_changed)
        bridge.settings_changed.connect(self.on_settings_changed)
        bridge.state_changed.connect(self.on_state_changed)
        bridge.popular_page_made.connect(self.on_state_changed)
        self.head.days_chosen.connect(self.look_at)
        self.strip.ordered.connect(self.on_ordered)
        self.table.switched.connect(self.on_item_switched)
        self.table.renamed.connect(self.on_item_renamed)
        self.panel.switched.connect(self.on_page_switched)
        self.panel.look_requested.connect(self.change_look)
        self.panel.save_requested.connect(self.on_save_requested)
        self.panel.line_requested.connect(self.on_line_requested)
        self.listing.nothing.clear_requested.connect(self._watch.look)
        self._watch.told.connect(self.on_told)
        self._watch.counting.connect(self.listing.show_counting)
        self._watch.failed.connect(self.on_failed)

    def _add_keys(self) -> None:
        QShortcut(QKeySequence("Ctrl+Left"), self, self.look_earlier)
        QShortcut(QKeySequence("Ctrl+Right"), self, self.look_later)

    @Slot(object)
    def look_at(self, days: Days) -> None:
        """Show what sold in these days."""
        today = self._watch.today
        self._span = next((span for span in Span if Days.of(span, today) == days), None)
        self._watch.want(days)
        self._show_days()

    @Slot()
    def look_earlier(self) -> None:
        self.look_at(self.days.moved(-1))

    @Slot()
    def look_later(self) -> None:
        """As many days later, but not beyond today."""
        self.look_at(self.days.moved(1).ending_by(self._watch.today))

    @Slot()
    def on_escape(self) -> None:
        """Take the panel off the table, if it lies over it."""
        if self._is_narrow:
            self.close_drawer()

    @Slot()
    def change_look(self) -> None:
        """Ask how the page is to look."""
        self.dialog = LookDialog(self._theme, self._page, self._shop.settings.current.shop_name, self.window())
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.chosen.connect(self.on_look_chosen)
        self.dialog.open()

    def _show_days(self) -> None:
        self.head.show_days(self.days, self._watch.today)

    def _show_rows(self) -> None:
        sold = self._sold
        if sold is None:
            return
        rows = item_rows(sold.found, self._by, self._page)
        self.model.show(rows)
        self.strip.tell(figures(sold.found, len(rows), self._shop.locale))
        if rows:
            self.listing.show_table()
        else:
            self.listing.say_why(sold.days.nothing(self._watch.today))
        count = say_n("{n} row", "{n} rows", len(rows))
        self.table.setAccessibleName(say("What sold, {rows}", rows=count))

    def _tell_panel(self) -> None:
        page, shop, locale = self._page, self._shop, self._shop.locale
        made = shop.popular.made_at
        when = spoken(made, locale, self._watch.today) if made is not None and page.on else ""
        fresh = say("Updated after every sale, last {time}", time=when) if when else ""
        self.panel.tell(
            on=page.on,
            address=shop.popular.address,
            problem=why_unseen(shop),
            fresh=fresh or say("Updated after every sale"),
        )
        self.panel.preview.show_page(
            Preview(
                address=shop.popular.address.partition("://")[2],
                title=title_of(page, shop.settings.current.shop_name),
                period=period_of(page),
                items=shown(page, self._sold.on_page if self._sold else ()),
                updated=say("Updated {time}", time=when) if when else "",
                tint=page.tint,
                nothing=say("Nothing sold in these days.") if self._sold else "",
                away="" if page.on else self._away(),
            )
        )

    def _away(self) -> str:
        if self._page.begun:
            return say("The page is off. Visitors see ‘Back soon’.")
        return say("The page is off.")

    def _change(self, page: PopularPage) -> None:
        try:
            self._shop.settings.change(popular=page)
        except UserError as problem:
            self.on_failed(problem)

    @Slot(object)
    def on_told(self, sold: Sold) -> None:
        self._sold = sold
        self._show_rows()
        self._tell_panel()

    @Slot(object)
    def on_failed(self, problem: UserError) -> None:
        self.banner.on_failed(problem)
        if not self.listing.is_table_shown:
            self.listing.say_why(say("What sold cannot be read now."), say("Try again"))

    @Slot(object)
    def on_changed(self, _fact: object) -> None:
        """A page that is not seen looks when it is shown again."""
        if self.isVisible():
            self._watch.look_soon()

    @Slot(object)
    def on_settings_changed(self, fact: SettingsChanged) -> None:
        if "popular" in fact.names:
            self._show_rows()
            self._watch.look()
        if fact.names & {"popular", "shop_name"}:
            self._tell_panel()

    @Slot()
    def on_state_changed(self) -> None:
        self._tell_panel()

    @Slot(object)
    def on_ordered(self, by: Rank) -> None:
        self._by = by
        self._show_rows()

    @Slot(str)
    def on_item_switched(self, name: str) -> None:
        self._change(switched(self._page, name))

    @Slot(str, str)
    def on_item_renamed(self, name: str, new: str) -> None:
        self._change(renamed(self._page, name, new))

    @Slot(bool)
    def on_page_switched(self, on: bool) -> None:
        self._change(turned(self._page, on))

    @Slot(object)
    def on_look_chosen(self, page: PopularPage) -> None:
        self._change(page)

    @Slot()
    def on_line_requested(self) -> None:
        self._clipboard.setText(self._shop.popular.line)
        self.noticed.emit(say("The line is copied. Paste it where the page is to stand in your site."))

    @Slot()
    def on_save_requested(self) -> None:
        chooser = QFileDialog(self, say("Save page as a file"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter(say("Web page (*.html)"))
        chooser.setDefaultSuffix("html")
        chooser.selectFile("popular.html")
        chooser.fileSelected.connect(self.on_file_chosen)
        chooser.open()

    @Slot(str)
    def on_file_chosen(self, name: str) -> None:
        self._run(self._save(Path(name)), "saving the page of popular items")

    async def _save(self, file: Path) -> None:
        try:
            await self._shop.popular.save(file)
        except UserError as problem:
            self.on_failed(problem)
        else:
            self.noticed.emit(say("The page is saved in {file}.", file=file.name))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._span is not None:
            self.look_at(Days.of(self._span, self._watch.today))
        else:
            self._watch.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < self._theme.px(_PANEL_BESIDE_FROM)
        self.head.panel.setVisible(narrow)
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self._body.lay_over(narrow)
            self._body.open(not narrow)
