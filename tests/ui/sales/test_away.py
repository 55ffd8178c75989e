"""What came in of a time in which nothing was heard, as the Sales screen tells it."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.connection.reach import Reach, ReachState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import CatchUpChanged, GapEnded, SaleRow
from shopwatch.domain.instant import HOUR, MINUTE, Instant
from shopwatch.domain.rules.job import Job, JobKey, JobState
from shopwatch.domain.rules.rule import Trigger
from shopwatch.domain.sales.money import Money
from shopwatch.domain.source import Source
from shopwatch.runtime.clock import now
from shopwatch.ui.sales.away.away_card import AwayCard
from shopwatch.ui.widgets.texts.elided import Elided
from tests.ui.conftest import Opened
from tests.ui.fake_shop import PAYNOW, FakeShop, sale_row

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

type OpenWindow = Callable[[FakeShop], Opened]

END: Instant = now() - 5 * MINUTE
NIGHT = Gap(1, Cause.ASLEEP, END - 9 * HOUR, END)
SHOPIFY = Source("src-shopify", "shopify", "Shopify", "/in/shopify", 0)
TWILIO = Source("src-twilio", "twilio", "Twilio", "/in/twilio", 0)
AWAY = UserError("Shopify cannot be asked now.", "ShopWatch asks again by itself.", code="api-away")


def missed(nth: int, **changes: object) -> SaleRow:
    """A sale of the night, brought in after it."""
    row = sale_row(nth, **{"paid_at": END - nth * HOUR, **changes})
    return structs.replace(row, received_at=END + MINUTE)


def letter(sale_id: int, state: JobState = JobState.HELD) -> Job:
    key = JobKey(sale_id, 1, 0)
    return Job(key, Trigger.SALE_PAID, "email", {}, state, PAYNOW.id, END, 0, END, sale_id=sale_id)


def wake(shop: FakeShop, *results: CaughtUp, gap: Gap = NIGHT) -> None:
    """The night is over, and whoever can be asked is asked."""
    shop.bus.tell(GapEnded(gap))
    for result in results:
        shop.bus.tell(CatchUpChanged(replace(result, ended_at=0, brought_in=0, problem=None)))
    for result in results:
        shop.bus.tell(CatchUpChanged(result))


def asked(source: Source = PAYNOW, brought_in: int = 0, problem: UserError | None = None) -> CaughtUp:
    return CaughtUp(source.id, NIGHT.began_at, brought_in, brought_in, END + MINUTE, problem)


def card_of(opened: Opened, qtbot: QtBot) -> AwayCard:
    qtbot.waitUntil(lambda: opened.sales.away.card is not None)
    card = opened.sales.away.card
    assert card is not None
    assert card.isVisible()
    return card


def words(inside: QWidget) -> str:
    return "\n".join(label.text() for label in inside.findChildren(QLabel) if not label.isHidden())


def button(inside: QWidget, text: str) -> QAbstractButton:
    return next(each for each in inside.findChildren(QAbstractButton) if each.text() == text)


def test_what_was_missed_is_counted_and_summed_by_currency(open_window: OpenWindow, qtbot: QtBot) -> None:
    rows = [
        missed(1, amount=Money(6800, "USD")),
        missed(2, amount=Money(6400, "USD")),
        missed(3, amount=Money(4400, "EUR")),
        missed(4, practice=True),
        sale_row(5, paid_at=now()),
        structs.replace(missed(6), received_at=NIGHT.began_at),
    ]
    opened = open_window(FakeShop(rows=rows, sources=(PAYNOW, SHOPIFY)))

    wake(opened.shop, asked(brought_in=2), asked(SHOPIFY, brought_in=1))

    card = card_of(opened, qtbot)
    said = words(card)
    assert "While you were away, 3 sales came in" in said
    assert "This computer slept from " in said
    assert "ShopWatch asked PayNow and Shopify what it missed and has it all: " in said
    assert "$132.00" in card.text.text()
    assert "€44.00" in card.text.text()
    assert card.kind == "accent"


def test_nothing_is_told_where_nothing_was_missed(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(rows=[sale_row(1, paid_at=now())]))
    asked_before = len(opened.shop.ledger.sales.asked)

    wake(opened.shop, asked())

    qtbot.waitUntil(lambda: len(opened.shop.ledger.sales.asked) > asked_before)
    assert opened.sales.away.card is None


def test_nothing_is_told_while_somebody_is_still_asked(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(rows=[missed(1)], sources=(PAYNOW, SHOPIFY)))
    shop = opened.shop
    shop.bus.tell(GapEnded(NIGHT))
    shop.bus.tell(CatchUpChanged(replace(asked(SHOPIFY), ended_at=0)))
    shop.bus.tell(CatchUpChanged(asked(brought_in=1)))
    opened.sales.away.watch.look()
    assert opened.sales.away.card is None

    shop.bus.tell(CatchUpChanged(asked(SHOPIFY)))

    assert "1 sale came in" in words(card_of(opened, qtbot))


def test_whoever_could_not_be_asked_is_named(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(rows=[missed(1)], sources=(PAYNOW, SHOPIFY, TWILIO)))

    wake(opened.shop, asked(brought_in=1), asked(SHOPIFY, problem=AWAY))

    card = card_of(opened, qtbot)
    said = words(card)
    assert "has it all" not in said
    assert "Shopify cannot be asked now. ShopWatch asks again by itself." in said
    assert (
        "ShopWatch could not ask Twilio. Texts that arrive while ShopWatch is closed stay in your Twilio log." in said
    )
    assert card.kind == "warn"


def test_without_a_sale_only_what_may_be_lost_is_told(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(sources=(TWILIO,)))

    wake(opened.shop, gap=replace(NIGHT, cause=Cause.CLOSED))
    opened.sales.away.watch.look()

    said = words(card_of(opened, qtbot))
    assert "Some messages may be missing" in said
    assert "ShopWatch was closed from " in said
    assert "With an API key, ShopWatch can ask; see Connections." in said


def test_who_tries_again_without_saying_for_how_long_is_named_in_one_quiet_line(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    opened = open_window(FakeShop(sources=(PAYNOW, SHOPIFY)))

    wake(opened.shop, gap=replace(NIGHT, began_at=END - HOUR))
    opened.sales.away.watch.look()

    def lines() -> list[Elided]:
        shown = [each for each in opened.window.findChildren(Elided) if each.isVisible()]
        return [each for each in shown if " will try again with messages from " in each.whole_text()]

    qtbot.waitUntil(lambda: bool(lines()))
    [line] = lines()
    assert line.whole_text().startswith("PayNow will try again with messages from ")
    assert "PayNow tries again with growing pauses, but does not say for how long." in line.toolTip()
    assert opened.sales.away.card is None

    wake(opened.shop, asked())

    qtbot.waitUntil(lambda: not lines())


def test_what_may_be_lost_is_told_for_those_alone_who_do_not_try_for_so_long(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    shops = (PAYNOW, SHOPIFY, replace(SHOPIFY, id="src-woo", provider="woocommerce", name="WooCommerce"))
    opened = open_window(FakeShop(sources=shops))

    wake(opened.shop, gap=replace(NIGHT, began_at=END - HOUR))

    card = card_of(opened, qtbot)
    assert card.kind == "warn"
    assert "ShopWatch could not ask WooCommerce. WooCommerce sends each message only once" in words(card)
    assert "Shopify" not in words(card)
    assert "PayNow" not in words(card)


@pytest.mark.parametrize(
    "shop",
    [FakeShop(sources=(replace(TWILIO, created_at=END - MINUTE),)), FakeShop(sources=(TWILIO,), tunnel=TunnelStatus())],
    ids=["not connected yet", "practice"],
)
def test_nothing_is_lost_where_nothing_could_be_sent(open_window: OpenWindow, qtbot: QtBot, shop: FakeShop) -> None:
    opened = open_window(shop)
    asked_before = len(shop.ledger.sales.asked)

    wake(shop)
    opened.sales.away.watch.look()

    qtbot.waitUntil(lambda: len(shop.ledger.sales.asked) > asked_before)
    assert opened.sales.away.card is None


def test_its_sales_are_listed_until_another_period_is_chosen(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(rows=[missed(1), missed(2), sale_row(3, paid_at=now())]))
    wake(opened.shop, asked(brought_in=2))

    button(card_of(opened, qtbot), "Show these sales").click()

    qtbot.waitUntil(lambda: opened.sales.model.rowCount() == 2)
    query = opened.sales.model.query
    assert (query.since, query.until) == (NIGHT.began_at, NIGHT.ended_at)
    opened.sales.filters.clear_filters(period=True)
    qtbot.waitUntil(lambda: opened.sales.model.rowCount() == 3)


@pytest.mark.parametrize("begins", ["Donaudampf", "דרוויש"])
def test_long_names_of_held_letters_leave_room_for_the_amount(
    open_window: OpenWindow, qtbot: QtBot, begins: str
) -> None:
    held = [letter(1)]
    rows = [missed(1, name=f"{begins}schifffahrtsgesellschaft " * 4, amount=Money(6800, "USD"))]
    opened = open_window(FakeShop(rows=rows, jobs_made=list(held), outbox=list(held)))
    wake(opened.shop, asked(brought_in=1))
    button(card_of(opened, qtbot), "Review 1 e-mail…").click()
    dialog = opened.sales.away.dialog
    assert dialog is not None
    [box] = dialog.findChildren(QCheckBox)
    assert box.text().removeprefix("\N{FIRST STRONG ISOLATE}").startswith(begins)
    assert box.text().count("\N{FIRST STRONG ISOLATE}") == box.text().count("\N{POP DIRECTIONAL ISOLATE}")
    assert box.text().endswith("$68.00")
    assert box.accessibleName() in unescape(box.toolTip())
    assert box.fontMetrics().horizontalAdvance(box.text()) < box.width() <= dialog.width()


def test_held_letters_are_decided_by_ticks(open_window: OpenWindow, qtbot: QtBot) -> None:
    held = [letter(1), letter(2), letter(9)]
    opened = open_window(FakeShop(rows=[missed(1), missed(2)], jobs_made=list(held), outbox=list(held)))
    wake(opened.shop, asked(brought_in=2))
    button(card_of(opened, qtbot), "Review 2 e-mails…").click()
    dialog = opened.sales.away.dialog
    assert dialog is not None
    boxes = {box.accessibleName().split(",")[0]: box for box in dialog.findChildren(QCheckBox)}
    first, second = boxes["Customer 1"], boxes["Customer 2"]
    assert not first.isChecked()
    assert not button(dialog, "Send").isEnabled()

    first.click()
    button(dialog, "Send").click()
    second.click()
    button(dialog, "Do not send").click()

    assert {(key.event, state) for key, state, _ in opened.shop.ledger.outbox.decided} == {
        (1, JobState.WAITING),
        (2, JobState.CANCELLED),
    }
    assert opened.sales.away.dialog is None
    qtbot.waitUntil(lambda: "e-mails wait" not in words(card_of(opened, qtbot)))


def test_a_letter_that_cannot_be_decided_stays(open_window: OpenWindow, qtbot: QtBot) -> None:
    held = [letter(1)]
    opened = open_window(FakeShop(rows=[missed(1)], jobs_made=list(held), outbox=list(held)))
    wake(opened.shop, asked(brought_in=1))
    button(card_of(opened, qtbot), "Review 1 e-mail…").click()
    dialog = opened.sales.away.dialog
    assert dialog is not None
    opened.shop.script.refuses["decide"] = UserError("It is too late.", "It was sent already.")

    [box] = dialog.findChildren(QCheckBox)
    box.click()
    button(dialog, "Send").click()

    assert "It is too late. It was sent already." in words(dialog)
    assert not box.isHidden()
    dialog.reject()


def test_closed_it_stays_away_until_the_next_gap(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(rows=[missed(1), sale_row(2, paid_at=now())]))
    wake(opened.shop, asked(brought_in=1))
    card_of(opened, qtbot)

    opened.window.activateWindow()
    QTest.qWaitForWindowActive(opened.window)
    opened.sales.table.setFocus()
    QTest.keyClick(opened.sales.table, Qt.Key.Key_Escape)
    assert opened.sales.away.card is None
    opened.shop.bus.tell(CatchUpChanged(asked(brought_in=1)))
    opened.sales.away.watch.look()
    assert opened.sales.away.card is None

    wake(opened.shop, asked(brought_in=1))
    card_of(opened, qtbot)


def test_what_comes_later_is_counted_too(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(rows=[missed(1)]))
    wake(opened.shop, asked(brought_in=1))
    card_of(opened, qtbot)

    opened.shop.ledger.sales.arrive(missed(2))

    qtbot.waitUntil(lambda: "2 sales came in" in words(card_of(opened, qtbot)))
    assert opened.sales.model.rowCount() == 2


def test_a_problem_goes_before_it(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(rows=[missed(1)]))
    wake(opened.shop, asked(brought_in=1))
    card = card_of(opened, qtbot)

    opened.shop.receiver.tell_reach(Reach(ReachState.SILENT, now()))
    assert not card.isVisible()
    opened.shop.receiver.tell_reach(Reach(ReachState.ANSWERS, now()))
    assert card.isVisible()


def test_gaps_that_follow_each_other_are_one(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(rows=[missed(1)]))
    opened.shop.bus.tell(GapEnded(replace(NIGHT, ended_at=END - MINUTE)))

    wake(opened.shop, asked(brought_in=1), gap=Gap(2, Cause.OFFLINE, END - MINUTE, END))

    said = words(card_of(opened, qtbot))
    assert "This computer slept from " in said
    assert "1 sale came in" in said


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (Cause.OFFLINE, "This computer had no internet from "),
        (Cause.ADDRESS, "Your public address did not answer from "),
        (Cause.LISTENER, "ShopWatch did not answer from "),
    ],
)
def test_an_owner_who_was_there_was_not_away(
    open_window: OpenWindow, qtbot: QtBot, cause: Cause, sentence: str
) -> None:
    opened = open_window(FakeShop(rows=[missed(1)]))

    wake(opened.shop, asked(brought_in=1), gap=replace(NIGHT, cause=cause))

    said = words(card_of(opened, qtbot))
    assert "While nothing was heard, 1 sale came in" in said
    assert sentence in said
