"""The mail account that e-mails to customers are sent from."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QWidget

from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.words import say
from shopwatch.ui.targets.form import Form, one_line
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.secret_field import SecretField

_PORTS = {"starttls": "587", "tls": "465", "none": "25"}
_MOST = "100"


class MailForm(Form):
    """Server, port and encryption follow from the address where it is of a common mail service."""

    kind = TargetKind.MAIL

    def __init__(self, theme: Theme, clipboard: QClipboard) -> None:
        super().__init__(theme)
        self._preset = ""
        self.address = self.line(say("Your e-mail address"), "shop@example.com")
        self.password = SecretField(theme, say("Password"), clipboard, one_line)
        self.put(say("Password"), self.password)
        self.say_below(say("Many mail services want an app password here, made on their own pages."))
        self.name = self.line(say("Name that customers see"), say("the name of your shop"))
        self.host = self.line(say("Mail server"), "smtp.example.com")
        self.security = self.combo(say("Encryption"))
        for key, text in (("starttls", "STARTTLS"), ("tls", "TLS"), ("none", say("None, on this computer only"))):
            self.security.add(text, key)
        self.port = self.line(say("Port"))
        self.port.setMaxLength(5)
        self.user = self.line(say("Sign-in name"), say("the same as the address"))
        self.reply_to = self.line(say("Answers go to"), say("the same as the address"))
        self.most = self.line(say("Most e-mails in an hour"))
        self.most.setMaxLength(5)
        self.port.setText(_PORTS["starttls"])
        self.most.setText(_MOST)
        self.address.textEdited.connect(self.on_address_edited)
        self.security.activated.connect(self.on_security_chosen)

    def show_target(self, target: Target) -> None:
        options = target.options
        self.address.setText(options.get("from", ""))
        self.name.setText(options.get("name", ""))
        self.host.setText(options.get("host", ""))
        self.port.setText(options.get("port", _PORTS["starttls"]))
        self.security.setCurrentIndex(max(0, self.security.findData(options.get("security", "starttls"))))
        self.user.setText("" if options.get("user") == options.get("from") else options.get("user", ""))
        self.reply_to.setText(options.get("reply_to", ""))
        self.most.setText(options.get("most_an_hour", _MOST))

    def show_stored(self) -> None:
        self.keep(self.password)

    def target(self, kept: Target | None) -> Target:
        address = self.address.text().strip()
        options = {
            "from": address,
            "name": self.name.text().strip(),
            "host": self.host.text().strip(),
            "port": self.port.text().strip(),
            "security": str(self.security.currentData()),
            "user": self.user.text().strip() or address,
            "reply_to": self.reply_to.text().strip(),
            "most_an_hour": self.most.text().strip() or _MOST,
        }
        return Target(kept.id if kept else "", self.kind, address, {key: each for key, each in options.items() if each})

    def secret(self) -> str | None:
        return self.password.text().strip() or None

    @property
    def first(self) -> QWidget:
        return self.address

    @Slot(str)
    def on_address_edited(self, text: str) -> None:
        """Fill in what is known of this mail service, unless the owner has written a server."""
        from shopwatch.actions.mail.account import PRESETS  # noqa: PLC0415 - its library is needed by this form only

        known = PRESETS.get(text.strip().rpartition("@")[2].lower())
        if known is not None and self.host.text().strip() in ("", self._preset):
            host, port, security = known
            self._preset = host
            self.host.setText(host)
            self.port.setText(str(port))
            self.security.setCurrentIndex(self.security.findData(security.value))

    @Slot()
    def on_security_chosen(self) -> None:
        """The port that belongs to this encryption, unless the owner has chosen another."""
        if self.port.text().strip() in ("", *_PORTS.values()):
            self.port.setText(_PORTS[str(self.security.currentData())])
