"""Any bytes get an answer of 2xx, 4xx or 503, or the connection ends; nothing is logged, and sales go on."""

import asyncio
import logging
import re
from contextlib import AsyncExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.listener.loopback import OTHER_SECRET, PATIENCE, Shop, line, sale, send, shop

GENUINE = sale(1, secret=OTHER_SECRET)  # posted to the first source: a forgery, so that no mutant can be genuine
ODD = (
    b"\r\n\r\n", b"\r\n", b"\n", b"\0", b":", b" ", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n",
    b"0\r\n\r\n", b"5\r\nhello\r\n", b"ffffffffffffffff\r\n", b"HTTP/1.1", b"POST /in/first HTTP/1.1\r\n", b"\xff\xfe",
    b"Host: shop.example\r\n", b"Upgrade: websocket\r\n", b"Expect: 100-continue\r\n", b"GET ", b"\x16\x03\x01",
    b"Content-Encoding: gzip\r\n", b"Connection: close\r\n", b"/probe/x", b"?", b"#", b"http://", b"\xe2\x80\xae",
)  # fmt: skip

splices = st.lists(
    st.tuples(st.integers(0, len(GENUINE)), st.integers(0, 40), st.sampled_from(ODD) | st.binary(max_size=20)),
    min_size=1,
    max_size=6,
)


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A genuine request with some pieces of it replaced, cut off somewhere or followed by more."""
    data = GENUINE
    for start, length, piece in draw(splices):
        data = data[:start] + piece + data[start + length :]
    return data[: draw(st.integers(1, len(data)))] if draw(st.booleans()) else data * draw(st.integers(1, 3))


messages = st.binary(min_size=1, max_size=300) | st.lists(st.sampled_from(ODD), min_size=1).map(b"".join) | mutants()


def test_any_bytes_are_answered_calmly(caplog: pytest.LogCaptureFixture) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        here = runner.run(stack.enter_async_context(shop()))

        @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(messages, min_size=1, max_size=3))
        def attack(pieces: list[bytes]) -> None:
            statuses = runner.run(_statuses(here, pieces))
            assert all(100 <= status < 500 or status == 503 for status in statuses)

        attack()
        reply = runner.run(send(here.port, sale(2)))
        assert reply
        assert reply.status == 200
        assert len(here.book.sold) == 1
        runner.run(stack.aclose())
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def _statuses(here: Shop, pieces: list[bytes]) -> list[int]:
    async with line(here.port) as talk, asyncio.timeout(PATIENCE):
        try:
            for piece in pieces:
                await talk.say(piece)
            talk.writer.write_eof()
            heard = await talk.rest()
        except ConnectionError:
            return []
    return [int(status) for status in re.findall(rb"^HTTP/1\.1 ([0-9]{3}) ", heard, re.MULTILINE)]
