"""What messages lack is asked for, booked on the same sale, and never asked for in vain for ever."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import ApiChanged, Bus, Change, SaleChange, SalesChanged
from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.event import ASKED, NOT_FETCHED, Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim, SaleState
from shopwatch.domain.source import Options
from shopwatch.ledger import Ledger
from shopwatch.ledger.database import Database
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.recovery.pending_fetches import FetchBook, Unasked
from shopwatch.ledger.sales.query import SaleDetail, SalesQuery
from shopwatch.providers.api import Api, Asking, NewKey
from shopwatch.providers.api_kit.requests import ask, get
from shopwatch.providers.apis.bigcommerce import BIGCOMMERCE_API
from shopwatch.providers.apis.mercadopago import MERCADOPAGO_API
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.kit.reading import Meaning
from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.backoff import Backoff
from shopwatch.recovery.fetcher import Fetcher
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.vault import MemoryVault
from tests.standin.site import Handler, half, huge, raw, serving, status
from tests.standin.stripe import HOST, KEY, Stripe, line

NOON: Instant = 1_795_521_600_000
QUICK = Bounds(connect=10, total=5, pauses=(0.01,))


class Store(MemoryVault):
    """A password store that is away while there is `trouble`."""

    def __init__(self) -> None:
        super().__init__()
        self.trouble: Outage | None = None
        self.asked = asyncio.Event()

    async def get(self, name: str) -> str | None:
        self.asked.set()
        if self.trouble is not None:
            raise self.trouble
        return await super().get(name)


class Looked(FetchBook):
    """What is still to be asked for; whether the fetcher still looks for it can be waited for."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._looked = asyncio.Event()

    async def pending(self, source_id: str, without: Collection[int] = (), limit: int = 50) -> tuple[Unasked, ...]:
        self._looked.set()
        return await super().pending(source_id, without, limit)

    async def looked_within(self, seconds: float) -> bool:
        self._looked.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._looked.wait()
        return self._looked.is_set()


