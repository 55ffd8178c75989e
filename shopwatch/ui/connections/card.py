"""One source: how it does, its address, what it is checked with, and the way to part from it."""

from PySide6.QtCore import Qt, Signal, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.domain.source import Source
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.presenting.connections.connection_text import (
    SendingLine,
    heard_text,
    lacking_text,
    lists_text,
    sending_line,
)
from shopwatch.presenting.level import Level
from shopwatch.presenting.status.lamps import sender_name
from shopwatch.presenting.times import clock, local
from shopwatch.providers import provider
from shopwatch.providers.apis import api_of
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.providers.provider import Provider
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import spawn
from shopwatch.ui.connections.address_block import AddressBlock
from shopwatch.ui.connections.api_row import ApiRow
from shopwatch.ui.connections.description_dialog import DescriptionDialog
from shopwatch.ui.connections.fold import Fold
from shopwatch.ui.connections.secret_row import SecretRow
from shopwatch.ui.connections.sending_row import SendingRow
from shopwatch.ui.connections.settings_rows import AddressesRow, OptionsRow
from shopwatch.ui.dialogs.question import Question
from shopwatch.ui.once import Once
from shopwatch.ui.setup.hints.about import AboutDialog
from shopwatch.ui.widgets.frames.cards import Card
from shopwatch.ui.widgets.frames.ground import Hairline
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.inputs.buttons import Button, beside_buttons
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.lamp import Lamp
from shopwatch.ui.widgets.texts.sign import NoteLine
from shopwatch.ui.widgets.texts.tile import ProviderTile
from shopwatch.ui.window.page_context import PageContext

_LOOKED_AT = 10


