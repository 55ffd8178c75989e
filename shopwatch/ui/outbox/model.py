"""The list of jobs, the newest first."""

from collections.abc import Mapping
from datetime import date
from enum import IntEnum

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.job import Job, JobKey, JobState
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.presenting.outbox.filters import STATES, UNSEEN, Filter
from shopwatch.presenting.outbox.job_text import JobText, job_text
from shopwatch.runtime.clock import now
from shopwatch.settings.store import SettingsStore
from shopwatch.ui.lists.column import Column
from shopwatch.ui.lists.keyset_model import KeysetModel, KeysetPage

type OutboxModel = KeysetModel[Job, JobText, Filter]


class JobColumn(IntEnum):
    TIME = 0
    WHAT = 1
    TO = 2
    ORDER = 3
    STATE = 4


class OutboxSource:
    """Jobs that a filter lets through; `counts` are those of all, as of the last page. Any of them may go a step
    further, so all that are held are looked at again."""

    what = "jobs"
    most = 2_000
    pause = 250
    whole = True

    def __init__(self, outbox: OutboxBook, settings: SettingsStore, locale: str) -> None:
        self._outbox = outbox
        self._settings = settings
        self._locale = locale
        self.counts: Mapping[JobState, int] = {}
        self.columns = (
            Column(say("Time"), 96, figures=True),
            Column(say("What"), 172, ink="text"),
            Column(say("To"), middle=True),
            Column(say("Order"), 104, least=720, figures=True, middle=True, ink="text"),
            Column(say("State"), 216, pill=True),
        )

    async def page(self, query: Filter, after: JobKey | None, limit: int) -> KeysetPage[Job]:
        rows = await self._outbox.jobs(STATES[query], after, limit, without=UNSEEN)
        self.counts = await self._outbox.counts(without=UNSEEN)
        return KeysetPage(rows, rows[-1].key if len(rows) == limit else None)

    def id_of(self, row: Job) -> JobKey:
        return row.key

    def text_of(self, row: Job, today: date) -> JobText:
        return job_text(row, self._settings.current.targets, self._locale, today, now())
