"""The rules of the shop, and trying once more what they caused."""

from dataclasses import dataclass

from shopwatch.actions import registry
from shopwatch.domain.rules.job import Job, JobState
from shopwatch.domain.rules.rule import Rule
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.outgoing import targets


@dataclass(frozen=True, slots=True)
class Replay:
    """`again` are the jobs that are tried once more; `sent` those that a customer or a chat has had already, or may
    have had, each at its `changed_at`: only the owner can want them once more.
    """

    again: tuple[Job, ...]
    sent: tuple[Job, ...]


class Rules:
    """Looks at what is to be kept, before it is. Reading is for the outbox of the ledger itself."""

    def __init__(self, outbox: OutboxBook, settings: SettingsStore) -> None:
        self._outbox = outbox
        self._settings = settings

    async def put(self, rule: Rule) -> Rule:
        """Keep a new rule, or one in place of that of its id. Raises UserError if one of its steps cannot be done."""
        targets.check_rule(rule, self._settings.latest())
        return await self._outbox.put_rule(rule)

    async def replay(self, sale_id: int) -> Replay:
        """Try once more what failed of this sale's jobs, and only that."""
        found = await self._outbox.jobs_of_sale(sale_id)
        again = tuple(job for job in found if job.state is JobState.FAILED)
        for job in again:
            await self._outbox.decide(job.key, JobState.WAITING)
        had = (JobState.DONE, JobState.UNCERTAIN)
        return Replay(again, tuple(job for job in found if job.action in registry.noticed() and job.state in had))
