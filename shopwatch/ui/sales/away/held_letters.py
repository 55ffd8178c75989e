"""Which of the e-mails that wait for the owner are sent."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.rules.job import Job, JobKey, JobState
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.presenting.amounts import amount_text
from shopwatch.presenting.outside_text import tip
from shopwatch.presenting.sales.sale_text import customer_text, order_text
from shopwatch.runtime.tasks import Run
from shopwatch.ui.dialogs.work_dialog import WorkDialog
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.sign import NoteLine

_SIGN = 28
"""Room for what is ticked, beside the words."""

_LEAST = 120
_LONGEST, _SHORTEST = 120, 8
"""Letters of a name, and of an order's number."""


class HeldLetters(WorkDialog):
    """A list to tick, with nothing ticked at first. Open it with `open()`."""

    def __init__(
        self,
        outbox: OutboxBook,
        theme: Theme,
        held: Sequence[tuple[Job, SaleRow]],
        locale: str,
        *,
        run: Run,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(run, parent)
        self._outbox = outbox
        self.setProperty("ground", "surface")
        title = say_n("{n} e-mail waits for your yes", "{n} e-mails wait for your yes", len(held))
        self.setWindowTitle(title)
        words = theme.label(
            say("Their sales are over 2 hours old, so nothing was sent yet. Tick e-mails, then choose.")
        )
        words.setProperty("ink", "text2")
        words.setWordWrap(True)
        self._boxes = {job.key: _Tick(theme, row, locale) for job, row in held}
        self._problem = NoteLine(theme)
        self._all = Button(theme, say("Tick all"), "quiet")
        self._all.setProperty("leading", "true")
        self._close = Button(theme, say("Decide later"))
        self._drop = Button(theme, say("Do not send"))
        self._send = Button(theme, say("Send"), "primary")
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 20, 16)
        column.setSpacing(8)
        for widget in (theme.label(title, "heading"), words, self._list(), self._problem):
            column.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(self._all)
        buttons.addStretch(1)
        for button in (self._close, self._drop, self._send):
            buttons.addWidget(button)
        column.addLayout(buttons)
        self._connect()
        self.resize(theme.px(520), min(theme.px(480), self.sizeHint().height()))
        self._close.setFocus()

    def _list(self) -> Scrolled:
        inner = QWidget()
        inner.setProperty("ground", "surface")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.setSpacing(8)
        for box in self._boxes.values():
            rows.addWidget(box)
        rows.addStretch(1)
        area = Scrolled(inner)
        # Whatever is said below it.
        area.setMinimumHeight(min(_LEAST, inner.sizeHint().height()))
        return area

    def _connect(self) -> None:
        for box in self._boxes.values():
            box.toggled.connect(self.on_ticked)
        self._all.clicked.connect(self.on_all_clicked)
        self._close.clicked.connect(self.reject)
        self._drop.clicked.connect(self.on_drop_clicked)
        self._send.clicked.connect(self.on_send_clicked)
        self.on_ticked()

    @property
    def ticked(self) -> tuple[JobKey, ...]:
        return tuple(key for key, box in self._boxes.items() if box.isChecked() and box.isEnabled())

    @Slot()
    def on_ticked(self) -> None:
        for button in (self._drop, self._send):
            button.setEnabled(bool(self.ticked))

    @Slot()
    def on_all_clicked(self) -> None:
        for box in self._boxes.values():
            box.setChecked(True)

    @Slot()
    def on_send_clicked(self) -> None:
        self._begin(JobState.WAITING, "sending e-mails that were held")

    @Slot()
    def on_drop_clicked(self) -> None:
        self._begin(JobState.CANCELLED, "cancelling e-mails that were held")

    def _begin(self, state: JobState, name: str) -> None:
        keys = self.ticked
        for key in keys:
            self._boxes[key].setEnabled(False)
        self.on_ticked()
        self.work(self._decide(keys, state), name)

    def _tell(self, problem: UserError) -> None:
        self._problem.tell("bad", str(problem))
        self._problem.updateGeometry()  # so that its height is known at once
        needed = self._column.totalHeightForWidth(self.width())
        self.resize(self.width(), max(self.height(), needed))

    async def _decide(self, keys: tuple[JobKey, ...], state: JobState) -> None:
        for key in keys:
            try:
                await self._outbox.decide(key, state)
            except UserError as problem:
                self._tell(problem)
                self._boxes[key].setEnabled(True)
            else:
                self._boxes[key].setVisible(False)
        self.on_ticked()
        if all(box.isHidden() for box in self._boxes.values()):
            self.accept()


class _Tick(QCheckBox):
    """Of one letter; where there is no room for all of it, its name and number are shortened and the amount stays."""

    def __init__(self, theme: Theme, row: SaleRow, locale: str) -> None:
        super().__init__()
        self._sale, self._amount = row.sale, amount_text(row.sale, locale)
        self._whole = self._written(_LONGEST)
        self.setFont(theme.font("body"))
        self.setText(self._whole)
        self.setAccessibleName(self._whole)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fitting = self._fitting(self.width() - _SIGN)
        self.setText(fitting.replace("&", "&&"))
        self.setToolTip(tip(self._whole if fitting != self._whole else ""))

    def _fitting(self, room: int) -> str:
        lengths = range(_LONGEST, _SHORTEST, -1)
        fits = (each for each in map(self._written, lengths) if self.fontMetrics().horizontalAdvance(each) <= room)
        return next(fits, self._written(_SHORTEST))

    def _written(self, longest: int) -> str:
        # Each is shortened by itself, so that what runs from right to left stays apart from the amount.
        customer, order = customer_text(self._sale, longest), order_text(self._sale, longest)
        return say("{customer}, {order}, {amount}", customer=customer, order=order, amount=self._amount)
