"""Where an API key is found, and the least that it must be allowed to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.key_text import scopes_of
from shopwatch.providers.api import Api
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.texts.sign import NoteLine, Sign

_MOST = 8


class KeyFacts(QWidget):
    """Both, each under its title."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._where = theme.label("", "small", 600, ink="text2")
        self._found = theme.label("")
        self._found.setWordWrap(True)
        self._rights = theme.label("", "small", 600, ink="text2")
        self._scopes = [_Right(theme) for _ in range(_MOST)]
        self._parts = NoteLine(theme)
        column(self._where, 12, self._found, 8, self._parts, 16, self._rights, 8, *self._scopes, 20, inside=self)

    def show_api(self, api: Api, name: str) -> None:
        self._where.setText(say("Where to find it in {service}", service=name))
        self._found.setText(say(api.key.found))
        several = say("Paste its {n} parts with a colon between.", n=api.key.parts)
        self._parts.tell("info", several if api.key.parts > 1 else "")
        scopes = scopes_of(api)
        self._rights.setText(say("What it must be allowed to do, and no more"))
        self._rights.setVisible(bool(scopes))
        for place, right in enumerate(self._scopes):
            right.tell(scopes[place] if place < len(scopes) else "")


class _Right(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._label = theme.label("")
        self._label.setWordWrap(True)
        row(
            (Sign(theme, "check-bold", 16, "ok"), 0, Qt.AlignmentFlag.AlignTop),
            (self._label, 1),
            inside=self,
            margins=(0, 2, 0, 2),
            gap=12,
        )

    def tell(self, scope: str) -> None:
        self._label.setText(scope)
        self.setVisible(bool(scope))
