"""The panel in which a rule is written."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSizePolicy, QStackedWidget, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.letter import Letter
from shopwatch.domain.rules.rule import EMAIL, Rule, RuleStep
from shopwatch.domain.rules.target import Target
from shopwatch.presenting.rules.conditions import split_ranges
from shopwatch.presenting.rules.rule_text import StepText, step_text
from shopwatch.presenting.rules.step_form import asks_nothing, new_step, sent_to
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.rule_page import RulePage
from shopwatch.ui.rules.step_pane import StepPane
from shopwatch.ui.rules.values import Surroundings
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from shopwatch.ui.widgets.inputs.buttons import Button, IconButton
from shopwatch.ui.widgets.texts.sign import NoteLine

WIDTH = 400
_LONGEST_NAME = 80


class RuleEditor(QFrame):
    """Writes one `Rule`; what is written so far is in `rule`.

    Signals: `edited()`; `save_requested()`; `undo_requested()`; `duplicate_requested()`; `delete_requested()`;
    `close_requested()`; `target_requested(str, str)` and `letter_requested(str)` of a step, see `StepPane`.
    """

    edited = Signal()
    save_requested = Signal()
    undo_requested = Signal()
    duplicate_requested = Signal()
    delete_requested = Signal()
    close_requested = Signal()
    target_requested = Signal(str, str)
    letter_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rule: Rule | None = None
        self._targets: Sequence[Target] = ()
        self._letters: Sequence[Letter] = ()
        self._step_at = -1
        self.setProperty("ground", "drawer")
        self.setAccessibleName(say("The rule"))
        self.name = QLineEdit()
        self.close_it = IconButton(theme, "x", say("Close the rule"), size=16)
        self.duplicate = IconButton(theme, "copy", say("Copy this rule"))
        self.delete = IconButton(theme, "trash", say("Delete this rule…"))
        self.page = RulePage(theme, self._text_of)
        self.pane = StepPane(theme)
        self.problem = NoteLine(theme)
        self.save = Button(theme, say("Save changes"), "primary")
        self.undo = Button(theme, say("Undo changes"))
        self._pages = QStackedWidget()
        self.conditions, self.steps, self.hint = self.page.conditions, self.page.steps, self.page.hint
        self._build()
        self._connect()

    @property
    def rule(self) -> Rule | None:
        """As it is written, without the conditions that are not whole yet."""
        if self._rule is None:
            return None
        return replace(
            self._rule,
            name=self.name.text().strip(),
            when=self.page.trigger,
            conditions=self.conditions.conditions(),
            steps=self.steps.steps(),
        )

    def show_rule(self, rule: Rule, around: Surroundings) -> None:
        """Write this one from now on."""
        self._rule = rule
        self.name.setText(rule.name)
        self.name.setCursorPosition(0)
        self.page.show_rule(rule, around)
        self.problem.clear()
        self.leave_step()

    def show_targets(self, targets: Sequence[Target], letters: Sequence[Letter]) -> None:
        """What there is to send to, and to send."""
        self._targets, self._letters = targets, letters
        self.steps.refresh_names()
        if self._pages.currentIndex():
            self.pane.show_step(self.pane.step, targets, letters)

    def show_changed(self, changed: bool, *, new: bool) -> None:
        """Whether there is anything to save or to undo."""
        self.save.setEnabled(changed or new)
        self.save.setText(say("Save the rule") if new else say("Save changes"))
        self.undo.setText(say("Do not keep it") if new else say("Undo changes"))
        self.undo.setEnabled(changed or new)
        self.duplicate.setEnabled(not new)

    def show_kept(self, rule: Rule) -> None:
        """This rule was kept meanwhile; what is written stays."""
        if self._rule is not None:
            self._rule = replace(self._rule, id=rule.id, on=rule.on)

    def aim_step(self, target_id: str) -> None:
        """Let the open step send to this target."""
        if self._pages.currentIndex():
            if (step := sent_to(self.pane.step, target_id)) != self.pane.step:
                self._take_step(step)
            self.pane.show_step(self.steps.steps()[self._step_at], self._targets, self._letters)

    def show_letter(self, letter_id: str) -> None:
        """Let the open step send this letter."""
        if self._pages.currentIndex() and self.pane.step.action == EMAIL:
            self._take_step(RuleStep(EMAIL, {**self.pane.step.settings, "template": letter_id}))
            self.pane.show_step(self.steps.steps()[self._step_at], self._targets, self._letters)

    def say_unfinished(self) -> bool:
        """Point at what is not whole yet; whether there is anything."""
        row = self.conditions.unfinished()
        if row is not None:
            self.leave_step()
            self.problem.tell("bad", say("This condition is not complete. Fill it in, or remove it."))
            row.value.main.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.steps.count():
            self.problem.tell("bad", say("Add a step: what ShopWatch should do then."))
            self.page.add_step.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.problem.clear()
            return False
        return True

    def open_step(self, at: int) -> None:
        """Show the settings of the step at this place."""
        self._step_at = at
        self.steps.setCurrentRow(at)
        self.pane.show_step(self.steps.steps()[at], self._targets, self._letters)
        self._pages.setCurrentIndex(1)
        self.pane.focus_first()

    @Slot()
    def leave_step(self) -> None:
        """Back to the rule as a whole."""
        if self._pages.currentIndex():
            self._pages.setCurrentIndex(0)
            self.steps.setFocus(Qt.FocusReason.OtherFocusReason)
        self._step_at = -1

    def _text_of(self, step: RuleStep) -> StepText:
        return step_text(step, self._targets, self._letters)

    def _build(self) -> None:
        self.name.setFont(self._theme.font("heading"))
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.setProperty("kind", "title")
        self.name.setAccessibleName(say("Name of the rule"))
        self.name.setPlaceholderText(say("Name of the rule"))
        self._pages.addWidget(self._scrolled(self.page))
        self._pages.addWidget(self._scrolled(self.pane))
        column(self._head_part(), (self._pages, 1), self._foot_part(), inside=self, margins=(1, 0, 0, 0))

    def _head_part(self) -> QFrame:
        head = Ground("head")
        head.setFixedHeight(self._theme.px(64))
        row((self.name, 1), self.duplicate, self.delete, self.close_it, inside=head, margins=(12, 0, 12, 1))
        return head

    def _scrolled(self, page: QWidget) -> QScrollArea:
        page.setProperty("ground", "surface")
        return Scrolled(page, overlaid=True)

    def _foot_part(self) -> QFrame:
        foot = Ground("foot")
        for button in (self.save, self.undo):
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        buttons = row((self.save, 1), (self.undo, 1))
        column(self.problem, buttons, inside=foot, margins=(20, 8, 20, 8), gap=4)
        return foot

    def _connect(self) -> None:
        self.name.textEdited.connect(self.edited)
        self.page.edited.connect(self.on_edited)
        self.page.action_chosen.connect(self.append_step)
        self.steps.opened.connect(self.open_step)
        self.pane.edited.connect(self._take_step)
        self.pane.back_requested.connect(self.leave_step)
        self.pane.remove_requested.connect(self.on_remove_open_step)
        self.pane.target_requested.connect(self.target_requested)
        self.pane.letter_requested.connect(self.letter_requested)
        self.close_it.clicked.connect(self.close_requested)
        self.save.clicked.connect(self.save_requested)
        self.undo.clicked.connect(self.undo_requested)
        self.duplicate.clicked.connect(self.duplicate_requested)
        self.delete.clicked.connect(self.delete_requested)

    @Slot()
    def on_edited(self) -> None:
        self.problem.clear()
        self.edited.emit()

    @Slot(str)
    def append_step(self, action_id: str) -> None:
        """Add a step that does this, and show its settings if it has any."""
        self.page.change_steps((*self.steps.steps(), new_step(action_id, self._targets)))
        if not asks_nothing(action_id):
            self.open_step(self.steps.count() - 1)

    @Slot()
    def on_remove_open_step(self) -> None:
        at = self._step_at
        self.leave_step()
        self.page.remove_step(at)

    @Slot(object)
    def _take_step(self, step: RuleStep) -> None:
        steps = list(self.steps.steps())
        steps[self._step_at] = step
        self.page.change_steps(steps)


def normal(rule: Rule) -> Rule:
    """The rule as the editor writes it when nothing was changed."""
    return replace(rule, name=rule.name.strip(), conditions=split_ranges(rule.conditions))
