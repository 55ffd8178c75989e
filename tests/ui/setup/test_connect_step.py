"""The assistant's last step: the first message is waited for, and what comes of it is told."""

import pytest
from PySide6.QtCore import Qt

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Outcome
from shopwatch.providers.doctor.diagnosis import Cause, Diagnosis
from tests.ui.conftest import Run
from tests.ui.setup.conftest import Desk, focused, press, until
from tests.ui.setup.walking import to_connect

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)


def test_the_first_accepted_message_turns_the_frame_green(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_connect(desk)
        live = desk.window.connect_step.live
        assert live.text().startswith("Waiting for PayNow’s first message… Listening for 0 seconds.")
        desk.shop.hears(practice=True)
        assert live.kind == "waiting"
        assert "The practice sale came back at" in live.text()
        desk.shop.hears(Outcome.REJECTED, reason="signature-mismatch")
        assert live.kind == "doubt"
        assert "The signature does not fit the secret." in live.text()
        desk.shop.hears()
        assert live.kind == "heard"
        assert live.text().startswith("PayNow said hello at ")
        assert live.text().endswith("You are open.")
        shown = [button for button in (desk.window.back, desk.window.secondary, live.button) if button.isVisible()]
        assert shown == []
        assert desk.window.primary.text() == "Open my shop"

    run(walk())


def test_a_rejected_first_message_is_explained_by_the_doctor(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_connect(desk)
        live = desk.window.connect_step.live
        desk.shop.review.newest = Diagnosis(Cause.API_KEY, "An API key of PayNow is stored in place of the secret.", "")
        desk.shop.hears(Outcome.REJECTED, reason="signature-mismatch")
        await until(lambda: "An API key of PayNow is stored" in live.text(), "the doctor's sentence")
        assert live.kind == "doubt"

    run(walk())


def test_a_message_to_another_source_is_not_taken_for_this_one(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_connect(desk)
        other = await desk.shop.connections.add("stripe")
        desk.shop.hears()
        assert desk.shop.sources.all[-1] is other
        assert desk.window.connect_step.live.kind == "waiting"

    run(walk())


def test_a_practice_sale_is_asked_for_and_its_failure_is_told(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_connect(desk)
        live = desk.window.connect_step.live
        live.button.setFocus()
        press(Qt.Key.Key_Return)
        await until(
            lambda: "practise" in desk.shop.script.calls and not desk.window.connect_step.practising.running,
            "the practice sale",
        )
        desk.shop.script.refuses["practise"] = UserError("Your public address does not answer.", "Look at step 2.")
        live.button.setFocus()
        press(Qt.Key.Key_Space)
        await until(lambda: "does not answer" in live.text(), "the failure in words")
        assert focused() is live.button

    run(walk())
