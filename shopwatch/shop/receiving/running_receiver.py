"""The receiving half of the shop: listener, public address and the watch over it, and asking for what is missing."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from shopwatch.domain.connection.reach import Reach, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import (
    ApiChanged,
    Bus,
    ClockChanged,
    ReachChanged,
    Subscriptions,
    TunnelChanged,
    VaultChanged,
)
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import SECOND, Instant
from shopwatch.domain.source import Secrets
from shopwatch.host.paths import Paths
from shopwatch.ledger.ledger import Ledger
from shopwatch.listener.listen_address import HERE, ListenAddress
from shopwatch.listener.pages import Pages
from shopwatch.listener.probes import Probes
from shopwatch.listener.request_filter import AnswerCopy
from shopwatch.listener.routes import ReadyRoute, Routes
from shopwatch.listener.server import Listener
from shopwatch.providers.apis import HOSTS, fetching_from
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.recovery.certificates import Certificates
from shopwatch.recovery.fetcher import Fetcher
from shopwatch.recovery.watchdog import Watchdog
from shopwatch.runtime.clock import in_step, now
from shopwatch.runtime.clock_skew import ClockSkew
from shopwatch.runtime.tasks import call_off, spawn
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.secrets.vault import Vault
from shopwatch.settings.settings import Settings
from shopwatch.shop.receiving import runtime_state
from shopwatch.shop.receiving.metering import Metering
from shopwatch.tunnel.own import OwnAddress
from shopwatch.tunnel.practice import NoTunnel
from shopwatch.tunnel.tunnel import Tunnel
from shopwatch.tunnel.watch import Watch

ASKS_AGAIN = 6.0
"""Seconds after which a password store that was away is asked again for ngrok's token."""

_SESSION: Instant = 30 * SECOND
"""Whoever has not spoken with ngrok for so long has lost its session there, and may not know it yet."""


