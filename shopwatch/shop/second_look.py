"""Looking again at messages that were not believed: why, and whether they fit by now."""

from typing import TYPE_CHECKING

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.source import Secrets, Source
from shopwatch.domain.words import say
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.query import InboxQuery
from shopwatch.providers.account import beside
from shopwatch.providers.diagnosis import Remedy
from shopwatch.settings.secrets import SecretStore
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.receiver import Receiver
from shopwatch.shop.recheck import Recheck
from shopwatch.shop.source_registry import SourceRegistry

if TYPE_CHECKING:
    from shopwatch.providers.diagnosis import Diagnosis
    from shopwatch.recovery.certificates import Certificates
    from shopwatch.shop.consultation import Consultation


class SecondLook:
    """A part of the facade; `Shop` is the whole."""

    ledger: Ledger
    receiver: Receiver
    settings: SettingsStore
    sources: SourceRegistry
    _secrets: SecretStore

    async def secrets_of(self, source_id: str) -> Secrets:
        raise NotImplementedError

    async def set_options(self, source_id: str, options: dict[str, str]) -> None:
        raise NotImplementedError

    async def _secrets_changed(self, source_id: str) -> None:
        raise NotImplementedError

    def _certificates(self) -> "Certificates":
        raise NotImplementedError

    async def recheck(self) -> tuple[int, int]:
        """Judge the rejected messages again with the secrets of now; how many were checked, and how many now fit."""
        return await self._recheck().all()

    async def fits_now(self, delivery_id: int) -> bool:
        """Whether a rejected message fits the secrets of now; nothing is booked. Raises Outage."""
        return await self._recheck().fits(delivery_id)

    async def count_now(self, delivery_id: int) -> bool:
        """Book a rejected message that now fits, at its true time; whether it brought anything new. Raises Outage."""
        return await self._recheck().book(delivery_id)

    async def diagnose(self, delivery_id: int) -> "Diagnosis | None":
        """Why a rejected message is not believed; None if it is no longer kept. Raises Outage."""
        return await self._consultation().diagnose(delivery_id)

    async def diagnose_newest(self, source_id: str) -> "Diagnosis | None":
        """The same of the last rejected message of this source. Raises Outage."""
        query = InboxQuery(outcome=Outcome.REJECTED, sources=frozenset({source_id}))
        newest = await self.ledger.inbox.page(query, None, 1)
        return await self.diagnose(newest[0].id) if newest else None

    async def mend(self, delivery_id: int) -> None:
        """Store the secrets with which a rejected message would fit, or let its account count. Raises UserError."""
        found = await self.diagnose(delivery_id)
        if found is not None and found.remedy is Remedy.COUNT_ACCOUNT:
            await self._count_account(delivery_id, found.subject)
            return
        mended = await self._consultation().mended(delivery_id)
        if mended is None:
            raise UserError(
                say("No secret that ShopWatch knows fits this message."),
                say("Paste a new one, then check again."),
                code="nothing-fits",
            )
        source_id, secrets = mended
        await self._secrets.write(source_id, secrets)
        await self._secrets_changed(source_id)

    async def _count_account(self, delivery_id: int, account: str) -> None:
        row = await self.ledger.inbox.get(delivery_id)
        source = next((each for each in self.sources.all if row is not None and each.id == row.source_id), None)
        if source is not None:
            await self.set_options(source.id, beside(source.options, account))

    def _recheck(self) -> Recheck:
        sources = {each.id: each for each in self.sources.all}
        return Recheck(self.ledger, sources, self.secrets_of, self._certificates().certify)

    def _consultation(self) -> "Consultation":
        from shopwatch.shop.consultation import Consultation

        return Consultation(self.ledger, {each.id: each for each in self.sources.all}, self.secrets_of, self._addresses)

    def _addresses(self, source: Source) -> tuple[str, ...]:
        """Every address that this source has or had, as far as it is known."""
        bases = (
            self.receiver.tunnel.public_url,
            self.receiver.tunnel.previous_url,
            self.settings.current.known_url,
            self.settings.current.own_url,
        )
        return tuple(base.rstrip("/") + source.path for base in dict.fromkeys(bases) if base)
