"""Endpoints are looked after at the right times; what failed is tried again, sooner or later."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.facts import Bus, DeliveryKept, EndpointsChanged, GapEnded, Outcome, SourcesChanged, TunnelChanged
from shopwatch.domain.instant import MINUTE
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.endpoint_monitor import EndpointMonitor
from shopwatch.recovery.registrar import Registrar
from shopwatch.runtime.clock import now
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.secrets.vault import MemoryVault
from tests.defects import defects
from tests.standin.registers_payments import Stripe
from tests.standin.site import half, serving, status

KEY = "rk_live_canaryCANARYcanary0123456789"
OLD, NEW = "https://old.shop.example", "https://new.shop.example"
QUICK = Bounds(connect=10, total=30, pauses=())


def opened(url: str, kind: TunnelKind = TunnelKind.OWN, since: int = 0, previous: str = "") -> TunnelStatus:
    state = TunnelState.URL_CHANGED if previous else TunnelState.ONLINE
    return TunnelStatus(kind, state, url, since, previous_url=previous)


@dataclass
class Scene:
    """A ledger, Stripe's register, and a monitor between them."""

    ledger: Ledger
    bus: Bus
    stripe: Stripe
    registrar: Registrar
    sources: list[Source] = field(default_factory=list)
    looked: list[Collection[str]] = field(default_factory=list)
    status: TunnelStatus = field(default_factory=TunnelStatus)
    monitor: EndpointMonitor | None = None
    failures: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._happened = asyncio.Event()
        self.bus.listen(EndpointsChanged, lambda _: self._happened.set())

    async def url_of(self, source: Source) -> str:
        if self.failures:
            raise self.failures.pop()
        return self.status.public_url + source.path if self.status.public_url else ""

    def guard(self, status: TunnelStatus, *, every: float = 3_600, pauses: tuple[float, ...] = (0.01,)) -> None:
        self.status = status
        self.monitor = EndpointMonitor(
            self.ledger,
            self.registrar,
            self.bus,
            url_of=self.url_of,
            look=self.looked.append,
            pauses=pauses,
            every=every,
        )
        self.monitor.start(status)

    def change(self, status: TunnelStatus) -> None:
        self.status = status
        self.bus.tell(TunnelChanged(status))

    @property
    def reads(self) -> int:
        return len(self.stripe.site.asked)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not condition():
                self._happened.clear()
                await self._happened.wait()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    bus, vault, stripe = Bus(), MemoryVault(), Stripe(KEY)
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'sales.sqlite'}", tell=bus.tell)
    async with serving(stripe.site) as site:
        source = await ledger.sources.add("stripe", "Stripe", {})
        keys, transport = ApiKeys(vault), ApiTransport(QUICK, stand_ins={stripe.host: site.origin})
        await keys.write(source.id, KEY)

        async def changed() -> None:
            pass

        registrar = Registrar(ledger, ApiClient(keys, transport), SecretStore(vault), changed=changed)
        scene = Scene(ledger, bus, stripe, registrar)
        scene.sources.append(source)
        yield scene
        if scene.monitor is not None:
            await scene.monitor.stop()
        await transport.close()
    ledger.close()


async def test_it_is_read_again_and_again(scene: Scene) -> None:
    [source] = scene.sources
    await scene.registrar.register(source, OLD + source.path)
    scene.guard(opened(OLD), every=0.02)
    await scene.stripe.site.until_asked(scene.reads + 5)
    assert {each.method for each in scene.stripe.site.asked[2:]} == {"GET"}


async def test_it_is_read_once_and_then_left_alone_for_long(scene: Scene) -> None:
    [source] = scene.sources
    await scene.registrar.register(source, OLD + source.path)
    made = scene.ledger.endpoints.registered[source.id].checked_at
    before = scene.reads
    scene.guard(opened(OLD))
    await scene.until(lambda: scene.ledger.endpoints.registered[source.id].checked_at > made)
    first = scene.ledger.endpoints.registered[source.id].checked_at
    scene.change(opened(OLD))
    scene.bus.tell(SourcesChanged())
    scene.bus.tell(GapEnded(Gap(1, Cause.ASLEEP, now() - MINUTE, now())))
    await scene.until(lambda: scene.ledger.endpoints.registered[source.id].checked_at > first)
    assert scene.reads == before + 2


async def test_what_failed_is_tried_again_until_it_is_done(scene: Scene) -> None:
    [source] = scene.sources
    await scene.registrar.register(source, OLD + source.path)
    scene.stripe.site.faults.extend([status(503), status(500), status(429)])
    scene.guard(opened(NEW))
    await scene.until(lambda: scene.ledger.endpoints.addresses[source.id] == NEW)
    assert scene.looked == [(source.id,)]
    known = scene.ledger.endpoints.registered[source.id]
    assert (known.endpoint.url, known.problem) == (NEW + source.path, "")


