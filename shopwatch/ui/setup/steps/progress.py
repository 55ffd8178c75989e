"""How far the connection has come: address, secret, first message."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from shopwatch.domain.connection.reach import ReachState
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.plan import Plan, upper
from shopwatch.secrets.vault import Vault
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.steps.progress_line import ProgressLine
from shopwatch.ui.widgets.frames.layout import column


class Progress(QWidget):
    """Three lines, each done, waited for or missing.

    Signals: `secret_wanted()`, `address_wanted()`: the owner goes back for what is missing.
    """

    secret_wanted = Signal()
    address_wanted = Signal()

    def __init__(self, theme: Theme, receiver: Receiver, vault: Vault, plan: Plan) -> None:
        super().__init__()
        self._receiver = receiver
        self._vault = vault
        self._plan = plan
        self._address, self._secret, self._message = (ProgressLine(theme) for _ in range(3))
        column(*(self._address, self._secret, self._message), inside=self)
        self._address.link.clicked.connect(self.address_wanted)
        self._secret.link.clicked.connect(self.secret_wanted)

    def show_now(self, *, address: bool, heard: bool) -> None:
        """`address`: there is one to give to the provider; `heard`: its first message has come."""
        self._show_address(there=address)
        self._show_secret()
        sentence = say("First message from {service}", service=self._plan.name)
        self._message.tell("done" if heard else "waiting", sentence)

    def _show_address(self, *, there: bool) -> None:
        reach = self._receiver.reach.state
        if not there:
            self._address.tell("missing", say("There is no public address yet"), say("Set it up"))
        elif reach is ReachState.ANSWERS:
            self._address.tell("done", say("The address answers from outside"))
        elif reach is ReachState.SILENT:
            silent = say("The address does not answer from outside")
            self._address.tell("missing", silent, say("Look at it"))
        else:
            self._address.tell("waiting", say("The address is being checked from outside"))

    def _show_secret(self) -> None:
        if self._plan.registered:
            sends = say("{service} knows the address")
            self._secret.tell("done", sends.format(service=upper(self._plan.name)))
        elif not self._is_told():
            self._secret.tell("missing", say("It is not described yet"), say("Describe it"))
        elif self._plan.described.secretless:
            name = upper(self._plan.name)
            self._secret.tell("done", say("{service} needs no secret", service=name))
        elif self._plan.tails:
            self._secret.tell("done", say("The secret is in {store}", store=self._vault.name))
        else:
            self._secret.tell("missing", say("The secret is still missing"), say("Paste it"))

    def _is_told(self) -> bool:
        """Whether the source has all options that its provider needs."""
        try:
            self._plan.provider.check_options(self._plan.source.options if self._plan.source else {})
        except UserError:
            return False
        return True
