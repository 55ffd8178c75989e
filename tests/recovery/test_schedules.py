"""Whatever the order in which messages come and lists are read: every event once, and none missing."""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from shopwatch.domain.facts import Bus
from shopwatch.domain.instant import DAY, MINUTE
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.catchup import CatchUp
from shopwatch.runtime.clock import now
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.vault import MemoryVault
from tests.standin.site import serving, status
from tests.standin.stripe import HOST, KEY, Stripe, event

type Step_ = tuple[Literal["sell", "refund", "hear", "look", "fail", "crash"], int]

STEPS = st.lists(
    st.tuples(st.sampled_from(["sell", "refund", "hear", "look", "fail", "crash"]), st.integers(0, 5)), max_size=14
)


class Shop:
    """One ledger on a file, and Stripe; `crash` leaves it as it stands and opens it anew."""

    def __init__(self, folder: Path, stripe: Stripe) -> None:
        self.folder = folder
        self.stripe = stripe
        self.vault = MemoryVault()
        self.last = (now() - 5 * MINUTE) // 1000

    async def open(self) -> None:
        self.bus = Bus()
        self.ledger = Ledger.open(
            f"sqlite:///{self.folder / 'sales.sqlite'}", tell=self.bus.tell, clock=lambda: now() - DAY
        )
        held = await self.ledger.sources.all()
        self.source = held[0] if held else await self.ledger.sources.add("stripe", "Stripe")
        await ApiKeys(self.vault).write(self.source.id, KEY)
        self.transport = ApiTransport(Bounds(1, 5, ()), stand_ins={HOST: self.stripe.site.origin})
        api_client = ApiClient(ApiKeys(self.vault), self.transport, find_api={"stripe": STRIPE_API}.get)
        self.catch_up = CatchUp(self.ledger, api_client, self.bus)

    async def close(self) -> None:
        await self.catch_up.stop()
        await self.transport.close()
        self.ledger.close()

    async def do(self, step: str, number: int) -> None:
        events = self.stripe.events
        match step:
            case "sell":
                self.last += 1
                events.append(event(len(events), self.last))
            case "refund" if events:
                sold = events[number % len(events)]["data"]["object"]
                self.last += 1
                intent = sold["payment_intent"]
                told = {"id": f"ch_{intent}", "payment_intent": intent, "amount_refunded": 2_198, "captured": True}
                events.append(event(len(events), self.last, "charge.refunded", **told))
            case "hear" if events:
                body = json.dumps(events[number % len(events)]).encode()
                request = Request("POST", "https://shop.example/in/stripe/x", Headers(), body)
                verdict = STRIPE.judge_practice(request, now())
                await self.ledger.record(Delivery(self.source.id, request, now()), verdict)
            case "look":
                await self.catch_up.look_at(self.source)
            case "fail":
                self.stripe.site.faults.append(status(500))
                await self.catch_up.look_at(self.source)
            case "crash":
                await self.close()
                await self.open()


async def _play(folder: Path, steps: list[Step_]) -> None:
    stripe = Stripe()
    async with serving(stripe.site):
        shop = Shop(folder, stripe)
        await shop.open()
        for trigger in (Trigger.SALE_PAID, Trigger.SALE_REFUNDED):
            await shop.ledger.outbox.put_rule(Rule(str(trigger), trigger, steps=(RuleStep("ring"),)))
        try:
            for step, number in steps:
                await shop.do(step, number)
            await shop.do("look", 0)
            told = {each["id"]: each["data"]["object"]["payment_intent"] for each in stripe.events}
            page = await shop.ledger.sales.page(SalesQuery(), None, 200)
            details = [await shop.ledger.sales.get(row.id) for row in page.rows]
            kept = [moment.part.event_id for detail in details if detail for moment in detail.moments]
            assert sorted(kept) == sorted(told)
            assert len(page.rows) == len(set(told.values()))
            due = [(job.sale_id, job.trigger) for job in await shop.ledger.outbox.jobs() if job.action == "ring"]
            assert len(due) == len(set(due))
        finally:
            await shop.close()


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_every_event_is_booked_once_and_rings_once(steps: list[Step_]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_play(Path(folder), steps))
