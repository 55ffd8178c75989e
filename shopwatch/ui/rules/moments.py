"""Editors of conditions about when something happens, and whether it is practice."""

from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QToolButton, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.rule import Condition, DaysAre, HoursAre, PracticeIs
from shopwatch.presenting.times import wall_clock
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.values import Surroundings, Value
from shopwatch.ui.widgets.inputs.combo import Combo

_DAY, _HALF_AN_HOUR = 24 * 60, 30
_SIDE_BY_SIDE = 40
"""The widest that times may be to stand beside one another; those with "PM" are wider."""


class HoursValue(Value):
    """From one time of the day until another, over midnight if the second is earlier."""

    def __init__(self, theme: Theme, around: Surroundings) -> None:
        super().__init__(theme, around)
        self._start = self.combo(say("From"), wide=True)
        to = theme.label(say("to"), ink="text2")
        self.row.addWidget(to)
        self._end = self.combo(say("Until"), wide=True)
        widest = self._start.fontMetrics().horizontalAdvance(wall_clock(12 * 60 + 30, around.locale))
        self._stacked = widest > theme.px(_SIDE_BY_SIDE)
        if self._stacked:
            self.row.setDirection(QBoxLayout.Direction.TopToBottom)
            self.row.setContentsMargins(0, 4, 0, 4)
            to.hide()
        for minute in range(0, _DAY, _HALF_AN_HOUR):
            self._add(self._start, minute)
            self._add(self._end, minute)
        self._show(9 * 60, 18 * 60)

    def _add(self, combo: Combo, minute: int) -> None:
        time = wall_clock(minute, self.around.locale)
        combo.add(say("to {time}", time=time) if self._stacked and combo is self._end else time, minute)

    def _show(self, start: int, end: int) -> None:
        for combo, minute in ((self._start, start), (self._end, end)):
            if combo.findData(minute) < 0:
                self._add(combo, minute)
            combo.setCurrentIndex(combo.findData(minute))

    def condition(self) -> Condition | None:
        return HoursAre(int(self._start.currentData()), int(self._end.currentData()))

    def show_condition(self, condition: Condition) -> None:
        if isinstance(condition, HoursAre):
            self._show(condition.start, condition.end)

    @property
    def main(self) -> QWidget:
        return self._start


class DaysValue(Value):
    """Any of the days of the week."""

    def __init__(self, theme: Theme, around: Surroundings) -> None:
        super().__init__(theme, around)
        self.row.setSpacing(2)
        self._buttons: list[QToolButton] = []
        for short, name in _days():
            button = QToolButton()
            button.setText(short)
            button.setCheckable(True)
            button.setFont(theme.font("small", 500))
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setProperty("kind", "day")
            button.setFixedHeight(theme.px(32))
            button.setMinimumWidth(22)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(self.on_edited)
            self.row.addWidget(button, 1)
            self._buttons.append(button)

    def condition(self) -> Condition | None:
        days = frozenset(at for at, button in enumerate(self._buttons) if button.isChecked())
        return DaysAre(days) if days else None

    def show_condition(self, condition: Condition) -> None:
        if isinstance(condition, DaysAre):
            for at, button in enumerate(self._buttons):
                button.setChecked(at in condition.days)

    @property
    def main(self) -> QWidget:
        return self._buttons[0]


class PracticeValue(Value):
    def __init__(self, theme: Theme, around: Surroundings) -> None:
        super().__init__(theme, around)
        self._combo = self.combo(say("Practice"), wide=True)
        self._combo.add(say("is practice"), PracticeIs(practice=True))
        self._combo.add(say("is no practice"), PracticeIs(practice=False))

    def condition(self) -> Condition | None:
        found = self._combo.currentData()
        return found if isinstance(found, PracticeIs) else None

    def show_condition(self, condition: Condition) -> None:
        self._combo.setCurrentIndex(0 if condition == PracticeIs(practice=True) else 1)

    @property
    def main(self) -> QWidget:
        return self._combo


def _days() -> tuple[tuple[str, str], ...]:
    return (
        (say("Mo"), say("Monday")),
        (say("Tu"), say("Tuesday")),
        (say("We"), say("Wednesday")),
        (say("Th"), say("Thursday")),
        (say("Fr"), say("Friday")),
        (say("Sa"), say("Saturday")),
        (say("Su"), say("Sunday")),
    )
