"""PayPal's host with its certificate, whoever fetches that, and a stranger who must not be called."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.errors import Outage
from shopwatch.domain.source import Secrets, Source
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.certificates import Certificates
from shopwatch.runtime.clock import now
from tests.providers.authority import paypal_certificate, root
from tests.standin.site import Handler, Site, serving

HOST = "api.paypal.com"
URL = f"https://{HOST}/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77"
PATIENT = Bounds(connect=10, total=30, pauses=())
HASTY = Bounds(connect=10, total=0.5, pauses=())
WEBHOOK = "8PT597110X687430L"
MINE = Secrets((WEBHOOK,))
AT_PAYPAL = Source("s", "paypal", "PayPal", "/in/x", 0)


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
def bounds() -> Bounds:
    return PATIENT


@pytest.fixture
async def certificates(site: Site, time: Time, bounds: Bounds) -> AsyncIterator[Certificates]:
    transport = ApiTransport(bounds, stand_ins={HOST: site.origin})
    made = Certificates(transport, clock=lambda: time.instant, monotonic=lambda: time.seconds)
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
        await certificates.certify(AT_PAYPAL, MINE, url)
    return outage.value.code


def trust_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this computer trust the stand-in's authority."""
    trusted = tmp_path / "roots.pem"
    trusted.write_text(root().pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
