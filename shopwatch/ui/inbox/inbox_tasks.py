"""What the owner asks of the Inbox and has to wait for."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.runtime.tasks import Run
from shopwatch.shop.outgoing.exports import Exports
from shopwatch.shop.receiving.health import Health
from shopwatch.shop.sources.quarantine_review import QuarantineReview


class InboxTasks(QObject):
    """Runs them beside the screen, and tells how they ended.

    Signals: `failed(UserError)`; `noticed(str)`, a sentence for the status bar; `fitted(int)`, a rejected message that
    now fits; `changed()`, what the list and the reader show is no longer true; `busy(bool)`, while one is under way.
    """

    failed = Signal(object)
    noticed = Signal(str)
    fitted = Signal(int)
    changed = Signal()
    busy = Signal(bool)

    def __init__(
        self, review: QuarantineReview, health: Health, exports: Exports, run: Run, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._review = review
        self._health = health
        self._exports = exports
        self._run = run

    def check(self, delivery_id: int) -> None:
        """Check the message again with the secrets of now."""
        self._run(self._at_work(self._check(delivery_id)), "checking a message again")

    def count(self, delivery_id: int) -> None:
        """Book the message, at its true time."""
        self._run(self._at_work(self._count(delivery_id)), "counting a message")

    def mend(self, delivery_id: int) -> None:
        """Store the secret by which the message fits, then check it again."""
        self._run(self._at_work(self._mend(delivery_id)), "mending a secret")

    def unlock(self) -> None:
        self._run(self._at_work(self._unlock()), "unlocking the password store")

    def save(self, delivery_id: int, file: Path) -> None:
        self._run(self._at_work(self._save(delivery_id, file)), "saving a message")

    async def _at_work(self, work: Coroutine[Any, Any, None]) -> None:
        self.busy.emit(True)
        try:
            await work
        except UserError as problem:
            self.failed.emit(problem)
        finally:
            self.busy.emit(False)

    async def _check(self, delivery_id: int) -> None:
        if await self._review.fits_now(delivery_id):
            self.fitted.emit(delivery_id)
        else:
            self.noticed.emit(say("Checked again. It still does not fit."))
            self.changed.emit()

    async def _count(self, delivery_id: int) -> None:
        new = await self._review.count_now(delivery_id)
        self.noticed.emit(say("It is counted, at its own time.") if new else say("It had been counted before."))
        self.changed.emit()

    async def _mend(self, delivery_id: int) -> None:
        await self._review.mend(delivery_id)
        self.noticed.emit(say("It is mended."))
        await self._check(delivery_id)

    async def _unlock(self) -> None:
        problem = await self._health.check_vault()
        if problem is not None:
            raise problem
        self.changed.emit()

    async def _save(self, delivery_id: int, file: Path) -> None:
        await self._exports.message(delivery_id, file)
        self.noticed.emit(say("The message is saved in {file}.", file=file.name))
