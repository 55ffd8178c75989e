"""A rule made in the window, a sale that arrives, and its job in the outbox: with a real shop and ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from shopwatch.actions.email import EMAIL
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.host.paths import Paths
from shopwatch.ledger import Ledger
from shopwatch.presenting.outbox.job_text import Choice
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.screen import RulesScreen
from shopwatch.ui.window.page_context import PageContext
from tests.ledger.arrivals import paid, told
from tests.ui.conftest import Run
from tests.ui.setup.conftest import until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)


@pytest.fixture
def window(qapp: QApplication, outlives: list[QObject]) -> QWidget:
    """Outlives the loop, and with it whatever the page still waits for."""
    window = QWidget()
    window.resize(1200, 800)
    outlives.append(window)
    return window


@asynccontextmanager
async def opened(
    window: QWidget, folder: Path, qapp: QApplication, theme: Theme
) -> AsyncIterator[tuple[Shop, RulesScreen]]:
    paths = Paths(folder / "data")
    paths.prepare()
    shop = await open_shop(paths, vault=MemoryVault())
    bridge = Bridge(shop.bus)
    page = RulesScreen(PageContext(theme, shop, bridge, qapp.clipboard(), lambda _: None))
    page.setParent(window)
    page.resize(window.size())
    window.show()
    try:
        await until(lambda: page.model.is_loaded, "the rules are read")
        yield shop, page
    finally:
        window.hide()
        bridge.close()
        await shop.close()


def test_a_rule_made_in_the_window_makes_the_job_of_a_sale(
    window: QWidget, run: Run, qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    async def walk() -> None:
        async with opened(window, tmp_path, qapp, theme) as (shop, page):
            source = await shop.connections.add("paynow", "PayNow")
            page.head.new.click()
            QTest.keyClicks(page.editor.name, "Thank them")
            page.editor.append_step(EMAIL.id)
            page.editor.save.click()
            await until(lambda: len(page.model.kept) == 3, "the rule is kept")
            kept = [(rule.name, [step.action for step in rule.steps]) for rule in await shop.ledger.outbox.rules()]
            assert kept[1] == ("Thank them", ["ring", "email"])

            await shop.ledger.record(*told(source.id, "e1", paid("o1", number="PN-1", email="ada@example.com")))
            model = page.outbox.model
            await until(lambda: model.rowCount() == 1, "the job stands in the outbox")
            assert model.text_at(0).cells()[1:] == ("Confirmation e-mail", "ada@example.com", "PN-1", "Waiting")
            await until(lambda: page.model.line(1).about.startswith("Ran once today"), "the rule says that it ran")

            page.outbox.table.select_at(0)
            (cancel,) = [each for each in page.outbox.note.buttons() if each.property("choice") == Choice.NOT.value]
            QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
            await until(lambda: model.text_at(0).pill.text == "Cancelled", "it is cancelled")
            (job,) = await shop.ledger.outbox.jobs(without=["ring"])
            assert job.state is JobState.CANCELLED

    run(walk())


def test_a_rule_is_tried_on_what_has_happened_and_does_nothing(
    window: QWidget, run: Run, qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    async def walk() -> None:
        async with opened(window, tmp_path, qapp, theme) as (shop, page):
            source = await shop.connections.add("paynow", "PayNow")
            for number in range(3):
                await shop.ledger.record(*told(source.id, f"e{number}", paid(f"o{number}")))
            page.rule_edit.open(Rule("Mail", Trigger.SALE_PAID, steps=(RuleStep("email", {"template": "thanks"}),)))
            page.head.attempt.click()
            trial = page.trial
            assert trial is not None
            await until(lambda: trial.model.rowCount() == 3, "three sales were tried")
            assert trial.summary.text().startswith("It would have run 3 times for the last 3 things that happened.")
            assert await shop.ledger.outbox.jobs(without=["ring"]) == ()
            trial.accept()

    run(walk())


def test_a_switch_in_the_window_is_a_switch_in_the_ledger(
    window: QWidget, run: Run, qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    async def walk() -> None:
        async with opened(window, tmp_path, qapp, theme) as (shop, page):
            page.list.setFocus()
            page.list.choose(page.model.kept[0].id)
            QTest.keyClick(page.list, Qt.Key.Key_Space)
            await until(lambda: page.model.line(0).about.startswith("Off since"), "the rule is off")
            ledger = Ledger.open(f"sqlite:///{shop.paths.ledger}", tell=lambda _fact: None)
            assert [rule.on for rule in await ledger.outbox.rules()] == [False, True]
            ledger.close()

    run(walk())
