"""Pop-ups and bell, and how ShopWatch looks."""

from collections.abc import Hashable

from PySide6.QtCore import Slot

from shopwatch.domain.errors import UserError
from shopwatch.settings.settings import Look
from shopwatch.ui.once import Once
from shopwatch.ui.settings.rows import Row, SettingsGroup
from shopwatch.ui.setup.door import SetupDoor
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import Button
from shopwatch.ui.widgets.segmented import Segmented
from shopwatch.ui.widgets.switch import Switch


class NoticesGroup(SettingsGroup):
    """What happens when a sale comes in."""

    def __init__(self, theme: Theme, shop: SetupDoor) -> None:
        super().__init__(theme, shop)
        self.name(self.tr("Pop-ups and bell"))
        self.popups = Switch(theme, self.tr("Pop-ups"))
        self.bell = Switch(theme, self.tr("Bell"))
        self.hide_details = Switch(theme, self.tr("Hide names and amounts"))
        self.every_popup = Switch(theme, self.tr("File changes and notices too"))
        self.try_it = Button(theme, self.tr("Try it"), "", "bell")
        self._blocked: UserError | None = None
        self._trying = Once()
        self.add(
            Row(
                theme, self.tr("Pop-ups"), self.tr("Each sale is shown for a moment, many at once as one."), self.popups
            )
        )
        about = self.tr("Contacts, texts and check-ins are shown in any case.")
        self.add(Row(theme, self.tr("File changes and notices too"), about, self.every_popup))
        self.add(Row(theme, self.tr("Bell"), self.tr("The till bell rings once for each sale."), self.bell))
        about = self.tr("A pop-up only says that a sale came in.")
        self.add(Row(theme, self.tr("Hide names and amounts"), about, self.hide_details))
        about = self.tr("A practice sale goes out and comes back. It is not counted.")
        self.add(Row(theme, self.tr("See and hear one"), about, self.try_it))
        self.popups.clicked.connect(self.on_popups)
        self.every_popup.clicked.connect(self.on_every_popup)
        self.bell.clicked.connect(self.on_bell)
        self.hide_details.clicked.connect(self.on_hide_details)
        self.try_it.clicked.connect(self.on_try_it)

    def show_now(self) -> None:
        settings = self.shop.settings
        self.popups.setChecked(settings.popups)
        self.every_popup.setChecked(settings.every_popup)
        self.bell.setChecked(settings.bell)
        self.hide_details.setChecked(settings.hide_details)
        self.try_it.setEnabled(bool(self.shop.sources))

    def show_blocked(self, problem: UserError | None) -> None:
        """The desktop does not show pop-ups, or shows them again."""
        self._blocked = problem
        self.problem.tell("warn", str(problem or ""))

    async def _practise(self) -> None:
        try:
            await self.shop.practise(self.shop.sources[0].id)
        except UserError as problem:
            self.problem.tell("bad", str(problem))
        else:
            self.show_blocked(self._blocked)

    @Slot(bool)
    def on_popups(self, on: bool) -> None:
        self.set(popups=on)

    @Slot(bool)
    def on_every_popup(self, on: bool) -> None:
        self.set(every_popup=on)

    @Slot(bool)
    def on_bell(self, on: bool) -> None:
        self.set(bell=on)

    @Slot(bool)
    def on_hide_details(self, on: bool) -> None:
        self.set(hide_details=on)

    @Slot()
    def on_try_it(self) -> None:
        self._trying.start(self._practise, "ring a practice sale")


class AppearanceGroup(SettingsGroup):
    def __init__(self, theme: Theme, shop: SetupDoor) -> None:
        super().__init__(theme, shop)
        self.name(self.tr("Appearance"))
        self.look = Segmented(theme, self.tr("Light or dark"))
        self.look.add(Look.SYSTEM, self.tr("System"))
        self.look.add(Look.LIGHT, self.tr("Light"))
        self.look.add(Look.DARK, self.tr("Dark"))
        self.compact = Switch(theme, self.tr("Compact rows"))
        self.still = Switch(theme, self.tr("Fewer animations"))
        self.add(Row(theme, self.tr("Light or dark"), "", self.look))
        self.add(Row(theme, self.tr("Compact rows"), self.tr("More sales on one screen."), self.compact))
        self.add(Row(theme, self.tr("Fewer animations"), self.tr("Nothing slides or fades."), self.still))
        self.look.chosen.connect(self.on_look)
        self.compact.clicked.connect(self.on_compact)
        self.still.clicked.connect(self.on_still)

    def show_now(self) -> None:
        settings = self.shop.settings
        self.look.choose(settings.look)
        self.compact.setChecked(settings.compact_rows)
        self.still.setChecked(settings.fewer_animations)

    @Slot(object)
    def on_look(self, look: Hashable) -> None:
        self.set(look=look)

    @Slot(bool)
    def on_compact(self, on: bool) -> None:
        self.set(compact_rows=on)

    @Slot(bool)
    def on_still(self, on: bool) -> None:
        self.set(fewer_animations=on)
