"""Looking again at messages that were not believed: why, and whether they fit by now."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.i18n import say
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.verdict import Accepted, Wanting
from shopwatch.domain.source import Secrets, Source
from shopwatch.ledger.inbox.query import ANSWERED, DeliveryRow, InboxQuery
from shopwatch.ledger.ledger import Ledger
from shopwatch.providers import provider
from shopwatch.providers.doctor.diagnosis import Diagnosis, SignatureRemedy
from shopwatch.providers.kit.account import beside
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import QUICK_BYTES
from shopwatch.shop.receiving.public_address import PublicAddress
from shopwatch.shop.sources.api_access import ApiAccess
from shopwatch.shop.sources.connections import Connections
from shopwatch.shop.sources.source_registry import SourceRegistry

if TYPE_CHECKING:
    from shopwatch.providers.doctor.examination import Other


class QuarantineReview:
    """Judges with the secrets of now, and asks the signature doctor."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        sources: SourceRegistry,
        connections: Connections,
        address: PublicAddress,
        access: ApiAccess,
    ) -> None:
        self._ledger = ledger
        self._sources = sources
        self._connections = connections
        self._access = access
        self._address = address

    async def all(self) -> tuple[int, int]:
        """Judge the rejected messages again with the secrets of now; how many were checked, and how many now fit."""
        return await self._make_recheck().all()

    async def fits_now(self, delivery_id: int) -> bool:
        """Whether a rejected message fits the secrets of now; nothing is booked. Raises Outage."""
        return await self._make_recheck().fits(delivery_id)

    async def count_now(self, delivery_id: int) -> bool:
        """Book a rejected message that now fits, at its true time; whether it brought anything new. Raises Outage."""
        return await self._make_recheck().book(delivery_id)

    async def diagnose(self, delivery_id: int) -> Diagnosis | None:
        """Why a rejected message is not believed; None if it is no longer kept. Raises Outage."""
        from shopwatch.providers.doctor.doctor import diagnose

        found = await self._ask_doctor(
            delivery_id, lambda source: partial(diagnose, addresses=self._address.every_one_of(source))
        )
        return None if found is None else found[1]

    async def diagnose_newest(self, source_id: str) -> Diagnosis | None:
        """The same of the last rejected message of this source. Raises Outage."""
        query = InboxQuery(outcome=Outcome.REJECTED, sources=frozenset({source_id}))
        newest = await self._ledger.inbox.page(query, None, 1)
        return await self.diagnose(newest[0].id) if newest else None

    async def mend(self, delivery_id: int) -> None:
        """Store the secrets with which a rejected message would fit, or let its account count. Raises UserError."""
        from shopwatch.providers.doctor.doctor import mended

        found = await self.diagnose(delivery_id)
        if found is not None and found.remedy is SignatureRemedy.COUNT_ACCOUNT:
            await self._count_account(delivery_id, found.subject)
            return
        source_id, fitting = await self._ask_doctor(delivery_id, lambda _: mended) or ("", None)
        if fitting is None:
            raise UserError(
                say("No secret that ShopWatch knows fits this message."),
                say("Paste a new one, then check again."),
                code="nothing-fits",
            )
        await self._connections.keep(source_id, fitting)

    async def _count_account(self, delivery_id: int, account: str) -> None:
        row = await self._ledger.inbox.get(delivery_id)
        source = self._sources.get(row.source_id) if row is not None else None
        if source is not None:
            await self._connections.set_options(source.id, beside(source.options, account))

    def _make_recheck(self) -> "Recheck":
        sources = {each.id: each for each in self._sources.all}
        return Recheck(self._ledger, sources, self._connections.secrets_of, self._access.certificates().certify)

    async def _ask_doctor[Found](
        self, delivery_id: int, doctor_of: Callable[[Source], Callable[..., Found]]
    ) -> tuple[str, Found] | None:
        row = await self._ledger.inbox.get(delivery_id)
        source = self._sources.get(row.source_id) if row is not None else None
        known = provider(row.provider) if row is not None else None
        if row is None or source is None or known is None or row.request is None:
            return None
        secrets, others = await self._connections.held(source.id), await self._other_sources(row)
        examine = partial(doctor_of(source), known, row.request, secrets, row.received_at)
        ask = partial(examine, others=others, options=source.options)
        return source.id, ask() if row.size <= QUICK_BYTES else await asyncio.to_thread(ask)

    async def _other_sources(self, row: DeliveryRow) -> "tuple[Other, ...]":
        """As many as the doctor looks at, for each costs a question to the password store."""
        from shopwatch.providers.doctor.examination import MOST_OTHERS, Other

        others = [source for source in self._sources.all if source.id != row.source_id]
        # Those of the same provider first: their secrets are mixed up most easily.
        others.sort(key=lambda source: source.provider != row.provider)
        known = [(source, found) for source in others if (found := provider(source.provider)) is not None]
        return tuple(
            [
                Other(source.id, source.name, found, await self._connections.held(source.id))
                for source, found in known[:MOST_OTHERS]
            ]
        )


type SecretsOf = Callable[[str], Awaitable[Secrets]]

type Certify = Callable[[Source, Secrets, str], Awaitable[Secrets]]
"""These secrets of a source with the certificate at an address of its provider's. Raises Outage if it cannot be had."""


class Recheck:
    """Judges what was rejected with the secrets of now, as of the moment it arrived.

    Practice messages stay out, because their nonce was for one use, and so do those of sources that are gone.
    """

    def __init__(
        self, ledger: Ledger, sources: Mapping[str, Source], secrets_of: SecretsOf, certify: Certify | None = None
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
        for row in await self._read_quarantine():
            if not self._can_judge(row):
                continue
            judged += 1
            booked += await self.book(row.id)
        return judged, booked

    async def fits(self, delivery_id: int) -> bool:
        """Whether this message now fits; nothing is booked. Raises Outage."""
        whole = await self._ledger.inbox.get(delivery_id)
        return whole is not None and await self._judge_again(whole) is not None

    async def book(self, delivery_id: int) -> bool:
        """Book this message if it now fits; whether it brought anything new. Raises Outage."""
        whole = await self._ledger.inbox.get(delivery_id)
        fitting = await self._judge_again(whole) if whole is not None else None
        if whole is None or fitting is None:
            return False
        recorded = await self._ledger.record(*fitting)
        if recorded.delivery_id is not None:
            await self._ledger.inbox.take_place(recorded.delivery_id, whole.id)
        return recorded.outcome is Outcome.ACCEPTED

    def _can_judge(self, row: DeliveryRow) -> bool:
        refused = row.outcome is Outcome.REJECTED and row.reason not in ANSWERED
        return refused and not row.practice and row.source_id in self._sources

    async def _judge_again(self, row: DeliveryRow) -> tuple[Delivery, Accepted] | None:
        known, request = provider(row.provider), row.request
        if known is None or request is None or not self._can_judge(row):
            return None
        source, secrets = self._sources[row.source_id], await self._read_secrets(row.source_id)
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

    async def _read_secrets(self, source_id: str) -> Secrets:
        """Read once, however many messages are judged."""
        if source_id not in self._held:
            self._held[source_id] = await self._secrets_of(source_id)
        return self._held[source_id]

    async def _read_quarantine(self) -> list[DeliveryRow]:
        kept: list[DeliveryRow] = []
        after: int | None = None
        while rows := await self._ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED), after):
            kept += rows
            after = rows[-1].place
        return kept[::-1]
