"""Asks providers for what was missed: everything since it was last asked for, page by page."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from urllib.parse import urlsplit

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, CatchUpChanged
from shopwatch.domain.instant import DAY, Clock, Instant
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.recovery.catchup_cursor import Looked
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, Asking, Missed, MissedPage, Place
from shopwatch.recovery.api_client import ApiClient, explained
from shopwatch.recovery.api_transport import Performed
from shopwatch.recovery.ingest import Origin, bring_in
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import call_off

_log = logging.getLogger(__name__)

MOST_PAGES = 2_000
"""In one look; what is left is asked for the next time."""
_AT_ONCE = 3
"""So many pages are booked at a time, whoever else is asked meanwhile."""
_DISTRUST = DAY
"""A provider that does not say what time it has is asked so much further back."""


class CatchUp:
    """Asks when it is told to; `CatchUpScheduler` knows when.

    What a page tells is booked before the place behind it is kept, so nothing is skipped whatever happens in between;
    and what is told twice is the same event, so nothing is doubled. A source is never asked twice at a time: whoever
    comes while it is asked hears of the same look. Tells `CatchUpChanged` on the bus.
    """

    def __init__(self, ledger: Ledger, api_client: ApiClient, bus: Bus, *, clock: Clock = now) -> None:
        self._ledger = ledger
        self._api_client = api_client
        self._bus = bus
        self._clock = clock
        self._running: dict[str, asyncio.Task[CaughtUp | None]] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._results: dict[str, CaughtUp] = {}

    @property
    def results(self) -> Mapping[str, CaughtUp]:
        """The last look of each source, by its id; those that could not be asked have none."""
        return MappingProxyType(self._results)

    async def look_at(self, source: Source) -> CaughtUp | None:
        """Look for what was missed of this source; None if its provider cannot be asked, or there is no key.

        Raises Outage.
        """
        task = self._running.get(source.id)
        if task is None:
            task = self._running[source.id] = asyncio.get_running_loop().create_task(
                self._look_once(source), name=f"catching up {source.id}"
            )
            task.add_done_callback(partial(self._end_look, source.id))
        return await asyncio.shield(task)

    async def stop(self) -> None:
        """Ask no more; what is on its way is dropped, and asked for again another time."""
        await call_off(*self._running.values())

    def _end_look(self, source_id: str, task: asyncio.Task[CaughtUp | None]) -> None:
        self._running.pop(source_id, None)
        if not task.cancelled():
            task.exception()  # whoever waits for it has it

    async def _look_once(self, source: Source) -> CaughtUp | None:
        api = self._api_client.api_of(source)
        if api is None or api.missed is None:
            return None
        key = await self._api_client.key_of(source)
        if key is None:
            return None
        look = _Look(source, api, key, await self._read_place(source, api))
        look.begin(self._clock())
        try:
            await self._read_pages(look, api.missed)
        except ApiFailure as failure:
            _log.info("catching up %s: %s", source.id, failure.problem)
            look.problem, look.wait = explained(failure.problem, source), failure.wait or 0
        except Exception as failure:  # the ledger or the password store is away, or it is a defect
            look.problem = failure if isinstance(failure, UserError) else explained(ApiProblem.UNREADABLE, source)
            raise
        finally:
            self._tell_changed(look, self._clock())
        return self._results[source.id]

    async def _read_place(self, source: Source, api: Api) -> Looked:
        # By the provider's clock it may have been connected earlier; what was before is left out once it is listed.
        return await self._ledger.catchup.looked(source.id) or Looked(source.created_at - max(_DISTRUST, api.overlap))

    async def _read_pages(self, look: "_Look", missed: Missed) -> None:
        self._tell_changed(look)
        for _ in range(MOST_PAGES):
            performed = await self._read_page(look, missed)
            page, origin = performed.result, Origin.of(performed, self._clock())
            if look.begins_again(origin):
                continue
            look.seen.add(look.looked.mark)
            if (page.more and page.mark in look.seen) or look.has_read(performed):
                raise ApiFailure(ApiProblem.UNREADABLE)  # it leads back, and nobody knows what it leaves out
            async with self._turns:
                await self._book_page(look, page, origin)
            look.looked = _place_after(look, page, origin.theirs, self._clock())
            await self._ledger.catchup.note(look.source.id, look.looked)
            self._tell_changed(look)
            if not page.more:
                return

    async def _read_page(self, look: "_Look", missed: Missed) -> Performed[MissedPage]:
        try:
            return await self._ask_page(look, missed)
        except ApiFailure as failure:
            if (
                not look.looked.mark
                or look.afresh
                or failure.problem not in (ApiProblem.NOT_FOUND, ApiProblem.UNREADABLE)
            ):
                raise
            # Such marks are not good for ever. From the beginning everything is told again, and known already.
            look.afresh = True
            look.seen.clear()
            look.read.clear()
            look.looked = replace(look.looked, mark="")
            return await self._ask_page(look, missed)

    async def _ask_page(self, look: "_Look", missed: Missed) -> Performed[MissedPage]:
        looked, source = look.looked, look.source
        place = Place(looked.since, looked.until, looked.mark, self._clock(), known=bool(looked.looked_at))

        def question(key: str) -> Asking[MissedPage]:
            return missed(place, key, source.options)

        return await self._api_client.ask(source, look.api, question, key=look.key)

    async def _book_page(self, look: "_Look", page: MissedPage, origin: Origin) -> None:
        first = origin.earliest(look.source)
        if look.looked.looked_at:
            # It may have been connected by a clock that was ahead; what came after the last look is ours in any case.
            first = min(first, look.looked.looked_at)
        told = [each for each in page.listed if each.event.occurred_at >= first]
        look.listed += len(told)
        news = await self._ledger.catchup.news(look.source.id, [each.event for each in told]) if told else frozenset()
        fresh = {each.event.id: each for each in told if each.event.id in news}
        look.brought_in += await bring_in(self._ledger, look.source, [(each, origin) for each in fresh.values()])

    def _tell_changed(self, look: "_Look", ended_at: Instant = 0) -> None:
        result = CaughtUp(look.source.id, look.since, look.listed, look.brought_in, ended_at, look.problem, look.wait)
        if ended_at:
            self._results[look.source.id] = result
        self._bus.tell(CatchUpChanged(result))


@dataclass(slots=True)
class _Look:
    """One look under way."""

    source: Source
    api: Api
    key: str = field(repr=False)
    looked: Looked
    afresh: bool = False
    listed: int = 0
    brought_in: int = 0
    problem: UserError | None = None
    wait: float = 0
    seen: set[str] = field(default_factory=set)
    read: set[tuple[str, int]] = field(default_factory=set)
    since: Instant = field(init=False)
    wanted: Instant = field(init=False)

    def __post_init__(self) -> None:
        self.since = self.wanted = self.looked.since

    def begin(self, at: Instant) -> None:
        """Ask for no more than the provider still has at this time, unless its list is half read."""
        if not self.looked.until:
            self.since = max(self.wanted, self._oldest_wanted(at))
            self.looked = replace(self.looked, since=self.since)

    def begins_again(self, origin: Origin) -> bool:
        """Whether less was asked for than is wanted and the provider still has, because our own clock is ahead. Once
        at most."""
        asked = self.since
        if origin.theirs is None:
            return False
        connected = origin.earliest(self.source)
        if connected < self.wanted and not self.looked.looked_at:
            self.wanted = connected - self.api.overlap
        if max(self.wanted, self._oldest_wanted(origin.theirs)) < asked:
            self.begin(origin.theirs)
            self.wanted = self.since
        return self.since < asked

    def _oldest_wanted(self, at: Instant) -> Instant:
        return at - self.api.keeps if self.api.keeps else 0

    def has_read(self, performed: Performed[MissedPage]) -> bool:
        """Whether this page lists the very things that one before it did; a single thing may come twice by itself."""
        listed = tuple(each.event.id for each in performed.result.listed)
        told = urlsplit(performed.exchanges[-1][0].url).path, hash(listed)
        known = told in self.read
        self.read.add(told)
        return known and len(listed) > 1


def _place_after(look: _Look, page: MissedPage, theirs: Instant | None, at: Instant) -> Looked:
    """How far it is known once this page is booked. What appears late in the list lies within the overlap.

    Of two clocks the one that is behind counts, for what is asked for twice does no harm.
    """
    looked = look.looked
    until = looked.until or (at - _DISTRUST if theirs is None else min(theirs, at))
    if page.more:
        return replace(looked, until=until, mark=page.mark)
    # A source that was connected by a clock far ahead would be asked for from a time that is still to come.
    since = looked.since if looked.since <= until else 0
    return Looked(max(since, until - look.api.overlap), mark=page.mark, looked_at=until)
