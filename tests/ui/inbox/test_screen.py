"""The Inbox in the main window, by its own doors: list, filters, the doctor's card, keys."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.messages.verdict import Reason
from shopwatch.domain.source import Source
from shopwatch.ledger.inbox.query import InboxQuery, Result
from shopwatch.providers.doctor.diagnosis import Cause, Diagnosis, Evidence, SignatureRemedy
from shopwatch.ui.inbox.reader import Reader
from shopwatch.ui.inbox.screen import InboxScreen
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.details.raw import RawMessages
from shopwatch.ui.window.main_window import PageId
from tests.ui.conftest import Opened
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import PAYNOW, FakeShop, sale_row
from tests.ui.inbox.deliveries import accepted, rejected

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

type OpenWindow = Callable[[FakeShop], Opened]

SPACE = Diagnosis(
    Cause.SPACES_IN_SECRET,
    "The secret has a space at its end.",
    "Without the space the signature fits, so this really came from PayNow.",
    (
        Evidence(True, "The message arrived whole", "538 of 538 bytes"),
        Evidence(False, "The signature fits the stored secret", "ends with a space"),
    ),
    SignatureRemedy.CLEAN_SECRET,
    certain=True,
)
UNKNOWN = Diagnosis(Cause.UNKNOWN, "The signature does not fit and ShopWatch cannot tell why.", "")


@pytest.fixture
def shop() -> FakeShop:
    rows = [accepted(number) for number in range(1, 21)]
    rows += [
        rejected(21),
        accepted(22, outcome=Outcome.REPEAT, body=None),
        accepted(23, unreadable="It says two things."),
    ]
    rows += [rejected(24, Reason.TOO_OLD, detail="14")]
    return FakeShop(inbox={row.id: row for row in rows}, diagnoses={21: SPACE, 24: UNKNOWN})


def inbox_of(opened: Opened) -> InboxScreen:
    opened.window.show_page(PageId.INBOX)
    return opened.window.findChildren(InboxScreen)[0]


def show(inbox: InboxScreen, delivery_id: int, qtbot: QtBot) -> None:
    inbox.show_delivery(delivery_id)
    qtbot.waitUntil(lambda: inbox.details.shown is not None and inbox.details.shown.id == delivery_id)


def outcome_of(shop: FakeShop, delivery_id: int) -> Outcome:
    return shop.ledger.inbox.rows[delivery_id].outcome


def texts(widget: QWidget) -> str:
    return "\n".join(
        label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget) and label.text()
    )


def button(widget: QWidget, words: str) -> QPushButton:
    return next(each for each in widget.findChildren(QPushButton) if each.text() == words and each.isVisible())


def verbs(inbox: InboxScreen) -> list[str]:
    return [each.text() for each in inbox.reader.card.findChildren(QPushButton) if each.isVisible()]


def test_the_newest_message_is_shown_first(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    inbox = inbox_of(open_window(shop))
    assert inbox.model.row_at(0).id == 24
    qtbot.waitUntil(lambda: inbox.details.row is not None)
    assert inbox.details.row == inbox.model.row_at(0)


def test_the_doctors_words_and_the_evidence_are_shown(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    inbox = inbox_of(open_window(shop))
    show(inbox, 21, qtbot)
    said = ("The secret has a space at its end.", "538 of 538 bytes", "ends with a space")
    qtbot.waitUntil(lambda: all(words in texts(inbox.reader.card) for words in said))
    names = {each.accessibleName() for each in inbox.reader.card.findChildren(QWidget)}
    assert "Passed: The message arrived whole, 538 of 538 bytes" in names
    assert "Failed: The signature fits the stored secret, ends with a space" in names
    assert verbs(inbox) == ["Remove the space", "Check again", "Paste a new secret…"]


def test_what_the_doctor_said_of_one_message_is_not_shown_with_another(theme: Theme, qtbot: QtBot) -> None:
    reader = Reader(theme, "en_US", QApplication.clipboard())
    qtbot.addWidget(reader)
    reader.show_row(rejected(1), {}, date(2026, 11, 24))
    reader.show_diagnosis(SPACE, "")
    assert reader.card.isVisibleTo(reader)
    reader.show_row(rejected(1), {}, date(2026, 11, 24))
    assert reader.card.isVisibleTo(reader)
    reader.show_row(rejected(2), {}, date(2026, 11, 24))
    assert not reader.card.isVisibleTo(reader)


def test_only_what_surely_mends_it_is_primary(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    inbox = inbox_of(open_window(shop))
    show(inbox, 21, qtbot)
    primary = [each.text() for each in inbox.reader.card.findChildren(QPushButton) if _is_primary(each)]
    assert primary == ["Remove the space"]
    show(inbox, 24, qtbot)
    primary = [each.text() for each in inbox.reader.card.findChildren(QPushButton) if _is_primary(each)]
    assert primary == ["Check again"]


def _is_primary(each: QPushButton) -> bool:
    return each.isVisible() and each.property("kind") == "primary"


def test_mending_asks_before_the_sale_is_counted(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    inbox = inbox_of(open_window(shop))
    show(inbox, 21, qtbot)
    button(inbox, "Remove the space").click()
    assert shop.review.mended == [21]
    assert inbox.message_actions.question is not None
    assert inbox.message_actions.question.windowTitle() == "Count this sale now?"
    assert outcome_of(shop, 21) is Outcome.REJECTED
    inbox.message_actions.question.action.click()
    assert outcome_of(shop, 21) is Outcome.ACCEPTED
    qtbot.waitUntil(lambda: inbox.model.row_at(3).result is Result.ACCEPTED)
    assert not inbox.reader.card.isVisible()


def test_what_is_no_sale_is_not_called_one(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    shop.ledger.inbox.rows[21] = replace(shop.ledger.inbox.rows[21], provider="typeform")
    inbox = inbox_of(open_window(shop))
    show(inbox, 21, qtbot)
    button(inbox, "Remove the space").click()
    assert inbox.message_actions.question is not None
    assert inbox.message_actions.question.windowTitle() == "Take in this message now?"
    assert inbox.message_actions.question.action.text() == "Take it in"


def test_a_check_that_changes_nothing_says_so(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    opened = open_window(shop)
    inbox = inbox_of(opened)
    show(inbox, 24, qtbot)
    with qtbot.waitSignal(inbox.noticed) as told:
        QTest.keyClick(opened.window, Qt.Key.Key_R)
    assert told.args == ["Checked again. It still does not fit."]
    assert shop.review.rechecked == [24]
    assert inbox.message_actions.question is None


def test_an_accepted_message_is_not_checked_again(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    opened = open_window(shop)
    inbox = inbox_of(opened)
    show(inbox, 20, qtbot)
    QTest.keyClick(opened.window, Qt.Key.Key_R)
    assert shop.review.rechecked == []
    assert not inbox.reader.card.isVisible()


def test_while_the_password_store_is_locked_the_card_says_so(
    open_window: OpenWindow, shop: FakeShop, qtbot: QtBot
) -> None:
    shop.health.vault_problem = Outage("Your password store is locked.", code="vault-locked")
    inbox = inbox_of(open_window(shop))
    show(inbox, 21, qtbot)
    assert "Cannot check while the password store is locked." in texts(inbox.reader.card)
    assert verbs(inbox) == ["Unlock…"]
    button(inbox, "Unlock…").click()
    assert shop.health.vault_checks == 1
    qtbot.waitUntil(lambda: "The secret has a space at its end." in texts(inbox.reader.card))


def test_what_was_not_understood_says_why(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    inbox = inbox_of(open_window(shop))
    show(inbox, 23, qtbot)
    assert "It says two things." in texts(inbox.reader.card)
    assert verbs(inbox) == []


def test_a_new_secret_is_asked_for_where_secrets_are_kept(
    open_window: OpenWindow, shop: FakeShop, qtbot: QtBot
) -> None:
    inbox = inbox_of(open_window(shop))
    show(inbox, 21, qtbot)
    with qtbot.waitSignal(inbox.secret_requested) as told:
        button(inbox, "Paste a new secret…").click()
    assert told.args == [PAYNOW.id]


def test_the_address_of_the_source_is_copied(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    shop.review.diagnoses[21] = Diagnosis(
        Cause.ADDRESS_DIFFERS,
        "PayNow knows another address than yours.",
        "",
        (),
        SignatureRemedy.COPY_ADDRESS,
        certain=True,
    )
    inbox = inbox_of(open_window(shop))
    show(inbox, 21, qtbot)
    button(inbox, "Copy your address").click()
    assert QApplication.clipboard().text() == shop.address.of(PAYNOW)


def test_another_account_is_counted_by_one_button(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    shop.review.diagnoses[21] = Diagnosis(
        Cause.OTHER_ACCOUNT,
        "It is about another account at PayNow: 4114.",
        "It is genuine, but only messages of 4115 count.",
        (),
        SignatureRemedy.COUNT_ACCOUNT,
        certain=True,
        subject="4114",
    )
    inbox = inbox_of(open_window(shop))
    show(inbox, 21, qtbot)
    button(inbox, "Count 4114 too").click()
    qtbot.waitUntil(lambda: bool(shop.review.mended))
    assert shop.review.mended == [21]


def test_results_and_words_narrow_the_list(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    inbox = inbox_of(open_window(shop))
    names = [each.accessibleName() for each in inbox.head.shown.buttons()]
    assert names == ["All 24", "Accepted 20", "Repeats 1", "Rejected 1", "Set aside 2"]
    inbox.head.shown.buttons()[4].click()
    assert [inbox.model.row_at(at).id for at in range(inbox.model.rowCount())] == [24, 23]
    inbox.head.search.setText("zzz")
    qtbot.waitUntil(lambda: inbox.model.rowCount() == 0)
    assert "No message fits this search." in texts(inbox)
    button(inbox, "Clear filters").click()
    assert inbox.model.query == InboxQuery()
    assert inbox.model.rowCount() == 24


def test_several_services_can_be_told_apart(open_window: OpenWindow, shop: FakeShop) -> None:
    stripe = Source("src-stripe", "stripe", "Stripe", "/in/xyz", NOON)
    shop.sources.all = (PAYNOW, stripe)
    shop.ledger.inbox.rows[30] = accepted(30, source_id=stripe.id, provider="stripe")
    inbox = inbox_of(open_window(shop))
    inbox.head.service.setCurrentIndex(2)
    assert [inbox.model.row_at(at).id for at in range(inbox.model.rowCount())] == [30]


def test_the_message_is_shown_readable_and_as_received(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    inbox = inbox_of(open_window(shop))
    show(inbox, 20, qtbot)
    assert inbox.reader.message.toPlainText() == '{\n  "event_id": "ev-20",\n  "amount": 4250\n}'
    inbox.reader.toggle.click()
    assert inbox.reader.message.toPlainText() == '{"event_id":"ev-20","amount":4250}'
    inbox.reader.copy_message.click()
    assert QApplication.clipboard().text() == '{"event_id":"ev-20","amount":4250}'


def test_copied_headers_hold_no_key(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    opened = open_window(shop)
    inbox = inbox_of(opened)
    show(inbox, 20, qtbot)
    inbox.reader.headers.setFocus()
    QTest.keyClick(inbox.reader.headers, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QApplication.clipboard().text()
    assert copied.splitlines()[:2] == ["POST /in/paynow/abc", "Host: shop.example"]
    assert "5ecret" not in copied


def test_a_repeat_whose_text_was_not_kept_says_so(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    inbox = inbox_of(open_window(shop))
    show(inbox, 22, qtbot)
    assert "only its size was kept" in texts(inbox.reader)
    assert not inbox.reader.message.isVisible()


def test_a_message_of_somebody_who_was_forgotten_says_so(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    shop.ledger.inbox.rows[25] = accepted(25, body=None, headers=())
    inbox = inbox_of(open_window(shop))
    show(inbox, 25, qtbot)
    assert "removed with a person who was forgotten" in texts(inbox.reader)


def test_a_message_that_the_list_does_not_show_is_shown_alone(
    open_window: OpenWindow, shop: FakeShop, qtbot: QtBot
) -> None:
    inbox = inbox_of(open_window(shop))
    inbox.head.shown.buttons()[3].click()
    inbox.show_delivery(5)
    qtbot.waitUntil(lambda: inbox.details.row is not None and inbox.details.row.id == 5)
    qtbot.waitUntil(lambda: "ev-5" in inbox.reader.message.toPlainText())
    assert inbox.table.chosen_id() is None
    QTest.keyClick(inbox.table, Qt.Key.Key_Down)
    assert inbox.table.chosen_id() == 21


def test_a_sale_leads_to_its_message(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(rows=[sale_row(1)]))
    opened.sales.show_sale(1)
    qtbot.waitUntil(lambda: opened.sales.drawer.sale_id == 1)
    raw = opened.sales.drawer.findChildren(RawMessages)[0]
    with qtbot.waitSignal(opened.sales.inbox_requested) as told:
        raw.inbox.click()
    assert told.args == [10]


def test_foreign_text_is_shown_literally(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    shop.ledger.inbox.rows[25] = accepted(
        25, kind=None, event_type="<b>PAID</b>\u202e", headers=(("X-Evil", "<img src=x>\u0007"),)
    )
    inbox = inbox_of(open_window(shop))
    show(inbox, 25, qtbot)
    assert inbox.reader.title.whole_text() == "<b>PAID</b>⟨U+202E⟩ from PayNow"
    assert inbox.reader.headers.all_text().splitlines()[1] == "X-Evil: <img src=x>⟨U+0007⟩"


def test_the_rail_counts_what_needs_the_owner(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot) -> None:
    opened = open_window(shop)

    def descriptions() -> set[str]:
        return {each.accessibleDescription() for each in opened.window.findChildren(QWidget)}

    assert "3 messages were not counted" in descriptions()
    shop.ledger.inbox.deliver(rejected(26))
    qtbot.waitUntil(lambda: "4 messages were not counted" in descriptions())
    inbox_of(opened)
    qtbot.waitUntil(lambda: shop.ledger.inbox.seen == 26)
    assert not any("not counted" in each for each in descriptions())


def test_nothing_yet_says_so(open_window: OpenWindow) -> None:
    inbox = inbox_of(open_window(FakeShop()))
    assert "Nothing has arrived yet." in texts(inbox)
    assert not inbox.reader.isVisible()


def test_a_ledger_that_cannot_answer_is_told_and_asked_again(
    open_window: OpenWindow, shop: FakeShop, qtbot: QtBot
) -> None:
    opened = open_window(shop)
    shop.script.failure = UserError("The sales file cannot be read.", code="store-damaged")
    inbox = inbox_of(opened)
    assert "The sales file cannot be read." in texts(inbox)
    shop.script.failure = None
    button(inbox, "Try again").click()
    assert inbox.model.rowCount() == 24


def test_the_first_message_replaces_the_empty_page(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop())
    inbox = inbox_of(opened)
    opened.shop.ledger.inbox.deliver(accepted(1))
    qtbot.waitUntil(inbox.reader.isVisible)
    assert inbox.model.rowCount() == 1


def test_what_came_while_another_page_was_shown_is_there_at_once(open_window: OpenWindow, shop: FakeShop) -> None:
    opened = open_window(shop)
    inbox = inbox_of(opened)
    opened.window.show_page(PageId.SALES)
    asked = len(shop.ledger.inbox.asked)
    shop.ledger.inbox.deliver(accepted(31), accepted(32))
    assert len(shop.ledger.inbox.asked) == asked
    opened.window.show_page(PageId.INBOX)
    assert inbox.model.row_at(0).id == 32


def test_keys_reach_page_and_search(open_window: OpenWindow, shop: FakeShop) -> None:
    opened = open_window(shop)
    opened.window.activateWindow()
    QTest.qWaitForWindowActive(opened.window)
    QTest.keyClick(opened.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert opened.window.page is PageId.INBOX
    QTest.keyClick(opened.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    inbox = inbox_of(opened)
    assert QApplication.focusWidget() is inbox.head.search
    QTest.keyClicks(inbox.head.search, "r")
    assert inbox.head.search.text() == "r"
    assert shop.review.rechecked == []


def test_a_message_is_saved_as_it_came(open_window: OpenWindow, shop: FakeShop, qtbot: QtBot, tmp_path: Path) -> None:
    inbox = inbox_of(open_window(shop))
    show(inbox, 20, qtbot)
    inbox.message_actions.save_as()
    (dialog,) = inbox.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "message.txt"))
    dialog.reject()
    assert shop.exports.messages == {tmp_path / "message.txt": b'{"event_id":"ev-20","amount":4250}'}


def test_words_of_the_head_give_way_one_after_the_other(open_window: OpenWindow, shop: FakeShop) -> None:
    opened = open_window(shop)
    inbox = inbox_of(opened)
    subtitle = next(each for each in inbox.head.findChildren(QLabel) if each.accessibleName().startswith("Every"))
    words = inbox.head.shown.buttons()[0].accessibleName()
    assert subtitle.isVisible()
    assert words == "All 24"
    opened.window.resize(1084, 700)
    assert not subtitle.isVisible()
    assert inbox.head.shown.buttons()[0].accessibleName() == "All 24"


def test_counts_give_way_to_the_words_where_text_is_large(
    open_window: OpenWindow, shop: FakeShop, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_window(shop)
    inbox = inbox_of(opened)
    monkeypatch.setattr(theme.fonts, "scale", 2.0)
    opened.window.resize(960, 700)
    assert [each.accessibleName() for each in inbox.head.shown.buttons()][:2] == ["All", "Accepted"]


def test_names_of_headers_are_whole_where_there_is_room(
    open_window: OpenWindow, shop: FakeShop, theme: Theme, qtbot: QtBot
) -> None:
    name = "PayNow-Timestamp-Of-It"
    shop.ledger.inbox.rows[1] = replace(shop.ledger.inbox.rows[1], headers=((name, "1795499998345"),))
    opened = open_window(shop)
    opened.window.resize(1084, 700)
    inbox = inbox_of(opened)
    inbox.show_delivery(1)
    needed = QFontMetrics(theme.font("small")).horizontalAdvance(name)
    qtbot.waitUntil(lambda: inbox.reader.headers.columnWidth(0) > needed)
    assert inbox.reader.headers.isVisible()


@pytest.mark.parametrize("name", ["PayNow", "WooCommerce"])
def test_the_name_of_a_service_is_whole(open_window: OpenWindow, shop: FakeShop, theme: Theme, name: str) -> None:
    shop.ledger.inbox.rows[24] = replace(shop.ledger.inbox.rows[24], provider=name.lower(), source_id=name)
    table = inbox_of(open_window(shop)).table
    tile_and_margins = 20 + 3 * 8
    assert table.columnWidth(1) >= QFontMetrics(theme.font("body")).horizontalAdvance(name) + tile_and_margins
