"""When to look for what came in of a time in which nothing was heard, and what is found."""

from dataclasses import dataclass, replace

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.connection.gap import Gap
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SaleRow, SalesChanged
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import MINUTE, SECOND
from shopwatch.domain.rules.job import Job, JobState
from shopwatch.domain.rules.rule import EMAIL
from shopwatch.domain.sales.money import Money
from shopwatch.domain.source import Source
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.ledger.sales.query import Cursor, SalesQuery
from shopwatch.presenting.sales.away import Away
from shopwatch.presenting.status.lamps import sender_name
from shopwatch.providers import provider
from shopwatch.providers.provider import Provider
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.shop.sources.source_registry import SourceRegistry

FIRST = 5
"""So many sales are told one by one."""

_BEFORE_ASKING = 5_000
"""After a gap, asking begins within so many ms, or there is nobody to be asked."""
_PAUSE = 500
_PAUSE_FOR_JOBS = 3_000
"""Many e-mails may go out one after the other, and each look reads all sales of the gap."""
_WAKING = 10 * SECOND
"""What came in up to so long before the end of a gap was noticed came in after it."""
_TOGETHER = 5 * MINUTE
"""A gap that begins so soon after another goes on with it, such as a sleep that ends without internet."""
_SHORT = 2 * MINUTE
"""Senders that send again at all do so after such a gap."""
_PAGE = 500
_MOST_HELD = 200


@dataclass(frozen=True, slots=True)
class Pause:
    """A look is due in so many ms: counted from now if `anew`, else only where none is awaited yet."""

    ms: int
    anew: bool = False


