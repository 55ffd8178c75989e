"""Step 3: the secret, and whatever else the service is told by."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.hints import secret_hint
from shopwatch.presenting.setup.plan import Plan
from shopwatch.presenting.setup.secret_text import secret_words, words_of
from shopwatch.providers.apis import api_of
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.runtime.tasks import spawn
from shopwatch.ui.setup.fields.api_key import ApiKeyFields
from shopwatch.ui.setup.fields.description import Description
from shopwatch.ui.setup.fields.kept import Kept
from shopwatch.ui.setup.fields.key_facts import KeyFacts
from shopwatch.ui.setup.fields.key_way import KeyWay
from shopwatch.ui.setup.fields.secret_block import SecretBlock
from shopwatch.ui.setup.hints.hint_panel import HintPanel
from shopwatch.ui.setup.steps.step import SetupStep
from shopwatch.ui.widgets.frames.cards import Card
from shopwatch.ui.widgets.frames.layout import STRETCH, column
from shopwatch.ui.widgets.inputs.buttons import Button, Overhang
from shopwatch.ui.widgets.texts.sign import NoteLine
from shopwatch.ui.window.page_context import PageContext

_NARROW = 800


class SecretStep(SetupStep):
    """What the service is told by beside its secret, the secret itself, and the API key where there is one. Where a key
    is enough for all, only that is asked for, unless the owner would rather do it by hand.

    Nothing stays in the fields of a secret once it is stored.
    """

    def __init__(self, context: PageContext, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        theme, bridge = context.theme, context.bridge
        self._shop = context.shop
        self._plan = plan
        self._for = ""
        self.description = Description(theme, context.shop.ledger.inbox, context.shop.locale)
        self.block = SecretBlock(theme, context.clipboard)
        self.fields = self.block.fields
        self.another = self.block.another
        self.key_way = KeyWay(context, plan)
        self.use_key = Button(theme, say("Use an API key instead"), "link", "key")
        self.problem = NoteLine(theme)
        self.api_key = ApiKeyFields(theme, context.shop.consents, context.clipboard, context.open_url)
        self._api_card = Card(16)
        self._facts = KeyFacts(theme)
        self._hint = HintPanel(theme, context.open_url)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._kept = Kept(theme, context.shop.vault, context.shop.health)
        self.store = self._kept.store
        self._build()
        bridge.vault_changed.connect(self.on_vault_changed)
        self.description.edited.connect(self.on_described)
        self.block.edited.connect(self.on_edited)
        self.api_key.edited.connect(self.on_api_key)
        self.key_way.changed.connect(self.on_key_way)
        self.key_way.passed.connect(self.passed)
        self.key_way.option_refused.connect(self._complain)
        self.key_way.secret_wanted.connect(self.on_way_changed)
        self.use_key.clicked.connect(self.on_use_key)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.on_paste)

    def _build(self) -> None:
        self._api_card.column.addWidget(self.theme.label(say("API key"), "lead", 600))
        self._api_card.column.addLayout(Overhang(self.api_key, start=True))
        self._halves.setSpacing(32)
        self._halves.addLayout(column(self._facts, (self._hint, 1)))
        self._halves.addLayout(self._right(), 1)
        self.column.addSpacing(32)
        self.column.addLayout(Overhang(self.description, start=True))
        self.column.addWidget(self.key_way)
        self.column.addWidget(self.block)
        self.column.addWidget(self.use_key, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.problem)
        self.column.addSpacing(24)
        self.column.addLayout(self._halves)
        self.column.addStretch(1)

    def _right(self) -> QVBoxLayout:
        return column(self._kept, 24, self._api_card, STRETCH)

    def enter(self) -> None:
        plan = self._plan
        self.description.show_provider(plan.provider, plan.options, plan.source.id if plan.source else "")
        if self._for != plan.provider.id:
            self._for = plan.provider.id
            plan.by_hand = bool(plan.tails) and not plan.registered
            self.block.clear()
            self.api_key.forget(stored=plan.has_api_key)
            self.key_way.forget()
            self.problem.clear()
        self._show_provider()
        self._render()

    def _show_provider(self) -> None:
        provider, name = self._plan.provider, self._plan.name
        described = self._plan.described
        words = words_of(self._plan)
        self.say(words.heading, words.lead)
        self.description.setVisible(bool(provider.options) and (self._plan.by_key or not self._plan.registered))
        self.block.show_provider(described, words, name, self._plan.tails)
        usual = words.found == secret_words(provider, described, name).found
        drawn = words.wanted and usual and bool(described.setup.menu) and not self._plan.generic
        where = say("Where to find it in {service}", service=name)
        self._hint.show_provider(described, name, where, [words.found] if words.found else [])
        self._hint.show_drawing(secret_hint(described, name) if drawn else None)
        self._show_api(name)
        if self._plan.by_key:
            self._kept.warn_of_key(name)
        else:
            self._kept.warn_of_secret(described, name)

    def _show_api(self, name: str) -> None:
        api, by_key = api_of(self._plan.provider.id), self._plan.by_key
        by_hand = not by_key and not self._plan.registered
        self._halves.setStretch(0, 1 if by_key else 0)
        self._api_card.setVisible(api is not None and by_hand and not self._plan.can_register)
        self.use_key.setVisible(self._plan.can_register and by_hand)
        self.key_way.setVisible(by_key)
        self._facts.setVisible(by_key)
        if api is not None:
            self.api_key.show_api(api, name, stored=self._plan.has_api_key)
            self.key_way.show_provider()
            self._facts.show_api(api, name)

    def focus_first(self) -> None:
        asked = self._plan.provider is CUSTOM or any(option.required for option in self._plan.provider.options)
        if self._plan.by_key and self.description.form is None:
            self.key_way.focus_first()
        elif self.block.isHidden() and self.description.form is None:
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
        if self._plan.by_key:
            self.key_way.go_on()
            return
        wanted = not self.block.isHidden()
        secrets = self.fields.secrets if wanted else ()
        if wanted and not secrets and not self._plan.tails:
            self.problem.tell("bad", say("Paste the secret, or choose “I do not have it yet”."))
            self.fields.shown[0].line.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self.busy = True
        self.changed.emit()
        spawn(self._store(secrets, self.api_key.field.text()), "store the secret")

    async def _store(self, secrets: tuple[str, ...], api_key: str, *, whole: bool = True) -> None:
        try:
            await self._plan.connect(whole=whole)
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
        if self._plan.by_key:
            self._choose(by_hand=True)
        elif not self.busy:
            self.busy = True
            self._plan.options = self.description.values
            spawn(self._store((), self.api_key.field.text(), whole=False), "connect without a secret")

    def _choose(self, *, by_hand: bool) -> None:
        if not self.busy:
            self._plan.by_hand = by_hand
            self.on_way_changed()

    def _render(self) -> None:
        problem = self._shop.health.vault_problem
        self._kept.show_now()
        self.problem.tell_lasting("warn", str(problem or ""))
        if self._plan.by_key:
            self.primary, self.summary = self.key_way.primary, self.key_way.summary
            self.secondary = "" if self._plan.registered else say("Do it by hand")
        else:
            self._render_secret()
        self.changed.emit()

    def _render_secret(self) -> None:
        wanted = not self.block.isHidden()
        typed = wanted and bool(self.fields.secrets)
        stored = bool(self._plan.tails) or not wanted
        self.primary = say("Store and continue") if typed or not stored else say("Continue")
        self.secondary = say("I do not have it yet") if wanted else ""
        if self._plan.tails:
            self.summary = say("Stored in {store}", store=self._shop.vault.name)
        else:
            self.summary = say("Not yet") if wanted else say("Not needed")

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
    def on_key_way(self) -> None:
        self.busy = self.key_way.busy
        self._render()

    @Slot()
    def on_way_changed(self) -> None:
        self.problem.clear()
        self._show_provider()
        self._render()
        self.focus_first()

    @Slot()
    def on_use_key(self) -> None:
        self._choose(by_hand=False)

    @Slot()
    def on_paste(self) -> None:
        if self._plan.by_key:
            self.key_way.field.on_paste_clicked()
        elif not self.block.isHidden():
            self.block.paste()

    @Slot(object)
    def on_vault_changed(self, _fact: object) -> None:
        self._render()

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() - 128 >= self.theme.px(_NARROW)
        self._halves.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._hint.stand(beside=wide)
        super().resizeEvent(event)
