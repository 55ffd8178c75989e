"""The head of the Popular items page: its title and the days that are looked at."""

from datetime import date

from PySide6.QtCore import Signal, Slot

from shopwatch.domain.i18n import say
from shopwatch.presenting.popular.days import Days, Span, name_of
from shopwatch.ui.lists.page_head import PageHead
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.popular.calendar import DaysButton
from shopwatch.ui.widgets.inputs.buttons import DrawerButton
from shopwatch.ui.widgets.inputs.segmented import Segmented


class PopularHead(PageHead):
    """Signals: `days_chosen(object)`, the `Days`."""

    days_chosen = Signal(object)

    def __init__(self, theme: Theme, locale: str) -> None:
        self._today = date.min
        self.spans = Segmented(theme, say("Days"))
        for span in Span:
            self.spans.add(span, name_of(span))
        self.days = DaysButton(theme, locale)
        self.panel = DrawerButton(theme, say("Your public page"))
        about = say("What sold, without refunds and practice sales")
        super().__init__(theme, say("Popular items"), about, self.spans, self.days, self.panel, spacing=12)
        self.spans.chosen.connect(self.on_span_chosen)
        self.days.chosen.connect(self.days_chosen)

    def show_days(self, days: Days, today: date) -> None:
        self._today = today
        self.spans.choose(next((span for span in Span if Days.of(span, today) == days), None))
        self.days.show_days(days, today)

    @Slot(object)
    def on_span_chosen(self, span: Span) -> None:
        self.days_chosen.emit(Days.of(span, self._today))
