"""Step 1: where the owner sells."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QLineEdit, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.plan import Plan
from shopwatch.providers.provider import Provider
from shopwatch.ui.setup.hints.about import AboutDialog
from shopwatch.ui.setup.steps.service_cards import ExtraCard, OtherCard, ServiceCard
from shopwatch.ui.setup.steps.service_list import ServiceDialog
from shopwatch.ui.setup.steps.step import SetupStep
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import Stretch, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.sign import NoteLine, Sign
from shopwatch.ui.window.page_context import PageContext

_COMMON = ("paynow", "stripe", "shopify", "square", "woocommerce")
_ALSO = ("hubspot", "twilio", "dropbox", "foursquare")
_LONGEST_NAME = 60
_NARROW = 760


class WhereStep(SetupStep):
    """The services that most shops sell with, the list of all others, those that come along, and the shop's name.

    Signals: `practice_chosen()`, `restore_wanted()`, `later()`.
    """

    practice_chosen = Signal()
    restore_wanted = Signal()
    later = Signal()

    def __init__(self, context: PageContext, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        theme, shop = context.theme, context.shop
        self._shop = shop
        self._plan = plan
        self._open_url = context.open_url
        self._group = QButtonGroup(self)
        self._common = _those(plan.providers, _COMMON)
        self.cards: list[ServiceCard] = [ServiceCard(theme, each, self._group) for each in self._common]
        self.other = OtherCard(theme, plan.providers[0], self._group)
        self.cards.append(self.other)
        self.extras = [ExtraCard(theme, each) for each in _those(plan.providers, _ALSO)]
        self.services: ServiceDialog | None = None
        self.page: AboutDialog | None = None
        self._grid, self._also = QGridLayout(), QGridLayout()
        self._columns = 0
        self._needs = NoteLine(theme)
        self.about = Button(theme, "", "link", "info")
        self.own_name = self._line(say("Name of the service"))
        self.own_name.setPlaceholderText(say("For example Harbour Tickets"))
        self.shop_name = self._line(say("Name of your shop"))
        self.shop_name.setText(shop.settings.current.shop_name)
        self.practice = Button(theme, say("Try practice mode"), "quiet")
        self.restore = Button(theme, say("Bring back a backup…"), "quiet")
        self.say(
            say("Where do you sell?"), say("Choose the service your customers pay with. You can add more at any time.")
        )
        self.secondary = say("Not now") if shop.sources.all else say("Set up later")
        for place, card in enumerate(self.cards):
            self._group.setId(card.radio, place)
        self._build()
        self._group.idToggled.connect(self.on_chosen)
        self.other.wanted.connect(self.show_services)
        for extra in self.extras:
            extra.box.toggled.connect(self.on_extra)
        self.own_name.textChanged.connect(self.on_own_name_changed)
        self.about.clicked.connect(self.on_about)
        self.practice.clicked.connect(self.practice_chosen)
        self.restore.clicked.connect(self.restore_wanted)
        self._group.button(0).setChecked(True)

    def _build(self) -> None:
        for grid in (self._grid, self._also):
            grid.setSpacing(16)
        self._arrange(3)
        self._own = self._row(self.own_name, say("So that you can tell it from others."))
        self.column.addSpacing(32)
        self.column.addLayout(self._grid)
        self.column.addWidget(self._own)
        self.column.addLayout(
            row((self._needs, 1), (self.about, 0, Qt.AlignmentFlag.AlignTop), Stretch(0), margins=(0, 8, 0, 0), gap=16)
        )
        self.column.addSpacing(24)
        self.column.addWidget(self.theme.label(say("Also bring in"), "heading"))
        self.column.addSpacing(2)
        also = self.theme.label(say("Not needed to begin. Each one asks for its own secret later."), "small")
        also.setProperty("ink", "text2")
        self.column.addWidget(also)
        self.column.addSpacing(12)
        self.column.addLayout(self._also)
        self.column.addSpacing(32)
        self.column.addWidget(self.theme.label(say("What is your shop called?"), "heading"))
        shown = say("Shown in e-mails to customers and on your popular items page.")
        self.column.addWidget(self._row(self.shop_name, shown))
        if not self._shop.sources.all:
            self._add_other_beginnings()
        self.column.addStretch(1)

    def _add_other_beginnings(self) -> None:
        """For who has nothing to be added to yet."""
        self.column.addSpacing(32)
        looking = say("Just looking around? Practice mode shows made-up sales and needs no account.")
        self.column.addWidget(self._aside("info", looking, self.practice))
        moved = say("Your shop was on another computer? Its backup brings everything here.")
        self.column.addSpacing(8)
        self.column.addWidget(self._aside("truck", moved, self.restore))

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setProperty("tall", "large")
        line.setFont(self.theme.font("lead"))
        line.setMaxLength(_LONGEST_NAME)
        line.setAccessibleName(name)
        line.setFixedWidth(self.theme.px(325))
        return line

    def _row(self, line: QLineEdit, words: str) -> QWidget:
        whole = QWidget()
        label = self.theme.label(words, "small", ink="text2")
        label.setWordWrap(True)
        row(line, (label, 1), inside=whole, margins=(0, 12, 0, 0), gap=16)
        return whole

    def _aside(self, icon: str, sentence: str, button: Button) -> QFrame:
        frame = Ground("hint")
        words = self.theme.label(sentence, ink="text2")
        words.setWordWrap(True)
        row(Sign(self.theme, icon, 18), (words, 1), button, inside=frame, margins=(16, 3, 8, 3), gap=12)
        return frame

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        also = 4 if columns == 3 else 2
        for grid, cards, count in ((self._grid, self.cards, columns), (self._also, self.extras, also)):
            for place, card in enumerate(cards):
                grid.addWidget(card, place // count, place % count)
            for column in range(4):
                grid.setColumnStretch(column, 1 if column < count else 0)

    def focus_first(self) -> None:
        if (chosen := self._group.checkedButton()) is not None:
            chosen.setFocus(Qt.FocusReason.TabFocusReason)

    def go_on(self) -> None:
        if self._undecided:
            self.show_services()
            return
        name = self.shop_name.text().strip()
        if name != self._shop.settings.current.shop_name:
            self._shop.settings.change(shop_name=name)
        self.passed.emit()

    def go_aside(self) -> None:
        self.later.emit()

    @property
    def _undecided(self) -> bool:
        return self.other.chosen and self.other.provider is None

    @Slot()
    def show_services(self) -> None:
        """Open the list of all services."""
        self.services = ServiceDialog(self.theme, self._plan.providers, self.window())
        self.services.chosen.connect(self.on_service)
        self.services.open()

    @Slot(object)
    def on_service(self, provider: Provider) -> None:
        place = self._common.index(provider) if provider in self._common else len(self._common)
        if place == len(self._common):
            self.other.take(provider)
        self._group.button(place).setChecked(True)
        self.on_chosen(place, True)
        if self._plan.generic:
            self.own_name.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int, bool)
    def on_chosen(self, place: int, chosen: bool) -> None:
        if not chosen:
            return
        provider = self._common[place] if place < len(self._common) else self.other.provider
        if provider is not None:
            self._plan.provider = provider
        self._own.setVisible(self._plan.generic and not self._undecided)
        for extra in self.extras:
            extra.setVisible(extra.provider is not provider)
        self._show_choice()

    @Slot()
    def on_extra(self) -> None:
        self._plan.extras = [each.provider for each in self.extras if each.box.isChecked()]

    @Slot(str)
    def on_own_name_changed(self, name: str) -> None:
        self._plan.own_name = name.strip()
        self._show_choice()

    @Slot()
    def on_about(self) -> None:
        self.page = AboutDialog(self.theme, self._plan.provider, self._open_url, self.window())
        self.page.open()

    def _show_choice(self) -> None:
        undecided = self._undecided
        named = not self._plan.generic or bool(self._plan.own_name)
        self.summary = self._plan.name
        if undecided:
            self.primary = say("Choose a service…")
        elif named:
            self.primary = say("Continue with {service}", service=self._plan.name)
        else:
            self.primary = say("Continue")
        needs = self._plan.provider.setup.needs
        self._needs.tell("info", say(needs) if needs and not undecided else "")
        self.about.setVisible(not undecided)
        self.about.setText(say("About {service}", service=self._plan.provider.name))
        self.changed.emit()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(3 if event.size().width() - 128 >= self.theme.px(_NARROW) else 2)
        super().resizeEvent(event)


def _those(providers: tuple[Provider, ...], ids: tuple[str, ...]) -> list[Provider]:
    """Those of these ids, in this order."""
    known = {each.id: each for each in providers}
    return [known[each] for each in ids if each in known]
