"""The place of the one banner."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.presenting.status.banner import BannerProblem, told
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import column
from shopwatch.ui.widgets.frames.problem_banner import ProblemBanner

_PROBLEM_FOR = 12_000
_GOOD_FOR = 5_000


class BannerSlot(QWidget):
    """Shows the standing problem; while there is none, what has just failed or been mended, for some seconds.

    Signals: `remedy_chosen(Remedy)`.
    """

    remedy_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._standing: BannerProblem | None = None
        self._passing: BannerProblem | None = None
        self._banner: ProblemBanner | None = None
        self._passes = QTimer(self, singleShot=True)
        self._column = column(inside=self, margins=(24, 16, 24, 0))
        self._passes.timeout.connect(self.on_passed)
        self.setProperty("ground", "surface")
        self.hide()

    @property
    def shown(self) -> BannerProblem | None:
        return self._banner.problem if self._banner else None

    def stand(self, problem: BannerProblem | None) -> None:
        """Show this until told otherwise."""
        self._standing = problem
        self._show()

    def pass_by(self, problem: BannerProblem) -> None:
        """Show this for 12 s, or 5 s if it is good news, unless something graver stands."""
        self._passing = problem
        self._passes.start(_GOOD_FOR if problem.kind == "ok" else _PROBLEM_FOR)
        self._show()

    def show_busy(self, busy: bool) -> None:
        if self._banner is not None:
            self._banner.show_busy(busy)

    @Slot(object)
    def on_failed(self, problem: UserError) -> None:
        """Say for a while what did not come about."""
        self.pass_by(told(problem, "warn", "warning"))

    @Slot()
    def on_passed(self) -> None:
        self._passing = None
        self._show()

    def _show(self) -> None:
        problem = self._standing or self._passing
        if problem == self.shown:
            return
        if self._banner is not None and problem is not None and self._banner.goes_on(problem):
            return
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None
        if problem is not None:
            self._banner = ProblemBanner(self._theme, problem)
            self._banner.remedy_chosen.connect(self.remedy_chosen)
            self._column.addWidget(self._banner)
        self.setVisible(problem is not None)
        if self._banner is not None and self.isVisible():
            self._banner.announce()
