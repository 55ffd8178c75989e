"""The key by which a provider is asked for what its messages lack."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.key_text import found_at
from shopwatch.presenting.setup.secret_look import trimmed
from shopwatch.providers.api import Api, purpose, without
from shopwatch.providers.api_kit.consent import Consent
from shopwatch.shop.sources.consents import Consents
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.hints.consent_dialog import ConsentDialog
from shopwatch.ui.widgets.frames.layout import column
from shopwatch.ui.widgets.inputs.buttons import RING, Button, Overhang
from shopwatch.ui.widgets.inputs.secret_field import SecretField
from shopwatch.ui.widgets.texts.sign import NoteLine


class ApiKeyFields(QWidget):
    """What the key is for, where it is found, and its field. Nothing stays in the field once it is stored.

    Where the service gives a part of it by consent alone, `allow` asks for that. Signals: `edited()`.
    """

    edited = Signal()

    def __init__(
        self, theme: Theme, consents: Consents, clipboard: QClipboard, open_url: Callable[[str], object]
    ) -> None:
        super().__init__()
        self._theme = theme
        self._consents = consents
        self._clipboard = clipboard
        self._open_url = open_url
        self._asks: tuple[Consent, str, str] | None = None
        self.dialog: ConsentDialog | None = None
        self._why = theme.label("", ink="text2")
        self._why.setWordWrap(True)
        self._where = theme.label("", "small", ink="text2")
        self._where.setWordWrap(True)
        self.field = SecretField(theme, say("API key"), clipboard, trimmed)
        self.allow = Button(theme, say("Allow in the browser…"), "", "arrow-square-out")
        self.note = NoteLine(theme)
        row = Overhang(self.allow, start=True)
        row.addStretch(1)
        column(self._why, self.field, self._where, row, self.note, inside=self, margins=(RING, 0, 0, 0), gap=4)
        self.field.edited.connect(self.on_edited)
        self.allow.clicked.connect(self.on_allow)

    def show_api(self, api: Api, service: str, *, stored: bool, needed: bool = False) -> None:
        """For this provider; `stored`: there is a key already, `needed`: it is asked for to tell the address."""
        tells = say("With it ShopWatch tells {service} its public address, and each new one.", service=service)
        self._why.setText(tells if needed else f"{purpose(api, service)} {without(api)}")
        self._where.setText(found_at(api))
        self._asks = (api.consent, api.provider, service) if api.consent is not None else None
        self.allow.setVisible(self._asks is not None)
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

    @Slot()
    def on_allow(self) -> None:
        if self._asks is None:
            return
        consent, provider_id, service = self._asks
        self.dialog = ConsentDialog(
            self._theme,
            self._consents,
            consent,
            provider_id=provider_id,
            service=service,
            clipboard=self._clipboard,
            open_url=self._open_url,
            parent=self.window(),
        )
        self.dialog.allowed.connect(self.on_allowed)
        self.dialog.open()

    @Slot(str)
    def on_allowed(self, key: str) -> None:
        """What has come is stored like a key that was pasted."""
        self.field.write(key)
        self.note.tell("ok", say("Allowed. Store it, and ShopWatch begins to ask."))
