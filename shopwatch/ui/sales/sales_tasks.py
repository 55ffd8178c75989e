"""What the owner asks of the Sales screen and has to wait for."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.rules.job import Job, JobState
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.runtime.tasks import Run
from shopwatch.shop.outgoing.exports import Exports
from shopwatch.shop.sources.practice import Practice
from shopwatch.shop.sources.source_registry import SourceRegistry


def form_of(file: Path) -> str:
    """How this file is to be written, by the end of its name."""
    form = file.suffix.lower().removeprefix(".")
    return form if form in ("xlsx", "json") else "csv"


class SalesTasks(QObject):
    """Runs them beside the screen, and tells how they ended.

    Signals: `failed(UserError)`; `noticed(str)`, a sentence for the status bar; `practising(bool)`, while a practice
    sale is under way.
    """

    failed = Signal(object)
    noticed = Signal(str)
    practising = Signal(bool)

    def __init__(
        self,
        sales: SalesBook,
        outbox: OutboxBook,
        sources: SourceRegistry,
        practice: Practice,
        exports: Exports,
        *,
        run: Run,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._sales = sales
        self._outbox = outbox
        self._sources = sources
        self._practice = practice
        self._exports = exports
        self._run = run
        self._seen_up_to = 0

    def practise(self) -> None:
        """Ring a practice sale through the first source."""
        if self._sources.all:
            self._run(self._practise(self._sources.all[0].id), "practice sale")

    def save(self, query: SalesQuery, file: Path) -> None:
        self._run(self._save(query, file), "saving sales")

    @Slot(object)
    def send_again(self, job: Job) -> None:
        """Let what went out, or may have, go out once more."""
        self._run(self._send_again(job), "sending an e-mail again")

    def mark_seen(self, up_to: int) -> None:
        """Sales up to this id are new no longer, also at the next start."""
        if up_to > self._seen_up_to:
            self._seen_up_to = up_to
            self._run(self._mark_seen(up_to), "marking sales as seen")

    async def _practise(self, source_id: str) -> None:
        self.practising.emit(True)
        try:
            await self._practice.send(source_id)
        except UserError as problem:
            self.failed.emit(problem)
        finally:
            self.practising.emit(False)

    async def _save(self, query: SalesQuery, file: Path) -> None:
        try:
            count = await self._exports.sales(query, file, form_of(file), self._tell_saved)
        except UserError as problem:
            self.failed.emit(problem)
        else:
            self.noticed.emit(say_n("{n} sale saved in {file}.", "{n} sales saved in {file}.", count, file=file.name))

    async def _send_again(self, job: Job) -> None:
        try:
            await self._outbox.decide(job.key, JobState.WAITING, once_more=job.state is JobState.DONE)
        except UserError as problem:
            self.failed.emit(problem)
        else:
            self.noticed.emit(say("It goes out now."))

    def _tell_saved(self, count: int) -> None:
        self.noticed.emit(say_n("{n} sale is saved so far…", "{n} sales are saved so far…", count))

    async def _mark_seen(self, up_to: int) -> None:
        try:
            await self._sales.mark_seen(up_to)
        except UserError:
            # They are only new once more at the next start.
            return
