"""One connection: HTTP in, one request at a time, and its answer out.

aiohttp's C parser reads HTTP; its request handler is not used, because it has no deadline for heads and bodies, answers
with versions and the sender's own bytes, and costs twice as much as all the rest of an answer.
"""

import asyncio
import re
from contextlib import suppress
from enum import Enum, auto
from typing import cast

from aiohttp import hdrs
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpRequestParser, HttpVersion11, RawRequestMessage
from aiohttp.http_exceptions import LineTooLong
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from shopwatch.domain.errors import Outage
from shopwatch.domain.messages.delivery import PRACTICE_HEADER, Headers, Request
from shopwatch.domain.messages.verdict import Answer
from shopwatch.listener import answers
from shopwatch.listener.bounds import Bounds
from shopwatch.listener.connection_limiter import ConnectionLimiter
from shopwatch.listener.intake import Intake
from shopwatch.listener.listen_address import HERE, ListenAddress
from shopwatch.listener.request_filter import RequestFilter
from shopwatch.listener.routes import Route, UnavailableRoute

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_LINGERING_BYTES = 1_048_576
# aiohttp's parser also reads requests of these protocols, and tells only their version. No JSON and no form has such a
# line in its body.
_FOREIGN = re.compile(rb" (?:RTSP|ICE)/[0-9]\.[0-9] *\r?\n")
_LONGEST_FOREIGN = 16
_FINAL = frozenset({400, 405, 429, 503})  # nothing good is to be expected after these


class _State(Enum):
    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    IN_HAND = auto()
    """A whole request is being judged and stored, or a path is looked up: nothing more is parsed meanwhile."""
    STALLED = auto()
    """The sender does not take its answers: it gets no more until it does."""
    LINGERING = auto()
    """The last answer is out; what the sender still says is thrown away."""
    GONE = auto()


class _NoFlowControl:
    """The parser's bodies ask their protocol to pause and resume. Here they are emptied as they fill, and capped."""

    def pause_reading(self) -> None: ...

    def resume_reading(self, resume_parser: bool = True) -> None: ...


_NO_FLOW_CONTROL = cast("BaseProtocol", _NoFlowControl())


