"""Asking before something that somebody would notice goes out once more."""

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.job import Job
from shopwatch.presenting.outbox.job_text import again_question
from shopwatch.ui.dialogs.question import Question
from shopwatch.ui.look.theme import Theme


class AgainQuestion(Question):
    """Asks whether `job` is to be done again. Open it with `open()`. Signals: `confirmed(Job)`."""

    confirmed = Signal(object)

    def __init__(self, theme: Theme, job: Job, locale: str, today: date, parent: QWidget) -> None:
        title, text = again_question(job, locale, today)
        super().__init__(theme, title, text, safe=say("Do not send"), action=say("Send again"), parent=parent)
        self._job = job
        self.accepted.connect(self.on_accepted)

    @Slot()
    def on_accepted(self) -> None:
        self.confirmed.emit(self._job)
