"""How far the connection has come: address, secret, first message."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.reach import ReachState
from shopwatch.presenting.setup.plan import Plan, upper
from shopwatch.settings.vault import Vault
from shopwatch.shop.receiver import Receiver
from shopwatch.ui.setup.progress_line import ProgressLine
from shopwatch.ui.theme import Theme


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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for line in (self._address, self._secret, self._message):
            column.addWidget(line)
        self._address.link.clicked.connect(self.address_wanted)
        self._secret.link.clicked.connect(self.secret_wanted)

    def show_now(self, *, address: bool, heard: bool) -> None:
        """`address`: there is one to give to the provider; `heard`: its first message has come."""
        self._show_address(there=address)
        self._show_secret()
        sentence = self.tr("First message from {service}").format(service=self._plan.name)
        self._message.tell("done" if heard else "waiting", sentence)

    def _show_address(self, *, there: bool) -> None:
        reach = self._receiver.reach.state
        if not there:
            self._address.tell("missing", self.tr("There is no public address yet"), self.tr("Set it up"))
        elif reach is ReachState.ANSWERS:
            self._address.tell("done", self.tr("The address answers from outside"))
        elif reach is ReachState.SILENT:
            silent = self.tr("The address does not answer from outside")
            self._address.tell("missing", silent, self.tr("Look at it"))
        else:
            self._address.tell("waiting", self.tr("The address is being checked from outside"))

    def _show_secret(self) -> None:
        if self._plan.registered:
            sends = self.tr("{service} knows the address")
            self._secret.tell("done", sends.format(service=upper(self._plan.name)))
        elif not self._is_told():
            self._secret.tell("missing", self.tr("It is not described yet"), self.tr("Describe it"))
        elif self._plan.described.secretless:
            name = upper(self._plan.name)
            self._secret.tell("done", self.tr("{service} needs no secret").format(service=name))
        elif self._plan.tails:
            self._secret.tell("done", self.tr("The secret is in {store}").format(store=self._vault.name))
        else:
            self._secret.tell("missing", self.tr("The secret is still missing"), self.tr("Paste it"))

    def _is_told(self) -> bool:
        """Whether the source has all options that its provider needs."""
        try:
            self._plan.provider.check_options(self._plan.source.options if self._plan.source else {})
        except UserError:
            return False
        return True
