"""The outbox in the main window: what stands in it, what is said of a chosen row, and what the owner decides."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.actions.email import UNKNOWN_ADDRESS
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import JobsChanged
from shopwatch.domain.instant import SECOND
from shopwatch.domain.rules.job import Job, JobState
from shopwatch.presenting.outbox.filters import Filter
from shopwatch.presenting.outbox.job_text import Choice
from shopwatch.runtime.clock import now
from shopwatch.ui.lists.keyset_model import PAGE
from shopwatch.ui.outbox.model import OutboxSource
from shopwatch.ui.outbox.panel import OutboxPanel
from shopwatch.ui.widgets.inputs.buttons import Button
from tests.said import said
from tests.ui.fake_shop import FakeShop
from tests.ui.rules.conftest import OpenRules
from tests.ui.rules.conftest import open_rules as open_rules  # noqa: PLC0414 - pytest finds it by its name here
from tests.ui.rules.samples import full_shop, job

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

UNSURE = "The mail server went quiet before it answered. The e-mail may have been sent."
REFUSED = said("The mail server does not know c5@example.com.", UNKNOWN_ADDRESS, "5.1.1 User unknown")
SPAM = said("The mail server refused this e-mail.", words="spam")
MISSING = said("There is no mail account yet.")


def shop_with(*jobs: Job) -> FakeShop:
    shop = full_shop()
    shop.ledger.outbox.kept = list(jobs)
    return shop


def rows(outbox: OutboxPanel) -> list[tuple[str, ...]]:
    return [outbox.model.text_at(at).cells()[1:] for at in range(outbox.model.rowCount())]


def pick(outbox: OutboxPanel, at: int) -> None:
    outbox.table.setFocus()
    outbox.table.select_at(at)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(outbox: OutboxPanel, choice: Choice) -> None:
    (button,) = [each for each in outbox.note.buttons() if each.property("choice") == choice.value]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_each_state_has_its_words(open_rules: OpenRules) -> None:
    later = now() + 3600 * SECOND
    outbox = open_rules(
        shop_with(
            job(9, JobState.WAITING, due_at=now() + 50 * SECOND),
            job(8, JobState.WAITING, attempts=1, due_at=later, action="chat", settings={"to": "slack"}, to=""),
            job(7, JobState.DONE),
            job(6, JobState.UNCERTAIN, result=said(UNSURE)),
            job(5, JobState.FAILED, result=REFUSED),
            job(
                4,
                JobState.FAILED,
                result=said("The mail server refused this e-mail.", words="spam"),
                to="x@example.com",
            ),
            job(3, JobState.CANCELLED),
            job(2, JobState.HELD),
            job(1, JobState.DONE, action="database", settings={"to": "books"}, to="books"),
        )
    ).page.outbox
    told = rows(outbox)
    assert told[0][:3] == ("Confirmation e-mail", "c9@example.com", "PN-9")
    assert re.fullmatch(r"Waiting, goes in \d+ s", told[0][3])
    assert told[1][:3] == ("Slack post", "#sales", "PN-8")
    assert told[1][3].startswith("Trying again at ")
    assert [cells[3] for cells in told[2:]] == [
        "Sent",
        "May have been sent",
        "Address refused",
        "Failed",
        "Cancelled",
        "Held for review",
        "Done",
    ]


def test_pop_ups_are_no_posts(open_rules: OpenRules) -> None:
    outbox = open_rules(shop_with(job(2, JobState.DONE), job(1, JobState.DONE, action="ring"))).page.outbox
    assert [cells[2] for cells in rows(outbox)] == ["PN-2"]
    assert outbox.table.accessibleName() == "Outbox, 1 row"


def test_filters_count_and_let_through(open_rules: OpenRules) -> None:
    opened = open_rules(
        shop_with(job(3, JobState.WAITING), job(2, JobState.UNCERTAIN), job(1, JobState.HELD), job(4, JobState.DONE))
    )
    outbox = opened.page.outbox
    everything, waiting, look = outbox.filter.buttons()
    assert [each.accessibleName() for each in (everything, waiting, look)] == ["All", "Waiting 1", "Needs a look 2"]
    look.click()
    assert [cells[2] for cells in rows(outbox)] == ["PN-2", "PN-1"]
    waiting.click()
    assert outbox.model.query is Filter.WAITING
    assert [cells[2] for cells in rows(outbox)] == ["PN-3"]


def test_an_uncertain_one_is_explained_and_believed(open_rules: OpenRules) -> None:
    opened = open_rules(shop_with(job(2, JobState.UNCERTAIN, result=said(UNSURE)), job(1, JobState.DONE)))
    outbox = opened.page.outbox
    assert not outbox.note.isVisible()
    pick(outbox, 0)
    assert outbox.note.isVisible()
    assert outbox.note.accessibleName() == f"{UNSURE} ShopWatch did not send it again."
    assert outbox.table.rowHeight(0) == outbox.table.rowHeight(1) + outbox.note.height()
    press(outbox, Choice.ARRIVED)
    assert opened.shop.ledger.outbox.decided == [(job(2, JobState.DONE).key, JobState.DONE, False)]
    assert [cells[3] for cells in rows(outbox)] == ["Sent", "Sent"]


def test_the_keyboard_comes_from_the_row_to_its_buttons(open_rules: OpenRules) -> None:
    outbox = open_rules(shop_with(job(2, JobState.UNCERTAIN, result=said(UNSURE)), job(1, JobState.DONE))).page.outbox
    pick(outbox, 0)
    for text in ("It arrived", "Send again…"):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        button = focused()
        assert isinstance(button, Button)
        assert button.text() == text
    QTest.keyClick(focused(), Qt.Key.Key_Backtab)
    QTest.keyClick(focused(), Qt.Key.Key_Backtab)
    assert focused() is outbox.table


def test_sending_again_says_when_it_was_sent_and_asks(open_rules: OpenRules) -> None:
    opened = open_rules(shop_with(job(2, JobState.DONE), job(1, JobState.UNCERTAIN, result=said(UNSURE))))
    outbox = opened.page.outbox
    pick(outbox, 0)
    press(outbox, Choice.AGAIN)
    question = outbox.question
    assert question is not None
    assert question.windowTitle() == "Send it again to c2@example.com?"
    assert question.accessibleDescription().startswith("It was already sent ")
    question.safe.click()
    assert opened.shop.ledger.outbox.decided == []
    press(outbox, Choice.AGAIN)
    assert outbox.question is not None
    outbox.question.action.click()
    assert opened.shop.ledger.outbox.decided == [(job(2, JobState.DONE).key, JobState.WAITING, True)]
    pick(outbox, 1)
    press(outbox, Choice.AGAIN)
    assert outbox.question.accessibleDescription().startswith("It may have been sent ")
    outbox.question.action.click()
    assert opened.shop.ledger.outbox.decided[1] == (job(1, JobState.DONE).key, JobState.WAITING, False)


@pytest.mark.parametrize(
    ("state", "choice", "wanted"),
    [
        (JobState.WAITING, Choice.NOT, JobState.CANCELLED),
        (JobState.HELD, Choice.NOW, JobState.WAITING),
        (JobState.HELD, Choice.NOT, JobState.CANCELLED),
        (JobState.FAILED, Choice.RETRY, JobState.WAITING),
        (JobState.CANCELLED, Choice.NOW, JobState.WAITING),
    ],
)
def test_what_nobody_could_get_twice_is_done_at_once(
    open_rules: OpenRules, state: JobState, choice: Choice, wanted: JobState
) -> None:
    opened = open_rules(shop_with(job(1, state)))
    pick(opened.page.outbox, 0)
    press(opened.page.outbox, choice)
    assert opened.shop.ledger.outbox.decided == [(job(1, state).key, wanted, False)]


def test_what_is_tried_again_later_can_be_tried_now(open_rules: OpenRules) -> None:
    waits = job(1, JobState.WAITING, attempts=2, due_at=now() + 3600 * SECOND, result=MISSING)
    opened = open_rules(shop_with(waits))
    pick(opened.page.outbox, 0)
    assert opened.page.outbox.note.accessibleName() == "There is no mail account yet. Tried 2 times so far."
    press(opened.page.outbox, Choice.RETRY)
    assert opened.shop.ledger.outbox.decided == [(waits.key, JobState.WAITING, False)]


def test_the_servers_own_words_are_behind_details(open_rules: OpenRules) -> None:
    outbox = open_rules(shop_with(job(5, JobState.FAILED, result=REFUSED))).page.outbox
    pick(outbox, 0)
    assert outbox.note.accessibleName() == "The mail server does not know c5@example.com."
    before = outbox.table.rowHeight(0)
    outbox.note.on_details()
    assert outbox.table.rowHeight(0) > before


def test_what_is_too_late_is_said(open_rules: OpenRules) -> None:
    opened = open_rules(shop_with(job(1, JobState.WAITING)))
    opened.shop.script.refuses["decide"] = UserError("This cannot be done any more: it is on its way, or done.")
    pick(opened.page.outbox, 0)
    press(opened.page.outbox, Choice.NOT)
    assert opened.page.banner.shown is not None
    assert opened.page.banner.shown.title.startswith("This cannot be done any more")


def test_steps_of_jobs_are_seen_as_they_go_and_asked_for_once(open_rules: OpenRules, qtbot: QtBot) -> None:
    opened = open_rules(shop_with(job(1, JobState.WAITING)))
    outbox = opened.page.outbox
    pick(outbox, 0)
    opened.shop.ledger.outbox.kept = [job(1, JobState.DONE), job(3, JobState.WAITING), job(2, JobState.HELD)]
    asked = len(opened.shop.ledger.outbox.asked)
    for _ in range(50):
        opened.shop.bus.tell(JobsChanged())
    qtbot.waitUntil(lambda: outbox.model.rowCount() == 3)
    assert len(opened.shop.ledger.outbox.asked) == asked + 1
    assert [cells[2] for cells in rows(outbox)] == ["PN-3", "PN-2", "PN-1"]
    chosen = outbox.chosen()
    assert chosen is not None
    assert chosen.order == "PN-1"
    assert outbox.table.rowHeight(2) > outbox.table.rowHeight(0)


def test_pages_are_loaded_as_they_are_scrolled_to_and_no_more_than_can_be_held(open_rules: OpenRules) -> None:
    opened = open_rules(shop_with(*(job(at, JobState.DONE) for at in range(1, OutboxSource.most + PAGE))))
    model = opened.page.outbox.model
    assert model.rowCount() <= 2 * PAGE
    while model.canFetchMore():
        model.fetchMore()
    assert model.rowCount() == OutboxSource.most
    assert model.row_at(OutboxSource.most - 1).order == f"PN-{PAGE}"
    model.refresh()
    assert model.rowCount() == OutboxSource.most


def texts(inside: QWidget) -> str:
    return "\n".join(label.text() for label in inside.findChildren(QLabel) if label.isVisible())


def test_nothing_and_what_cannot_be_read_are_said(open_rules: OpenRules) -> None:
    opened = open_rules(shop_with())
    assert "Nothing has been sent yet." in texts(opened.page.outbox)
    opened.shop.script.refuses["jobs"] = UserError("The store cannot be read.")
    opened.page.outbox.model.refresh()
    assert "The outbox cannot be read now." in texts(opened.page.outbox)
    opened.page.outbox.model.refresh()
    assert "Nothing has been sent yet." in texts(opened.page.outbox)
