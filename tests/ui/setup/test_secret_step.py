"""The assistant's third step: secrets are pasted, kept, and stay in no field."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from shopwatch.domain.errors import UserError
from tests.ui.conftest import Run
from tests.ui.setup.conftest import Desk, focused, press, until, write
from tests.ui.setup.walking import SECRET, TOKEN, to_connect, to_secret

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)


def texts(desk: Desk) -> list[str]:
    """What every field on every step holds, with what could be undone."""
    fields = desk.window.findChildren(QLineEdit)
    for field in fields:
        field.undo()
    return [field.text() for field in fields]


def test_nothing_secret_stays_in_a_field(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_connect(desk)
        assert not any(SECRET in text or TOKEN in text for text in texts(desk))
        assert desk.window.secret.fields.shown[0].line.placeholderText().endswith("4f2a")
        assert desk.window.address.ngrok.token.line.placeholderText().endswith("9Qe7")

    run(walk())


def test_ctrl_v_anywhere_on_the_step_pastes_into_the_field(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk)
        QApplication.clipboard().setText(f"  {SECRET}\n")
        desk.window.secret.another.setFocus()
        press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert desk.window.secret.fields.shown[0].text() == SECRET
        assert desk.window.secret.fields.notes[0].text() == "A line end was removed."
        assert focused() is desk.window.secret.fields.shown[0].line

    run(walk())


def test_several_secrets_are_kept_beside_each_other(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk)
        write(SECRET)
        desk.window.secret.another.setFocus()
        press(Qt.Key.Key_Space)
        write("second-secret-beef")
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 3, "the last step")
        assert desk.shop.connections.secrets[desk.shop.sources.all[0].id] == (SECRET, "second-secret-beef")
        press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        tails = [field.line.placeholderText()[-4:] for field in desk.window.secret.fields.shown]
        assert tails == ["4f2a", "beef"]

    run(walk())


def test_a_store_that_refuses_holds_the_step(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk)
        problem = UserError("Your password store is locked.", "Unlock it so that ShopWatch can check messages.")
        desk.shop.script.refuses["set_secrets"] = problem
        desk.shop.health.tell_vault(problem)
        assert desk.window.secret.problem.text() == str(problem)
        write(SECRET)
        press(Qt.Key.Key_Return)
        await until(lambda: not desk.window.secret.busy and "set_secrets" in desk.shop.script.calls, "the refusal")
        assert desk.window.at == 2
        assert desk.window.secret.problem.text() == str(problem)
        desk.window.secret.store.unlock.setFocus()
        press(Qt.Key.Key_Return)
        await until(lambda: desk.shop.health.vault_problem is None, "the store is unlocked")
        desk.window.secret.fields.shown[0].line.setFocus()
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 3, "the last step")
        assert len(desk.shop.sources.all) == 1

    run(walk())


def test_an_empty_secret_is_asked_for(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk)
        press(Qt.Key.Key_Return)
        assert desk.window.at == 2
        assert desk.window.secret.problem.text() == "Paste the secret, or choose “I do not have it yet”."

    run(walk())


def test_the_tab_key_goes_as_one_reads(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk)
        desk.window.secret.another.click()
        desk.window.secret.focus_first()
        met = []
        for _ in range(10):
            met.append(focused().accessibleName() or focused().property("text"))
            press(Qt.Key.Key_Tab)
        fields = ["Secret", "Show", "Paste: Secret", "Secret 2", "Show", "Paste: Secret 2"]
        link = "Open PayNow’s settings (opens in your browser)"
        assert met == [*fields, "Add another secret", "Use an API key instead", link, "About PayNow"]

    run(walk())
