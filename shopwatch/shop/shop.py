"""The facade: what the owner can see and do, whatever shows it."""

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shopwatch.domain.clock import Instant
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import (
    Bus,
    DeliveryKept,
    EndpointsChanged,
    LedgerChanged,
    Outcome,
    SettingsChanged,
    SourcesChanged,
    TunnelChanged,
    VaultChanged,
)
from shopwatch.domain.reach import Reach, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.settings.api_keys import ApiKeys
from shopwatch.settings.paths import Paths
from shopwatch.settings.secrets import SecretStore
from shopwatch.settings.settings import Settings, changed, load, save
from shopwatch.settings.vault import Vault
from shopwatch.shop import running
from shopwatch.shop.consents import Consents
from shopwatch.shop.day_checks import DayChecks
from shopwatch.shop.duties import Duties
from shopwatch.shop.endpoints import EndpointsAtProviders
from shopwatch.shop.moving import Moving
from shopwatch.shop.practising import Practising
from shopwatch.shop.reaching import Reaching
from shopwatch.shop.records import Records
from shopwatch.shop.second_look import SecondLook
from shopwatch.shop.silences import Silences
from shopwatch.shop.storefront import Storefront

if TYPE_CHECKING:
    from shopwatch.recovery.certificates import Certificates
    from shopwatch.recovery.courier import Courier
    from shopwatch.shop.lanes import Lanes
    from shopwatch.shop.receiver import Receiver


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
        self.settings = settings
        self.bus = bus
        self.locale = locale
        self.sources: tuple[Source, ...] = ()
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
        self._receiver: Receiver | None = None
        self._lanes: Lanes | None = None
        self._settings_written = 0
        bus.listen(DeliveryKept, self._on_delivery_kept)
        bus.listen(VaultChanged, self._on_vault_changed)
        bus.listen(LedgerChanged, self._on_ledger_changed)
        bus.listen(TunnelChanged, self._on_tunnel_changed)
        bus.listen(EndpointsChanged, self._on_endpoints_changed)

    async def load(self) -> None:
        """Read what the ledger knows of this shop's sources."""
        self.sources = await self.ledger.sources.all()
        await self.ledger.endpoints.refresh()

    async def start(self, *, port: int | None = None, tunnel: TunnelKind | None = None) -> int:
        """Begin to do what is owed, and to hear: the listener, then the public address, and its watch. Gives the port.

        The address opens in its own time; `TunnelChanged` tells. Raises UserError if the port is taken or cannot be
        kept, and if the shop works in another copy.
        """
        from shopwatch.shop.receiver import Receiver

        self._started_with = {"port": port, "tunnel": tunnel}
        self._refuse_away()
        self._public_page().start()
        self._receiver = Receiver(
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
        chosen = self.settings if tunnel is None else replace(self.settings, tunnel=tunnel)
        wanted = self.settings.port if port is None else port
        # Whoever brings an address of their own has told its proxy a port; only a tunnel of ours can follow another.
        movable = port is None and chosen.tunnel is not TunnelKind.OWN
        try:
            listening = await self._receiver.start(chosen, wanted, any_port=movable)
        except UserError:
            self._begin_work()  # what is owed is done, and providers are asked, although nothing is heard
            raise
        self._begin_work()
        if port is None and not self.settings.port:
            self.change_settings(port=listening)
        return listening

    async def stop(self) -> None:
        """Stop, in order: accept no more, answer what has come, close the public address, send no more."""
        await self._end_settling()
        await self._end_leaving()
        await self._stop_asking()
        await self._stop_receiving()
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

    async def _stop_receiving(self) -> None:
        if self._receiver is not None:
            await self._receiver.stop()
            self._receiver = None

    async def _stop_lanes(self) -> None:
        if self._lanes is not None:
            await self._lanes.stop()
            self._lanes = None
        await self._stop_page()

    def _start_lanes(self) -> None:
        from shopwatch.shop.lanes import Lanes

        self._lanes = Lanes(
            paths=self.paths,
            ledger=self.ledger,
            secrets=self._secrets,
            bus=self.bus,
            letters=self._letters,
            page=self._public_page,
            settings=self._settings_now,
            change=lambda targets: self.change_settings(targets=targets),
            name_of=lambda source_id: self.source_names.get(source_id, source_id),
            locale=self.locale,
        )
        self._lanes.start()

    async def close(self) -> None:
        """Stop, and close the ledger."""
        await self.stop()
        if self._certifier is not None:
            await self._certifier.close()
        await asyncio.to_thread(self.ledger.close)

    def change_settings(self, **changes: Any) -> None:
        """Save the settings with these values instead, and tell which names changed. Raises UserError.

        What a command beside this process has changed meanwhile stays.
        """
        before = self.settings
        stored, _ = load(self.paths.settings)
        self.settings = replace(stored, **changes)
        if self.settings != stored:
            save(self.paths.settings, self.settings)
        if names := changed(before, self.settings):
            self.bus.tell(SettingsChanged(names))

    def _settings_now(self) -> Settings:
        """The settings, with what a command beside this process has changed, as soon as that can be read."""
        with contextlib.suppress(OSError, UserError):
            written = self.paths.settings.stat().st_mtime_ns
            if written != self._settings_written:
                self.change_settings()
                self._settings_written = written
        return self.settings

    @property
    def tunnel(self) -> TunnelStatus:
        """The public address as it is now; beside a running receiver, as that one knows it.

        Where nobody hears, it is not known since when.
        """
        if self._receiver is not None:
            return self._receiver.tunnel
        other = running.read(self.paths)
        return other.tunnel if other else TunnelStatus(kind=self.settings.tunnel)

    @property
    def reach(self) -> Reach:
        return self._receiver.reach if self._receiver else Reach()

    @property
    def listening_since(self) -> Instant | None:
        return self._receiver.since if self._receiver else None

    @property
    def vault_name(self) -> str:
        """The password store as the owner knows it, such as GNOME Keyring."""
        return self._vault.name

    @property
    def vault_backend(self) -> str:
        return self._vault.backend

    @property
    def clock_problem(self) -> UserError | None:
        """What is wrong with this computer's clock, as far as anybody outside has said."""
        return self._receiver.clock_problem if self._receiver else None

    @property
    def asking_problems(self) -> dict[str, UserError]:
        """What stands in the way of asking providers, by source id."""
        return self._receiver.asking_problems if self._receiver else {}

    async def check_vault(self) -> UserError | None:
        """Let the owner unlock the password store, then read all secrets again; what is still wrong, or None."""
        try:
            await self._vault.unlock()
        except UserError as problem:
            self.bus.tell(VaultChanged(problem))
            return problem
        self.bus.tell(VaultChanged(None))
        if self._receiver is not None:
            await self._receiver.refresh()
        return self.vault_problem

    def _certificates(self) -> "Certificates":
        from shopwatch.recovery.certificates import Certificates

        self._certifier = self._certifier or Certificates(self._courier)
        return self._certifier

    async def _sources_changed(self) -> None:
        self.sources = await self.ledger.sources.all()
        if self._receiver is not None:
            await self._receiver.refresh()
        self.bus.tell(SourcesChanged())

    def _on_delivery_kept(self, fact: DeliveryKept) -> None:
        if fact.outcome in (Outcome.ACCEPTED, Outcome.CHALLENGE) and not fact.practice:
            # A message that is checked again is told with the time at which it once came.
            self.heard[fact.source_id] = max(fact.at, self.heard.get(fact.source_id, 0))

    def _on_vault_changed(self, fact: VaultChanged) -> None:
        self.vault_problem = fact.problem

    def _on_tunnel_changed(self, fact: TunnelChanged) -> None:
        # The first address that ngrok gives is the one the owner copies; a later one is `url-changed`.
        if fact.status.kind is TunnelKind.NGROK and fact.status.state is TunnelState.ONLINE:
            self.change_settings(known_url=fact.status.public_url)
        elif fact.status.state is TunnelState.URL_CHANGED:
            asyncio.get_running_loop().call_soon(self._settle_address)  # others hear of this state first

    def _on_endpoints_changed(self, _: EndpointsChanged) -> None:
        self._settle_address()

    def _settle_address(self) -> None:
        if self._receiver is not None and self.tunnel.state is TunnelState.URL_CHANGED and self._everybody_told():
            self._receiver.accept_url()

    def _on_ledger_changed(self, fact: LedgerChanged) -> None:
        self.ledger_problem = fact.problem
