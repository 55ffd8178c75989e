"""The lower half of the Rules page: what the rules owe, and how it went."""

from collections.abc import Hashable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.rules.job import Job, JobState
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.presenting.amounts import count_text
from shopwatch.presenting.outbox.filters import Filter, counted
from shopwatch.presenting.outbox.job_text import Choice, JobText, decided_text, explanation
from shopwatch.presenting.times import local
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.settings.store import SettingsStore
from shopwatch.ui.lists.keyset_model import KeysetModel
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.outbox.again import AgainQuestion
from shopwatch.ui.outbox.model import OutboxModel, OutboxSource
from shopwatch.ui.outbox.note import OutboxNote
from shopwatch.ui.outbox.table import OutboxTable
from shopwatch.ui.widgets.frames.ground import Ground, Surface
from shopwatch.ui.widgets.inputs.segmented import Segmented
from shopwatch.ui.widgets.texts.elided import Elided

_EVERY_SECOND = 1_000


class OutboxPanel(QWidget):
    """Signals: `failed(UserError)`; `noticed(str)`, a sentence for the status bar."""

    failed = Signal(object)
    noticed = Signal(str)

    def __init__(
        self, outbox: OutboxBook, settings: SettingsStore, theme: Theme, locale: str, run: Run = spawn
    ) -> None:
        super().__init__()
        self._outbox = outbox
        self._settings = settings
        self._locale = locale
        self._theme = theme
        self._run = run
        self.question: AgainQuestion | None = None
        self._source = OutboxSource(outbox, settings, locale)
        self.model: OutboxModel = KeysetModel(self._source, Filter.ALL, run=run, parent=self)
        self.note = OutboxNote(theme)
        self.table = OutboxTable(theme, self.model, self.note)
        self.filter = Segmented(theme, say("Which of them"))
        self._nothing = theme.label("", ink="text2")
        self._stack = QStackedWidget()
        self._seconds = QTimer(self, interval=_EVERY_SECOND)
        self._build()
        self._connect()
        self.show_compact()

    def show_compact(self) -> None:
        self.table.show_compact(self._settings.current.compact_rows)

    def refresh_names(self) -> None:
        self.model.retell()

    def _build(self) -> None:
        head = Ground("head")
        head.setFixedHeight(self._theme.px(56))
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 0, 24, 1)
        row.setSpacing(12)
        row.addWidget(self._theme.label(say("Outbox"), "heading"))
        about = Elided(self._theme, "small", ink="text2")
        about.show_own(say("Every e-mail and post, sent once"))
        row.addWidget(about, 1)
        for key, text in (
            (Filter.ALL, say("All")),
            (Filter.WAITING, say("Waiting")),
            (Filter.LOOK, say("Needs a look")),
        ):
            self.filter.add(key, text)
        row.addWidget(self.filter)
        empty = Surface()
        inside = QVBoxLayout(empty)
        inside.setContentsMargins(24, 24, 24, 24)
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(self._nothing)
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.filter.chosen.connect(self.model.ask)
        self.model.loaded.connect(self.on_loaded)
        self.model.refreshed.connect(self.on_refreshed)
        self.model.failed.connect(self.on_failed)
        self.table.chosen.connect(self.on_chosen)
        self.note.decided.connect(self.decide)
        self._seconds.timeout.connect(self.on_second)

    @Slot()
    def on_loaded(self) -> None:
        self.table.verticalScrollBar().setValue(0)
        self.on_refreshed()

    @Slot()
    def on_refreshed(self) -> None:
        count = self.model.rowCount()
        self.table.setAccessibleName(say("Outbox, {rows}", rows=say_n("{n} row", "{n} rows", count)))
        self._nothing.setText(_nothing(self.model.query))
        self._stack.setCurrentIndex(0 if count else 1)
        self.on_chosen(self.table.chosen_id())
        for each in (Filter.WAITING, Filter.LOOK):
            found = counted(self._source.counts, each)
            self.filter.show_count(each, count_text(found, self._locale) if found else "")

    @Slot()
    def on_second(self) -> None:
        """Times that are counted down go on."""
        self.model.begin_day(local(now()).date())
        self.model.retell(_counts_down)

    @Slot(object)
    def on_failed(self, problem: UserError) -> None:
        if not self.model.rowCount():
            self._nothing.setText(say("The outbox cannot be read now."))
            self._stack.setCurrentIndex(1)
        self.failed.emit(problem)

    @Slot(object)
    def on_chosen(self, key: Hashable) -> None:
        """Explain the row of this key, if there is anything to say."""
        job = self.model.row_of(key)
        found = explanation(job, self._locale, self.model.today) if job is not None else None
        if found is None:
            self.table.open_below(None)
            return
        self.note.show_explanation(found)
        self.table.open_below(key)

    def chosen(self) -> Job | None:
        return self.model.row_of(self.table.chosen_id())

    @Slot(object)
    def decide(self, choice: Choice) -> None:
        """Do what the owner decided of the chosen row; ask before anybody could get it twice."""
        job = self.chosen()
        if job is None:
            return
        match choice:
            case Choice.ARRIVED:
                self._begin(job, JobState.DONE)
            case Choice.NOT:
                self._begin(job, JobState.CANCELLED)
            case Choice.NOW | Choice.RETRY:
                self._begin(job, JobState.WAITING)
            case Choice.AGAIN:
                self._ask(job)

    def _ask(self, job: Job) -> None:
        self.question = AgainQuestion(self._theme, job, self._locale, self.model.today, self.window())
        self.question.confirmed.connect(self.on_again_confirmed)
        self.question.open()

    @Slot(object)
    def on_again_confirmed(self, job: Job) -> None:
        self._begin(job, JobState.WAITING, once_more=job.state is JobState.DONE)

    def _begin(self, job: Job, state: JobState, *, once_more: bool = False) -> None:
        self._run(self._decide(job, state, once_more=once_more), "deciding about a job")

    async def _decide(self, job: Job, state: JobState, *, once_more: bool) -> None:
        try:
            await self._outbox.decide(job.key, state, once_more=once_more)
        except UserError as problem:
            self.failed.emit(problem)
        else:
            self.noticed.emit(decided_text(state))
        self.model.refresh()

    @Slot(object)
    def on_jobs_changed(self, _fact: object) -> None:
        """Jobs went another step; nothing is read while nobody looks."""
        if self.isVisible():
            self.model.refresh_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.on_second()
        self._seconds.start()
        self.model.look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._seconds.stop()


def _counts_down(text: JobText) -> bool:
    return text.counting


def _nothing(chosen: Filter) -> str:
    match chosen:
        case Filter.ALL:
            return say("Nothing has been sent yet. What your rules send stands here, with how it went.")
        case Filter.WAITING:
            return say("Nothing waits.")
        case Filter.LOOK:
            return say("Nothing needs a look.")
