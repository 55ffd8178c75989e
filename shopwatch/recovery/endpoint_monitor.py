"""When endpoints are looked after: read again and again, moved when the public address changes, and rid of the one
before once a message came to the new one."""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextlib import suppress
from urllib.parse import urlsplit

from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Bus, DeliveryKept, GapEnded, Outcome, SourcesChanged, Subscriptions, TunnelChanged
from shopwatch.domain.messages.verdict import Reason
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.providers.api_kit.endpoints import OWNER_TELLS, follows
from shopwatch.recovery.registrar import Registrar, Unregistered
from shopwatch.runtime.tasks import call_off, report, spawn

EVERY = 3_600.0
"""Seconds between two readings of an endpoint, up to a tenth more or less."""

LOOKS_AROUND = 60.0
"""Seconds after which what another process has changed is known."""

PAUSES = (5.0, 30.0, 120.0, 600.0, 1_800.0)
"""Seconds after something that failed; the last one repeats."""

_OPEN = (TunnelState.ONLINE, TunnelState.URL_CHANGED)
_GENUINE = (Outcome.ACCEPTED, Outcome.REPEAT, Outcome.CHALLENGE)
_log = logging.getLogger(__name__)


class EndpointMonitor:
    """Works from `start` to `stop`. What is to be done stands in the ledger, so a restart goes on where it was.

    `url_of` is the whole address that a source has now, empty if there is none. `look` is told whose messages may have
    been missed. An endpoint that the owner made by hand is read, but moved only by the owner.
    """

    def __init__(
        self,
        ledger: Ledger,
        registrar: Registrar,
        bus: Bus,
        *,
        url_of: Callable[[Source], Awaitable[str]],
        look: Callable[[Collection[str]], None],
        pauses: tuple[float, ...] = PAUSES,
        every: float = EVERY,
    ) -> None:
        self._ledger = ledger
        self._book = ledger.endpoints
        self._registrar = registrar
        self._subscriptions = Subscriptions(bus)
        self._url_of = url_of
        self._look = look
        self._pauses = pauses
        self._every = every
        self._status = TunnelStatus()
        self._sources: dict[str, Source] = {}
        self._woken: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._due: dict[str, float] = {}
        self._noting: set[str] = set()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, status: TunnelStatus) -> None:
        """Look after every endpoint there is; `status` is how the public address stands."""
        self._status = status
        self._subscriptions.listen(SourcesChanged, self._on_sources_changed)
        self._subscriptions.listen(GapEnded, self._on_gap_ended)
        self._subscriptions.listen(TunnelChanged, self._on_tunnel_changed)
        self._subscriptions.listen(DeliveryKept, self._on_delivery_kept)
        self._task = spawn(self._run_loop(), "endpoint monitor")

    async def stop(self) -> None:
        """Look after nothing more; what is on its way is dropped, and done again another time."""
        self._subscriptions.close()
        await call_off(self._task, *self._tasks.values())
        self._tasks.clear()
        self._task = None

    def wake(self, source_id: str | None = None) -> None:
        """Something may have changed with this source, or with any: do now what is due, and what failed."""
        for each, woken in self._woken.items():
            if source_id in (None, each):
                woken.set()

    def _on_sources_changed(self, _: SourcesChanged) -> None:
        self._changed.set()

    def _on_gap_ended(self, _: GapEnded) -> None:
        self._due.clear()
        self.wake()

    def _on_tunnel_changed(self, fact: TunnelChanged) -> None:
        moved = fact.status.public_url != self._status.public_url
        self._status = fact.status
        self._changed.set()
        if moved:
            self.wake()

    def _on_delivery_kept(self, fact: DeliveryKept) -> None:
        base, known = self._public_base, self._book.registered.get(fact.source_id)
        told = self._book.addresses.get(fact.source_id) == base
        if not base or (told and (known is None or known.confirmed_at)) or fact.source_id in self._noting:
            return
        called = fact.host == _host_of(base)
        # A proxy of the owner's may call this computer by a name of its own.
        behind = self._status.kind is TunnelKind.OWN and not fact.practice and _is_local(fact.host)
        if not _is_genuine(fact) or not (called or behind):
            return
        if known is not None and told:
            self._note_address(fact.source_id, self._confirm_endpoint(fact, base))
        elif called and not fact.practice and (known is None or not follows(known)):
            self._note_address(fact.source_id, self._book.note_address((fact.source_id,), base))

    def _note_address(self, source_id: str, noting: Coroutine[None, None, None]) -> None:
        async def note() -> None:
            try:
                with suppress(UserError):  # another message will say it again
                    await noting
            finally:
                self._noting.discard(source_id)

        self._noting.add(source_id)
        spawn(note(), f"endpoint monitor: what {source_id} has")

    async def _confirm_endpoint(self, fact: DeliveryKept, base: str) -> None:
        if (source := self._sources.get(fact.source_id)) is not None:
            await self._registrar.confirm(source, base, fact.at)
            self.wake(source.id)

    @property
    def _public_base(self) -> str:
        status = self._status
        return status.public_url.rstrip("/") if status.kind is not TunnelKind.NONE and status.state in _OPEN else ""

    async def _run_loop(self) -> None:
        while True:
            self._changed.clear()
            with suppress(Outage):
                changed = await self._book.refresh()
                self._attend_to(await self._ledger.sources.all())
                for source_id in changed:
                    self.wake(source_id)
                await self._note_first()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKS_AROUND):
                    await self._changed.wait()

    async def _note_first(self) -> None:
        """The first address that there is for a source is the one that the owner copies."""
        if not self._public_base:
            return
        for source in self._sources.values():
            if source.id not in self._book.addresses:
                former = self._status.previous_url if source.created_at < self._status.since else ""
                await self._book.note_address((source.id,), former or self._public_base)

    def _attend_to(self, sources: tuple[Source, ...]) -> None:
        before, self._sources = self._sources, {each.id: each for each in sources}
        watched = {each.id for each in sources if self._registrar.can_register(each)}
        for gone in self._tasks.keys() - watched:
            self._tasks.pop(gone).cancel()
            del self._woken[gone]
        for source_id in watched:
            if source_id not in self._tasks:
                self._woken[source_id] = asyncio.Event()
                self._tasks[source_id] = spawn(self._attend_source(source_id), f"endpoint monitor of {source_id}")
            elif before[source_id] != self._sources[source_id]:
                self._due.pop(source_id, None)
                self._woken[source_id].set()

    async def _attend_source(self, source_id: str) -> None:
        woken, failed = self._woken[source_id], 0
        while True:
            woken.clear()
            try:
                await self._tend_endpoint(self._sources[source_id])
                failed, pause = 0, self._every
            except Unregistered as failure:
                _log.info("the endpoint of %s: %s", source_id, failure.code)
                self._due.pop(source_id, None)  # until it is read, it is noted that something stood in the way
                failed += 1
                pause = self._every if failure.code in OWNER_TELLS else max(failure.wait, self._after_failure(failed))
            except Exception as failure:
                if not isinstance(failure, UserError):  # others tell of a ledger or a password store that is away
                    report(failure, f"endpoint monitor of {source_id}")
                failed += 1
                pause = self._after_failure(failed)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause * (0.9 + secrets.randbelow(200) / 1000)):
                    await woken.wait()

    async def _tend_endpoint(self, source: Source) -> None:
        known, base = self._book.registered.get(source.id), self._public_base
        behind = self._book.addresses.get(source.id) != base
        if known is not None and known.made_at and base and (behind or known.begun):
            if url := await self._url_of(source):
                await self._registrar.move(source, url)
                self._look((source.id,))
            return
        if time.monotonic() >= self._due.get(source.id, 0):
            await self._read_endpoint(source, base, is_known=known is not None)
        if known is not None and known.old is not None and known.confirmed_at:
            await self._registrar.drop_old(source)

    async def _read_endpoint(self, source: Source, base: str, *, is_known: bool) -> None:
        self._due[source.id] = time.monotonic() + self._every * 0.9
        try:
            if is_known:
                await self._registrar.check(source)
            elif base and (url := await self._url_of(source)):
                await self._registrar.find(source, url)
        except UserError:
            self._due.pop(source.id, None)
            raise

    def _after_failure(self, times: int) -> float:
        return self._pauses[min(times, len(self._pauses)) - 1]


def _is_genuine(fact: DeliveryKept) -> bool:
    return fact.outcome in _GENUINE or fact.reason == Reason.HINT


def _host_of(url: str) -> str:
    parts = urlsplit(url.lower())
    return parts.netloc.removesuffix(":443" if parts.scheme == "https" else ":80")


def _is_local(host: str) -> bool:
    return host.partition(":")[0] in ("127.0.0.1", "localhost")
