"""Quitting asks, and says what would be lost."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel

from shopwatch.host.paths import Paths
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.ui.crash_reporter import CrashReporter
from shopwatch.ui.desktop import Desktop
from shopwatch.ui.dialogs.question import Question
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.screen import RulesScreen
from shopwatch.ui.window.main_window import PageId
from tests.ui.conftest import Run
from tests.ui.setup.conftest import until

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support propagateSizeHints", "This plugin does not support raise", extend=True
)


def asked(desktop: Desktop) -> Question:
    [question] = [each for each in desktop.window.findChildren(Question) if each.isVisible()]
    return question


def words(question: Question) -> str:
    return " ".join(label.text() for label in question.findChildren(QLabel))


def test_quitting_says_that_a_rule_is_not_kept_yet(
    run: Run, outlives: list[QObject], qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    async def walk() -> None:
        paths = Paths(tmp_path / "data")
        paths.prepare()
        shop = await open_shop(paths, vault=MemoryVault())
        shop.settings.change(setup_done=True)
        desktop = Desktop(
            theme,
            shop,
            launch=(),
            crash_reporter=CrashReporter(),
            clipboard=qapp.clipboard(),
            wrap=lambda screen: screen,
            parent=qapp,
        )
        quits = QSignalSpy(desktop.quit_requested)
        desktop.open()
        try:
            await desktop.painted()
            desktop.on_quit_requested()
            assert "not kept yet" not in words(asked(desktop))
            asked(desktop).safe.click()

            desktop.window.show_page(PageId.RULES)
            [page] = desktop.window.findChildren(RulesScreen)
            await until(lambda: page.model.is_loaded, "the rules are read")
            page.head.new.click()
            QTest.keyClicks(page.editor.name, "Thank them")
            desktop.window.show_page(PageId.SALES)
            desktop.on_quit_requested()
            assert words(asked(desktop)).count("What you have changed in this rule is not kept yet.") == 1
            assert page.isVisible()
            QTest.keyClick(asked(desktop), Qt.Key.Key_Escape)
            assert quits.count() == 0
            assert page.editor.name.text() == "Thank them"

            desktop.on_quit_requested()
            asked(desktop).action.click()
            assert quits.count() == 1
        finally:
            await desktop.close()
            outlives.extend((desktop.window, desktop))
            await shop.close()

    run(walk())
