"""What strangers send, by the rows of docs/attacks.md, and a sale afterwards."""

import asyncio
import gzip
import logging
from dataclasses import dataclass

import pytest

from shopwatch.listener.bounds import Bounds
from tests.listener.loopback import OTHER_SECRET, head, line, sale, send, shop, signed

BODY = b'{"a": 1}'
END = "\r\n\r\n"


@dataclass(frozen=True)
class Attack:
    row: str
    data: bytes
    statuses: tuple[int, ...]
    """Any of these; 0 stands for a connection that ends without an answer."""


def posted(*lines: str, body: bytes = BODY, path: str = "/in/first", host: str = "shop.example") -> bytes:
    return head(path, *lines, f"Content-Length: {len(body)}", host=host) + body


def genuine(*lines: str, seed: int = 1) -> bytes:
    """Nothing wrong with it but these header lines."""
    return sale(seed, *lines)


def chunked(body: bytes, *lines: str) -> bytes:
    return head("/in/first", "Transfer-Encoding: chunked", *lines) + body


FRAMING = [
    Attack("A1 two framings", genuine("Transfer-Encoding: chunked"), (400,)),
    Attack("A2 length twice, equal", genuine(f"Content-Length: {len(signed(1)[1])}"), (400,)),
    Attack("A2 length twice, unequal", genuine("Content-Length: 3"), (400,)),
    *(
        Attack(f"A3 length {length!r}", head("/in/first", f"Content-Length: {length}") + BODY, (400,))
        for length in ("+2", "-1", "0x2", "2,2", "", "1 1", "99999999999999999999999")
    ),
    Attack("A3 length in Arabic digits", head("/in/first", "Content-Length: \xd9\xa2") + BODY, (400,)),
    *(
        Attack(f"A4 coding {coding}", head("/in/first", f"Transfer-Encoding: {coding}") + b"0\r\n\r\n", (400,))
        for coding in ("xchunked", "chunked, chunked", "chunked, identity", "gzip, chunked", "identity", "")
    ),
    Attack("A5 bare LF", b"POST /in/first HTTP/1.1\nHost: shop.example\nContent-Length: 0\n\n", (400,)),
    Attack("A5 folded header", head("/in/first", "X: a", " b", "Content-Length: 0"), (400,)),
    Attack("A5 space before the colon", head("/in/first", "Content-Length : 0"), (400,)),
    Attack("A5 NUL in a value", head("/in/first", "X: a\0b", "Content-Length: 0"), (400,)),
    Attack("A6 two hosts", head("/in/first", "Host: shop.example", "Content-Length: 0"), (400,)),
    Attack("A6 no host", b"POST /in/first HTTP/1.1\r\nContent-Length: 0\r\n\r\n", (400,)),
    Attack("A6 no host in 1.0", b"POST /in/first HTTP/1.0\r\nContent-Length: 0\r\n\r\n", (400,)),
    *(
        Attack(f"A7 target {target}", head(target, "Content-Length: 0"), (400,))
        for target in (
            "https://evil.example/in/first",
            "http://shop.example/in/first",
            "shop.example/in/first",
            "ftp://shop.example/in/first",
        )
    ),
    Attack("A8 HTTP/0.9", b"GET /in/first\r\n\r\n", (400, 0)),
    *(
        Attack(f"A8 {version}", f"POST /in/first {version}\r\nHost: shop.example{END}".encode(), (400,))
        for version in ("HTTP/2.0", "HTTP/9.9", "HTTP/1.2", "HTTP/0.9", "ICE/1.0", "RTSP/1.0", "RTSP/1.1", " RTSP/1.0")
    ),
    Attack("A8 SOURCE of Icecast", f"SOURCE /in/first ICE/1.0\r\nHost: shop.example{END}".encode(), (400,)),
    Attack("A8 RTSP behind another", genuine() + genuine().replace(b" HTTP/1.1", b" RTSP/1.1"), (400,)),
    Attack("A8 HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400,)),
    Attack("A8 TLS hello", bytes.fromhex("160301020001000001fc0303") + bytes(64), (400,)),
    *(
        Attack(f"A9 upgrade to {to}", genuine("Connection: Upgrade", f"Upgrade: {to}"), (400, 404))
        for to in ("websocket", "h2c", "notupgrade")
    ),
    Attack("A10 chunk size beyond all numbers", chunked(b"FFFFFFFFFFFFFFFFF\r\nx"), (400,)),
    Attack("A11 20 kB chunk extension", chunked(b"1;" + b"e" * 20_000 + b"\r\nx\r\n0\r\n\r\n"), (400, 413)),
    Attack(
        "A11 a megabyte of chunk extensions",
        chunked(b"".join(b"1;" + b"e" * 1_000 + b"\r\nx\r\n" for _ in range(1_000)) + b"0\r\n\r\n"),
        (400, 413),
    ),
    Attack("A12 20,000 trailers", chunked(b"1\r\nx\r\n0\r\n" + b"T: 1\r\n" * 20_000 + b"\r\n"), (400, 413, 431)),
    Attack("A12 300 headers", head("/in/first", *(f"X-{n}: 1" for n in range(300))), (400, 431)),
    Attack("A12 9 kB header", head("/in/first", "X: " + "x" * 9_000), (431,)),
    Attack("A12 9 kB target", head("/in/" + "x" * 9_000), (414, 431)),
    Attack("A12 72 kB of headers", head("/in/first", *(f"X-{n}: {'x' * 6_000}" for n in range(12))), (431,)),
    Attack("A12 endless header", head("/in/first", "X: " + "x" * 400_000), (431,)),
    Attack("A14 200,000 one-byte chunks", chunked(b"1\r\nx\r\n" * 200_000 + b"0\r\n\r\n"), (400, 413)),
    Attack("A18 2 GiB declared", head("/in/first", "Content-Length: 2147483648"), (413,)),
    Attack("A18 one byte too much declared", head("/in/first", "Content-Length: 1048577"), (413,)),
    Attack("A19 chunks past the cap", chunked((b"10000\r\n" + b"x" * 65_536 + b"\r\n") * 20), (413,)),
    Attack("A21 expects something else", genuine("Expect: foo"), (417,)),
    *(
        Attack(f"A22 {method}", head("/in/first", "Content-Length: 0", method=method), (405, 404, 400))
        for method in ("TRACE", "PUT", "GET", "OPTIONS", "DELETE", "PATCH")
    ),
    Attack("A22 CONNECT", b"CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example\r\n\r\n", (405, 404, 400)),
    Attack("A22 OPTIONS *", b"OPTIONS * HTTP/1.1\r\nHost: shop.example\r\n\r\n", (405, 404, 400)),
    Attack("A22 unknown method", head("/in/first", method="FOO"), (405, 404, 400)),
    *(
        Attack(f"A23 path {path}", head(path, "Content-Length: 0"), (404, 400))
        for path in (
            "/in/first%00", "/in/%ff", "/in/%2e%2e/in/first", "/in/%2F", "//in/first", "/in/first;x", "/in\\first",
            "/in/first/", "/in/first/..", "/IN/FIRST", "/", "/in/" + "x" * 5_000, "/in/first#x", "/probe/", "/probe/x",
        )
    ),
    Attack("A24 50 kB of cookies", genuine("Cookie: " + "c" * 50_000), (400, 431)),
]  # fmt: skip

ENCODING = [
    Attack("B1 gzip bomb", posted("Content-Encoding: gzip", body=gzip.compress(bytes(50_000_000))), (413, 415)),
    Attack(
        "B2 gzip bomb elsewhere", posted("Content-Encoding: gzip", body=gzip.compress(bytes(9_000)), path="/"), (404,)
    ),
    Attack("B3 no gzip at all", posted("Content-Encoding: gzip"), (415,)),
    *(
        Attack(f"B5 {coding}", posted(f"Content-Encoding: {coding}"), (415,))
        for coding in ("br", "zstd", "gzip, gzip", "GZIP", "identity, x", "deflate", "identity")
    ),
    *(
        Attack(f"B7 {kind}", posted(f"Content-Type: {kind}"), (415,))
        for kind in (
            "text/xml",
            "application/xml",
            "multipart/form-data; boundary=x",
            "text/html",
            "x",
            "image/svg+xml",
        )
    ),
    Attack("B8 XML bomb", posted("Content-Type: application/xml", body=b"<!DOCTYPE x [<!ENTITY a 'b'>]>"), (415,)),
    *(
        Attack(f"B9 {codec}, unsigned", posted("Content-Type: application/json", body='{"a": 1}'.encode(codec)), (401,))
        for codec in ("utf-16", "utf-8-sig", "latin-1", "utf-32")
    ),
]

IDENTITY = [
    Attack("D1 no signature", posted(), (401,)),
    Attack("D4 signature twice", genuine("PayNow-Signature: x"), (401,)),
    Attack("D4 time twice", genuine("PayNow-Timestamp: 1"), (401,)),
    Attack("D10 another source's secret", sale(1, secret=OTHER_SECRET), (401,)),
    Attack("D13 forwarded names", posted("X-Forwarded-For: 54.187.174.169", "X-Real-IP: 54.187.174.169"), (401,)),
]

SHARED_PC = [
    *(
        Attack(f"E1 called as {host!r}", sale(1, host=host), (403,))
        for host in ("evil.example", "shop.example.evil.example", "localhost", "127.0.0.1", "[::1]", "0.0.0.0:1")
    ),
    Attack("E1 nameless", sale(1, host=""), (403, 400)),
    Attack("E1 forwarded host", sale(1, "X-Forwarded-Host: shop.example", host="evil.example"), (403,)),
    Attack("E2 web page", genuine("Origin: https://evil.example"), (403,)),
    Attack("E2 web page without origin", genuine("Origin: null"), (403,)),
    Attack("E2 web form", posted("Origin: http://localhost", "Content-Type: text/plain"), (403,)),
    Attack("E2 asks leave to call", head(
        "/in/first", "Origin: https://evil.example", "Access-Control-Request-Method: POST", method="OPTIONS"
    ), (403,)),
    Attack("E3 status page", head("/", method="GET"), (404,)),
    Attack("E3 metrics", head("/metrics", method="GET"), (404,)),
]  # fmt: skip

ATTACKS = FRAMING + ENCODING + IDENTITY + SHARED_PC


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.row for attack in ATTACKS])
async def test_is_answered_calmly(attack: Attack, caplog: pytest.LogCaptureFixture) -> None:
    async with shop() as here:
        reply = await send(here.port, attack.data)

        assert (reply.status if reply else 0) in attack.statuses
        if reply:
            assert reply.body.count(b"\n") == 1
            assert len(reply.body) < 40
            assert reply.headers["content-type"] == "text/plain"
            assert not {"server", "date", "access-control-allow-origin"} & set(reply.headers)
        assert not here.book.sold
        genuine_one = await send(here.port, sale(2))
        assert genuine_one
        assert genuine_one.status == 200
        assert len(here.book.sold) == 1
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


