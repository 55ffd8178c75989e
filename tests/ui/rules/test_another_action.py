"""An action is one declaration: with a line in the registry, the Rules page and the forms know it, too."""

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from shopwatch.actions import registry
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.ui.targets.inputs import LineInput
from tests.actions.beep import BEEP
from tests.ui.rules.conftest import OpenRules, Rules
from tests.ui.rules.samples import full_shop, job

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

DOOR = Target("door", "beeper", "Front door", {"number": "42"})


@pytest.fixture(autouse=True)
def with_beeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ACTIONS", (*registry.ACTIONS, BEEP))


def opened(open_rules: OpenRules, *targets: Target) -> Rules:
    shop = full_shop()
    shop.ledger.outbox.kept_rules = [Rule("Beep", Trigger.SALE_PAID, steps=(RuleStep("beep", {"to": "door"}),), id=1)]
    shop.settings.current = replace(shop.settings.current, targets=(*shop.settings.current.targets, *targets))
    shop.ledger.outbox.kept = [job(1, JobState.DONE, action="beep", settings={"to": "door"}, to="Front door")]
    return open_rules(shop)


def test_a_rule_says_what_it_does_or_lacks(open_rules: OpenRules) -> None:
    page = opened(open_rules).page
    assert page.model.line(0).text == "When any sale is paid, beep."
    lack = page.model.line(0).lack
    assert lack is not None
    assert lack.sentence == "The beeper is not connected."


def test_its_target_is_connected_in_a_form_made_for_it(open_rules: OpenRules) -> None:
    rules = opened(open_rules)
    editor = rules.page.editor
    editor.open_step(0)
    assert editor.pane.note.text() == "It is not connected, so this step cannot be done."
    editor.pane.target_requested.emit("beeper", "")
    dialog = rules.page.connecting.dialog
    assert dialog is not None
    assert dialog.windowTitle() == "Beeper"
    number = dialog.form.inputs["number"]
    assert isinstance(number, LineInput)
    QTest.keyClicks(number, "42")
    dialog.action.click()
    assert rules.shop.settings.current.targets[-1].options == {"number": "42"}
    assert editor.pane.step.settings["to"] == rules.shop.settings.current.targets[-1].id


def test_it_is_offered_as_a_step_and_has_its_settings(open_rules: OpenRules) -> None:
    editor = opened(open_rules, DOOR).page.editor
    editor.page.add_step.click()
    menu = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMenu) and each.isVisible())
    entry = next(each for each in menu.actions() if each.text() == "Beep")
    entry.trigger()
    menu.close()
    assert editor.pane.step == RuleStep("beep", {"tone": "high", "to": "door"})


def test_the_outbox_tells_it(open_rules: OpenRules) -> None:
    outbox = opened(open_rules, DOOR).page.outbox
    assert outbox.model.text_at(0).cells()[1:] == ("Beep", "Front door", "PN-1", "Sent")
