"""One card for each connection."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.domain.clock import now
from shopwatch.domain.errors import UserError
from shopwatch.domain.reach import TunnelKind
from shopwatch.domain.source import Source
from shopwatch.domain.tasks import spawn
from shopwatch.domain.words import say
from shopwatch.providers import provider
from shopwatch.ui.mark import Level
from shopwatch.ui.question import Question
from shopwatch.ui.setup.door import SetupDoor
from shopwatch.ui.setup.secret_look import trimmed
from shopwatch.ui.theme import Theme
from shopwatch.ui.times import local, stamp
from shopwatch.ui.widgets.buttons import Button
from shopwatch.ui.widgets.cards import Card
from shopwatch.ui.widgets.copy_field import CopyField
from shopwatch.ui.widgets.elided import Elided
from shopwatch.ui.widgets.lamp import Lamp
from shopwatch.ui.widgets.secret_field import SecretField
from shopwatch.ui.widgets.sign import NoteLine
from shopwatch.ui.widgets.tile import ProviderTile


class ConnectionCard(Card):
    """A source: how it does, its address, how its secrets end, and the way to part from it."""

    def __init__(self, theme: Theme, shop: SetupDoor, source: Source, clipboard: QClipboard) -> None:
        super().__init__(16)
        self._theme = theme
        self._shop = shop
        self.question: Question | None = None
        self.source = source
        known = provider(source.provider)
        self._has_secret = False
        self._each_event = known is not None and known.setup.secret_each_event
        self._tile = ProviderTile(theme, source.provider, known.tile if known else source.provider[:1].upper())
        self._title = Elided(theme, "lead", 600)
        self._title.show_text(source.name)
        self._lamp = Lamp(theme)
        self._heard = Elided(theme, "small", ink="text2")
        self.address = CopyField(theme, self.tr("Address for {name}").format(name=source.name), clipboard)
        self.secret = Elided(theme, "small", ink="text2")
        self.replace = Button(theme, self.tr("Replace…"))
        self.replace.setAccessibleName(self.tr("Replace the secret of {name}…").format(name=source.name))
        self.remove = Button(theme, self.tr("Remove…"))
        self.remove.setAccessibleName(self.tr("Remove {name}…").format(name=source.name))
        self.field = SecretField(theme, self.tr("Secret"), clipboard, trimmed)
        self.store = Button(theme, self.tr("Store"), "primary")
        self.problem = NoteLine(theme)
        self._build()
        self._unfold(False)
        self.replace.clicked.connect(self.on_replace)
        self.remove.clicked.connect(self.on_remove)
        self.store.clicked.connect(self.on_store)

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self._lamp)
        state.addWidget(self._heard, 1)
        words.addWidget(self._title)
        words.addLayout(state)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        secret = QHBoxLayout()
        secret.setSpacing(8)
        secret.addWidget(self.secret, 1)
        secret.addWidget(self.replace)
        unfolded = QHBoxLayout()
        unfolded.setSpacing(0)
        unfolded.addWidget(self.field, 1)
        unfolded.addWidget(self.store)
        self.column.setContentsMargins(16, 12, 12, 8)
        self.column.setSpacing(4)
        self.column.addLayout(head)
        self.column.addWidget(self.address)
        self.column.addLayout(secret)
        self.column.addLayout(unfolded)
        self.column.addWidget(self.problem)

    def _unfold(self, shown: bool) -> None:
        self.field.setVisible(shown)
        self.store.setVisible(shown)
        self.replace.setVisible(not shown)

    def show_now(self) -> None:
        # In practice mode it leads only from this computer to itself.
        public = self._shop.tunnel.kind is not TunnelKind.NONE
        address = self._shop.address(self.source) if public else ""
        self.address.show_text(address)
        self.address.setVisible(bool(address))
        heard = self._shop.heard.get(self.source.id)
        self._lamp.show_level(Level.OK if heard else Level.OFF)
        if heard:
            time = stamp(heard, self._shop.locale, local(now()).date())
            self._heard.show_text(self.tr("Last heard at {time}").format(time=time))
        else:
            self._heard.show_text(self.tr("No message has arrived yet."))
        spawn(self._read_tails(), "read how the secrets end")

    async def _read_tails(self) -> None:
        try:
            tails = await self._shop.secret_tails(self.source.id)
        except UserError as problem:
            self.secret.show_text(str(problem))
            return
        self._has_secret = bool(tails)
        if not tails:
            self.secret.show_text(self.tr("There is no secret yet. Its messages are not counted."))
            self.replace.setText(self.tr("Add…"))
        else:
            self.secret.show_text(say("Secret ends with {tails}", tails=", ".join(tails)))
            self.replace.setText(self.tr("Add another…") if self._each_event else self.tr("Replace…"))

    async def _store(self, secret: str) -> None:
        try:
            await self._shop.set_secrets(self.source.id, (secret,), beside=self._each_event and self._has_secret)
        except UserError as problem:
            self.problem.tell("bad", str(problem))
        else:
            self.problem.clear()
            self.field.show_stored("")
            self._unfold(False)
            await self._read_tails()

    async def _remove(self) -> None:
        try:
            await self._shop.remove_source(self.source.id)
        except UserError as problem:
            self.problem.tell("bad", str(problem))

    @Slot()
    def on_replace(self) -> None:
        self._unfold(True)
        self.field.setFocus()

    @Slot()
    def on_store(self) -> None:
        if secret := self.field.text():
            spawn(self._store(secret), "store a secret")
        else:
            self._unfold(False)

    @Slot()
    def on_remove(self) -> None:
        self.question = Question(
            self._theme,
            self.tr("Remove {name}?").format(name=self.source.name),
            self.tr("Its address stops working and its secret is forgotten. The sales that came from it stay."),
            safe=self.tr("Keep it"),
            action=self.tr("Remove"),
            parent=self.window(),
        )
        self.question.accepted.connect(self.on_remove_accepted)
        self.question.open()

    @Slot()
    def on_remove_accepted(self) -> None:
        spawn(self._remove(), "remove a connection")


class ConnectionsGroup(QWidget):
    """All connections. Signals: `add_requested()`, the owner wants one more."""

    add_requested = Signal()

    def __init__(self, theme: Theme, shop: SetupDoor, clipboard: QClipboard) -> None:
        super().__init__()
        self._theme = theme
        self._shop = shop
        self._clipboard = clipboard
        self.cards: list[ConnectionCard] = []
        self.add = Button(theme, self.tr("Add another service…"), "", "plus")
        self.setAccessibleName(self.tr("Your connections"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(theme.label(self.tr("Your connections"), "heading"))
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addStretch(1)
        self._column.addLayout(row)
        self.add.clicked.connect(self.add_requested)

    def show_now(self) -> None:
        """One card for each source that there is now."""
        if [card.source.id for card in self.cards] != [source.id for source in self._shop.sources]:
            for card in self.cards:
                self._column.removeWidget(card)
                card.hide()
                card.deleteLater()
            self.cards = [
                ConnectionCard(self._theme, self._shop, source, self._clipboard) for source in self._shop.sources
            ]
            for place, card in enumerate(self.cards, 1):
                self._column.insertWidget(place, card)
        for card in self.cards:
            card.show_now()

    def unfold(self, source_id: str) -> ConnectionCard | None:
        """Let another secret be put in for this source; its card, if there is one."""
        card = next((card for card in self.cards if card.source.id == source_id), None)
        if card is not None:
            card.on_replace()
        return card
