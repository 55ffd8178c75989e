"""The list of sales, without a window."""

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Change, SaleChange, SaleRow, SalesChanged
from shopwatch.domain.instant import HOUR, MINUTE
from shopwatch.domain.sales.sale import SaleState
from shopwatch.ledger.sales.query import SalesQuery, Sort
from shopwatch.presenting.sales.columns import Column
from shopwatch.ui.lists.keyset_model import PAGE
from shopwatch.ui.sales.table.model import SalesModel, SalesSource
from tests.ui.conftest import run_now
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import FakeShop, sale_row
from tests.ui.later import Later

ROOT = QModelIndex()


def numbers(model: SalesModel) -> list[int]:
    return [row.id for row in model.top(model.rowCount())]


def tell(model: SalesModel, *rows: SaleRow, change: Change = Change.NEW) -> None:
    """The fact arrives, and the time for which arrivals wait is over."""
    model.on_sales_changed(SalesChanged(tuple(SaleChange(row, change) for row in rows)))
    model.on_coalesced()


@pytest.fixture
def shop(qapp: object) -> FakeShop:
    return FakeShop(rows=[sale_row(number) for number in range(1, 251)])


@pytest.fixture
def model(shop: FakeShop) -> SalesModel:
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(SalesQuery())
    return model


def test_qt_finds_no_fault_with_it(shop: FakeShop, qtmodeltester: Any) -> None:
    later = Later()
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, later)
    qtmodeltester.check(model)
    for query in (SalesQuery(), SalesQuery(sort=Sort.AMOUNT)):
        model.ask(query)
        later.go_on_to_the_end()
        tell(model, sale_row(251), sale_row(252))
        tell(model, sale_row(200, state=SaleState.DISPUTED), change=Change.UPDATED)
        model.ask(SalesQuery(states=frozenset({SaleState.PAID})))
        later.go_on_to_the_end()
        tell(model, sale_row(249, state=SaleState.DISPUTED), change=Change.UPDATED)
        later.go_on_to_the_end()
    qtmodeltester.check(model, force_py=True)


def test_pages_follow_each_other_without_gap_or_repeat(model: SalesModel) -> None:
    assert model.rowCount() == PAGE
    while model.canFetchMore(ROOT):
        model.fetchMore(ROOT)
    assert numbers(model) == list(range(250, 0, -1))


def test_arrivals_go_on_top_while_older_pages_still_load(model: SalesModel) -> None:
    tell(model, sale_row(251), sale_row(252))
    while model.canFetchMore(ROOT):
        model.fetchMore(ROOT)
    assert numbers(model) == list(range(252, 0, -1))


def test_a_late_sale_takes_its_place_by_the_time_it_was_paid(model: SalesModel) -> None:
    late = sale_row(900, paid_at=NOON + 240 * MINUTE)
    tell(model, late)
    assert numbers(model)[:12] == [250, 249, 248, 247, 246, 245, 244, 243, 242, 241, 900, 240]


def test_a_sale_older_than_what_is_loaded_waits_for_its_page(model: SalesModel, shop: FakeShop) -> None:
    old = sale_row(900, paid_at=NOON)
    shop.ledger.sales.arrive(old)
    tell(model, old)
    assert 900 not in numbers(model)
    while model.canFetchMore(ROOT):
        model.fetchMore(ROOT)
    assert numbers(model)[-1] == 900


def test_an_update_changes_its_row_only(model: SalesModel, qtbot: QtBot) -> None:
    refunded = sale_row(248, state=SaleState.REFUNDED)
    with qtbot.waitSignal(model.dataChanged) as changed:
        tell(model, refunded, change=Change.UPDATED)
    assert changed.args is not None
    assert (changed.args[0].row(), changed.args[1].row()) == (2, 2)
    assert model.data(model.index(2, Column.STATE)) == "Refunded"
    assert numbers(model)[:3] == [250, 249, 248]


