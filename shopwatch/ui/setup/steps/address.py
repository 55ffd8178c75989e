"""Step 2: how the provider reaches this computer."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QProgressBar, QWidget

from shopwatch.domain.connection.reach import ReachState, TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.presenting.level import Level
from shopwatch.presenting.setup.address_text import AddressWords, address_words, checked_since, host_of
from shopwatch.presenting.setup.plan import Plan, upper
from shopwatch.presenting.times import clock
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import spawn
from shopwatch.ui.once import Once
from shopwatch.ui.setup.steps.choice import ChoiceCard, NgrokFields, OwnFields
from shopwatch.ui.setup.steps.step import SetupStep
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.inputs.buttons import Button, Overhang
from shopwatch.ui.widgets.texts.lamp import Lamp
from shopwatch.ui.window.page_context import PageContext

_KINDS = (TunnelKind.NGROK, TunnelKind.OWN, TunnelKind.NONE)


class AddressStep(SetupStep):
    """Three ways to a public address; the chosen one unfolds. Opens it, and goes on by itself once it answers."""

    def __init__(self, context: PageContext, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        theme, shop, bridge, clipboard = context.theme, context.shop, context.bridge, context.clipboard
        self._shop = shop
        self._plan = plan
        self._going_on = False
        self._asked_at = 0
        self._checking = Once()
        self._edited_at = 0
        self._complaint = ""
        self._opening = False
        self._seen = False
        self._group = QButtonGroup(self)
        self.ngrok = NgrokFields(theme, clipboard, context.open_url)
        self.own = OwnFields(theme)
        self.cards = self._make_cards()
        self._lamp = Lamp(theme)
        self._strong = theme.label("", "body", 600)
        self._rest = theme.label("", ink="text2")
        self._check = Button(theme, say("Check again"))
        self._bar = QProgressBar()
        self._line = QWidget()
        self.primary = say("Continue")
        self._build()
        bridge.tunnel_changed.connect(self.on_state_changed)
        bridge.reach_changed.connect(self.on_state_changed)
        self.ngrok.token.pasted.connect(self.on_pasted)
        self.ngrok.token.edited.connect(self.on_edited)
        self.own.url.textEdited.connect(self.on_edited)
        self._check.clicked.connect(self.on_check_clicked)
        self._group.idToggled.connect(self.on_kind_chosen)
        chosen = (
            shop.settings.current.tunnel
            if shop.settings.current.setup_done or shop.settings.current.tunnel
            else TunnelKind.NGROK
        )
        first = TunnelKind.NGROK if chosen is TunnelKind.NONE and not shop.settings.current.setup_done else chosen
        self._group.button(_KINDS.index(first)).setChecked(True)

    def _make_cards(self) -> list[ChoiceCard]:
        name, praise = say("Free fixed address from ngrok"), say("Best for most shops")
        ngrok = ChoiceCard(self.theme, name, self._group, praise)
        ngrok.body.addWidget(self.ngrok)
        own = ChoiceCard(self.theme, say("My own address"), self._group)
        own.body.addWidget(self.own)
        none = ChoiceCard(self.theme, say("No address for now"), self._group)
        cards = [ngrok, own, none]
        for place, card in enumerate(cards):
            self._group.setId(card.radio, place)
        return cards

    def _build(self) -> None:
        self.column.addSpacing(32)
        for place, card in enumerate(self.cards):
            self.column.addWidget(card)
            if place < len(self.cards) - 1:
                self.column.addSpacing(16)
        self._bar.setRange(0, 100)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(say("Download of the ngrok program"))
        self._bar.hide()
        self._rest.setWordWrap(True)
        row(
            self._lamp,
            (column(row(self._strong, (self._rest, 1), gap=4), self._bar, gap=6), 1),
            self._check,
            inside=self._line,
            gap=12,
        )
        self.column.addSpacing(20)
        self.column.addLayout(Overhang(self._line))
        self.column.addStretch(1)

    @property
    def kind(self) -> TunnelKind:
        return _KINDS[self._group.checkedId()]

    @property
    def said(self) -> str:
        """What is said below the cards."""
        return f"{self._strong.text()} {self._rest.text()}"

    def enter(self) -> None:
        name = self._plan.name
        needs = say("{service} needs an address on the internet to report sales to. One that never changes is best.")
        self.say(say("How does {service} reach this computer?", service=name), needs.format(service=upper(name)))
        self.cards[0].describe(
            say(
                "ngrok opens a safe way in to this computer. The free account includes one address that stays the "
                "same. ShopWatch finds it for you."
            )
        )
        self.cards[1].describe(say("You already have a domain or a router that passes traffic on to this computer."))
        self.cards[2].describe(say("Try everything with practice sales. No real sale can arrive yet."))
        self.own.show_port(self._shop.settings.current.port)
        if not self._seen and self._shop.settings.current.own_url:
            self.own.url.setText(self._shop.settings.current.own_url)
        self._seen = True
        self._render()

    def leave(self) -> None:
        self._going_on = False

    def focus_first(self) -> None:
        match self.kind:
            case TunnelKind.NGROK:
                self.ngrok.token.line.setFocus(Qt.FocusReason.TabFocusReason)
            case TunnelKind.OWN:
                self.own.url.setFocus(Qt.FocusReason.TabFocusReason)
            case TunnelKind.NONE:
                self.cards[2].radio.setFocus(Qt.FocusReason.TabFocusReason)

    def go_on(self) -> None:
        match self.kind:
            case TunnelKind.NONE:
                self._open(TunnelKind.NONE, then_go_on=True)
            case TunnelKind.NGROK if self.ngrok.token.text():
                self._open(TunnelKind.NGROK, then_go_on=True, token=self.ngrok.token.text())
            case TunnelKind.OWN if self.own.url.text().strip() and not self._is_open():
                self._open(TunnelKind.OWN, then_go_on=True, url=self.own.url.text().strip())
            case _ if self._is_open():
                self.passed.emit()
            case TunnelKind.NGROK if (
                self._shop.settings.current.tunnel is TunnelKind.NGROK and self._words().problem is None
            ):
                self._going_on = True
            case TunnelKind.NGROK:
                self._complain(say("Paste the token from your ngrok page."))
            case TunnelKind.OWN:
                self._complain(say("Write the address that leads to this computer."))

    def _is_open(self) -> bool:
        status = self._shop.receiver.tunnel
        same = self.kind is TunnelKind.NGROK or host_of(status.public_url) == host_of(self.own.url.text().strip())
        return status.kind is self.kind and self._words().ready and same

    def _open(self, kind: TunnelKind, *, then_go_on: bool, token: str | None = None, url: str = "") -> None:
        if self._opening:
            self._going_on = self._going_on or then_go_on
            return
        self._opening, self._going_on = True, then_go_on
        self._asked_at = now()
        self._complain("")
        spawn(self._opened(kind, token, url), "open the public address")
        self._render()

    async def _opened(self, kind: TunnelKind, token: str | None, url: str) -> None:
        try:
            await self._shop.address.choose(kind, token=token, url=url)
        except UserError as problem:
            self._going_on = False
            self._complain(str(problem))
        else:
            if token is not None:
                self.ngrok.token.show_stored(token[-4:])
        finally:
            self._opening = False
        self._render()

    def _words(self) -> AddressWords:
        reach = self._shop.receiver.reach
        return address_words(self._shop.receiver.tunnel, reach, clock(reach.checked_at, self._shop.locale))

    def _render(self) -> None:
        ours = self._shop.receiver.tunnel.kind is self.kind and self.kind is not TunnelKind.NONE
        words = self._words() if ours else AddressWords()
        if self._opening and not words.strong:
            words = AddressWords(strong=say("Opening your public address…"))
        url = self._shop.receiver.tunnel.public_url
        self._line.setVisible(bool(words.strong))
        self._lamp.setVisible(words.level is not Level.OFF)
        self._lamp.show_level(words.level)
        self._strong.setText(words.strong)
        self._rest.setText(words.rest)
        self._check.setVisible(words.ready)
        self._bar.setVisible(words.progress is not None)
        self._bar.setValue(round((words.progress or 0) * 100))
        self.ngrok.show_address(host_of(url) if ours and words.ready else "")
        if words.problem is not None and not self._opening and self._shop.receiver.tunnel.since >= self._edited_at:
            self._going_on = False
            self._complain(str(words.problem))
        self.busy = self._opening or (ours and bool(words.strong) and not words.ready)
        self.summary = host_of(url) if ours and words.ready else say("None for now")
        self.changed.emit()
        self._go_on_if_ready(words)

    def _go_on_if_ready(self, words: AddressWords) -> None:
        if not self._going_on or self._opening:
            return
        if self.kind is TunnelKind.NONE and self._shop.settings.current.tunnel is TunnelKind.NONE:
            self._going_on = False
            self.passed.emit()
        elif words.ready and checked_since(
            self._shop.receiver.reach, min(self._asked_at, self._shop.receiver.tunnel.since)
        ):
            self._going_on = False
            if self._shop.receiver.reach.state is ReachState.ANSWERS:
                self.passed.emit()

    def _complain(self, sentence: str) -> None:
        if sentence == self._complaint:
            return
        self._complaint = sentence
        self.ngrok.complain(sentence if self.kind is TunnelKind.NGROK else "")
        self.own.complain(sentence if self.kind is TunnelKind.OWN else "")
        if sentence:
            self.focus_first()

    @Slot(object)
    def on_state_changed(self, _fact: object) -> None:
        self._render()

    @Slot()
    def on_pasted(self) -> None:
        if self.ngrok.token.text():
            self._open(TunnelKind.NGROK, then_go_on=False, token=self.ngrok.token.text())

    @Slot()
    def on_edited(self) -> None:
        self._going_on = False
        self._edited_at = now()
        self._complain("")

    @Slot(int, bool)
    def on_kind_chosen(self, _place: int, chosen: bool) -> None:
        if chosen:
            self._going_on = False
            self._complain("")
            self._render()

    @Slot()
    def on_check_clicked(self) -> None:
        self._checking.start(self._checked, "check the public address")

    async def _checked(self) -> None:
        try:
            await self._shop.receiver.check()
        except UserError as problem:
            self._complain(str(problem))
        self._render()
