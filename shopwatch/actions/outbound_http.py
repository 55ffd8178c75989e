"""Going out safely: only to public addresses, looked at when connecting, and never further than asked."""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import Phrase, phrase

MOST_READ = 64 * 1024
"""Bytes of an answer that are read; the rest is not waited for."""

TOTAL_SECONDS = 30.0

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_SHOWN_IN_BOOKS = ipaddress.ip_network("3fff::/20")  # RFC 9637; Python 3.12.3 does not know it yet
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
# Ports of mail and remote log-ins: whoever speaks HTTP to them means mischief.
_OTHER_SERVICES = frozenset({21, 22, 23, 25, 110, 143, 465, 587, 993, 995, 3306, 5432, 6379, 11211})


@dataclass(frozen=True, slots=True)
class Answered:
    """What another program answered: its status, the first 64 KiB, and when it wants to be asked again, if it says."""

    status: int
    body: bytes
    retry_after: str


def is_public(address: str) -> bool:
    """Whether this IP address is one of the internet's, in whatever form it is written or wrapped."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_unicast(each) for each in _unwrap_address(ip))


def _is_unicast(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address) and (ip not in _GLOBAL_UNICAST or ip in _SHOWN_IN_BOOKS):
        return False
    return ip.is_global and not ip.is_multicast


def _unwrap_address(ip: IPv4Address | IPv6Address) -> Sequence[IPv4Address | IPv6Address]:
    if isinstance(ip, IPv4Address):
        return (ip,)
    if ip.ipv4_mapped is not None:
        return (ip.ipv4_mapped,)
    if ip.sixtofour is not None:
        return (ip, ip.sixtofour)
    if ip in _NAT64:
        return (IPv4Address(int(ip) & 0xFFFFFFFF),)
    return (ip,)


def checked_url(url: str, *, local: bool = False) -> str:
    """`url`, if something may be sent there: https to a public name, or with `local`, this computer itself.

    Raises UserError with what to change. Where a name leads is looked at again when connecting.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refuse_url(phrase("This is not an address.")) from None
    if not host or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise _refuse_url(phrase("This is not an address."))
    if parts.username is not None or parts.password is not None:
        raise _refuse_url(phrase("An address must not hold a name or a password."))
    if port in _OTHER_SERVICES:
        raise _refuse_url(phrase("This port belongs to another kind of service."))
    if local and host in _LOCAL_NAMES and parts.scheme in ("http", "https"):
        return url
    if parts.scheme != "https":
        raise _refuse_url(phrase("Only addresses that begin with https:// are safe."))
    if _is_literal(host) and not is_public(host):
        raise inside()
    return url


async def knock(*urls: str, local: bool = False, total: float = 10.0) -> None:
    """See that somebody answers at each address, whatever it is; nothing is told. Raises UserError if nobody does."""
    async with OutboundHttp(total=total) as outbound:
        for url in urls:
            host = urlsplit(url).hostname or ""
            try:
                await outbound.send("HEAD", url, b"", (), local=local)
            except aiohttp.ClientSSLError:
                raise UserError(
                    phrase("The certificate of {host} cannot be trusted.", host=host),
                    phrase("Check the address. Nothing was sent."),
                    code="address-certificate",
                ) from None
            except (aiohttp.ClientError, TimeoutError, OSError):
                raise UserError(
                    phrase("{host} does not answer.", host=host),
                    phrase("Check the address, and that the other program runs."),
                    code="address-silent",
                ) from None


def inside() -> UserError:
    return UserError(
        phrase("That address is inside your own network."),
        phrase("Choose one that the internet can reach, or allow this computer itself."),
        code="address-inside",
    )


def _refuse_url(why: str | Phrase) -> UserError:
    return UserError(phrase("Nothing can be sent to this address."), why, code="address-unfit")


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class _Guard(AbstractResolver):
    """Gives only addresses that may be connected to, so that a name cannot lead elsewhere at the last moment."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(each["host"]) for each in found):
            raise inside()
        return found

    async def close(self) -> None:
        await self._resolver.close()


class OutboundHttp:
    """Posts to other programs' addresses. Close it."""

    def __init__(self, resolver: AbstractResolver | None = None, *, total: float = TOTAL_SECONDS) -> None:
        self._resolver = resolver
        self._total = total
        self._public: aiohttp.ClientSession | None = None
        self._local: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        for session in (self._public, self._local):
            if session is not None:
                await session.close()
        self._public = self._local = None

    async def send(
        self, method: str, url: str, body: bytes, headers: Sequence[tuple[str, str]], *, local: bool = False
    ) -> Answered:
        """What the program at `url` answers. No redirect is followed, no cookie kept, no proxy of this computer used.

        Raises UserError where nothing may be sent there, also if its name leads inside, and aiohttp.ClientError,
        TimeoutError or OSError where nobody answers.
        """
        checked_url(url, local=local)
        here = local and (urlsplit(url).hostname or "") in _LOCAL_NAMES
        async with self._session_for(local=here).request(
            method, url, data=body, headers=list(headers), allow_redirects=False
        ) as answer:
            read = bytearray()
            async for piece in answer.content.iter_chunked(8192):
                read += piece
                if len(read) >= MOST_READ:
                    break
            return Answered(answer.status, bytes(read[:MOST_READ]), answer.headers.get("Retry-After", ""))

    def _session_for(self, *, local: bool) -> aiohttp.ClientSession:
        if local:
            if self._local is None:
                self._local = self._open_session(ThreadedResolver())
            return self._local
        if self._public is None:
            self._public = self._open_session(_Guard(self._resolver or ThreadedResolver()))
        return self._public

    def _open_session(self, resolver: AbstractResolver) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True, limit=8),
            timeout=aiohttp.ClientTimeout(total=self._total, sock_connect=10),
            trust_env=False,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent",),
        )
