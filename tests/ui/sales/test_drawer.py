"""What the drawer says of a sale."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from shopwatch.actions.answers import not_accepted
from shopwatch.domain.facts import Outcome
from shopwatch.domain.instant import HOUR, MINUTE
from shopwatch.domain.messages.event import FETCHED, NOT_FETCHED
from shopwatch.domain.rules.job import Job, JobKey, JobState
from shopwatch.domain.rules.rule import Trigger
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, Item, Part, RefundClaim, SaleClaim, SaleState
from shopwatch.ledger.inbox.query import DeliveryRow
from shopwatch.ledger.sales.query import Moment, SaleDetail
from shopwatch.presenting.initials import initials
from shopwatch.presenting.sales.message_text import message_text
from shopwatch.presenting.sales.receipt_text import ReceiptLine, receipt_lines
from shopwatch.presenting.sales.sale_details import order_page, subtitle
from shopwatch.presenting.sales.timeline_text import steps_of
from shopwatch.presenting.times import clock, local
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.details.receipt import ReceiptView
from tests.said import said
from tests.ui.conftest import tip_at
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import FakeShop, sale_row

TODAY: date = local(NOON).date()
PART = {"state": SaleState.PART_REFUNDED, "amount": Money(8600, "USD"), "given_back": Money(3400, "USD")}


def delivery(body: bytes | None, size: int = 0) -> DeliveryRow:
    return DeliveryRow(1, "s", "paynow", NOON, Outcome.ACCEPTED, "", "", "e", "t", "", (), body, size, practice=False)


def test_the_receipt_has_items_left_and_money_right() -> None:
    items = (Item("Dried wreath", 1, Money(4600, "USD")), Item("Peony bunch", 2, Money(2000, "USD")), Item("Bow", 1))
    lines = receipt_lines(sale_row(1, items=items, **PART).sale, "en_US")
    assert [(line.qty, line.text, line.amount) for line in lines if line.kind != "tear"] == [
        ("1", "Dried wreath", "$46.00"),
        ("2", "Peony bunch", "$40.00"),
        ("1", "Bow", ""),
        ("", "Paid", "$86.00"),
        ("", "Given back", "−$34.00"),
    ]
    assert [line.kind for line in lines].count("tear") == 1


@pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints)", extend=True)
def test_an_item_too_long_for_the_receipt_is_told_whole(qapp: QApplication, theme: Theme) -> None:
    long, short = "Überraschungsgeschenkgutscheinverpackungsservicepauschale", "Bow"
    receipt = ReceiptView(theme)
    receipt.show_lines(receipt_lines(sale_row(1, items=(Item(long, 1), Item(short, 1))).sale, "en_US"))
    receipt.resize(200, receipt.sizeHint().height())

    assert long in tip_at(receipt, QPoint(100, 12))
    assert tip_at(receipt, QPoint(100, 36)) == ""


def ink(receipt: ReceiptView) -> int:
    """How many of its points are not empty."""
    seen = receipt.grab().toImage()
    empty = seen.pixel(0, 0)
    return sum(seen.pixel(x, y) != empty for x in range(seen.width()) for y in range(seen.height()))


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_large_quantity_is_written_whole(qapp: QApplication, theme: Theme, direction: Qt.LayoutDirection) -> None:
    receipt = ReceiptView(theme)
    receipt.setLayoutDirection(direction)
    receipt.resize(300, 60)
    inks = []
    for qty in (8, 88, 888, 88_888_888):
        receipt.show_lines((ReceiptLine("item", str(qty), "Bow", "$1.00"),))
        inks.append(ink(receipt))
    digit = inks[1] - inks[0]
    assert inks[2] - inks[1] == pytest.approx(digit, rel=0.2)
    assert inks[3] - inks[1] == pytest.approx(6 * digit, rel=0.2)


def test_a_receipt_never_grows_without_end() -> None:
    lines = receipt_lines(sale_row(1, items=tuple(Item(f"x{n}", 1) for n in range(5000))).sale, "en_US")
    assert len(lines) < 70
    assert any("4,940 more items" in line.text for line in lines)


def test_what_cannot_be_counted_is_not_called_paid() -> None:
    lines = receipt_lines(sale_row(1, amount=None, amount_text="12,5", items=()).sale, "en_US")
    assert [(line.text, line.amount) for line in lines] == [("As sent, not counted", "12,5")]


def test_the_time_line_tells_what_happened_in_its_order() -> None:
    shop = FakeShop(rows=[sale_row(1, **PART)])
    row = shop.ledger.sales.rows[0]
    claim = DisputeClaim("order-1", None, "d1", DisputeState.OPEN)
    moments = shop.ledger.sales.moments(row)
    disputed = Moment(Part("evt-d", "dispute", moments[0].part.occurred_at + HOUR, claim), NOON + 2 * HOUR, 12)
    back_of_unknown = RefundClaim("order-1", None, "re-2")
    unknown = Moment(Part("evt-u", "refund", moments[0].part.occurred_at + 2 * HOUR, back_of_unknown), NOON, 13)
    steps = steps_of(SaleDetail(row, (unknown, disputed, *reversed(moments)), 1), (), "en_US", TODAY)
    assert [step.sentence for step in steps] == [
        "Paid at PayNow",
        "Refunded $34.00",
        "Disputed by the customer’s bank",
        "Refunded",
    ]
    assert [step.kind for step in steps] == ["ok", "neutral", "warn", "neutral"]


def test_what_only_the_provider_can_confirm_is_not_called_refunded_or_disputed() -> None:
    shop = FakeShop(rows=[sale_row(1)])
    row, [paid, *_] = shop.ledger.sales.rows[0], shop.ledger.sales.moments(shop.ledger.sales.rows[0])
    claims = (RefundClaim("1", None, "r", unconfirmed=True), DisputeClaim("1", None, "d", unconfirmed=True))
    hints = [replace(paid, part=structs.replace(paid.part, claim=claim)) for claim in claims]

    steps = steps_of(SaleDetail(row, (*hints, paid), 1), (), "en_US", TODAY)

    hinted = ["A message says that it was refunded", "A message says that it is disputed"]
    assert [step.sentence for step in steps] == [*hinted, "Paid at PayNow"]
    assert {step.kind for step in steps[:2]} == {"neutral"}


def test_a_payment_that_several_messages_tell_of_is_one_step() -> None:
    shop = FakeShop(rows=[sale_row(1)])
    row, [paid, *_] = shop.ledger.sales.rows[0], shop.ledger.sales.moments(shop.ledger.sales.rows[0])

    def told(number: int, *payments: str) -> list[Moment]:
        claims = [SaleClaim(f"o-{number}", Money(100, "USD"), payment=payment) for payment in payments]
        parts = [structs.replace(paid.part, event_id=f"e-{place}", claim=claim) for place, claim in enumerate(claims)]
        return [replace(paid, part=part) for part in parts]

    def sentences(moments: list[Moment]) -> list[str]:
        return [step.sentence for step in steps_of(SaleDetail(row, tuple(moments), 1), (), "en_US", TODAY)]

    assert sentences(told(1, "pi_1", "pi_1", "")) == ["Paid at PayNow"]
    assert sentences(told(2, "pi_1", "pi_1", "pi_2")) == ["Paid at PayNow"] * 2


def test_of_what_stands_alone_the_owner_is_told_what_helps() -> None:
    shop = FakeShop(rows=[sale_row(1, state=SaleState.INCOMPLETE, amount=None, items=())])
    back = RefundClaim("ch_1", Money(500, "USD"), "re_1")
    moment = Moment(Part("evt-1", "refund", NOON, back), NOON, 11)

    *_, last = steps_of(SaleDetail(shop.ledger.sales.rows[0], (moment,), 0), (), "en_US", TODAY)

    assert last.sentence == "Which sale this belongs to is not known yet"
    assert "API key" in last.note


def test_what_was_asked_for_stands_where_it_was_answered() -> None:
    shop = FakeShop(rows=[sale_row(1)])
    paid = shop.ledger.sales.moments(shop.ledger.sales.rows[0])[0]
    asked = [
        Moment(
            structs.replace(paid.part, event_id=f"fetched:{told}", type=told),
            paid.received_at + HOUR + place,
            20 + place,
        )
        for place, told in enumerate((FETCHED, NOT_FETCHED))
    ]
    steps = steps_of(SaleDetail(shop.ledger.sales.rows[0], (*asked, paid), 1), (), "en_US", TODAY)
    assert [step.sentence for step in steps] == [
        "Paid at PayNow",
        "PayNow told the rest",
        "PayNow did not tell the rest",
    ]
    assert [step.note for step in steps] == ["", "", "ShopWatch asked for a day and asks no more"]
    assert steps[1].time != steps[0].time


def test_a_message_that_came_late_says_so() -> None:
    shop = FakeShop(rows=[sale_row(1)])
    paid = shop.ledger.sales.moments(shop.ledger.sales.rows[0])[0]
    late = replace(paid, received_at=paid.part.occurred_at + 3 * HOUR)
    assert steps_of(SaleDetail(shop.ledger.sales.rows[0], (paid,), 1), (), "en_US", TODAY)[0].note == ""
    assert "arrived at" in steps_of(SaleDetail(shop.ledger.sales.rows[0], (late,), 1), (), "en_US", TODAY)[0].note


def test_every_action_stands_where_it_was_done_with_its_state() -> None:
    shop = FakeShop(rows=[sale_row(1)])
    paid = shop.ledger.sales.moments(shop.ledger.sales.rows[0])[0]
    at = paid.part.occurred_at

    def job(place: int, action: str, state: JobState, **more: Any) -> Job:
        key = JobKey(1, 1, place)
        return Job(key, Trigger.SALE_PAID, action, {}, state, "s", at, at + 2 * HOUR, at + place * MINUTE, **more)

    jobs = [
        job(5, "chat", JobState.FAILED, to="Team", result=said("Slack cannot find this chat.")),
        job(1, "email", JobState.DONE, to="maya@example.com", result=said("250 ok")),
        job(2, "forward", JobState.WAITING, to="Till", attempts=1, result=not_accepted("Till", 503)),
        job(3, "email", JobState.UNCERTAIN, to="\u202emaya", result=said("The server went quiet.")),
        job(4, "database", JobState.WAITING),
        job(6, "email", JobState.HELD, to="maya@example.com"),
        job(7, "email", JobState.WAITING, to="maya@example.com", result=said("There is no mail account yet.")),
    ]
    steps = steps_of(SaleDetail(shop.ledger.sales.rows[0], (paid,), 1), jobs, "en_GB", TODAY)
    again = clock(at + 2 * HOUR, "en_GB")
    assert [(step.kind, step.sentence, step.note) for step in steps[1:]] == [
        ("ok", "E-mail sent to maya@example.com", ""),
        ("neutral", "Passing on to Till waits", f"Again at {again}. Till did not accept it."),
        ("warn", "E-mail to ⟨U+202E⟩maya may have been sent", "The server went quiet."),
        ("neutral", "Entry in your database waits", ""),
        ("bad", "Post to Team failed", "Slack cannot find this chat."),
        ("warn", "E-mail to maya@example.com waits for your yes", ""),
        ("neutral", "E-mail to maya@example.com waits", f"Again at {again}. There is no mail account yet."),
    ]
    assert steps[1].time == clock(at + MINUTE, "en_GB")


def test_the_time_and_what_was_given_back_stand_beside_the_amount() -> None:
    sale = sale_row(2, **PART).sale
    assert subtitle(sale, "en_GB", TODAY).startswith("today at ")
    assert subtitle(sale, "en_US", TODAY).endswith("$34.00 given back")
    assert "on its way" in subtitle(structs.replace(sale, state=SaleState.INCOMPLETE), "en_US", TODAY)


def test_only_pages_the_provider_declared_are_opened() -> None:
    sale = sale_row(1, order_id="../../x?y=<z>").sale
    page = order_page("paynow", sale)
    assert page.startswith("https://dashboard.paynow.gg/orders/")
    assert page.endswith("..%2F..%2Fx%3Fy%3D%3Cz%3E")
    assert order_page("paynow", structs.replace(sale, practice=True)) == ""
    assert order_page("unheard-of", sale) == ""


def test_raw_messages_are_shown_word_for_word_and_nothing_hides_in_them() -> None:
    assert message_text(delivery(b'{\n  "a": 1\n}')) == '{\n  "a": 1\n}'
    assert message_text(delivery("é\u202e\x00x".encode())) == "é⟨U+202E⟩⟨U+0000⟩x"
    assert message_text(delivery(b"\xff\xfe")) == "\\xff\\xfe"
    long = message_text(delivery(b"a" * 100_000))
    assert len(long) < 70_000
    assert long.endswith("… and 34,464 bytes more.")
    assert message_text(delivery(None, 1_241)) == "Only the size of this message was kept: 1,241 bytes."


def test_initials_are_letters_of_the_first_and_last_name() -> None:
    assert [initials(name) for name in ("Ana Ruiz", "Cher", "", "Ana Maria de la Cruz", "<b>x</b> y")] == [
        "AR",
        "C",
        "",
        "AC",
        "Y",
    ]