async def test_a_defect_is_told_and_ends_no_looking_after(scene: Scene) -> None:
    [source] = scene.sources
    await scene.registrar.register(source, OLD + source.path)
    scene.failures.append(ValueError("of ours"))
    with defects() as told:
        scene.guard(opened(NEW))
        await scene.until(lambda: scene.ledger.endpoints.addresses[source.id] == NEW)
    assert [str(each) for each in told] == ["of ours"]


async def test_an_address_that_comes_back_before_it_was_told_leaves_nothing_behind(scene: Scene) -> None:
    [source] = scene.sources
    await scene.registrar.register(source, OLD + source.path)
    first = scene.ledger.endpoints.registered[source.id].endpoint
    handle = scene.stripe.site.handle
    lost = 0

    async def made_but_not_said(request: web.Request) -> web.StreamResponse:
        nonlocal lost
        done = await handle(request)
        if request.method != "POST":
            return done
        lost += 1
        return await half(request)

    scene.stripe.site.handle = made_but_not_said
    scene.guard(opened(NEW), pauses=(3_600,))
    await scene.until(lambda: scene.ledger.endpoints.registered[source.id].problem == "api-away")
    assert (lost, len(scene.stripe.lines)) == (1, 2)
    scene.stripe.site.handle = handle
    scene.change(opened(OLD))
    await scene.until(lambda: not scene.ledger.endpoints.registered[source.id].begun)
    known = scene.ledger.endpoints.registered[source.id]
    assert (known.endpoint, known.problem) == (first, "")
    assert [line.url for line in scene.stripe.lines.values()] == [OLD + source.path]


async def test_nothing_is_moved_while_there_is_no_public_address(scene: Scene) -> None:
    [source] = scene.sources
    await scene.registrar.register(source, OLD + source.path)
    before = scene.reads
    scene.guard(TunnelStatus(TunnelKind.NGROK, TunnelState.STARTING))
    await scene.stripe.site.until_asked(before + 1)
    scene.change(opened("http://127.0.0.1:1", TunnelKind.NONE))
    scene.change(TunnelStatus(TunnelKind.NGROK, TunnelState.FAILED, NEW))
    scene.change(opened(NEW))
    await scene.until(lambda: scene.ledger.endpoints.addresses[source.id] == NEW)
    assert [each.method for each in scene.stripe.site.asked[before:]].count("POST") == 1
    assert [line.url for line in scene.stripe.lines.values()] == [OLD + source.path, NEW + source.path]


async def test_the_first_address_is_what_the_owner_copies_and_what_was_there_before_has_the_one_before(
    scene: Scene,
) -> None:
    [before] = scene.sources
    later = before
    while later.created_at == before.created_at:
        later = await scene.ledger.sources.add("kofi", "Ko-fi", {})
    scene.guard(opened(NEW, TunnelKind.NGROK, since=later.created_at, previous=OLD))
    await scene.until(lambda: later.id in scene.ledger.endpoints.addresses)
    assert scene.ledger.endpoints.addresses[before.id] == OLD
    assert scene.ledger.endpoints.addresses[later.id] == NEW


@pytest.mark.parametrize(
    ("host", "outcome", "practice", "confirms"),
    [
        ("new.shop.example", Outcome.ACCEPTED, False, True),
        ("new.shop.example", Outcome.REPEAT, False, True),
        ("new.shop.example", Outcome.ACCEPTED, True, True),
        ("127.0.0.1:8080", Outcome.ACCEPTED, False, True),
        ("127.0.0.1:8080", Outcome.ACCEPTED, True, False),
        ("new.shop.example", Outcome.REJECTED, False, False),
        ("old.shop.example", Outcome.ACCEPTED, False, False),
        ("", Outcome.ACCEPTED, False, False),
    ],
)
async def test_only_what_came_to_the_new_address_proves_it(
    scene: Scene, host: str, outcome: Outcome, practice: bool, confirms: bool
) -> None:
    [source] = scene.sources
    await scene.registrar.register(source, OLD + source.path)
    scene.guard(opened(NEW))
    await scene.until(lambda: scene.ledger.endpoints.registered[source.id].old is not None)
    scene.bus.tell(DeliveryKept(source.id, outcome, now() + MINUTE, practice=practice, host=host))
    if not confirms:
        scene.bus.tell(DeliveryKept(source.id, Outcome.ACCEPTED, now(), host="new.shop.example"))
    await scene.until(lambda: scene.ledger.endpoints.registered[source.id].old is None)
    confirmed_at = scene.ledger.endpoints.registered[source.id].confirmed_at
    assert (confirmed_at > now()) is confirms
