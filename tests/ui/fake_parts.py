"""Services of a made-up shop: each answers at once or when told, and writes down what it did."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.connection.endpoint import Endpoint, Registered, Standing
from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.connection.silence import Silence
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import (
    Bus,
    DayChecked,
    DeliveryKept,
    EndpointsChanged,
    LedgerChanged,
    Outcome,
    ReachChanged,
    SettingsChanged,
    SourcesChanged,
    TunnelChanged,
    VaultChanged,
)
from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.rules.letter import Letter
from shopwatch.domain.rules.rule import Rule
from shopwatch.domain.rules.target import Target
from shopwatch.domain.sales.closing import DayCheck
from shopwatch.domain.source import Secrets, Source, Tails
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers import provider
from shopwatch.providers.doctor.diagnosis import Diagnosis
from shopwatch.runtime.clock import now
from shopwatch.settings.settings import Settings, changed
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.backups import Backups
from shopwatch.shop.checking.catching_up import CatchingUp
from shopwatch.shop.checking.day_checks import DayChecks
from shopwatch.shop.checking.silences import Silences
from shopwatch.shop.outgoing.destinations import Targets
from shopwatch.shop.outgoing.exports import Exports
from shopwatch.shop.outgoing.mail import Mail
from shopwatch.shop.outgoing.popular import PopularItems
from shopwatch.shop.outgoing.rules import Rules
from shopwatch.shop.receiving.health import Health
from shopwatch.shop.receiving.public_address import PublicAddress
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.shop.sources.connections import Connections
from shopwatch.shop.sources.endpoints import Endpoints
from shopwatch.shop.sources.practice import Practice
from shopwatch.shop.sources.quarantine_review import QuarantineReview
from shopwatch.shop.sources.source_registry import SourceRegistry
from tests.ui.fake_ledger import FakeLedger

URL = "https://lilac-heron.ngrok-free.app"


@dataclass
class Script:
    """What goes wrong: `failure` in whatever reads, until it is taken away; `refuses` the next call of that name.

    `gate`, if set, keeps what waits for it until it is opened. `calls` are those that change something.
    """

    failure: UserError | None = None
    request_filter: asyncio.Event | None = None
    refuses: dict[str, UserError] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def called(self, name: str) -> None:
        self.calls.append(name)
        if (refusal := self.refuses.pop(name, None)) is not None:
            raise refusal

    def read(self) -> None:
        if self.failure is not None:
            raise self.failure


class FakeSettings(SettingsStore):
    """Kept in memory."""

    def __init__(self, current: Settings, bus: Bus) -> None:
        self.current = current
        self._bus = bus

    def change(self, **changes: Any) -> None:
        before, self.current = self.current, replace(self.current, **changes)
        if names := changed(before, self.current):
            self._bus.tell(SettingsChanged(names))

    def latest(self) -> Settings:
        return self.current


class FakeSources(SourceRegistry):
    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self.all = tuple(sources)


class FakeReceiver(Receiver):
    """Is as a test wants it."""

    tunnel = TunnelStatus()
    reach = Reach()
    since: Instant | None = None
    clock_problem: UserError | None = None
    requests_used = 0

    def __init__(self, bus: Bus, script: Script) -> None:
        self._bus = bus
        self._script = script
        self.problems: dict[str, UserError] = {}
        self.reopened = 0

    @property
    def asking_problems(self) -> dict[str, UserError]:
        return self.problems

    async def reopen(self) -> None:
        self._script.called("reopen")
        self.reopened += 1

    async def check(self) -> Reach:
        self._script.called("check")
        self.tell_reach(replace(self.reach, checked_at=now()))
        return self.reach

    def tell_tunnel(self, status: TunnelStatus) -> None:
        self.tunnel = status
        self._bus.tell(TunnelChanged(status))

    def tell_reach(self, reach: Reach) -> None:
        self.reach = reach
        self._bus.tell(ReachChanged(reach))


class FakeHealth(Health):
    def __init__(self, bus: Bus, script: Script) -> None:
        self.heard = {}
        self.vault_problem = None
        self.ledger_problem = None
        self._bus = bus
        self._script = script
        self.vault_checks = 0

    async def check_vault(self) -> UserError | None:
        self._script.called("check_vault")
        self.vault_checks += 1
        self.tell_vault(None)
        return None

    def tell_vault(self, problem: UserError | None) -> None:
        self.vault_problem = problem
        self._bus.tell(VaultChanged(problem))

    def tell_ledger(self, problem: UserError | None) -> None:
        self.ledger_problem = problem
        self._bus.tell(LedgerChanged(problem))


class FakeAddress(PublicAddress):
    """Opens at once what is chosen, unless `opens_at_once` is taken away."""

    stale: tuple[Source, ...] = ()
    allowance_problem: UserError | None = None

    def __init__(self, settings: FakeSettings, receiver: FakeReceiver, bus: Bus, script: Script) -> None:
        self._settings = settings
        self._receiver: FakeReceiver = receiver
        self._bus = bus
        self._script = script
        self.token = ""
        self.opens_at_once = True

    @property
    def base(self) -> str:
        return self._receiver.tunnel.public_url

    async def choose(
        self,
        kind: TunnelKind,
        *,
        token: str | None = None,
        domain: str | None = None,
        program: str | None = None,
        url: str = "",
    ) -> None:
        self._script.called("set_tunnel")
        if token is not None:
            self.token = token
        settings = self._settings.current
        domain = settings.tunnel_domain if domain is None else domain
        program = settings.tunnel_program if program is None else program
        self._settings.change(tunnel=kind, tunnel_domain=domain, tunnel_program=program, own_url=url)
        if kind is TunnelKind.NONE:
            self._receiver.tell_tunnel(TunnelStatus(public_url="http://127.0.0.1:18080"))
            self._receiver.tell_reach(Reach(ReachState.ANSWERS, now(), now()))
        elif self.opens_at_once:
            self.goes_online(url or URL)
        else:
            self._receiver.tell_tunnel(TunnelStatus(kind, TunnelState.STARTING, since=now()))

    def goes_online(self, url: str = URL) -> None:
        kind = self._settings.current.tunnel
        self._receiver.tell_tunnel(TunnelStatus(kind, TunnelState.ONLINE, url, now()))
        self._receiver.tell_reach(Reach(ReachState.ANSWERS, now(), now()))

    async def note_told(self, source_id: str) -> None:
        self._script.called("address_told")
        self.tell_stale(*(each for each in self.stale if each.id != source_id))

    def tell_stale(self, *sources: Source) -> None:
        concerned = {each.id for each in (*self.stale, *sources)}
        self.stale = sources
        self._bus.tell(EndpointsChanged(tuple(concerned)))


class FakeConnections(Connections):
    """Secrets and keys in dictionaries; `unreadable` is why the password store cannot be read."""

    def __init__(self, sources: FakeSources, address: FakeAddress, bus: Bus, script: Script) -> None:
        self._sources = sources
        self._address: FakeAddress = address
        self._bus = bus
        self._script = script
        self.secrets: dict[str, tuple[str, ...]] = {}
        self.previous: dict[str, tuple[str, Instant]] = {}
        self.api_keys: dict[str, str] = {}
        self.unreadable: UserError | None = None

    async def add(self, provider_id: str, name: str = "", options: dict[str, str] | None = None) -> Source:
        self._script.called("add_source")
        number = len(self._script.calls)
        source = Source(f"s{number}", provider_id, name or provider_id, f"/in/{number:022}", now(), options or {})
        self._tell((*self._sources.all, source))
        return source

    async def disconnect(self, source_id: str) -> None:
        self.secrets.pop(source_id, None)
        self._tell(tuple(source for source in self._sources.all if source.id != source_id))

    async def set_options(self, source_id: str, options: dict[str, str]) -> None:
        self._script.called("set_options")
        source = self._sources.known(source_id)
        if (known := provider(source.provider)) is not None:
            known.check_options(options)
        other = replace(source, options=options)
        self._tell(tuple(other if each is source else each for each in self._sources.all))

    async def set_secrets(self, source_id: str, secrets: tuple[str, ...], *, beside: bool = False) -> None:
        self._script.called("set_secrets")
        if beside and source_id not in self.secrets:
            raise UserError("There is no secret yet.", code="secret-missing")
        held = self.secrets[source_id] if beside else ()
        self.secrets[source_id] = (*held, *secrets)

    async def rotate_secret(self, source_id: str, secret: str, *, keep_for: Instant = DAY) -> None:
        self._script.called("rotate_secret")
        self.previous[source_id] = (self.secrets[source_id][0], now() + keep_for)
        self.secrets[source_id] = (secret,)

    async def secrets_of(self, source_id: str) -> Secrets:
        self._read()
        return Secrets(self.secrets.get(source_id, ()))

    async def tails(self, source_id: str) -> Tails:
        self._script.called("secret_tails")
        self._read()
        current = tuple(secret[-4:] for secret in self.secrets.get(source_id, ()))
        if source_id not in self.previous:
            return Tails(current)
        old, until = self.previous[source_id]
        return Tails(current, (old[-4:],), until)

    async def whole_address(self, source: Source) -> str:
        self._script.called("whole_address")
        address = self._address.of(source)
        return address + self.secrets[source.id][0] if address.endswith("=") else address

    async def set_api_key(self, source_id: str, key: str) -> None:
        self._script.called("set_api_key")
        self.api_keys[source_id] = key

    async def forget_api_key(self, source_id: str) -> None:
        self._script.called("forget_api_key")
        self.api_keys.pop(source_id, None)

    async def has_api_key(self, source_id: str) -> bool:
        self._read()
        return source_id in self.api_keys

    def _read(self) -> None:
        if self.unreadable is not None:
            raise self.unreadable

    def _tell(self, sources: tuple[Source, ...]) -> None:
        self._sources.all = sources
        self._bus.tell(SourcesChanged())


class FakeEndpoints(Endpoints):
    """Providers do what they are asked; `left_there` is why one kept the endpoint of a source that was removed."""

    def __init__(
        self,
        ledger: FakeLedger,
        sources: FakeSources,
        connections: FakeConnections,
        address: FakeAddress,
        script: Script,
    ) -> None:
        self._ledger: FakeLedger = ledger
        self._sources = sources
        self._connections: FakeConnections = connections
        self._address = address
        self._script = script
        self.gives_secrets = True
        self.left_there: UserError | None = None

    async def register(self, source_id: str) -> None:
        self._script.called("register")
        address = self._address.of(self._sources.known(source_id))
        known = self._ledger.endpoints.registered.get(source_id)
        if known is None:
            if self.gives_secrets:
                self._connections.secrets[source_id] = ("whsec_that-the-provider-gave",)
            known = Registered(source_id, Endpoint("we_1", address), now(), now())
        mended = Endpoint(known.endpoint.id, address, Standing.ON)
        self._ledger.endpoints.tell(
            replace(known, endpoint=mended, problem="", made_at=known.made_at or now(), checked_at=now())
        )

    async def check(self, source_ids: Collection[str] | None = None) -> None:
        self._script.called("check_endpoints")
        for source_id in source_ids or tuple(self._ledger.endpoints.registered):
            known = self._ledger.endpoints.registered[source_id]
            self._ledger.endpoints.tell(replace(known, problem="", checked_at=now()))

    async def remove_source(self, source_id: str) -> UserError | None:
        self._script.called("remove_source")
        left = self.left_there if source_id in self._ledger.endpoints.registered else None
        self._ledger.endpoints.registered.pop(source_id, None)
        await self._connections.disconnect(source_id)
        return left


class FakeCatchingUp(CatchingUp):
    def __init__(self, script: Script) -> None:
        self._script = script
        self.told: dict[str, CaughtUp] = {}
        self.looks = 0

    @property
    def results(self) -> dict[str, CaughtUp]:
        return self.told

    def look(self, source_ids: Collection[str] | None = None) -> None:
        self._script.called("look")
        self.looks += 1


class FakeSilences(Silences):
    def __init__(self) -> None:
        self.told: dict[str, Silence] = {}

    @property
    def silent(self) -> dict[str, Silence]:
        return self.told


class FakeDayChecks(DayChecks):
    """Finds what `lists` hold for a day, one after the other."""

    def __init__(self, ledger: FakeLedger, bus: Bus, script: Script) -> None:
        self._ledger: FakeLedger = ledger
        self._bus = bus
        self._script = script
        self.lists: dict[date, list[tuple[DayCheck, ...]]] = {}
        self.compared: list[tuple[date, bool]] = []

    async def check(
        self, day: date, source_ids: Collection[str] | None = None, *, count: bool = False
    ) -> tuple[DayCheck, ...]:
        self.compared.append((day, count))
        if self._script.request_filter is not None:
            await self._script.request_filter.wait()
        self._script.read()
        found = self._ledger.day_checks.checks[day] = self.lists[day].pop(0) if self.lists.get(day) else ()
        self._bus.tell(DayChecked(day))
        return found


class FakePractice(Practice):
    """`comes_back`: what was sent is heard of."""

    def __init__(self, bus: Bus, script: Script) -> None:
        self._bus = bus
        self._script = script
        self.practised: list[str] = []
        self.comes_back = False

    async def send(self, source_id: str, kind: Kind | None = None, count: int = 1) -> None:
        self._script.called("practise")
        self._script.read()
        self.practised.append(source_id)
        for _ in range(count if self.comes_back else 0):
            self._bus.tell(DeliveryKept(source_id, Outcome.ACCEPTED, now(), practice=True))


class FakeReview(QuarantineReview):
    """`fitting` are the deliveries that fit when they are judged again."""

    def __init__(self, ledger: FakeLedger, health: FakeHealth) -> None:
        self._ledger: FakeLedger = ledger
        self._health = health
        self.diagnoses: dict[int, Diagnosis] = {}
        self.newest: Diagnosis | None = None
        self.rechecked: list[int] = []
        self.fitting: set[int] = set()
        self.mended: list[int] = []

    async def diagnose(self, delivery_id: int) -> Diagnosis | None:
        if self._health.vault_problem is not None:
            raise self._health.vault_problem
        return self.diagnoses.get(delivery_id)

    async def diagnose_newest(self, source_id: str) -> Diagnosis | None:
        return self.newest

    async def fits_now(self, delivery_id: int) -> bool:
        self.rechecked.append(delivery_id)
        return delivery_id in self.fitting

    async def count_now(self, delivery_id: int) -> bool:
        rows = self._ledger.inbox.rows
        rows[delivery_id] = replace(
            rows[delivery_id], outcome=Outcome.ACCEPTED, reason="", event_id="evt", kind=Kind.SALE
        )
        return True

    async def mend(self, delivery_id: int) -> None:
        self.mended.append(delivery_id)
        self.fitting.add(delivery_id)


class FakeRules(Rules):
    def __init__(self, ledger: FakeLedger) -> None:
        self._ledger = ledger

    async def put(self, rule: Rule) -> Rule:
        return await self._ledger.outbox.put_rule(rule)


class FakeTargets(Targets):
    def __init__(self, settings: FakeSettings, script: Script) -> None:
        self._settings = settings
        self._script = script
        self.secrets: dict[str, str] = {}

    async def put(self, target: Target, secret: str | None = None) -> Target:
        self._script.called("put_target")
        before = self._settings.current.targets
        kept = replace(target, id=target.id or f"target-{len(before) + 1}")
        if secret is not None:
            self.secrets[kept.id] = secret
        self._settings.change(targets=(*(each for each in before if each.id != kept.id), kept))
        return kept

    async def drop(self, target_id: str) -> None:
        self._script.called("drop_target")
        self.secrets.pop(target_id, None)
        self._settings.change(targets=tuple(each for each in self._settings.current.targets if each.id != target_id))

    async def has_secret(self, target_id: str) -> bool:
        return target_id in self.secrets

    async def signing_secret(self, target_id: str) -> str:
        return self.secrets.setdefault(target_id, "whsec_c2lnbmluZyBzZWNyZXQ")


class FakeMail(Mail):
    def __init__(self, script: Script) -> None:
        self._script = script
        self.tested: list[Letter] = []

    async def send_test(self, letter: Letter) -> str:
        self._script.called("send_test_letter")
        self.tested.append(letter)
        return "shop@example.com"

    async def preview(self, letter: Letter, sale_id: int | None = None) -> tuple[str, str, str]:
        self._script.called("preview_letter")
        said = f"sale {sale_id}: " if sale_id else ""
        return said + letter.subject, letter.text, letter.html


class FakePopular(PopularItems):
    made_at: Instant | None = None

    def __init__(self, receiver: FakeReceiver, script: Script) -> None:
        self._receiver: FakeReceiver = receiver
        self._script = script
        self.saved: list[Path] = []

    @property
    def address(self) -> str:
        tunnel = self._receiver.tunnel
        return tunnel.public_url + "/popular" if tunnel.kind is not TunnelKind.NONE else ""

    @property
    def line(self) -> str:
        return f'<iframe src="{self.address}"></iframe>'

    async def save(self, file: Path) -> None:
        self._script.read()
        self.saved.append(file)


class FakeExports(Exports):
    def __init__(self, ledger: FakeLedger) -> None:
        self._ledger: FakeLedger = ledger
        self.sold: list[tuple[Path, str]] = []
        self.messages: dict[Path, bytes] = {}

    async def sales(
        self, query: SalesQuery, file: Path, form: str, told: Callable[[int], None] = lambda _: None
    ) -> int:
        count = len(self._ledger.sales.rows)
        self.sold.append((file, form))
        told(count // 2)
        return count

    async def message(self, delivery_id: int, file: Path) -> None:
        self.messages[file] = self._ledger.inbox.rows[delivery_id].body or b""


class FakeBackups(Backups):
    def __init__(self, script: Script) -> None:
        self._script = script
        self.saved: tuple[Path, str] | None = None

    async def write(self, file: Path, passphrase: str = "") -> None:
        self._script.called("backup")
        self.saved = (file, passphrase)
