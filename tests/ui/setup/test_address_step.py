"""The assistant's second step: an address is opened, and what is wrong with it is told where it can be mended."""

import pytest
from PySide6.QtCore import Qt

from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.runtime.clock import now
from tests.ui.conftest import Run
from tests.ui.fake_parts import URL
from tests.ui.setup.conftest import Desk, focused, press, until, write
from tests.ui.setup.walking import TOKEN, to_address

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)


def test_a_wrong_token_is_told_under_its_field_and_can_be_mended(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        desk.shop.address.opens_at_once = False
        await to_address(desk)
        write("nonsense")
        press(Qt.Key.Key_Return)
        await until(lambda: "set_tunnel" in desk.shop.script.calls, "the tunnel is asked for")
        problem = UserError("ngrok does not accept this token.", "Copy it again from your ngrok page.")
        refused = TunnelStatus(TunnelKind.NGROK, TunnelState.NEEDS_USER, since=now(), problem=problem)
        desk.shop.receiver.tell_tunnel(refused)
        assert desk.window.at == 1
        assert desk.window.address.ngrok.note.text() == str(problem)
        assert focused() is desk.window.address.ngrok.token.line
        desk.shop.address.opens_at_once = True
        write(TOKEN)
        assert desk.window.address.ngrok.note.text() == ""
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 2, "the secret step")

    run(walk())


def test_download_and_opening_are_seen_as_they_happen(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        desk.shop.address.opens_at_once = False
        await to_address(desk)
        write(TOKEN)
        press(Qt.Key.Key_Return)
        await until(lambda: desk.shop.receiver.tunnel.state is TunnelState.STARTING, "opening")
        desk.shop.receiver.tell_tunnel(TunnelStatus(TunnelKind.NGROK, TunnelState.STARTING, since=now(), progress=0.42))
        assert desk.window.address.said == "Fetching the ngrok program. 42 percent"
        desk.shop.receiver.tell_tunnel(TunnelStatus(TunnelKind.NGROK, TunnelState.STARTING, since=now()))
        assert desk.window.address.said.strip() == "Opening your public address…"
        desk.shop.receiver.tell_tunnel(TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, URL, now()))
        assert desk.window.at == 1
        desk.shop.receiver.tell_reach(Reach(ReachState.ANSWERS, now(), now()))
        assert desk.window.at == 2

    run(walk())


def test_an_address_that_stays_silent_is_told_and_does_not_hold_up_for_ever(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        desk.shop.address.opens_at_once = False
        await to_address(desk)
        write(TOKEN)
        press(Qt.Key.Key_Return)
        await until(lambda: desk.shop.receiver.tunnel.state is TunnelState.STARTING, "opening")
        desk.shop.receiver.tell_tunnel(TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, URL, now()))
        desk.shop.receiver.tell_reach(Reach(ReachState.SILENT, now(), now()))
        assert desk.window.at == 1
        assert "does not answer from outside" in desk.window.address.said
        press(Qt.Key.Key_Return)
        assert desk.window.at == 2

    run(walk())


def test_no_address_leads_on_to_practice(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_address(desk)
        desk.window.address.cards[0].radio.setFocus()
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Down)
        assert desk.window.address.kind is TunnelKind.NONE
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 2, "the secret step")
        desk.window.secondary.setFocus()
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 3, "the last step")
        assert desk.window.connect_step.live.text() == "Practice mode. No real sale can arrive yet."
        assert desk.window.connect_step.address.text() == ""
        assert desk.shop.connections.secrets == {}

    run(walk())


def test_an_own_address_that_cannot_be_is_told_under_its_field(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_address(desk)
        desk.window.address.cards[0].radio.setFocus()
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Return)
        assert desk.window.address.own.note.text() == "Write the address that leads to this computer."
        desk.shop.script.refuses["set_tunnel"] = UserError("This is not an address.", "It begins with https://.")
        write("shop")
        press(Qt.Key.Key_Return)
        await until(lambda: "not an address" in desk.window.address.own.note.text(), "the complaint")
        desk.window.address.own.url.clear()
        write("https://shop.example")
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 2, "the secret step")

    run(walk())


def test_links_open_the_provider_s_pages(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_address(desk)
        desk.window.address.ngrok.where.setFocus()
        press(Qt.Key.Key_Return)
        write("x")
        assert desk.opened == ["https://dashboard.ngrok.com/get-started/your-authtoken"]

    run(walk())
