"""The assistant as its owner walks it: by keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLabel

from shopwatch.domain.source import Source
from shopwatch.providers import PROVIDERS
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.runtime.clock import now
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.window import SetupWindow
from shopwatch.ui.window.page_context import PageContext
from tests.ui.conftest import Run
from tests.ui.fake_parts import URL
from tests.ui.fake_shop import new_shop
from tests.ui.setup.conftest import Desk, by_hand, focused, press, until, write
from tests.ui.setup.walking import SECRET, TOKEN, to_address, to_connect, to_secret

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)


def test_the_whole_way_by_return_alone(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        assert focused() is desk.window.primary
        assert desk.window.primary.text() == "Continue with PayNow"
        await to_connect(desk)
        (source,) = desk.shop.sources.all
        assert source.provider == "paynow"
        assert desk.shop.address.token == TOKEN
        assert desk.shop.connections.secrets[source.id] == (SECRET,)
        press(Qt.Key.Key_Return)
        assert QApplication.clipboard().text() == URL + source.path
        press(Qt.Key.Key_Return)
        assert desk.told == ["finished"]
        assert desk.shop.settings.current.setup_done

    run(walk())


def said(window: SetupWindow) -> str:
    return "\n".join(each.text() for each in window.findChildren(QLabel) if each.isVisibleTo(window))


def test_the_owner_hears_where_the_shop_s_name_is_shown(desk: Desk) -> None:
    assert "Shown in e-mails to customers and on your popular items page." in said(desk.window)


def test_a_running_shop_is_not_greeted_as_a_new_one(qapp: QApplication, theme: Theme) -> None:
    shop = new_shop(setup_done=True)
    shop.sources.all = (Source("s1", "paynow", "PayNow", "/in/x", now()),)
    bridge = Bridge(shop.bus)
    window = SetupWindow(PageContext(theme, shop, bridge, qapp.clipboard(), lambda _: None), providers=PROVIDERS)
    assert window.windowTitle() == "Add a service"
    assert window.accessibleName() == "Add a service, step 1 of 4, where you sell"
    assert window.secondary.text() == "Not now"
    for greeting in ("About 4 minutes", "Just looking around?", "on another computer?"):
        assert greeting not in said(window)
    bridge.close()
    window.deleteLater()


def test_a_new_shop_is_told_how_else_it_can_begin(desk: Desk) -> None:
    assert desk.window.windowTitle() == "Set up ShopWatch"
    assert desk.window.secondary.text() == "Set up later"
    for greeting in ("About 4 minutes", "Just looking around?", "on another computer?"):
        assert greeting in said(desk.window)


def test_what_was_typed_is_kept_when_going_back(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        desk.window.where.shop_name.setText("Bloom & Stem")
        await to_secret(desk)
        write("half of a sec")
        press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert desk.window.at == 1
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 2, "the secret step again")
        assert desk.window.secret.fields.shown[0].text() == "halfofasec"
        assert desk.shop.settings.current.shop_name == "Bloom & Stem"
        press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert desk.window.at == 0
        assert desk.window.where.shop_name.text() == "Bloom & Stem"

    run(walk())


def test_another_choice_takes_the_place_of_a_source_without_a_secret(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk)
        desk.window.secondary.click()
        await until(lambda: desk.window.at == 3, "the last step")
        desk.window.list.rows[0].setFocus()
        press(Qt.Key.Key_Return)
        assert desk.window.at == 0
        desk.window.where.cards[0].radio.setFocus()
        press(Qt.Key.Key_Right)
        assert desk.window.primary.text() == "Continue with Stripe"
        press(Qt.Key.Key_Return)
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 2, "the secret step")
        by_hand(desk.window)
        write("whsec_4f2a")
        assert desk.window.secret.fields.notes[0].text() == "Looks like a Stripe secret."
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 3, "the last step")
        assert [source.provider for source in desk.shop.sources.all] == ["stripe"]

    run(walk())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Bloom & Stem", "Continue with Bloom && Stem"),
        ("Kassensystemzulieferer Gänseblümchen", "Continue with Kassensystemzulieferer Gänseblümc…"),
    ],
)
def test_a_name_of_ones_own_stays_readable_on_the_button(run: Run, desk: Desk, name: str, shown: str) -> None:
    async def walk() -> None:
        where = desk.window.where
        where.on_service(CUSTOM)
        where.own_name.setText(name)
        primary = desk.window.primary
        assert primary.text() == shown
        await until(lambda: primary.sizeHint().width() <= primary.width(), "the button has room for it")

    run(walk())


def test_another_service_has_its_own_name(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        where = desk.window.where
        where.other.radio.setFocus()
        press(Qt.Key.Key_Space)
        assert desk.window.primary.text() == "Choose a service…"
        desk.window.primary.click()
        assert where.services is not None
        where.services.activateWindow()
        await until(where.services.search.hasFocus, "the search has the keyboard")
        write("follows the standard")
        assert [each.id for each in where.services.found] == ["standard-webhooks"]
        press(Qt.Key.Key_Return)
        assert desk.window.primary.text() == "Continue"
        desk.window.activateWindow()
        await until(where.own_name.hasFocus, "the name is asked for")
        write("Harbour Tickets")
        assert desk.window.primary.text() == "Continue with Harbour Tickets"
        await to_secret(desk)
        write("whsec_c2VjcmV0")
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 3, "the last step")
        (source,) = desk.shop.sources.all
        assert (source.provider, source.name) == ("standard-webhooks", "Harbour Tickets")
        assert desk.window.connect_step.heading.text() == "Give Harbour Tickets your address"

    run(walk())


def test_the_ways_out_are_told_once(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        desk.window.secondary.setFocus()
        press(Qt.Key.Key_Return)
        press(Qt.Key.Key_Return)
        desk.window.close()
        assert desk.told == ["later"]

    run(walk())


def test_a_shop_that_was_elsewhere_can_be_brought_here_first(run: Run, desk: Desk) -> None:
    wanted = QSignalSpy(desk.window.restore_wanted)

    async def walk() -> None:
        desk.window.where.restore.setFocus()
        press(Qt.Key.Key_Space)
        assert wanted.count() == 1
        assert not desk.shop.settings.current.setup_done

    run(walk())


def test_practice_can_be_chosen_first(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        desk.window.where.practice.setFocus()
        press(Qt.Key.Key_Return)
        assert desk.told == ["practice"]

    run(walk())


def test_screen_readers_hear_where_they_are(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        assert desk.window.accessibleName() == "Set up ShopWatch, step 1 of 4, where you sell"
        await to_address(desk)
        assert desk.window.accessibleName() == "Set up ShopWatch, step 2 of 4, public address"
        assert desk.window.list.rows[0].accessibleName() == "1, Where you sell, done"
        assert desk.window.list.rows[2].accessibleName() == "3, Secret, later"

    run(walk())
