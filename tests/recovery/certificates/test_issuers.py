"""Where PayPal's file lacks who issued its certificate, that one is fetched, and from nobody but DigiCert."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.serialization import Encoding

from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected, Verdict
from shopwatch.domain.source import Secrets
from shopwatch.providers.senders.paypal import PAYPAL
from shopwatch.providers.senders.paypal_signature import PRACTICE_CERTIFICATE
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.recovery.certificates import REMEMBERED, Certificates
from shopwatch.runtime.clock import now
from tests.providers.authority import PAYPAL_NAME, Authority, paypal_key, root, signing_secret
from tests.recovery.certificates.conftest import (
    AT_PAYPAL,
    HOST,
    MINE,
    PATIENT,
    URL,
    WEBHOOK,
    Time,
    gives,
    stranger,
    trust_root,
)
from tests.standin.site import Handler, Site, serving, status

BETWEEN = Authority("Test Between", above=root())
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
    transport = ApiTransport(PATIENT, stand_ins={HOST: site.origin, "cacerts.digicert.com": digicert.origin})
    made = Certificates(transport, clock=lambda: time.instant, monotonic=lambda: time.seconds)
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
        assert isinstance(judged_with(await with_issuer.certify(AT_PAYPAL, MINE, URL)), Accepted)
    assert (len(site.asked), digicert.paths) == (1, ["/TestBetween-1.crt"])


async def test_the_issuer_is_not_asked_for_where_it_is_known(
    with_issuer: Certificates, site: Site, digicert: Site
) -> None:
    site.handle = gives(issued_between() + BETWEEN.pem)

    assert isinstance(judged_with(await with_issuer.certify(AT_PAYPAL, MINE, URL)), Accepted)
    assert digicert.asked == []


async def test_an_issuer_elsewhere_is_never_called(with_issuer: Certificates, site: Site, digicert: Site) -> None:
    async with stranger() as (evil, calls):
        for place in (f"http://{evil}/a.crt", f"https://cacerts.digicert.com@{evil}/a.crt", f"ldap://{evil}/a"):
            site.handle = gives(issued_between(place))

            found = await with_issuer.certify(AT_PAYPAL, MINE, f"{URL}-{len(site.asked)}")

            assert judged_with(found) == Rejected(Reason.CERTIFICATE)

    assert calls == []
    assert digicert.asked == []


async def test_an_issuer_that_was_away_is_asked_again(
    with_issuer: Certificates, site: Site, digicert: Site, time: Time
) -> None:
    site.handle = gives(issued_between())
    digicert.faults.append(status(503))

    assert judged_with(await with_issuer.certify(AT_PAYPAL, MINE, URL)) == Rejected(Reason.CERTIFICATE)
    time.seconds += REMEMBERED + 1
    assert isinstance(judged_with(await with_issuer.certify(AT_PAYPAL, MINE, URL)), Accepted)


async def test_who_may_not_issue_is_no_issuer(with_issuer: Certificates, site: Site, digicert: Site) -> None:
    site.handle = gives(issued_between())
    digicert.handle = der(Authority("Test Between"))

    assert judged_with(await with_issuer.certify(AT_PAYPAL, MINE, URL)) == Rejected(Reason.CERTIFICATE)
