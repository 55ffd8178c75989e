"""What the assistant is about to connect."""

from collections.abc import Sequence

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.presenting.setup.secret_look import made
from shopwatch.providers.about import serves_any
from shopwatch.providers.apis import api_of
from shopwatch.providers.provider import Provider
from shopwatch.shop.shop import Shop

_USUAL_LENGTH = 32


class Plan:
    """The chosen provider, and its source as soon as there is one. Holds no secret, only the tails of stored ones.

    `extras` are the providers that are to be connected after this one. `by_hand`: the owner would rather copy address
    and secret than give an API key.
    """

    def __init__(self, shop: Shop, providers: Sequence[Provider]) -> None:
        self._shop = shop
        self.providers = tuple(providers)
        self.provider = self.providers[0]
        self.own_name = ""
        self.extras: list[Provider] = []
        self.source: Source | None = None
        self.tails: tuple[str, ...] = ()
        self.has_api_key = False
        self.by_hand = False
        self._options: dict[str, dict[str, str]] = {}

    @property
    def options(self) -> dict[str, str]:
        """What is told of the chosen provider beside its secret."""
        return self._options.setdefault(self.provider.id, {})

    @options.setter
    def options(self, options: dict[str, str]) -> None:
        self._options[self.provider.id] = options

    @property
    def described(self) -> Provider:
        """The chosen provider as the source will have it."""
        return self.provider.described(self.options)

    @property
    def generic(self) -> bool:
        """The choice stands for many services, so the owner has to name his."""
        return serves_any(self.provider)

    @property
    def name(self) -> str:
        """What sentences call the service."""
        if self.generic:
            return self.own_name or say("your service")
        return self.provider.name

    @property
    def can_register(self) -> bool:
        """Whether ShopWatch can tell the provider its address, once it has an API key."""
        api = api_of(self.provider.id)
        return api is not None and api.endpoints is not None and self._shop.receiver.tunnel.kind is not TunnelKind.NONE

    @property
    def by_key(self) -> bool:
        """Whether only an API key is to be asked for, and ShopWatch does the rest."""
        return self.can_register and not self.by_hand and not (self.registered and self.needs_secret)

    @property
    def registered(self) -> bool:
        """Whether it has told it."""
        known = self._shop.ledger.endpoints.registered.get(self.source.id) if self.source is not None else None
        return known is not None and bool(known.made_at)

    @property
    def needs_secret(self) -> bool:
        """Whether its messages cannot be checked before the owner has given a secret."""
        return not (self.tails or self.described.secretless or self.described.ending)

    @property
    def following(self) -> Provider | None:
        """Who is connected after this one."""
        return next((each for each in self.extras if each is not self.provider), None)

    def go_on(self) -> None:
        """Turn to the one that follows; what is connected stays."""
        following = self.following
        if following is not None:
            self.extras = [each for each in self.extras if each not in (self.provider, following)]
            self.provider = following
            self.source, self.tails, self.has_api_key = None, (), False

    async def connect(self, *, whole: bool = True) -> Source:
        """The source for the chosen provider: the one already made, or a new one, with the options of now.

        A source that was made for another choice and never got a secret is removed again. Unless it must be `whole`,
        options may be missing. A secret that stands in the address is made. Raises `UserError`.
        """
        options = self._checked(whole=whole)
        made_before = self.source
        if made_before is not None and made_before.provider != self.provider.id:
            if not self.tails:
                await self._shop.endpoints.remove_source(made_before.id)
            self.source, self.tails, self.has_api_key = None, (), False
        if self.source is None:
            left = self._left_over()
            name = self.own_name if self.generic else ""
            self.source = left or await self._shop.connections.add(self.provider.id, name, options or None)
            self.tails = (await self._shop.connections.tails(self.source.id)).current
        source = self.source
        if options and any(source.options.get(key) != value for key, value in options.items()):
            kept = {key: value for key, value in source.options.items() if key not in self._keys()}
            await self._shop.connections.set_options(source.id, kept | options)
            source = self.source = next((each for each in self._shop.sources.all if each.id == source.id), source)
        if self.described.ending and not self.tails:
            await self._keep((made(self.provider.setup.secret_length or _USUAL_LENGTH),))
        return source

    async def store(self, secrets: tuple[str, ...]) -> None:
        """Keep these secrets in the password store; beside the others where each event type has its own.

        Raises `UserError` if it cannot.
        """
        await self.connect()
        await self._keep(secrets)

    async def store_api_key(self, key: str) -> None:
        """Keep the key by which the provider is asked. Raises `UserError` if it cannot."""
        source = await self.connect()
        await self._shop.connections.set_api_key(source.id, key)
        self.has_api_key = True

    async def register(self) -> None:
        """Tell the provider where to send, by the stored API key. Raises `UserError`."""
        source = await self.connect()
        await self._shop.endpoints.register(source.id)
        self.tails = (await self._shop.connections.tails(source.id)).current
        self.source = next((each for each in self._shop.sources.all if each.id == source.id), source)

    async def _keep(self, secrets: tuple[str, ...]) -> None:
        if self.source is not None:
            beside = bool(self.tails) and self.provider.setup.secret_each_event
            await self._shop.connections.set_secrets(self.source.id, secrets, beside=beside)
            self.tails = (await self._shop.connections.tails(self.source.id)).current

    def _checked(self, *, whole: bool) -> dict[str, str]:
        try:
            self.provider.check_options(self.options)
        except UserError:
            if whole:
                raise
            return {}
        return self.options

    def _keys(self) -> frozenset[str]:
        return frozenset(each.key for each in self.provider.options)

    def _left_over(self) -> Source | None:
        """A source that an assistant made before it was closed early."""
        if self._shop.settings.current.setup_done:
            return None
        return next((source for source in self._shop.sources.all if source.provider == self.provider.id), None)


def upper(name: str) -> str:
    """The name at the beginning of a sentence; one with capitals of its own, such as eBay, stays."""
    return name if any(map(str.isupper, name)) else name[:1].upper() + name[1:]
