"""A service that is connected by its API key alone, in the assistant."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Outcome
from shopwatch.presenting.setup.key_text import scopes_of
from shopwatch.providers.apis.paynow import PAYNOW_API
from tests.ui.conftest import Run
from tests.ui.setup.conftest import Desk, focused, press, until, write
from tests.ui.setup.test_senders import to_secret as to_secret_of
from tests.ui.setup.walking import TOKEN, to_address

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

KEY = "7261054:pnkey_that-may-make-webhooks"


async def to_key(desk: Desk) -> None:
    await to_address(desk)
    write(TOKEN)
    press(Qt.Key.Key_Return)
    await until(lambda: desk.window.at == 2, "the step of the key")


def words(desk: Desk) -> str:
    return "\n".join(label.text() for label in desk.window.findChildren(QLabel) if label.isVisible())


def test_the_whole_way_by_return_alone_and_nothing_to_copy(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_key(desk)
        assert focused() is desk.window.secret.key_way.field.line
        assert desk.window.primary.text() == "Connect PayNow"
        assert set(scopes_of(PAYNOW_API)) <= set(words(desk).splitlines())
        write(KEY)
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 3, "the last step")
        (source,) = desk.shop.sources.all
        assert desk.shop.connections.api_keys == {source.id: KEY}
        assert desk.shop.ledger.endpoints.registered[source.id].endpoint.url == desk.shop.address.of(source)
        assert "PayNow sends to ShopWatch now" in words(desk)
        assert "PayNow knows the address" in words(desk)
        assert not desk.window.connect_step.address.isVisible()
        desk.shop.hears(Outcome.ACCEPTED)
        assert "PayNow said hello" in desk.window.connect_step.live.text()
        assert desk.window.list.rows[2].accessibleName() == "3, Secret, done"

    run(walk())


def test_the_key_stays_in_no_field(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_key(desk)
        write(KEY)
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 3, "the last step")
        for line in desk.window.findChildren(QLineEdit):
            line.undo()
            assert KEY not in line.text()

    run(walk())


def test_what_goes_wrong_is_one_sentence_and_the_way_by_hand_one_key(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_key(desk)
        press(Qt.Key.Key_Return)
        way = desk.window.secret.key_way
        assert way.problem.text() == "Paste the API key, or choose “Do it by hand”."
        desk.shop.script.refuses["register"] = UserError(
            "The API key may not set up addresses at PayNow.", "Give it this too."
        )
        write(KEY)
        press(Qt.Key.Key_Return)
        await until(lambda: "may not set up" in way.problem.text(), "the refusal")
        assert desk.window.at == 2
        assert focused() is way.field.line
        assert focused().accessibleDescription() == way.problem.text()
        desk.window.secondary.setFocus()
        press(Qt.Key.Key_Space)
        assert desk.window.secret.block.isVisible()
        assert not way.isVisible()
        assert focused() is desk.window.secret.fields.shown[0].line
        write("kFp2kq0Zs1Yw8mN4tR7vX9bC4f2a")
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 3, "the last step")
        assert desk.window.connect_step.address.isVisible()

    run(walk())


def test_a_refused_key_can_be_given_again(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_key(desk)
        desk.shop.script.refuses["register"] = UserError("PayNow does not accept the API key.", "Copy it again.")
        write("7261054:half")
        press(Qt.Key.Key_Return)
        await until(lambda: "does not accept" in desk.window.secret.key_way.problem.text(), "the refusal")
        write(KEY)
        assert desk.window.secret.key_way.problem.text() == ""
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 3, "the last step")
        assert list(desk.shop.connections.api_keys.values()) == [KEY]
        assert len(desk.shop.sources.all) == 1

    run(walk())


def test_the_way_of_the_key_can_be_taken_again(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_key(desk)
        desk.window.secondary.click()
        desk.window.secret.use_key.setFocus()
        press(Qt.Key.Key_Return)
        assert focused() is desk.window.secret.key_way.field.line
        QApplication.clipboard().setText(KEY)
        press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert desk.window.secret.key_way.field.text() == KEY

    run(walk())


def test_without_a_public_address_nobody_can_be_told(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_address(desk)
        for card in desk.window.address.cards:
            card.radio.setChecked(True)
        assert desk.window.address.kind is TunnelKind.NONE
        desk.window.primary.click()
        await until(lambda: desk.window.at == 2, "the step of the secret")
        assert not desk.window.secret.key_way.isVisible()
        assert not desk.window.secret.use_key.isVisible()

    run(walk())


def test_a_secret_that_does_not_come_back_is_asked_for(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret_of(desk, "shopify")
        desk.window.secret.use_key.click()
        desk.shop.endpoints.gives_secrets = False
        desk.window.secret.key_way.field.write("shpat_0123456789abcdef")
        desk.window.primary.click()
        await until(desk.window.secret.block.isVisible, "the secret is asked for")
        assert desk.window.at == 2
        assert "Shopify sends to ShopWatch now, but its secret does not come back by itself." in words(desk)
        assert "the app’s own client secret" in words(desk)
        desk.window.secret.fields.shown[0].write("shpss_0123456789abcdef")
        desk.window.primary.click()
        await until(lambda: desk.window.at == 3, "the last step")
        assert "Shopify sends to ShopWatch now" in words(desk)

    run(walk())
