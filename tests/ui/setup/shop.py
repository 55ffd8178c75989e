"""A shop made by hand, which the assistant and the settings page can be walked with."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from shopwatch.domain.catchup import CaughtUp
from shopwatch.domain.clock import DAY, Instant, now
from shopwatch.domain.closing import DayCheck
from shopwatch.domain.endpoint import Endpoint, Registered, Standing
from shopwatch.domain.errors import UserError
from shopwatch.domain.event import Kind
from shopwatch.domain.facts import (
    Bus,
    DeliveryKept,
    EndpointsChanged,
    Outcome,
    SourcesChanged,
    VaultChanged,
)
from shopwatch.domain.job import Job
from shopwatch.domain.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.silence import Silence
from shopwatch.domain.source import Source, Tails
from shopwatch.ledger.query import Cursor, DeliveryRow, Figures, InboxQuery, SaleDetail, SalesPage, SalesQuery
from shopwatch.providers import provider
from shopwatch.providers.apis import api_of
from shopwatch.providers.diagnosis import Diagnosis
from shopwatch.recovery.courier import Courier
from shopwatch.settings.paths import Paths
from shopwatch.settings.settings import Settings
from shopwatch.shop.consents import Consents
from tests.ui.fake_duties import FakeDuties
from tests.ui.fake_parts import FakeReceiver, FakeSettings, FakeSources

URL = "https://lilac-heron.ngrok-free.app"


class FakeShop(FakeDuties):
    """Everything succeeds at once unless a test says otherwise: `refuses` is raised by the next call of that name."""

    def __init__(self, **settings: Any) -> None:
        bus = Bus()
        super().__init__(bus=bus, settings=FakeSettings(Settings(id="0" * 16, **settings), bus))
        self.receiver = FakeReceiver(bus)
        self.receiver.tunnel = TunnelStatus(kind=self.settings.current.tunnel)
        self.receiver.since = now()
        self.sources = FakeSources()
        self.paths = Paths(Path("/home/owner/.local/share/ShopWatch"))
        self.locale = "en_GB"
        self.vault_problem: UserError | None = None
        self.unreadable: UserError | None = None
        self.ledger_problem: UserError | None = None
        self.allowance_problem: UserError | None = None
        self.vault_name = "GNOME Keyring"
        self.heard: dict[str, Instant] = {}
        self.caught_up: dict[str, CaughtUp] = {}
        self.secrets: dict[str, tuple[str, ...]] = {}
        self.previous: dict[str, tuple[str, Instant]] = {}
        self.api_keys: dict[str, str] = {}
        self.courier = Courier()
        self.consents = Consents(lambda: self.courier)
        self.endpoints: dict[str, Registered] = {}
        self.stale_sources: tuple[Source, ...] = ()
        self.left_there: UserError | None = None
        self.silent_sources: dict[str, Silence] = {}
        self.arrived: list[DeliveryRow] = []
        self.token = ""
        self.calls: list[str] = []
        self.saved: tuple[Path, str] | None = None
        self.opens_at_once = True
        self.gives_secrets = True
        self.diagnosis: Diagnosis | None = None
        self.figures_now = Figures()

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if (refusal := self.refuses.pop(name, None)) is not None:
            raise refusal

    def _read_vault(self) -> None:
        if self.unreadable is not None:
            raise self.unreadable

    def look_for_missed(self) -> None:
        self._called("look_for_missed")

    def show_vault(self, problem: UserError | None) -> None:
        self.vault_problem = problem
        self.bus.tell(VaultChanged(problem))

    def goes_online(self, url: str = URL) -> None:
        kind = self.settings.current.tunnel
        self.receiver.tell_tunnel(TunnelStatus(kind, TunnelState.ONLINE, url, now()))
        self.receiver.tell_reach(Reach(ReachState.ANSWERS, now(), now()))

    def hears(self, outcome: Outcome = Outcome.ACCEPTED, *, reason: str = "", practice: bool = False) -> None:
        at = now()
        source = self.sources.all[-1]
        if outcome is Outcome.ACCEPTED and not practice:
            self.heard[source.id] = at
        self.bus.tell(DeliveryKept(source.id, outcome, at, reason, practice))

    async def diagnose_newest(self, source_id: str) -> Diagnosis | None:
        return self.diagnosis

    def address(self, source: Source) -> str:
        known = provider(source.provider)
        ending = known.described(source.options).ending if known else ""
        return self.receiver.tunnel.public_url + source.path + ending if self.receiver.tunnel.public_url else ""

    async def whole_address(self, source: Source) -> str:
        self._called("whole_address")
        address = self.address(source)
        return address + self.secrets[source.id][0] if address.endswith("=") else address

    async def set_options(self, source_id: str, options: dict[str, str]) -> None:
        self._called("set_options")
        source = self.sources.known(source_id)
        if (known := provider(source.provider)) is not None:
            known.check_options(options)
        changed = replace(source, options=options)
        self.sources.all = tuple(changed if each is source else each for each in self.sources.all)
        self.bus.tell(SourcesChanged())

    async def rotate_secret(self, source_id: str, secret: str, *, keep_for: Instant = DAY) -> None:
        self._called("rotate_secret")
        self.previous[source_id] = (self.secrets[source_id][0], now() + keep_for)
        self.secrets[source_id] = (secret,)

    async def tails(self, source_id: str) -> Tails:
        current = await self.secret_tails(source_id)
        if source_id not in self.previous:
            return Tails(current)
        old, until = self.previous[source_id]
        return Tails(current, (old[-4:],), until)

    async def set_api_key(self, source_id: str, key: str) -> None:
        self._called("set_api_key")
        self.api_keys[source_id] = key

    async def forget_api_key(self, source_id: str) -> None:
        self._called("forget_api_key")
        self.api_keys.pop(source_id, None)

    async def has_api_key(self, source_id: str) -> bool:
        self._read_vault()
        return source_id in self.api_keys

    def can_register(self, source: Source) -> bool:
        api = api_of(source.provider)
        return api is not None and api.endpoints is not None and self.receiver.tunnel.kind is not TunnelKind.NONE

    async def register(self, source_id: str) -> None:
        self._called("register")
        source = self.sources.known(source_id)
        if self.gives_secrets:
            self.secrets[source_id] = ("whsec_that-the-provider-gave",)
        self.show_endpoint(Registered(source_id, Endpoint("we_1", self.address(source)), now(), now()))

    async def check_endpoints(self, source_ids: tuple[str, ...] | None = None) -> None:
        self._called("check_endpoints")
        for source_id in source_ids or tuple(self.endpoints):
            self.show_endpoint(replace(self.endpoints[source_id], problem="", checked_at=now()))

    async def mend_endpoint(self, source_id: str) -> None:
        self._called("mend_endpoint")
        known = self.endpoints[source_id]
        source = self.sources.known(source_id)
        mended = Endpoint(known.endpoint.id, self.address(source), Standing.ON)
        self.show_endpoint(replace(known, endpoint=mended, checked_at=now()))

    async def address_told(self, source_id: str) -> None:
        self._called("address_told")
        self.stale_sources = tuple(each for each in self.stale_sources if each.id != source_id)
        self.bus.tell(EndpointsChanged((source_id,)))

    def show_endpoint(self, registered: Registered) -> None:
        self.endpoints[registered.source_id] = registered
        self.bus.tell(EndpointsChanged((registered.source_id,)))

    def show_stale(self, *sources: Source) -> None:
        self.stale_sources = sources
        self.bus.tell(EndpointsChanged(tuple(each.id for each in sources)))

    async def deliveries(
        self, query: InboxQuery, after: int | None = None, limit: int = 100
    ) -> tuple[DeliveryRow, ...]:
        return tuple(row for row in self.arrived if row.source_id in query.sources)[:limit]

    async def add_source(self, provider_id: str, name: str = "", options: dict[str, str] | None = None) -> Source:
        self._called("add_source")
        number = len(self.calls)
        source = Source(f"s{number}", provider_id, name or provider_id, f"/in/{number:022}", now(), options or {})
        self.sources.all = (*self.sources.all, source)
        self.bus.tell(SourcesChanged())
        return source

    async def remove_source(self, source_id: str) -> UserError | None:
        self._called("remove_source")
        left = self.left_there if source_id in self.endpoints else None
        self.endpoints.pop(source_id, None)
        self.sources.all = tuple(source for source in self.sources.all if source.id != source_id)
        self.secrets.pop(source_id, None)
        self.bus.tell(SourcesChanged())
        return left

    async def set_secrets(self, source_id: str, secrets: tuple[str, ...], *, beside: bool = False) -> None:
        self._called("set_secrets")
        if beside and source_id not in self.secrets:
            raise UserError("There is no secret yet.", code="secret-missing")
        held = self.secrets[source_id] if beside else ()
        self.secrets[source_id] = (*held, *secrets)

    async def secret_tails(self, source_id: str) -> tuple[str, ...]:
        self._called("secret_tails")
        self._read_vault()
        return tuple(secret[-4:] for secret in self.secrets.get(source_id, ()))

    async def set_tunnel(
        self,
        kind: TunnelKind,
        *,
        token: str | None = None,
        domain: str | None = None,
        program: str | None = None,
        url: str = "",
    ) -> None:
        self._called("set_tunnel")
        if token is not None:
            self.token = token
        domain = self.settings.current.tunnel_domain if domain is None else domain
        program = self.settings.current.tunnel_program if program is None else program
        self.settings.change(tunnel=kind, tunnel_domain=domain, tunnel_program=program, own_url=url)
        if kind is TunnelKind.NONE:
            self.receiver.tell_tunnel(TunnelStatus(public_url="http://127.0.0.1:18080"))
            self.receiver.tell_reach(Reach(ReachState.ANSWERS, now(), now()))
        elif self.opens_at_once:
            self.goes_online(url or URL)
        else:
            self.receiver.tell_tunnel(TunnelStatus(kind, TunnelState.STARTING, since=now()))

    async def check_vault(self) -> UserError | None:
        self._called("check_vault")
        self.show_vault(None)
        return None

    async def backup(self, file: Path, passphrase: str = "") -> None:
        self._called("backup")
        self.saved = (file, passphrase)

    async def move_out(self, file: Path, passphrase: str) -> None:
        self._called("move_out")
        self.saved = (file, passphrase)

    async def check_day(
        self, day: date, source_ids: Collection[str] | None = None, *, count: bool = False
    ) -> tuple[DayCheck, ...]:
        return ()

    async def day_checks(self, day: date) -> tuple[DayCheck, ...]:
        return ()

    async def work_here(self) -> None:
        self._called("work_here")

    async def practise(self, source_id: str, kind: Kind | None = None, count: int = 1) -> None:
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
        return next((row for row in self.arrived if row.id == delivery_id), None)

    async def mark_seen(self, up_to: int) -> None:
        self._called("mark_seen")

    async def export(self, query: SalesQuery, file: Path, form: str, told: Callable[[int], None]) -> int:
        return 0
