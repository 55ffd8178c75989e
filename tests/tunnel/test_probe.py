"""A look from outside: what stands in the way, in the owner's words."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shopwatch.domain.connection.reach import TunnelState
from shopwatch.tunnel.probe import probe
from tests.standin.agent import ask
from tests.tunnel.scene import Listener, Scene, free_port

type Serve = Callable[..., Coroutine[Any, Any, str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves one answer at every path; its address."""
    runners: list[web.AppRunner] = []

    async def start(answer: web.Response, certificate: ssl.SSLContext | None = None) -> str:
        async def handle(request: web.Request) -> web.StreamResponse:
            return answer

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(app)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=certificate).start()
        return f"http{'s' if certificate else ''}://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


async def code_of(url: str, timeout: float = 5) -> str:  # noqa: ASYNC109
    problem = await probe(url, "/probe", "proof", timeout=timeout)
    assert problem is None or (problem.title.endswith(".") and problem.hint.endswith("."))
    return problem.code if problem else ""


async def test_the_right_proof_is_enough(serve: Serve) -> None:
    assert await code_of(await serve(web.Response(text="proof"))) == ""


async def test_the_time_is_heard_from_nobody_who_could_be_anybody(serve: Serve) -> None:
    dates: list[str | None] = []

    assert await probe(await serve(web.Response(text="proof")), "/probe", "proof", hear_date=dates.append) is None

    assert not dates


async def test_a_prefix_of_the_address_is_kept(listener: Listener) -> None:
    url = f"http://127.0.0.1:{listener.port}/in"
    assert await probe(url, "/probe", "/in/probe") is None


async def test_it_is_no_browser_and_asks_no_proxy(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert await probe(f"http://127.0.0.1:{listener.port}", "/probe", "/probe") is None
    _, headers, _ = listener.requests[0]
    assert headers["ngrok-skip-browser-warning"]
    assert "Mozilla" not in headers["User-Agent"]


@pytest.mark.parametrize(
    "answer",
    [
        web.Response(text="welcome"),
        web.Response(text="proof", status=404),
        web.Response(text="proof and more"),
        web.Response(text="x" * 100_000),
        web.Response(status=302, headers={"Location": "/elsewhere"}, text="proof"),
        web.Response(status=204),
    ],
)
async def test_another_answer_is_somebody_else(serve: Serve, answer: web.Response) -> None:
    assert await code_of(await serve(answer)) == "address-elsewhere"


@pytest.mark.parametrize("code", ["3200", "8012", "727"])
async def test_ngroks_own_answers_are_understood(serve: Serve, code: str) -> None:
    named = web.Response(status=404, headers={"ngrok-error-code": f"ERR_NGROK_{code}"})
    assert await code_of(await serve(named)) == f"ngrok-{code}"
    written = web.Response(status=502, text=f"<html>... ERR_NGROK_{code}</html>")
    assert await code_of(await serve(written)) == f"ngrok-{code}"


@pytest.mark.parametrize(
    ("order", "code"), [("vanish", "ngrok-3200"), ("refuse?code=727", "ngrok-727"), ("status", "ngrok-8012")]
)
async def test_it_goes_the_whole_way_through_the_tunnel(scene: Scene, order: str, code: str) -> None:
    nobody = free_port()
    await scene.tunnel().start(nobody if order == "status" else scene.listener.port)
    url = (await scene.told.state(TunnelState.ONLINE)).public_url
    await ask(url, order)
    assert await code_of(url) == code


async def test_nobody_at_the_port() -> None:
    assert await code_of(f"http://127.0.0.1:{free_port()}") == "address-refused"


async def test_a_name_that_does_not_exist_or_cannot_be_asked_for() -> None:
    assert await code_of("https://shopwatch.invalid") in {"address-name-unknown", "no-internet"}


async def test_somebody_who_never_answers() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        assert await code_of(f"http://127.0.0.1:{mute.getsockname()[1]}", timeout=0.2) == "address-silent"


async def test_somebody_who_hangs_up(serve: Serve) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    assert await code_of(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") == "address-silent"
    server.close()


async def test_a_certificate_nobody_trusts(serve: Serve, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    began = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path / "pair.pem"
    file.write_bytes(plain + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    assert await code_of(await serve(web.Response(text="proof"), context)) == "address-certificate"
