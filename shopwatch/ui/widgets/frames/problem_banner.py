"""The banner of the one problem."""

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.status.banner import BannerProblem, BannerRemedy
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.banner import Banner
from shopwatch.ui.widgets.frames.clearing import clear
from shopwatch.ui.widgets.frames.layout import Stretch, column, row
from shopwatch.ui.widgets.frames.why_dialog import WhyDialog
from shopwatch.ui.widgets.inputs.buttons import Button

_WIDE = 1000


class ProblemBanner(Banner):
    """A `Problem` with its buttons, and the way to why it came about. Signals: `remedy_chosen(Remedy)`."""

    remedy_chosen = Signal(object)

    def __init__(self, theme: Theme, problem: BannerProblem) -> None:
        super().__init__(theme, problem.kind, problem.icon, problem.title, problem.text)
        self.problem = problem
        self._theme = theme
        self._buttons = [self._button(remedy, first=at == 0) for at, remedy in enumerate(problem.remedies)]
        means = BannerRemedy.UNLOCK in problem.remedies
        asks = say("What does this mean?") if means else say("Why does this happen?")
        self.why = Button(theme, asks, "quiet")
        if problem.kind not in ("bad", "warn"):
            self.why.hide()
        self.why.clicked.connect(self.on_why)
        self._ways = self._ways_out()
        self._doing = column(gap=4)
        if problem.doing:
            self.below.addSpacing(8)
            self.below.addLayout(self._columns(problem))
        else:
            self.below.addStretch()
            self.side.addLayout(self._ways)

    def goes_on(self, problem: BannerProblem) -> bool:
        """Whether `problem` is the same one, about which more is being done now; then that is shown."""
        known = self.problem
        alike = replace(problem, doing=known.doing, text=known.text, code=known.code, cause=known.cause)
        if not (problem.doing and known.doing) or alike != known:
            return False
        self.problem = problem
        self.text.setText(problem.text)
        self.setAccessibleDescription(problem.text)
        self._list_doing()
        return True

    def show_busy(self, busy: bool) -> None:
        """While a remedy is being tried, it cannot be asked for again."""
        for button in self._buttons:
            button.setEnabled(not busy)

    def _button(self, remedy: BannerRemedy, *, first: bool) -> "_RemedyButton":
        words, icon = {
            BannerRemedy.UNLOCK: (say("Unlock…"), "lock-open"),
            BannerRemedy.TRY_AGAIN: (say("Try again now"), ""),
            BannerRemedy.CHANGE_ADDRESS: (say("Change address…"), ""),
            BannerRemedy.COPY_ADDRESS: (say("Copy address"), "copy"),
            BannerRemedy.ADDRESS_TOLD: (say("Done"), ""),
            BannerRemedy.MEND: (self.problem.verb, ""),
            BannerRemedy.SHOW_CONNECTION: (say("Show connection"), ""),
            BannerRemedy.WORK_HERE: (say("Work here again"), ""),
        }[remedy]
        button = _RemedyButton(self._theme, words, "primary" if first else "", icon, remedy)
        button.remedied.connect(self.on_remedied)
        return button

    def _ways_out(self) -> QBoxLayout:
        """The buttons, and the question beside or below them."""
        ways = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        ways.setSpacing(0)
        ways.addLayout(row(*self._buttons))
        ends = Qt.AlignmentFlag.AlignLeading if self.problem.doing else Qt.AlignmentFlag.AlignTrailing
        ways.addWidget(self.why, 0, ends | Qt.AlignmentFlag.AlignVCenter)
        return ways

    def resizeEvent(self, event: QResizeEvent) -> None:
        # It begins below them, so that no window has to grow for it.
        wide = event.size().width() >= self._theme.px(_WIDE)
        sideways = QBoxLayout.Direction.LeftToRight if self.problem.doing else QBoxLayout.Direction.RightToLeft
        self._ways.setDirection(sideways if wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    @Slot(object)
    def on_remedied(self, remedy: BannerRemedy) -> None:
        self.remedy_chosen.emit(remedy)

    @Slot()
    def on_why(self) -> None:
        WhyDialog(self._theme, self.problem, self.why.text(), self.window()).open()

    def _columns(self, problem: BannerProblem) -> QHBoxLayout:
        self._list_doing()
        hint = self._theme.label(problem.can_do)
        hint.setWordWrap(True)
        # The buttons are 4 px smaller than their widgets; this lines them up with the words.
        now = self._theme.label(say("What ShopWatch is doing"), "small", 600, ink="text2")
        you = self._theme.label(say("What you can do"), "small", 600, ink="text2")
        doing = column(now, self._doing, Stretch(), gap=4)
        can = column(you, hint, row(-4, self._ways, Stretch()), Stretch(), gap=4)
        return row((doing, 5), (can, 6), gap=32)

    def _list_doing(self) -> None:
        clear(self._doing)
        for done, sentence in self.problem.doing:
            self._doing.addWidget(_Doing(self._theme, sentence, done=done))


class _RemedyButton(Button):
    remedied = Signal(object)

    def __init__(self, theme: Theme, text: str, kind: str, icon: str, remedy: BannerRemedy) -> None:
        super().__init__(theme, text, kind, icon)
        self._remedy = remedy
        self.clicked.connect(self.on_clicked)

    @Slot()
    def on_clicked(self) -> None:
        self.remedied.emit(self._remedy)


class _Doing(QWidget):
    def __init__(self, theme: Theme, sentence: str, *, done: bool) -> None:
        super().__init__()
        self._theme = theme
        self._done = done
        label = theme.label(sentence)
        label.setWordWrap(True)
        row(label, inside=self, margins=(28, 0, 0, 4))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sign, ink = ("check-bold", "ok") if self._done else ("arrows-clockwise", "text2")
        left = self.width() - 16 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 0
        self._theme.icons.paint(painter, sign, QRectF(left, 2, 16, 16), self._theme.colour(ink))
        painter.end()
