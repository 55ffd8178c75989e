"""The line of a card about its secrets."""

from collections.abc import Callable

from PySide6.QtGui import QClipboard

from shopwatch.domain.i18n import say
from shopwatch.domain.instant import DAY
from shopwatch.domain.source import Source, Tails
from shopwatch.presenting.connections.connection_text import keeping, secret_text
from shopwatch.presenting.setup.secret_look import made, trimmed
from shopwatch.presenting.times import local
from shopwatch.providers.provider import Provider
from shopwatch.runtime.clock import now
from shopwatch.shop.sources.connections import Connections
from shopwatch.ui.connections.fold import Fold, Work
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.inputs.secret_field import SecretField

_USUAL_LENGTH = 32


class SecretRow(Fold):
    """How the secrets end. Another one may be put in their place, at once or after a while, or made where it stands in
    the address. `told` is called when they have changed.
    """

    def __init__(
        self,
        theme: Theme,
        connections: Connections,
        locale: str,
        source: Source,
        *,
        clipboard: QClipboard,
        told: Callable[[], None],
    ) -> None:
        super().__init__(theme, say("Secret"), source.name, say("Add…"))
        self._connections = connections
        self._locale = locale
        self._source = source
        self._told = told
        self._tails = Tails()
        self._provider: Provider | None = None
        self.field = SecretField(theme, say("Secret"), clipboard, trimmed)
        self.keep = Combo(theme, say("The old secret"))
        self._makes = theme.label(say("ShopWatch makes a new one. Copy the new address to the service then."))
        self._makes.setWordWrap(True)
        self.save.setText(say("Store"))
        self.body.addWidget(self.field)
        self.body.addWidget(self._makes)
        self.body.addWidget(self.keep)
        self.finish()

    def show_provider(self, provider: Provider | None) -> None:
        """As the source has it now."""
        self._provider = provider
        self.setVisible(provider is None or not provider.secretless)

    def show_tails(self, tails: Tails) -> None:
        self._tails = tails
        self.value.show_text(secret_text(tails, self._locale, local(now()).date()))
        if not tails.current:
            self.offer(say("Add…"))
        else:
            self.offer(say("Add another…") if self._beside else say("Replace…"))

    @property
    def _beside(self) -> bool:
        return self._provider is not None and self._provider.setup.secret_each_event and bool(self._tails.current)

    @property
    def _in_address(self) -> bool:
        return self._provider is not None and bool(self._provider.ending)

    def begin(self) -> None:
        self.field.setVisible(not self._in_address)
        self._makes.setVisible(self._in_address)
        self.keep.setVisible(bool(self._tails.current) and not self._beside)
        self.keep.clear()
        for length, words in keeping(now(), self._locale, local(now()).date()):
            self.keep.add(words, length)
        self.keep.setCurrentIndex(self.keep.findData(DAY))
        if self._in_address:
            self.save.setFocus()
        else:
            self.field.setFocus()

    def changed(self) -> Work | None:
        if self._in_address and self._provider is not None:
            secret = made(self._provider.setup.secret_length or _USUAL_LENGTH)
            return lambda: self._store(secret)
        typed = self.field.text()
        return (lambda: self._store(typed)) if typed else None

    async def _store(self, secret: str) -> None:
        keep_for = self.keep.currentData() if not self.keep.isHidden() else 0
        if keep_for:
            await self._connections.rotate_secret(self._source.id, secret, keep_for=keep_for)
        else:
            await self._connections.set_secrets(self._source.id, (secret,), beside=self._beside)
        self.field.show_stored("")
        self._told()

    def fold(self) -> None:
        self.field.show_stored("")
        super().fold()
