"""How the place of the keyboard is seen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import RING, Button

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)


@pytest.mark.parametrize("kind", ["", "primary", "quiet", "plain", "link"])
def test_the_keyboard_s_place_is_seen_and_crosses_no_words(qapp: QApplication, theme: Theme, kind: str) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    button, other = Button(theme, "About Mailchimp", kind), QPushButton("other")
    column.addWidget(button)
    column.addWidget(other)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    other.setFocus(Qt.FocusReason.TabFocusReason)
    away = picture(button)
    QTest.keyClick(other, Qt.Key.Key_Tab)
    assert button.hasFocus()
    here = picture(button)
    inside = button.rect().adjusted(0 if kind == "link" else RING, RING, 0 if kind == "link" else -RING, -RING)
    assert here != away
    assert here.copy(inside) == away.copy(inside)
    window.close()


def picture(button: Button) -> QImage:
    return button.window().grab(button.geometry()).toImage()
