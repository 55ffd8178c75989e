"""Consents, against an authorization server that others wrote."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.source import Source
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, Place
from shopwatch.providers.api_kit.consent import PORT, REDIRECT
from shopwatch.providers.apis import APIS, api_of
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.shop.sources.consents import Consents
from tests.standin.authorization import Authorization
from tests.standin.site import serving

GIVEN = ("1aa2bb33c44d55eeeeee6fff", "abcdef0123")


@pytest.fixture
async def etsy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Authorization]:
    """An authorization server as Etsy's: it wants PKCE, and just these scopes."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the browser comes back to this computer without TLS
    server = Authorization(GIVEN[0], REDIRECT, ("shops_r", "transactions_r"))
    async with serving(server.site):
        yield server


@pytest.fixture
async def transport(etsy: Authorization) -> AsyncIterator[ApiTransport]:
    transport = ApiTransport(Bounds(pauses=()), stand_ins={"api.etsy.com": etsy.site.origin})
    yield transport
    await transport.close()


@pytest.fixture
def consents(transport: ApiTransport) -> Consents:
    return Consents(lambda: transport)


async def sent(url: str) -> tuple[int, str]:
    """What the browser shows that is sent to `url`."""
    async with aiohttp.ClientSession() as browser, browser.get(url) as response:
        return response.status, await response.text()


async def test_the_browser_brings_the_key(consents: Consents, etsy: Authorization) -> None:
    async with consents.begin("etsy", GIVEN) as consenting:
        assert consenting.unheard is None
        assert consenting.url.startswith("https://www.etsy.com/oauth/connect?")
        status, page = await sent(etsy.allow(consenting.url))
        key = await consenting.finish()

    assert (status, "You can close this page" in page) == (200, True)
    app, secret, refresh = key.split(":")
    assert ((app, secret), refresh in etsy.books.refresh_tokens) == (GIVEN, True)
    with pytest.raises(aiohttp.ClientConnectorError):
        await sent(REDIRECT)


async def test_the_key_is_good_for_tokens_until_the_owner_takes_the_consent_back(
    consents: Consents, etsy: Authorization, transport: ApiTransport
) -> None:
    async with consents.begin("etsy", GIVEN) as consenting:
        await sent(etsy.allow(consenting.url))
        ring = Ring(await consenting.finish())
    source = Source("etsy-1", "etsy", "Etsy", "/in/x", 0)
    api = api_of("etsy")
    assert api is not None
    assert api.missed is not None
    api_client, missed = ApiClient(ring, transport), api.missed

    async def look() -> ApiProblem:
        with pytest.raises(ApiFailure) as raised:
            await api_client.ask(source, api, lambda key: missed(Place(0), key, {}), key=ring.key)
        return raised.value.problem

    first = ring.key
    assert await look() is ApiProblem.AWAY  # the shop's list is not here, but its token was given
    assert ring.key != first  # by Etsy's next refresh token

    etsy.books.refresh_tokens.clear()
    assert await look() is ApiProblem.REVOKED


async def test_a_no_is_told(consents: Consents, etsy: Authorization) -> None:
    async with consents.begin("etsy", GIVEN) as consenting:
        await sent(etsy.deny(consenting.url))
        assert await refusal(consenting.finish()) == "consent-denied"


async def test_only_the_browser_that_was_asked_is_believed(consents: Consents, etsy: Authorization) -> None:
    async with consents.begin("etsy", GIVEN) as consenting:
        right = etsy.allow(consenting.url)
        for wrong in (
            REDIRECT,
            f"{REDIRECT}?code=stolen",
            f"{REDIRECT}?code=stolen&state=",
            f"{REDIRECT}?code=stolen&state={'x' * 43}",
            f"{right}&state=another",
            right.replace("/shopwatch", "/elsewhere"),
        ):
            status, page = await sent(wrong)
            assert (status, "ShopWatch" in page) == (404, False)
        assert (await sent(right))[0] == 200
        assert (await sent(right))[0] == 404  # once
        assert await consenting.finish()


async def test_a_page_that_points_its_own_name_here_gets_nothing(consents: Consents, etsy: Authorization) -> None:
    async with consents.begin("etsy", GIVEN) as consenting:
        path = urlsplit(etsy.allow(consenting.url))
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(f"GET {path.path}?{path.query} HTTP/1.0\r\nHost: evil.example:{PORT}\r\n\r\n".encode())
        assert (await reader.read()).startswith(b"HTTP/1.0 404")
        writer.close()
        assert await consenting_still_waits(consenting.finish())


async def test_where_the_browser_is_elsewhere_its_address_is_pasted(consents: Consents, etsy: Authorization) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", PORT))
        taken.listen()
        async with consents.begin("etsy", GIVEN) as consenting:
            assert consenting.unheard is not None
            assert consenting.unheard.code == "consent-port-taken"
            with pytest.raises(UserError) as raised:
                consenting.paste("https://www.etsy.com/your/shops")
            assert raised.value.code == "consent-foreign"
            consenting.paste(f"  {etsy.allow(consenting.url)}\n")
            assert (await consenting.finish()).startswith("1aa2bb33c44d55eeeeee6fff:abcdef0123:")


async def test_a_code_that_is_worth_nothing_any_more_is_told(consents: Consents, etsy: Authorization) -> None:
    async with consents.begin("etsy", GIVEN) as consenting:
        await sent(etsy.allow(consenting.url).replace("code=", "code=another"))
        assert await refusal(consenting.finish()) == "consent-expired"


@pytest.mark.parametrize("given", [(), ("one",), ("", "two"), ("a:b", "two"), ("a b", "two"), ("ключ", "two")])
async def test_what_cannot_be_an_app_is_not_asked_with(consents: Consents, given: tuple[str, ...]) -> None:
    with pytest.raises(UserError) as raised:
        async with consents.begin("etsy", given):
            pytest.fail("it was asked with")
    assert raised.value.code == "consent-given"


async def test_who_gives_keys_in_another_way_asks_for_no_consent(consents: Consents) -> None:
    with pytest.raises(UserError) as raised:
        async with consents.begin("stripe", GIVEN):
            pytest.fail("it was asked")
    assert raised.value.code == "consent-none"


@pytest.mark.parametrize("api", [each for each in APIS if each.consent], ids=lambda api: api.provider)
async def test_each_page_is_asked_as_the_standards_say(
    api: Api, consents: Consents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    consent = api.consent
    assert consent is not None
    async with consents.begin(api.provider, GIVEN) as consenting:
        assert Authorization(GIVEN[0], REDIRECT, consent.scopes).allow(consenting.url)
        query = parse_qs(urlsplit(consenting.url).query)
    assert query["code_challenge_method"] == ["S256"]
    assert consent.more.items() <= {name: value[0] for name, value in query.items()}.items()
    assert urlsplit(consent.tokens).netloc in api.hosts


class Ring:
    """Where the key is kept."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._turn = asyncio.Lock()

    async def read(self, _source_id: str) -> str | None:
        return self.key

    async def renew(self, _source_id: str, key: str) -> None:
        self.key = key

    def turn(self, _source_id: str) -> asyncio.Lock:
        return self._turn


async def refusal(finishing: Awaitable[str]) -> str:
    with pytest.raises(UserError) as raised:
        await finishing
    return raised.value.code


async def consenting_still_waits(finishing: Awaitable[str]) -> bool:
    try:
        await asyncio.wait_for(finishing, 0.2)
    except TimeoutError:
        return True
    return False
