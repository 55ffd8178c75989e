"""The facade: what the owner can see and do, whatever shows it."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from shopwatch.domain.clock import Instant
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import (
    Bus,
    DeliveryKept,
    EndpointsChanged,
    LedgerChanged,
    Outcome,
    TunnelChanged,
    VaultChanged,
)
from shopwatch.domain.reach import TunnelKind, TunnelState
from shopwatch.ledger.ledger import Ledger
from shopwatch.settings.api_keys import ApiKeys
from shopwatch.settings.paths import Paths
from shopwatch.settings.secrets import SecretStore
from shopwatch.settings.settings import Settings
from shopwatch.settings.store import SettingsStore
from shopwatch.settings.vault import Vault
from shopwatch.shop import targets
from shopwatch.shop.consents import Consents
from shopwatch.shop.day_checks import DayChecks
from shopwatch.shop.duties import Duties
from shopwatch.shop.endpoints import EndpointsAtProviders
from shopwatch.shop.moving import Moving
from shopwatch.shop.practising import Practising
from shopwatch.shop.reaching import Reaching
from shopwatch.shop.receiver import Receiver
from shopwatch.shop.records import Records
from shopwatch.shop.second_look import SecondLook
from shopwatch.shop.silences import Silences
from shopwatch.shop.source_registry import SourceRegistry
from shopwatch.shop.storefront import Storefront

if TYPE_CHECKING:
    from shopwatch.recovery.certificates import Certificates
    from shopwatch.recovery.courier import Courier
    from shopwatch.shop.lanes import Lanes
    from shopwatch.shop.running_receiver import RunningReceiver


class Shop(
    EndpointsAtProviders, Records, Practising, SecondLook, Duties, Storefront, Silences, DayChecks, Reaching, Moving
):
    """One shop on one data folder.

    Built whole by `open_shop`. Without `start` it reads and changes what is stored, as the commands beside a running
    receiver do; `start` makes it hear. All methods belong to the loop's thread, and none blocks it.
    """

    def __init__(
        self,
        *,
        paths: Paths,
        settings: Settings,
        ledger: Ledger,
        vault: Vault,
        bus: Bus,
        locale: str,
        courier: "Courier | None" = None,
    ) -> None:
        self.paths = paths
        self.bus = bus
        self.locale = locale
        self.settings = SettingsStore(paths, settings, bus)
        self.receiver = Receiver(paths, self.settings, self._running_receiver)
        self.sources = SourceRegistry(ledger.sources, bus, first=self.receiver.refresh)
        self.heard: dict[str, Instant] = {}
        self.vault_problem: UserError | None = None
        self.ledger_problem: UserError | None = None
        self.notice: UserError | None = None
        """What the owner should hear of how the shop was found, such as settings that could not be read."""
        self.ledger = ledger
        self._vault = vault
        self._secrets = SecretStore(vault)
        self._api_keys = ApiKeys(vault)
        self.consents = Consents(self._asks_by)
        self._courier = courier
        self._certifier: Certificates | None = None
        self._lanes: Lanes | None = None
        bus.listen(DeliveryKept, self._on_delivery_kept)
        bus.listen(VaultChanged, self._on_vault_changed)
        bus.listen(LedgerChanged, self._on_ledger_changed)
        bus.listen(TunnelChanged, self._on_tunnel_changed)
        bus.listen(EndpointsChanged, self._on_endpoints_changed)

    async def load(self) -> None:
        """Read what the ledger knows of this shop's sources."""
        await self.sources.read()
        await self.ledger.endpoints.refresh()

    async def start(self, *, port: int | None = None, tunnel: TunnelKind | None = None) -> int:
        """Begin to do what is owed, and to hear: the listener, then the public address, and its watch. Gives the port.

        The address opens in its own time; `TunnelChanged` tells. Raises UserError if the port is taken or cannot be
        kept, and if the shop works in another copy.
        """
        self._started_with = {"port": port, "tunnel": tunnel}
        self._refuse_away()
        self._public_page().start()
        chosen = self.settings.current if tunnel is None else replace(self.settings.current, tunnel=tunnel)
        wanted = self.settings.current.port if port is None else port
        # Whoever brings an address of their own has told its proxy a port; only a tunnel of ours can follow another.
        movable = port is None and chosen.tunnel is not TunnelKind.OWN
        try:
            listening = await self.receiver.start(chosen, wanted, any_port=movable)
        except UserError:
            self._begin_work()  # what is owed is done, and providers are asked, although nothing is heard
            raise
        self._begin_work()
        if port is None and not self.settings.current.port:
            self.settings.change(port=listening)
        return listening

    def _running_receiver(self) -> "RunningReceiver":
        from shopwatch.shop.running_receiver import RunningReceiver

        return RunningReceiver(
            paths=self.paths,
            ledger=self.ledger,
            secrets=self._secrets,
            vault=self._vault,
            api_keys=self._api_keys,
            bus=self.bus,
            pages=self._public_page(),
            courier=self._asks_by(),
            certificates=self._certificates(),
            answer_copy=self._made_copies().answer,
        )

    async def stop(self) -> None:
        """Stop, in order: accept no more, answer what has come, close the public address, send no more."""
        await self._end_settling()
        await self._end_leaving()
        await self._stop_asking()
        await self.receiver.stop()
        await self._stop_lanes()
        await self._let_go()

    def _start_work(self) -> None:
        self._start_lanes()
        self._start_lookout()
        self._start_silence_watch()
        self._start_closing_time()
        self._start_guardian()

    async def _stop_work(self) -> None:
        await self._stop_lanes()
        await self._stop_asking()

    async def _stop_asking(self) -> None:
        await self._stop_guarding()
        await self._stop_checking()
        await self._stop_silence_watch()
        await self._stop_catching_up()

    async def _stop_lanes(self) -> None:
        if self._lanes is not None:
            await self._lanes.stop()
            self._lanes = None
        await self._stop_page()

    def _start_lanes(self) -> None:
        from shopwatch.actions.parts import Parts
        from shopwatch.shop.lanes import Lanes

        parts = Parts(
            paths=self.paths,
            ledger=self.ledger,
            settings=self.settings.latest,
            secret_of=self._secrets.target_secret,
            name_of=lambda source_id: self.sources.names.get(source_id, source_id),
            locale=self.locale,
            page=self._public_page,
            end=lambda target_id: self.settings.change(
                targets=targets.ended(self.settings.latest().targets, target_id)
            ),
        )
        self._lanes = Lanes(parts, self.bus)
        self._lanes.start()

    def _end_target(self, target_id: str) -> None:
        self.settings.change(targets=targets.ended(self.settings.latest().targets, target_id))

    async def close(self) -> None:
        """Stop, and close the ledger."""
        await self.stop()
        if self._certifier is not None:
            await self._certifier.close()
        await asyncio.to_thread(self.ledger.close)

    @property
    def vault_name(self) -> str:
        """The password store as the owner knows it, such as GNOME Keyring."""
        return self._vault.name

    @property
    def vault_backend(self) -> str:
        return self._vault.backend

    async def check_vault(self) -> UserError | None:
        """Let the owner unlock the password store, then read all secrets again; what is still wrong, or None."""
        try:
            await self._vault.unlock()
        except UserError as problem:
            self.bus.tell(VaultChanged(problem))
            return problem
        self.bus.tell(VaultChanged(None))
        await self.receiver.refresh()
        return self.vault_problem

    def _certificates(self) -> "Certificates":
        from shopwatch.recovery.certificates import Certificates

        self._certifier = self._certifier or Certificates(self._courier, keys=self._api_keys)
        return self._certifier

    def _on_delivery_kept(self, fact: DeliveryKept) -> None:
        if fact.outcome in (Outcome.ACCEPTED, Outcome.CHALLENGE) and not fact.practice:
            # A message that is checked again is told with the time at which it once came.
            self.heard[fact.source_id] = max(fact.at, self.heard.get(fact.source_id, 0))

    def _on_vault_changed(self, fact: VaultChanged) -> None:
        self.vault_problem = fact.problem

    def _on_tunnel_changed(self, fact: TunnelChanged) -> None:
        # The first address that ngrok gives is the one the owner copies; a later one is `url-changed`.
        if fact.status.kind is TunnelKind.NGROK and fact.status.state is TunnelState.ONLINE:
            self.settings.change(known_url=fact.status.public_url)
        elif fact.status.state is TunnelState.URL_CHANGED:
            asyncio.get_running_loop().call_soon(self._settle_address)  # others hear of this state first

    def _on_endpoints_changed(self, _: EndpointsChanged) -> None:
        self._settle_address()

    def _settle_address(self) -> None:
        if self.receiver.hears and self.receiver.tunnel.state is TunnelState.URL_CHANGED and self._everybody_told():
            self.receiver.accept_url()

    def _on_ledger_changed(self, fact: LedgerChanged) -> None:
        self.ledger_problem = fact.problem
