"""A shop made by hand, of services that are told what to answer."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import structs

from shopwatch.domain.connection.endpoint import Registered
from shopwatch.domain.connection.ownership import Home
from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, DeliveryKept, Outcome, SaleRow
from shopwatch.domain.instant import DAY, HOUR, MINUTE, Instant
from shopwatch.domain.rules.job import Job
from shopwatch.domain.rules.rule import Rule
from shopwatch.domain.sales.closing import DayCheck
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.popular import Popular
from shopwatch.domain.sales.sale import Item, Sale, SaleState
from shopwatch.domain.source import Source
from shopwatch.host.paths import Paths
from shopwatch.ledger.inbox.query import DeliveryRow
from shopwatch.ledger.people.query import PersonMoment, PersonRow
from shopwatch.providers.doctor.diagnosis import Diagnosis
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.settings.settings import Settings
from shopwatch.shop.shop import Shop
from shopwatch.shop.sources.consents import Consents
from tests.ui.fake_ledger import NOON, FakeLedger
from tests.ui.fake_parts import (
    URL,
    FakeAddress,
    FakeBackups,
    FakeCatchingUp,
    FakeConnections,
    FakeDayChecks,
    FakeEndpoints,
    FakeExports,
    FakeHealth,
    FakeMail,
    FakePopular,
    FakePractice,
    FakeReceiver,
    FakeReview,
    FakeRules,
    FakeSettings,
    FakeSilences,
    FakeSources,
    FakeTargets,
    Script,
)

PAYNOW = Source("src-paynow", "paynow", "PayNow", "/in/abc", NOON - DAY)
ANSWERS = Reach(ReachState.ANSWERS, NOON - 4 * HOUR)
ONLINE = TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, URL, NOON - 4 * HOUR)


def sale_row(nth: int, /, **changes: object) -> SaleRow:
    """A sale of $10.00 plus its number in cents, one minute after the one before; `changes` are fields of the sale."""
    sale = Sale(
        order_id=f"order-{nth}",
        number=f"PN-{nth}",
        state=SaleState.PAID,
        amount=Money(1000 + nth, "USD"),
        amount_text="",
        given_back=None,
        name=f"Customer {nth}",
        email=f"c{nth}@example.com",
        items=(Item("Peony bunch", 2, Money(500, "USD")),),
        paid_at=NOON + nth * MINUTE,
        practice=False,
        live=True,
    )
    return SaleRow(nth, PAYNOW.id, "paynow", structs.replace(sale, **changes), NOON + nth * MINUTE)


class FakeVault(MemoryVault):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.called = name

    @property
    def name(self) -> str:
        return self.called


class FakeShop(Shop):
    """Everything a screen asks for; everything succeeds at once unless its `script` says otherwise."""

    ledger: FakeLedger
    settings: FakeSettings
    sources: FakeSources
    receiver: FakeReceiver
    health: FakeHealth
    address: FakeAddress
    connections: FakeConnections
    endpoints: FakeEndpoints
    catching_up: FakeCatchingUp
    silences: FakeSilences
    day_checks: FakeDayChecks
    practice: FakePractice
    review: FakeReview
    targets: FakeTargets
    mail: FakeMail
    popular: FakePopular
    exports: FakeExports
    backups: FakeBackups

    def __init__(
        self,
        *,
        sources: tuple[Source, ...] = (PAYNOW,),
        tunnel: TunnelStatus = ONLINE,
        reach: Reach = ANSWERS,
        settings: Settings | None = None,
        locale: str = "en_US",
        listening_since: Instant | None = NOON - 4 * HOUR,
        heard: dict[str, Instant] | None = None,
        vault_name: str = "GNOME Keyring",
        vault_problem: UserError | None = None,
        ledger_problem: UserError | None = None,
        clock_problem: UserError | None = None,
        allowance_problem: UserError | None = None,
        failure: UserError | None = None,
        refuses: dict[str, UserError] | None = None,
        stale_sources: tuple[Source, ...] = (),
        endpoints: dict[str, Registered] | None = None,
        rows: Iterable[SaleRow] = (),
        inbox: dict[int, DeliveryRow] | None = None,
        diagnoses: dict[int, Diagnosis] | None = None,
        persons: Iterable[PersonRow] = (),
        occasions: dict[int, tuple[PersonMoment, ...]] | None = None,
        kept_rules: Iterable[Rule] = (),
        jobs_made: Iterable[Job] = (),
        outbox: Iterable[Job] = (),
        sold: tuple[Popular, ...] = (),
        page_made_at: Instant | None = None,
        checks: dict[date, tuple[DayCheck, ...]] | None = None,
        lists: dict[date, list[tuple[DayCheck, ...]]] | None = None,
    ) -> None:
        bus, script = Bus(), Script(failure=failure, refuses=refuses or {})
        self.bus = bus
        self.script = script
        self.locale = locale
        self.notice = None
        self.paths = Paths(Path("/home/owner/.local/share/ShopWatch"))
        self.vault = FakeVault(vault_name)
        self.transport = ApiTransport()
        self.consents = Consents(lambda: self.transport)
        self.settings = FakeSettings(settings or Settings(id="0" * 16, shop_name="Bloom & Stem"), bus)
        self.sources = FakeSources(sources)
        self.receiver = FakeReceiver(bus, script)
        self.receiver.tunnel = tunnel
        self.receiver.reach = reach
        self.receiver.since = listening_since
        self.receiver.clock_problem = clock_problem
        self.health = FakeHealth(bus, script)
        self.health.heard = heard or {}
        self.health.vault_problem = vault_problem
        self.health.ledger_problem = ledger_problem
        self.ledger = FakeLedger(bus, script)
        self.ledger.sales.rows = list(rows)
        self.ledger.inbox.rows = inbox if inbox is not None else {}
        self.ledger.people.persons = list(persons)
        self.ledger.people.occasions = occasions or {}
        self.ledger.outbox.kept_rules = list(kept_rules)
        self.ledger.outbox.made = list(jobs_made)
        self.ledger.outbox.kept = list(outbox)
        self.ledger.popular.sold = sold
        self.ledger.endpoints.told = endpoints if endpoints is not None else {}
        self.ledger.day_checks.checks = checks if checks is not None else {}
        self.address = FakeAddress(self.settings, self.receiver, bus, script)
        self.address.stale = stale_sources
        self.address.allowance_problem = allowance_problem
        self.connections = FakeConnections(self.sources, self.address, bus, script)
        self.endpoints = FakeEndpoints(self.ledger, self.sources, self.connections, self.address, script)
        self.catching_up = FakeCatchingUp(script)
        self.silences = FakeSilences()
        self.day_checks = FakeDayChecks(self.ledger, bus, script)
        self.day_checks.lists = lists if lists is not None else {}
        self.practice = FakePractice(bus, script)
        self.review = FakeReview(self.ledger, self.health)
        self.review.diagnoses = diagnoses or {}
        self.rules = FakeRules(self.ledger)
        self.targets = FakeTargets(self.settings, script)
        self.mail = FakeMail(script)
        self.popular = FakePopular(self.receiver, script)
        self.popular.made_at = page_made_at
        self.exports = FakeExports(self.ledger)
        self.backups = FakeBackups(script)

    async def work_here(self) -> None:
        self.script.called("work_here")
        self.settings.change(home=Home())

    async def move_out(self, file: Path, passphrase: str) -> None:
        self.script.called("move_out")
        self.backups.saved = (file, passphrase)

    def hears(self, outcome: Outcome = Outcome.ACCEPTED, *, reason: str = "", practice: bool = False) -> None:
        """A message of the newest source has come."""
        at = now()
        source = self.sources.all[-1]
        if outcome is Outcome.ACCEPTED and not practice:
            self.health.heard[source.id] = at
        self.bus.tell(DeliveryKept(source.id, outcome, at, reason, practice))


def new_shop(**settings: Any) -> FakeShop:
    """One in which nothing is connected yet; `settings` are some of its settings."""
    chosen = Settings(id="0" * 16, **settings)
    shop = FakeShop(
        settings=chosen,
        sources=(),
        tunnel=TunnelStatus(kind=chosen.tunnel),
        reach=Reach(),
        locale="en_GB",
        listening_since=now(),
    )
    shop.ledger.inbox.strict = True
    shop.practice.comes_back = True
    return shop
