"""An open-loop sender: each message leaves at its own moment, whatever became of those before."""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from benchmarks.http.load import SECRET
from shopwatch.domain.messages.event import Kind
from shopwatch.providers.senders.paynow import PAYNOW
from shopwatch.runtime.clock import now

_CONNECTIONS = 64


@dataclass
class Sent:
    """When each message was due and when it was answered, in monotonic seconds, and the answers' statuses."""

    due: list[float]
    answered: list[float]
    statuses: dict[str, int] = field(default_factory=dict)


class _Line(asyncio.Protocol):
    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.answer: asyncio.Future[bytes] | None = None
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, _, rest = self._held.partition(b"\r\n\r\n")
        if not _:
            return
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        if len(rest) >= length and self.answer is not None and not self.answer.done():
            self._held = b""
            self.answer.set_result(head[9:12])

    def connection_lost(self, failure: Exception | None) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(failure or ConnectionResetError("closed"))


async def send(url: str, rate: float, count: int, first_seed: int) -> Sent:
    """Post `count` different signed sales to `url`, `rate` a second, over 64 connections at most.

    A message that finds none free waits for one, and its clock runs meanwhile.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    loop = asyncio.get_running_loop()
    messages = [_message(parts.netloc, parts.path, first_seed + number) for number in range(count)]
    sent = Sent([0.0] * count, [0.0] * count)
    idle: list[_Line] = []
    free = asyncio.Semaphore(_CONNECTIONS)

    async def post(number: int, due: float) -> None:
        async with free:
            if idle:
                line = idle.pop()
            else:
                _, line = await loop.create_connection(_Line, host, port)
            assert line.transport
            line.answer = loop.create_future()
            line.transport.write(messages[number])
            status = (await line.answer).decode()
            sent.due[number], sent.answered[number] = due, time.monotonic()
            sent.statuses[status] = sent.statuses.get(status, 0) + 1
            idle.append(line)

    begun = time.monotonic() + 0.2
    tasks = []
    for number in range(count):
        due = begun + number / rate
        if (pause := due - time.monotonic()) > 0:
            await asyncio.sleep(pause)
        tasks.append(loop.create_task(post(number, due)))
    await asyncio.gather(*tasks)
    for line in idle:
        assert line.transport
        line.transport.close()
    return sent


def _message(host: str, path: str, seed: int) -> bytes:
    request = PAYNOW.practise(Kind.SALE, SECRET, now(), seed)
    lines = [f"POST {path} HTTP/1.1".encode(), f"Host: {host}".encode()]
    lines += [b"%b: %b" % line for line in request.headers.lines]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(request.body), b"", request.body])


if __name__ == "__main__":
    result = asyncio.run(send(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
    print(json.dumps({"due": result.due, "answered": result.answered, "statuses": result.statuses}))
