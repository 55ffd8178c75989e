"""Jobs, page by page, the newest first."""

from collections.abc import Mapping
from datetime import date
from enum import IntEnum

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from shopwatch.domain.clock import now
from shopwatch.domain.job import Job, JobKey, JobState
from shopwatch.domain.tasks import Run, spawn
from shopwatch.domain.words import say
from shopwatch.shop.shop import Shop
from shopwatch.ui.indexes import NO_INDEX, AnyIndex
from shopwatch.ui.outbox.filters import STATES, UNSEEN, Filter
from shopwatch.ui.outbox.wording import JobText, job_text
from shopwatch.ui.paged import PAGE, PagedModel
from shopwatch.ui.times import local
from shopwatch.ui.widgets.row_delegate import Column

MOST_ROWS = 2_000
"""More are never held at once: all of them are looked at again when a job goes a step further."""
_COALESCED = 250
_EVERY_SECOND = 1_000


class JobColumn(IntEnum):
    TIME = 0
    WHAT = 1
    TO = 2
    ORDER = 3
    STATE = 4


def columns() -> tuple[Column, ...]:
    """What stands over each `JobColumn`, and its width."""
    return (
        Column(say("Time"), 96),
        Column(say("What"), 172),
        Column(say("To")),
        Column(say("Order"), 104, least=720),
        Column(say("State"), 216),
    )


