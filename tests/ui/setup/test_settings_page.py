from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import UsageChanged
from shopwatch.host.autostart import starts_at_login
from shopwatch.runtime.clock import now
from shopwatch.settings.settings import Look
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import RING
from shopwatch.ui.window.page_context import PageContext
from shopwatch.ui.window.settings_page import SettingsPage
from tests.ui.conftest import Run
from tests.ui.fake_shop import FakeShop, new_shop
from tests.ui.setup.conftest import focused, press, until, write

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)


def shows(inside: QWidget, words: str) -> bool:
    """Whether a label in there says so."""
    return any(words in label.text() for label in inside.findChildren(QLabel) if label.isVisible())


class Desk:
    def __init__(self, page: SettingsPage, shop: FakeShop, opened: list[str]) -> None:
        self.page = page
        self.shop = shop
        self.opened = opened

    async def shows(self) -> None:
        """Put a connection in and show the page."""
        await self.shop.connections.add("paynow", "PayNow")
        self.shop.address.goes_online()
        self.page.show()
        self.page.activateWindow()
        await until(self.page.isActiveWindow, "the page has the keyboard")


@pytest.fixture
def desk(qapp: QApplication, theme: Theme) -> Iterator[Desk]:
    shop = new_shop(tunnel=TunnelKind.NGROK, shop_name="Bloom & Stem", setup_done=True, port=18080)
    bridge = Bridge(shop.bus)
    opened: list[str] = []
    page = SettingsPage(PageContext(theme, shop, bridge, qapp.clipboard(), opened.append), launch=("/opt/shopwatch",))
    page.resize(900, 900)
    yield Desk(page, shop, opened)
    bridge.close()
    page.close()
    page.deleteLater()


