"""Step 1: where the owner sells."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from shopwatch.domain.words import say
from shopwatch.providers.provider import Provider
from shopwatch.providers.standard_webhooks import STANDARD_WEBHOOKS
from shopwatch.ui.setup.step import Kit, Step
from shopwatch.ui.widgets.buttons import Button
from shopwatch.ui.widgets.cards import OptionCard
from shopwatch.ui.widgets.elided import Elided
from shopwatch.ui.widgets.sign import Sign
from shopwatch.ui.widgets.tile import ProviderTile

_LONGEST_NAME = 60
_NARROW = 760


class WhereStep(Step):
    """One card for each provider, and the shop's name.

    Signals: `practice_chosen()`, `later()`.
    """

    practice_chosen = Signal()
    later = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit.theme, parent)
        theme, shop = kit.theme, kit.shop
        self._shop = shop
        self._plan = kit.plan
        self._group = QButtonGroup(self)
        self.cards: list[OptionCard] = []
        self._grid = QGridLayout()
        self._columns = 0
        self.own_name = self._line(self.tr("Name of the service"))
        self.own_name.setPlaceholderText(self.tr("For example Paddle"))
        self.shop_name = self._line(self.tr("Name of your shop"))
        self.shop_name.setText(shop.settings.shop_name)
        self.practice = Button(theme, self.tr("Try practice mode"), "quiet")
        self.say(
            self.tr("Where do you sell?"),
            self.tr("Choose the service your customers pay with. You can add more at any time."),
        )
        self.secondary = self.tr("Set up later")
        self._build()
        self._group.idToggled.connect(self.on_chosen)
        self.own_name.textChanged.connect(self.on_own_name_changed)
        self.practice.clicked.connect(self.practice_chosen)
        self._group.button(0).setChecked(True)

    def _build(self) -> None:
        self._grid.setSpacing(16)
        for place, provider in enumerate(self._plan.providers):
            self.cards.append(self._card(place, provider))
        self._arrange(3)
        self._own = self._row(self.own_name, self.tr("Any service that follows Standard Webhooks will do."))
        self.column.addSpacing(32)
        self.column.addLayout(self._grid)
        self.column.addWidget(self._own)
        self.column.addSpacing(40)
        self.column.addWidget(self.theme.label(self.tr("What is your shop called?"), "heading"))
        self.column.addWidget(self._row(self.shop_name, self.tr("Shown at the top of ShopWatch.")))
        self.column.addSpacing(40)
        self.column.addWidget(self._look_around())
        self.column.addStretch(1)

    def _card(self, place: int, provider: Provider) -> OptionCard:
        generic = provider is STANDARD_WEBHOOKS
        name = self.tr("Another service") if generic else provider.name
        does = self.tr("Follows Standard Webhooks") if generic else say(provider.setup.does)
        card = OptionCard(self.theme, name, self._group)
        self._group.setId(card.radio, place)
        card.radio.setAccessibleDescription(does)
        card.row.removeWidget(card.radio)
        card.row.addWidget(ProviderTile(self.theme, provider.id, "…" if generic else provider.tile))
        words = QVBoxLayout()
        words.setSpacing(0)
        title, line = Elided(self.theme, weight=600), Elided(self.theme, "small", ink="text2")
        title.show_text(name)
        line.show_text(does)
        words.addWidget(title)
        words.addWidget(line)
        card.row.addLayout(words, 1)
        card.row.addWidget(card.radio)
        card.setMinimumHeight(self.theme.px(72))
        return card

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setProperty("tall", "large")
        line.setFont(self.theme.font("lead"))
        line.setMaxLength(_LONGEST_NAME)
        line.setAccessibleName(name)
        line.setFixedWidth(self.theme.px(325))
        return line

    def _row(self, line: QLineEdit, words: str) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(line)
        label = self.theme.label(words, "small", ink="text2")
        label.setWordWrap(True)
        layout.addWidget(label, 1)
        return row

    def _look_around(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("ground", "hint")
        row = QHBoxLayout(frame)
        row.setContentsMargins(16, 3, 8, 3)
        row.setSpacing(12)
        row.addWidget(Sign(self.theme, "info", 18))
        words = self.theme.label(
            self.tr("Just looking around? Practice mode shows made-up sales and needs no account."), ink="text2"
        )
        words.setWordWrap(True)
        row.addWidget(words, 1)
        row.addWidget(self.practice)
        return frame

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def focus_first(self) -> None:
        if (chosen := self._group.checkedButton()) is not None:
            chosen.setFocus(Qt.FocusReason.TabFocusReason)

    def go_on(self) -> None:
        name = self.shop_name.text().strip()
        if name != self._shop.settings.shop_name:
            self._shop.change_settings(shop_name=name)
        self.passed.emit()

    def go_aside(self) -> None:
        self.later.emit()

    @Slot(int, bool)
    def on_chosen(self, place: int, chosen: bool) -> None:
        if not chosen:
            return
        self._plan.provider = self._plan.providers[place]
        self._own.setVisible(self._plan.generic)
        self._show_choice()

    @Slot(str)
    def on_own_name_changed(self, name: str) -> None:
        self._plan.own_name = name.strip()
        self._show_choice()

    def _show_choice(self) -> None:
        self.summary = self._plan.name
        named = not self._plan.generic or bool(self._plan.own_name)
        self.primary = (
            self.tr("Continue with {service}").format(service=self._plan.name) if named else self.tr("Continue")
        )
        self.changed.emit()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(3 if event.size().width() - 128 >= self.theme.px(_NARROW) else 2)
        super().resizeEvent(event)
