"""The way of an API key: with it, ShopWatch tells the service its address, and the owner copies nothing."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.plan import Plan
from shopwatch.presenting.setup.secret_look import trimmed
from shopwatch.providers.apis import api_of
from shopwatch.runtime.tasks import spawn
from shopwatch.ui.setup.steps.progress_line import ProgressLine
from shopwatch.ui.widgets.frames.layout import column
from shopwatch.ui.widgets.inputs.buttons import Overhang
from shopwatch.ui.widgets.inputs.secret_field import SecretField
from shopwatch.ui.widgets.texts.sign import NoteLine
from shopwatch.ui.window.page_context import PageContext


class KeyWay(QWidget):
    """The field of the key, and how far the connecting has come. Nothing stays in the field once the key is stored.

    Signals: `changed()`, when what is typed or `busy` is another; `passed()`, the service sends here now;
    `option_refused(UserError)`, when something beside the key is not right; `secret_wanted()`, it sends here, but gives
    its secret to nobody but the owner.
    """

    changed = Signal()
    passed = Signal()
    option_refused = Signal(object)
    secret_wanted = Signal()

    def __init__(self, context: PageContext, plan: Plan) -> None:
        super().__init__()
        theme = context.theme
        self._shop = context.shop
        self._plan = plan
        self.busy = False
        self._name = theme.label("", "body", 500)
        self.field = SecretField(theme, say("API key"), context.clipboard, trimmed, main=True)
        self.problem = NoteLine(theme)
        self._key, self._told = ProgressLine(theme), ProgressLine(theme)
        column(self._name, 8, Overhang(self.field), 4, self.problem, self._key, self._told, inside=self)
        self.field.edited.connect(self.on_edited)
        self._rest()

    def show_provider(self) -> None:
        """Ask for the key of the one in the plan."""
        api = api_of(self._plan.provider.id)
        if api is not None:
            self._name.setText(say("{service}: {label}", service=self._plan.name, label=api.key.label))
            if not self.field.text():
                self._empty()

    def forget(self) -> None:
        """Begin anew, for another service."""
        self._empty()
        self.problem.clear()
        self._rest()

    @property
    def wants_to_connect(self) -> bool:
        """Whether there is something to be done before going on."""
        return bool(self.field.text()) or not self._plan.registered

    @property
    def primary(self) -> str:
        """What the button that goes on says."""
        connect = say("Connect {service}", service=self._plan.name)
        return connect if self.wants_to_connect else say("Continue")

    @property
    def summary(self) -> str:
        return say("By API key") if self._plan.registered else say("Not yet")

    def focus_first(self) -> None:
        self.field.line.setFocus(Qt.FocusReason.TabFocusReason)

    def go_on(self) -> None:
        """Store the key and tell the service. Ends in one of the signals, or in a sentence that says why not."""
        key = self.field.text()
        if self.busy:
            return
        if not self.wants_to_connect:
            self.passed.emit()
        elif not key and not self._plan.has_api_key:
            self._complain(UserError(say("Paste the API key, or choose “Do it by hand”.")))
        else:
            self._be_busy(True)
            spawn(self._register(key), "tell a provider the address")

    async def _register(self, key: str) -> None:
        store = self._shop.vault.name
        self.problem.clear()
        self._key.tell("waiting", say("The API key goes into {store}", store=store))
        self._key.show()
        try:
            if key:
                await self._plan.store_api_key(key)
                self._empty()
            self._key.tell("done", say("The API key is in {store}", store=store))
            self._told.tell("waiting", say("{service} is told your address…", service=self._plan.name))
            self._told.show()
            await self._plan.register()
        except UserError as problem:
            self._complain(problem)
        else:
            if self._plan.needs_secret:
                self.secret_wanted.emit()
            else:
                self.passed.emit()
        finally:
            self._rest()
            self._be_busy(False)

    def _complain(self, problem: UserError) -> None:
        if problem.code.startswith("option-"):
            self.option_refused.emit(problem)
        else:
            self.problem.tell("bad", str(problem))
            # Who hears the screen hears it with the field that takes the keyboard back.
            self.field.line.setAccessibleDescription(str(problem))
            self.focus_first()

    def _be_busy(self, busy: bool) -> None:
        self.busy = busy
        self.changed.emit()

    def _empty(self) -> None:
        self.field.show_stored(" " if self._plan.has_api_key else "")

    def _rest(self) -> None:
        for line in (self._key, self._told):
            line.hide()

    @Slot()
    def on_edited(self) -> None:
        self.problem.clear()
        self.field.line.setAccessibleDescription("")
        self.changed.emit()