HARMLESS = {
    "A24 range": ("Range: bytes=0-1",),
    "A24 conditions": ("If-None-Match: *", "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT"),
    "A24 cookies": ("Cookie: " + "; ".join(f"@{n}=1" for n in range(900)),),
    "D13 forwarded": ("X-Forwarded-For: 10.0.0.1, 10.0.0.2", "X-Forwarded-Proto: https", "Forwarded: for=x;host=evil"),
    "B7 charset": ("Accept-Charset: utf-7",),
}


@pytest.mark.parametrize("lines", HARMLESS.values(), ids=HARMLESS)
async def test_unneeded_headers_change_nothing(lines: tuple[str, ...]) -> None:
    async with shop() as here:
        reply = await send(here.port, genuine(*lines))
        assert reply
        assert reply.status == 200
        assert len(here.book.sold) == 1


@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"utf-16\"", "text/plain",
     "application/x-www-form-urlencoded", "application/cloudevents+json", None],
)  # fmt: skip
async def test_reads_raw_bytes_whatever_text_they_are_called(kind: str | None) -> None:
    headers, body = signed(1)
    lines = [line for line in headers if not line.startswith("Content-Type")] + (
        [f"Content-Type: {kind}"] if kind else []
    )
    async with shop() as here:
        reply = await send(here.port, head("/in/first", *lines, f"Content-Length: {len(body)}") + body)
        assert reply
        assert reply.status == 200
        assert here.book.kept[0][0].request.body == body


