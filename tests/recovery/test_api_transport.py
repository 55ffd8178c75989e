"""Questions reach the provider's own host and nobody else, and every bad answer ends soon, in a plain problem."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shopwatch.providers.api import ApiFailure, ApiProblem, ApiRequest, Asking
from shopwatch.providers.api_kit.requests import ask, get
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from tests.providers.authority import root
from tests.standin.site import Handler, Site, bomb, half, hang, huge, raw, serving, status

HOST = "api.example.com"
HOSTS = frozenset({HOST})
URL = f"https://{HOST}/v1/things?limit=2"
PATIENT = Bounds(connect=10, total=30, pauses=(0.01, 0.01))
HASTY = Bounds(connect=10, total=2, pauses=(0.01, 0.01))
"""For who never answers; whoever answers after that has this long too."""


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.json_response({"id": "t-1"})

    async with serving(Site(handle)) as started:
        yield started


@pytest.fixture
def bounds() -> Bounds:
    return PATIENT


@pytest.fixture
async def transport(site: Site, bounds: Bounds) -> AsyncIterator[ApiTransport]:
    carrier = ApiTransport(bounds, stand_ins={HOST: site.origin})
    yield carrier
    await carrier.close()


async def problem_of(transport: ApiTransport, request: ApiRequest, hosts: frozenset[str] = HOSTS) -> ApiFailure:
    with pytest.raises(ApiFailure) as failure:
        await transport.perform(ask(request), hosts)
    return failure.value


async def test_an_answer_comes_back_with_all_that_was_exchanged(transport: ApiTransport, site: Site) -> None:
    performed = await transport.perform(ask(get(URL, Authorization="Bearer k")), HOSTS)
    assert performed.result == {"id": "t-1"}
    [(request, response)] = performed.exchanges
    assert (request.url, response.status, response.body) == (URL, 200, b'{"id": "t-1"}')
    [asked] = site.asked
    assert (asked.path_qs, asked.headers["Authorization"]) == ("/v1/things?limit=2", "Bearer k")


async def test_what_time_it_is_there_is_told(transport: ApiTransport, site: Site) -> None:
    dates: list[tuple[str, str | None]] = []
    transport.hear_date = lambda host, date: dates.append((host, date))
    site.faults.append(status(200, Date="Tue, 24 Nov 2026 14:00:00 GMT"))

    with suppress(ApiFailure):
        await transport.perform(ask(get(URL)), HOSTS)

    assert dates == [(HOST, "Tue, 24 Nov 2026 14:00:00 GMT")]


@pytest.mark.parametrize(
    "url",
    ["http://api.example.com/", "https://evil.example/", "https://api.example.com:444/", "https://x@api.example.com/"],
)
async def test_nobody_else_is_ever_asked(transport: ApiTransport, site: Site, url: str) -> None:
    assert (await problem_of(transport, get(url))).problem is ApiProblem.UNREADABLE
    assert site.asked == []


async def test_a_redirect_is_not_followed(transport: ApiTransport, site: Site) -> None:
    site.faults.append(status(302, Location=f"{site.origin}/elsewhere"))
    assert (await problem_of(transport, get(URL))).problem is ApiProblem.UNREADABLE
    assert site.paths == ["/v1/things?limit=2"]


async def test_the_environments_proxy_is_not_used(
    transport: ApiTransport, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await transport.perform(ask(get(URL)), HOSTS)).result == {"id": "t-1"}


@pytest.mark.parametrize(
    ("passing", "bounds"),
    [
        (status(500), PATIENT),
        (status(503, Retry_After="0"), PATIENT),
        (status(429), PATIENT),
        (half, PATIENT),
        (hang, HASTY),
    ],
)
async def test_what_passes_is_tried_again(transport: ApiTransport, site: Site, passing: Handler) -> None:
    site.faults += [passing, passing]
    assert (await transport.perform(ask(get(URL)), HOSTS)).result == {"id": "t-1"}
    assert len(site.asked) == 3


async def test_what_must_not_happen_twice_is_asked_once(transport: ApiTransport, site: Site) -> None:
    site.faults.append(status(500))
    assert (await problem_of(transport, ApiRequest("POST", URL, repeatable=False))).problem is ApiProblem.AWAY
    assert len(site.asked) == 1


async def test_a_long_wait_is_told_and_not_sat_out(transport: ApiTransport, site: Site) -> None:
    site.faults.append(status(429, Retry_After="3600"))
    failure = await problem_of(transport, get(URL))
    assert (failure.problem, failure.wait) == (ApiProblem.LIMIT, 3600)
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("fault", "problem", "answered", "bounds"),
    [
        (status(401), ApiProblem.KEY_REFUSED, True, PATIENT),
        (status(403), ApiProblem.KEY_NARROW, True, PATIENT),
        (status(404), ApiProblem.NOT_FOUND, True, PATIENT),
        (status(502), ApiProblem.AWAY, True, PATIENT),
        (raw(b'{"id": '), ApiProblem.UNREADABLE, True, PATIENT),
        (huge(), ApiProblem.UNREADABLE, True, PATIENT),
        (bomb, ApiProblem.UNREADABLE, True, PATIENT),
        (half, ApiProblem.AWAY, False, PATIENT),
        (hang, ApiProblem.AWAY, False, replace(HASTY, total=0.2)),
    ],
)
async def test_bad_answers(
    transport: ApiTransport, site: Site, fault: Handler, problem: ApiProblem, answered: bool
) -> None:
    site.faults += [fault] * 3
    failure = await problem_of(transport, get(URL))
    assert (failure.problem, failure.answered) == (problem, answered)


async def test_a_provider_that_is_not_there_is_away() -> None:
    transport = ApiTransport(PATIENT, stand_ins={HOST: "http://127.0.0.1:9"})
    assert (await problem_of(transport, get(URL))).problem is ApiProblem.AWAY
    await transport.close()


async def test_a_certificate_nobody_trusts_is_not_spoken_to(site: Site, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    held = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    file = tmp_path / "pair.pem"
    file.write_text(held + root().issue(HOST, key, HOST))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    safe = Site(site.handle)
    async with serving(safe, context):
        transport = ApiTransport(PATIENT, stand_ins={HOST: safe.origin})
        assert (await problem_of(transport, get(URL, Authorization="Bearer k"))).problem is ApiProblem.AWAY
        await transport.close()
    assert safe.asked == []


async def test_without_a_stand_in_only_https_is_spoken(site: Site) -> None:
    transport = ApiTransport(PATIENT)
    assert (await problem_of(transport, get(site.origin), frozenset({site.origin.removeprefix("http://")}))).answered
    await transport.close()
    assert site.asked == []


async def test_only_so_many_ask_one_host_at_a_time(transport: ApiTransport, site: Site) -> None:
    within, most = 0, 0
    full, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_: web.Request) -> web.StreamResponse:
        nonlocal within, most
        within += 1
        most = max(most, within)
        if within == 4:
            full.set()
        await go_on.wait()
        within -= 1
        return web.json_response({})

    async with serving(Site(site.handle)) as other:
        patient = ApiTransport(Bounds(pauses=()), stand_ins={HOST: site.origin, "other.example.com": other.origin})
        site.handle = slowly
        async with asyncio.TaskGroup() as group:
            for _ in range(12):
                group.create_task(patient.perform(ask(get(URL)), HOSTS))
            await full.wait()
            elsewhere = get("https://other.example.com/things")
            assert (await patient.perform(ask(elsewhere), frozenset({"other.example.com"}))).result == {"id": "t-1"}
            go_on.set()
        assert most == 4
        assert len(site.asked) == 12
        await patient.close()


async def test_who_is_asked_while_the_connections_are_let_go_is_reached_by_new_ones(
    transport: ApiTransport, site: Site
) -> None:
    await transport.perform(ask(get(URL)), HOSTS)
    _, performed = await asyncio.gather(transport.close(), transport.perform(ask(get(URL)), HOSTS))
    assert performed.result == {"id": "t-1"}


async def test_an_answer_that_is_waited_for_while_the_connections_are_let_go_is_given_up(
    transport: ApiTransport, site: Site
) -> None:
    site.faults.append(hang)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(problem_of(transport, ApiRequest("GET", URL, patience=60)))
        await site.until_asked(1)
        await transport.close()
    assert waiting.result().problem is ApiProblem.AWAY


async def test_questions_on_which_a_provider_waits_hold_up_no_other(transport: ApiTransport, site: Site) -> None:
    answer_now = asyncio.Event()

    async def slowly(request: web.Request) -> web.StreamResponse:
        if request.path == "/wait":
            await answer_now.wait()
        return web.json_response({"id": request.path})

    site.handle = slowly
    waits = ApiRequest("GET", f"https://{HOST}/wait", patience=5)
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(transport.perform(ask(waits), HOSTS)) for _ in range(8)]
        await site.until_asked(8)
        assert (await transport.perform(ask(get(URL)), HOSTS)).result == {"id": "/v1/things"}
        answer_now.set()
    assert {each.result().result["id"] for each in waiting} == {"/wait"}


async def test_a_question_on_which_a_provider_waits_is_asked_once(transport: ApiTransport, site: Site) -> None:
    site.faults.append(status(500))
    assert (await problem_of(transport, ApiRequest("GET", URL, patience=5))).problem is ApiProblem.AWAY
    assert len(site.asked) == 1


@pytest.mark.parametrize(("size", "aside"), [(100, False), (100_000, True)])
async def test_a_large_answer_is_not_read_on_the_loops_thread(
    transport: ApiTransport, site: Site, size: int, aside: bool
) -> None:
    def reading() -> Asking[int]:
        yield get(URL)
        return threading.get_ident()

    site.handle = raw(b" " * size)
    performed = await transport.perform(reading(), HOSTS)
    assert (performed.result != threading.get_ident()) is aside


async def test_a_generator_that_fails_is_ended(transport: ApiTransport) -> None:
    ended = False

    def curious() -> Asking[Any]:
        nonlocal ended
        try:
            yield get("https://evil.example/")
        finally:
            ended = True

    with pytest.raises(ApiFailure):
        await transport.perform(curious(), HOSTS)
    assert ended
