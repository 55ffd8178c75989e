"""What hears on a socket: the listener of a real shop, and the place to which a browser comes back from a consent. An
input is what one connection says."""

import asyncio
import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote_plus

from shopwatch.domain.messages.verdict import Accepted
from shopwatch.listener.bounds import Bounds
from shopwatch.listener.redirect import redirect
from shopwatch.providers.api_kit.consent import PATH, belongs
from tests.fuzz.mutation import raw
from tests.fuzz.target import Attempt, Target
from tests.listener.loopback import OTHER_SECRET, head, sale, shop

_QUICK = Bounds(head_seconds=0.5, body_seconds=0.5, idle_seconds=0.5, lingering_seconds=0.2)
_STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3}) ")
_PATIENCE = 5.0
_STATE = "s" * 43
_SOLD: set[bytes] = set()
"""The bodies of the sales that are genuine; they say when they were made."""


def seeds() -> list[bytes]:
    """Sales that are genuine, or of another source's secret; in one piece, in chunks, one behind the other."""
    body = b'{"a": 1}'
    chunks = b"5\r\n" + body[:5] + b"\r\n3;x=y\r\n" + body[5:] + b"\r\n0\r\nA: b\r\n\r\n"
    sales = [sale(number) for number in (1, 2, 3)]
    _SOLD.update(each.partition(b"\r\n\r\n")[2] for each in sales)
    return [
        sales[0],
        sale(1, secret=OTHER_SECRET),
        sales[1] + sales[2],
        head("/in/first", "Transfer-Encoding: chunked", "Content-Type: application/json") + chunks,
        head("/in/nobody", "Content-Length: 0"),
        head("/probe/x", method="GET"),
        head("/in/first", "Expect: 100-continue", f"Content-Length: {len(body)}") + body,
        head("/in/first", "Upgrade: h2c", "Connection: Upgrade", method="GET"),
        sales[0].replace(b" HTTP/1.1", b" RTSP/1.0", 1),
    ]


@contextmanager
def listening() -> Iterator[Attempt]:
    """A shop of which nothing is believed but what is genuine, and in whose log there is nothing."""
    with _hearing() as heard, asyncio.Runner() as runner:
        opened = shop(_QUICK)
        here = runner.run(opened.__aenter__())

        def attempt(data: bytes) -> None:
            said = runner.run(_said(here.port, data))
            for status in map(int, _STATUS.findall(said)):
                assert 100 <= status < 500 or status == 503, said
            assert not heard, heard.pop().getMessage()
            believed = {each.request.body for each, verdict in here.book.kept if isinstance(verdict, Accepted)}
            here.book.kept.clear()
            assert believed <= _SOLD, "a bent message is believed"

        yield attempt
        runner.run(opened.__aexit__(None, None, None))


@contextmanager
def returning() -> Iterator[Attempt]:
    """Where a browser comes back to; what it takes is only what bears the right state."""
    taken: list[str] = []

    def take(address: str) -> bool:
        if belongs(address, _STATE):
            taken.append(address)
        return belongs(address, _STATE)

    with _hearing() as heard, asyncio.Runner() as runner:
        port = _free_port()
        opened = redirect(port, PATH, take)
        runner.run(opened.__aenter__())

        def attempt(data: bytes) -> None:
            said = runner.run(_said(port, data.replace(b":28473", f":{port}".encode())))
            for status in map(int, _STATUS.findall(said)):
                assert 100 <= status < 500, said
            assert all(_STATE in unquote_plus(each) for each in taken)
            assert not heard, heard.pop().getMessage()
            taken.clear()

        yield attempt
        runner.run(opened.__aexit__(None, None, None))


def returns() -> list[bytes]:
    """What a browser says that comes back, or that was led there by somebody else."""
    host = "Host: localhost:28473\r\n\r\n"
    return [
        f"GET {PATH}?code=abc&state={_STATE} HTTP/1.1\r\n{host}".encode(),
        f"GET {PATH}?error=access_denied&state=x HTTP/1.1\r\n{host}".encode(),
        f"POST / HTTP/1.1\r\nContent-Length: 3\r\n{host}abc".encode(),
    ]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _hearing() -> Iterator[list[logging.LogRecord]]:
    """All warnings in the log."""
    heard: list[logging.LogRecord] = []
    ear = _Ear(heard)
    off = logging.root.manager.disable
    logging.disable(logging.NOTSET)
    logging.root.addHandler(ear)
    try:
        yield heard
    finally:
        logging.root.removeHandler(ear)
        logging.disable(off)


class _Ear(logging.Handler):
    def __init__(self, heard: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record)


class _Caller(asyncio.Protocol):
    def __init__(self) -> None:
        self.said = bytearray()
        self.ended = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        self.said += data

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


async def _said(port: int, data: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    transport, caller = await loop.create_connection(_Caller, "127.0.0.1", port)
    try:
        transport.write(data)
        transport.write_eof()
        async with asyncio.timeout(_PATIENCE):
            await caller.ended
    finally:
        transport.abort()
    return bytes(caller.said)


TARGETS = [Target("listener", seeds, listening, raw), Target("redirect", returns, returning, raw)]
