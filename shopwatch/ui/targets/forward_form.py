"""Another program that is told of what happens."""

from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QCheckBox, QWidget

from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.words import say
from shopwatch.ui.targets.form import Form, named
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.copy_field import CopyField


class ForwardForm(Form):
    kind = TargetKind.FORWARD

    def __init__(self, theme: Theme, clipboard: QClipboard) -> None:
        super().__init__(theme)
        self.url = self.line(say("Address"), "https://example.com/sales")
        self.how = self.combo(say("What is passed on"))
        self.how.add(say("What ShopWatch understood"), "event")
        self.how.add(say("The message, word for word"), "raw")
        self.local = QCheckBox(say("Allow an address on this computer"))
        self.local.setFont(theme.font("body"))
        self.column.addSpacing(8)
        self.column.addWidget(self.local)
        self.name = self.line(say("What you call it"), say("Accounts"))
        self.signing = CopyField(theme, say("Secret"), clipboard)
        inner = Form(theme)
        inner.put(say("Secret, to be copied into the other program"), self.signing)
        inner.say_below(say("Each message is signed with it by Standard Webhooks."))
        self.secret_part = inner
        self.column.addSpacing(8)
        self.column.addWidget(inner)
        inner.hide()

    def show_target(self, target: Target) -> None:
        self.url.setText(target.options.get("url", ""))
        self.how.setCurrentIndex(max(0, self.how.findData(target.options.get("as", "event"))))
        self.local.setChecked(target.options.get("local") == "yes")
        self.name.setText(target.name)

    def show_signing_secret(self, secret: str) -> None:
        """Show what the other program checks messages with."""
        self.signing.show_text(secret)
        self.secret_part.show()

    def target(self, kept: Target | None) -> Target:
        url = self.url.text().strip()
        host = url.partition("://")[2].partition("/")[0]
        options = {"url": url, "as": str(self.how.currentData())} | ({"local": "yes"} if self.local.isChecked() else {})
        return Target(kept.id if kept else "", self.kind, named(self.name.text(), host), options)

    def secret(self) -> str | None:
        return None

    @property
    def first(self) -> QWidget:
        return self.url