class RunningReceiver:
    """Hears for one shop from `start` to `stop`. Told of every change by facts on the bus.

    `opened` is what carries the public address now; `tunnel`, `reach` and `since` are how that stands.
    """

    def __init__(
        self,
        *,
        paths: Paths,
        ledger: Ledger,
        secrets: SecretStore,
        vault: Vault,
        api_keys: ApiKeys,
        bus: Bus,
        pages: Pages,
        transport: ApiTransport,
        certificates: Certificates,
        answer_copy: AnswerCopy,
        listen: ListenAddress = HERE,
    ) -> None:
        self._paths = paths
        self._ledger = ledger
        self._secrets = secrets
        self._vault = vault
        self._bus = bus
        self._probes = Probes()
        self.routes = Routes(ledger.sources, secrets, on_refreshed=self._tell_vault)
        self._certificates = certificates
        certificates.tell = lambda source_id, problem: bus.tell(ApiChanged(source_id, problem))
        self.clock_skew = ClockSkew(lambda problem: bus.tell(ClockChanged(problem)))
        self._listener = Listener(
            self.routes,
            ledger,
            self._probes,
            lambda: self.tunnel.public_url,
            pages=pages,
            certify=self._certify_message,
            clock_skew=self.clock_skew,
            answer_copy=answer_copy,
            former=lambda: ledger.endpoints.bases,
            listen=listen,
        )
        self.opened: Tunnel = NoTunnel(self._on_tunnel)
        self._changing = asyncio.Lock()
        self._waiting: asyncio.Task[None] | None = None
        self.watch = Watch(self._probes.issue, self._on_reach, self._reopen_tunnel, hear_date=self.clock_skew.heard)
        transport.hear_date = self._hear_date
        self.fetcher = Fetcher(ledger, ApiClient(api_keys, transport, find_api=fetching_from, secrets=secrets), bus)
        self._watchdog = Watchdog(
            ledger.gaps, bus, listens=self._listener.answers, restart=self._listener.open_anew, woken=self._on_woken
        )
        self.metering = Metering(
            ledger.usage, bus, calls=lambda: self._listener.calls, counts=lambda: self.tunnel.kind is TunnelKind.NGROK
        )
        self.tunnel = TunnelStatus()
        self.reach = Reach()
        self.since: Instant | None = None

    async def start(self, settings: Settings, port: int, *, any_port: bool) -> int:
        """Listen, then open the public address in the background. Gives the port. Raises UserError."""
        try:
            if self._ledger.shared:
                self._probes.share(await self._ledger.shop_settings.shared_key())
            listening = await self._listener.start(port, any_port=any_port)
        except UserError as problem:
            self._on_tunnel(TunnelStatus(settings.tunnel, TunnelState.FAILED, since=now(), problem=problem))
            raise
        await self._watchdog.start()
        self.since = now()
        await self.reopen(settings)
        self.fetcher.start()
        self.metering.start()
        spawn(self._look_at_vault(), "vault check")
        return listening

    async def stop(self) -> None:
        """Accept no more, answer what has come, then close the address."""
        await self._watchdog.stop()
        await self.watch.stop()
        await self._listener.stop()
        await self.fetcher.stop()
        await self.metering.stop()
        async with self._changing:
            await call_off(self._waiting)
            await self.opened.stop()
        runtime_state.forget(self._paths)
        self.since = None

    async def reopen(self, settings: Settings) -> None:
        """Open the public address as these settings say, in place of the one there is, or is being opened.

        While the password store cannot be read, the address waits for it.
        """
        async with self._changing:
            await call_off(self._waiting)
            await self._open_tunnel(settings)

    async def refresh(self) -> None:
        """Read sources and secrets anew, and tell whether the password store works."""
        self._certificates.ask_again()
        await self.routes.refresh()

    @property
    def calls(self) -> int:
        """How many requests have come by a public address since the start."""
        return self._listener.calls

    @property
    def asking_problems(self) -> dict[str, UserError]:
        """What stands in the way of asking providers, by source id."""
        return self.fetcher.problems | self._certificates.problems

    async def _open_tunnel(self, settings: Settings) -> None:
        await self.opened.stop()
        try:
            self.opened = await self._chosen_tunnel(settings)
        except UserError as problem:
            self.opened = NoTunnel(self._on_tunnel)
            self._on_tunnel(TunnelStatus(settings.tunnel, TunnelState.NEEDS_USER, since=now(), problem=problem))
            if isinstance(problem, Outage):
                self._waiting = spawn(self._open_once_unlocked(settings), "waiting for the password store")
            return
        await self.opened.start(self._listener.port)

    async def _open_once_unlocked(self, settings: Settings) -> None:
        # Where ShopWatch starts with the computer, the store is often unlocked only later.
        subscriptions, changed = Subscriptions(self._bus), asyncio.Event()
        subscriptions.listen(VaultChanged, lambda fact: None if fact.problem else changed.set())
        try:
            while True:
                with suppress(TimeoutError):  # nobody tells that it was unlocked elsewhere, unless a source waits too
                    async with asyncio.timeout(in_step(ASKS_AGAIN)):
                        await changed.wait()
                changed.clear()
                with suppress(UserError):
                    await self._secrets.tunnel_token()
                    break
        finally:
            subscriptions.close()
        async with self._changing:
            await self._open_tunnel(settings)
        await self._look_at_vault()

    async def _certify_message(self, route: ReadyRoute, url: str) -> Secrets:
        return await self._certificates.certify(route.source, route.secrets, url)

    async def _chosen_tunnel(self, settings: Settings) -> Tunnel:
        match settings.tunnel:
            case TunnelKind.NONE:
                return NoTunnel(self._on_tunnel)
            case TunnelKind.OWN:
                return OwnAddress(self._on_tunnel, settings.own_url)
            case TunnelKind.NGROK:
                token = await self._secrets.tunnel_token()
                if not token:
                    raise UserError(
                        say("ShopWatch has no ngrok token yet."),
                        say("Copy it from your ngrok page and paste it in Settings."),
                        code="ngrok-4018",
                    )
                from shopwatch.tunnel.ngrok import NgrokTunnel

                return NgrokTunnel(
                    self._on_tunnel,
                    folder=self._paths.tunnel,
                    token=token,
                    program=Path(settings.tunnel_program) if settings.tunnel_program else None,
                    domain=settings.tunnel_domain,
                    known_url=settings.known_url,
                )

    async def _look_at_vault(self) -> None:
        try:
            await self._vault.check()
        except UserError as problem:
            self._bus.tell(VaultChanged(problem))
        else:
            self._tell_vault()

    def _tell_vault(self) -> None:
        away = [outage for outage in self.routes.outages().values() if outage.code.startswith("vault-")]
        self._bus.tell(VaultChanged(away[0] if away else None))

    def _on_tunnel(self, status: TunnelStatus) -> None:
        before, self.tunnel = self.tunnel, status
        if replace(status, progress=before.progress) != before:  # writing each step of a download would hold all up
            runtime_state.note(self._paths, self._listener.port, status)
        self._bus.tell(TunnelChanged(status))
        self.watch.on_tunnel_changed(status)

    def _on_reach(self, reach: Reach) -> None:
        self.reach = reach
        self._bus.tell(ReachChanged(reach))

    def _on_woken(self, stood_still: Instant) -> None:
        if stood_still > _SESSION:
            self.opened.reopen()
        self.watch.look_soon()

    def _hear_date(self, host: str, date: str | None) -> None:
        if host in HOSTS:  # nobody knows who sees to the clock of a shop's own server
            self.clock_skew.heard(date)

    def _reopen_tunnel(self) -> None:
        self.opened.reopen()
