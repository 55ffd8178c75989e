"""What the assistant is about to connect. No Qt."""

from collections.abc import Sequence

from shopwatch.domain.source import Source
from shopwatch.domain.words import say
from shopwatch.providers.provider import Provider
from shopwatch.providers.standard_webhooks import STANDARD_WEBHOOKS
from shopwatch.ui.setup.door import SetupDoor


class Plan:
    """The chosen provider, and its source as soon as there is one. Holds no secret, only the tails of stored ones."""

    def __init__(self, shop: SetupDoor, providers: Sequence[Provider]) -> None:
        self._shop = shop
        self.providers = tuple(providers)
        self.provider = self.providers[0]
        self.own_name = ""
        self.source: Source | None = None
        self.tails: tuple[str, ...] = ()

    @property
    def generic(self) -> bool:
        """The choice is "another service", known only by the standard that it follows."""
        return self.provider is STANDARD_WEBHOOKS

    @property
    def name(self) -> str:
        """What sentences call the service."""
        if self.generic:
            return self.own_name or say("your service")
        return self.provider.name

    async def connect(self) -> Source:
        """The source for the chosen provider: the one already made, or a new one.

        A source that was made for another choice and never got a secret is removed again. Raises `UserError`.
        """
        made = self.source
        if made is not None and made.provider != self.provider.id:
            if not self.tails:
                await self._shop.remove_source(made.id)
            self.source, self.tails = None, ()
        if self.source is None:
            self.source = self._left_over() or await self._shop.add_source(self.provider.id, self.own_name)
            self.tails = await self._shop.secret_tails(self.source.id)
        return self.source

    async def store(self, secrets: tuple[str, ...]) -> None:
        """Keep these secrets in the password store; beside the others where each event type has its own.

        Raises `UserError` if it cannot.
        """
        source = await self.connect()
        beside = bool(self.tails) and self.provider.setup.secret_each_event
        await self._shop.set_secrets(source.id, secrets, beside=beside)
        self.tails = await self._shop.secret_tails(source.id)

    def _left_over(self) -> Source | None:
        """A source that an assistant made before it was closed early."""
        if self._shop.settings.setup_done:
            return None
        return next((source for source in self._shop.sources if source.provider == self.provider.id), None)


def upper(name: str) -> str:
    """The name at the beginning of a sentence."""
    return name[:1].upper() + name[1:]
