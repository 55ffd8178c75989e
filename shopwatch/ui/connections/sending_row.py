"""The line of a card about what its provider does with the address."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Slot

from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.presenting.level import Level
from shopwatch.presenting.status.endpoint_text import Deed, Sending
from shopwatch.providers.api import Api
from shopwatch.ui.connections.fold import Fold, Work
from shopwatch.ui.setup.fields.api_key import ApiKeyFields
from shopwatch.ui.widgets.inputs.buttons import Overhang
from shopwatch.ui.widgets.texts.lamp import Lamp
from shopwatch.ui.window.page_context import PageContext


class SendingRow(Fold):
    """How the provider treats the address, and the one button that mends it. `told` is called when that has changed."""

    def __init__(self, context: PageContext, source: Source, *, api: Api, told: Callable[[], None]) -> None:
        super().__init__(context.theme, say("Sending"), source.name, say("Switch over…"))
        self._shop = context.shop
        self._source = source
        self._api = api
        self._told = told
        self._said = Sending(Level.OFF, "")
        self._stored = False
        self.lamp = Lamp(context.theme)
        self.fields = ApiKeyFields(context.theme, context.shop.consents, context.clipboard, context.open_url)
        self.save.setText(say("Connect"))
        self.line.insertWidget(1, self.lamp)
        self.body.addLayout(Overhang(self.fields, start=True))
        self.finish()

    def show_now(self, said: Sending, *, stored: bool) -> None:
        """`stored`: there is an API key, so that none need be asked for."""
        self._said, self._stored = said, stored
        self.lamp.show_level(said.level)
        self.value.show_own(said.text)
        self.say_verb(said.verb)
        self.button.setVisible(bool(said.verb) and not self.is_open)
        self._stress(said.level in (Level.BAD, Level.WARN))
        self.problem.tell_lasting("warn", said.hint)

    def begin(self) -> None:
        self.fields.show_api(self._api, self._source.name, stored=self._stored, needed=True)
        self.fields.field.setFocus()

    @Slot()
    def on_unfold(self) -> None:
        source_id = self._source.id
        match self._said.deed:
            case Deed.SWITCH_OVER if self._stored:
                self._begin(self._switch_over)
            case Deed.MEND:
                self._begin(lambda: self._shop.endpoints.register(source_id))
            case Deed.LOOK:
                self._begin(lambda: self._shop.endpoints.check((source_id,)))
            case Deed.NEW_KEY | Deed.SWITCH_OVER:
                super().on_unfold()
            case Deed.NONE:
                pass

    def changed(self) -> Work | None:
        key = self.fields.field.text()
        return (lambda: self._connect(key)) if key else None

    async def _connect(self, key: str) -> None:
        source_id = self._source.id
        await self._shop.connections.set_api_key(source_id, key)
        self._told()
        if source_id in self._shop.ledger.endpoints.registered:
            await self._shop.endpoints.check((source_id,))
        else:
            await self._switch_over()
        self._told()

    async def _switch_over(self) -> None:
        await self._shop.endpoints.register(self._source.id)
        if (made := self._api.endpoints) is not None and made.secret_found:
            self.problem.tell("info", say(made.secret_found))

    def _begin(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        self.problem.clear()
        self.lamp.show_level(Level.OFF)
        self.value.show_text(say("Asking {service}…", service=self._source.name))
        self.attempt(lambda: self._done(work), "mend what a provider does with the address")

    async def _done(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        try:
            await work()
        finally:
            self._told()

    def _stress(self, stressed: bool) -> None:
        kind = "" if stressed else "quiet"
        if self.button.property("kind") != kind:
            self.button.setProperty("kind", kind)
            self.button.style().unpolish(self.button)
            self.button.style().polish(self.button)

    def fold(self) -> None:
        self.fields.forget(stored=self._stored)
        super().fold()
        self.button.setVisible(bool(self._said.verb))
