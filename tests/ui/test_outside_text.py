"""Tooltips show what they are given, not what it looks like."""

from PySide6.QtGui import QTextDocument

from shopwatch.presenting.outside_text import tip

HOSTILE = "<b>PAID</b> <img src='//attacker/x.png'> <a href='http://evil'>x</a> &lt; a   b"


def test_markup_is_shown_literally() -> None:
    shown = QTextDocument()
    shown.setHtml(tip(HOSTILE))
    assert shown.toPlainText() == HOSTILE


def test_nothing_stays_nothing() -> None:
    assert tip("") == ""