class ConnectionCard(Card):
    """`source` is as it was when it was last shown; `show_now` follows it.

    Signals: `left(UserError)`, the source is removed, but not all of it at its provider.
    """

    left = Signal(object)

    def __init__(self, context: PageContext, source: Source) -> None:
        super().__init__(16)
        self._theme = theme = context.theme
        self._shop = shop = context.shop
        self._open_url = context.open_url
        clipboard = context.clipboard
        self.source = source
        self.question: Question | None = None
        self.dialog: DescriptionDialog | AboutDialog | None = None
        self._known = provider(source.provider)
        self._heard: Instant = 0
        self._testing = False
        self._said: SendingLine | None = None
        self._looked = False
        self._keyed = False
        self._reading, self._practising = Once(), Once()
        self._rows: list[tuple[Hairline, Fold]] = []
        letters = self._known.tile if self._known else source.provider[:1].upper()
        self._tile = ProviderTile(theme, source.provider, letters)
        self._title = Elided(theme, "lead", 600)
        self._lamp = Lamp(theme)
        self.heard = Elided(theme, "small", ink="text2")
        self.about = self._button(say("About"), say("About {name}"))
        self.test = self._button(say("Test"), say("Test {name} with a practice message"))
        self.remove = self._button(say("Remove…"), say("Remove {name}…"))
        self.place = AddressBlock(theme, shop.address, shop.receiver, source, clipboard)
        self.address = self.place.field
        self.secret = SecretRow(theme, shop.connections, shop.locale, source, clipboard=clipboard, told=self.read)
        api = api_of(source.provider)
        self.api: ApiRow | None = None
        self.sending: SendingRow | None = None
        if api is not None:
            self.api = ApiRow(
                theme,
                shop.connections,
                shop.consents,
                source,
                api=api,
                clipboard=clipboard,
                open_url=context.open_url,
                told=self.read,
            )
        if api is not None and api.endpoints is not None:
            self.sending = SendingRow(context, source, api=api, told=self.read)
        self.options: OptionsRow | None = None
        if self._known is not None and self._known.told and self._known is not CUSTOM:
            self.options = OptionsRow(theme, shop.connections, shop.ledger.inbox, source, self._known)
        self.addresses = AddressesRow(theme, shop.connections, source, lambda: self.source)
        self.describe = self._button(say("Describe…"), say("Describe {name}…"))
        self.note = NoteLine(theme)
        self._build()
        self.about.clicked.connect(self.on_about)
        self.test.clicked.connect(self.on_test)
        self.remove.clicked.connect(self.on_remove)
        self.describe.clicked.connect(self.on_describe)

    def _button(self, verb: str, spoken: str) -> Button:
        button = Button(self._theme, verb)
        button.setAccessibleName(spoken.format(name=self.source.name))
        return button

    def _build(self) -> None:
        self.column.setContentsMargins(16, 12, 12, 8)
        self.column.setSpacing(4)
        self.column.addLayout(
            row(
                self._tile,
                12,
                (column(self._title, row(self._lamp, (self.heard, 1), gap=8), gap=2), 1),
                *(
                    (button, 0, Qt.AlignmentFlag.AlignVCenter)
                    for button in (self.about, self.describe, self.test, self.remove)
                ),
            )
        )
        self.column.addWidget(self.note)
        self.column.addWidget(self.place)
        for part in (self.sending, self.secret, self.api, self.options, self.addresses):
            if part is not None:
                line = Hairline()
                self.column.addLayout(beside_buttons(line))
                self.column.addWidget(part)
                self._rows.append((line, part))

    @property
    def described(self) -> Provider | None:
        """Its provider as this source has it."""
        return self._known.described(self.source.options) if self._known else None

    def show_source(self, source: Source) -> None:
        """As the ledger has it now."""
        self.source = source

    def show_now(self) -> None:
        described = self.described
        self._title.show_text(self.source.name)
        self.test.setVisible(described is not None and bool(described.practises))
        self.about.setVisible(self._known is not None)
        self.describe.setVisible(self._known is CUSTOM)
        self.secret.show_provider(described)
        if self.options is not None:
            self.options.show_source(self.source)
        lists = self.source.options
        self.addresses.value.show_text(lists_text(lists.get("allow", ""), lists.get("block", "")))
        self._tell_lacking()
        self._show_sending()
        self.read()

    def _tell_lacking(self) -> None:
        """Say what stands in the way of counting any message of its, where no other row does."""
        self.note.tell_lasting("warn", lacking_text(self._shop, self.source))

    def show_heard(self) -> None:
        """A message came, or time went on."""
        heard = max(self._heard, self._shop.health.heard.get(self.source.id, 0))
        said = heard_text(self._shop, self.source, heard, local(now()).date(), testing=self._testing)
        worse = self.place.is_old or (self._said is not None and self._said.said.level is Level.BAD)
        self._lamp.show_level(Level.BAD if worse else said.level)
        self.heard.show_text(said.text)

    def _show_sending(self) -> None:
        """The address, and how its provider treats it."""
        said = self._said = sending_line(self._shop, self.source, local(now()).date(), stored=self._keyed)
        if self.sending is not None:
            self.sending.setVisible(said is not None)
            if said is not None:
                self.sending.show_now(said.said, stored=self._keyed)
        self.place.show_now(self.source, can_switch=said is not None and said.by_hand)
        self._part_rows()
        self.show_heard()

    def _part_rows(self) -> None:
        """A line above each row that is shown, except the first."""
        shown = False
        for line, part in self._rows:
            line.setVisible(shown and not part.isHidden())
            shown = shown or not part.isHidden()

    @Slot()
    def read(self) -> None:
        """Read what only the ledger and the password store know."""
        self._reading.start(self._read, "read how a connection stands")

    def look_again(self) -> None:
        """The page comes into sight: what the ledger knows may be another by now.

        It is not asked at every change of state, for to find that a source never sent anything it reads a lot.
        """
        self._looked = False

    async def _read(self) -> None:
        try:
            if not self._looked:
                await self._read_ledger()
            tails = await self._shop.connections.tails(self.source.id)
            self.secret.show_tails(tails)
            if self.api is not None:
                self._keyed = await self._shop.connections.has_api_key(self.source.id)
                self.api.show_key(stored=self._keyed, problem=self._shop.receiver.asking_problems.get(self.source.id))
                self._show_sending()
            else:
                self._tell_lacking()
            if tails.current and self.described is not None and self.described.ending:
                self.place.learn_whole(await self._shop.connections.whole_address(self.source))
                self._show_sending()
        except UserError as problem:
            self.secret.show_unreadable(str(problem))
            if self.api is not None:
                self.api.show_unreadable()

    async def _read_ledger(self) -> None:
        mine = frozenset({self.source.id})
        rows = await self._shop.ledger.inbox.page(InboxQuery(outcome=Outcome.ACCEPTED, sources=mine), limit=_LOOKED_AT)
        self._heard = next((row.received_at for row in rows if not row.practice), 0)
        sales = (await self._shop.ledger.sales.page(SalesQuery(sources=mine, practice=False), limit=1)).rows
        self._testing = bool(sales) and not sales[0].sale.live
        self._looked = True
        self.show_heard()

    async def _practise(self) -> None:
        try:
            await self._shop.practice.send(self.source.id)
        except UserError as problem:
            self.note.tell("bad", str(problem))
        else:
            time = clock(now(), self._shop.locale)
            self.note.tell("ok", say("The practice message came back at {time}.", time=time))

    async def _remove(self) -> None:
        try:
            left = await self._shop.endpoints.remove_source(self.source.id)
        except UserError as problem:
            self.note.tell("bad", str(problem))
        else:
            if left is not None:
                self.left.emit(left)

    @Slot()
    def on_test(self) -> None:
        self.note.clear()
        self._practising.start(self._practise, "send a practice message")

    @Slot()
    def on_about(self) -> None:
        if self._known is not None:
            self.dialog = AboutDialog(self._theme, self._known, self._open_url, self.window())
            self.dialog.open()

    @Slot()
    def on_describe(self) -> None:
        shop = self._shop
        self.dialog = DescriptionDialog(
            self._theme, shop.connections, shop.ledger.inbox, shop.locale, lambda: self.source, parent=self.window()
        )
        self.dialog.accepted.connect(self.on_described)
        self.dialog.open()

    @Slot()
    def on_described(self) -> None:
        self.note.tell("info", say("What came before and was set aside can be checked again in the Inbox."))

    def _parting(self) -> str:
        stays = say("Its address stops working and its secret is forgotten. The sales that came from it stay.")
        if self.source.id not in self._shop.ledger.endpoints.registered:
            return stays
        tells = say("ShopWatch has {name} send nothing more.", name=sender_name(self.source))
        return f"{stays} {tells}"

    def focus_first(self) -> None:
        """Put the keyboard where something is to be mended, or else on the first button."""
        mending = (self.place.told, self.sending.button if self.sending is not None else None, self.about)
        first = next((button for button in mending if button is not None and not button.isHidden()), self.remove)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def on_remove(self) -> None:
        self.question = Question(
            self._theme,
            say("Remove {name}?", name=self.source.name),
            self._parting(),
            safe=say("Keep it"),
            action=say("Remove"),
            parent=self.window(),
        )
        self.question.accepted.connect(self.on_remove_accepted)
        self.question.open()

    @Slot()
    def on_remove_accepted(self) -> None:
        spawn(self._remove(), "remove a connection")
