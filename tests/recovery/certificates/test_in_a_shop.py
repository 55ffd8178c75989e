"""docs/attacks.md, D15: PayPal's messages count in a shop that must fetch the certificate they are signed by."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from msgspec import structs

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.messages.delivery import PRACTICE_HEADER, Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.providers.senders.paypal import PAYPAL
from shopwatch.providers.senders.paypal_signature import PRACTICE_CERTIFICATE
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.providers.authority import paypal_key, signing_secret
from tests.recovery.certificates.conftest import HOST, PATIENT, WEBHOOK, stranger, trust_root
from tests.standin.site import Site, status


@pytest.fixture
async def shop(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    """A shop on a computer that trusts the stand-in's authority."""
    trust_root(tmp_path, monkeypatch)
    transport = ApiTransport(PATIENT, stand_ins={HOST: site.origin})
    opened = await open_shop(Paths(tmp_path / "shop"), vault=MemoryVault(), transport=transport)
    yield opened
    await opened.close()


async def listening(shop: Shop, webhook_id: str = WEBHOOK) -> str:
    """Let the shop hear PayPal; the address."""
    source = await shop.connections.add("paypal")
    await shop.connections.set_secrets(source.id, (webhook_id,))
    port = await shop.start(port=0, tunnel=TunnelKind.NONE)
    return f"http://127.0.0.1:{port}{source.path}"


async def posted(url: str, request: Request) -> int:
    headers = [(name.decode(), value.decode()) for name, value in request.headers.lines]
    async with aiohttp.ClientSession() as session, session.post(url, data=request.body, headers=headers) as answer:
        return answer.status


def sent(seed: int) -> Request:
    return PAYPAL.practise(Kind.SALE, signing_secret(WEBHOOK, paypal_key()), now(), seed)


async def test_what_is_genuine_is_counted(shop: Shop, site: Site) -> None:
    address = await listening(shop)
    first, second = sent(1), sent(2)

    assert [await posted(address, each) for each in (first, second, first)] == [200, 200, 200]
    assert await posted(address, structs.replace(second, body=second.body.replace(b"USD", b"EUR"))) == 401
    assert len((await shop.ledger.sales.page(SalesQuery())).rows) == 2
    assert site.paths == [PRACTICE_CERTIFICATE.removeprefix(f"https://{HOST}")], "once for all messages"


async def test_paypal_is_asked_to_come_again_while_its_certificate_is_away(shop: Shop, site: Site) -> None:
    address = await listening(shop)
    site.handle = status(503)

    assert await posted(address, sent(1)) == 503
    assert not (await shop.ledger.sales.page(SalesQuery())).rows


async def test_a_message_that_names_a_certificate_elsewhere_calls_nobody(shop: Shop, site: Site) -> None:
    address = await listening(shop)
    genuine = sent(1)
    lines = [(name, value) for name, value in genuine.headers.lines if name != b"PAYPAL-CERT-URL"]
    async with stranger() as (evil, calls):
        for url in (f"https://{evil}/v1/notifications/certs/CERT-1", f"http://{evil}/", "https://10.0.0.1/"):
            forged = Headers((*lines, (b"PAYPAL-CERT-URL", url.encode())))

            assert await posted(address, structs.replace(genuine, headers=forged)) == 401

    assert calls == []
    assert site.asked == []


async def test_what_was_rejected_is_counted_once_the_webhook_id_is_mended(shop: Shop, site: Site) -> None:
    address = await listening(shop, "WH-OF-ANOTHER-APP")
    assert await posted(address, sent(1)) == 401
    await shop.connections.set_secrets(shop.sources.all[0].id, (WEBHOOK,))

    assert await shop.review.all() == (1, 1)
    assert len((await shop.ledger.sales.page(SalesQuery())).rows) == 1


async def test_practice_needs_no_certificate_and_counts_nothing(shop: Shop, site: Site) -> None:
    """Nobody but PayPal can sign as PayPal does; its practice messages are known by their nonce alone."""
    address = await listening(shop)
    answers = [each.status async for each in shop.practice.rehearse(shop.sources.all[0].id, Kind.REFUND, url=address)]

    assert answers == [200, 200]
    [row] = (await shop.ledger.sales.page(SalesQuery(practice=True))).rows
    assert row.sale.practice
    assert row.sale.given_back is not None
    assert row.sale.kept is None
    assert site.asked == []


@pytest.mark.parametrize("nonce", ["", "made-up", "x" * 22])
async def test_a_made_up_nonce_makes_no_practice_message(shop: Shop, nonce: str) -> None:
    address = await listening(shop)
    made = PAYPAL.practise(Kind.SALE, WEBHOOK, now(), 1)
    claimed = structs.replace(made, headers=Headers((*made.headers.lines, (PRACTICE_HEADER.encode(), nonce.encode()))))

    assert await posted(address, made) == 401, "it bears no signature"
    assert await posted(address, claimed) == 401
    assert not (await shop.ledger.sales.page(SalesQuery(practice=True))).rows
