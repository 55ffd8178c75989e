"""Dialogs that are closed while something is being done for them."""

import gc
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from shopwatch.actions.forward import PROGRAM
from shopwatch.domain.rules.letter import THANKS
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.source import Source
from shopwatch.runtime.clock import now
from shopwatch.ui.connections.description_dialog import DescriptionDialog
from shopwatch.ui.letters.dialog import LetterDialog
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.trial import TrialDialog
from shopwatch.ui.targets.dialog import TargetDialog
from tests.ui.fake_shop import FakeShop, new_shop, sale_row
from tests.ui.later import Later

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

RULE = Rule(name="Ring", when=Trigger.SALE_PAID, steps=(RuleStep("ring", {}),))
CUSTOM = Source("s1", "custom", "Till", "/in/x", now(), {"method": "none", "messages": "*", "text": "words"})

type Begin = Callable[[Theme, Later, QWidget], QDialog]


def a_target_is_tried(theme: Theme, later: Later, parent: QWidget) -> QDialog:
    dialog = TargetDialog(
        FakeShop().targets, theme, PROGRAM.id, None, clipboard=QApplication.clipboard(), run=later, parent=parent
    )
    QTest.keyClicks(dialog.form.first, "https://till.example/in")
    dialog.on_save()
    return dialog


def a_rule_is_tried(theme: Theme, later: Later, parent: QWidget) -> QDialog:
    shop = FakeShop()
    return TrialDialog(shop.ledger.outbox, shop.locale, theme, RULE, run=later, parent=parent)


def _letter_dialog(theme: Theme, later: Later, parent: QWidget) -> LetterDialog:
    shop = FakeShop(rows=[sale_row(1)])
    return LetterDialog(
        shop.mail, shop.ledger.sales, shop.settings, theme, THANKS.id, locale=shop.locale, run=later, parent=parent
    )


def a_letter_is_shown(theme: Theme, later: Later, parent: QWidget) -> QDialog:
    return _letter_dialog(theme, later, parent)


def a_letter_is_sent(theme: Theme, later: Later, parent: QWidget) -> QDialog:
    dialog = _letter_dialog(theme, later, parent)
    later.go_on_to_the_end()
    dialog.on_test()
    return dialog


def a_letter_is_kept(theme: Theme, later: Later, parent: QWidget) -> QDialog:
    dialog = _letter_dialog(theme, later, parent)
    later.go_on_to_the_end()
    dialog.on_save()
    return dialog


def a_sender_is_described(theme: Theme, later: Later, parent: QWidget) -> QDialog:
    shop = new_shop()
    shop.sources.all = (CUSTOM,)
    dialog = DescriptionDialog(
        theme, shop.connections, shop.ledger.inbox, shop.locale, lambda: CUSTOM, run=later, parent=parent
    )
    dialog.on_save()
    return dialog


@pytest.fixture
def parent(qapp: QApplication) -> Iterator[QWidget]:
    window = QWidget()
    window.show()
    yield window
    window.close()
    window.deleteLater()


def let_go() -> None:
    """Let Qt delete what is to be deleted."""
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("leave", [QDialog.reject, QDialog.close], ids=["escape", "close"])
@pytest.mark.parametrize(
    "begin",
    [a_target_is_tried, a_rule_is_tried, a_letter_is_shown, a_letter_is_sent, a_letter_is_kept, a_sender_is_described],
)
def test_a_dialog_closed_at_work_is_out_of_sight_at_once_and_gone_when_the_work_has_ended(
    begin: Begin, leave: Callable[[QDialog], object], theme: Theme, parent: QWidget
) -> None:
    later = Later()
    dialog = begin(theme, later, parent)
    gone = QSignalSpy(dialog.destroyed)
    dialog.open()
    leave(dialog)
    let_go()
    assert gone.count() == 0
    assert not dialog.isVisible()
    assert later.works
    later.go_on_to_the_end()
    let_go()
    assert gone.count() == 1


def test_a_dialog_without_work_is_gone_at_once(theme: Theme, parent: QWidget) -> None:
    later = Later()
    dialog = a_rule_is_tried(theme, later, parent)
    later.go_on_to_the_end()
    gone = QSignalSpy(dialog.destroyed)
    dialog.open()
    dialog.reject()
    let_go()
    assert gone.count() == 1
