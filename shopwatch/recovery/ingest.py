"""Bringing in what a provider's list tells: one door for whoever asks."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from shopwatch.domain.facts import Outcome
from shopwatch.domain.instant import SECOND, Instant
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.providers.api import Listed, MissedPage, time_of
from shopwatch.recovery.api_transport import Performed

_BATCH = 10
_BREATH = 0.015
"""So many are booked at a time, with so many seconds in between: what is missed can wait, but not the window."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page came from: the address without its query, in which some providers want the key; `at`, our time,
    and `theirs`, the provider's, None where it does not say."""

    url: str
    at: Instant
    theirs: Instant | None

    @classmethod
    def of(cls, performed: Performed[MissedPage], at: Instant) -> "Origin":
        theirs = next((said_at for _, said in performed.exchanges if (said_at := time_of(said)) is not None), None)
        return cls(performed.exchanges[-1][0].url.partition("?")[0], at, theirs)

    def earliest(self, source: Source) -> Instant:
        """When the source was connected, by the provider's clock. What was before is none of its business, as messages
        of that time would not be."""
        return source.created_at // SECOND * SECOND + min(0, 0 if self.theirs is None else self.theirs - self.at)


async def bring_in(books: Ledger, source: Source, told: Iterable[tuple[Listed, Origin]]) -> int:
    """Book these, in the order in which they happened; how many were news. What is known already changes nothing.

    Raises Outage.
    """
    count = 0
    waiting = sorted(told, key=lambda each: each[0].event.occurred_at)
    for start in range(0, len(waiting), _BATCH):
        some = waiting[start : start + _BATCH]
        recorded = await asyncio.gather(
            *[books.record(_listed_delivery(source, listed, origin), Accepted(listed.event)) for listed, origin in some]
        )
        count += sum(each.outcome is Outcome.ACCEPTED for each in recorded)
        await asyncio.sleep(_BREATH)
    return count


def _listed_delivery(source: Source, listed: Listed, origin: Origin) -> Delivery:
    headers = Headers.of({"Content-Type": "application/json"})
    age = (origin.at if origin.theirs is None else origin.theirs) - listed.event.occurred_at
    return Delivery(source.id, Request("GET", origin.url, headers, listed.raw), origin.at, age=max(0, age))
