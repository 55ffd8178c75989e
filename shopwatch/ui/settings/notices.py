"""Pop-ups and bell, and how ShopWatch looks."""

from collections.abc import Hashable

from PySide6.QtCore import Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say, say_n
from shopwatch.presenting.times import wall_clock
from shopwatch.settings.settings import Look
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.sources.practice import Practice
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.once import Once
from shopwatch.ui.settings.rows import Row, SettingsGroup
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.inputs.segmented import Segmented
from shopwatch.ui.widgets.inputs.switch import Switch

_DAY, _HALF_AN_HOUR = 24 * 60, 30
_REMINDERS = (0, 5, 15, 30, 60)


class NoticesGroup(SettingsGroup):
    """What is seen and heard when a rule rings."""

    def __init__(
        self, theme: Theme, settings: SettingsStore, practice: Practice, sources: SourceRegistry, locale: str
    ) -> None:
        super().__init__(theme, settings)
        self._practice = practice
        self._sources = sources
        self._locale = locale
        self.name(say("Pop-ups and bell"))
        self.popups = Switch(theme, say("Pop-ups"))
        self.bell = Switch(theme, say("Bell"))
        self.hide_details = Switch(theme, say("Hide names and amounts"))
        self.quiet_from = self._clock(say("Quiet from"))
        self.quiet_to = self._clock(say("Quiet until"))
        self.remind = Combo(theme, say("Reminder"))
        for minutes in _REMINDERS:
            self.remind.add(
                say_n("After {n} minute", "After {n} minutes", minutes) if minutes else say("Never"), minutes
            )
        self.try_it = Button(theme, say("Try it"), "", "bell")
        self._blocked: UserError | None = None
        self._trying = Once()
        self._lay_out()
        self.popups.clicked.connect(self.on_popups)
        self.bell.clicked.connect(self.on_bell)
        self.hide_details.clicked.connect(self.on_hide_details)
        self.quiet_from.activated.connect(self.on_quiet_hours)
        self.quiet_to.activated.connect(self.on_quiet_hours)
        self.remind.activated.connect(self.on_remind)
        self.try_it.clicked.connect(self.on_try_it)

    def _lay_out(self) -> None:
        about = say("Shown for a moment, many at once as one. Your rules say for what.")
        self.add(Row(self.theme, say("Pop-ups"), about, self.popups))
        about = say("The till bell rings once for each pop-up that is to be heard.")
        self.add(Row(self.theme, say("Bell"), about, self.bell))
        about = say("A pop-up only says that a sale came in.")
        self.add(Row(self.theme, say("Hide names and amounts"), about, self.hide_details))
        about = say("Nothing pops up or rings in this time. Choose the same time twice for none.")
        self.add(Row(self.theme, say("Quiet hours"), about, self.quiet_from, self.quiet_to))
        about = say("One more pop-up when nobody has looked at new sales.")
        self.add(Row(self.theme, say("Reminder"), about, self.remind))
        about = say("A practice sale goes out and comes back. It is not counted.")
        self.add(Row(self.theme, say("See and hear one"), about, self.try_it))

    def _clock(self, name: str) -> Combo:
        combo = Combo(self.theme, name)
        for minute in range(0, _DAY, _HALF_AN_HOUR):
            combo.add(wall_clock(minute, self._locale), minute)
        return combo

    def show_now(self) -> None:
        settings = self.settings.current
        self.popups.setChecked(settings.popups)
        self.bell.setChecked(settings.bell)
        self.hide_details.setChecked(settings.hide_details)
        self.quiet_from.setCurrentIndex(settings.quiet_from // _HALF_AN_HOUR)
        self.quiet_to.setCurrentIndex(settings.quiet_to // _HALF_AN_HOUR)
        self.remind.setCurrentIndex(max(0, self.remind.findData(settings.remind_after)))
        self.try_it.setEnabled(bool(self._sources.all))

    def show_blocked(self, problem: UserError | None) -> None:
        """The desktop does not show pop-ups, or shows them again."""
        self._blocked = problem
        self.problem.tell("warn", str(problem or ""))

    async def _practise(self) -> None:
        try:
            await self._practice.send(self._sources.all[0].id)
        except UserError as problem:
            self.problem.tell("bad", str(problem))
        else:
            self.show_blocked(self._blocked)

    @Slot(bool)
    def on_popups(self, on: bool) -> None:
        self.set(popups=on)

    @Slot(bool)
    def on_bell(self, on: bool) -> None:
        self.set(bell=on)

    @Slot(bool)
    def on_hide_details(self, on: bool) -> None:
        self.set(hide_details=on)

    @Slot()
    def on_quiet_hours(self) -> None:
        self.set(quiet_from=self.quiet_from.currentData(), quiet_to=self.quiet_to.currentData())

    @Slot()
    def on_remind(self) -> None:
        self.set(remind_after=self.remind.currentData())

    @Slot()
    def on_try_it(self) -> None:
        self._trying.start(self._practise, "ring a practice sale")


class AppearanceGroup(SettingsGroup):
    def __init__(self, theme: Theme, settings: SettingsStore) -> None:
        super().__init__(theme, settings)
        self.name(say("Appearance"))
        self.look = Segmented(theme, say("Light or dark"))
        self.look.add(Look.SYSTEM, say("System"))
        self.look.add(Look.LIGHT, say("Light"))
        self.look.add(Look.DARK, say("Dark"))
        self.compact = Switch(theme, say("Compact rows"))
        self.still = Switch(theme, say("Fewer animations"))
        self.add(Row(theme, say("Light or dark"), "", self.look))
        self.add(Row(theme, say("Compact rows"), say("More sales on one screen."), self.compact))
        self.add(Row(theme, say("Fewer animations"), say("Nothing slides or fades."), self.still))
        self.look.chosen.connect(self.on_look)
        self.compact.clicked.connect(self.on_compact)
        self.still.clicked.connect(self.on_still)

    def show_now(self) -> None:
        settings = self.settings.current
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