def test_an_update_that_no_longer_fits_takes_the_row_out(shop: FakeShop) -> None:
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(SalesQuery(states=frozenset({SaleState.PAID})))
    tell(model, sale_row(249, state=SaleState.DISPUTED), change=Change.UPDATED)
    assert numbers(model)[:2] == [250, 248]


def test_an_awaited_sale_moves_to_where_it_was_paid(shop: FakeShop) -> None:
    shop.ledger.sales.rows.append(sale_row(900, paid_at=NOON + 9 * HOUR, state=SaleState.INCOMPLETE))
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(SalesQuery())
    assert numbers(model)[0] == 900
    tell(model, sale_row(900, paid_at=NOON + 248 * MINUTE), change=Change.PAID)
    assert numbers(model)[:4] == [250, 249, 900, 248]


@pytest.mark.parametrize(
    "query",
    [
        SalesQuery(states=frozenset({SaleState.DISPUTED})),
        SalesQuery(until=NOON),
        SalesQuery(sources=frozenset({"another"})),
    ],
    ids=["state", "period", "sender"],
)
def test_arrivals_that_do_not_fit_are_not_shown(shop: FakeShop, query: SalesQuery) -> None:
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(query)
    before = numbers(model)
    tell(model, sale_row(251))
    assert numbers(model) == before


def test_practice_is_not_shown_where_it_is_left_out(shop: FakeShop) -> None:
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(SalesQuery(practice=False))
    tell(model, sale_row(251, practice=True), sale_row(252))
    assert numbers(model)[0] == 252
    assert 251 not in numbers(model)


def test_while_searching_the_ledger_is_asked_what_matches(shop: FakeShop) -> None:
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(SalesQuery(text="maya"))
    assert model.rowCount() == 0
    maya, tom = sale_row(251, name="Maya"), sale_row(252, name="Tom")
    shop.ledger.sales.arrive(maya, tom)
    tell(model, maya, tom)
    assert numbers(model) == [251]


def test_in_another_order_arrivals_are_counted_until_asked_for(shop: FakeShop, qtbot: QtBot) -> None:
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(SalesQuery(sort=Sort.CUSTOMER, descending=False))
    waiting: list[int] = []
    model.waiting.connect(waiting.append)
    tell(model, sale_row(251))
    tell(model, sale_row(252))
    model.ask_again()
    assert waiting == [1, 2, 0]


def test_a_burst_is_taken_in_by_parts_and_shown_whole(qapp: object) -> None:
    model = SalesModel(FakeShop().ledger.sales, FakeShop().sources, FakeShop().locale, run_now)
    model.ask(SalesQuery())
    rows = [sale_row(number) for number in range(1, 1001)]
    tell(model, *rows)
    assert 0 < model.rowCount() < 1000
    while model.rowCount() < 1000:
        model.on_coalesced()
    assert numbers(model) == list(range(1000, 0, -1))


def test_arrivals_in_many_places_are_read_from_the_ledger_instead(shop: FakeShop) -> None:
    shop.ledger.sales.rows = [sale_row(number, paid_at=NOON + number * 2 * MINUTE) for number in range(1, 91)]
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(SalesQuery())
    between = [sale_row(1000 + number, paid_at=NOON + (number * 2 + 1) * MINUTE) for number in range(1, 61)]
    shop.ledger.sales.arrive(*between)
    tell(model, *between)
    shown = [row.sale.paid_at for row in model.top(PAGE)]
    assert shown == sorted((row.sale.paid_at for row in shop.ledger.sales.rows), reverse=True)[:PAGE]


def test_no_more_than_the_most_are_held_and_the_rest_can_be_paged_in(qapp: object) -> None:
    shop = FakeShop()
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(SalesQuery())
    shop.ledger.sales.rows = [sale_row(number) for number in range(1, SalesSource.most + 301)]
    for start in range(0, len(shop.ledger.sales.rows), 400):
        tell(model, *shop.ledger.sales.rows[start : start + 400])
    assert model.rowCount() <= SalesSource.most
    assert numbers(model)[0] == SalesSource.most + 300
    assert model.canFetchMore(ROOT)
    last = numbers(model)[-1]
    model.fetchMore(ROOT)
    assert numbers(model)[-PAGE - 1 : -PAGE + 1] == [last, last - 1]
    assert not model.canFetchMore(ROOT)
    assert model.is_cut


