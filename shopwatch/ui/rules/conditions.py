"""The conditions of a rule, each a row of its own."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.rule import Condition, Trigger
from shopwatch.domain.rules.rule_data import MOST_CONDITIONS
from shopwatch.presenting.rules.conditions import About, about_of, split_ranges
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.moments import DaysValue, HoursValue, PracticeValue
from shopwatch.ui.rules.values import AmountValue, CurrencyValue, CustomerValue, ItemValue, SenderValue, Surroundings
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.inputs.buttons import Button, IconButton
from shopwatch.ui.widgets.inputs.combo import Combo

_KIND_WIDTH = 104


_NAMES: dict[About, Callable[[], str]] = {
    About.SENDER: lambda: say("From"),
    About.AMOUNT: lambda: say("Amount"),
    About.CURRENCY: lambda: say("Currency"),
    About.ITEM: lambda: say("Item"),
    About.CUSTOMER: lambda: say("Customer"),
    About.HOURS: lambda: say("Time"),
    About.DAYS: lambda: say("Day"),
    About.PRACTICE: lambda: say("Practice"),
}
type AnyValue = (
    SenderValue | AmountValue | CurrencyValue | ItemValue | CustomerValue | HoursValue | DaysValue | PracticeValue
)

_VALUES: dict[About, type[AnyValue]] = {
    About.SENDER: SenderValue,
    About.AMOUNT: AmountValue,
    About.CURRENCY: CurrencyValue,
    About.ITEM: ItemValue,
    About.CUSTOMER: CustomerValue,
    About.HOURS: HoursValue,
    About.DAYS: DaysValue,
    About.PRACTICE: PracticeValue,
}
_OF_SALES = frozenset({About.AMOUNT, About.CURRENCY, About.ITEM, About.CUSTOMER})
_SALES = frozenset({Trigger.SALE_PAID, Trigger.SALE_REFUNDED, Trigger.SALE_DISPUTED, Trigger.FIRST_ORDER})


class ConditionRow(QWidget):
    """What it is about, what it compares with, and the way to part from it.

    Signals: `edited()`; `remove_requested()`.
    """

    edited = Signal()
    remove_requested = Signal()

    def __init__(self, theme: Theme, around: Surroundings, abouts: Sequence[About]) -> None:
        super().__init__()
        self._theme = theme
        self._around = around
        self._about = Combo(theme, say("What the condition is about"))
        self._about.setFixedWidth(theme.px(_KIND_WIDTH))
        for about in abouts:
            self._about.add(_NAMES[about](), about)
        self._remove = IconButton(theme, "x", say("Remove this condition"), size=16)
        self._row = row(self._about, self._remove, inside=self, gap=8)
        self.value: AnyValue = self._put(abouts[0])
        self._about.activated.connect(self.on_about_chosen)
        self._remove.clicked.connect(self.remove_requested)

    def show_condition(self, condition: Condition) -> None:
        about = about_of(condition)
        if self._about.findData(about) < 0:
            self._about.add(_NAMES[about](), about)
        self._about.setCurrentIndex(self._about.findData(about))
        self._swap(about)
        self.value.show_condition(condition)

    @property
    def about(self) -> About:
        return About(self._about.currentData())

    def begin(self, about: About) -> None:
        """Start with one about this, the keyboard on its value."""
        self._about.setCurrentIndex(self._about.findData(about))
        self._swap(about)
        self.value.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def condition(self) -> Condition | None:
        return self.value.condition()

    @Slot()
    def on_about_chosen(self) -> None:
        self._swap(About(self._about.currentData()))
        self.value.main.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _swap(self, about: About) -> None:
        self._row.removeWidget(self.value)
        self.value.hide()
        self.value.deleteLater()
        self.value = self._put(about)
        self._chain()

    def _put(self, about: About) -> AnyValue:
        value = _VALUES[about](self._theme, self._around)
        value.edited.connect(self.edited)
        self._row.insertWidget(1, value, 1)
        return value

    def follow(self, before: QWidget) -> None:
        """Let the keyboard come here from `before`."""
        QWidget.setTabOrder(before, self._about)
        self._chain()

    @property
    def last(self) -> QWidget:
        """What the keyboard leaves by."""
        return self._remove

    def _chain(self) -> None:
        for one, next_one in pairwise([self._about, *self.value.stops(), self._remove]):
            QWidget.setTabOrder(one, next_one)


class ConditionList(QWidget):
    """Rows of conditions, all of which must hold. The keyboard comes from `before`. Signals: `edited()`."""

    edited = Signal()

    def __init__(self, theme: Theme, before: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._before = before
        self._around = Surroundings((), ("USD",), "en")
        self._when = Trigger.SALE_PAID
        self.rows: list[ConditionRow] = []
        self._none = theme.label(say("Nothing else: always."), ink="text3")
        self.add = Button(theme, say("Add a condition"), "quiet", "plus")
        self.add.setProperty("leading", "true")
        self._column = column()
        column(self._column, self._none, (self.add, 0, Qt.AlignmentFlag.AlignLeading), inside=self, gap=4)
        self.add.clicked.connect(self.on_add)

    def show_conditions(self, conditions: Sequence[Condition], when: Trigger, around: Surroundings) -> None:
        self._around, self._when = around, when
        for each in tuple(self.rows):
            self._drop(each)
        for condition in split_ranges(conditions):
            self._append().show_condition(condition)
        self._tell()

    def show_trigger(self, when: Trigger) -> None:
        """Offer from now on what can be asked of this."""
        self._when = when

    def conditions(self) -> tuple[Condition, ...]:
        """Those that are whole."""
        return tuple(found for row in self.rows if (found := row.condition()) is not None)

    def unfinished(self) -> ConditionRow | None:
        """The first that is not whole."""
        return next((row for row in self.rows if row.condition() is None), None)

    def _offered(self) -> list[About]:
        return [about for about in About if self._when in _SALES or about not in _OF_SALES]

    def _append(self) -> ConditionRow:
        row = ConditionRow(self._theme, self._around, self._offered())
        row.edited.connect(self.edited)
        row.remove_requested.connect(self.on_remove)
        self._column.addWidget(row)
        row.follow(self.rows[-1].last if self.rows else self._before)
        self.rows.append(row)
        return row

    def _drop(self, row: ConditionRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _tell(self) -> None:
        self._none.setVisible(not self.rows)
        self.add.setVisible(len(self.rows) < MOST_CONDITIONS)

    @Slot()
    def on_add(self) -> None:
        taken = {row.about for row in self.rows}
        row = self._append()
        about = next((each for each in self._offered() if each not in taken), About.AMOUNT)
        row.begin(about)
        self._tell()
        self.edited.emit()

    @Slot()
    def on_remove(self) -> None:
        row = self.sender()
        if isinstance(row, ConditionRow):
            self._drop(row)
            self._tell()
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)
            self.edited.emit()