async def test_head_gets_no_body() -> None:
    async with shop() as here, line(here.port) as talk:
        await talk.say(head("/in/first", method="HEAD"))
        reply = await talk.hear(bodiless=True)
        assert reply
        assert reply.status == 405
        assert await talk.ended()


async def test_a_request_line_of_rtsp_is_refused_however_it_is_cut() -> None:
    """docs/attacks.md, A8: aiohttp's parser takes it for HTTP, and tells its version alone."""
    message = sale(1).replace(b" HTTP/1.1", b" RTSP/1.0", 1)
    async with shop() as here:
        for cut in range(1, message.index(b"\r\n") + 3):
            async with line(here.port) as talk:
                await talk.say(message[:cut])
                await asyncio.sleep(0)
                await talk.say(message[cut:])
                reply = await talk.hear()
            assert reply is not None
            assert reply.status == 400
        assert here.book.kept == []


async def test_a_message_may_speak_of_rtsp() -> None:
    async with shop() as here:
        reply = await send(here.port, sale(1, "User-Agent: camera RTSP/1.0 (x)"))
        assert reply is not None
        assert reply.status == 200


async def test_a_dripped_header_is_bounded() -> None:
    async with shop() as here, line(here.port) as talk:
        await talk.say(b"POST /in/first HTTP/1.1\r\nHost: shop.example\r\nX: ")
        for _ in range(90):
            await talk.say(b"x" * 100)
        reply = await talk.hear()
        assert reply
        assert reply.status in (400, 431)


