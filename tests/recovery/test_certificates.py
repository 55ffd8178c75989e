"""PROMISES D15: a certificate that a message names comes from PayPal's own hosts, or from nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec import structs

from shopwatch.domain.clock import DAY, now
from shopwatch.domain.delivery import PRACTICE_HEADER, Headers, Request
from shopwatch.domain.errors import Outage
from shopwatch.domain.event import Kind
from shopwatch.domain.reach import TunnelKind
from shopwatch.domain.source import Secrets
from shopwatch.domain.verdict import Accepted, Reason, Rejected, Verdict
from shopwatch.ledger.query import SalesQuery
from shopwatch.providers.paypal import PAYPAL
from shopwatch.providers.paypal_signature import PRACTICE_CERTIFICATE
from shopwatch.recovery.certificates import MOST_FAILED, REMEMBERED, Certificates
from shopwatch.recovery.courier import Bounds, Courier
from shopwatch.settings.paths import Paths
from shopwatch.settings.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.providers.authority import PAYPAL_NAME, Authority, paypal_certificate, paypal_key, root, signing_secret
from tests.standin.site import Handler, Site, half, hang, huge, serving, status

HOST = "api.paypal.com"
URL = f"https://{HOST}/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77"
QUICK = Bounds(connect=1, total=0.5, pauses=())
WEBHOOK = "8PT597110X687430L"
MINE = Secrets((WEBHOOK,))
BETWEEN = Authority("Test Between", above=root())


class Time:
    """A clock and a stop watch that move only when told."""

    def __init__(self) -> None:
        self.instant = now()
        self.seconds = 0.0


def gives(pem: str) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(text=pem, content_type="application/x-pem-file")

    return handle


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """PayPal's API host."""
    async with serving(Site(gives(paypal_certificate()))) as started:
        yield started


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def certificates(site: Site, time: Time) -> AsyncIterator[Certificates]:
    courier = Courier(QUICK, stand_ins={HOST: site.origin})
    made = Certificates(courier, clock=lambda: time.instant, monotonic=lambda: time.seconds)
    yield made
    await made.close()


@asynccontextmanager
async def stranger() -> AsyncIterator[tuple[str, list[int]]]:
    """Somebody who counts who calls; where, and the calls."""
    calls: list[int] = []

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(1)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", calls
    server.close()


async def away(certificates: Certificates, url: str = URL) -> str:
    with pytest.raises(Outage) as outage:
        await certificates.certify(MINE, url)
    return outage.value.code


async def test_it_is_fetched_once_and_kept(certificates: Certificates, site: Site) -> None:
    for _ in range(3):
        found = await certificates.certify(MINE, URL)

        assert found.current == MINE.current
        assert found.certificates == {URL: paypal_certificate()}
        assert found.trust.startswith("-----BEGIN CERTIFICATE-----")
    assert site.paths == ["/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77"]


async def test_all_who_want_it_at_once_share_one_question(certificates: Certificates, site: Site) -> None:
    found = await asyncio.gather(*[certificates.certify(MINE, URL) for _ in range(50)])

    assert all(each.certificates for each in found)
    assert len(site.asked) == 1


async def test_one_who_hangs_up_takes_it_from_nobody(certificates: Certificates, site: Site) -> None:
    first = asyncio.ensure_future(certificates.certify(MINE, URL))  # noqa: TID251 - cancelled by this test itself
    await site.until_asked(1)
    second = certificates.certify(MINE, URL)
    first.cancel()

    assert (await second).certificates
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://{evil}/v1/notifications/certs/CERT-1",
        "http://{evil}/v1/notifications/certs/CERT-1",
        "https://api.paypal.com@{evil}/v1/notifications/certs/CERT-1",
        "https://{evil}#@api.paypal.com/v1/notifications/certs/CERT-1",
        "https://{evil}\\@api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
        "http://api.paypal.com/v1/notifications/certs/CERT-1",
        "https://user@api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com./v1/notifications/certs/CERT-1",
        "https://www.paypal.com/v1/notifications/certs/CERT-1",
        "https://192.168.1.1/v1/notifications/certs/CERT-1",
        "https://[::1]/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/../../oauth2/token",
        "https://api.paypal.com/v1/notifications/certs/CERT-1?url=https://{evil}/",
        "https://api.paypal.com/v1/notifications/certs/CERT-1\n",
        "https://api.paypal.com/v1/notifications/certs/",
        "https://api.p\u0430ypal.com/v1/notifications/certs/CERT-1",
        "file:///etc/ssl/certs/ca-certificates.crt",
        "",
    ],
)
async def test_nobody_else_is_called(certificates: Certificates, site: Site, url: str) -> None:
    async with stranger() as (evil, calls):
        assert await away(certificates, url.format(evil=evil)) == "certificate-away"

    assert calls == []
    assert site.asked == []


