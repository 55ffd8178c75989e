"""A rule as a whole: when, which conditions, which steps."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.rules.rule_data import MOST_STEPS
from shopwatch.presenting.rules.rule_text import TRIGGERS, StepText
from shopwatch.presenting.rules.step_form import step_kinds
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.conditions import ConditionList
from shopwatch.ui.rules.steps import StepList
from shopwatch.ui.rules.values import Surroundings
from shopwatch.ui.widgets.frames.layout import STRETCH, column
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.texts.sign import NoteLine


class RulePage(QWidget):
    """Signals: `edited()`; `action_chosen(str)`, a step that does what this id stands for is wanted."""

    edited = Signal()
    action_chosen = Signal(str)

    def __init__(self, theme: Theme, text_of: Callable[[RuleStep], StepText]) -> None:
        super().__init__()
        self._theme = theme
        self.when = Combo(theme, say("When"))
        self.conditions = ConditionList(theme, self.when)
        self.steps = StepList(theme, text_of)
        self.add_step = Button(theme, say("Add a step"), "quiet", "plus")
        self.add_step.setProperty("leading", "true")
        self.hint = NoteLine(theme)
        self._hint_frame = QFrame()
        self._build()
        self.when.activated.connect(self.on_when_chosen)
        self.conditions.edited.connect(self.edited)
        self.steps.reordered.connect(self.edited)
        self.steps.remove_requested.connect(self.remove_step)
        self.add_step.clicked.connect(self.on_add_step)

    @property
    def trigger(self) -> Trigger:
        return Trigger(self.when.currentData())

    def show_rule(self, rule: Rule, around: Surroundings) -> None:
        self.when.setCurrentIndex(self.when.findData(rule.when))
        self.conditions.show_conditions(rule.conditions, rule.when, around)
        self.steps.setCurrentRow(-1)
        self._show(rule.steps)

    def change_steps(self, steps: Sequence[RuleStep]) -> None:
        """Let the rule have these steps."""
        self._show(steps)
        self.edited.emit()

    @Slot(int)
    def remove_step(self, at: int) -> None:
        steps = self.steps.steps()
        self.change_steps((*steps[:at], *steps[at + 1 :]))

    def show_hint(self, text: str) -> None:
        self.hint.tell("info", text)
        self._hint_frame.setVisible(bool(text))

    def _show(self, steps: Sequence[RuleStep]) -> None:
        self.steps.show_steps(steps)
        self.add_step.setVisible(len(steps) < MOST_STEPS)

    def _build(self) -> None:
        self.when.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for trigger, text in TRIGGERS.items():
            self.when.add(text(), trigger)
        self._hint_frame.setProperty("ground", "hint")
        column(self.hint, inside=self._hint_frame, margins=12)
        column(
            self._label(say("When")),
            self.when,
            16,
            self._label(say("And all of these are true")),
            self.conditions,
            8,
            self._label(say("Then, in this order")),
            self.steps,
            (self.add_step, 0, Qt.AlignmentFlag.AlignLeading),
            STRETCH,
            self._hint_frame,
            inside=self,
            margins=(24, 24, 24, 20),
            gap=8,
        )

    def _label(self, text: str) -> QWidget:
        return self._theme.label(text, "small", 600, ink="text2")

    @Slot()
    def on_when_chosen(self) -> None:
        self.conditions.show_trigger(self.trigger)
        self.edited.emit()

    @Slot()
    def on_add_step(self) -> None:
        """Offer every kind of step."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in step_kinds():
            menu.addAction(self._theme.icon(kind.icon, 16), kind.title).setData(kind.id)
        menu.triggered.connect(self.on_step_chosen)
        menu.popup(self.add_step.mapToGlobal(QPoint(4, self.add_step.height())))

    @Slot(QAction)
    def on_step_chosen(self, entry: QAction) -> None:
        self.action_chosen.emit(entry.data())
