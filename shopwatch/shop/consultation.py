"""The signature doctor at work in a shop: with its stored messages, its secrets and its addresses."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from shopwatch.domain.errors import UserError
from shopwatch.domain.source import Secrets, Source
from shopwatch.domain.tasks import QUICK_BYTES
from shopwatch.ledger import Ledger
from shopwatch.ledger.query import DeliveryRow
from shopwatch.providers import provider
from shopwatch.providers.diagnosis import Diagnosis
from shopwatch.providers.doctor import diagnose, mended
from shopwatch.providers.examination import MOST_OTHERS, Other


class Consultation:
    """Asks the doctor about stored messages. `addresses` gives those that a source has or had."""

    def __init__(
        self,
        ledger: Ledger,
        sources: Mapping[str, Source],
        secrets_of: Callable[[str], Awaitable[Secrets]],
        addresses: Callable[[Source], Sequence[str]],
    ) -> None:
        self._ledger = ledger
        self._sources = sources
        self._secrets_of = secrets_of
        self._addresses = addresses

    async def diagnose(self, delivery_id: int) -> Diagnosis | None:
        """What is the matter with this message; None if it is no longer kept or its source is gone. Raises Outage."""
        found = await self._ask(delivery_id, lambda source: partial(diagnose, addresses=self._addresses(source)))
        return None if found is None else found[1]

    async def mended(self, delivery_id: int) -> tuple[str, Secrets] | None:
        """The source and the secrets with which this message would fit; None if none do. Raises Outage."""
        source_id, fitting = await self._ask(delivery_id, lambda _: mended) or ("", None)
        return None if fitting is None else (source_id, fitting)

    async def _ask[Found](
        self, delivery_id: int, doctor_of: Callable[[Source], Callable[..., Found]]
    ) -> tuple[str, Found] | None:
        row = await self._ledger.inbox.get(delivery_id)
        source = self._sources.get(row.source_id) if row is not None else None
        known = provider(row.provider) if row is not None else None
        if row is None or source is None or known is None or row.request is None:
            return None
        secrets, others = await self._held(source.id), await self._others(row)
        examine = partial(doctor_of(source), known, row.request, secrets, row.received_at)
        ask = partial(examine, others=others, options=source.options)
        return source.id, ask() if row.size <= QUICK_BYTES else await asyncio.to_thread(ask)

    async def _others(self, row: DeliveryRow) -> tuple[Other, ...]:
        """As many as the doctor looks at, for each costs a question to the password store."""
        others = [source for source in self._sources.values() if source.id != row.source_id]
        # Those of the same provider first: their secrets are mixed up most easily.
        others.sort(key=lambda source: source.provider != row.provider)
        known = [(source, found) for source in others if (found := provider(source.provider)) is not None]
        return tuple(
            [Other(source.id, source.name, found, await self._held(source.id)) for source, found in known[:MOST_OTHERS]]
        )

    async def _held(self, source_id: str) -> Secrets:
        try:
            return await self._secrets_of(source_id)
        except UserError as failure:
            if failure.code == "secret-missing":
                return Secrets()
            raise