@dataclass
class Scene:
    """A ledger, a stand-in for Stripe, and a fetcher between them. Days pass when `at` is moved."""

    folder: Path
    stripe: Stripe
    vault: Store = field(default_factory=Store)
    at: Instant = NOON
    facts: list[object] = field(default_factory=list)

    async def open(self, api: Api = STRIPE_API) -> None:
        self.bus = Bus()
        self._told = asyncio.Event()
        for kind in (SalesChanged, ApiChanged):
            self.bus.listen(kind, self._on_fact)
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", tell=self.bus.tell)
        held = await self.ledger.sources.all()
        self.source = held[0] if held else await self.ledger.sources.add("stripe", "Stripe")
        self.keys = ApiKeys(self.vault)
        self.transport = ApiTransport(QUICK, stand_ins=dict.fromkeys(api.hosts, self.stripe.site.origin))
        self.fetches = self.ledger.fetches = Looked(self.ledger.database)
        self.fetcher = Fetcher(
            self.ledger,
            ApiClient(self.keys, self.transport, find_api={"stripe": api}.get),
            self.bus,
            clock=lambda: self.at,
            new_rest=lambda: Backoff((0.05,), (0.05,)),
        )

    async def close(self) -> None:
        await self.fetcher.stop()
        await self.transport.close()
        self.ledger.close()

    async def begin(self, key: str = KEY) -> None:
        await self.set_key(key)
        self.fetcher.start()

    async def set_key(self, key: str) -> None:
        await self.keys.write(self.source.id, key)
        await self.ledger.sources.touch_secrets(self.source.id)

    async def sell(self, session: str, *, live: bool = True, nonce: str | None = None) -> None:
        claim = SaleClaim(session, Money(4_396, "USD"), email="maya@example.com")
        event = Event(
            id=f"evt_{session}",
            type="checkout.session.completed",
            kind=Kind.SALE,
            occurred_at=NOON,
            claim=claim,
            links=(f"pi_{session}",),
            live=live,
            needs_fetch=f"GET /v1/checkout/sessions/{session}/line_items",
        )
        request = Request("POST", "https://shop.example/in/stripe/x", Headers(), b"{}")
        await self.ledger.record(Delivery(self.source.id, request, NOON, nonce), Accepted(event))

    async def hear(self, event_type: str, of: dict[str, Any]) -> None:
        """A message of Stripe's comes in."""
        told = {"id": f"evt_{event_type}", "type": event_type, "created": NOON // 1000, "data": {"object": of}}
        request = Request("POST", "https://shop.example/in/stripe/x", Headers(), json.dumps(told).encode())
        await self.ledger.record(Delivery(self.source.id, request, NOON), STRIPE.judge_practice(request, NOON))

    async def sale(self, sale_id: int = 1) -> SaleDetail:
        found = await self.ledger.sales.get(sale_id)
        assert found is not None
        return found

    async def until(self, true: Callable[[], bool], patience: float = 30) -> None:
        """Wait until something that facts tell is true."""
        async with asyncio.timeout(patience):
            while not true():
                self._told.clear()
                await self._told.wait()

    async def items(self, sale_id: int = 1, patience: float = 30) -> tuple[Item, ...]:
        """The sale's items, once there are some."""
        await self.until(lambda: any(each.row.id == sale_id and each.row.sale.items for each in self.changes), patience)
        return (await self.sale(sale_id)).row.sale.items

    async def settled(self, patience: float = 30) -> None:
        """Return once nothing is owed any more."""
        async with asyncio.timeout(patience):
            while await self.ledger.fetches.pending(self.source.id):
                await self.ledger.durability()

    @property
    def changes(self) -> list[SaleChange]:
        return [change for fact in self.facts if isinstance(fact, SalesChanged) for change in fact.changes]

    @property
    def problems(self) -> list[str]:
        """The problems told, in their order; empty once it answers."""
        told = [fact.problem for fact in self.facts if isinstance(fact, ApiChanged)]
        return [problem.code if problem else "" for problem in told]

    def _on_fact(self, fact: object) -> None:
        self.facts.append(fact)
        self._told.set()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    stripe = Stripe(sessions={"cs_1": [line(1)], "cs_2": [line(2, "Card", 1, 350)]})
    async with serving(stripe.site):
        scene = Scene(tmp_path, stripe)
        await scene.open()
        yield scene
        await scene.close()


async def test_the_items_appear_on_the_sale_which_rings_once(scene: Scene) -> None:
    await scene.begin()
    await scene.sell("cs_1")
    assert await scene.items() == (Item("Peony bunch", 2, Money(1_099, "USD")),)

    detail = await scene.sale()
    assert (detail.row.sale.amount, detail.row.sale.email) == (Money(4_396, "USD"), "maya@example.com")
    assert [each.part.event_id for each in detail.moments] == ["evt_cs_1", "fetched:evt_cs_1"]
    assert [each.change for each in scene.changes] == [Change.NEW, Change.UPDATED]
    assert len(scene.stripe.site.asked) == 1
    await scene.settled()


async def test_the_answer_is_kept_as_it_came_and_the_key_nowhere(scene: Scene) -> None:
    await scene.begin()
    await scene.sell("cs_1")
    await scene.items()
    [answered, _] = await scene.ledger.inbox.page(InboxQuery())
    whole = await scene.ledger.inbox.get(answered.id)
    assert whole is not None
    assert (whole.method, whole.url.partition("?")[0]) == (
        "GET",
        "https://api.stripe.com/v1/checkout/sessions/cs_1/line_items",
    )
    assert b"Peony bunch" in (whole.body or b"")
    assert whole.headers == (("Content-Type", "application/json; charset=utf-8"),)
    scene.ledger.close()
    for file in scene.folder.iterdir():
        assert b"canary" not in file.read_bytes().lower()


async def test_a_refund_that_stands_alone_finds_the_invoice_that_it_does_not_name(scene: Scene) -> None:
    """As since Stripe's API version 2025-03-31.basil, where nothing told yet joins payment and invoice."""
    scene.stripe.invoices["pi_1"] = "in_1"
    given = {"id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 500, "currency": "usd"}
    await scene.hear("invoice.paid", {"id": "in_1", "amount_paid": 2_000, "currency": "usd"})
    await scene.hear("charge.refunded", given)
    assert await scene.ledger.sales.count(SalesQuery()) == 2

    await scene.begin()
    await scene.settled()

    [row] = (await scene.ledger.sales.page(SalesQuery(), None, 10)).rows
    assert (row.sale.state, row.sale.kept) == (SaleState.PART_REFUNDED, Money(1_500, "USD"))


async def test_many_pages_are_read(scene: Scene) -> None:
    scene.stripe.sessions["cs_1"] = [line(place, f"Bulb {place}") for place in range(150)]
    await scene.begin()
    await scene.sell("cs_1")
    assert len(await scene.items()) == 150
    assert len(scene.stripe.site.asked) == 2


async def test_what_is_owed_is_found_again_after_a_restart(scene: Scene) -> None:
    await scene.sell("cs_1")
    await scene.close()
    await scene.open()
    await scene.begin()
    assert await scene.items()


async def test_without_a_key_nobody_is_asked_and_with_one_at_once(scene: Scene) -> None:
    scene.fetcher.start()
    await scene.sell("cs_1")
    await scene.until(lambda: scene.problems == [""])
    assert scene.stripe.site.asked == []
    await scene.set_key(KEY)
    await scene.sell("cs_2")
    assert await scene.items(1)
    assert await scene.items(2)


async def test_practice_is_never_asked_for(scene: Scene) -> None:
    nonce, *_ = await scene.ledger.sources.issue_practice(scene.source.id, 1)
    await scene.begin()
    await scene.sell("cs_1", nonce=nonce)
    await scene.sell("cs_2")
    await scene.items(2)
    assert [each.split("?")[0].split("/")[-2] for each in scene.stripe.site.paths] == ["cs_2"]


@pytest.mark.parametrize("fault", [status(500), status(429, Retry_After="0"), raw(b'{"data": ['), half, huge()])
async def test_what_fails_is_asked_again_until_it_is_answered(scene: Scene, fault: Handler) -> None:
    scene.stripe.site.faults += [fault] * 2
    await scene.begin()
    await scene.sell("cs_1")
    assert await scene.items()


@pytest.mark.parametrize(("key", "code"), [(KEY[:-1] + "x", "api-key-refused"), ("narrow", "api-key-narrow")])
async def test_a_key_that_does_not_do_is_told_and_mended_by_another(scene: Scene, key: str, code: str) -> None:
    scene.stripe.sessions["cs_3"] = [line(3)]
    await scene.begin(scene.stripe.narrow if key == "narrow" else key)
    await scene.sell("cs_1")
    await scene.until(lambda: code in scene.problems)
    assert scene.fetcher.problems[scene.source.id].title.endswith(".")
    asked = len(scene.stripe.site.asked)

    await scene.sell("cs_2")
    scene.at += 3 * DAY
    await scene.set_key(KEY)
    await scene.sell("cs_3")
    assert await scene.items(1)
    assert await scene.items(2)
    assert scene.fetcher.problems == {}
    assert asked == 1


async def test_what_the_provider_does_not_know_is_given_up_after_a_day_in_plain_sight(scene: Scene) -> None:
    await scene.begin()
    await scene.sell("cs_unknown")
    await scene.stripe.site.until_asked(4)
    assert len((await scene.sale()).moments) == 1

    scene.at += DAY
    await scene.until(lambda: len(scene.changes) == 2)
    detail = await scene.sale()
    assert [each.part.type for each in detail.moments] == ["checkout.session.completed", NOT_FETCHED]
    assert detail.row.sale.amount == Money(4_396, "USD")
    await scene.settled()


async def test_what_was_settled_elsewhere_while_it_rested_is_looked_for_no_more(scene: Scene) -> None:
    await scene.begin()
    await scene.sell("cs_unknown")
    await scene.stripe.site.until_asked(2)
    [owed] = await scene.ledger.fetches.pending(scene.source.id)
    await scene.ledger.fetches.settle(owed.number)
    async with asyncio.timeout(30):
        while await scene.fetches.looked_within(1):
            pass
    assert await scene.ledger.fetches.pending(scene.source.id) == ()


async def test_while_nobody_can_be_reached_nothing_is_given_up(scene: Scene, tmp_path: Path) -> None:
    scene.at += 2 * DAY
    origin, scene.stripe.site.origin = scene.stripe.site.origin, "http://127.0.0.1:9"
    await scene.close()
    await scene.open()
    await scene.begin()
    await scene.sell("cs_1")
    await scene.until(lambda: "api-away" in scene.problems)
    assert len(await scene.ledger.fetches.pending(scene.source.id)) == 1

    scene.stripe.site.origin = origin
    await scene.close()
    await scene.open()
    await scene.begin()
    assert await scene.items()


async def test_a_source_whose_provider_hangs_holds_up_no_other(scene: Scene) -> None:
    answer_now = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        await answer_now.wait()
        return await scene.stripe.handle(request)

    scene.stripe.site.faults += [hang, hang]
    await scene.begin()
    await scene.sell("cs_1")
    await scene.sell("cs_2")
    await scene.stripe.site.until_asked(2)
    scene.source = await scene.ledger.sources.add("stripe", "Second shop")
    await scene.set_key(KEY)
    await scene.sell("cs_1")
    assert await scene.items(3)
    assert (await scene.sale(1)).row.sale.items == ()
    answer_now.set()
    assert await scene.items(1)


async def test_a_password_store_that_is_away_is_waited_for(scene: Scene) -> None:
    scene.vault.trouble = Outage("Locked.", code="vault-locked")
    scene.fetcher.start()
    await scene.sell("cs_1")
    await scene.vault.asked.wait()
    assert scene.stripe.site.asked == []

    scene.vault.trouble = None
    await scene.begin()
    assert await scene.items()


@pytest.mark.loud
async def test_a_mistake_of_ours_is_logged_and_harms_no_other_sale(scene: Scene) -> None:
    def broken(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
        assert isinstance(event.claim, SaleClaim)
        if event.claim.order_id == "cs_1":
            raise LookupError(event.id)
        assert STRIPE_API.fetch is not None
        return (yield from STRIPE_API.fetch(event, key, options))

    await scene.close()
    await scene.open(dataclasses.replace(STRIPE_API, fetch=broken))
    await scene.begin()
    await scene.sell("cs_1")
    await scene.sell("cs_2")
    assert await scene.items(2)
    assert (await scene.sale(1)).row.sale.items == ()


async def test_a_new_key_takes_the_place_of_the_old_one_before_anything_else_is_asked(scene: Scene) -> None:
    def renewing(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
        assert STRIPE_API.fetch is not None
        renewed.append(key)
        yield NewKey(scene.stripe.key + str(len(renewed)))
        return (yield from STRIPE_API.fetch(event, scene.stripe.key, options))

    renewed: list[str] = []
    await scene.close()
    await scene.open(dataclasses.replace(STRIPE_API, fetch=renewing, renews=True))
    await scene.begin("first-of-all-keys")
    await scene.sell("cs_1")
    await scene.sell("cs_2")
    await scene.settled()
    assert renewed == ["first-of-all-keys", KEY + "1"]
    assert await scene.keys.read(scene.source.id) == KEY + "2"


async def hinted(scene: Scene, hint: str) -> None:
    request = Request("POST", "https://shop.example/in/stripe/x", Headers(), b"id=" + hint.encode())
    await scene.ledger.record(Delivery(scene.source.id, request, scene.at), Rejected(Reason.HINT, hint))
    await scene.ledger.durability()


async def test_a_hint_is_asked_about_and_booked_once_for_each_thing_it_leads_to(scene: Scene) -> None:
    def payment(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
        del options
        assert event.kind is Kind.PING
        url = f"https://{HOST}/v1/checkout/sessions/{event.id}/line_items"
        yield from ask(get(url, Authorization=f"Bearer {key}"))
        claim = SaleClaim(event.id, Money(900, "EUR"), items=(Item("Tulips", 1),))
        back = RefundClaim(event.id, Money(900, "EUR"), event.id, cumulative=True)
        sold = Meaning(Kind.SALE, claim, NOON)
        return (sold, Meaning(Kind.REFUND, back, NOON)) if refunded else (sold,)

    refunded = False
    await scene.close()
    await scene.open(dataclasses.replace(STRIPE_API, fetch=payment))
    await scene.begin()
    await hinted(scene, "cs_unknown")
    await hinted(scene, "cs_1")
    assert await scene.items() == (Item("Tulips", 1),)
    refunded = True
    await hinted(scene, "cs_1")
    await scene.until(lambda: len(scene.changes) == 2)

    detail = await scene.sale()
    assert detail.row.sale.state is SaleState.REFUNDED
    assert [each.part.type for each in detail.moments] == [ASKED, ASKED]
    assert [each.change for each in scene.changes] == [Change.NEW, Change.UPDATED]
    assert scene.fetcher.problems == {}

    scene.at += DAY
    await scene.settled()


async def test_what_is_not_confirmed_is_awaited_and_rings_once_it_was_asked_about(scene: Scene) -> None:
    await scene.close()
    await scene.open(MERCADOPAGO_API)
    await scene.ledger.outbox.put_rule(Rule("Paid", Trigger.SALE_PAID, steps=(RuleStep("ring"),)))
    request = Request("POST", "https://shop.example/in/mercadopago/x", Headers(), b"{}")
    claim = SaleClaim("250", None, unconfirmed=True)
    told = Event("e1", "payment.updated", Kind.SALE, NOON, claim, needs_fetch="GET /v1/payments/250")
    await scene.ledger.record(Delivery(scene.source.id, request, NOON), Accepted(told))
    detail = await scene.sale()
    assert (detail.row.sale.state, detail.row.sale.kept) == (SaleState.INCOMPLETE, None)
    assert await scene.ledger.outbox.jobs() == ()
    scene.stripe.site.faults += [
        raw(b'{"id": 250, "status": "approved", "transaction_amount": 10.1, "currency_id": "BRL", "collector_id": 7}'),
        raw(b'{"id": 7}'),
    ]

    await scene.begin("APP_USR-canaryCANARYcanary0123456789")
    await scene.settled()

    sale = (await scene.sale()).row.sale
    assert (sale.state, sale.kept) == (SaleState.PAID, Money(1_010, "BRL"))
    assert [job.action for job in await scene.ledger.outbox.jobs()] == ["ring"]


async def test_a_refund_that_bigcommerce_tells_without_its_amount_rings_and_writes_once(scene: Scene) -> None:
    await scene.close()
    await scene.open(BIGCOMMERCE_API)
    steps = (RuleStep("ring"), RuleStep("email", {"template": "refund"}))
    await scene.ledger.outbox.put_rule(Rule("Given back", Trigger.SALE_REFUNDED, steps=steps))
    request = Request("POST", "https://shop.example/in/bigcommerce/x", Headers(), b"{}")
    sold = Event("e1", "store/order/statusUpdated", Kind.SALE, NOON, SaleClaim("250", Money(4_396, "USD")))
    call = "GET /stores/abc1/v3/orders/250/payment_actions/refunds"
    claim = RefundClaim("250", None, "7")
    refunded = Event("e2", "store/order/refund/created", Kind.REFUND, NOON, claim, needs_fetch=call)
    for event in (sold, refunded):
        await scene.ledger.record(Delivery(scene.source.id, request, NOON), Accepted(event))
    scene.stripe.site.faults += [
        raw(b'{"id": 250, "default_currency_code": "USD"}'),
        raw(b'{"data": [{"id": 7, "total_amount": 10.1}]}'),
    ]

    await scene.begin("abc1:canaryCANARYcanary0123456789")
    await scene.settled()

    assert (await scene.sale()).row.sale.given_back == Money(1_010, "USD")
    owed = [job for job in await scene.ledger.outbox.jobs() if job.trigger is Trigger.SALE_REFUNDED]
    assert sorted(job.action for job in owed) == ["email", "ring"]
