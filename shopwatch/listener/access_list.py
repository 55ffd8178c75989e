"""Who may call at a source at all: lists of addresses and domain names, on top of the sender's own check."""

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from shopwatch.domain.errors import Outage
from shopwatch.domain.i18n import say
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Options
from shopwatch.providers.addresses import (
    ALLOW,
    BLOCK,
    THIS_COMPUTER,
    Address,
    Range,
    is_domain,
    readable_ranges,
    sender,
    within,
)

_KEPT_SECONDS = 600.0
_UNKNOWN_SECONDS = 60.0
_MOST_KEPT = 2_000
_PATIENCE = 2.0

_PROXIES = readable_ranges(THIS_COMPUTER)


class Names:
    """Which name an address bears, if that name also leads back to it; asked of this computer's resolver."""

    async def name_of(self, address: str) -> str | None:
        """The name, or None if it has none that leads back. Raises OSError where the resolver does not answer."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(_PATIENCE):
            try:
                name, _ = await loop.getnameinfo((address, 0), socket.NI_NAMEREQD)
            except socket.gaierror as failure:
                if failure.errno == socket.EAI_NONAME:
                    return None
                raise
            try:
                found = await loop.getaddrinfo(name, None)
            except socket.gaierror as failure:
                if failure.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)):
                    return None
                raise
        return name.rstrip(".").lower() if any(each[4][0] == address for each in found) else None


@dataclass(frozen=True, slots=True)
class _List:
    ranges: Sequence[Range]
    domains: Sequence[str]


class SenderAccessList:
    """Keeps who bears which name for ten minutes, so that senders do not wait for the resolver each time.

    What `proxies` say of who called them is believed.
    """

    def __init__(self, names: Names | None = None, proxies: Sequence[Range] = _PROXIES) -> None:
        self._names = names or Names()
        self._proxies = proxies
        self._kept: OrderedDict[str, tuple[float, str | None]] = OrderedDict()

    async def turned_away(self, request: Request, options: Options) -> Rejected | None:
        """Why this sender may not call here; None if it may.

        Raises Outage where only a name could tell and no resolver answers: the sender must come again.
        """
        allowed, blocked = options.get(ALLOW, ""), options.get(BLOCK, "")
        if not allowed.strip() and not blocked.strip():
            return None
        found = sender(request.remote_addr, request.headers, self._proxies)
        if found is None:
            return Rejected(Reason.ADDRESS)
        if blocked and await self._on(_list(blocked), found, sure=False):
            return Rejected(Reason.ADDRESS, str(found))
        if allowed.strip() and not await self._on(_list(allowed), found, sure=True):
            return Rejected(Reason.ADDRESS, str(found))
        return None

    async def _on(self, those: _List, found: Address, *, sure: bool) -> bool:
        if within(found, those.ranges):
            return True
        if not those.domains:
            return False
        try:
            name = await self._name_of(str(found))
        except (OSError, TimeoutError) as failure:
            if sure:
                raise Outage(
                    say("ShopWatch cannot tell who is calling: no name server answers."),
                    say("Check the internet, or write addresses in place of names."),
                    code="no-names",
                ) from failure
            return False
        return name is not None and any(name == domain or name.endswith(f".{domain}") for domain in those.domains)

    async def _name_of(self, address: str) -> str | None:
        moment = asyncio.get_running_loop().time()
        kept = self._kept.get(address)
        if kept is not None and moment < kept[0]:
            return kept[1]
        name = await self._names.name_of(address)
        self._kept[address] = (moment + (_KEPT_SECONDS if name else _UNKNOWN_SECONDS), name)
        self._kept.move_to_end(address)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return name


@lru_cache(maxsize=256)
def _list(written: str) -> _List:
    entries = written.replace(",", " ").split()
    domains = tuple(each.strip(".").lower() for each in entries if is_domain(each))
    return _List(readable_ranges(" ".join(each for each in entries if not is_domain(each))), domains)
