"""The listener of a real shop, over a socket: any bytes, as one connection says them."""

import asyncio
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from shopwatch.listener.bounds import Bounds
from tests.fuzz.mutation import raw
from tests.fuzz.target import Attempt, Target
from tests.listener.loopback import OTHER_SECRET, Shop, head, sale, shop

_QUICK = Bounds(head_seconds=0.5, body_seconds=0.5, idle_seconds=0.5, lingering_seconds=0.2)
_STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3}) ")
_PATIENCE = 5.0
_MOST_KEPT = 500


def seeds() -> list[bytes]:
    """Sales that are genuine, or of another source's secret; in one piece, in chunks, one behind the other."""
    body = b'{"a": 1}'
    chunks = b"5\r\n" + body[:5] + b"\r\n3;x=y\r\n" + body[5:] + b"\r\n0\r\nA: b\r\n\r\n"
    return [
        sale(1),
        sale(1, secret=OTHER_SECRET),
        sale(2) + sale(3),
        head("/in/first", "Transfer-Encoding: chunked", "Content-Type: application/json") + chunks,
        head("/in/nobody", "Content-Length: 0"),
        head("/probe/x", method="GET"),
        head("/in/first", "Expect: 100-continue", f"Content-Length: {len(body)}") + body,
        head("/in/first", "Upgrade: h2c", "Connection: Upgrade", method="GET"),
        sale(1).replace(b" HTTP/1.1", b" RTSP/1.0", 1),
    ]


@contextmanager
def listening() -> Iterator[Attempt]:
    heard: list[logging.LogRecord] = []
    ear = _Ear(heard)
    before, off = logging.root.level, logging.root.manager.disable
    logging.disable(logging.NOTSET)
    logging.root.addHandler(ear)
    try:
        with asyncio.Runner() as runner:
            opened = shop(_QUICK)
            here = runner.run(opened.__aenter__())
            genuine = {sale(number).partition(b"\r\n\r\n")[2] for number in (1, 2, 3)}

            def attempt(data: bytes) -> None:
                said = runner.run(_said(here, data))
                for status in map(int, _STATUS.findall(said)):
                    assert 100 <= status < 500 or status == 503, said
                assert not heard, heard.pop().getMessage()
                for delivery, _ in here.book.kept:
                    assert delivery.request.method
                believed = {each.request.body for each, verdict in here.book.kept if hasattr(verdict, "event")}
                here.book.kept.clear()
                assert believed <= genuine, "a bent message is believed"

            yield attempt
            runner.run(opened.__aexit__(None, None, None))
    finally:
        logging.root.removeHandler(ear)
        logging.root.setLevel(before)
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


async def _said(here: Shop, data: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    transport, caller = await loop.create_connection(_Caller, "127.0.0.1", here.port)
    try:
        transport.write(data)
        transport.write_eof()
        async with asyncio.timeout(_PATIENCE):
            await caller.ended
    finally:
        transport.abort()
    return bytes(caller.said)


TARGETS = [Target("listener", seeds, listening, raw)]
