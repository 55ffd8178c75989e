"""Where a secret is kept, and what whoever has it could do."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.providers.provider import Provider
from shopwatch.secrets.vault import Vault
from shopwatch.shop.receiving.health import Health
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.once import Once
from shopwatch.ui.setup.fields.store_card import StoreCard
from shopwatch.ui.widgets.frames.layout import column


class Kept(QWidget):
    """`store` is the card of the password store."""

    def __init__(self, theme: Theme, vault: Vault, health: Health) -> None:
        super().__init__()
        self._vault = vault
        self._health = health
        self._unlocking = Once()
        self.store = StoreCard(theme)
        self._warning = theme.label("", ink="text2")
        self._warning.setWordWrap(True)
        column(
            theme.label(say("Where it is kept"), "small", 600, ink="text2"),
            12,
            self.store,
            16,
            self._warning,
            inside=self,
        )
        self.store.unlock.clicked.connect(self.on_unlock)

    def show_now(self) -> None:
        self.store.tell(self._vault.name, self._health.vault_problem)

    def warn_of_secret(self, described: Provider, name: str) -> None:
        """Of the secret of this one, if it has any."""
        risk = say("Anyone who knows the secret can pretend to be {service}. Do not send it by e-mail or chat.")
        given = say("If it leaks, make a new one in {service} and paste it here.")
        chosen = say("If it leaks, replace it on the page Connections.")
        checks = say("Nobody can do harm with it: it only checks what {service} signs.")
        leaks = chosen if described.ending or described.setup.secret_length else given
        sentence = "" if described.secretless else checks if described.signs_alone else f"{risk} {leaks}"
        self._warn(sentence.format(service=name))

    def warn_of_key(self, name: str) -> None:
        """Of an API key."""
        risk = say("Anyone who has the key can do in {service} what it is allowed to. Do not send it to anybody.")
        leaks = say("If it leaks, withdraw it in {service} and paste a new one here.")
        self._warn(f"{risk} {leaks}".format(service=name))

    async def _unlock(self) -> None:
        await self._health.check_vault()

    @Slot()
    def on_unlock(self) -> None:
        self._unlocking.start(self._unlock, "check the password store")

    def _warn(self, sentence: str) -> None:
        self._warning.setText(sentence)
        self._warning.setVisible(bool(sentence))
