"""A shop made by hand, which the assistant and the settings page can be walked with."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from shopwatch.domain.clock import Instant, now
from shopwatch.domain.errors import UserError
from shopwatch.domain.event import Kind
from shopwatch.domain.facts import (
    Bus,
    DeliveryKept,
    Outcome,
    ReachChanged,
    SettingsChanged,
    SourcesChanged,
    TunnelChanged,
    VaultChanged,
)
from shopwatch.domain.job import Job
from shopwatch.domain.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.source import Source
from shopwatch.ledger.query import Cursor, DeliveryRow, Figures, SaleDetail, SalesPage, SalesQuery
from shopwatch.providers.diagnosis import Diagnosis
from shopwatch.settings.paths import Paths
from shopwatch.settings.settings import Settings

URL = "https://lilac-heron.ngrok-free.app"


class FakeShop:
    """Everything succeeds at once unless a test says otherwise: `refuses` is raised by the next call of that name."""

    def __init__(self, **settings: Any) -> None:
        self.bus = Bus()
        self.settings = Settings(id="0" * 16, **settings)
        self.paths = Paths(Path("/home/owner/.local/share/ShopWatch"))
        self.locale = "en_GB"
        self.tunnel = TunnelStatus(kind=self.settings.tunnel)
        self.reach = Reach()
        self.vault_problem: UserError | None = None
        self.ledger_problem: UserError | None = None
        self.vault_name = "GNOME Keyring"
        self.listening_since: Instant | None = now()
        self.heard: dict[str, Instant] = {}
        self.sources: tuple[Source, ...] = ()
        self.secrets: dict[str, tuple[str, ...]] = {}
        self.token = ""
        self.refuses: dict[str, UserError] = {}
        self.calls: list[str] = []
        self.opens_at_once = True
        self.diagnosis: Diagnosis | None = None
        self.figures_now = Figures()

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if (refusal := self.refuses.pop(name, None)) is not None:
            raise refusal

    def change_settings(self, **changes: Any) -> None:
        before, self.settings = self.settings, replace(self.settings, **changes)
        names = frozenset(name for name in changes if getattr(before, name) != changes[name])
        if names:
            self.bus.tell(SettingsChanged(names))

    def show_tunnel(self, status: TunnelStatus) -> None:
        self.tunnel = status
        self.bus.tell(TunnelChanged(status))

    def show_reach(self, reach: Reach) -> None:
        self.reach = reach
        self.bus.tell(ReachChanged(reach))

    def show_vault(self, problem: UserError | None) -> None:
        self.vault_problem = problem
        self.bus.tell(VaultChanged(problem))

    def goes_online(self, url: str = URL) -> None:
        kind = self.settings.tunnel
        self.show_tunnel(TunnelStatus(kind, TunnelState.ONLINE, url, now()))
        self.show_reach(Reach(ReachState.ANSWERS, now(), now()))

    def hears(self, outcome: Outcome = Outcome.ACCEPTED, *, reason: str = "", practice: bool = False) -> None:
        at = now()
        source = self.sources[-1]
        if outcome is Outcome.ACCEPTED and not practice:
            self.heard[source.id] = at
        self.bus.tell(DeliveryKept(source.id, outcome, at, reason, practice))

    async def diagnose_newest(self, source_id: str) -> Diagnosis | None:
        return self.diagnosis

    def address(self, source: Source) -> str:
        return self.tunnel.public_url + source.path if self.tunnel.public_url else ""

    async def add_source(self, provider_id: str, name: str = "", options: dict[str, str] | None = None) -> Source:
        self._called("add_source")
        number = len(self.calls)
        source = Source(f"s{number}", provider_id, name or provider_id, f"/in/{number:022}", now(), options or {})
        self.sources = (*self.sources, source)
        self.bus.tell(SourcesChanged())
        return source

    async def remove_source(self, source_id: str) -> None:
        self._called("remove_source")
        self.sources = tuple(source for source in self.sources if source.id != source_id)
        self.secrets.pop(source_id, None)
        self.bus.tell(SourcesChanged())

    async def set_secrets(self, source_id: str, secrets: tuple[str, ...], *, beside: bool = False) -> None:
        self._called("set_secrets")
        if beside and source_id not in self.secrets:
            raise UserError("There is no secret yet.", code="secret-missing")
        held = self.secrets[source_id] if beside else ()
        self.secrets[source_id] = (*held, *secrets)

    async def secret_tails(self, source_id: str) -> tuple[str, ...]:
        self._called("secret_tails")
        return tuple(secret[-4:] for secret in self.secrets.get(source_id, ()))

    async def set_tunnel(
        self, kind: TunnelKind, *, token: str | None = None, domain: str = "", program: str = "", url: str = ""
    ) -> None:
        self._called("set_tunnel")
        if token is not None:
            self.token = token
        self.change_settings(tunnel=kind, tunnel_domain=domain, tunnel_program=program, own_url=url)
        if kind is TunnelKind.NONE:
            self.show_tunnel(TunnelStatus(public_url="http://127.0.0.1:18080"))
            self.show_reach(Reach(ReachState.ANSWERS, now(), now()))
        elif self.opens_at_once:
            self.goes_online(url or URL)
        else:
            self.show_tunnel(TunnelStatus(kind, TunnelState.STARTING, since=now()))

    async def check_address(self) -> Reach:
        self._called("check_address")
        self.show_reach(replace(self.reach, checked_at=now()))
        return self.reach

    def accept_address(self) -> None:
        self._called("accept_address")

    async def check_vault(self) -> UserError | None:
        self._called("check_vault")
        self.show_vault(None)
        return None

    async def reopen_address(self) -> None:
        self._called("reopen_address")

    async def practise(self, source_id: str, kind: Kind = Kind.SALE, count: int = 1) -> None:
        self._called("practise")
        for _ in range(count):
            self.bus.tell(DeliveryKept(source_id, Outcome.ACCEPTED, now(), practice=True))

    async def page(self, query: SalesQuery, after: Cursor | None = None, limit: int = 100) -> SalesPage:
        return SalesPage((), None)

    async def sale(self, sale_id: int) -> SaleDetail | None:
        return None

    async def jobs_of_sale(self, sale_id: int) -> tuple[Job, ...]:
        return ()

    async def figures(self, since: Instant, until: Instant) -> Figures:
        return self.figures_now

    async def delivery(self, delivery_id: int) -> DeliveryRow | None:
        return None

    async def mark_seen(self, up_to: int) -> None:
        self._called("mark_seen")

    async def export(self, query: SalesQuery, file: Path, form: str) -> int:
        return 0
