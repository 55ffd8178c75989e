"""The key by which a provider is asked for what its messages lack."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shopwatch.domain.words import say
from shopwatch.providers.api import Api, purpose
from shopwatch.ui.setup.secret_look import trimmed
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.secret_field import SecretField
from shopwatch.ui.widgets.sign import NoteLine


def scopes_of(api: Api) -> tuple[str, ...]:
    """The least that the key must be allowed to do, for all that it is good for."""
    more = api.endpoints.scopes if api.endpoints is not None else ()
    # "Webhooks: read" is in "Webhooks: read, create".
    return (*(each for each in api.key.scopes if not any(other.startswith(each) for other in more)), *more)


def found_at(api: Api) -> str:
    """Where the key is, and the least that it must be allowed to do."""
    called = say("It is called “{label}”.", label=api.key.label)
    parts = [called, say(api.key.found)]
    if scopes := scopes_of(api):
        parts.append(say("It needs no more than {scopes}.", scopes=", ".join(scopes)))
    if api.key.parts > 1:
        parts.append(say("Paste its {n} parts with a colon between.", n=api.key.parts))
    return " ".join(parts)


class ApiKeyFields(QWidget):
    """What the key is for, where it is found, and its field. Nothing stays in the field once it is stored.

    Signals: `edited()`.
    """

    edited = Signal()

    def __init__(self, theme: Theme, clipboard: QClipboard) -> None:
        super().__init__()
        self._why = theme.label("", ink="text2")
        self._why.setWordWrap(True)
        self._where = theme.label("", "small", ink="text2")
        self._where.setWordWrap(True)
        self.field = SecretField(theme, self.tr("API key"), clipboard, trimmed)
        self.note = NoteLine(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._why)
        column.addWidget(self.field)
        column.addWidget(self._where)
        column.addWidget(self.note)
        self.field.edited.connect(self.on_edited)

    def show_api(self, api: Api, service: str, *, stored: bool, needed: bool = False) -> None:
        """For this provider; `stored`: there is a key already, `needed`: it is asked for to tell the address."""
        tells = say("With it ShopWatch tells {service} its public address, also when that changes.", service=service)
        left_out = self.tr("You may leave it out.")
        self._why.setText(tells if needed else f"{purpose(api, service)} {left_out}")
        self._where.setText(found_at(api))
        if not self.field.text():
            self.field.show_stored(" " if stored else "")

    def forget(self, *, stored: bool) -> None:
        """Empty the field."""
        self.field.show_stored(" " if stored else "")
        self.note.clear()

    @Slot()
    def on_edited(self) -> None:
        self.note.clear()
        self.edited.emit()
