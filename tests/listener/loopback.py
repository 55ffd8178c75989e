"""A small shop to listen for: sources, secrets, a ledger that can be made to fail, and senders on raw sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Outcome
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Accepted, Rejected, Verdict
from shopwatch.domain.source import Secrets, Source
from shopwatch.ledger.writing.booking import Recorded
from shopwatch.listener.bounds import Bounds
from shopwatch.listener.pages import Pages
from shopwatch.listener.probes import Probes
from shopwatch.listener.routes import Routes
from shopwatch.listener.server import Listener
from shopwatch.providers.senders.paynow import PAYNOW
from shopwatch.runtime.clock import now

PUBLIC = "https://shop.example"
SECRET = "made-up-secret-of-the-first-source"
OTHER_SECRET = "made-up-secret-of-the-second-source"
PATIENCE = 9.0
"""Shorter than any time that a silent sender has."""


def source(name: str, **changed: object) -> Source:
    return Source(id=name, provider="paynow", name=name, path=f"/in/{name}", created_at=0, **changed)  # type: ignore[arg-type]


@dataclass
class Book:
    """A ledger in memory. `trouble` is raised by whatever it is asked, `full` by what it is to keep; while `ready` is
    clear, answers wait.
    """

    known: list[Source] = field(default_factory=lambda: [source("first"), source("second")])
    kept: list[tuple[Delivery, Verdict]] = field(default_factory=list)
    trouble: Exception | None = None
    full: Exception | None = None
    version: int = 0
    waiting: int = 0

    def __post_init__(self) -> None:
        self.ready = asyncio.Event()
        self.ready.set()
        self.asked = asyncio.Event()
        self.looked = asyncio.Event()

    async def record(self, delivery: Delivery, verdict: Verdict) -> Recorded:
        self.asked.set()
        self.waiting += 1
        await self.ready.wait()
        self.waiting -= 1
        await asyncio.sleep(0)
        if self.full:
            raise self.full
        self.kept.append((delivery, verdict))
        if isinstance(verdict, Rejected):
            return Recorded(Outcome.REJECTED, verdict.reason)
        return Recorded(Outcome.ACCEPTED)

    async def all(self) -> tuple[Source, ...]:
        if self.trouble:
            raise self.trouble
        return tuple(self.known)

    async def stamp(self) -> object:
        self.looked.set()
        await self.ready.wait()
        if self.trouble:
            raise self.trouble
        return self.version

    @property
    def sold(self) -> list[str]:
        """The ids of the accepted events."""
        return [verdict.event.id for _, verdict in self.kept if isinstance(verdict, Accepted)]


@dataclass
class Keys:
    """A password store in memory; it raises `trouble` while there is some."""

    held: dict[str, Secrets] = field(
        default_factory=lambda: {"first": Secrets((SECRET,)), "second": Secrets((OTHER_SECRET,))}
    )
    trouble: Exception | None = None
    reads: int = 0

    async def read(self, source_id: str, provider_name: str = "") -> Secrets:
        self.reads += 1
        if self.trouble:
            raise self.trouble
        if source_id not in self.held:
            raise Outage("There is no secret yet.", code="secret-missing")
        return self.held[source_id]


@dataclass
class Shop:
    listener: Listener
    book: Book
    keys: Keys
    probes: Probes
    routes: Routes

    @property
    def port(self) -> int:
        return self.listener.port


@asynccontextmanager
async def shop(
    bounds: Bounds | None = None,
    *,
    book: Book | None = None,
    keys: Keys | None = None,
    public_url: Callable[[], str] = lambda: PUBLIC,
    former: Callable[[], tuple[str, ...]] = tuple,
    pages: Pages | None = None,
    answer_copy: Callable[[str], str | None] = lambda _said: None,
) -> AsyncIterator[Shop]:
    """A listening shop."""
    book, keys, probes = book or Book(), keys or Keys(), Probes()
    routes = Routes(book, keys, poll_seconds=0.02, retry_seconds=0.02, look_again_seconds=0.02)
    listener = Listener(
        routes, book, probes, public_url, pages=pages, bounds=bounds, former=former, answer_copy=answer_copy
    )
    await listener.start(0)
    try:
        yield Shop(listener, book, keys, probes, routes)
    finally:
        await listener.stop(1)


@dataclass(frozen=True)
class Reply:
    """One answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """One raw connection of a sender."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def hear(self, *, bodiless: bool = False, patience: float = PATIENCE) -> Reply | None:
        """The next answer, or None if the connection ended without one."""
        async with asyncio.timeout(patience):
            try:
                head = await self._reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return None
            first, *rest = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest if line)}
            length = 0 if bodiless else int(headers.get("content-length", 0))
            return Reply(int(first.split(" ")[1]), headers, await self._reader.readexactly(length))

    async def rest(self) -> bytes:
        """All that is still said until the connection ends."""
        return await self._reader.read()

    async def ended(self) -> bool:
        """Whether the other side ends the connection, with nothing more said."""
        async with asyncio.timeout(PATIENCE):
            try:
                return await self._reader.read() == b""
            except ConnectionError:
                return True


@asynccontextmanager
async def line(port: int) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Line(reader, writer)
    finally:
        writer.transport.abort()


async def send(port: int, data: bytes, *, bodiless: bool = False, patience: float = PATIENCE) -> Reply | None:
    """One answer to these bytes, on a connection of their own."""
    async with line(port) as talk:
        await talk.say(data)
        return await talk.hear(bodiless=bodiless, patience=patience)


def head(path: str = "/in/first", *lines: str, method: str = "POST", host: str = "shop.example") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *lines, "", ""]).encode("latin-1")


def sale(
    seed: int = 1, *extra: str, secret: str = SECRET, path: str = "/in/first", host: str = "shop.example"
) -> bytes:
    """A genuine sale as bytes on the wire; the same seed is the same event."""
    headers, body = signed(seed, secret)
    return head(path, *headers, f"Content-Length: {len(body)}", *extra, host=host) + body


def signed(seed: int, secret: str = SECRET) -> tuple[list[str], bytes]:
    """Headers and body of a genuine sale."""
    request = PAYNOW.practise(Kind.SALE, secret, now(), seed)
    return [f"{name.decode()}: {value.decode()}" for name, value in request.headers.lines], request.body
