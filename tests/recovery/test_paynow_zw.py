"""Paynow Zimbabwe is asked with no key but the source's own secret, and only then anything counts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from msgspec import structs

from shopwatch.domain.facts import Bus, DeliveryKept, Outcome
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Delivery, Request
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Sale, SaleState
from shopwatch.domain.source import Secrets, Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.providers.apis import fetching_from
from shopwatch.providers.senders.paynow_zw import PAYNOW_ZW
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.fetcher import Fetcher
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.secrets.vault import MemoryVault
from tests.providers.cases import signed
from tests.standin.site import Site, raw, serving, status

NOON: Instant = 1_795_521_600_000
KEY = "00000000-test-4000-8000-4a23364306c6"
BODY = (
    b"reference=INV+1&paynowreference=918273&amount=45.50&status=Paid"
    b"&pollurl=https%3A%2F%2Fwww.paynow.co.zw%2FInterface%2FCheckPayment%2F%3Fguid%3Daaaaaaaa"
)


def hashed(body: bytes) -> Request:
    request = signed(PAYNOW_ZW, body, **{"Content-Type": "application/x-www-form-urlencoded"})
    made = PAYNOW_ZW.recipe.sign(request, KEY, NOON, "", {})
    assert made is not None
    return made


@dataclass
class Shop:
    """A source of Paynow's in a ledger of its own, and what it is told."""

    bus: Bus
    ledger: Ledger
    source: Source
    api_client: ApiClient

    async def hear(self, message: Request) -> Outcome:
        verdict = PAYNOW_ZW.judge(message, Secrets((KEY,)), NOON, self.source.options)
        return (await self.ledger.record(Delivery(self.source.id, message, NOON), verdict)).outcome

    async def ask(self, answers: int) -> None:
        """Until so many messages have been asked about."""
        told = asyncio.Semaphore(0)
        self.bus.listen(DeliveryKept, lambda _: told.release())
        fetcher = Fetcher(self.ledger, self.api_client, self.bus)
        fetcher.start()
        async with asyncio.timeout(30):
            for _ in range(answers):
                await told.acquire()
        await fetcher.stop()

    async def sale(self) -> Sale:
        detail = await self.ledger.sales.get(1)
        assert detail is not None
        return detail.row.sale

    async def kept(self) -> list[Request]:
        """All messages and answers, in the order in which they came."""
        rows = [await self.ledger.inbox.get(row.id) for row in await self.ledger.inbox.page(InboxQuery())]
        return [row.request for row in reversed(rows) if row is not None and row.request is not None]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """Where Paynow tells that the payment of `BODY` was delivered, and nothing else."""
    delivered, unknown = raw(hashed(BODY.replace(b"Paid", b"Delivered")).body), status(404)

    async def told(request: web.Request) -> web.StreamResponse:
        return await (delivered if request.query["guid"] == "aaaaaaaa" else unknown)(request)

    async with serving(Site(told)) as site:
        yield site


@pytest.fixture
async def shop(tmp_path: Path, site: Site) -> AsyncIterator[Shop]:
    vault, bus = MemoryVault(), Bus()
    secrets = SecretStore(vault)
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'sales.sqlite'}", tell=bus.tell)
    source = await ledger.sources.add("paynow-zw", "Paynow", {"currency": "USD"})
    await secrets.write(source.id, Secrets((KEY,)))
    transport = ApiTransport(Bounds(1, 5, ()), stand_ins={"www.paynow.co.zw": site.origin})
    yield Shop(bus, ledger, source, ApiClient(ApiKeys(vault), transport, find_api=fetching_from, secrets=secrets))
    await transport.close()
    ledger.close()


async def test_a_payment_counts_after_paynow_was_asked_by_the_secret_of_the_source(shop: Shop, site: Site) -> None:
    await shop.hear(hashed(BODY))
    awaited = await shop.sale()

    await shop.ask(1)

    assert [(each.method, each.path_qs) for each in site.asked] == [("POST", "/Interface/CheckPayment/?guid=aaaaaaaa")]
    assert (awaited.state, awaited.kept) == (SaleState.INCOMPLETE, None)
    assert ((await shop.sale()).state, (await shop.sale()).kept) == (SaleState.PAID, Money(4_550, "USD"))


async def test_what_paynow_answers_is_kept_word_for_word(shop: Shop) -> None:
    await shop.hear(hashed(BODY))

    await shop.ask(1)

    _, answer = await shop.kept()
    assert (answer.method, answer.url) == ("POST", "https://www.paynow.co.zw/Interface/CheckPayment/?guid=aaaaaaaa")
    assert answer.body == hashed(BODY.replace(b"Paid", b"Delivered")).body


async def test_a_bent_message_that_comes_first_keeps_no_genuine_one_from_being_heard(shop: Shop) -> None:
    """docs/attacks.md, D16: the end of the address to ask at is moved into the next field, so nobody answers there."""
    genuine = hashed(BODY)
    bent = structs.replace(genuine, body=genuine.body.replace(b"aaaaaaaa", b"aaaa&token=aaaa"))

    heard = [await shop.hear(each) for each in (bent, genuine, genuine)]
    await shop.ask(1)

    assert heard == [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.REPEAT]
    assert ((await shop.sale()).state, (await shop.sale()).kept) == (SaleState.PAID, Money(4_550, "USD"))
