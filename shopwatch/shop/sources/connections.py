"""The shop's connections to its providers: their addresses, settings, secrets and keys."""

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.names import checked_name
from shopwatch.domain.source import Secrets, Source, Tails
from shopwatch.ledger.ledger import Ledger
from shopwatch.providers import PROVIDERS, provider
from shopwatch.providers.addresses import ALLOW, BLOCK, checked_list
from shopwatch.providers.kit.token import put_seal, redacted
from shopwatch.runtime.clock import now
from shopwatch.secrets import redaction
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.secret_store import SecretStore, tail
from shopwatch.shop.receiving.public_address import PublicAddress
from shopwatch.shop.sources.source_registry import SourceRegistry

if TYPE_CHECKING:
    from shopwatch.providers.provider import Provider


class Connections:
    """Changes them, and reads what is kept of them in the password store."""

    def __init__(
        self,
        ledger: Ledger,
        sources: SourceRegistry,
        address: PublicAddress,
        *,
        secrets: SecretStore,
        api_keys: ApiKeys,
    ) -> None:
        self._ledger = ledger
        self._sources = sources
        self._address = address
        self._secrets = secrets
        self._api_keys = api_keys

    async def whole_address(self, source: Source) -> str:
        """The public address of this source with its secret behind it, where that stands in it. Raises Outage."""
        address, known = self._address.of(source), provider(source.provider)
        if not address or known is None or not known.described(source.options).ending:
            return address
        return address + quote(next(iter((await self.secrets_of(source.id)).current), ""), safe="")

    async def add(self, provider_id: str, name: str = "", options: dict[str, str] | None = None) -> Source:
        """Connect a provider. Raises UserError if ShopWatch does not know it, or if the name or `options` are wrong;
        without any they are still to be told.
        """
        known = provider(provider_id)
        if known is None:
            raise UserError(
                say("ShopWatch does not know the provider “{provider}”.", provider=provider_id),
                say("It knows {providers}.", providers=", ".join(each.id for each in PROVIDERS)),
                code="provider-unknown",
            )
        kept = _check_options(known, options) if options is not None else {}
        added = await self._ledger.sources.add(provider_id, checked_name(name) or known.name, kept)
        await self._sources.changed()
        return added

    async def take_back(self, source_id: str) -> None:
        """Undo `add`, where storing its secret has failed, whatever the password store says to that."""
        with suppress(UserError):
            await self._secrets.forget(source_id)
        await self._remove_source(source_id)

    async def disconnect(self, source_id: str) -> None:
        """Hear nothing more of this source and forget its secrets; its sales stay. Raises UserError where the secrets
        cannot be forgotten now; the source stays with them, because nobody could name them afterwards.
        """
        try:
            await self._secrets.forget(source_id)
            await self._api_keys.forget(source_id)
        except UserError as failure:
            if failure.code != "vault-absent":  # where there is no password store, there is no secret
                raise
        await self._remove_source(source_id)

    async def _remove_source(self, source_id: str) -> None:
        await self._ledger.sources.remove(source_id)
        await self._sources.changed()

    async def set_options(self, source_id: str, options: dict[str, str]) -> None:
        """Replace all options of a source. Raises UserError if one is wrong; its code is "option-" and the key."""
        source = self._sources.known(source_id)
        known = provider(source.provider)
        await self._ledger.sources.set_options(source_id, _check_options(known, options) if known else options)
        await self._sources.changed()

    async def set_secrets(self, source_id: str, secrets: tuple[str, ...], *, beside: bool = False) -> None:
        """Store what this source's messages are checked with; `beside` keeps those already there. Raises UserError."""
        held = (await self.held(source_id)).current if beside else ()
        await self.keep(source_id, Secrets(current=tuple(dict.fromkeys((*held, *secrets)))))

    async def keep(self, source_id: str, secrets: Secrets) -> None:
        """Store these in place of all that there were. Raises UserError."""
        await self._secrets.write(source_id, secrets)
        await self._secrets_changed(source_id)

    async def rotate_secret(self, source_id: str, secret: str, *, keep_for: Instant = DAY) -> None:
        """Let `secret` sign from now on, and the present ones for `keep_for` more. Raises UserError."""
        await self._secrets.rotate(source_id, (secret,), now() + keep_for)
        await self._secrets_changed(source_id)

    async def forget_secrets(self, source_id: str) -> None:
        await self._secrets.forget(source_id)
        await self._secrets_changed(source_id)

    async def secrets_of(self, source_id: str) -> Secrets:
        """All secrets of a source; none if its sender has none. Raises Outage if the password store cannot be read or
        holds none."""
        source = self._sources.get(source_id)
        known = provider(source.provider) if source else None
        if source and known and known.described(source.options).secretless:
            return Secrets()
        return await self._secrets.read(source_id, self._provider_name(source_id))

    async def held(self, source_id: str) -> Secrets:
        """The same; none if there is no secret. Raises Outage."""
        try:
            return await self.secrets_of(source_id)
        except UserError as failure:
            if failure.code == "secret-missing":
                return Secrets()
            raise

    async def tails(self, source_id: str) -> Tails:
        """The last 4 characters of each secret that counts now; none if there is no secret. Raises Outage."""
        held = await self.held(source_id)
        previous = tuple(map(tail, held.previous)) if now() < held.previous_until else ()
        return Tails(tuple(map(tail, held.current)), previous, held.previous_until if previous else 0)

    async def set_api_key(self, source_id: str, key: str) -> None:
        """Store the key by which this source's provider is asked for what its messages lack. Raises UserError."""
        from shopwatch.providers.api import unfit
        from shopwatch.providers.apis import api_of

        source = self._sources.known(source_id)
        api, known = api_of(source.provider), provider(source.provider)
        if api is None or known is None:
            raise UserError(
                say("ShopWatch has nothing to ask of {provider}.", provider=self._provider_name(source_id)),
                say("Its messages need no API key."),
                code="api-none",
            )
        if problem := unfit(api, known, key):
            raise problem
        await self._api_keys.write(source_id, key)
        await self._secrets_changed(source_id)

    async def forget_api_key(self, source_id: str) -> None:
        """Ask this source's provider for nothing any more."""
        await self._api_keys.forget(source_id)
        await self._secrets_changed(source_id)

    async def has_api_key(self, source_id: str) -> bool:
        """Raises Outage."""
        return await self._api_keys.read(source_id) is not None

    def _provider_name(self, source_id: str) -> str:
        source = self._sources.get(source_id)
        known = provider(source.provider) if source else None
        return known.name if known else source_id

    async def _secrets_changed(self, source_id: str) -> None:
        await self._ledger.sources.touch_secrets(source_id)
        await self._sources.changed()
        await self._cover_known(source_id)

    async def _cover_known(self, source_id: str) -> None:
        """A secret that was stored just now may stand, in a wrong place, in what was not believed before."""
        hidden = redaction.known()
        await self._ledger.inbox.reseal(source_id, lambda request: redacted(request, hidden, put_seal(request)))


def _check_options(known: "Provider", options: dict[str, str]) -> dict[str, str]:
    """The options as they are kept. Raises UserError if one is wrong."""
    from shopwatch.providers.apis import api_of
    from shopwatch.providers.polling import POLL, checked_poll

    lists = {key: checked_list(options[key]) for key in (ALLOW, BLOCK) if key in options}
    if POLL in options:
        lists[POLL] = checked_poll(api_of(known.id), options[POLL])
    told = {key: value for key, value in options.items() if key not in lists}
    known.check_options(told)
    return told | lists
