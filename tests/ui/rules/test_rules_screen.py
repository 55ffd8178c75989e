"""The Rules page in the main window, by its own doors: list, editor, keys, questions."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from shopwatch.actions.chat import CHAT
from shopwatch.domain.errors import UserError
from shopwatch.domain.rules.rule import AmountIs, FromSource, HoursAre, ItemContains, Rule, RuleInput, Trial, Trigger
from shopwatch.domain.sales.money import Money
from shopwatch.settings.settings import Look
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.combo import Combo
from tests.ui.conftest import run_now, tip_at
from tests.ui.fake_shop import PAYNOW, FakeShop, sale_row
from tests.ui.rules.conftest import OpenRules, Rules
from tests.ui.rules.samples import EACH, LARGE, MAIL, POST, RING, SLACK, full_shop

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
HOSTILE = "<b>PAID</b>\u202e" + "W" * 300


@pytest.fixture
def rules(open_rules: OpenRules) -> Rules:
    return open_rules(full_shop())


def sentences(rules: Rules) -> list[str]:
    model = rules.page.model
    return [model.line(at).text for at in range(model.rowCount())]


def spoken(rules: Rules, at: int) -> str:
    return str(rules.page.model.data(rules.page.model.index(at), Qt.ItemDataRole.AccessibleTextRole))


def choose(rules: Rules, at: int) -> None:
    QTest.mouseClick(
        rules.page.list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=rules.page.list.visualRect(rules.page.model.index(at)).center(),
    )


def test_each_rule_is_a_sentence_and_says_how_it_went(rules: Rules) -> None:
    assert sentences(rules)[0] == (
        "When a sale is paid at PayNow and is over $100, show a pop-up with the bell, e-mail the customer and post "
        "to #sales on Slack."
    )
    strong = [span.text for span in rules.page.model.line(0).spans if span.strong]
    assert strong == [
        "paid at PayNow",
        "over $100",
        "pop-up with the bell",
        "e-mail the customer",
        "post to #sales on Slack",
    ]
    assert rules.page.model.line(0).about.startswith("Ran 3 times today, last at ")
    assert rules.page.model.line(1).about.startswith("Ran once today, at ")
    assert rules.page.model.line(2).about.startswith("Off since ")


def test_screen_readers_hear_place_state_and_sentence(rules: Rules) -> None:
    assert spoken(rules, 1).startswith("Rule 2 of 3, on. When any sale is paid, show a pop-up with the bell. Ran once")
    assert spoken(rules, 2).startswith("Rule 3 of 3, off. When a new contact arrives, post to a chat.")
    assert spoken(rules, 2).endswith("The chat is not connected.")
    interface = QAccessible.queryAccessibleInterface(rules.page.list)
    assert interface is not None
    assert interface.text(QAccessible.Text.Name) == "Rules"


def test_the_first_rule_is_open_where_there_is_room(rules: Rules) -> None:
    assert rules.page.editor.isVisible()
    assert rules.page.editor.rule == LARGE
    assert not rules.page.editor.save.isEnabled()
    assert rules.page.editor.hint.text() == "In the last 30 days this rule ran 3 times."


def test_the_hint_counts_on_as_the_list_does(rules: Rules) -> None:
    rules.shop.ledger.outbox.known[1] = replace(rules.shop.ledger.outbox.known[1], times=5)
    rules.page.model.load()
    assert rules.page.model.line(0).about.startswith("Ran 5 times today")
    assert rules.page.editor.hint.text() == "In the last 30 days this rule ran 5 times."


def test_the_sentence_changes_while_it_is_written_and_undo_brings_it_back(rules: Rules) -> None:
    amount = rules.page.editor.conditions.rows[1].value.main
    assert isinstance(amount, QLineEdit)
    amount.setFocus()
    amount.selectAll()
    QTest.keyClicks(amount, "250")
    assert "is over $250" in sentences(rules)[0]
    assert rules.shop.ledger.outbox.kept_rules[0] == LARGE
    rules.page.editor.undo.click()
    assert "is over $100" in sentences(rules)[0]
    assert not rules.page.rule_edit.is_changed


def test_what_is_written_is_kept_by_ctrl_s(rules: Rules) -> None:
    rules.page.editor.name.selectAll()
    QTest.keyClicks(rules.page.editor.name, "Big one")
    QTest.keyClick(rules.page.editor.name, Qt.Key.Key_S, CTRL)
    assert rules.shop.ledger.outbox.kept_rules[0] == replace(LARGE, name="Big one")
    assert not rules.page.editor.save.isEnabled()


def test_a_new_rule_stands_in_the_list_at_once_and_in_the_ledger_when_saved(rules: Rules) -> None:
    QTest.keyClick(rules.page.list, Qt.Key.Key_N, CTRL)
    assert sentences(rules)[3] == "When any sale is paid, show a pop-up with the bell."
    assert rules.page.model.line(3).about == "Not saved yet"
    assert len(rules.shop.ledger.outbox.kept_rules) == 3
    rules.page.editor.save.click()
    assert [rule.id for rule in rules.shop.ledger.outbox.kept_rules] == [1, 2, 3, 4]
    assert rules.shop.ledger.outbox.kept_rules[3].name == "When any sale is paid"
    assert rules.page.list.chosen_id() == 4


def test_a_new_rule_that_is_let_go_leaves_nothing(rules: Rules) -> None:
    rules.page.head.new.click()
    rules.page.editor.undo.click()
    assert len(sentences(rules)) == 3
    assert len(rules.shop.ledger.outbox.kept_rules) == 3


def test_leaving_with_changes_asks(rules: Rules) -> None:
    QTest.keyClicks(rules.page.editor.name, "!")
    choose(rules, 1)
    question = rules.page.rule_edit.question
    assert question is not None
    assert question.safe.text() == "Go on writing"
    assert rules.page.list.chosen_id() == 1
    question.safe.click()
    assert rules.page.editor.rule == replace(LARGE, name="!Large sale")
    choose(rules, 1)
    assert rules.page.rule_edit.question is not None
    rules.page.rule_edit.question.action.click()
    assert rules.page.editor.rule == EACH
    assert rules.shop.ledger.outbox.kept_rules[0] == LARGE


def test_the_switch_turns_a_rule_off_at_once_by_mouse_and_by_space(rules: Rules) -> None:
    row = rules.page.list.visualRect(rules.page.model.index(1))
    QTest.mouseClick(rules.page.list.viewport(), Qt.MouseButton.LeftButton, pos=row.topLeft() + QPoint(40, 26))
    assert not rules.shop.ledger.outbox.kept_rules[1].on
    assert rules.page.list.chosen_id() == 1
    rules.page.list.setFocus()
    QTest.keyClick(rules.page.list, Qt.Key.Key_Space)
    assert not rules.shop.ledger.outbox.kept_rules[0].on
    assert spoken(rules, 0).startswith("Rule 1 of 3, off.")


def test_switching_keeps_what_is_being_written(rules: Rules) -> None:
    QTest.keyClicks(rules.page.editor.name, "!")
    rules.page.list.setFocus()
    QTest.keyClick(rules.page.list, Qt.Key.Key_Space)
    assert rules.shop.ledger.outbox.kept_rules[0] == replace(LARGE, on=False)
    assert rules.page.editor.rule == replace(LARGE, name="!Large sale", on=False)
    rules.page.editor.save.click()
    assert rules.shop.ledger.outbox.kept_rules[0] == replace(LARGE, name="!Large sale", on=False)


def test_a_rule_that_goes_nowhere_cannot_be_switched_on_until_it_is_connected(rules: Rules) -> None:
    rules.page.list.setFocus()
    choose(rules, 2)
    QTest.keyClick(rules.page.list, Qt.Key.Key_Space)
    assert not rules.shop.ledger.outbox.kept_rules[2].on
    assert rules.page.banner.shown is not None
    assert "The chat is not connected." in rules.page.banner.shown.text
    rules.page.on_mend(3)
    dialog = rules.page.connecting.dialog
    assert dialog is not None
    dialog.form.first.setText("slack://a/b/c")  # type: ignore[attr-defined]
    dialog.action.click()
    assert rules.shop.targets.secrets == {"target-3": "slack://a/b/c"}
    assert rules.shop.ledger.outbox.kept_rules[2].steps[0].settings == {"to": "target-3"}
    assert rules.page.model.line(2).lack is None


def test_deleting_asks(rules: Rules) -> None:
    rules.page.list.setFocus()
    choose(rules, 1)
    QTest.keyClick(rules.page.list, Qt.Key.Key_Delete)
    assert rules.page.question is not None
    assert len(rules.shop.ledger.outbox.kept_rules) == 3
    rules.page.question.action.click()
    assert [rule.id for rule in rules.shop.ledger.outbox.kept_rules] == [1, 3]
    assert not rules.page.editor.isVisible()


def test_a_copy_is_a_new_rule(rules: Rules) -> None:
    rules.page.editor.duplicate.click()
    rules.page.editor.save.click()
    assert rules.shop.ledger.outbox.kept_rules[-1] == replace(LARGE, id=4, name="Large sale, copy")


def test_rules_go_up_and_down_by_alt_and_the_arrows(rules: Rules) -> None:
    rules.page.list.setFocus()
    QTest.keyClick(rules.page.list, Qt.Key.Key_Down, ALT)
    assert [rule.id for rule in rules.shop.ledger.outbox.kept_rules] == [2, 1, 3]
    assert rules.page.list.chosen_id() == 1


def test_steps_move_by_alt_and_the_arrows_and_go_by_delete(rules: Rules) -> None:
    steps = rules.page.editor.steps
    steps.setFocus()
    steps.setCurrentRow(2)
    QTest.keyClick(steps, Qt.Key.Key_Up, ALT)
    assert [step.action for step in steps.steps()] == ["ring", "chat", "email"]
    assert steps.currentRow() == 1
    QTest.keyClick(steps, Qt.Key.Key_Delete)
    assert [step.action for step in steps.steps()] == ["ring", "email"]
    assert sentences(rules)[0].endswith("show a pop-up with the bell and e-mail the customer.")


def test_a_step_is_set_in_its_own_pane(rules: Rules) -> None:
    editor = rules.page.editor
    editor.open_step(0)
    assert editor.pane.isVisible()
    editor.append_step(CHAT.id)
    assert editor.pane.step == POST
    editor.pane.remove.click()
    assert editor.steps.steps() == LARGE.steps


def test_a_condition_that_is_not_complete_is_not_saved(rules: Rules) -> None:
    editor = rules.page.editor
    editor.conditions.add.click()
    row = editor.conditions.rows[-1]
    assert row.condition() is None
    editor.save.click()
    assert editor.problem.text() == "This condition is not complete. Fill it in, or remove it."
    assert rules.shop.ledger.outbox.kept_rules[0] == LARGE


def test_what_the_ledger_refuses_is_said_in_the_editor(rules: Rules) -> None:
    rules.shop.script.refuses["put_rule"] = UserError("There are too many rules.", "Remove one that is not needed.")
    QTest.keyClicks(rules.page.editor.name, "!")
    rules.page.editor.save.click()
    assert rules.page.editor.problem.text() == "There are too many rules. Remove one that is not needed."
    assert rules.page.rule_edit.is_changed


def test_a_shop_without_rules_is_offered_three(open_rules: OpenRules) -> None:
    rules = open_rules(FakeShop())
    assert rules.page.split.offers
    assert len(sentences(rules)) == 3
    rules.page.list.setFocus()
    rules.page.list.choose(-1)
    QTest.keyClick(rules.page.list, Qt.Key.Key_Space)
    assert [rule.on for rule in rules.shop.ledger.outbox.kept_rules] == [True, False, False]
    assert not rules.page.split.offers


def test_rules_that_cannot_be_read_are_said_and_read_again(open_rules: OpenRules) -> None:
    shop = full_shop()
    shop.script.refuses["rules"] = UserError("The store cannot be read.")
    rules = open_rules(shop)
    assert rules.page.banner.shown is not None
    assert rules.page.banner.shown.title == "The store cannot be read"
    rules.window.hide()
    rules.window.show()
    assert len(sentences(rules)) == 3


def test_a_rule_changed_elsewhere_is_shown(rules: Rules, qtbot: QtBot) -> None:
    run_now(rules.shop.rules.put(replace(EACH, when=Trigger.SALE_DISPUTED)), "a command beside")
    qtbot.waitUntil(lambda: "disputed" in sentences(rules)[1])
    assert "paid" not in sentences(rules)[1]


def test_text_from_outside_is_shown_as_it_is_and_stays_in_its_room(open_rules: OpenRules, theme: Theme) -> None:
    shop = full_shop()
    shop.ledger.outbox.kept_rules = [Rule(HOSTILE, Trigger.SALE_PAID, (ItemContains(HOSTILE),), (RING, POST), id=1)]
    shop.settings.current = replace(
        shop.settings.current, targets=(replace(shop.settings.current.targets[0], name=HOSTILE), MAIL)
    )
    rules = open_rules(shop)
    assert "⟨U+202E⟩" in sentences(rules)[0]
    assert "\u202e" not in sentences(rules)[0] + spoken(rules, 0)
    assert len(sentences(rules)[0]) < 300
    for look in (Look.LIGHT, Look.DARK):
        theme.choose(look)
        assert not rules.window.grab().isNull()
    theme.choose(Look.SYSTEM)
    rules.window.resize(1024, 640)
    assert rules.page.list.height() < 400
    assert rules.page.outbox.isVisible()


def test_between_two_amounts_is_written_as_two_conditions(open_rules: OpenRules) -> None:
    shop = full_shop()
    both = AmountIs(over=Money(100, "USD"), under=Money(900, "USD"))
    shop.ledger.outbox.kept_rules = [Rule("Between", Trigger.SALE_PAID, (FromSource(PAYNOW.id), both), (RING,), id=1)]
    rules = open_rules(shop)
    assert not rules.page.rule_edit.is_changed
    assert len(rules.page.editor.conditions.rows) == 3
    QTest.keyClicks(rules.page.editor.name, "!")
    rules.page.editor.save.click()
    assert rules.shop.ledger.outbox.kept_rules[0].conditions == (
        FromSource(PAYNOW.id),
        AmountIs(over=Money(100, "USD")),
        AmountIs(under=Money(900, "USD")),
    )


@pytest.mark.parametrize("locale", ["en_US", "de_DE"])
def test_the_hours_of_a_condition_are_seen_whole(open_rules: OpenRules, locale: str) -> None:
    shop = full_shop()
    shop.locale = locale
    shop.ledger.outbox.kept_rules = [Rule("Late", Trigger.SALE_PAID, (HoursAre(22 * 60, 23 * 60 + 30),), (RING,), id=1)]
    [row] = open_rules(shop).page.editor.conditions.rows
    assert [each.toolTip() for each in row.value.findChildren(Combo)] == ["", ""]


def test_a_name_too_long_for_its_list_is_told_whole(open_rules: OpenRules) -> None:
    name = "Blumen- und Geschenkartikelfachgeschäft Gänseblümchen"
    shop = full_shop()
    shop.sources.all = (replace(PAYNOW, name=name),)
    shop.ledger.outbox.kept_rules = [Rule("Each", Trigger.SALE_PAID, (FromSource(PAYNOW.id),), (RING,), id=1)]
    [row] = open_rules(shop).page.editor.conditions.rows
    [sender] = row.value.findChildren(Combo)
    assert name in sender.toolTip()


@pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints)", extend=True)
def test_a_step_too_long_for_its_card_is_told_whole(open_rules: OpenRules) -> None:
    name = "#verkaufsbenachrichtigungen-hauptgeschäftsstelle"
    shop = full_shop()
    shop.settings.current = replace(shop.settings.current, targets=(replace(SLACK, name=name), MAIL))
    shop.ledger.outbox.kept_rules = [Rule("Each", Trigger.SALE_PAID, (), (RING, POST), id=1)]
    steps = open_rules(shop).page.editor.steps
    short, long = (steps.visualItemRect(steps.item(place)).center() for place in (0, 1))
    assert tip_at(steps.viewport(), short) == ""
    assert name in tip_at(steps.viewport(), long)


def test_a_rule_that_would_not_have_run_is_told_as_one(rules: Rules) -> None:
    paid = RuleInput(Trigger.SALE_PAID, 1, PAYNOW.id, "paynow", datetime.now(UTC), sale=sale_row(1))
    rules.shop.ledger.outbox.trials = (Trial(paid, ()),)
    rules.page.head.attempt.click()
    assert rules.page.trial is not None
    assert rules.page.trial.summary.text().startswith("It would not have run once for the last ")
    rules.page.trial.accept()


def test_a_rule_is_tried_as_it_is_written_and_nothing_is_kept(rules: Rules) -> None:
    QTest.keyClicks(rules.page.editor.name, "!")
    rules.page.head.attempt.click()
    assert rules.page.trial is not None
    assert rules.shop.ledger.outbox.tried == [replace(LARGE, name="!Large sale")]
    assert rules.page.trial.summary.text() == "Nothing has happened yet that it could be tried on."
    assert rules.shop.ledger.outbox.kept_rules[0] == LARGE
    rules.page.trial.accept()
