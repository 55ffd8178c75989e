"""Finds out what came in of a time in which nothing was heard."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from shopwatch.domain.catchup import CaughtUp
from shopwatch.domain.clock import MINUTE, SECOND
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import CatchUpChanged, GapEnded, SaleRow, SalesChanged
from shopwatch.domain.gap import Gap
from shopwatch.domain.job import Job, JobState
from shopwatch.domain.money import Money
from shopwatch.domain.reach import TunnelKind
from shopwatch.domain.rule import EMAIL
from shopwatch.domain.source import Source
from shopwatch.domain.tasks import Run
from shopwatch.domain.words import say
from shopwatch.ledger.query import Cursor, SalesQuery
from shopwatch.presenting.sales.away import Away
from shopwatch.presenting.status.lamps import sender_name
from shopwatch.providers import provider
from shopwatch.providers.provider import Provider
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge

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


class AwayWatch(QObject):
    """Looks once a gap has ended and everybody who can be asked has answered, and again whenever more comes of it.

    Signals: `changed(object)`, the `Away`, or None where there is nothing to tell.
    """

    changed = Signal(object)

    def __init__(
        self,
        shop: Shop,
        bridge: Bridge,
        run: Run,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shop = shop
        self._run = run
        self._gap: Gap | None = None
        self._told: Away | None = None
        self._looks: dict[str, CaughtUp] = {}
        self._asking = False
        self._stale = False
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self.look)
        bridge.gap_ended.connect(self.on_gap_ended)
        bridge.caught_up.connect(self.on_caught_up)
        bridge.sales_changed.connect(self.on_sales_changed)
        bridge.jobs_changed.connect(self.on_jobs_changed)
        bridge.jobs_owed.connect(self.on_jobs_changed)

    def forget(self) -> None:
        """The owner has seen it."""
        self._gap = None
        self._pause.stop()
        self._tell(None)

    @Slot(object)
    def on_gap_ended(self, fact: GapEnded) -> None:
        self._gap = _joined(self._gap, fact.gap)
        self._looks.clear()
        self._pause.start(_BEFORE_ASKING)

    @Slot(object)
    def on_caught_up(self, fact: CatchUpChanged) -> None:
        if self._gap is None:
            return
        result = fact.result
        before = self._looks.get(result.source_id)
        self._looks[result.source_id] = result
        if not result.ended_at:
            return
        # Those that are asked again and again tell nothing new mostly.
        if before is None or not before.ended_at or before.problem != result.problem or result.brought_in:
            self._pause.start(_PAUSE)

    @Slot(object)
    def on_sales_changed(self, fact: SalesChanged) -> None:
        gap = self._gap
        if gap is not None and any(_is_in(gap, change.row) for change in fact.changes):
            self._wait()

    @Slot(object)
    def on_jobs_changed(self, _fact: object) -> None:
        if self._told is not None and self._told.letters:
            self._wait(_PAUSE_FOR_JOBS)

    @Slot()
    def look(self) -> None:
        """Ask the ledger now, unless somebody is still being asked."""
        if any(not each.ended_at for each in self._looks.values()):
            return
        if self._asking:
            self._stale = True
            return
        gap = self._gap
        if gap is not None:
            self._asking = True
            self._stale = False
            self._run(self._look(gap), "what came in after a gap")

    def _wait(self, pause: int = _PAUSE) -> None:
        if not self._pause.isActive():
            self._pause.start(pause)

    def _tell(self, away: Away | None) -> None:
        self._told = away
        self.changed.emit(away)

    async def _look(self, gap: Gap) -> None:
        try:
            away = await self._found(gap)
        except UserError:
            pass  # the banner tells that the ledger is away
        else:
            if gap == self._gap:
                self._tell(away if away.matters or away.trying else None)
        finally:
            self._asking = False
        if self._stale:
            self._wait()

    async def _found(self, gap: Gap) -> Away:
        waiting = {
            job.sale_id: job
            for job in await self._shop.ledger.outbox.jobs((JobState.HELD,), None, _MOST_HELD)
            if job.action == EMAIL and job.sale_id is not None
        }
        query = SalesQuery(since=gap.began_at, until=gap.ended_at, practice=False, descending=False)
        first: list[SaleRow] = []
        held: list[tuple[Job, SaleRow]] = []
        totals: dict[str, int] = {}
        count = 0
        after: Cursor | None = None
        while True:
            page = await self._shop.ledger.sales.page(query, after, _PAGE)
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
        jobs = await self._shop.ledger.outbox.jobs_of_sale(sale_id)
        return next((job for job in jobs if job.action == EMAIL), None)

    def _told_by(self, away: Away) -> Away:
        asked, problems, unasked, trying = [], [], [], []
        for source in self._shop.sources.all:
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
        if self._shop.receiver.tunnel.kind is TunnelKind.NONE or source.created_at > gap.began_at:
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
