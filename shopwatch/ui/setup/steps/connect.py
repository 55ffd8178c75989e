"""Step 4: the address goes into the provider's settings, and the first message comes back."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import DeliveryKept, Outcome
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import MINUTE, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.source import Source
from shopwatch.presenting.setup.connect_text import listening_for, tips, what_to_do, why
from shopwatch.presenting.setup.hints import address_hint
from shopwatch.presenting.setup.plan import Plan, upper
from shopwatch.presenting.times import clock
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import spawn
from shopwatch.ui.once import Once
from shopwatch.ui.setup.hints.hint_panel import HintPanel
from shopwatch.ui.setup.hints.qr import QrCode
from shopwatch.ui.setup.steps.live import LiveFrame
from shopwatch.ui.setup.steps.progress import Progress
from shopwatch.ui.setup.steps.step import SetupStep
from shopwatch.ui.widgets.frames.cards import Card
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Overhang
from shopwatch.ui.widgets.inputs.copy_field import CopyField
from shopwatch.ui.window.page_context import PageContext

_NARROW = 800
_LONG_WAIT = 2 * MINUTE
_DOTS = "•" * 12


class ConnectStep(SetupStep):
    """Copy, look where it goes, and wait. The frame turns green at the first message that is accepted.

    Signals: `secret_wanted()`, `address_wanted()`: the owner goes back for what is missing; `copied()`.
    """

    copied = Signal()
    secret_wanted = Signal()
    address_wanted = Signal()

    def __init__(self, context: PageContext, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        theme, shop, bridge, clipboard = context.theme, context.shop, context.bridge, context.clipboard
        self._shop = shop
        self._plan = plan
        self._since: Instant = 0
        self._rejected = ""
        self._practised = ""
        self._whole = ""
        self.heard_at: Instant = 0
        self.practising = Once()
        self.address = CopyField(theme, say("Your address"), clipboard, main=True, verb=say("Copy address"))
        self._hint = HintPanel(theme, context.open_url)
        self._phone_title = theme.label("", "small", 600, ink="text2")
        self._phone = Card(16)
        self._by_phone = QWidget()
        self._qr = QrCode(theme)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._order = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._progress = Progress(theme, shop.receiver, shop.vault, plan)
        self.live = LiveFrame(theme, say("Ring a practice sale"))
        self._tips = theme.label("", ink="text2")
        self._tick = QTimer(self, interval=1000)
        self.primary = say("Open my shop")
        self._build()
        bridge.delivery_kept.connect(self.on_delivery_kept)
        bridge.state_changed.connect(self.on_state_changed)
        self.address.button.clicked.connect(self.on_copied)
        self.live.button.clicked.connect(self.on_practice_clicked)
        self._progress.address_wanted.connect(self.address_wanted)
        self._progress.secret_wanted.connect(self.secret_wanted)
        self._tick.timeout.connect(self.on_tick)

    def _build(self) -> None:
        self._halves.setSpacing(32)
        self._halves.addWidget(self._hint)
        self._halves.addLayout(self._right(), 1)
        self._tips.setWordWrap(True)
        self._tips.hide()
        self._order.setSpacing(20)
        self._order.addLayout(self._halves)
        self._order.addLayout(column(self.live, self._tips, gap=12))
        self.column.addSpacing(20)
        self.column.addLayout(Overhang(self.address))
        self.column.addSpacing(20)
        self.column.addLayout(self._order)
        self.column.addStretch(1)

    def _right(self) -> QVBoxLayout:
        scan = say("Scan this code with the phone’s camera, then copy the address there.")
        words = self.theme.label(scan, ink="text2")
        words.setWordWrap(True)
        self._phone.column.addLayout(row(self._qr, (words, 1), gap=16))
        column(self._phone_title, self._phone, inside=self._by_phone, margins=(0, 0, 0, 24), gap=12)
        return column(
            self._by_phone, self.theme.label(say("Progress"), "small", 600, ink="text2"), 8, self._progress, STRETCH
        )

    def enter(self) -> None:
        name = self._plan.name
        words = self._plan.described.setup
        notes = [say(sentence) for sentence in (words.needs, words.away) if sentence]
        looks = say("In {service} it looks like this", service=name)
        self._hint.show_provider(self._plan.described, name, looks, notes)
        self._phone_title.setText(say("{service} on your phone?", service=upper(name)))
        self.live.button.setText(say("Ring a practice sale") if self._sells else say("Send a practice message"))
        following = self._plan.following
        self.primary = say("Open my shop")
        if following is not None:
            self.primary = say("Continue with {service}", service=following.name)
        if not self._since:
            self._since = now()
        self._rejected = ""
        source = self._plan.source
        if source is not None and not self.heard_at:
            self.heard_at = self._shop.health.heard.get(source.id, 0)
        self._render()
        self._tick.start()

    def leave(self) -> None:
        self._tick.stop()

    def focus_first(self) -> None:
        copies = bool(self.address.text()) and not self._plan.registered
        first = self.address.button if copies else self.live.button
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def forget(self) -> None:
        """Another source was chosen: wait anew."""
        self._since, self.heard_at = 0, 0
        self._rejected = self._practised = self._whole = ""

    @property
    def _sells(self) -> bool:
        return Kind.SALE in self._plan.described.practises

    def _render(self) -> None:
        source, provider = self._plan.source, self._plan.described
        # In practice mode the shop's address leads only from this computer to itself: no provider can use it.
        public = source is not None and self._shop.receiver.tunnel.kind is not TunnelKind.NONE
        address = self._shop.address.of(source) if source is not None and public else ""
        self._show_address(address)
        member = "" if provider.setup.menu else provider.setup.address_label
        self.say(*what_to_do(self._plan.name, address=bool(address), told=self._plan.registered, member=member))
        # What ShopWatch has told by itself, nobody need copy.
        for widget in (self.address, self._by_phone, self._hint):
            widget.setVisible(bool(address) and not self._plan.registered)
        self._hint.show_drawing(None if member else address_hint(provider, self._plan.name, address))
        self._progress.show_now(address=bool(address), heard=bool(self.heard_at))
        self._render_live(bool(address))
        self.note = "" if self.heard_at else say("You can finish now. ShopWatch keeps waiting.")
        self.changed.emit()

    def _show_address(self, address: str) -> None:
        """With the secret behind it where that stands in the address; whoever looks on sees dots."""
        source = self._plan.source
        if source is not None and address and self._plan.described.ending:
            if not self._whole.startswith(address):
                spawn(self._read_whole(source), "read the whole address")
                address = ""
            else:
                tail = self._plan.tails[0] if self._plan.tails else ""
                if self._whole != self.address.text():
                    self.address.show_text(self._whole, f"{address}{_DOTS}{tail}")
                    self._qr.show_text(self._whole)
                return
        if address != self.address.text():
            self.address.show_text(address)
            self._qr.show_text(address)

    async def _read_whole(self, source: Source) -> None:
        try:
            self._whole = await self._shop.connections.whole_address(source)
        except UserError as problem:
            self._practised = str(problem)
            self._render_live(False)
            return
        if self._whole.startswith(self._shop.address.of(source)):
            self._render()
            if self.live.button.hasFocus():
                self.focus_first()

    def _render_live(self, address: bool) -> None:
        name = self._plan.name
        waited = now() - self._since
        self.live.still = self._shop.settings.current.fewer_animations
        self.live.button.setVisible(not self.heard_at and bool(self._plan.described.practises))
        self._tips.setVisible(address and not self.heard_at and waited >= _LONG_WAIT)
        if self.heard_at:
            time = clock(self.heard_at, self._shop.locale)
            said = say("{service} said hello at {time}. You are open.", service=upper(name), time=time)
            self.live.tell("heard", said, "")
        elif self._rejected:
            strong = say("A message came, but it was not counted.")
            self.live.tell("doubt", strong, f"{self._rejected} {self._practised}".strip())
        elif not address:
            self.live.tell("idle", say("Practice mode. No real sale can arrive yet."), self._practised)
        else:
            sale = say("The next sale or a test from {service}’s page will do.")
            wait = (sale if self._sells else say("The next message will do.")).format(service=name)
            strong = say("Waiting for {service}’s first message…", service=name)
            self.live.tell("waiting", strong, self._practised or f"{listening_for(waited)} {wait}")
        if self._tips.isVisible():
            self._tips.setText(tips(name, told=self._plan.registered, drawn=bool(self._plan.described.setup.menu)))

    @Slot(object)
    def on_delivery_kept(self, fact: DeliveryKept) -> None:
        source = self._plan.source
        if source is None or fact.source_id != source.id:
            return
        if fact.outcome is Outcome.REJECTED:
            self._rejected = why(fact.reason, self._plan.name)
            spawn(self._ask_doctor(source.id), "why the first message was rejected")
        elif fact.practice:
            time = clock(fact.at, self._shop.locale)
            sale = say("The practice sale came back at {time}.")
            back = sale if self._sells else say("The practice message came back at {time}.")
            self._practised = back.format(time=time)
        elif not self.heard_at:
            self.heard_at = fact.at
        self._render()
        if self.heard_at and self.isVisible():
            self.changed.emit()

    async def _ask_doctor(self, source_id: str) -> None:
        try:
            found = await self._shop.review.diagnose_newest(source_id)
        except UserError:
            # What is wrong with the password store is told elsewhere.
            return
        if found is not None:
            self._rejected = found.sentence
            self._render()

    @Slot(object)
    def on_state_changed(self) -> None:
        if self.isVisible():
            self._render()

    @Slot()
    def on_tick(self) -> None:
        source = self._plan.source
        self._render_live(bool(source is not None and self.address.text()))

    @Slot()
    def on_copied(self) -> None:
        # Whoever copied by keyboard needs the way out next.
        if self.address.button.hasFocus():
            self.copied.emit()

    @Slot()
    def on_practice_clicked(self) -> None:
        self._practised = ""
        self.practising.start(self._practise, "ring a practice sale")

    async def _practise(self) -> None:
        source = self._plan.source
        try:
            if source is not None:
                await self._shop.practice.send(source.id)
        except UserError as problem:
            self._practised = str(problem)
        self._render()

    def resizeEvent(self, event: QResizeEvent) -> None:
        way = QBoxLayout.Direction
        wide = event.size().width() - 128 >= self.theme.px(_NARROW)
        self._halves.setDirection(way.LeftToRight if wide else way.TopToBottom)
        self._hint.stand(beside=wide)
        # In a small window the drawing is long, and what happens now must not be below it.
        self._order.setDirection(way.TopToBottom if wide else way.BottomToTop)
        super().resizeEvent(event)
