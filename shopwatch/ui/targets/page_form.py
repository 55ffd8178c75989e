"""Where the page of popular items goes, beside the public address."""

from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.words import say
from shopwatch.ui.targets.form import Form, named, one_line
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.secret_field import SecretField


class PageForm(Form):
    kind = TargetKind.PAGE

    def __init__(self, theme: Theme, clipboard: QClipboard) -> None:
        super().__init__(theme)
        self.say_below(
            say("The page of popular items is put there by every rule that refreshes it, at most every 15 seconds.")
        )
        self.folder = self.line(say("Folder on this computer"), "/var/www/shop")
        self.say_below(say("popular.html and popular.json are written into it."))
        self.url = self.line(say("Or an address, for the page"), "https://example.com/popular.html")
        self.data_url = self.line(say("And for its data"), "https://example.com/popular.json")
        self.say_below(say("Both are sent with PUT."))
        self.token = SecretField(theme, say("Token"), clipboard, one_line)
        self.put(say("Token, where the address asks for one"), self.token)
        self.local = QCheckBox(say("Allow an address on this computer"))
        self.local.setFont(theme.font("body"))
        self.column.addSpacing(8)
        self.column.addWidget(self.local)
        self.name = self.line(say("What you call it"), say("Our web site"))

    def show_target(self, target: Target) -> None:
        for field, option in self._fields():
            field.setText(target.options.get(option, ""))
        self.local.setChecked(target.options.get("local") == "yes")
        self.name.setText(target.name)

    def show_stored(self) -> None:
        self.keep(self.token)

    def target(self, kept: Target | None) -> Target:
        options = {option: text for field, option in self._fields() if (text := field.text().strip())}
        if self.local.isChecked():
            options["local"] = "yes"
        place = urlsplit(options.get("url", "")).hostname or Path(options.get("folder", "")).name
        return Target(kept.id if kept else "", self.kind, named(self.name.text(), place), options)

    def secret(self) -> str | None:
        return self.token.text().strip() or None

    @property
    def first(self) -> QWidget:
        return self.folder

    def _fields(self) -> tuple[tuple[QLineEdit, str], ...]:
        return (self.folder, "folder"), (self.url, "url"), (self.data_url, "data_url")