class Connection(asyncio.Protocol):
    """See `ClientConnection` in connection_limiter.py for what the limiter may ask of it."""

    _transport: asyncio.Transport
    _peer: str | None
    _message: RawRequestMessage
    _route: Route

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        bounds: Bounds,
        request_filter: RequestFilter,
        intake: Intake,
        limiter: ConnectionLimiter,
        *,
        listen: ListenAddress = HERE,
    ) -> None:
        self.served = False
        self.waiting_since: float | None = loop.time()
        self._loop = loop
        self._bounds = bounds
        self._request_filter = request_filter
        self._intake = intake
        self._limiter = limiter
        self._listen = listen
        self._parser = HttpRequestParser(
            _NO_FLOW_CONTROL,
            loop,
            bounds.body,
            max_line_size=bounds.line,
            max_field_size=bounds.line,
            max_headers=bounds.headers,
            auto_decompress=False,
            max_msg_queue_size=1,
        )
        self._state = _State.IDLE
        self._deadline = self.waiting_since + bounds.head_seconds
        self._payload: StreamReader = EMPTY_PAYLOAD
        self._pieces = bytearray()
        self._wire = 0  # bytes since the last answer
        self._end = b""  # the last bytes that came, for a line that comes in pieces
        self._held = b""  # bytes that came while a request was in hand
        self._paused = False
        self._stalled = False
        self._bodiless = False  # the request was HEAD
        self._last = False
        self._hasty = False  # nothing more is to be heard after the last answer
        self._heard_all = False
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._peer = peer[0] if peer else None
        if self._listen is not HERE and not self._listen.admits(self._peer):
            self._state = _State.GONE
            self._transport.abort()
            return
        if not self._limiter.enter(self):
            self._hasty = True  # nobody would look at this one's deadline
            self._refuse(answers.BUSY)

    def data_received(self, data: bytes) -> None:
        if self._state is _State.IN_HAND or self._state is _State.STALLED:
            self._held += data
            self._pause()
        elif self._state is _State.LINGERING:
            self._wire += len(data)
            if self._wire > _LINGERING_BYTES:
                self._pause()
        else:
            self._feed(data)

    def eof_received(self) -> bool:
        self._last = self._hasty = self._heard_all = True
        return self._state is _State.IN_HAND  # a sender may close its half and still wait for the answer

    def connection_lost(self, _exc: Exception | None) -> None:
        self._state = _State.GONE
        self._limiter.leave(self)
        self._payload = EMPTY_PAYLOAD

    def pause_writing(self) -> None:
        self._stalled = True

    def resume_writing(self) -> None:
        self._stalled = False
        if self._state is _State.STALLED:
            self._next()

    def dismiss(self) -> None:
        self._state = _State.GONE
        self._transport.abort()

    def close_when_done(self) -> None:
        self._last = self._hasty = True
        if self._state in (_State.IDLE, _State.LINGERING):
            self._transport.close()

    def check(self, moment: float) -> None:
        if moment < self._deadline:
            return
        match self._state:
            case _State.HEAD | _State.BODY:
                self._refuse(answers.TOO_SLOW)
            case _State.IN_HAND:
                self._refuse(answers.BUSY)
            case _:
                self._transport.abort()

    def _feed(self, data: bytes, *, later: bool = False) -> None:
        self._wire += len(data)
        if self._is_foreign(data):
            return self._refuse(answers.MALFORMED)
        try:
            messages, _, _ = self._parser.feed_data(data)
        except LineTooLong:
            return self._refuse(answers.HEADERS_TOO_LARGE)
        except Exception:  # whatever the parser makes of hostile bytes is the sender's own doing
            return self._refuse(answers.MALFORMED)
        if messages:
            if later:
                self._take_in_hand()
                self._loop.call_soon(self._begin, *messages[0])
                return None
            return self._begin(*messages[0])
        if self._state is _State.BODY:
            return self._collect()
        if self._wire > self._bounds.head:
            return self._refuse(answers.HEADERS_TOO_LARGE)
        if self._state is _State.IDLE and self._wire:
            self._wait(_State.HEAD, self._bounds.head_seconds)
        return None

    def _is_foreign(self, data: bytes) -> bool:
        """Whether there is a request line of another protocol in it."""
        lately = self._end + data
        self._end = lately[-_LONGEST_FOREIGN:]
        return (b" RTSP/" in lately or b" ICE/" in lately) and _FOREIGN.search(lately) is not None

    def _begin(self, message: RawRequestMessage, payload: StreamReader) -> None:
        if self._state is _State.GONE or self._state is _State.LINGERING:
            return None
        self._message = message
        self._payload = payload
        self._bodiless = message.method == hdrs.METH_HEAD
        if message.should_close or message.version is not HttpVersion11:
            self._last = True
        if not 0 < self._wire <= self._bounds.head and _head_size(message) > self._bounds.head:
            return self._refuse(answers.HEADERS_TOO_LARGE)
        if refusal := self._request_filter.refusal(message):
            return self._refuse(refusal)
        path = message.path.partition("?")[0]
        if route := self._request_filter.find(path):
            return self._enter(route)
        if answer := self._request_filter.reading(message) or self._request_filter.proof(message):
            return self._refuse(answer)
        self._take_in_hand()
        self._task = asyncio.Task(self._look_again(path), loop=self._loop, eager_start=True)
        return None

    async def _look_again(self, path: str) -> None:
        try:
            route = await self._request_filter.look_again(path)
        except Outage:
            return self._refuse(answers.BUSY)
        if self._state is not _State.IN_HAND:
            return None
        return self._enter(route) if route else self._refuse(answers.NOT_FOUND)

    def _enter(self, route: Route) -> None:
        if objection := self._request_filter.objection(self._message, route):
            return self._refuse(objection)
        if isinstance(route, UnavailableRoute) and not route.hears_greetings:
            return self._refuse(answers.BUSY)
        self._route = route
        if self._payload.is_eof():
            return self._collect()
        self._wait(_State.BODY, self._bounds.body_seconds)
        if hdrs.EXPECT in self._message.headers:
            self._transport.write(_CONTINUE)
        return self._feed(self._let_go()) if self._held else self._collect()

    def _collect(self) -> None:
        message, payload = self._message, self._payload
        try:
            body = payload.read_nowait()
        except Exception:  # the parser's own word for a broken body, whatever that is
            return self._refuse(answers.MALFORMED)
        whole = payload.is_eof()
        if self._heard_all and not whole:
            return self._refuse(answers.MALFORMED)
        if self._pieces or not whole:
            self._pieces += body
            if not self._limiter.bears(self, len(self._pieces)):
                return self._refuse(answers.BUSY)
            body = bytes(self._pieces) if whole else b""
        if whole:
            self._let_pieces_go()
        size = len(body) or len(self._pieces)
        framing = 2 * size + self._bounds.chatter
        if size > self._bounds.body or (message.chunked and self._wire - _head_size(message) > framing):
            return self._refuse(answers.TOO_LARGE)
        if whole:
            self._take_in_hand()
            url = self._request_filter.url(message.path, message.headers[hdrs.HOST])
            request = Request(message.method, url, Headers(message.raw_headers), body, self._peer)
            # Begins when all that has come by now is read: many that follow each other are judged in less time.
            self._task = self._loop.create_task(self._settle(request))
        return None

    async def _settle(self, request: Request) -> None:
        answer = await self._intake.settle(self._route, request, self._message.headers.get(PRACTICE_HEADER))
        if self._state is not _State.IN_HAND:
            return  # too late, or gone; what was stored stays stored, and the sender's next try is a repeat
        if self._last or answer.status in _FINAL:
            self._refuse(answer)
            return
        self._transport.write(answers.written(answer, bodiless=self._bodiless))
        self.served = True
        self._payload = EMPTY_PAYLOAD
        self._wire = 0
        if self._stalled:
            self._wait(_State.STALLED, self._bounds.body_seconds)
        else:
            self._next()

    def _next(self) -> None:
        self._wait(_State.IDLE, self._bounds.idle_seconds)
        self._parser.message_consumed()
        self._feed(b"", later=True)  # what the parser still has comes first, so that it never gathers more and more
        if (self._held or self._paused) and self._state is _State.IDLE:
            self._feed(self._let_go(), later=True)

    def _refuse(self, answer: Answer) -> None:
        """Give a last answer, and hear the sender out for a moment so that it can arrive."""
        if self._state is _State.LINGERING or self._state is _State.GONE:
            return
        self._wait(_State.LINGERING, self._bounds.lingering_seconds)
        self._let_pieces_go()
        self._wire = 0
        self._let_go()
        if self._transport.is_closing():
            return
        self._transport.write(answers.written(answer, close=True, bodiless=self._bodiless))
        if self._hasty or not self._transport.can_write_eof():
            self._transport.close()
        else:
            with suppress(OSError):  # who hung up this very moment is gone before the loop hears of it
                self._transport.write_eof()

    def _wait(self, state: _State, seconds: float) -> None:
        self._state = state
        self.waiting_since = moment = self._loop.time()
        self._deadline = moment + seconds

    def _take_in_hand(self) -> None:
        self._state = _State.IN_HAND
        self.waiting_since = None
        self._deadline = self._loop.time() + self._bounds.answer_seconds

    def _let_pieces_go(self) -> None:
        if self._pieces:
            self._pieces.clear()
            self._limiter.bears(self, 0)

    def _pause(self) -> None:
        if not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def _let_go(self) -> bytes:
        held, self._held = self._held, b""
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        return held


def _head_size(message: RawRequestMessage) -> int:
    """Bytes of its first line and its headers, about."""
    return len(message.path) + sum(len(name) + len(value) for name, value in message.raw_headers)
