"""The head of the Popular items page: its title and the days that are looked at."""

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.ui.icons import PANEL
from shopwatch.ui.popular.calendar import DaysButton
from shopwatch.ui.popular.days import Days, Span, name_of
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import IconButton
from shopwatch.ui.widgets.elided import Elided
from shopwatch.ui.widgets.segmented import Segmented


class PopularHead(QFrame):
    """Signals: `days_chosen(object)`, the `Days`; `panel_toggled(bool)`."""

    days_chosen = Signal(object)
    panel_toggled = Signal(bool)

    def __init__(self, theme: Theme, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = date.min
        self.setProperty("ground", "head")
        self.setFixedHeight(theme.px(72))
        about = Elided(theme, "small", ink="text2")
        about.show_own(self.tr("What sold, without refunds and practice sales"))
        self.spans = Segmented(theme, self.tr("Days"))
        for span in Span:
            self.spans.add(span, name_of(span))
        self.days = DaysButton(theme, locale)
        self.panel = IconButton(theme, PANEL, self.tr("Your public page"))
        self.panel.rename(self.tr("Your public page"), "Ctrl D")
        self.panel.setCheckable(True)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(theme.label(self.tr("Popular items"), "title"))
        column.addWidget(about)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 1)
        row.setSpacing(12)
        row.addLayout(column, 1)
        row.addWidget(self.spans)
        row.addWidget(self.days)
        row.addWidget(self.panel)
        self.spans.chosen.connect(self.on_span_chosen)
        self.days.chosen.connect(self.days_chosen)
        self.panel.clicked.connect(self.panel_toggled)

    def show_days(self, days: Days, today: date) -> None:
        self._today = today
        self.spans.choose(next((span for span in Span if Days.of(span, today) == days), None))
        self.days.show_days(days, today)

    @Slot(bool)
    def show_panel_open(self, is_open: bool) -> None:
        self.panel.setChecked(is_open)

    @Slot(object)
    def on_span_chosen(self, span: Span) -> None:
        self.days_chosen.emit(Days.of(span, self._today))