async def test_a_redirect_leads_nowhere(certificates: Certificates, site: Site) -> None:
    async with stranger() as (evil, calls):
        site.handle = status(302, Location=f"http://{evil}/cert.pem")

        assert await away(certificates) == "certificate-away"
        assert len(site.asked) == 1

    assert calls == []


def expired() -> str:
    long_ago = datetime.now(UTC) - timedelta(days=30)
    return root().issue(PAYPAL_NAME, paypal_key(), begin=long_ago - timedelta(days=1), end=long_ago)


@pytest.mark.parametrize(
    "fault",
    [
        status(404),
        status(500),
        hang,
        half,
        huge(5 * 2**20),
        gives(""),
        gives("<html>Sign in</html>"),
        gives(paypal_certificate()[:300]),
        gives(paypal_certificate() + "x" * 65_536),
        gives(expired()),
    ],
    ids=["404", "500", "hang", "half", "huge", "empty", "a page", "cut off", "over 64 KiB", "expired"],
)
async def test_what_is_no_valid_certificate_is_an_outage(
    certificates: Certificates, site: Site, fault: Handler
) -> None:
    site.handle = fault

    assert await away(certificates) == "certificate-away"


async def test_a_failure_is_remembered_for_a_while(certificates: Certificates, site: Site, time: Time) -> None:
    site.faults.append(status(503))

    for _ in range(5):
        await away(certificates)
    assert len(site.asked) == 1
    time.seconds += REMEMBERED + 1

    assert (await certificates.certify(MINE, URL)).certificates
    assert len(site.asked) == 2


async def test_made_up_addresses_do_not_make_us_ask_and_ask(certificates: Certificates, site: Site) -> None:
    await certificates.certify(MINE, URL)
    site.handle = status(404)

    for number in range(MOST_FAILED * 3):
        await away(certificates, f"{URL}-{number}")

    assert len(site.asked) == 1 + MOST_FAILED
    assert (await certificates.certify(MINE, URL)).certificates, "the one that is kept is still there"


async def test_it_is_kept_no_longer_than_it_is_valid(certificates: Certificates, site: Site, time: Time) -> None:
    site.handle = gives(root().issue(PAYPAL_NAME, paypal_key(), end=datetime.now(UTC) + timedelta(days=2)))
    await certificates.certify(MINE, URL)
    time.instant += 3 * DAY
    site.handle = gives(paypal_certificate())

    found = await certificates.certify(MINE, URL)

    assert found.certificates == {URL: paypal_certificate()}
    assert len(site.asked) == 2


AT_DIGICERT = "http://cacerts.digicert.com/TestBetween-1.crt"


def issued_between(issuer_at: str = AT_DIGICERT) -> str:
    """PayPal's certificate alone, whose issuer nobody knows."""
    return BETWEEN.issue(PAYPAL_NAME, paypal_key(), issuer_at=issuer_at)


def der(authority: Authority) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        written = authority.certificate.public_bytes(Encoding.DER)
        return web.Response(body=written, content_type="application/pkix-cert")

    return handle


@pytest.fixture
async def digicert() -> AsyncIterator[Site]:
    async with serving(Site(der(BETWEEN))) as started:
        yield started


@pytest.fixture
async def with_issuer(
    site: Site, digicert: Site, time: Time, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Certificates]:
    trust_root(tmp_path, monkeypatch)
    courier = Courier(QUICK, stand_ins={HOST: site.origin, "cacerts.digicert.com": digicert.origin})
    made = Certificates(courier, clock=lambda: time.instant, monotonic=lambda: time.seconds)
    yield made
    await made.close()


