"""What widgets do where there is little room."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.drawer import WIDTH, Drawer
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.elided import Elided

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

SENTENCE = "E-mail to luis.kim@example.com may have been sent"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.mark.parametrize(
    "text", [SENTENCE, "🌷" * 20 + " " + "🌷" * 8, "maximiliane.von.hohenzollern-schwarzenberg@example.com"]
)
def test_what_is_too_long_for_one_line_is_whole_on_two(window: QWidget, theme: Theme, text: str) -> None:
    label = Elided(theme, lines=2, parent=window)
    one_line = label.sizeHint().height()
    label.show_own(text)
    whole = label.sizeHint().width()
    label.resize(whole * 2 // 3, one_line)
    window.show()
    assert "".join(label.text().split()) == "".join(text.split())
    assert label.sizeHint().height() == 2 * one_line
    assert not label.toolTip()
    label.resize(whole + 1, one_line)
    assert label.text() == text
    assert label.sizeHint().height() == one_line


def test_what_is_too_long_for_two_lines_is_whole_in_its_tip(window: QWidget, theme: Theme) -> None:
    label = Elided(theme, lines=2, parent=window)
    label.show_own(SENTENCE)
    label.resize(label.sizeHint().width() // 3, 40)
    window.show()
    assert label.text().endswith("…")
    assert SENTENCE in label.toolTip()


def test_what_the_keyboard_reaches_from_outside_comes_into_sight(window: QWidget) -> None:
    page, after = QWidget(), QPushButton("after")
    rows = QVBoxLayout(page)
    buttons = [QPushButton(str(number)) for number in range(30)]
    for button in buttons:
        rows.addWidget(button)
    column = QVBoxLayout(window)
    column.addWidget(Scrolled(page))
    column.addWidget(after)
    window.resize(200, 240)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    after.setFocus()
    QTest.keyClick(after, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert buttons[-1].hasFocus()
    assert not buttons[-1].visibleRegion().isEmpty()
    assert buttons[0].visibleRegion().isEmpty()


def test_buttons_of_a_drawer_whose_words_are_long_stand_above_each_other(
    window: QWidget, qtbot: QtBot, theme: Theme
) -> None:
    drawer = Drawer(theme, window)
    first, other = Button(theme, "Refund"), Button(theme, "Copy order no.")
    drawer.lay_out(QWidget(), [QWidget()], [first, other], nothing="Nothing")
    drawer.show_whole()
    drawer.resize(WIDTH, 500)
    window.show()
    qtbot.waitUntil(lambda: first.y() == other.y())
    first.setText("Give the money back at WooCommerce")
    qtbot.waitUntil(lambda: first.y() < other.y())
    assert first.width() >= first.sizeHint().width()
