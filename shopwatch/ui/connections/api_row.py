"""The line of a card about the key by which its provider is asked."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QClipboard

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.providers.api import Api
from shopwatch.shop.sources.connections import Connections
from shopwatch.shop.sources.consents import Consents
from shopwatch.ui.connections.fold import Fold, Work
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.fields.api_key import ApiKeyFields
from shopwatch.ui.widgets.inputs.buttons import Button, Overhang


class ApiRow(Fold):
    """Whether there is a key, and what stands in the way of asking. `told` is called when that has changed."""

    def __init__(
        self,
        theme: Theme,
        connections: Connections,
        consents: Consents,
        source: Source,
        *,
        api: Api,
        clipboard: QClipboard,
        open_url: Callable[[str], object],
        told: Callable[[], None],
    ) -> None:
        super().__init__(theme, say("API key"), source.name, say("Add…"))
        self._connections = connections
        self._source = source
        self._api = api
        self._told = told
        self._stored = False
        self.fields = ApiKeyFields(theme, consents, clipboard, open_url)
        self.forget = Button(theme, say("Forget"), "quiet")
        self.forget.hide()
        self.forget.setAccessibleName(say("Forget the API key of {name}", name=source.name))
        self.save.setText(say("Store"))
        self.line.insertWidget(2, self.forget)
        self.body.addLayout(Overhang(self.fields, start=True))
        self.finish()
        self.forget.clicked.connect(self.on_forget)

    def show_key(self, *, stored: bool, problem: UserError | None) -> None:
        self._stored = stored
        self.forget.setVisible(stored)
        self.offer(say("Replace…") if stored else say("Add…"))
        if problem is not None:
            self.value.show_text(problem.title)
            self.problem.tell("warn", problem.hint)
        else:
            self.value.show_text(self._use() if stored else say("None. ShopWatch shows what the messages say."))
            self.problem.clear()

    def show_unreadable(self, why: str = "") -> None:
        self.forget.hide()
        self.problem.clear()
        super().show_unreadable(why)

    def _use(self) -> str:
        if self._api.fetch is None and self._api.missed is None:
            return say("Stored. ShopWatch tells its address by it.")
        return say("Stored. ShopWatch asks for what is missing.")

    def begin(self) -> None:
        self.fields.show_api(self._api, self._source.name, stored=self._stored)
        self.fields.field.setFocus()

    def changed(self) -> Work | None:
        key = self.fields.field.text()
        return (lambda: self._store(key)) if key else None

    async def _store(self, key: str) -> None:
        await self._connections.set_api_key(self._source.id, key)
        self._told()

    def fold(self) -> None:
        self.fields.forget(stored=self._stored)
        super().fold()

    async def _forget(self) -> None:
        await self._connections.forget_api_key(self._source.id)
        self._told()

    @Slot()
    def on_forget(self) -> None:
        self.attempt(self._forget, "forget an API key")
