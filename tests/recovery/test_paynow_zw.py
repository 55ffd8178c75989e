"""Paynow Zimbabwe is asked with no key but the source's own secret, and only then anything counts."""

import asyncio
from pathlib import Path

from shopwatch.domain.clock import Instant
from shopwatch.domain.delivery import Delivery, Request
from shopwatch.domain.facts import Bus, SalesChanged
from shopwatch.domain.money import Money
from shopwatch.domain.sale import SaleState
from shopwatch.domain.source import Secrets
from shopwatch.ledger import Ledger
from shopwatch.providers.apis import fetching_from
from shopwatch.providers.paynow_zw import PAYNOW_ZW
from shopwatch.recovery.asker import Asker
from shopwatch.recovery.courier import Bounds, Courier
from shopwatch.recovery.fetcher import Fetcher
from shopwatch.settings.api_keys import ApiKeys
from shopwatch.settings.secrets import SecretStore
from shopwatch.settings.vault import MemoryVault
from tests.providers.cases import signed
from tests.standin.site import Site, raw, serving

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


async def test_a_payment_counts_after_paynow_was_asked_by_the_secret_of_the_source(tmp_path: Path) -> None:
    vault, bus, sold = MemoryVault(), Bus(), asyncio.Event()
    message = hashed(BODY)
    site = Site(raw(hashed(BODY.replace(b"Paid", b"Delivered")).body))
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'sales.sqlite'}", tell=bus.tell)
    source = await ledger.sources.add("paynow-zw", "Paynow", {"currency": "USD"})
    secrets = SecretStore(vault)
    await secrets.write(source.id, Secrets((KEY,)))
    verdict = PAYNOW_ZW.judge(message, Secrets((KEY,)), NOON, source.options)
    await ledger.record(Delivery(source.id, message, NOON), verdict)
    awaited = await ledger.sales.get(1)
    bus.listen(SalesChanged, lambda _: sold.set())

    async with serving(site):
        courier = Courier(Bounds(1, 5, ()), stand_ins={"www.paynow.co.zw": site.origin})
        asker = Asker(ApiKeys(vault), courier, find_api=fetching_from, secrets=secrets)
        fetcher = Fetcher(ledger, asker, bus)
        fetcher.start()
        async with asyncio.timeout(10):
            await sold.wait()
        await fetcher.stop()
        await courier.close()
    found = await ledger.sales.get(1)
    ledger.close()

    assert [(each.method, each.path_qs) for each in site.asked] == [("POST", "/Interface/CheckPayment/?guid=aaaaaaaa")]
    assert awaited is not None
    assert (awaited.row.sale.state, awaited.row.sale.kept) == (SaleState.INCOMPLETE, None)
    assert found is not None
    assert (found.row.sale.state, found.row.sale.kept) == (SaleState.PAID, Money(4_550, "USD"))
