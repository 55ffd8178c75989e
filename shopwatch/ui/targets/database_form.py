"""The owner's own database."""

from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QCheckBox, QWidget

from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.words import say
from shopwatch.ui.targets.form import Form, named, one_line
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.secret_field import SecretField


class DatabaseForm(Form):
    kind = TargetKind.DATABASE

    def __init__(self, theme: Theme, clipboard: QClipboard) -> None:
        super().__init__(theme)
        self.url = self.line(say("Address"), "postgresql://user@host/database")
        self.say_below(say("PostgreSQL, MySQL, MariaDB or SQLite."))
        self.password = SecretField(theme, say("Password"), clipboard, one_line)
        self.put(say("Password"), self.password)
        self.make_tables = QCheckBox(say("Let ShopWatch make the tables if they are missing"))
        self.make_tables.setFont(theme.font("body"))
        self.make_tables.setChecked(True)
        self.column.addSpacing(8)
        self.column.addWidget(self.make_tables)
        self.name = self.line(say("What you call it"), say("Accounts"))

    def show_target(self, target: Target) -> None:
        self.url.setText(target.options.get("url", ""))
        self.make_tables.setChecked(target.options.get("create") == "yes")
        self.name.setText(target.name)

    def show_stored(self) -> None:
        self.keep(self.password)

    def target(self, kept: Target | None) -> Target:
        from shopwatch.actions.database.store import address  # noqa: PLC0415 - its library is needed by this form only

        url, password = address(self.url.text())
        if password:
            # A password in the address belongs into the password store, and nowhere else.
            self.url.setText(url)
            self.password.line.setText(password)
        options = {"url": url} | ({"create": "yes"} if self.make_tables.isChecked() else {})
        name = named(self.name.text(), url.rpartition("/")[2].partition("?")[0])
        return Target(kept.id if kept else "", self.kind, name, options)

    def secret(self) -> str | None:
        return self.password.text().strip() or None

    @property
    def first(self) -> QWidget:
        return self.url
