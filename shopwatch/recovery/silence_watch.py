"""The watch for silence: a source that is usually busy, and has said nothing for unusually long, is named once."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from types import MappingProxyType

from shopwatch.domain.connection.gap import Gap
from shopwatch.domain.connection.silence import Silence, hour_of, reckoned
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Bus, DeliveryKept, SilencesChanged, Subscriptions
from shopwatch.domain.i18n import phrase, phrase_n
from shopwatch.domain.instant import DAY, HOUR, MINUTE, Clock, Instant
from shopwatch.domain.legible import legible
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.outbox.job_planning import shop_time
from shopwatch.ledger.recovery.silences import Sign
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import call_off, spawn

LOOKS_EVERY = 600.0
"""Seconds between two looks: what counts is hours."""

LOOKS_BACK: Instant = 70 * DAY
"""A source is judged by so much of its past: long enough to know its weeks, short enough to forget last season."""

KNOWN_ALIVE: Instant = 3 * MINUTE
"""Whoever woke a moment ago may not have put down yet that it slept; so long ago it was known to hear."""

_BREATH = 0.02
"""Seconds between two pages of the past, which nobody waits for."""
_PACE = 1.0
"""Seconds between two looks for signs of life, of which many may come together."""
_MOST_GAPS = 10_000


class SilenceWatch:
    """Watches from `start` to `stop`. Tells `SilencesChanged` on the bus.

    `asks` says of a source that it works by asking alone; of others, what only asking has brought in is no sign of
    life. `missed` hears of those that fell silent, which may have tried to speak.
    """

    def __init__(
        self,
        ledger: Ledger,
        bus: Bus,
        *,
        asks: Callable[[Source], bool],
        missed: Callable[[Collection[str]], None] = lambda _: None,
        clock: Clock = now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ledger = ledger
        self._bus = bus
        self._asks = asks
        self._missed = missed
        self._clock = clock
        self._sleep = sleep
        self._read_to: int | None = None
        self._counts: dict[str, dict[int, int]] = {}
        self._last: dict[str, Instant] = {}
        self._named: dict[str, Silence] = {}
        self._silent: dict[str, Silence] = {}
        self._looking = asyncio.Lock()
        self._spoken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._subscriptions = Subscriptions(bus)

    @property
    def silent(self) -> Mapping[str, Silence]:
        """The sources that are silent for unusually long now, by their ids."""
        return MappingProxyType(self._silent)

    def start(self) -> None:
        """Begin to watch, on the running loop."""
        self._subscriptions.listen(DeliveryKept, self._on_delivery_kept)
        self._tasks = [
            spawn(self._look_again_and_again(), "silence"),
            spawn(self._hear_delivery(), "silence: signs of life"),
        ]

    async def stop(self) -> None:
        """Listen no more."""
        self._subscriptions.close()
        await call_off(*self._tasks)
        self._tasks.clear()

    async def look(self) -> None:
        """Read what has come since the last look, and name whom it finds silent. Raises Outage."""
        async with self._looking:
            sources = await self._ledger.sources.all()
            await self._read_history(sources)
            gaps = await self._ledger.gaps.all(self._clock() - LOOKS_BACK, _MOST_GAPS)
            deaf, hears = self._note_deaf(gaps), await self._is_hearing(gaps)
            silent: dict[str, Silence] = {}
            for source in sources:
                if found := await self._judge_source(source, deaf, may_name=hears):
                    silent[source.id] = found
                await asyncio.sleep(0)
            self._keep_silence(silent)

    async def _look_again_and_again(self) -> None:
        while True:
            with suppress(Outage):  # others tell the owner
                await self.look()
            await self._sleep(LOOKS_EVERY)

    async def _hear_delivery(self) -> None:
        while True:
            await self._spoken.wait()
            self._spoken.clear()
            with suppress(Outage):
                await self.look()
            await self._sleep(_PACE)

    def _on_delivery_kept(self, fact: DeliveryKept) -> None:
        if fact.source_id in self._silent and not fact.practice:
            self._spoken.set()

    async def _read_history(self, sources: Collection[Source]) -> None:
        if self._read_to is None:
            self._named = await self._ledger.silences.named()
            self._read_to = await self._ledger.silences.begin(self._clock() - LOOKS_BACK)
        asks = {source.id for source in sources if self._asks(source)}
        while True:
            page = await self._ledger.silences.signs(self._read_to)
            if page.last == self._read_to:
                return
            for sign in page.signs:
                if not sign.asked or sign.source_id in asks:
                    self._learn_source(sign)
            self._read_to = page.last
            await asyncio.sleep(_BREATH)

    def _learn_source(self, sign: Sign) -> None:
        if sign.at > self._clock() + HOUR:
            return  # it came while our own clock was ahead
        self._last[sign.source_id] = max(sign.at, self._last.get(sign.source_id, 0))
        if sign.counts:
            counts = self._counts.setdefault(sign.source_id, {})
            hour = hour_of(sign.at)
            counts[hour] = counts.get(hour, 0) + 1

    async def _is_hearing(self, gaps: Collection[Gap]) -> bool:
        """Whether somebody hears, and has put down when nobody did."""
        return self._clock() - await self._ledger.gaps.alive_at() <= KNOWN_ALIVE and not any(gap.lasts for gap in gaps)

    def _note_deaf(self, gaps: Collection[Gap]) -> frozenset[int]:
        moment = self._clock()
        return frozenset(
            hour
            for gap in gaps
            for hour in range(
                hour_of(max(gap.began_at, moment - LOOKS_BACK)),
                hour_of(moment if gap.ended_at is None else gap.ended_at) + 1,
            )
        )

    async def _judge_source(self, source: Source, deaf: frozenset[int], *, may_name: bool) -> Silence | None:
        moment, named = self._clock(), self._named.get(source.id)
        since = self._last.get(source.id, 0)
        is_named = named is not None and since <= named.since <= moment + HOUR
        if named is not None and is_named:
            since = named.since
        if moment - since < HOUR or not since:
            return None
        oldest = hour_of(moment - LOOKS_BACK)
        counts = {hour: count for hour, count in self._counts.get(source.id, {}).items() if hour >= oldest}
        self._counts[source.id] = counts
        found = reckoned(counts, since, moment, deaf, shop_time)
        if named is not None and is_named:
            return Silence(source.id, since, named.noticed_at, found.usual)
        if not found.unusual or not may_name:
            return None
        silence = Silence(source.id, since, moment, found.usual)
        await self._ledger.silences.name(silence, _silence_event(source, silence))
        self._named[source.id] = silence
        self._missed([source.id])
        return silence

    def _keep_silence(self, silent: dict[str, Silence]) -> None:
        before, self._silent = self._silent, silent
        if changed := before.keys() ^ silent.keys():
            self._bus.tell(SilencesChanged(tuple(sorted(changed))))


def _silence_event(source: Source, silence: Silence) -> Notice:
    name = legible(source.name, 60)
    return Notice(
        phrase("{source} has fallen silent", source=name),
        phrase_n(
            "Usually about {n} message would have come by now.",
            "Usually about {n} messages would have come by now.",
            silence.usual,
        ),
    )
