"""When providers are asked for what was missed: at the start, when something may have been missed, again after what
failed, now and then in any case, and where a source works by asking alone whenever its provider says so, or again and
again."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextlib import suppress
from typing import Any

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Bus, DeliveryKept, GapEnded, Outcome, SourcesChanged, Subscriptions, TunnelChanged
from shopwatch.domain.source import Source
from shopwatch.providers.api import OWNER_MENDS, Api
from shopwatch.providers.polling import asks_every
from shopwatch.recovery.backoff import UNTIL_MENDED
from shopwatch.runtime.tasks import call_off, report, spawn

LOOKS_AROUND = 60.0
"""Seconds after which a source that another process has added is known."""

PAUSES = (30.0, 120.0, 600.0, 1_800.0, 3_600.0)
"""Seconds after a look that failed; the last one repeats."""

ANYWAY = 1_800.0
"""Seconds after which a provider is asked although nothing seems to have been missed: a break in the line that is over
before it is noticed leaves no gap, and some send each message only once, or have stopped without a word."""

UNHEARD = 300.0
"""The same where messages surely do not come."""

QUIETER = 1.5
_MOST_QUIET = 5.0
"""While nothing comes, each pause is so much longer than the one before it, up to so many times the first."""

_MENDED_BY_OWNER = frozenset(each.value for each in OWNER_MENDS)


def longest_pause(pace: float) -> float:
    """For how many seconds a source that works by asking alone is left alone at most: as long as others, or as its pace
    has it where that is longer."""
    return max(pace, min(pace * _MOST_QUIET, ANYWAY))


async def _nobody_tells(_: Source) -> bool:
    return False


class CatchUpScheduler:
    """Works from `start` to `stop`. `look` is the one method for whoever knows that something may have been missed.

    `until_told` returns True once a source's provider says that there is something to list, and False where it cannot
    be waited for. `unheard` says whether a source's messages surely do not come, as to an address that is no more.
    """

    def __init__(
        self,
        sources: Callable[[], Awaitable[tuple[Source, ...]]],
        look_at: Callable[[Source], Awaitable[CaughtUp | None]],
        bus: Bus,
        *,
        find_api: Callable[[str], Api | None],
        until_told: Callable[[Source], Coroutine[Any, Any, bool]] = _nobody_tells,
        unheard: Callable[[Source], bool] = lambda _: False,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._sources = sources
        self._look_at = look_at
        self._subscriptions = Subscriptions(bus)
        self._find_api = find_api
        self._until_told = until_told
        self._unheard = unheard
        self._pauses = pauses
        self._known: dict[str, Source] = {}
        self._wanted: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._address = ""

    def start(self, address: str = "") -> None:
        """Have every source looked at that can be, then whenever it is time. `address` is the public one, if any is
        open already."""
        self._address = address
        self._subscriptions.listen(SourcesChanged, self._on_sources_changed)
        self._subscriptions.listen(DeliveryKept, self._on_delivery_kept)
        self._subscriptions.listen(GapEnded, self._on_gap_ended)
        self._subscriptions.listen(TunnelChanged, self._on_tunnel_changed)
        self._task = spawn(self._run_loop(), "catch-up scheduler")

    async def stop(self) -> None:
        """Look no more."""
        self._subscriptions.close()
        await call_off(self._task, *self._tasks.values())
        self._tasks.clear()
        self._task = None

    def look(self, source_ids: Collection[str] | None = None) -> None:
        """Something may have been missed by these sources, or by any: look now, in the background."""
        for source_id, wanted in self._wanted.items():
            if source_ids is None or source_id in source_ids:
                wanted.set()

    def _on_sources_changed(self, _: SourcesChanged) -> None:
        self._changed.set()

    def _on_delivery_kept(self, fact: DeliveryKept) -> None:
        source = self._known.get(fact.source_id)
        api = self._find_api(source.provider) if source is not None else None
        if api is not None and api.hints and fact.outcome is Outcome.ACCEPTED and not fact.practice:
            self.look((fact.source_id,))

    def _on_gap_ended(self, _: GapEnded) -> None:
        self.look()

    def _on_tunnel_changed(self, fact: TunnelChanged) -> None:
        address = fact.status.public_url
        if address and self._address and address != self._address:
            self.look()  # what is tried again goes to the old address
        self._address = address or self._address

    async def _run_loop(self) -> None:
        while True:
            self._changed.clear()
            with suppress(Outage):
                self._attend_to(await self._sources())
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKS_AROUND):
                    await self._changed.wait()

    def _attend_to(self, sources: tuple[Source, ...]) -> None:
        before, self._known = self._known, {each.id: each for each in sources if self._can_be_asked(each)}
        for gone in self._tasks.keys() - self._known.keys():
            self._tasks.pop(gone).cancel()
            del self._wanted[gone]
        for source_id, source in self._known.items():
            if source_id not in self._tasks:
                self._wanted[source_id] = asyncio.Event()
                self._tasks[source_id] = spawn(self._attend_source(source_id), f"catch-up of {source_id}")
            elif before[source_id] != source:
                self._wanted[source_id].set()

    def _can_be_asked(self, source: Source) -> bool:
        api = self._find_api(source.provider)
        return api is not None and api.missed is not None

    async def _attend_source(self, source_id: str) -> None:
        wanted, quiet, failed = self._wanted[source_id], 1.0, 0
        while True:
            wanted.clear()
            pause: float | None = None
            listens = False
            try:
                result = await self._look_at(self._known[source_id])
            except Exception as failure:
                if not isinstance(failure, UserError):  # others tell of a ledger or a password store that is away
                    report(failure, f"catch-up of {source_id}")  # whatever it is, what was missed is asked for again
                failed += 1
                pause = self._after_failure(failed)
            else:
                if result is not None and result.problem is None:
                    pace, failed = self._pace_of(self._known[source_id]), 0
                    quiet = 1.0 if result.brought_in else min(quiet * QUIETER, _MOST_QUIET)
                    pause = self._regular_pause(source_id) if pace is None else min(pace * quiet, longest_pause(pace))
                    listens = pace is not None
                elif result is not None and result.problem is not None:
                    failed += 1
                    refused = result.problem.code in _MENDED_BY_OWNER
                    pause = UNTIL_MENDED if refused else max(result.wait, self._after_failure(failed))
            if listens and await self._is_called(self._known[source_id], wanted):
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await wanted.wait()

    async def _is_called(self, source: Source, wanted: asyncio.Event) -> bool:
        """Whether there was a reason to look, from here or from the provider; False: it cannot be waited for there."""
        here, there = spawn(wanted.wait(), "wanted"), spawn(self._until_told(source), f"waiting for {source.id}")
        try:
            await asyncio.wait((here, there), return_when=asyncio.FIRST_COMPLETED)
            return here.done() or there.result()
        finally:
            here.cancel()
            there.cancel()

    def _regular_pause(self, source_id: str) -> float:
        return UNHEARD if self._unheard(self._known[source_id]) else ANYWAY

    def _after_failure(self, times: int) -> float:
        return self._pauses[min(times, len(self._pauses)) - 1]

    def _pace_of(self, source: Source) -> float | None:
        api = self._find_api(source.provider)
        return asks_every(api, source.options) if api is not None else None
