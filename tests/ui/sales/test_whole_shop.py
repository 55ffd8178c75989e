"""A night without hearing, told by the Sales screen, with a real shop and ledger."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QWidget

from shopwatch.domain.connection.gap import Cause
from shopwatch.domain.facts import GapEnded
from shopwatch.domain.instant import HOUR, MINUTE
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.host.paths import Paths
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.screen import SalesScreen
from shopwatch.ui.widgets.inputs.buttons import Button
from tests.ledger.arrivals import paid, told
from tests.ui.conftest import Run
from tests.ui.setup.conftest import until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)


@pytest.fixture
def window(qapp: QApplication, outlives: list[QObject]) -> QWidget:
    """Outlives the loop, and with it whatever the screen still waits for."""
    window = QWidget()
    window.resize(1200, 800)
    outlives.append(window)
    return window


async def a_night(shop: Shop) -> None:
    """Two sales that are told only in the morning, and one that is told at once."""
    source = await shop.connections.add("paynow", "PayNow")
    await shop.rules.put(Rule("Thank them", Trigger.SALE_PAID, steps=(RuleStep("email", {"template": "thanks"}),)))
    moment = now()
    for number, at in enumerate((moment - 3 * HOUR, moment - 2 * HOUR)):
        delivery, verdict = told(source.id, f"e{number}", paid(f"o{number}", 4_200, number=f"PN-{number}"), at=at)
        await shop.ledger.record(replace(delivery, received_at=moment, age=3 * HOUR), verdict)
    await shop.ledger.record(*told(source.id, "e9", paid("o9"), at=moment))
    gap = await shop.ledger.gaps.add(Cause.CLOSED, moment - 9 * HOUR, moment - MINUTE)
    shop.bus.tell(GapEnded(gap))


def test_what_a_night_brought_is_told_listed_and_its_letters_are_released(
    window: QWidget, run: Run, qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    async def walk() -> None:
        shop = await open_shop(Paths(tmp_path / "data"), vault=MemoryVault())
        shop.locale = "en_US"
        bridge = Bridge(shop.bus)
        screen = SalesScreen(shop, theme, bridge, qapp.clipboard())
        screen.setParent(window)
        screen.resize(window.size())
        screen.start()
        window.show()
        try:
            await a_night(shop)
            screen.away.watch.look()
            await until(lambda: screen.away.card is not None, "the night is told")
            card = screen.away.card
            assert card is not None
            said = "\n".join(label.text() for label in card.findChildren(QLabel))
            assert "While you were away, 2 sales came in" in said
            assert "$84.00" in card.text.text()

            button(card, "Show these sales").click()
            await until(lambda: screen.model.rowCount() == 2, "only those are listed")

            button(card, "Review 2 e-mails…").click()
            dialog = screen.away.dialog
            assert dialog is not None
            dialog.findChildren(QCheckBox)[0].click()
            button(dialog, "Send").click()
            button(dialog, "Decide later").click()
            await until(lambda: "Review 1 e-mail…" in texts(screen.away.card), "one of them waits still")
            states = [job.state for job in await shop.ledger.outbox.jobs(without=["ring"])]
            assert states.count(JobState.HELD) == 1
        finally:
            window.hide()
            bridge.close()
            await shop.close()

    run(walk())


def texts(inside: QWidget | None) -> list[str]:
    return [each.text() for each in inside.findChildren(Button)] if inside is not None else []


def button(inside: QWidget, text: str) -> Button:
    return next(each for each in inside.findChildren(Button) if each.text() == text)
