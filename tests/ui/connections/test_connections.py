"""The page of connections, walked with a shop made by hand."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import HOUR, MINUTE
from shopwatch.domain.messages.event import Kind
from shopwatch.providers.senders.square import SQUARE
from shopwatch.runtime.clock import now
from shopwatch.ui.connections.fold import Fold
from shopwatch.ui.widgets.frames.ground import Hairline
from tests.ui.conftest import Run
from tests.ui.connections.desk import OLD, Desk
from tests.ui.fake_parts import URL
from tests.ui.inbox.deliveries import accepted
from tests.ui.setup.conftest import press, until, write

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support propagateSizeHints",
    "This plugin does not support raise",
    "This plugin does not support grabbing the keyboard",
    extend=True,
)

NEW = "whsec_that-came-after-n3w2"


def test_each_source_has_its_card_with_address_and_how_its_secret_ends(run: Run, desk: Desk) -> None:
    async def look() -> None:
        card = await desk.shows("paynow")
        assert card.address.text() == URL + card.source.path
        assert card.secret.value.whole_text() == "Ends with 0ld1"
        other = await desk.shows("stripe", secret="")
        assert other.secret.value.whole_text() == "There is none yet. Its messages are not counted."
        other.secret.button.click()
        write(NEW)
        other.secret.save.click()
        await until(lambda: other.secret.value.whole_text() == "Ends with n3w2", "the new secret")
        assert desk.shop.connections.secrets[other.source.id] == (NEW,)
        assert not other.secret.is_open
        for line in desk.page.findChildren(QLineEdit):
            line.undo()
            assert NEW not in line.text()

    run(look())


def test_a_secret_is_replaced_and_the_old_one_kept_as_long_as_the_owner_says(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("stripe")
        card.secret.button.click()
        write(NEW)
        card.secret.keep.setCurrentIndex(card.secret.keep.findData(HOUR))
        card.secret.save.click()
        await until(lambda: "n3w2" in card.secret.value.whole_text(), "the new secret")
        assert card.secret.value.whole_text().startswith("Ends with n3w2; the old one, 0ld1, counts until ")
        assert desk.shop.connections.previous[card.source.id][1] <= now() + HOUR

    run(change())


def test_one_more_secret_goes_beside_where_each_event_has_its_own(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("paynow")
        assert card.secret.button.text() == "Add another…"
        card.secret.button.click()
        assert card.secret.keep.isHidden()
        write(NEW)
        press(Qt.Key.Key_Tab)
        card.secret.save.click()
        await until(lambda: card.secret.value.whole_text() == "Ends with 0ld1, n3w2", "both")

    run(change())


def test_a_secret_in_the_address_is_made_here_copied_whole_and_shown_as_dots(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("mailchimp")
        await until(lambda: card.address.text().endswith(OLD), "the whole address")
        assert all(OLD not in line.text() for line in desk.page.findChildren(QLineEdit))
        card.address.button.click()
        assert QApplication.clipboard().text() == f"{URL}{card.source.path}?secret={OLD}"
        card.secret.button.click()
        assert card.secret.field.isHidden()
        card.secret.save.click()
        await until(lambda: not card.address.text().endswith(OLD), "another address")
        assert len(desk.shop.connections.secrets[card.source.id][0]) == 32

    run(change())


def test_a_refused_secret_is_told_beside_it_and_stays_to_be_mended(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("stripe", secret="")
        desk.shop.script.refuses["set_secrets"] = UserError("This secret is too short to be safe.")
        card.secret.button.click()
        write("short")
        card.secret.save.click()
        await until(lambda: card.secret.problem.text() == "This secret is too short to be safe.", "the refusal")
        assert card.secret.field.text() == "short"

    run(change())


@pytest.mark.parametrize(("provider_id", "online"), [("custom", True), ("stripe", True), ("stripe", False)])
def test_a_line_parts_the_rows_that_are_shown_and_nothing_else(
    run: Run, desk: Desk, provider_id: str, online: bool
) -> None:
    async def look() -> None:
        options = {"method": "none", "notices": "*"} if provider_id == "custom" else None
        card = await desk.shows(provider_id, options, secret="" if options else OLD)
        if not online:
            desk.shop.receiver.tell_tunnel(TunnelStatus())
        rows = [row for row in card.findChildren(Fold) if row.isVisible()]
        lines = [line for line in card.findChildren(Hairline) if line.isVisible()]
        assert len(lines) == len(rows) - 1
        assert not lines or min(line.y() for line in lines) > min(row.y() for row in rows)

    run(look())


def test_a_sender_without_a_secret_is_asked_for_none(run: Run, desk: Desk) -> None:
    async def look() -> None:
        card = await desk.shows("custom", {"method": "none", "notices": "*"}, secret="")
        assert card.secret.isHidden()
        assert not card.test.isHidden()

    run(look())


def test_settings_are_changed_and_what_is_wrong_is_told_beside_the_field(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("meta", {"verify_token": "bloom", "allow": "10.0.0.0/8"})
        row = card.options
        assert row is not None
        assert row.value.whole_text() == "Verify token: bloom"
        row.button.click()
        row.form.rows["verify_token"].field.selectAll()  # type: ignore[union-attr]
        press(Qt.Key.Key_Delete)
        row.save.click()
        note = row.form.rows["verify_token"].note
        await until(lambda: "needs" in note.text(), "what is missing")
        write("stem")
        row.save.click()
        await until(lambda: row.value.whole_text() == "Verify token: stem", "the new word")
        assert desk.source(card).options == {"verify_token": "stem", "allow": "10.0.0.0/8"}

    run(change())


def test_whose_messages_count_is_told_with_what_the_newest_ones_named(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("square")
        row = card.options
        assert row is not None
        assert row.value.whole_text() == "Messages of every account count."
        request = SQUARE.practise(Kind.SALE, OLD, now(), 1)
        desk.shop.ledger.inbox.rows = {
            6: accepted(6, source_id=card.source.id, practice=True),
            7: accepted(7, source_id=card.source.id, headers=(), body=request.body, url=request.url),
        }
        row.button.click()
        field = row.form.rows["account"].field
        assert isinstance(field, QLineEdit)
        await until(lambda: field.placeholderText() == "So far MLBLOOMANDST1", "whose messages came")
        write("MLBLOOMANDST1")
        row.save.click()
        await until(lambda: row.value.whole_text() == "Merchant ID: MLBLOOMANDST1", "whose messages count")
        assert desk.source(card).options == {"account": "MLBLOOMANDST1"}

    run(change())


def test_who_may_send_is_two_lists_beside_all_other_options(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("meta", {"verify_token": "bloom"})
        assert card.addresses.value.whole_text().startswith("From anywhere")
        card.addresses.button.click()
        write("203.0.113.0/24 meta.example")
        card.addresses.block.setFocus()
        write("203.0.113.9")
        press(Qt.Key.Key_Return)
        await until(lambda: "allow" in desk.source(card).options, "the lists are kept")
        expected = {"verify_token": "bloom", "allow": "203.0.113.0/24 meta.example", "block": "203.0.113.9"}
        assert desk.source(card).options == expected
        assert card.addresses.value.whole_text() == "Only from 2 addresses or names, never from 1"

    run(change())


def test_an_api_key_is_stored_its_trouble_told_and_forgotten(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("stripe")
        row = card.api
        assert row is not None
        await until(lambda: row.value.whole_text().startswith("None."), "that there is none")
        row.button.click()
        write("rk_live_something")
        row.save.click()
        await until(lambda: row.value.whole_text().startswith("Stored."), "that there is one")
        assert desk.shop.connections.api_keys == {card.source.id: "rk_live_something"}
        desk.shop.receiver.asking_problems[card.source.id] = UserError(
            "Stripe does not accept the API key.", "Copy it again."
        )
        card.read()
        await until(lambda: row.value.whole_text() == "Stripe does not accept the API key.", "the trouble")
        row.forget.click()
        await until(lambda: not desk.shop.connections.api_keys, "it is forgotten")

    run(change())


def test_trouble_in_asking_is_told_also_where_no_key_is_needed(run: Run, desk: Desk) -> None:
    async def look() -> None:
        card = await desk.shows("paynow-zw")
        assert card.api is None
        desk.shop.receiver.asking_problems[card.source.id] = UserError(
            "Paynow Zimbabwe cannot be asked now.", "Soon again."
        )
        card.read()
        await until(lambda: "Paynow Zimbabwe cannot be asked now." in card.note.text(), "the trouble")
        del desk.shop.receiver.asking_problems[card.source.id]
        card.read()
        await until(lambda: not card.note.text(), "that it is over")

    run(look())


def test_a_key_that_only_tells_the_address_is_not_said_to_ask_for_anything(run: Run, desk: Desk) -> None:
    async def look() -> None:
        card = await desk.shows("github")
        desk.shop.connections.api_keys[card.source.id] = "bloom/shop:github_pat_x"
        card.read()
        row = card.api
        assert row is not None
        await until(lambda: row.value.whole_text() == "Stored. ShopWatch tells its address by it.", "what it is for")

    run(look())


def test_who_cannot_be_asked_has_no_line_for_a_key(run: Run, desk: Desk) -> None:
    async def look() -> None:
        assert (await desk.shows("kofi")).api is None

    run(look())


def test_a_test_says_that_it_came_back_or_why_not(run: Run, desk: Desk) -> None:
    async def practise() -> None:
        card = await desk.shows("twilio")
        card.test.click()
        await until(lambda: card.note.text().startswith("The practice message came back at "), "that it came back")
        desk.shop.script.refuses["practise"] = UserError("Your public address does not answer.")
        card.test.click()
        await until(lambda: card.note.text() == "Your public address does not answer.", "why not")
        assert desk.shop.script.calls.count("practise") == 2

    run(practise())


def test_the_lamp_tells_when_a_source_was_last_heard_also_before_this_start(run: Run, desk: Desk) -> None:
    async def look() -> None:
        card = await desk.shows("paynow")
        assert card.heard.whole_text() == "No message has arrived yet."
        came = accepted(1, source_id=card.source.id, received_at=now() - 3 * MINUTE)
        desk.shop.ledger.inbox.rows = {1: came, 2: replace(came, id=2, practice=True, received_at=now())}
        desk.page.hide()
        desk.page.show()
        await until(lambda: card.heard.whole_text().startswith("Last heard at "), "when it was heard")
        desk.shop.receiver.tell_reach(Reach(ReachState.SILENT, now(), now()))
        assert card.heard.whole_text().startswith("Not hearing since ")
        desk.shop.receiver.tell_reach(Reach(ReachState.ANSWERS, now(), now()))
        desk.shop.health.tell_vault(UserError("Your password store is locked."))
        assert card.heard.whole_text().startswith("Its messages cannot be checked now.")
        desk.shop.receiver.tell_tunnel(TunnelStatus(TunnelKind.NONE, TunnelState.STOPPED))
        assert card.heard.whole_text() == "Practice mode. No real message can arrive yet."
        assert card.place.isHidden()

    run(look())


def test_removing_asks_first(run: Run, desk: Desk) -> None:
    async def change() -> None:
        await desk.shows("paynow")
        card = await desk.shows("stripe")
        card.remove.click()
        assert card.question is not None
        card.question.reject()
        assert len(desk.shop.sources.all) == 2
        card.remove.click()
        card.question.action.click()
        await until(lambda: len(desk.page.cards) == 1, "the card is gone")
        assert [source.provider for source in desk.shop.sources.all] == ["paynow"]

    run(change())


def test_cards_stay_when_another_source_comes(run: Run, desk: Desk) -> None:
    async def change() -> None:
        card = await desk.shows("stripe")
        card.secret.button.click()
        write("whsec_half")
        await desk.shop.connections.add("paynow", "PayNow")
        assert desk.page.cards[0] is card
        assert card.secret.field.text() == "whsec_half"

    run(change())


def test_a_connection_of_a_newer_shopwatch_can_be_seen_and_removed(run: Run, desk: Desk) -> None:
    async def look() -> None:
        card = await desk.shows("not-yet-known")
        assert card.heard.whole_text() == "This connection was made by a newer ShopWatch."
        assert card.test.isHidden()
        assert not card.remove.isHidden()

    run(look())


def test_the_inbox_leads_to_the_secret_of_a_source(run: Run, desk: Desk) -> None:
    async def look() -> None:
        card = await desk.shows("stripe")
        desk.page.replace_secret(card.source.id)
        assert card.secret.is_open
        assert card.secret.field.line.hasFocus()

    run(look())


def test_another_service_is_asked_for(run: Run, desk: Desk) -> None:
    async def look() -> None:
        told: list[str] = []
        desk.page.show()
        desk.page.add_requested.connect(lambda: told.append("add"))
        desk.page.add.click()
        assert told == ["add"]

    run(look())


def test_what_a_locked_password_store_holds_is_neither_denied_nor_offered_to_be_forgotten(run: Run, desk: Desk) -> None:
    locked = UserError("Your password store is locked.", "Unlock it.", code="vault-locked")

    def show(problem: UserError | None) -> None:
        desk.shop.connections.unreadable = problem
        desk.shop.health.tell_vault(problem)

    async def look() -> None:
        show(locked)
        card = await desk.shows("square")
        await desk.shop.connections.set_api_key(card.source.id, "EAAA-key")
        api = card.api
        assert api is not None
        await until(api.value.whole_text, "what is known of the key")
        assert api.value.whole_text() == "Cannot be read now."
        assert card.secret.value.whole_text() == "Cannot be read now. Your password store is locked. Unlock it."
        for button in (card.secret.button, api.button, api.forget):
            assert not button.isVisible()

        show(None)
        await until(api.forget.isVisible, "the key can be forgotten")
        assert card.secret.button.isVisible()
        assert (card.secret.button.text(), api.button.text()) == ("Replace…", "Replace…")
        show(locked)
        await until(lambda: not api.forget.isVisible(), "it cannot be any more")

    run(look())
