"""The People page in the main window, by its own doors: list, search, drawer, forgetting, keys."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import HappeningRow, HappeningsKept
from shopwatch.domain.instant import DAY
from shopwatch.domain.messages.happening import Answered, Contact, Media, TextMessage
from shopwatch.ledger.people.query import PersonMoment
from shopwatch.settings.settings import Look
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.people.screen import PeopleScreen
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.window.main_window import PageId
from tests.ui.conftest import Opened
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import PAYNOW, FakeShop, sale_row
from tests.ui.people.persons import person

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

type OpenWindow = Callable[[FakeShop], Opened]

HOSTILE = '<b>x</b><img src="//attacker/share/p.png">'
STORY = (
    PersonMoment(
        5, NOON, "tw", "twilio", None, TextMessage("1", "+1555", text=HOSTILE, media=(Media("https://x.example/p"),))
    ),
    PersonMoment(
        4, NOON, "hub", "hubspot", None, Contact("1", HOSTILE, form=HOSTILE, fields=(Answered(HOSTILE, "A" * 500),))
    ),
    PersonMoment(3, NOON, PAYNOW.id, "paynow", sale_row(3)),
)


def button(inside: QWidget, text: str) -> Button:
    return next(each for each in inside.findChildren(Button) if each.text() == text and each.isVisible())


def texts(inside: QWidget) -> list[str]:
    return [label.text().replace("\u200b", "") for label in inside.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def shop() -> FakeShop:
    return FakeShop(persons=[person(number) for number in range(1, 31)], occasions={30: STORY}, rows=[sale_row(3)])


@pytest.fixture
def opened(open_window: OpenWindow, shop: FakeShop) -> Opened:
    opened = open_window(shop)
    opened.window.activateWindow()
    QTest.qWaitForWindowActive(opened.window)
    QTest.keyClick(opened.window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert opened.window.page is PageId.PEOPLE
    return opened


@pytest.fixture
def people(opened: Opened) -> PeopleScreen:
    (page,) = opened.window.findChildren(PeopleScreen)
    assert page.isVisible()
    return page


def test_people_are_listed_and_counted_for_screen_readers(people: PeopleScreen) -> None:
    assert people.model.rowCount() == 30
    assert people.listing.is_table_shown
    assert people.table.accessibleName() == "People, 30 rows"


def test_the_keyboard_finds_opens_and_closes(opened: Opened, people: PeopleScreen, qtbot: QtBot) -> None:
    opened.window.activateWindow()
    QTest.qWaitForWindowActive(opened.window)
    QTest.keyClick(opened.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is people.search
    QTest.keyClicks(people.search, "p7@")
    qtbot.waitUntil(lambda: people.model.query == "p7@")
    assert people.model.rowCount() == 1
    people.table.setFocus()
    QTest.keyClick(people.table, Qt.Key.Key_Down)
    QTest.keyClick(people.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: people.drawer.row == person(7))
    QTest.keyClick(people.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "p7@example.com"
    QTest.keyClick(people.table, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not people.drawer.isVisible())


@pytest.mark.parametrize("look", [Look.LIGHT, Look.DARK])
def test_the_drawer_shows_everything_as_literal_text(
    people: PeopleScreen, theme: Theme, qtbot: QtBot, look: Look
) -> None:
    theme.choose(look)
    people.show_person(30)
    qtbot.waitUntil(lambda: people.drawer.row is not None)
    shown = " ".join(texts(people.drawer))
    assert f"“{HOSTILE}”" in shown
    assert "https://x.example/p" in shown
    assert "A" * 500 in shown
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in people.drawer.findChildren(QLabel))
    for widget in people.drawer.findChildren(QWidget):
        assert "<img" not in widget.toolTip()
    assert people.drawer.grab().toImage().width() <= people.width()
    theme.choose(Look.SYSTEM)


def test_an_order_leads_to_its_sale(people: PeopleScreen, qtbot: QtBot) -> None:
    asked: list[int] = []
    people.sale_requested.connect(asked.append)
    people.show_person(30)
    qtbot.waitUntil(lambda: people.drawer.row is not None)
    button(people.drawer, "Show the sale").click()
    assert asked == [3]


def test_forgetting_asks_first_and_says_what_goes_and_what_stays(people: PeopleScreen, qtbot: QtBot) -> None:
    people.show_person(30)
    qtbot.waitUntil(lambda: people.drawer.row is not None)
    button(people.drawer, "Forget this person…").click()
    assert people.question is not None
    said = people.question.accessibleDescription()
    assert people.question.windowTitle() == "Forget Person 30?"
    assert "removed for good" in said
    assert "Amounts stay in your totals" in said
    assert "Backups" in said
    QTest.keyClick(people.question, Qt.Key.Key_Escape)
    assert people.model.rowCount() == 30

    notices: list[str] = []
    people.noticed.connect(notices.append)
    QTest.keyClick(people.table, Qt.Key.Key_Delete)
    people.question.action.click()
    qtbot.waitUntil(lambda: people.model.rowCount() == 29)
    assert people.model.position(30) is None
    assert notices == ["This person is forgotten."]


def test_a_failure_to_forget_is_told(shop: FakeShop, people: PeopleScreen, qtbot: QtBot) -> None:
    people.show_person(30)
    qtbot.waitUntil(lambda: people.drawer.row is not None)
    people.ask_to_forget()
    assert people.question is not None
    shop.script.failure = UserError("The disk is full.", "Please free some space.")
    people.question.action.click()
    assert people.banner.shown is not None
    assert people.banner.shown.title == "The disk is full"
    assert people.model.rowCount() == 30


def test_whoever_is_heard_of_now_comes_to_the_top(shop: FakeShop, people: PeopleScreen, qtbot: QtBot) -> None:
    shop.ledger.people.persons[4] = person(5, last_at=NOON + DAY)
    told = HappeningRow(9, "src", "twilio", TextMessage("1", "+1555"), 5, NOON, NOON)
    shop.bus.tell(HappeningsKept((told,)))
    qtbot.waitUntil(lambda: people.model.id_at(0) == 5)
    assert [people.model.id_at(row) for row in range(people.model.rowCount())].count(5) == 1


def test_a_page_that_was_not_seen_looks_when_it_is_shown_again(
    opened: Opened, shop: FakeShop, people: PeopleScreen
) -> None:
    opened.window.show_page(PageId.SALES)
    asked = len(shop.ledger.people.asked)
    shop.ledger.people.persons.append(person(31))
    shop.bus.tell(HappeningsKept(()))
    assert len(shop.ledger.people.asked) == asked
    opened.window.show_page(PageId.PEOPLE)
    assert people.model.id_at(0) == 31


def test_nobody_yet_nobody_found_and_a_failure_each_say_so(open_window: OpenWindow, qtbot: QtBot) -> None:
    shop = FakeShop()
    opened = open_window(shop)
    opened.window.show_page(PageId.PEOPLE)
    (people,) = opened.window.findChildren(PeopleScreen)
    assert people.listing.is_empty_shown
    assert "Nobody yet." in texts(people)

    people.model.ask("zzz")
    assert "Nobody fits this search." in texts(people)
    shop.ledger.people.persons = [person(1)]
    button(people, "Clear the search").click()
    assert people.listing.is_table_shown

    shop.ledger.people.persons = []
    people.model.ask("")
    shop.script.failure = UserError("The sales file cannot be read.")
    people.model.ask("")
    assert "The people cannot be read now." in texts(people)
    shop.script.failure, shop.ledger.people.persons = None, [person(1)]
    button(people, "Try again").click()
    assert people.listing.is_table_shown


def test_a_pop_up_about_somebody_not_listed_yet_shows_them_all_the_same(
    open_window: OpenWindow, shop: FakeShop, qtbot: QtBot
) -> None:
    opened = open_window(shop)
    opened.window.show_page(PageId.PEOPLE)
    (people,) = opened.window.findChildren(PeopleScreen)
    shop.ledger.people.persons.append(person(77))
    people.show_person(77)
    qtbot.waitUntil(lambda: people.drawer.row is not None)
    assert people.drawer.row == person(77)