async def test_a_body_in_many_pieces_is_whole() -> None:
    headers, body = signed(1)
    async with shop() as here, line(here.port) as talk:
        await talk.say(head("/in/first", *headers, f"Content-Length: {len(body)}"))
        for start in range(0, len(body), 7):
            await talk.say(body[start : start + 7])
        reply = await talk.hear()
        assert reply
        assert reply.status == 200
        assert here.book.kept[0][0].request.body == body


async def test_a_chunked_body_is_whole() -> None:
    headers, body = signed(1)
    pieces = [body[start : start + 100] for start in range(0, len(body), 100)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    async with shop() as here, line(here.port) as talk:
        await talk.say(head("/in/first", *headers, "Transfer-Encoding: chunked"))
        for start in range(0, len(chunks), 33):
            await talk.say(chunks[start : start + 33])
        reply = await talk.hear()
        assert reply
        assert reply.status == 200
        assert here.book.kept[0][0].request.body == body


async def test_the_largest_body_is_read_and_one_more_byte_is_not() -> None:
    async with shop(Bounds(body=10_000)) as here:
        largest = await send(here.port, posted(body=b"x" * 10_000))
        beyond = await send(here.port, posted(body=b"x" * 10_001))
        endless = await send(here.port, chunked(b"2711\r\n" + b"x" * 10_001 + b"\r\n"))
        assert largest
        assert beyond
        assert endless
        assert [largest.status, beyond.status, endless.status] == [401, 413, 413]


async def test_a_refusal_arrives_though_the_sender_goes_on_talking() -> None:
    async with shop() as here, line(here.port) as talk:
        await talk.say(head("/in/first", "Content-Length: 50000000") + bytes(3_000_000))
        reply = await talk.hear()
        assert reply
        assert reply.status == 413
