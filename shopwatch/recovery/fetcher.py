"""Asks providers for what their messages lack, after the answer, and books what they say."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from msgspec.structs import replace

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import ApiChanged, Bus, DeliveryKept, Outcome, SourcesChanged, Subscriptions
from shopwatch.domain.instant import DAY, Clock
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.event import ASKED, FETCHED, FILLS_IN, NOT_FETCHED, Event
from shopwatch.domain.messages.verdict import Accepted, Reason
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.recovery.pending_fetches import Unasked
from shopwatch.providers.api import OWNER_MENDS, Api, ApiFailure, ApiProblem, ApiRequest, Asking, Fetch
from shopwatch.providers.kit.reading import Meaning
from shopwatch.providers.kit.signature import fingerprint
from shopwatch.recovery.api_client import ApiClient, explained
from shopwatch.recovery.api_transport import Performed
from shopwatch.recovery.backoff import Backoff
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import call_off, spawn

_AT_ONCE = 2
_TRIES = 3
_LOOK_AGAIN = 60.0
_GATHERING = 0.25


class Fetcher:
    """Works from `start` to `stop`, beside the receiving and never in its way.

    All that stands in the ledger, so a restart loses nothing. Whatever fails is asked again after growing pauses. A
    message that its provider has answered about without use for a day is given up, and its time line says so; before
    the owner has mended a key, and while nobody can be reached, nothing is given up.
    """

    def __init__(
        self,
        ledger: Ledger,
        api_client: ApiClient,
        bus: Bus,
        *,
        clock: Clock = now,
        new_rest: Callable[[], Backoff] = Backoff,
    ) -> None:
        self._ledger = ledger
        self._api_client = api_client
        self._bus = bus
        self._clock = clock
        self._new_rest = new_rest
        self._visits: dict[str, _Visit] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._subscriptions = Subscriptions(bus)

    @property
    def problems(self) -> dict[str, UserError]:
        """What stands in the way of asking, by source id."""
        found = {source_id: self._explain_failure(visit) for source_id, visit in self._visits.items()}
        return {source_id: problem for source_id, problem in found.items() if problem is not None}

    def start(self) -> None:
        """Begin with what was not asked for earlier."""
        self._subscriptions.listen(DeliveryKept, self._on_delivery_kept)
        self._subscriptions.listen(SourcesChanged, self._on_sources_changed)
        self._woken.set()
        self._task = spawn(self._run_loop(), "fetcher")

    async def stop(self) -> None:
        """Ask no more; what is on its way is dropped, and asked again another time."""
        self._subscriptions.close()
        await call_off(self._task, *self._running.values())
        for timer in self._timers.values():
            timer.cancel()
        self._task = None

    def _on_delivery_kept(self, fact: DeliveryKept) -> None:
        if not fact.practice and (fact.outcome is Outcome.ACCEPTED or fact.reason == Reason.HINT):
            self._woken.set()

    def _on_sources_changed(self, _: SourcesChanged) -> None:
        self._woken.set()

    async def _run_loop(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN):
                    await self._woken.wait()
            await asyncio.sleep(_GATHERING)
            self._woken.clear()
            with suppress(Outage):
                self._send_out(await self._ledger.sources.all())

    def _send_out(self, sources: tuple[Source, ...]) -> None:
        self._visits = {each.id: self._visits[each.id] for each in sources if each.id in self._visits}
        for source in sources:
            api = self._api_client.api_of(source)
            # One that is under way looks for new ones itself before it ends.
            if api is not None and api.fetch is not None and source.id not in self._running:
                self._running[source.id] = task = spawn(
                    self._visit_source(source, api, api.fetch), f"asking {source.id}"
                )
                task.add_done_callback(partial(self._end_fetch, source.id))

    def _end_fetch(self, source_id: str, task: asyncio.Task[None]) -> None:
        self._running.pop(source_id, None)
        visit = self._visits.get(source_id)
        due = visit.rest.next_due(time.monotonic()) if visit is not None and not task.cancelled() else None
        if due is not None and due < _LOOK_AGAIN:
            self._timers[source_id] = task.get_loop().call_later(due, self._woken.set)

    async def _visit_source(self, source: Source, api: Api, fetch: Fetch) -> None:
        with suppress(UserError):  # others tell the owner that the ledger or the password store is away
            visit = await self._visit_of(source)
            while visit.key is not None and not visit.rest.is_paused(time.monotonic()):
                at, at_once = time.monotonic(), 1 if api.renews else _AT_ONCE
                batch = await self._ledger.fetches.pending(source.id, visit.rest.resting(at), at_once)
                if not batch:
                    visit.rest.forget_rested(at)
                    return
                await asyncio.gather(*[self._ask_details(visit, visit.key, api, fetch, each) for each in batch])

    async def _visit_of(self, source: Source) -> "_Visit":
        visit = self._visits.get(source.id)
        if visit is None or visit.source.secrets_changed_at != source.secrets_changed_at:
            key = await self._api_client.key_of(source)
            visit = self._visits[source.id] = _Visit(source, key, self._new_rest())
            self._bus.tell(ApiChanged(source.id, None))
        return visit

    async def _ask_details(self, visit: "_Visit", key: str, api: Api, fetch: Fetch, unasked: Unasked) -> None:
        source = visit.source

        def question(held: str) -> Asking[tuple[Meaning, ...]]:
            return fetch(unasked.event, held, source.options)

        try:
            performed = await self._api_client.ask(source, api, question, key=key)
        except ApiFailure as failure:
            await self._note_failure(visit, unasked, failure)
        else:
            await self._book_details(source, unasked, performed)
            visit.rest.done(unasked.number)
            self._tell_changed(visit, None)

    async def _note_failure(self, visit: "_Visit", unasked: Unasked, failure: ApiFailure) -> None:
        failures = visit.rest.failed(unasked.number, failure, time.monotonic())
        if not (unasked.is_hint and failure.problem is ApiProblem.NOT_FOUND):  # anybody can hint at what is not there
            self._tell_changed(visit, failure.problem)
        useless = failure.answered and failure.problem not in OWNER_MENDS and failure.problem is not ApiProblem.LIMIT
        if useless and failures >= _TRIES and self._clock() - unasked.received_at >= DAY:
            await self._give_up(visit.source, unasked)
            visit.rest.done(unasked.number)

    async def _book_details(self, source: Source, unasked: Unasked, performed: Performed[tuple[Meaning, ...]]) -> None:
        read = [(request, response) for request, response in performed.exchanges if request.is_evidence]
        raw = b"\n".join(response.body for _, response in read)
        said = Headers.of({"Content-Type": read[0][1].headers.get("content-type", "")} if read else {})
        first = read[0][0] if read else ApiRequest("GET", "")
        request = Request(first.method, first.url, said, raw)
        for place, meaning in enumerate(performed.result):
            await self._record_delivery(source, request, _details_event(unasked, place, meaning), unasked)
        await self._ledger.fetches.settle(unasked.number)

    async def _give_up(self, source: Source, unasked: Unasked) -> None:
        event = unasked.event
        if event.claim is not None:
            told = replace(event, id=f"{FILLS_IN}{event.id}", type=NOT_FETCHED, needs_fetch="")
            await self._record_delivery(source, Request("GET", "", Headers(), b""), told, unasked)
        await self._ledger.fetches.settle(unasked.number)

    async def _record_delivery(self, source: Source, request: Request, event: Event, unasked: Unasked) -> None:
        at = self._clock()
        age = max(0, at - unasked.received_at)
        await self._ledger.record(Delivery(source.id, request, at, age=age), Accepted(event))

    def _tell_changed(self, visit: "_Visit", problem: ApiProblem | None) -> None:
        if problem is visit.problem:
            return
        visit.problem = problem
        self._bus.tell(ApiChanged(visit.source.id, self._explain_failure(visit)))

    def _explain_failure(self, visit: "_Visit") -> UserError | None:
        return explained(visit.problem, visit.source) if visit.problem else None


@dataclass(slots=True)
class _Visit:
    """What is remembered of one source, until its key changes."""

    source: Source
    key: str | None = field(repr=False)
    rest: Backoff
    problem: ApiProblem | None = None


def _details_event(unasked: Unasked, place: int, meaning: Meaning) -> Event:
    """What the provider told, as an event of its own. A hint that comes again is a new event only if something else is
    told now. A sale that is booked already and proves to be of nothing is shown as that."""
    if unasked.is_hint:
        told = fingerprint(repr((meaning.kind, meaning.claim, meaning.happening)).encode())
        event_id, event_type = f"{FILLS_IN}{unasked.event.id}:{told}", ASKED
        meaning = meaning.to_book
    else:
        event_id, event_type = f"{FILLS_IN}{unasked.event.id}" + (f":{place}" if place else ""), FETCHED
    return replace(meaning, needs_fetch="").event(event_id, event_type)
