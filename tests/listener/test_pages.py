"""What anybody may read at the public address, and that nothing else of the listener opens with it."""

from collections.abc import AsyncIterator

import pytest

from shopwatch.domain.messages.document import Document
from tests.listener.loopback import Reply, Shop, head, line, sale, send, shop

PAGE = Document(b"<!DOCTYPE html><title>Roses</title>", "text/html; charset=utf-8", (("Cache-Control", "max-age=60"),))


class OnePage:
    def page(self, path: str) -> Document | None:
        return PAGE if path == "/popular" else None


@pytest.fixture
async def here() -> AsyncIterator[Shop]:
    async with shop(pages=OnePage()) as open_shop:
        yield open_shop


async def read(
    here: Shop, *lines: str, path: str = "/popular", method: str = "GET", host: str = "shop.example"
) -> Reply:
    bodiless = method == "HEAD" or any(each.startswith("If-None-Match") for each in lines)
    reply = await send(here.port, head(path, *lines, method=method, host=host), bodiless=bodiless)
    assert reply is not None
    return reply


async def test_anybody_reads_it(here: Shop) -> None:
    reply = await read(here, "Cookie: a=b", "Referer: https://shop.example/", "Accept-Encoding: gzip")

    assert (reply.status, reply.body) == (200, PAGE.body)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["content-length"] == str(len(PAGE.body))
    assert reply.headers["cache-control"] == "max-age=60"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["etag"] == PAGE.etag
    assert "set-cookie" not in reply.headers


async def test_head_tells_the_same_without_the_page(here: Shop) -> None:
    whole, bare = await read(here), await read(here, method="HEAD")

    assert bare.headers == whole.headers
    assert bare.body == b""


@pytest.mark.parametrize("said", ["{}", "W/{}", '"other", {}'])
async def test_what_the_reader_has_is_not_sent_again(here: Shop, said: str) -> None:
    async with line(here.port) as talk:
        await talk.say(head("/popular", "If-None-Match: " + said.format(PAGE.etag), method="GET"))
        reply = await talk.hear(bodiless=True)
        rest = await talk.rest()

    assert reply is not None
    assert (reply.status, rest) == (304, b"")
    assert reply.headers["etag"] == PAGE.etag
    assert reply.headers["cache-control"] == "max-age=60"
    assert "content-length" not in reply.headers


async def test_another_etag_gets_the_page(here: Shop) -> None:
    async with line(here.port) as talk:
        await talk.say(head("/popular", 'If-None-Match: "old"', method="GET"))
        reply = await talk.hear()
    assert reply is not None
    assert (reply.status, reply.body) == (200, PAGE.body)


async def test_the_shops_own_site_may_ask_from_its_pages(here: Shop) -> None:
    assert (await read(here, "Origin: https://my-shop.example")).status == 200
    assert (await read(here, "Origin: null", "Referer: https://anybody.example/")).status == 200


async def test_by_this_computers_own_names_no_web_page_may_ask(here: Shop) -> None:
    for host in (f"127.0.0.1:{here.port}", f"localhost:{here.port}"):
        assert (await read(here, host=host)).status == 200
        assert (await read(here, "Origin: https://my-shop.example", host=host)).status == 403


@pytest.mark.parametrize("path", ["/", "/in/first", "/popular/", "/popularity", "/Popular", "/popular.json"])
async def test_origin_opens_nothing_else(here: Shop, path: str) -> None:
    assert (await read(here, "Origin: https://my-shop.example", path=path)).status == 403


async def test_a_query_changes_nothing_and_comes_back_nowhere(here: Shop) -> None:
    reply = await read(here, path="/popular?name=<script>alert(1)</script>")

    assert (reply.status, reply.body) == (200, PAGE.body)
    assert "script" not in str(reply.headers)


@pytest.mark.parametrize("host", ["evil.example", "shop.example.evil.example", "127.0.0.1", ""])
async def test_by_another_name_there_is_nothing(here: Shop, host: str) -> None:
    assert (await read(here, host=host)).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_it_is_only_for_reading(here: Shop, method: str) -> None:
    reply = await read(here, method=method)

    assert reply.status == 405
    assert reply.headers["allow"] == "GET, HEAD"


async def test_a_reader_who_sends_something_is_refused(here: Shop) -> None:
    assert (await read(here, "Content-Length: 3")).status == 400
    assert (await read(here, "Transfer-Encoding: chunked")).status == 400


async def test_messages_come_in_beside_it(here: Shop) -> None:
    await read(here)
    reply = await send(here.port, sale())

    assert reply is not None
    assert reply.status == 200
    assert len(here.book.sold) == 1


async def test_a_shop_without_pages_has_none() -> None:
    async with shop() as open_shop:
        assert (await read(open_shop)).status == 404
        assert (await read(open_shop, "Origin: https://my-shop.example")).status == 403