def judged_with(secrets: Secrets) -> Verdict:
    request = PAYPAL.practise(Kind.SALE, signing_secret(WEBHOOK, paypal_key()), now(), 1)
    [pem] = secrets.certificates.values()
    return PAYPAL.judge(request, replace(secrets, certificates={PRACTICE_CERTIFICATE: pem}), now())


async def test_the_issuer_is_fetched_where_the_certificate_does_not_bring_it(
    with_issuer: Certificates, site: Site, digicert: Site
) -> None:
    site.handle = gives(issued_between())

    for _ in range(3):
        assert isinstance(judged_with(await with_issuer.certify(MINE, URL)), Accepted)
    assert (len(site.asked), digicert.paths) == (1, ["/TestBetween-1.crt"])


async def test_the_issuer_is_not_asked_for_where_it_is_known(
    with_issuer: Certificates, site: Site, digicert: Site
) -> None:
    site.handle = gives(issued_between() + BETWEEN.pem)

    assert isinstance(judged_with(await with_issuer.certify(MINE, URL)), Accepted)
    assert digicert.asked == []


async def test_an_issuer_elsewhere_is_never_called(with_issuer: Certificates, site: Site, digicert: Site) -> None:
    async with stranger() as (evil, calls):
        for place in (f"http://{evil}/a.crt", f"https://cacerts.digicert.com@{evil}/a.crt", f"ldap://{evil}/a"):
            site.handle = gives(issued_between(place))

            found = await with_issuer.certify(MINE, f"{URL}-{len(site.asked)}")

            assert judged_with(found) == Rejected(Reason.CERTIFICATE)

    assert calls == []
    assert digicert.asked == []


async def test_an_issuer_that_was_away_is_asked_again(
    with_issuer: Certificates, site: Site, digicert: Site, time: Time
) -> None:
    site.handle = gives(issued_between())
    digicert.faults.append(status(503))

    assert judged_with(await with_issuer.certify(MINE, URL)) == Rejected(Reason.CERTIFICATE)
    time.seconds += REMEMBERED + 1
    assert isinstance(judged_with(await with_issuer.certify(MINE, URL)), Accepted)


async def test_who_may_not_issue_is_no_issuer(with_issuer: Certificates, site: Site, digicert: Site) -> None:
    site.handle = gives(issued_between())
    digicert.handle = der(Authority("Test Between"))

    assert judged_with(await with_issuer.certify(MINE, URL)) == Rejected(Reason.CERTIFICATE)


def trust_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this computer trust the stand-in's authority."""
    trusted = tmp_path / "roots.pem"
    trusted.write_text(root().pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))


@pytest.fixture
async def shop(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    """A shop on a computer that trusts the stand-in's authority."""
    trust_root(tmp_path, monkeypatch)
    courier = Courier(QUICK, stand_ins={HOST: site.origin})
    opened = await open_shop(Paths(tmp_path), vault=MemoryVault(), courier=courier)
    yield opened
    await opened.close()


async def listening(shop: Shop, webhook_id: str = WEBHOOK) -> str:
    """Let the shop hear PayPal; the address."""
    source = await shop.add_source("paypal")
    await shop.set_secrets(source.id, (webhook_id,))
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
    assert len((await shop.page(SalesQuery())).rows) == 2
    assert site.paths == [PRACTICE_CERTIFICATE.removeprefix(f"https://{HOST}")], "once for all messages"


async def test_paypal_is_asked_to_come_again_while_its_certificate_is_away(shop: Shop, site: Site) -> None:
    address = await listening(shop)
    site.handle = status(503)

    assert await posted(address, sent(1)) == 503
    assert not (await shop.page(SalesQuery())).rows


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
    await shop.set_secrets(shop.sources[0].id, (WEBHOOK,))

    assert await shop.recheck() == (1, 1)
    assert len((await shop.page(SalesQuery())).rows) == 1


async def test_practice_needs_no_certificate_and_counts_nothing(shop: Shop, site: Site) -> None:
    """Nobody but PayPal can sign as PayPal does; its practice messages are known by their nonce alone."""
    address = await listening(shop)
    answers = [each.status async for each in shop.rehearse(shop.sources[0].id, Kind.REFUND, url=address)]

    assert answers == [200, 200]
    [row] = (await shop.page(SalesQuery(practice=True))).rows
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
    assert not (await shop.page(SalesQuery(practice=True))).rows
