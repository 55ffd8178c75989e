"""A ledger, a provider's list of yesterday, and checks between them."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.closing import DayCheck
from shopwatch.ledger import Ledger
from shopwatch.providers.apis import api_of
from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.closing import Closing
from shopwatch.runtime.clock import now
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.vault import MemoryVault
from tests.standin.lists import Entry, Lists
from tests.standin.lists_all import ALL
from tests.standin.site import serving
from tests.standin.stripe import HOST, KEY, Stripe, event

QUICK = Bounds(connect=10, total=5, pauses=())
YESTERDAY = date.today() - timedelta(1)  # noqa: DTZ011 - a day of the shop's own
NOON: Instant = round(datetime(YESTERDAY.year, YESTERDAY.month, YESTERDAY.day, 12).timestamp() * 1000)  # noqa: DTZ001
SELLING = [kind for kind in ALL if Kind.SALE in kind().provider.practises]


@dataclass
class Shop:
    """A ledger, one provider's lists, and checks between them."""

    lists: Lists
    folder: Path
    keys: ApiKeys = field(default_factory=lambda: ApiKeys(MemoryVault()))

    async def open(self) -> None:
        at = NOON - 2 * DAY
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", clock=lambda: at)
        self.source = await self.ledger.sources.add(self.lists.provider_id, "The source", dict(self.lists.options))
        await self.keys.write(self.source.id, self.lists.key)
        api = api_of(self.lists.provider_id)
        hosts = api.may_speak_to(self.source.options) if api is not None else ()
        self.transport = ApiTransport(QUICK, stand_ins=dict.fromkeys(hosts, self.lists.site.origin))
        self.closing = Closing(self.ledger, ApiClient(self.keys, self.transport))

    async def close(self) -> None:
        await self.transport.close()
        self.ledger.close()

    def happen(self, count: int) -> None:
        """So many more sales at the provider, yesterday."""
        first, began = len(self.lists.entries), NOON // 1000
        self.lists.entries += [self.lists.entry(first + each, began + first + each) for each in range(count)]

    async def messages(self, *entries: Entry) -> None:
        """The messages of these come in by themselves; what they lack is asked for."""
        for entry in entries:
            await self.message(entry)
        kept, self.lists.entries = self.lists.entries, list(entries)
        await self.check(count=any(self.lists.event(entry).event.needs_fetch for entry in entries))
        self.lists.entries = kept

    async def message(self, entry: Entry) -> None:
        _, body = self.lists.message(entry)
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = Request("POST", "https://shop.example/in/x/y", Headers(), sent)
        await self.ledger.record(Delivery(self.source.id, request, now()), self.lists.event(entry))

    async def check(self, *, count: bool = False) -> DayCheck:
        return await self.closing.check(self.source, YESTERDAY, count=count)


@pytest.fixture(params=SELLING, ids=[kind().provider_id for kind in SELLING])
async def shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shop]:
    lists = request.param()
    async with serving(lists.site):
        shop = Shop(lists, tmp_path)
        await shop.open()
        yield shop
        await shop.close()


@dataclass
class StripeShop:
    """The same with Stripe, whose events a test writes one by one; `now` is moved by it."""

    stripe: Stripe
    folder: Path
    now: Instant = NOON + DAY
    keys: ApiKeys = field(default_factory=lambda: ApiKeys(MemoryVault()))

    async def open(self, provider_id: str = "stripe", created_at: Instant = NOON - 5 * DAY) -> None:
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", clock=lambda: created_at)
        self.source = await self.ledger.sources.add(provider_id, "The source")
        await self.keys.write(self.source.id, KEY)
        self.transport = ApiTransport(QUICK, stand_ins={HOST: self.stripe.site.origin})
        self.closing = Closing(self.ledger, ApiClient(self.keys, self.transport), clock=lambda: self.now)

    async def close(self) -> None:
        await self.transport.close()
        self.ledger.close()

    def happens(self, at: Instant, kind: str = "checkout.session.completed", **told: Any) -> dict[str, Any]:
        """One more event at Stripe."""
        made = event(len(self.stripe.events), at // 1000, kind, **told)
        self.stripe.events.append(made)
        self.stripe.events.sort(key=lambda each: int(each["created"]))
        return made

    async def hears(self, *made: dict[str, Any]) -> None:
        """Their messages come in by themselves."""
        for each in made:
            request = Request("POST", "https://shop.example/in/stripe/x", Headers(), json.dumps(each).encode())
            verdict = STRIPE.judge_practice(request, each["created"] * 1000)
            await self.ledger.record(Delivery(self.source.id, request, each["created"] * 1000), verdict)

    def gives_back(self, sold: dict[str, Any], minor: int, at: Instant) -> dict[str, Any]:
        payment = sold["data"]["object"]["payment_intent"]
        return self.happens(
            at,
            "charge.refunded",
            id=f"ch_{payment}",
            object="charge",
            amount=2_198,
            amount_refunded=minor,
            payment_intent=payment,
        )

    async def check(self, day: date = YESTERDAY, *, count: bool = False) -> DayCheck:
        return await self.closing.check(self.source, day, count=count)


@pytest.fixture
async def at_stripe(tmp_path: Path) -> AsyncIterator[StripeShop]:
    stripe = Stripe()
    async with serving(stripe.site):
        shop = StripeShop(stripe, tmp_path)
        await shop.open()
        yield shop
        await shop.close()