class TimeAway:
    """Is told what happens, and answers with the pause before the next look; None where none is due because of it.

    `told` is what there is to tell, None if nothing.
    """

    def __init__(self, sales: SalesBook, outbox: OutboxBook, sources: SourceRegistry, receiver: Receiver) -> None:
        self._sales = sales
        self._outbox = outbox
        self._sources = sources
        self._receiver = receiver
        self._gap: Gap | None = None
        self._looks: dict[str, CaughtUp] = {}
        self._looking = False
        self._stale = False
        self.told: Away | None = None

    def forget(self) -> None:
        """The owner has seen it."""
        self._gap = self.told = None

    def gap_ended(self, gap: Gap) -> Pause:
        self._gap = _joined(self._gap, gap)
        self._looks.clear()
        return Pause(_BEFORE_ASKING, anew=True)

    def caught_up(self, result: CaughtUp) -> Pause | None:
        """A source is being asked, or has been."""
        if self._gap is None:
            return None
        before = self._looks.get(result.source_id)
        self._looks[result.source_id] = result
        if not result.ended_at:
            return None
        # Those that are asked again and again tell nothing new mostly.
        if before is None or not before.ended_at or before.problem != result.problem or result.brought_in:
            return Pause(_PAUSE, anew=True)
        return None

    def sales_changed(self, fact: SalesChanged) -> Pause | None:
        gap = self._gap
        return Pause(_PAUSE) if gap is not None and any(_is_in(gap, change.row) for change in fact.changes) else None

    def jobs_changed(self) -> Pause | None:
        return Pause(_PAUSE_FOR_JOBS) if self.told is not None and self.told.letters else None

    def begins(self) -> bool:
        """Whether to `look` now: not while somebody is still being asked, nor while the last look goes on."""
        if self._gap is None or any(not each.ended_at for each in self._looks.values()):
            return False
        if self._looking:
            self._stale = True
            return False
        self._looking, self._stale = True, False
        return True

    async def look(self) -> bool:
        """Ask the ledger; whether `told` is from this look. If the ledger is away, the banner tells it."""
        gap = self._gap
        try:
            if gap is None:
                return False
            away = await self._found(gap)
        except UserError:
            return False
        finally:
            self._looking = False
        if gap != self._gap:
            return False
        self.told = away if away.matters or away.trying else None
        return True

    def looks_again(self) -> Pause | None:
        """After a look: whether another was wanted meanwhile."""
        return Pause(_PAUSE) if self._stale else None

    async def _found(self, gap: Gap) -> Away:
        waiting = {
            job.sale_id: job
            for job in await self._outbox.jobs((JobState.HELD,), None, _MOST_HELD)
            if job.action == EMAIL and job.sale_id is not None
        }
        query = SalesQuery(since=gap.began_at, until=gap.ended_at, practice=False, descending=False)
        first: list[SaleRow] = []
        held: list[tuple[Job, SaleRow]] = []
        totals: dict[str, int] = {}
        count = 0
        after: Cursor | None = None
        while True:
            page = await self._sales.page(query, after, _PAGE)
            for row in page.rows:
                if not _is_in(gap, row):
                    continue
                count += 1
                if len(first) < FIRST:
                    first.append(row)
                if row.id in waiting:
                    held.append((waiting[row.id], row))
                if (kept := row.sale.kept) is not None:
                    totals[kept.currency] = totals.get(kept.currency, 0) + kept.minor
            if (after := page.next) is None:
                break
        letters = {row.id: job for row in first if (job := await self._letter_of(row.id)) is not None}
        away = Away(
            gap=gap,
            count=count,
            rows=tuple(first),
            totals=tuple(Money(minor, currency) for currency, minor in totals.items()),
            letters=letters,
            held=tuple(held),
        )
        return self._told_by(away)

    async def _letter_of(self, sale_id: int) -> Job | None:
        jobs = await self._outbox.jobs_of_sale(sale_id)
        return next((job for job in jobs if job.action == EMAIL), None)

    def _told_by(self, away: Away) -> Away:
        asked, problems, unasked, trying = [], [], [], []
        for source in self._sources.all:
            look, known = self._looks.get(source.id), provider(source.provider)
            if look is not None and look.problem is not None:
                problems.append(look.problem)
            elif look is not None:
                asked.append(sender_name(source))
            elif self._may_lack(source, away.gap):
                if known is not None and known.retries_for is None:
                    trying.append((sender_name(source), _becomes(known)))
                else:
                    unasked.append((sender_name(source), _becomes(known)))
        return replace(
            away,
            asked=tuple(dict.fromkeys(asked)),
            problems=tuple(dict.fromkeys(problems)),
            unasked=tuple(dict.fromkeys(unasked)),
            trying=tuple(dict.fromkeys(trying)),
        )

    def _may_lack(self, source: Source, gap: Gap) -> bool:
        """Whether nobody can say that all messages of this source will still come."""
        if self._receiver.tunnel.kind is TunnelKind.NONE or source.created_at > gap.began_at:
            return False  # none was sent here
        known = provider(source.provider)
        return _length(gap) > _SHORT and (known is None or (known.retries_for or 0) < _length(gap))


def _joined(before: Gap | None, gap: Gap) -> Gap:
    if before is None or before.ended_at is None or not -_TOGETHER <= gap.began_at - before.ended_at <= _TOGETHER:
        return gap
    longer = before if _length(before) >= _length(gap) else gap
    return replace(longer, began_at=min(before.began_at, gap.began_at), ended_at=gap.ended_at)


def _becomes(known: Provider | None) -> str:
    """What becomes of messages that this provider could not deliver, and how it could be asked for them."""
    from shopwatch.providers.apis import api_of  # noqa: PLC0415 - slow to load, and needed only after a gap

    if known is None:
        return ""
    api = api_of(known.id)
    can = say("With an API key, ShopWatch can ask; see Connections.") if api is not None and api.missed else ""
    return " ".join(part for part in (say(known.setup.away) if known.setup.away else "", can) if part)


def _length(gap: Gap) -> int:
    return (gap.ended_at or gap.began_at) - gap.began_at


def _is_in(gap: Gap, row: SaleRow) -> bool:
    """Paid while nothing was heard, and come in since."""
    ended_at = gap.ended_at or gap.began_at
    return (
        gap.began_at <= row.sale.paid_at < ended_at
        and row.received_at >= ended_at - _WAKING
        and not row.sale.practice
        and row.sale.live
    )
