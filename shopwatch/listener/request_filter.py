"""What is refused by its head alone, before a byte of the body is read or a secret is looked at."""

from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import hdrs
from aiohttp.http import HttpVersion10, HttpVersion11, RawRequestMessage

from shopwatch.domain.connection import ownership
from shopwatch.domain.messages.delivery import PRACTICE_HEADER
from shopwatch.domain.messages.verdict import Answer
from shopwatch.listener import answers, pages, probes
from shopwatch.listener.pages import Pages
from shopwatch.listener.probes import Probes
from shopwatch.listener.routes import Route, Routes

_METHODS = frozenset({"POST", "GET"})  # GET: some providers' handshakes; each provider says which it takes
_TYPES = frozenset({"application/json", "application/x-www-form-urlencoded", "text/plain", "text/json"})


type AnswerCopy = Callable[[str], str | None]
"""What to say to what another copy of this shop said; None if it was none."""


class RequestFilter:
    """Tells the routes' senders from everybody else.

    `public_url` gives the address by which senders call, without a slash at its end ("" if there is none), and `former`
    those that some may still call by.
    """

    def __init__(
        self,
        routes: Routes,
        pages: Pages,
        probes: Probes,
        public_url: Callable[[], str],
        *,
        body_limit: int,
        answer_copy: AnswerCopy = lambda _said: None,
        former: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._routes = routes
        self._pages = pages
        self._probes = probes
        self._public_url = public_url
        self._body_limit = body_limit
        self._answer_copy = answer_copy
        self._local: frozenset[str] = frozenset()
        self._former = former
        self._called: tuple[str, tuple[str, ...]] = ("", ())
        self._base = ""
        self._hosts: frozenset[str] = frozenset()
        self._former_bases: dict[str, str] = {}
        self.calls = 0
        """How many requests have come by a public address."""

    def open_at(self, port: int) -> None:
        """The listener's own port, by which only this computer calls."""
        self._local = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._learn(self._public_url(), self._former())

    def refusal(self, message: RawRequestMessage) -> Answer | None:
        """Why this is no message for any source, whichever its path; None if it may be one.

        Host, and never the target or a forwarded header, says by which name we were called: a web page that points its
        own name at this computer (DNS rebinding) is told apart by it.
        """
        headers = message.headers
        host = headers.get(hdrs.HOST)
        coding = headers.get(hdrs.TRANSFER_ENCODING)
        if (
            host is None
            or message.path[0] != "/"
            or (message.version is not HttpVersion11 and (message.version != HttpVersion10 or coding is not None))
            or (coding is not None and coding.lower() != "chunked")
            or hdrs.UPGRADE in headers
        ):
            return answers.MALFORMED
        if (called := (self._public_url(), self._former())) != self._called:
            self._learn(*called)
        name = host.lower()
        if name not in self._hosts and name not in self._former_bases:
            return answers.FORBIDDEN
        # No sender is a web page; but the shop's own site may read what everybody may, at the address everybody has.
        # By this computer's own names any site could find out whose computer it is; a former one may be another's now.
        outside = name not in self._local
        self.calls += outside
        everybodys = outside and name in self._hosts
        if hdrs.ORIGIN in headers and not (everybodys and self._pages.page(_path(message)) is not None):
            return answers.FORBIDDEN
        return None

    def find(self, path: str) -> Route | None:
        """The route at this path, as far as known."""
        return self._routes.find(path)

    def reading(self, message: RawRequestMessage) -> Answer | None:
        """The answer to somebody who reads a page, if this is one's path."""
        document = self._pages.page(_path(message))
        if document is None:
            return None
        if hdrs.TRANSFER_ENCODING in message.headers or message.headers.get(hdrs.CONTENT_LENGTH, "0") != "0":
            return answers.MALFORMED
        return pages.answer(message, document)

    async def look_again(self, path: str) -> Route | None:
        """See `Routes.look_again`."""
        return await self._routes.look_again(path)

    def proof(self, message: RawRequestMessage) -> Answer | None:
        """The answer to one of our own probes, or to another copy of this shop, if this is one."""
        if message.method != hdrs.METH_GET:
            return None
        if message.path.startswith(ownership.PATH):
            proof = self._answer_copy(message.path.removeprefix(ownership.PATH))
        elif message.path.startswith(probes.PREFIX):
            proof = self._probes.redeem(message.path)
        else:
            return None
        return None if proof is None else Answer(200, proof.encode())

    def objection(self, message: RawRequestMessage, route: Route) -> Answer | None:
        """Why a message for this route is not even read; None if it is."""
        headers = message.headers
        if message.method not in _METHODS and not _tried(message.method, route):
            return answers.WRONG_METHOD
        if hdrs.CONTENT_ENCODING in headers:
            return answers.WRONG_TYPE
        kind = headers.get(hdrs.CONTENT_TYPE)
        if kind is not None and kind != "application/json" and not _listed(kind, route):
            return answers.WRONG_TYPE
        length = headers.get(hdrs.CONTENT_LENGTH)
        if length is not None and (len(length) > 10 or int(length) > self._body_limit):
            return answers.TOO_LARGE
        expected = headers.get(hdrs.EXPECT)
        if expected is not None and expected.lower() != "100-continue":
            return answers.UNEXPECTED
        if PRACTICE_HEADER in headers and len(headers.getall(PRACTICE_HEADER)) > 1:
            return answers.MALFORMED
        return None

    def url(self, target: str, host: str) -> str:
        """The public address as the sender called it, who named this host."""
        return self._former_bases.get(host.lower(), self._base) + target

    def _learn(self, public_url: str, former: tuple[str, ...]) -> None:
        self._called = public_url, former
        self._base = public_url or "http://" + min(self._local)
        self._hosts = self._local | _hosts(public_url)
        self._former_bases = {host: url for url in former for host in _hosts(url) - self._hosts}


def _hosts(url: str) -> frozenset[str]:
    """How those who call `url` may name the host."""
    if not url:
        return frozenset()
    parts = urlsplit(url.lower())
    name = parts.netloc.rpartition("@")[2]
    port = {"https": 443, "http": 80}.get(parts.scheme)
    return frozenset((name, f"{name}:{port}") if ":" not in name else (name,))


def _path(message: RawRequestMessage) -> str:
    return message.path.partition("?")[0]


def _tried(method: str, route: Route) -> bool:
    """Whether the sender of this route may ask by this method whether the address is there."""
    return route.provider is not None and method in route.provider.described(route.source.options).tried_by


def _listed(content_type: str, route: Route) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _TYPES or not kind or (kind.startswith("application/") and kind.endswith("+json")):
        return True
    return route.provider is not None and kind in route.provider.types