def test_the_shop_s_name_is_saved_when_it_is_written(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        line = desk.page.general.shop_name
        said = [each.text() for each in desk.page.general.findChildren(QLabel)]
        assert "Shown in e-mails to customers and on your popular items page." in said
        assert line.text() == "Bloom & Stem"
        line.setFocus()
        line.selectAll()
        write("Harbour Flowers")
        press(Qt.Key.Key_Return)
        assert desk.shop.settings.current.shop_name == "Harbour Flowers"

    run(change())


def test_a_long_name_is_shown_from_its_beginning(run: Run, desk: Desk) -> None:
    async def look() -> None:
        desk.shop.settings.change(shop_name="Blumen- und Geschenkartikelfachgeschäft Gänseblümchen")
        await desk.shows()
        assert desk.page.general.shop_name.cursorPosition() == 0

    run(look())


def test_all_that_is_changed_ends_on_one_line(run: Run, desk: Desk) -> None:
    async def look() -> None:
        await desk.shows()
        general, notices = desk.page.general, desk.page.notices
        edge = {right(general.shop_name), right(general.check_at), right(notices.remind)}
        assert edge == {right(each) - RING for each in (general.folder, general.at_login, notices.popups)}

    def right(widget: QWidget) -> int:
        return widget.mapTo(desk.page, QPoint(widget.width(), 0)).x()

    run(look())


def test_starting_with_the_computer_is_really_arranged(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        assert not starts_at_login()
        QTest.keyClick(desk.page.general.at_login, Qt.Key.Key_Space)
        assert starts_at_login()
        desk.page.general.at_login.click()
        assert not starts_at_login()

    run(change())


def test_the_data_folder_opens(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        desk.page.general.folder.click()
        assert desk.opened == [Path(desk.shop.paths.data_dir).as_uri()]

    run(change())


def test_switches_and_look_are_saved_at_once(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        notices, appearance = desk.page.notices, desk.page.appearance
        for switch in (notices.popups, notices.bell, notices.hide_details, appearance.compact, appearance.still):
            switch.click()
        QTest.keyClick(appearance.look.buttons()[0], Qt.Key.Key_Right)
        QTest.keyClick(appearance.look.buttons()[1], Qt.Key.Key_Right)
        settings = desk.shop.settings.current
        assert (settings.popups, settings.bell, settings.hide_details) == (False, False, True)
        assert (settings.compact_rows, settings.fewer_animations) == (True, True)
        assert settings.look is Look.DARK

    run(change())


def test_what_is_used_of_a_free_ngrok_account_is_shown_until_the_owner_has_another(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        address = desk.page.address
        assert shows(address, "0 of this month’s 20,000 requests are used")
        desk.shop.receiver.requests_used = 1_234
        desk.shop.bus.tell(UsageChanged(1_234))
        assert shows(address, "1,234 of this month’s 20,000 requests are used")
        QTest.keyClick(address.free, Qt.Key.Key_Space)
        assert not desk.shop.settings.current.ngrok_is_free
        assert shows(address, "Nothing warns you of a limit.")
        assert not shows(address, "20,000")

    run(change())


def test_quiet_hours_and_a_reminder_are_chosen_and_kept(run: Run, desk: Desk) -> None:
    async def change() -> None:
        desk.shop.settings.change(quiet_from=1350, quiet_to=420, remind_after=15)
        await desk.shows()
        notices = desk.page.notices
        chosen = [combo.currentData() for combo in (notices.quiet_from, notices.quiet_to, notices.remind)]
        assert chosen == [1350, 420, 15]
        for combo, key in ((notices.quiet_from, Qt.Key.Key_Down), (notices.quiet_to, Qt.Key.Key_Up)):
            QTest.keyClick(combo, key)
        QTest.keyClick(notices.remind, Qt.Key.Key_Home)
        settings = desk.shop.settings.current
        assert (settings.quiet_from, settings.quiet_to, settings.remind_after) == (1380, 390, 0)

    run(change())


def test_trying_rings_a_practice_sale_and_tells_what_failed(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        desk.shop.script.refuses["practise"] = UserError("Your public address does not answer.")
        desk.page.notices.try_it.click()
        await until(lambda: desk.page.notices.problem.text() == "Your public address does not answer.", "the failure")
        desk.page.notices.try_it.click()
        await until(lambda: desk.page.notices.problem.text() == "", "it worked")
        assert desk.shop.script.calls.count("practise") == 2

    run(change())


def test_blocked_pop_ups_are_told_where_they_are_switched_on(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        desk.page.show_popup_problem(UserError("Your system hides pop-ups from ShopWatch."))
        assert desk.page.notices.problem.text() == "Your system hides pop-ups from ShopWatch."
        desk.page.show_popup_problem(None)
        assert desk.page.notices.problem.text() == ""

    run(change())


def test_a_token_is_stored_and_leaves_no_trace_on_the_page(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        address = desk.page.address
        address.change_token.click()
        assert focused() is address.token.line
        write("2abc_9Qe7")
        address.save_token.click()
        await until(
            lambda: desk.shop.address.token == "2abc_9Qe7" and address.change_token.isVisible(), "the token is stored"
        )
        for line in desk.page.findChildren(QLineEdit):
            line.undo()
            assert "2abc" not in line.text()

    run(change())


def test_a_refused_address_is_told_and_the_old_one_stays(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        address = desk.page.address
        desk.shop.script.refuses["set_tunnel"] = UserError("ngrok does not know this domain.")
        address.domain.setFocus()
        write("other.ngrok.app")
        press(Qt.Key.Key_Return)
        await until(lambda: address.problem.text() == "ngrok does not know this domain.", "the refusal")
        assert desk.shop.settings.current.tunnel_domain == ""

    run(change())


def test_closing_the_address_asks_first(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        address = desk.page.address
        address.kind.buttons()[2].click()
        assert address.question is not None
        assert address.question.safe.text() == "Keep it"
        address.question.safe.click()
        assert desk.shop.settings.current.tunnel is TunnelKind.NGROK
        assert address.kind.key is TunnelKind.NGROK
        address.kind.buttons()[2].click()
        address.question.action.click()
        await until(lambda: desk.shop.settings.current.tunnel is TunnelKind.NONE, "the address is closed")

    run(change())


def test_an_own_address_takes_the_place_of_ngrok_once_it_is_written(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        address = desk.page.address
        address.kind.buttons()[1].click()
        assert desk.shop.settings.current.tunnel is TunnelKind.NGROK
        assert focused() is address.url
        write("https://shop.example")
        press(Qt.Key.Key_Return)
        await until(lambda: desk.shop.settings.current.own_url == "https://shop.example", "the address is taken")
        assert desk.shop.settings.current.tunnel.value == "own"

    run(change())


def test_what_is_wrong_with_the_address_is_said(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()
        assert desk.page.address.said.startswith("lilac-heron.ngrok-free.app: The address answers.")
        problem = UserError("ngrok does not accept this token.", "Copy it again.")
        refused = TunnelStatus(TunnelKind.NGROK, TunnelState.NEEDS_USER, since=now(), problem=problem)
        desk.shop.receiver.tell_tunnel(refused)
        assert desk.page.address.said == str(problem)

    run(change())


def test_a_setting_that_cannot_be_saved_is_told_and_not_pretended(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows()

        def refuse(**_changes: object) -> None:
            raise UserError("The disk is full.")

        desk.shop.settings.change = refuse  # type: ignore[method-assign]
        desk.page.notices.bell.click()
        assert desk.page.notices.problem.text() == "The disk is full."
        assert desk.page.notices.bell.isChecked()

    run(change())


def test_the_time_at_which_each_day_is_compared_is_chosen(run: Run, desk: Desk) -> None:
    async def choose() -> None:
        await desk.shows()
        choice = desk.page.general.check_at
        assert choice.currentText() == "Never"
        choice.setFocus()
        for _ in range(41):
            press(Qt.Key.Key_Down)
        assert desk.shop.settings.current.check_at == 20 * 60
        press(Qt.Key.Key_Home)
        assert desk.shop.settings.current.check_at == -1

    run(choose())
