"""The listener: who may connect, and whether it answers."""

import asyncio
import errno
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

from aiohttp.http_parser import HttpRequestParser, HttpRequestParserPy

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.listener.bounds import Bounds
from shopwatch.listener.connection import Connection
from shopwatch.listener.connection_limiter import ConnectionLimiter
from shopwatch.listener.intake import Certifier, Intake, Recorder
from shopwatch.listener.listen_address import HERE, ListenAddress
from shopwatch.listener.pages import NoPages, Pages
from shopwatch.listener.probes import Probes
from shopwatch.listener.request_filter import AnswerCopy, RequestFilter
from shopwatch.listener.routes import Routes
from shopwatch.runtime.clock_skew import ClockSkew
from shopwatch.runtime.tasks import spawn

_HOST = "127.0.0.1"
# The queue of the system is long, what is accepted in one turn of the loop is little: so in a flood of connections each
# gets a turn to speak before later ones have it closed.
_QUEUE = 4_096
_ACCEPTED_AT_ONCE = 32
_ANSWERS_WAITING = 16_384
_TAKEN = {errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEADDRINUSE", 0), getattr(errno, "WSAEACCES", 0)}


class Listener:
    """Receives deliveries for all routes, on 127.0.0.1 unless `listen` says otherwise.

    `public_url` gives the address by which senders call now, without a slash at its end ("" if there is none), and
    `former` those that some may still call by; by their hosts, and by this computer's own names, we may be called.
    `pages` are what anybody may read there. `certify` brings the certificates by which some sign, `clock_skew` knows
    whether the clock here is right, and `answer_copy` says what to answer other copies of this shop.
    """

    def __init__(
        self,
        routes: Routes,
        ledger: Recorder,
        probes: Probes,
        public_url: Callable[[], str],
        *,
        pages: Pages | None = None,
        certify: Certifier | None = None,
        clock_skew: ClockSkew | None = None,
        answer_copy: AnswerCopy = lambda _said: None,
        former: Callable[[], tuple[str, ...]] = tuple,
        bounds: Bounds | None = None,
        listen: ListenAddress = HERE,
    ) -> None:
        self._routes = routes
        self._probes = probes
        self._bounds = bounds or Bounds()
        self._request_filter = RequestFilter(
            routes,
            pages or NoPages(),
            probes,
            public_url,
            body_limit=self._bounds.body,
            answer_copy=answer_copy,
            former=former,
        )
        self._listen = listen
        self._intake = Intake(ledger, certify=certify, clock_skew=clock_skew, listen=listen)
        self._server: asyncio.Server | None = None
        self._limiter = ConnectionLimiter(self._bounds.connections, self._bounds.held, self._begin_to_look)
        self._following: asyncio.Task[None] | None = None
        self._sweep: asyncio.TimerHandle | None = None
        self.port = 0

    async def start(self, port: int, *, any_port: bool = False) -> int:
        """Listen, and tell the port: `port`, or with `any_port` a free one if that is taken. 0 is any free one.

        Raises `UserError` if the port is taken or aiohttp lacks its C parser, `Outage` if the ledger cannot be read.
        """
        if HttpRequestParser is HttpRequestParserPy:
            raise UserError(
                say("This copy of ShopWatch is not complete."),
                say("Install it again; a part that reads messages safely is missing."),
                code="parser-missing",
            )
        await self._routes.refresh()
        try:
            await self._open(port)
        except UserError:
            if not any_port:
                raise
            await self._open(0)
        self._following = spawn(self._routes.watch(), "routes")
        return self.port

    async def stop(self, drain_seconds: float = 5.0) -> None:
        """Accept nothing more, give the answers that are due, and close. Calling it again does nothing."""
        if self._following is not None:
            self._following.cancel()
            self._following = None
        await self._stop_accepting()
        await self._limiter.drain(drain_seconds)
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        self._intake.close()

    @property
    def calls(self) -> int:
        """How many requests have come by a public address since the start of this program."""
        return self._request_filter.calls

    async def answers(self) -> bool:
        """Whether a request to ourselves, on a connection of its own, is answered."""
        path, proof = self._probes.issue()
        request = f"GET {path} HTTP/1.1\r\nHost: {_HOST}:{self.port}\r\nConnection: close\r\n\r\n"
        try:
            async with asyncio.timeout(self._bounds.answer_seconds):
                reader, writer = await asyncio.open_connection(self._listen.host, self.port)
                try:
                    writer.write(request.encode())
                    return (await reader.read()).endswith(proof.encode())
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return False

    async def open_anew(self) -> None:
        """Listen anew at the same port; whoever is connected stays so. Raises UserError if the port is taken.

        On Windows a sender that hangs up while it is being accepted ends the listening socket without a word
        (python/cpython#93821).
        """
        await self._stop_accepting()
        await self._open(self.port)

    async def _stop_accepting(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):  # a loop that accepts in another way, as on Windows
            for listening in server.sockets:
                loop.remove_reader(listening)
        # Whoever was accepted in this turn of the loop gets a connection in the next; asyncio has no place for it in a
        # server that is closed, and would leave the sender hanging.
        await asyncio.sleep(0)
        server.close()

    async def _open(self, port: int) -> None:
        bound = _bound(self._listen.host, port)
        self.port = bound.getsockname()[1]
        self._request_filter.open_at(self.port)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(
                loop, self._bounds, self._request_filter, self._intake, self._limiter, listen=self._listen
            ),
            sock=bound,
            backlog=_ACCEPTED_AT_ONCE,
        )
        bound.listen(_QUEUE)

    def _begin_to_look(self) -> None:
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(self._bounds.tick, self._look_at_deadlines)

    def _look_at_deadlines(self) -> None:
        self._sweep = None
        self._limiter.check(asyncio.get_running_loop().time())
        if len(self._limiter):  # while nobody is there, it would only wake the computer
            self._begin_to_look()


def _bound(host: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ANSWERS_WAITING)  # every connection inherits it
        made.setblocking(False)
        made.bind((host, port))
    except OSError as failure:
        made.close()
        if failure.errno in _TAKEN:
            raise UserError(
                say("Another program uses the place where ShopWatch listens."),
                say("Close the program that uses port {port}, or choose another port in Settings.", port=port),
                code="port-taken",
            ) from failure
        if failure.errno == errno.EADDRNOTAVAIL:
            raise UserError(
                say("{host} is no address of this computer.", host=host),
                say("Give --listen an address that this computer has."),
                code="listen-address",
            ) from failure
        raise
    return made
