"""Rejected messages judged again, once their secret is mended."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from shopwatch.domain.clock import now
from shopwatch.domain.delivery import Delivery
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Outcome
from shopwatch.domain.source import Secrets, Source
from shopwatch.domain.verdict import Accepted, Wanting
from shopwatch.ledger import Ledger
from shopwatch.ledger.query import ANSWERED, DeliveryRow, InboxQuery
from shopwatch.providers import provider

type SecretsOf = Callable[[str], Awaitable[Secrets]]

type Certify = Callable[[Source, Secrets, str], Awaitable[Secrets]]
"""These secrets of a source with the certificate at an address of its provider's. Raises Outage if it cannot be had."""


class Recheck:
    """Judges what was rejected with the secrets of now, as of the moment it arrived.

    Practice messages stay out, because their nonce was for one use, and so do those of sources that are gone.
    """

    def __init__(
        self,
        ledger: Ledger,
        sources: Mapping[str, Source],
        secrets_of: SecretsOf,
        certify: Certify | None = None,
    ) -> None:
        self._ledger = ledger
        self._sources = sources
        self._secrets_of = secrets_of
        self._certify = certify
        self._held: dict[str, Secrets] = {}

    async def all(self) -> tuple[int, int]:
        """Book all that now fits, in the order of arrival, each at its own time and in its own place.

        Gives how many were judged, and how many sales and other events came in by it. Raises Outage if the password
        store or the ledger is away.
        """
        judged = booked = 0
        for row in await self._quarantine():
            if not self._can_judge(row):
                continue
            judged += 1
            booked += await self.book(row.id)
        return judged, booked

    async def fits(self, delivery_id: int) -> bool:
        """Whether this message now fits; nothing is booked. Raises Outage."""
        whole = await self._ledger.inbox.get(delivery_id)
        return whole is not None and await self._judge(whole) is not None

    async def book(self, delivery_id: int) -> bool:
        """Book this message if it now fits; whether it brought anything new. Raises Outage."""
        whole = await self._ledger.inbox.get(delivery_id)
        fitting = await self._judge(whole) if whole is not None else None
        if whole is None or fitting is None:
            return False
        recorded = await self._ledger.record(*fitting)
        if recorded.delivery_id is not None:
            await self._ledger.inbox.take_place(recorded.delivery_id, whole.id)
        return recorded.outcome is Outcome.ACCEPTED

    def _can_judge(self, row: DeliveryRow) -> bool:
        refused = row.outcome is Outcome.REJECTED and row.reason not in ANSWERED
        return refused and not row.practice and row.source_id in self._sources

    async def _judge(self, row: DeliveryRow) -> tuple[Delivery, Accepted] | None:
        known, request = provider(row.provider), row.request
        if known is None or request is None or not self._can_judge(row):
            return None
        source, secrets = self._sources[row.source_id], await self._secrets(row.source_id)
        options = source.options
        verdict = known.judge_kept(request, secrets, row.received_at, options)
        if isinstance(verdict, Wanting) and self._certify is not None:
            with suppress(Outage):
                secrets = self._held[row.source_id] = await self._certify(source, secrets, verdict.url)
                verdict = known.judge_kept(request, secrets, row.received_at, options)
        if not isinstance(verdict, Accepted):
            return None
        age = max(0, now() - row.received_at)
        whole = known.restored(request, secrets, options)
        kept = known.kept(whole, verdict, options, secrets)
        told = known.without_secrets(whole, verdict, options, secrets)
        return Delivery(row.source_id, kept, row.received_at, age=age), told

    async def _secrets(self, source_id: str) -> Secrets:
        """Read once, however many messages are judged."""
        if source_id not in self._held:
            self._held[source_id] = await self._secrets_of(source_id)
        return self._held[source_id]

    async def _quarantine(self) -> list[DeliveryRow]:
        kept: list[DeliveryRow] = []
        after: int | None = None
        while rows := await self._ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED), after):
            kept += rows
            after = rows[-1].place
        return kept[::-1]
