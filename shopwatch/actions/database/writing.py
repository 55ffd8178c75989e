"""The jobs that write sales into the owner's database."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.report import report, reported
from shopwatch.domain.rules.job import Done, Job, Later, Refused, Result
from shopwatch.domain.rules.target import Target
from shopwatch.domain.sales.sale import Part, RefundClaim
from shopwatch.ledger.ledger import Ledger


class Writing:
    """Writes the sale of each job, as it is now, so that repeats and another order of the jobs change nothing.

    The library blocks, so it has a thread of its own. Close it.
    """

    def __init__(
        self,
        ledger: Ledger,
        find: Callable[[str], Target | None],
        password_of: Callable[[str], Awaitable[str | None]],
        ledger_file: Path | None = None,
    ) -> None:
        self._ledger = ledger
        self._find = find
        self._password_of = password_of
        self._ledger_file = ledger_file
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="owner-database")

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def do(self, job: Job) -> Result:
        # Imported here: most shops have no database of their own, and the library is loaded by none but this.
        from shopwatch.actions.database.store import Store, WrittenRow, refund_of  # noqa: PLC0415 - most shops have none

        target = self._find(job.target)
        if target is None:
            return Refused(report("target-removed", phrase("The place it goes to was removed.")))
        found = await self._ledger.sales.get(job.sale_id) if job.sale_id is not None else None
        if found is None:
            return Refused(report("no-sale", phrase("There is no sale to write.")), target.name)
        given = [refund_of(claim, at) for claim, at in _refund_rows(moment.part for moment in found.moments)]
        written = WrittenRow(found.row.source_id, found.row.sale, given)
        password = await self._password_of(target.id) or ""
        try:
            store = Store(target.options.get("url", ""), password, self._ledger_file)
            await asyncio.get_running_loop().run_in_executor(self._thread, store.write, written)
        except Outage as away:
            return Later(reported(away), to=target.name)
        except UserError as problem:
            return Refused(reported(problem), target.name)
        return Done(target.name)


def _refund_rows(parts: Iterable[Part]) -> list[tuple[RefundClaim, Instant]]:
    """What tells of the refunds that reached the customer, each of them once."""
    told = [(part.claim, part.occurred_at) for part in parts if isinstance(part.claim, RefundClaim)]
    left_out = {claim.refund_id for claim, _ in told if claim.failed}
    if any(claim.amount is not None and claim.refund_id != claim.order_id for claim, _ in told):
        # A sum under the order's own id is the sum of those that are told one by one.
        left_out |= {claim.order_id for claim, _ in told}
    return [(claim, at) for claim, at in told if claim.refund_id not in left_out]


async def check(target: Target, password: str, ledger_file: Path | None = None) -> None:
    """Whether sales can be written there; the tables are made if the owner asked for it. Raises UserError."""
    from shopwatch.actions.database.store import Store  # noqa: PLC0415 - see above

    store = Store(target.options.get("url", ""), password, ledger_file)
    await asyncio.to_thread(store.check, create=target.options.get("create") == "yes")
