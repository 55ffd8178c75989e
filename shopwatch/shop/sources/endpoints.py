"""Endpoints at the providers: made, looked after, mended and removed; and who has which public address."""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

from shopwatch.domain.connection.endpoint import Endpoint, Standing
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.providers import provider_name
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.shop.checking.catching_up import CatchingUp
from shopwatch.shop.receiving.public_address import PublicAddress, no_address
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.shop.sources.api_access import ApiAccess
from shopwatch.shop.sources.connections import Connections
from shopwatch.shop.sources.source_registry import SourceRegistry

if TYPE_CHECKING:
    from shopwatch.recovery.endpoint_monitor import EndpointMonitor
    from shopwatch.recovery.registrar import Registrar

_REMOVAL = 20.0
"""Seconds that a provider has for letting go of an endpoint."""


class Endpoints:
    """Made and mended when told to; from `start` to `stop` they are looked after."""

    def __init__(
        self,
        ledger: Ledger,
        bus: Bus,
        *,
        sources: SourceRegistry,
        connections: Connections,
        receiver: Receiver,
        address: PublicAddress,
        catching_up: CatchingUp,
        access: ApiAccess,
        secrets: SecretStore,
    ) -> None:
        self._ledger = ledger
        self._bus = bus
        self._sources = sources
        self._connections = connections
        self._receiver = receiver
        self._address = address
        self._catching_up = catching_up
        self._access = access
        self._secrets = secrets
        self._registrar: Registrar | None = None
        self._monitor: EndpointMonitor | None = None

    def problem(self, source: Source) -> UserError | None:
        """What is wrong with how its messages are sent, or stood in the way of seeing that; None if nothing is."""
        known = self._ledger.endpoints.registered.get(source.id)
        if known is not None and known.problem:
            from shopwatch.providers.api_kit.endpoints import explain_endpoint
            from shopwatch.providers.apis import api_of

            api = api_of(source.provider)
            return explain_endpoint(known.problem, provider_name(source), api.endpoints if api is not None else None)
        if source in self._address.stale:
            return UserError(
                say("{provider} still has the old address.", provider=provider_name(source)),
                say("Copy the new one there, then say so: `shopwatch source told {source}`.", source=source.id),
                code="endpoint-stale",
            )
        return None if known is None or known.endpoint.well else _standing_of(source, known.endpoint)

    @staticmethod
    def can_register(source: Source) -> bool:
        """Whether the provider can be told of the public address by its API."""
        from shopwatch.providers.apis import api_of

        api = api_of(source.provider)
        return api is not None and api.endpoints is not None

    async def register(self, source_id: str) -> None:
        """Make the endpoint at the provider, by the API key that is stored, and keep the secrets that come with it.

        Done again it makes whole what was cut short, and has the endpoint switched on, at the present address and for
        every type of message. Raises UserError.
        """
        source = self._sources.known(source_id)
        url = await self._connections.whole_address(source)
        if self._receiver.tunnel.kind is TunnelKind.NONE or not url:
            raise no_address(source)
        await self._can_register().register(source, url)
        self._catching_up.look((source_id,))

    async def check(self, source_ids: Collection[str] | None = None) -> None:
        """Ask the providers how the endpoints of these sources stand, or all; `EndpointsChanged` tells.

        Raises Outage.
        """
        from shopwatch.recovery.registrar import Unregistered

        async def look_at(source: Source) -> None:
            try:
                await self._can_register().check(source)
            except Unregistered:
                return  # it is noted with the endpoint

        wanted = [each for each in self._sources.all if source_ids is None or each.id in source_ids]
        await asyncio.gather(*[look_at(each) for each in wanted if each.id in self._ledger.endpoints.registered])
        if self._monitor is not None:
            self._monitor.wake()

    async def remove_source(self, source_id: str) -> UserError | None:
        """Disconnect a source and forget its secrets; its sales stay.

        Its endpoint at the provider goes first; what the owner has to do where it did not, or None. Raises UserError
        where the secrets cannot be forgotten now; the source then stays.
        """
        left = await self._removed_endpoint(source_id)
        await self._connections.disconnect(source_id)
        return left

    def _can_register(self) -> "Registrar":
        from shopwatch.recovery.registrar import Registrar

        if self._registrar is None:
            self._registrar = Registrar(
                self._ledger, self._access.api_client(), self._secrets, changed=self._sources.changed
            )
        return self._registrar

    async def _removed_endpoint(self, source_id: str) -> UserError | None:
        """Remove what there is of this source at its provider, within bounds; what the owner has to do if it stays."""
        if source_id not in self._ledger.endpoints.registered:
            return None
        source = self._sources.known(source_id)
        try:
            async with asyncio.timeout(_REMOVAL):
                await self._can_register().remove(source)
        except (UserError, TimeoutError) as failure:
            return UserError(
                say("{provider} still has the address of this source.", provider=provider_name(source)),
                say("{why} Remove the address there yourself.", why=failure.title)
                if isinstance(failure, UserError)
                else say("It did not answer in time. Remove the address there yourself."),
                code="endpoint-left",
            )
        return None

    def start(self) -> None:
        from shopwatch.recovery.endpoint_monitor import EndpointMonitor

        self._monitor = EndpointMonitor(
            self._ledger,
            self._can_register(),
            self._bus,
            url_of=self._connections.whole_address,
            look=self._catching_up.look,
        )
        self._monitor.start(self._receiver.tunnel)

    async def stop(self) -> None:
        if self._monitor is not None:
            await self._monitor.stop()
            self._monitor = None
        self._registrar = None


def _standing_of(source: Source, endpoint: Endpoint) -> UserError:
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
