"""docs/attacks.md, D15: a certificate that a message names comes from PayPal's own hosts, or from nobody."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shopwatch.domain.instant import DAY
from shopwatch.recovery.certificates import MOST_FAILED, REMEMBERED, Certificates
from tests.providers.authority import PAYPAL_NAME, paypal_certificate, paypal_key, root
from tests.recovery.certificates.conftest import AT_PAYPAL, HASTY, MINE, URL, Time, away, gives, stranger
from tests.standin.site import Handler, Site, half, hang, huge, status


async def test_it_is_fetched_once_and_kept(certificates: Certificates, site: Site) -> None:
    for _ in range(3):
        found = await certificates.certify(AT_PAYPAL, MINE, URL)

        assert found.current == MINE.current
        assert found.certificates == {URL: paypal_certificate()}
        assert found.trust.startswith("-----BEGIN CERTIFICATE-----")
    assert site.paths == ["/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77"]


async def test_all_who_want_it_at_once_share_one_question(certificates: Certificates, site: Site) -> None:
    found = await asyncio.gather(*[certificates.certify(AT_PAYPAL, MINE, URL) for _ in range(50)])

    assert all(each.certificates for each in found)
    assert len(site.asked) == 1


async def test_one_who_hangs_up_takes_it_from_nobody(certificates: Certificates, site: Site) -> None:
    first = asyncio.ensure_future(certificates.certify(AT_PAYPAL, MINE, URL))  # noqa: TID251 - cancelled by this test itself
    await site.until_asked(1)
    second = certificates.certify(AT_PAYPAL, MINE, URL)
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
        half,
        huge(5 * 2**20),
        gives(""),
        gives("<html>Sign in</html>"),
        gives(paypal_certificate()[:300]),
        gives(paypal_certificate() + "x" * 65_536),
        gives(expired()),
    ],
    ids=["404", "500", "half", "huge", "empty", "a page", "cut off", "over 64 KiB", "expired"],
)
async def test_what_is_no_valid_certificate_is_an_outage(
    certificates: Certificates, site: Site, fault: Handler
) -> None:
    site.handle = fault

    assert await away(certificates) == "certificate-away"


@pytest.mark.parametrize("bounds", [HASTY])
async def test_who_never_answers_is_an_outage(certificates: Certificates, site: Site) -> None:
    site.handle = hang

    assert await away(certificates) == "certificate-away"


async def test_a_failure_is_remembered_for_a_while(certificates: Certificates, site: Site, time: Time) -> None:
    site.faults.append(status(503))

    for _ in range(5):
        await away(certificates)
    assert len(site.asked) == 1
    time.seconds += REMEMBERED + 1

    assert (await certificates.certify(AT_PAYPAL, MINE, URL)).certificates
    assert len(site.asked) == 2


async def test_made_up_addresses_do_not_make_us_ask_and_ask(certificates: Certificates, site: Site) -> None:
    await certificates.certify(AT_PAYPAL, MINE, URL)
    site.handle = status(404)

    for number in range(MOST_FAILED * 3):
        await away(certificates, f"{URL}-{number}")

    assert len(site.asked) == 1 + MOST_FAILED
    assert (await certificates.certify(AT_PAYPAL, MINE, URL)).certificates, "the one that is kept is still there"


async def test_it_is_kept_no_longer_than_it_is_valid(certificates: Certificates, site: Site, time: Time) -> None:
    site.handle = gives(root().issue(PAYPAL_NAME, paypal_key(), end=datetime.now(UTC) + timedelta(days=2)))
    await certificates.certify(AT_PAYPAL, MINE, URL)
    time.instant += 3 * DAY
    site.handle = gives(paypal_certificate())

    found = await certificates.certify(AT_PAYPAL, MINE, URL)

    assert found.certificates == {URL: paypal_certificate()}
    assert len(site.asked) == 2
