"""The assistant as its owner walks it: by keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLineEdit

from shopwatch.domain.clock import now
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.providers.diagnosis import Cause, Diagnosis
from tests.ui.setup.conftest import Desk, Run, by_hand, focused, press, until, write
from tests.ui.setup.shop import URL

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

SECRET = "kFp2kq0Zs1Yw8mN4tR7vX9bC4f2a"
TOKEN = "2abcDEFghiJKLmnoPQRstuVWXyz_9Qe7"


async def to_address(desk: Desk) -> None:
    press(Qt.Key.Key_Return)
    await until(lambda: desk.window.at == 1, "the address step")


async def to_secret(desk: Desk) -> None:
    await to_address(desk)
    write(TOKEN)
    press(Qt.Key.Key_Return)
    await until(lambda: desk.window.at == 2, "the secret step")
    by_hand(desk.window)


async def to_connect(desk: Desk) -> None:
    await to_secret(desk)
    write(SECRET)
    press(Qt.Key.Key_Return)
    await until(lambda: desk.window.at == 3, "the last step")


def texts(desk: Desk) -> list[str]:
    """What every field on every step holds, with what could be undone."""
    fields = desk.window.findChildren(QLineEdit)
    for field in fields:
        field.undo()
    return [field.text() for field in fields]


def test_the_whole_way_by_return_alone(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        assert focused() is desk.window.primary
        assert desk.window.primary.text() == "Continue with PayNow"
        await to_connect(desk)
        (source,) = desk.shop.sources
        assert source.provider == "paynow"
        assert desk.shop.token == TOKEN
        assert desk.shop.secrets[source.id] == (SECRET,)
        press(Qt.Key.Key_Return)
        assert QApplication.clipboard().text() == URL + source.path
        press(Qt.Key.Key_Return)
        assert desk.told == ["finished"]
        assert desk.shop.settings.setup_done

    run(walk())


def test_nothing_secret_stays_in_a_field(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_connect(desk)
        assert not any(SECRET in text or TOKEN in text for text in texts(desk))
        assert desk.window.secret.fields.shown[0].line.placeholderText().endswith("4f2a")
        assert desk.window.address.ngrok.token.line.placeholderText().endswith("9Qe7")

    run(walk())


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
        assert desk.shop.settings.shop_name == "Bloom & Stem"
        press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert desk.window.at == 0
        assert desk.window.where.shop_name.text() == "Bloom & Stem"

    run(walk())


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
        desk.shop.diagnosis = Diagnosis(Cause.API_KEY, "An API key of PayNow is stored in place of the secret.", "")
        desk.shop.hears(Outcome.REJECTED, reason="signature-mismatch")
        await until(lambda: "An API key of PayNow is stored" in live.text(), "the doctor's sentence")
        assert live.kind == "doubt"

    run(walk())


def test_a_message_to_another_source_is_not_taken_for_this_one(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_connect(desk)
        other = await desk.shop.add_source("stripe")
        desk.shop.hears()
        assert desk.shop.sources[-1] is other
        assert desk.window.connect_step.live.kind == "waiting"

    run(walk())


def test_a_practice_sale_is_asked_for_and_its_failure_is_told(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_connect(desk)
        live = desk.window.connect_step.live
        live.button.setFocus()
        press(Qt.Key.Key_Return)
        await until(
            lambda: "practise" in desk.shop.calls and not desk.window.connect_step.practising.running,
            "the practice sale",
        )
        desk.shop.refuses["practise"] = UserError("Your public address does not answer.", "Look at step 2.")
        live.button.setFocus()
        press(Qt.Key.Key_Space)
        await until(lambda: "does not answer" in live.text(), "the failure in words")
        assert focused() is live.button

    run(walk())


def test_a_wrong_token_is_told_under_its_field_and_can_be_mended(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        desk.shop.opens_at_once = False
        await to_address(desk)
        write("nonsense")
        press(Qt.Key.Key_Return)
        await until(lambda: "set_tunnel" in desk.shop.calls, "the tunnel is asked for")
        problem = UserError("ngrok does not accept this token.", "Copy it again from your ngrok page.")
        desk.shop.show_tunnel(TunnelStatus(TunnelKind.NGROK, TunnelState.NEEDS_USER, since=now(), problem=problem))
        assert desk.window.at == 1
        assert desk.window.address.ngrok.note.text() == str(problem)
        assert focused() is desk.window.address.ngrok.token.line
        desk.shop.opens_at_once = True
        write(TOKEN)
        assert desk.window.address.ngrok.note.text() == ""
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 2, "the secret step")

    run(walk())


def test_download_and_opening_are_seen_as_they_happen(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        desk.shop.opens_at_once = False
        await to_address(desk)
        write(TOKEN)
        press(Qt.Key.Key_Return)
        await until(lambda: desk.shop.tunnel.state is TunnelState.STARTING, "opening")
        desk.shop.show_tunnel(TunnelStatus(TunnelKind.NGROK, TunnelState.STARTING, since=now(), progress=0.42))
        assert desk.window.address.said == "Fetching the ngrok program. 42 percent"
        desk.shop.show_tunnel(TunnelStatus(TunnelKind.NGROK, TunnelState.STARTING, since=now()))
        assert desk.window.address.said.strip() == "Opening your public address…"
        desk.shop.show_tunnel(TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, URL, now()))
        assert desk.window.at == 1
        desk.shop.show_reach(Reach(ReachState.ANSWERS, now(), now()))
        assert desk.window.at == 2

    run(walk())


def test_an_address_that_stays_silent_is_told_and_does_not_hold_up_for_ever(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        desk.shop.opens_at_once = False
        await to_address(desk)
        write(TOKEN)
        press(Qt.Key.Key_Return)
        await until(lambda: desk.shop.tunnel.state is TunnelState.STARTING, "opening")
        desk.shop.show_tunnel(TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, URL, now()))
        desk.shop.show_reach(Reach(ReachState.SILENT, now(), now()))
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
        assert desk.shop.secrets == {}

    run(walk())


def test_an_own_address_that_cannot_be_is_told_under_its_field(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_address(desk)
        desk.window.address.cards[0].radio.setFocus()
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Return)
        assert desk.window.address.own.note.text() == "Write the address that leads to this computer."
        desk.shop.refuses["set_tunnel"] = UserError("This is not an address.", "It begins with https://.")
        write("shop")
        press(Qt.Key.Key_Return)
        await until(lambda: "not an address" in desk.window.address.own.note.text(), "the complaint")
        desk.window.address.own.url.clear()
        write("https://shop.example")
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 2, "the secret step")

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
        assert desk.shop.secrets[desk.shop.sources[0].id] == (SECRET, "second-secret-beef")
        press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        tails = [field.line.placeholderText()[-4:] for field in desk.window.secret.fields.shown]
        assert tails == ["4f2a", "beef"]

    run(walk())


def test_a_store_that_refuses_holds_the_step(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk)
        problem = UserError("Your password store is locked.", "Unlock it so that ShopWatch can check messages.")
        desk.shop.refuses["set_secrets"] = problem
        desk.shop.show_vault(problem)
        assert desk.window.secret.problem.text() == str(problem)
        write(SECRET)
        press(Qt.Key.Key_Return)
        await until(lambda: not desk.window.secret.busy and "set_secrets" in desk.shop.calls, "the refusal")
        assert desk.window.at == 2
        assert desk.window.secret.problem.text() == str(problem)
        desk.window.secret.store.unlock.setFocus()
        press(Qt.Key.Key_Return)
        await until(lambda: desk.shop.vault_problem is None, "the store is unlocked")
        desk.window.secret.fields.shown[0].line.setFocus()
        press(Qt.Key.Key_Return)
        await until(lambda: desk.window.at == 3, "the last step")
        assert len(desk.shop.sources) == 1

    run(walk())


def test_an_empty_secret_is_asked_for(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk)
        press(Qt.Key.Key_Return)
        assert desk.window.at == 2
        assert desk.window.secret.problem.text() == "Paste the secret, or choose “I do not have it yet”."

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
        assert [source.provider for source in desk.shop.sources] == ["stripe"]

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
        (source,) = desk.shop.sources
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
        assert not desk.shop.settings.setup_done

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


def test_links_open_the_provider_s_pages(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_address(desk)
        desk.window.address.ngrok.where.setFocus()
        press(Qt.Key.Key_Return)
        write("x")
        assert desk.opened == ["https://dashboard.ngrok.com/get-started/your-authtoken"]

    run(walk())
