"""Fills the reader with the chosen delivery, and keeps it true."""

import asyncio

from PySide6.QtCore import QObject, QTimer, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.i18n import say
from shopwatch.domain.source import NO_OPTIONS
from shopwatch.ledger.inbox.book import InboxBook
from shopwatch.ledger.inbox.query import DeliveryRow, Result
from shopwatch.presenting.inbox.readable import Readable, readable
from shopwatch.presenting.sales.sale_text import provider_name, told_apart
from shopwatch.providers.doctor.diagnosis import Cause, Diagnosis, SignatureRemedy
from shopwatch.runtime.tasks import QUICK_BYTES, Run
from shopwatch.shop.sources.quarantine_review import QuarantineReview
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.ui.inbox.model import InboxModel
from shopwatch.ui.inbox.reader import Reader

_PAUSE = 40


class Details(QObject):
    """Asks for one delivery at a time; answers for one no longer chosen are dropped."""

    def __init__(
        self,
        inbox: InboxBook,
        review: QuarantineReview,
        sources: SourceRegistry,
        *,
        model: InboxModel,
        reader: Reader,
        run: Run,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._inbox = inbox
        self._review = review
        self._sources = sources
        self._model = model
        self._reader = reader
        self._run = run
        self.row: DeliveryRow | None = None
        self.shown: DeliveryRow | None = None
        """The delivery that the reader shows in full by now."""
        # Holding an arrow key down passes by many messages that nobody wants to see.
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.look)

    @Slot(object)
    def on_chosen(self, delivery_id: int | None) -> None:
        self.want(self._model.row_of(delivery_id) if delivery_id is not None else None)

    def want(self, row: DeliveryRow | None) -> None:
        """Show this delivery next, whether the list has it or not."""
        if row == self.row:
            return
        self.row = row
        self.shown = None
        if row is None:
            self._pause.stop()
            self._reader.show_nothing()
        else:
            self._pause.start()

    @Slot()
    def look(self) -> None:
        """Show the chosen delivery as it is now."""
        if self.row is not None:
            known = {source.id: source.options for source in self._sources.all}
            options = known.get(self.row.source_id, NO_OPTIONS)
            self._reader.show_row(self.row, told_apart(self._sources.all), self._model.today, options)
            self._run(self._fetch(self.row), "a message in full")

    async def _fetch(self, row: DeliveryRow) -> None:
        try:
            whole = await self._inbox.get(row.id)
        except UserError:
            whole = None
        text = await _made_readable(whole) if whole is not None else None
        if self._is_wanted(row):
            self._reader.show_message(whole or row, text)
            diagnosis = await self._diagnosis(row)
            if self._is_wanted(row):
                self._reader.show_diagnosis(diagnosis, self._name_of(diagnosis))
                self.shown = row

    async def _diagnosis(self, row: DeliveryRow) -> Diagnosis | None:
        if row.outcome is not Outcome.REJECTED:
            consequence = say("It really came from {sender}. It is kept, but not counted.", sender=self._sender(row))
            why = say(row.unreadable)
            return Diagnosis(Cause.NOT_UNDERSTOOD, why, consequence, remedy=SignatureRemedy.NONE) if why else None
        if row.result is Result.ACCEPTED:
            return None
        try:
            return await self._review.diagnose(row.id)
        except UserError as problem:
            if problem.code.startswith("vault-"):
                return Diagnosis(
                    Cause.STORE_LOCKED,
                    say("Cannot check while the password store is locked."),
                    say("The message is kept until you open it."),
                    remedy=SignatureRemedy.UNLOCK,
                    certain=True,
                )
            return Diagnosis(Cause.UNKNOWN, problem.title, problem.hint)

    def _is_wanted(self, row: DeliveryRow) -> bool:
        return self.row is not None and self.row.id == row.id

    def _sender(self, row: DeliveryRow) -> str:
        return provider_name(row.provider)

    def _name_of(self, diagnosis: Diagnosis | None) -> str:
        subject = diagnosis.subject if diagnosis is not None else ""
        return next((source.name for source in self._sources.all if source.id == subject), "")


async def _made_readable(row: DeliveryRow) -> Readable | None:
    if row.body is None:
        return None
    said = next((value for name, value in row.headers if name.lower() == "content-type"), "")
    if len(row.body) <= QUICK_BYTES:
        return readable(row.body, said)
    return await asyncio.to_thread(readable, row.body, said)
