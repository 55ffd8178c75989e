"""Step 3: the secret, and whatever else the service is told by."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.tasks import spawn
from shopwatch.providers.apis import api_of
from shopwatch.providers.custom import CUSTOM
from shopwatch.ui.once import Once
from shopwatch.ui.setup.api_key import ApiKeyFields
from shopwatch.ui.setup.description import Description
from shopwatch.ui.setup.hint import secret_hint
from shopwatch.ui.setup.hint_panel import HintPanel
from shopwatch.ui.setup.secret_block import SecretBlock
from shopwatch.ui.setup.secret_words import secret_words
from shopwatch.ui.setup.step import Kit, Step
from shopwatch.ui.setup.store_card import StoreCard
from shopwatch.ui.widgets.cards import Card
from shopwatch.ui.widgets.sign import NoteLine

_NARROW = 800


class SecretStep(Step):
    """What the service is told by beside its secret, the secret itself, and the API key where there is one.

    Nothing stays in the fields of a secret once it is stored.
    """

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit.theme, parent)
        theme, bridge = kit.theme, kit.bridge
        self._shop = kit.shop
        self._plan = kit.plan
        self._open_url = kit.open_url
        self._unlocking = Once()
        self._for = ""
        self._told = ""
        self.description = Description(theme, kit.shop)
        self.block = SecretBlock(theme, kit.clipboard)
        self.fields = self.block.fields
        self.another = self.block.another
        self.problem = NoteLine(theme)
        self.api_key = ApiKeyFields(theme, kit.clipboard)
        self._api_card = Card(16)
        self._hint = HintPanel(theme, kit.open_url)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.store = StoreCard(theme)
        self._warning = theme.label("", ink="text2")
        self._build()
        bridge.vault_changed.connect(self.on_vault_changed)
        self.description.edited.connect(self.on_described)
        self.block.edited.connect(self.on_edited)
        self.api_key.edited.connect(self.on_api_key)
        self.store.unlock.clicked.connect(self.on_unlock_clicked)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.on_paste)

    def _build(self) -> None:
        self._api_card.column.addWidget(self.theme.label(self.tr("API key"), "lead", 600))
        self._api_card.column.addWidget(self.api_key)
        self._halves.setSpacing(32)
        self._halves.addWidget(self._hint)
        self._halves.addLayout(self._right(), 1)
        self.column.addSpacing(32)
        self.column.addWidget(self.description)
        self.column.addWidget(self.block)
        self.column.addWidget(self.problem)
        self.column.addSpacing(24)
        self.column.addLayout(self._halves)
        self.column.addStretch(1)

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.theme.label(self.tr("Where it is kept"), "small", 600, ink="text2"))
        column.addSpacing(12)
        column.addWidget(self.store)
        column.addSpacing(16)
        self._warning.setWordWrap(True)
        column.addWidget(self._warning)
        column.addSpacing(24)
        column.addWidget(self._api_card)
        column.addStretch(1)
        return column

    def enter(self) -> None:
        plan = self._plan
        self.description.show_provider(plan.provider, plan.options, plan.source.id if plan.source else "")
        if self._for != plan.provider.id:
            self._for = plan.provider.id
            self.block.clear()
            self.api_key.forget(stored=plan.has_api_key)
            self.problem.clear()
        self._show_provider()
        self._render()

    def _show_provider(self) -> None:
        provider, name = self._plan.provider, self._plan.name
        described = self._plan.described
        words = secret_words(provider, described, name)
        self.say(words.heading, words.lead)
        self.description.setVisible(bool(provider.options))
        self.block.show_provider(described, words, name, self._plan.tails)
        drawn = words.wanted and bool(described.setup.menu) and not self._plan.generic
        where = self.tr("Where to find it in {service}").format(service=name)
        self._hint.show_provider(described, name, where, [words.found] if words.found else [])
        self._hint.show_drawing(secret_hint(described, name) if drawn else None)
        api = api_of(provider.id)
        self._api_card.setVisible(api is not None)
        if api is not None:
            self.api_key.show_api(api, name, stored=self._plan.has_api_key)
        self._warning.setVisible(not described.secretless)
        risk = self.tr("Anyone who knows the secret can pretend to be {service}. Do not send it by e-mail or chat.")
        given = self.tr("If it leaks, make a new one in {service} and paste it here.")
        chosen = self.tr("If it leaks, replace it on the page Connections.")
        leaks = chosen if described.ending or described.setup.secret_length else given
        self._warning.setText(f"{risk} {leaks}".format(service=name))

    def focus_first(self) -> None:
        asked = self._plan.provider is CUSTOM or any(option.required for option in self._plan.provider.options)
        if self.block.isHidden() and self.description.form is None:
            self._hint.focus_first()
        elif self.block.isHidden() or asked:
            self.description.focus_first()
        else:
            self.fields.shown[0].line.setFocus(Qt.FocusReason.TabFocusReason)

    def go_on(self) -> None:
        if self.busy:
            return
        self._plan.options = self.description.values
        try:
            self._plan.provider.check_options(self._plan.options)
        except UserError as problem:
            self._complain(problem)
            return
        wanted = not self.block.isHidden()
        secrets = self.fields.secrets if wanted else ()
        if wanted and not secrets and not self._plan.tails:
            self.problem.tell("bad", self.tr("Paste the secret, or choose “I do not have it yet”."))
            self.fields.shown[0].line.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self.busy = True
        self.changed.emit()
        spawn(self._store(secrets, self.api_key.field.text()), "store the secret")

    async def _store(self, secrets: tuple[str, ...], api_key: str) -> None:
        try:
            await self._plan.connect()
            if secrets:
                await self._plan.store(secrets)
                self.block.clear()
            if api_key and not self._api_card.isHidden():
                await self._plan.store_api_key(api_key)
                self.api_key.forget(stored=True)
        except UserError as problem:
            self._complain(problem)
        else:
            self.problem.clear()
            self._show_provider()
            self.passed.emit()
        finally:
            self.busy = False
            self._render()

    def _complain(self, problem: UserError) -> None:
        """Say what is wrong where it can be mended."""
        if problem.code.startswith("option-") and self.description.complain(problem):
            self.problem.clear()
        elif problem.code.startswith("api-"):
            self.api_key.note.tell("bad", str(problem))
        else:
            self.problem.tell("bad", str(problem))

    def go_aside(self) -> None:
        if not self.busy:
            self.busy = True
            self._plan.options = self.description.values
            spawn(self._without(), "connect without a secret")

    async def _without(self) -> None:
        try:
            await self._plan.connect(whole=False)
        except UserError as problem:
            self._complain(problem)
        else:
            self.passed.emit()
        finally:
            self.busy = False
            self._render()

    def _render(self) -> None:
        problem = self._shop.vault_problem
        self.store.tell(self._shop.vault_name, problem)
        if problem is not None:
            self.problem.tell("warn", str(problem))
        elif self.problem.text() == self._told:
            self.problem.clear()
        self._told = str(problem) if problem else ""
        wanted = not self.block.isHidden()
        typed = wanted and bool(self.fields.secrets)
        stored = bool(self._plan.tails) or not wanted
        self.primary = self.tr("Store and continue") if typed or not stored else self.tr("Continue")
        self.secondary = self.tr("I do not have it yet") if wanted else ""
        if self._plan.tails:
            self.summary = self.tr("Stored in {store}").format(store=self._shop.vault_name)
        else:
            self.summary = self.tr("Not yet") if wanted else self.tr("Not needed")
        self.changed.emit()

    @Slot()
    def on_described(self) -> None:
        self._plan.options = self.description.values
        self._show_provider()
        self._render()

    @Slot()
    def on_edited(self) -> None:
        self.problem.clear()
        self.block.look(self._plan.described, self._plan.providers)
        self._render()

    @Slot()
    def on_api_key(self) -> None:
        self._render()

    @Slot()
    def on_paste(self) -> None:
        if not self.block.isHidden():
            self.block.paste()

    @Slot()
    def on_unlock_clicked(self) -> None:
        self._unlocking.start(self._unlocked, "check the password store")

    async def _unlocked(self) -> None:
        await self._shop.check_vault()
        self._render()

    @Slot(object)
    def on_vault_changed(self, _fact: object) -> None:
        self._render()

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() - 128 >= self.theme.px(_NARROW)
        self._halves.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._hint.stand(beside=wide)
        super().resizeEvent(event)