class OutboxModel(PagedModel):
    """The jobs that a filter lets through, loaded as they are scrolled to.

    Each row has a number of its own, for as long as it is held. Signals: `loaded()` when a first page is in;
    `failed(UserError)`; `refreshed()` once the rows are as they are in the ledger now; `counted(int, int)`, how many
    wait and how many want a look.
    """

    refreshed = Signal()
    counted = Signal(int, int)

    def __init__(
        self,
        shop: Shop,
        run: Run = spawn,
        parent: QObject | None = None,
    ) -> None:
        super().__init__([column.title for column in columns()], MOST_ROWS, parent)
        self._shop = shop
        self._run = run
        self._filter = Filter.ALL
        self._rows: list[Job] = []
        self._numbers: dict[JobKey, int] = {}
        self._texts: dict[JobKey, tuple[Job, JobText]] = {}
        self._more = False
        self._refreshing = False
        self._refresh_again = False
        self._watched = False
        self.is_asked = False
        self._coalesce = QTimer(self, singleShot=True, interval=_COALESCED)
        self._coalesce.timeout.connect(self.refresh)
        self._seconds = QTimer(self, interval=_EVERY_SECOND)
        self._seconds.timeout.connect(self.on_second)

    @property
    def filter(self) -> Filter:
        return self._filter

    @property
    def today(self) -> date:
        return local(now()).date()

    def ask(self, chosen: Filter) -> None:
        """Show what this filter lets through, from the top."""
        self._generation += 1
        self._filter = chosen
        self.is_asked = True
        self._fetching = True
        self._run(self._fetch_first(self._generation), "first page of the outbox")

    @Slot()
    def refresh(self) -> None:
        """Take in what has changed since."""
        if self._fetching:
            self.refresh_soon()
        elif self._refreshing:
            self._refresh_again = True
        elif self.is_asked:
            self._refreshing = True
            self._run(self._fetch_again(self._generation), "outbox as it is now")

    def refresh_soon(self) -> None:
        """Take in what has changed, once what comes on its heels is there too."""
        if self._watched and not self._coalesce.isActive():
            self._coalesce.start()

    def watch(self, watched: bool) -> None:
        """Whether anybody looks at the rows; otherwise nothing is taken in by itself, and no seconds counted down."""
        self._watched = watched
        for timer in (self._seconds, self._coalesce):
            timer.stop()
        if watched:
            self._seconds.start()

    def tell_names(self) -> None:
        """Targets are called otherwise now."""
        self._texts.clear()
        self._repaint(0, len(self._rows) - 1)

    @Slot()
    def on_second(self) -> None:
        for at, job in enumerate(self._rows):
            known = self._texts.get(job.key)
            if known is not None and known[1].counting:
                del self._texts[job.key]
                self._repaint(at, at)

    def job(self, at: int) -> Job:
        return self._rows[at]

    def number_at(self, at: int) -> int | None:
        return self._numbers[self._rows[at].key] if 0 <= at < len(self._rows) else None

    def position(self, number: int) -> int | None:
        """Where the row of this number stands."""
        return next((at for at, job in enumerate(self._rows) if self._numbers[job.key] == number), None)

    def text_at(self, at: int) -> JobText:
        job = self._rows[at]
        known = self._texts.get(job.key)
        if known is None or known[0] != job:
            if len(self._texts) >= MOST_ROWS:
                self._texts.clear()
            text = job_text(job, self._shop.settings.current.targets, self._shop.locale, self.today, now())
            known = self._texts[job.key] = (job, text)
        return known[1]

    async def _fetch_first(self, generation: int) -> None:
        found = await self._page(None, PAGE, generation)
        if found is None:
            return
        self._fetching = False
        self.beginResetModel()
        self._numbers.clear()
        self._texts.clear()
        self._take(found)
        self._rows = list(found)
        self._more = len(found) == PAGE
        self.endResetModel()
        self.loaded.emit()

    async def _fetch_next(self, after: JobKey, generation: int) -> None:
        found = await self._page(after, PAGE, generation)
        if found is None:
            return
        self._fetching = False
        self._more = len(found) == PAGE
        if found:
            self._take(found)
            self.beginInsertRows(NO_INDEX, len(self._rows), len(self._rows) + len(found) - 1)
            self._rows.extend(found)
            self.endInsertRows()

    async def _fetch_again(self, generation: int) -> None:
        wanted = min(max(len(self._rows), PAGE), MOST_ROWS)
        try:
            found = await self._page(None, wanted, generation, aside=True)
        finally:
            self._refreshing = False
        if found is None:
            return
        self._more = len(found) == wanted
        self._merge(found)
        self.refreshed.emit()
        if self._refresh_again:
            self._refresh_again = False
            self.refresh_soon()

    def _merge(self, found: tuple[Job, ...]) -> None:
        """Let the rows be these: both are in the order of their keys."""
        self._take(found)
        keys = {job.key for job in found}
        for at in range(len(self._rows) - 1, -1, -1):
            if self._rows[at].key not in keys:
                self.beginRemoveRows(NO_INDEX, at, at)
                del self._numbers[self._rows[at].key]
                del self._rows[at]
                self.endRemoveRows()
        at = 0
        while at < len(found):
            if at < len(self._rows) and self._rows[at].key == found[at].key:
                if self._rows[at] != found[at]:
                    self._rows[at] = found[at]
                    self._repaint(at, at)
                at += 1
                continue
            until = at
            here = self._rows[at].key if at < len(self._rows) else None
            while until < len(found) and found[until].key != here:
                until += 1
            self.beginInsertRows(NO_INDEX, at, until - 1)
            self._rows[at:at] = found[at:until]
            self.endInsertRows()
            at = until

    def _take(self, found: tuple[Job, ...]) -> None:
        begin = max(self._numbers.values(), default=0) + 1
        for number, job in enumerate(found, begin):
            self._numbers.setdefault(job.key, number)

    async def _page(
        self, after: JobKey | None, limit: int, generation: int, *, aside: bool = False
    ) -> tuple[Job, ...] | None:
        page = await self._wanted(self._read(after, limit), generation, aside=aside)
        if page is None:
            return None
        found, counts = page
        self.counted.emit(
            *(sum(counts.get(state, 0) for state in STATES[each]) for each in (Filter.WAITING, Filter.LOOK))
        )
        return found

    async def _read(self, after: JobKey | None, limit: int) -> tuple[tuple[Job, ...], Mapping[JobState, int]]:
        found = await self._shop.ledger.outbox.jobs(STATES[self._filter], after, limit, without=UNSEEN)
        return found, await self._shop.ledger.outbox.counts(without=UNSEEN)

    @property
    def _goes_on(self) -> bool:
        return self._more

    def _fetch_more(self) -> None:
        self._run(self._fetch_next(self._rows[-1].key, self._generation), "next page of the outbox")

    def _repaint(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, JobColumn.STATE))

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text_at(index.row()).cells()[index.column()]
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.text_at(index.row()).spoken
        return None
