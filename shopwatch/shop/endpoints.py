"""Endpoints at the providers: made, looked after, mended and removed; and who has which public address."""

import asyncio
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from shopwatch.domain.endpoint import Endpoint, Registered, Standing
from shopwatch.domain.errors import UserError
from shopwatch.domain.reach import TunnelKind, TunnelState
from shopwatch.domain.source import Source
from shopwatch.domain.words import say
from shopwatch.providers import provider_name
from shopwatch.shop.catching_up import CatchingUp
from shopwatch.shop.connections import Connections
from shopwatch.shop.receiver import Receiver

if TYPE_CHECKING:
    from shopwatch.recovery.guardian import Guardian
    from shopwatch.recovery.registrar import Registrar

_REMOVAL = 20.0
"""Seconds that a provider has for letting go of an endpoint."""


class EndpointsAtProviders(Connections, CatchingUp):
    """A part of the facade; `Shop` is the whole."""

    receiver: Receiver
    _registrar: "Registrar | None" = None
    _guardian: "Guardian | None" = None

    @property
    def endpoints(self) -> Mapping[str, Registered]:
        """The endpoints that are known, by source id, as they were last read."""
        return self.ledger.endpoints.registered

    def endpoint_problem(self, source: Source) -> UserError | None:
        """What is wrong with how its messages are sent, or stood in the way of seeing that; None if nothing is."""
        known = self.endpoints.get(source.id)
        if known is not None and known.problem:
            from shopwatch.providers.apis import api_of
            from shopwatch.providers.endpoints import explain_endpoint

            api = api_of(source.provider)
            return explain_endpoint(known.problem, provider_name(source), api.endpoints if api is not None else None)
        if source in self.stale_sources:
            return UserError(
                say("{provider} still has the old address.", provider=provider_name(source)),
                say("Copy the new one there, then say so: `shopwatch source told {source}`.", source=source.id),
                code="endpoint-stale",
            )
        return None if known is None or known.endpoint.well else _standing(source, known.endpoint)

    def can_register(self, source: Source) -> bool:
        """Whether the provider can be told of the public address by its API."""
        from shopwatch.providers.apis import api_of

        api = api_of(source.provider)
        return api is not None and api.endpoints is not None

    async def register(self, source_id: str) -> None:
        """Make the endpoint at the provider, by the API key that is stored, and keep the secrets that come with it.

        Done again it makes whole what was cut short. Raises UserError.
        """
        source = self.sources.known(source_id)
        url = await self.whole_address(source)
        if self.receiver.tunnel.kind is TunnelKind.NONE or not url:
            raise _no_address(source)
        await self._registers().register(source, url)
        self.look_for_missed((source_id,))

    async def mend_endpoint(self, source_id: str) -> None:
        """Have the endpoint switched on, at the present address and for every type of message. Raises UserError."""
        await self.register(source_id)

    async def check_endpoints(self, source_ids: Collection[str] | None = None) -> None:
        """Ask the providers how the endpoints of these sources stand, or all; `endpoints` tells. Raises Outage."""
        from shopwatch.recovery.registrar import Unregistered

        async def check(source: Source) -> None:
            try:
                await self._registers().check(source)
            except Unregistered:
                return  # it is noted with the endpoint

        wanted = [each for each in self.sources.all if source_ids is None or each.id in source_ids]
        await asyncio.gather(*[check(each) for each in wanted if each.id in self.endpoints])
        if self._guardian is not None:
            self._guardian.wake()

    async def remove_source(self, source_id: str) -> UserError | None:
        """Disconnect a source and forget its secrets; its sales stay.

        Its endpoint at the provider goes first; what the owner has to do where it did not, or None. Raises UserError
        where the secrets cannot be forgotten now; the source then stays.
        """
        left = await self._removed_endpoint(source_id)
        await self._disconnect(source_id)
        return left

    @property
    def stale_sources(self) -> tuple[Source, ...]:
        """Those whose provider still has an old public address, and is told of the new one by the owner or nobody."""
        return tuple(each for each in self._behind() if not self._follows(each))

    async def address_told(self, source_id: str) -> None:
        """The owner has given the present public address to this provider. Raises UserError."""
        source = self.sources.known(source_id)
        if self.receiver.tunnel.kind is TunnelKind.NONE or not self._shown_base:
            raise _no_address(source)
        await self.ledger.endpoints.note_address((source_id,), self._shown_base)

    def _source(self, source_id: str) -> Source:
        return self.sources.known(source_id)

    def _base(self) -> str:
        """The public address that is open now, or empty."""
        tunnel = self.receiver.tunnel
        open_now = tunnel.state in (TunnelState.ONLINE, TunnelState.URL_CHANGED)
        return tunnel.public_url.rstrip("/") if open_now and tunnel.kind is not TunnelKind.NONE else ""

    def _behind(self) -> list[Source]:
        from shopwatch.providers.polling import POLL

        base, told = self._base(), self.ledger.endpoints.addresses
        if not base:
            return []
        return [each for each in self.sources.all if told.get(each.id, base) != base and not each.options.get(POLL)]

    def _everybody_told(self) -> bool:
        """Whether every provider surely has the public address that is open now."""
        return self.ledger.endpoints.addresses.keys() >= {each.id for each in self.sources.all} and not self._behind()

    def _follows(self, source: Source) -> bool:
        if (known := self.endpoints.get(source.id)) is None:
            return False
        from shopwatch.providers.endpoints import follows

        return follows(known)

    def _registers(self) -> "Registrar":
        from shopwatch.recovery.asker import Asker
        from shopwatch.recovery.registrar import Registrar

        if self._registrar is None:
            asker = Asker(self._api_keys, self._asks_by())
            self._registrar = Registrar(self.ledger, asker, self._secrets, changed=self.sources.changed)
        return self._registrar

    async def _removed_endpoint(self, source_id: str) -> UserError | None:
        """Remove what there is of this source at its provider, within bounds; what the owner has to do if it stays."""
        if source_id not in self.endpoints:
            return None
        source = self.sources.known(source_id)
        try:
            async with asyncio.timeout(_REMOVAL):
                await self._registers().remove(source)
        except (UserError, TimeoutError) as failure:
            return UserError(
                say("{provider} still has the address of this source.", provider=provider_name(source)),
                say("{why} Remove the address there yourself.", why=failure.title)
                if isinstance(failure, UserError)
                else say("It did not answer in time. Remove the address there yourself."),
                code="endpoint-left",
            )
        return None

    def _start_guardian(self) -> None:
        from shopwatch.recovery.guardian import Guardian

        self._guardian = Guardian(
            self.ledger, self._registers(), self.bus, url_of=self.whole_address, look=self.look_for_missed
        )
        self._guardian.start(self.receiver.tunnel)

    async def _stop_guarding(self) -> None:
        if self._guardian is not None:
            await self._guardian.stop()
            self._guardian = None
        self._registrar = None


def _standing(source: Source, endpoint: Endpoint) -> UserError:
    match endpoint.standing:
        case Standing.OFF:
            title = say("{provider} has switched ShopWatch off.", provider=provider_name(source))
        case Standing.GONE:
            title = say("{provider} does not know ShopWatch any more.", provider=provider_name(source))
        case Standing.FAILING:
            title = say("{provider} says that not all of its messages arrive.", provider=provider_name(source))
        case Standing.ON:
            what = ", ".join(endpoint.lacking)
            title = say("{provider} does not tell of {what}.", provider=provider_name(source), what=what)
    hint = say("Have it put right: `shopwatch source register {source}`.", source=source.id)
    return UserError(
        title, hint, code="endpoint-lacking" if endpoint.standing is Standing.ON else f"endpoint-{endpoint.standing}"
    )


def _no_address(source: Source) -> UserError:
    return UserError(
        say("There is no public address yet that {provider} could be told.", provider=provider_name(source)),
        say("Choose one in Settings, then try again."),
        code="no-address",
    )
