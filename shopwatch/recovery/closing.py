"""The closing-time check: reads a day out of the provider's own list, and compares it with what is known here."""

import asyncio
import logging
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from msgspec import structs

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import DAY, HOUR, MINUTE, Clock, Instant
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.closing import MOST_NAMED, NO_KEY, NO_LIST, Compared, DayCheck
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.providers import provider_name
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, Asking, Listed, Missed, MissedPage, Place
from shopwatch.recovery.api_client import ApiClient, explained
from shopwatch.recovery.catchup import MOST_PAGES
from shopwatch.recovery.ingest import Origin, bring_in
from shopwatch.runtime.clock import now

SETTLES: Instant = 10 * MINUTE
"""What happened less long ago may be on its way still, to here or into the list, and is left out."""

MOST_LISTED = 100_000
_MARGIN: Instant = HOUR
"""A list is read from so long before the day begins at least."""

_log = logging.getLogger(__name__)


class Closing:
    """Checks one source at a time. Nothing is booked unless that is wanted, and then through catch-up's own door."""

    def __init__(self, ledger: Ledger, api_client: ApiClient, *, clock: Clock = now) -> None:
        self._ledger = ledger
        self._api_client = api_client
        self._clock = clock
        self._turn = asyncio.Lock()

    async def check(self, source: Source, day: date, *, count: bool = False) -> DayCheck:
        """Compare this source's sales of `day` with its provider's list, and keep what came of it.

        With `count`, what is countable is booked first. Raises Outage.
        """
        async with self._turn:
            begins, ends = bounds(day)
            moment = self._clock()
            since = min(max(begins, source.created_at // 1_000 * 1_000), ends)
            check = DayCheck(source.id, day, moment, since=since, until=max(since, min(ends, moment - SETTLES)))
            try:
                found = await self._compare_day(source, check, count=count)
            except ApiFailure as failure:
                _log.info("checking a day of %s: %s", source.id, failure.problem)
                check = replace(check, problem=explained(failure.problem, source))
            except _CannotTell as reason:
                check = replace(check, problem=reason.problem)
            else:
                named, more = found.differences[:MOST_NAMED], len(found.differences[MOST_NAMED:])
                check = replace(check, sums=found.sums, differences=named, more=more)
            await self._ledger.day_checks.keep(check)
            return check

    async def _compare_day(self, source: Source, check: DayCheck, *, count: bool) -> Compared:
        api = self._api_client.api_of(source)
        if api is None or api.missed is None:
            raise _CannotTell(_no_list(source))
        key = await self._api_client.key_of(source)
        if key is None:
            raise _CannotTell(_no_key(source))
        if api.keeps and check.since < self._clock() - api.keeps:
            raise _CannotTell(_too_old(source, api))
        day = await self._read_lists(source, api, api.missed, key, check.since)
        found = await self._ledger.day_checks.compare(source.id, day.events, check.since, check.until)
        if count and found.wanted:
            wanted = [each for event_id, each in day.fresh.items() if event_id in found.wanted]
            await bring_in(self._ledger, source, wanted)
            found = await self._ledger.day_checks.compare(source.id, day.events, check.since, check.until)
        return found

    async def _read_lists(self, source: Source, api: Api, missed: Missed, key: str, since: Instant) -> "_Day":
        oldest = self._clock() - api.keeps if api.keeps else 0
        place = Place(max(since - max(api.overlap, _MARGIN), oldest), at=self._clock())
        day, seen = _Day(), {""}
        for _ in range(MOST_PAGES):

            def question(shown: str, here: Place = place) -> Asking[MissedPage]:
                return missed(here, shown, source.options)

            performed = await self._api_client.ask(source, api, question, key=key)
            page, origin = performed.result, Origin.of(performed, self._clock())
            earliest = origin.earliest(source)
            await self._take_page(
                day, source, [each for each in page.listed if each.event.occurred_at >= earliest], origin
            )
            if not page.more:
                return day
            if page.mark in seen:
                raise ApiFailure(ApiProblem.UNREADABLE)  # it leads back, and nobody knows what it leaves out
            seen.add(page.mark)
            place = replace(place, mark=page.mark)
        raise _CannotTell(_too_much(source))

    async def _take_page(self, day: "_Day", source: Source, told: list[Listed], origin: Origin) -> None:
        news = await self._ledger.catchup.news(source.id, [each.event for each in told]) if told else frozenset()
        for each in told:
            if each.event.id in news:
                day.fresh[each.event.id] = (each, origin)
            day.events.append(_light_copy(each.event))
        if len(day.events) > MOST_LISTED:
            raise _CannotTell(_too_much(source))


@dataclass(slots=True)
class _Day:
    """What a list has told; of what is `fresh` it is kept how the provider wrote it."""

    events: list[Event] = field(default_factory=list)
    fresh: dict[str, tuple[Listed, Origin]] = field(default_factory=dict)


class _CannotTell(Exception):
    def __init__(self, problem: UserError) -> None:
        super().__init__(str(problem))
        self.problem = problem


def bounds(day: date) -> tuple[Instant, Instant]:
    """When a day begins on the shop's wall clock, and when the next one does."""
    begins, ends = (datetime(each.year, each.month, each.day).astimezone() for each in (day, day + timedelta(1)))
    return round(begins.timestamp() * 1000), round(ends.timestamp() * 1000)


def _light_copy(event: Event) -> Event:
    """Without what no comparison asks for, because there may be many."""
    if isinstance(event.claim, SaleClaim):
        return structs.replace(event, claim=structs.replace(event.claim, items=(), name="", email=""))
    return event


def _no_list(source: Source) -> UserError:
    return UserError(
        phrase("{provider} has no list that ShopWatch could compare with.", provider=provider_name(source)),
        phrase("Compare with its own pages."),
        code=NO_LIST,
    )


def _no_key(source: Source) -> UserError:
    return UserError(
        phrase("ShopWatch has no API key to ask {provider} with.", provider=provider_name(source)),
        phrase("Add one in Connections."),
        code=NO_KEY,
    )


def _too_old(source: Source, api: Api) -> UserError:
    return UserError(
        phrase("{provider} tells only of the last {n} days.", provider=provider_name(source), n=api.keeps // DAY),
        phrase("Choose a later day."),
        code="check-too-old",
    )


def _too_much(source: Source) -> UserError:
    return UserError(
        phrase("Too much has happened at {provider} since that day.", provider=provider_name(source)),
        phrase("Choose a later day."),
        code="check-too-much",
    )
