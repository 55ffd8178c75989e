"""An e-mail about a sale, sent once more from beside the sale."""

from collections.abc import Callable

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import MINUTE
from shopwatch.domain.rules.job import Job, JobKey, JobState
from shopwatch.domain.rules.rule import Trigger
from shopwatch.runtime.clock import now
from shopwatch.ui.outbox.again import AgainQuestion
from tests.ui.conftest import Opened
from tests.ui.fake_shop import FakeShop, sale_row

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

type OpenWindow = Callable[[FakeShop], Opened]


def job(state: JobState, action: str = "email", place: int = 0) -> Job:
    at = now() + place * MINUTE
    key = JobKey(1, 1, place)
    return Job(key, Trigger.SALE_PAID, action, {}, state, "s", at, at, at, sale_id=1, to="maya@example.com")


@pytest.fixture
def beside(open_window: OpenWindow, qtbot: QtBot) -> Callable[..., Opened]:
    """The sale in the drawer, with these jobs."""

    def show(*jobs: Job) -> Opened:
        opened = open_window(FakeShop(rows=[sale_row(1, paid_at=now())], jobs_made=list(jobs), outbox=list(jobs)))
        opened.sales.show_sale(1)
        qtbot.waitUntil(lambda: opened.sales.drawer.sale_id == 1)
        return opened

    return show


def question(opened: Opened) -> AgainQuestion:
    [asked] = [each for each in opened.window.findChildren(AgainQuestion) if each.isVisible()]
    return asked


def words(asked: AgainQuestion) -> str:
    return " ".join(label.text() for label in asked.findChildren(QLabel))


@pytest.mark.parametrize(
    ("state", "said", "once_more"),
    [(JobState.UNCERTAIN, "It may have been sent", False), (JobState.DONE, "It was already sent", True)],
)
def test_an_e_mail_goes_out_again_only_after_a_yes(
    beside: Callable[..., Opened], state: JobState, said: str, *, once_more: bool
) -> None:
    letter = job(state)
    opened = beside(letter)
    assert opened.sales.drawer.again.text() == "Send e-mail again…"
    opened.sales.drawer.again.click()
    asked = question(opened)
    assert asked.windowTitle() == "Send it again to maya@example.com?"
    assert said in words(asked)
    asked.safe.click()
    assert opened.shop.ledger.outbox.decided == []

    told = QSignalSpy(opened.sales.noticed)
    opened.sales.drawer.again.click()
    question(opened).action.click()
    assert opened.shop.ledger.outbox.decided == [(letter.key, JobState.WAITING, once_more)]
    assert told.at(0) == ["It goes out now."]


def test_the_last_e_mail_is_the_one_that_is_sent_again(beside: Callable[..., Opened]) -> None:
    first, second = job(JobState.DONE), job(JobState.DONE, place=1)
    opened = beside(second, first, job(JobState.DONE, "chat", place=2))
    opened.sales.drawer.again.click()
    question(opened).action.click()
    assert [key for key, *_ in opened.shop.ledger.outbox.decided] == [second.key]


@pytest.mark.parametrize("jobs", [(), (job(JobState.WAITING),), (job(JobState.DONE, "chat"),)])
def test_where_no_e_mail_went_out_none_is_offered_again(beside: Callable[..., Opened], jobs: tuple[Job, ...]) -> None:
    assert not beside(*jobs).sales.drawer.again.isVisible()


def test_what_stands_in_the_way_is_said(beside: Callable[..., Opened]) -> None:
    opened = beside(job(JobState.UNCERTAIN))
    opened.shop.script.refuses["decide"] = UserError("It is on its way already.", code="job-state")
    opened.sales.drawer.again.click()
    question(opened).action.click()
    assert opened.sales.banner.shown is not None
    assert opened.sales.banner.shown.title == "It is on its way already"
