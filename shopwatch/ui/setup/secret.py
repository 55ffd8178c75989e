"""Step 3: the secret."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.tasks import spawn
from shopwatch.ui.once import Once
from shopwatch.ui.setup.hint import HintSpec, HintView
from shopwatch.ui.setup.secret_fields import SecretFields
from shopwatch.ui.setup.secret_look import look_at, removal
from shopwatch.ui.setup.step import Kit, Overhang, Step
from shopwatch.ui.setup.store_card import StoreCard
from shopwatch.ui.widgets.buttons import Button
from shopwatch.ui.widgets.link import Link
from shopwatch.ui.widgets.sign import NoteLine

_NARROW = 800


class SecretStep(Step):
    """One field, or several where each event type has a secret of its own. Nothing stays in them once it is stored."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit.theme, parent)
        theme, shop, bridge, clipboard = kit.theme, kit.shop, kit.bridge, kit.clipboard
        self._shop = shop
        self._plan = kit.plan
        self._open_url = kit.open_url
        self._unlocking = Once()
        self._for = ""
        self._told = ""
        self.fields = SecretFields(theme, clipboard)
        self._name = theme.label("", "body", 500)
        self.another = Button(theme, self.tr("Add another secret"), "link", "plus")
        self.problem = NoteLine(theme)
        self._hint = HintView(theme)
        self._where_title = theme.label("", "small", 600, ink="text2")
        self._link = Link(theme, self.tr("Open its settings"))
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.store = StoreCard(theme)
        self._warning = theme.label("", ink="text2")
        self.secondary = self.tr("I do not have it yet")
        self._build()
        bridge.vault_changed.connect(self.on_vault_changed)
        self.fields.edited.connect(self.on_edited)
        self.another.clicked.connect(self.on_another_clicked)
        self._link.clicked.connect(self.on_link_clicked)
        self.store.unlock.clicked.connect(self.on_unlock_clicked)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.on_paste)

    def _build(self) -> None:
        more = QHBoxLayout()
        more.addWidget(self.another)
        more.addStretch(1)
        self._halves.setSpacing(32)
        self._halves.addLayout(self._left())
        self._halves.addLayout(self._right(), 1)
        self.column.addSpacing(32)
        self.column.addWidget(self._name)
        self.column.addSpacing(8)
        self.column.addLayout(Overhang(self.fields))
        self.column.addLayout(more)
        self.column.addWidget(self.problem)
        self.column.addSpacing(24)
        self.column.addLayout(self._halves)
        self.column.addStretch(1)

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(self._where_title)
        column.addWidget(self._hint)
        link = QHBoxLayout()
        link.addWidget(self._link)
        link.addStretch(1)
        column.addLayout(link)
        column.addStretch(1)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.theme.label(self.tr("Where it is kept"), "small", 600, ink="text2"))
        column.addSpacing(12)
        column.addWidget(self.store)
        column.addSpacing(24)
        self._warning.setWordWrap(True)
        column.addWidget(self._warning)
        column.addStretch(1)
        return column

    def enter(self) -> None:
        provider, name = self._plan.provider, self._plan.name
        words = provider.setup
        self.say(
            self.tr("Paste the secret from {service}").format(service=name),
            self.tr(
                "With the secret, ShopWatch can tell a real message from a forged one. Messages that fail the check "
                "never count as sales."
            ),
        )
        if words.secret_each_event:
            sentence = self.tr("{service} makes one secret for each kind of event. Add them all.")
            self.lead.setText(f"{self.lead.text()} {sentence.format(service=name)}")
        self._name.setText(
            self.tr("{service}: {label}").format(service=name, label=words.secret_label)
            if self._plan.generic or " " in words.secret_label
            else self.tr("{service} signing secret").format(service=name)
        )
        self._where_title.setText(self.tr("Where to find it in {service}").format(service=name))
        self._hint.show_spec(
            HintSpec(
                page=_page(words.settings_url) or name,
                menu=words.menu,
                label=words.secret_label,
                value=(words.secret_prefixes[0] if words.secret_prefixes else "") + " " + "•" * 16,
                buttons=(self.tr("Show"), self.tr("Copy")),
            )
        )
        self._link.setVisible(bool(words.settings_url))
        self._link.setText(self.tr("Open {service}’s settings").format(service=name))
        self._warning.setText(
            self.tr(
                "Anyone who knows the secret can pretend to be {service}. Do not send it by e-mail or chat. If it "
                "leaks, make a new one in {service} and paste it here."
            ).format(service=name)
        )
        self.another.setVisible(words.secret_each_event)
        self._show_fields()
        self._render()

    def _show_fields(self) -> None:
        if self._for != self._plan.provider.id:
            self._for = self._plan.provider.id
            self.fields.clear()
            self.another.setEnabled(True)
        self.fields.show_tails(self._plan.tails)

    def focus_first(self) -> None:
        self.fields.shown[0].line.setFocus(Qt.FocusReason.TabFocusReason)

    def go_on(self) -> None:
        secrets = self.fields.secrets
        if not secrets and self._plan.tails:
            self.passed.emit()
        elif not secrets:
            self.problem.tell("bad", self.tr("Paste the secret, or choose “I do not have it yet”."))
            self.focus_first()
        elif not self.busy:
            self.busy = True
            self.changed.emit()
            spawn(self._store(secrets), "store the secret")

    async def _store(self, secrets: tuple[str, ...]) -> None:
        try:
            await self._plan.store(secrets)
        except UserError as problem:
            self.problem.tell("bad", str(problem))
        else:
            self.problem.clear()
            self.fields.clear()
            self._show_fields()
            self.passed.emit()
        finally:
            self.busy = False
            self._render()

    def go_aside(self) -> None:
        if not self.busy:
            self.busy = True
            spawn(self._without(), "connect without a secret")

    async def _without(self) -> None:
        try:
            await self._plan.connect()
        except UserError as problem:
            self.problem.tell("bad", str(problem))
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
        self.primary = self.tr("Continue") if self._plan.tails and not self._typed() else self.tr("Store and continue")
        stored = self.tr("Stored in {store}").format(store=self._shop.vault_name)
        self.summary = stored if self._plan.tails else self.tr("Not yet")
        self.changed.emit()

    def _typed(self) -> bool:
        return bool(self.fields.secrets)

    @Slot()
    def on_edited(self) -> None:
        self.problem.clear()
        for field, note in zip(self.fields.shown, self.fields.notes, strict=True):
            secret = field.text()
            removed = removal(field.removed_from, secret) if field.removed_from else ""
            look = look_at(secret, removed, self._plan.provider, self._plan.providers)
            note.tell("ok" if look.sure else "warn", look.sentence)
        self._render()

    @Slot()
    def on_paste(self) -> None:
        empty = next((field for field in self.fields.shown if not field.text()), self.fields.shown[-1])
        empty.paste()
        empty.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def on_another_clicked(self) -> None:
        self.fields.grow().line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.another.setEnabled(self.fields.can_grow)

    @Slot()
    def on_link_clicked(self) -> None:
        self._open_url(self._plan.provider.setup.settings_url)

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
        super().resizeEvent(event)


def _page(url: str) -> str:
    """How a browser's address line shows it."""
    return url.partition("://")[2].rstrip("/")