def test_new_rows_are_new_until_seen(model: SalesModel) -> None:
    tell(model, sale_row(251))
    row = model.row_at(0)
    assert model.is_unseen(row)
    model.mark_seen(251)
    assert not model.is_unseen(row)
    assert model.newest_id() == 251


def test_hostile_text_is_data(shop: FakeShop) -> None:
    shop.ledger.sales.rows = [sale_row(1, name="<b>x</b>\u202egpj.exe", number="A" * 2**20)]
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(SalesQuery())
    assert model.data(model.index(0, Column.CUSTOMER)) == "<b>x</b>⟨U+202E⟩gpj.exe"
    assert len(str(model.data(model.index(0, Column.ORDER)))) <= 100


def test_a_row_is_said_as_one_sentence(model: SalesModel) -> None:
    spoken = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert isinstance(spoken, str)
    assert "Customer 250, Peony bunch × 2, $12.50, PayNow, Paid" in spoken


def test_a_store_that_cannot_answer_is_told(shop: FakeShop, qtbot: QtBot) -> None:
    shop.script.failure = UserError("The sales file cannot be read.", "ShopWatch has kept it untouched.")
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    with qtbot.waitSignal(model.failed) as failed:
        model.ask(SalesQuery())
    assert failed.args == [shop.script.failure]
    shop.script.failure = None
    model.ask_again()
    assert model.rowCount() == PAGE


def test_an_answer_to_an_older_question_is_dropped(shop: FakeShop) -> None:
    later = Later()
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, later)
    model.ask(SalesQuery())
    model.ask(SalesQuery(until=NOON + 11 * MINUTE))
    later.go_on(1)
    later.go_on(0)
    assert numbers(model) == list(range(10, 0, -1))


def test_one_page_is_asked_for_at_a_time(shop: FakeShop) -> None:
    later = Later()
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, later)
    model.ask(SalesQuery())
    later.go_on()
    model.fetchMore(ROOT)
    assert not model.canFetchMore(ROOT)
    model.fetchMore(ROOT)
    assert len(later.works) == 1
    later.go_on()
    assert model.rowCount() == 2 * PAGE


def test_a_sale_that_comes_while_its_page_is_on_the_way_is_shown_once(shop: FakeShop) -> None:
    later = Later()
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, later)
    model.ask(SalesQuery())
    shop.ledger.sales.arrive(sale_row(251))
    model.on_sales_changed(SalesChanged((SaleChange(sale_row(251), Change.NEW),)))
    model.on_coalesced()
    later.go_on()
    model.on_coalesced()
    assert numbers(model)[:2] == [251, 250]


def test_the_text_of_a_row_follows_it(model: SalesModel) -> None:
    row = model.top(1)[0]
    assert model.text(row) is model.text(row)
    tell(model, replace(row, sale=replace(row.sale, name="Ana Ruiz")), change=Change.UPDATED)
    assert model.data(model.index(0, Column.CUSTOMER)) == "Ana Ruiz"


def test_a_match_that_comes_while_the_ledger_is_asked_is_not_missed(shop: FakeShop) -> None:
    later = Later()
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, later)
    model.ask(SalesQuery(text="maya"))
    later.go_on()
    first, second = sale_row(251, name="Maya"), sale_row(252, name="Maya")
    shop.ledger.sales.arrive(first)
    tell(model, first)
    answered_before_the_second = later.works.pop()
    shop.ledger.sales.rows, kept = [first], [*shop.ledger.sales.rows, second]
    run_now(answered_before_the_second, "")
    assert numbers(model) == [251]
    tell(model, replace(first, seen=True), second)
    tell(model, second)
    shop.ledger.sales.rows = kept
    later.go_on_to_the_end()
    assert numbers(model) == [252, 251]
