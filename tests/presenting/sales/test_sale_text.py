"""A sale in words."""

from datetime import date

import pytest

from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, SaleState
from shopwatch.presenting.sales.period import Period, bounds
from shopwatch.presenting.sales.sale_text import items_text, pill_of, row_text
from shopwatch.presenting.times import day_before, local, midnight
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import sale_row

TODAY: date = local(NOON).date()


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ((), "–"),
        ((Item("Orchid, white", 1),), "Orchid, white"),
        ((Item("Tulip bundle", 3),), "Tulip bundle × 3"),
        ((Item("Dried wreath", 1), Item("Peony bunch", 1), Item("Gift wrap", 1)), "Dried wreath + 2 more"),
        ((Item("", 1),), "Item"),
        ((Item("x\n<b>y</b>", 1),), "x <b>y</b>"),
    ],
)
def test_items_are_summed_up(items: tuple[Item, ...], words: str) -> None:
    assert items_text(items, "en_US") == words


@pytest.mark.parametrize("state", list(SaleState))
def test_every_state_has_its_pill_and_practice_is_always_dashed(state: SaleState) -> None:
    assert pill_of(sale_row(1, state=state).sale).text
    assert pill_of(sale_row(1, state=state).sale).kind != "practice"
    assert pill_of(sale_row(1, state=state, practice=True).sale).kind == "practice"
    assert pill_of(sale_row(1, state=state, live=False).sale).kind == "practice"


def test_states_are_told_apart_without_colour() -> None:
    looks = [pill_of(sale_row(1, state=state).sale) for state in SaleState]
    assert len({look.text for look in looks}) == len(looks)


def test_a_part_refund_shows_what_was_kept() -> None:
    row = sale_row(1, state=SaleState.PART_REFUNDED, amount=Money(8600, "USD"), given_back=Money(3400, "USD"))
    text = row_text(row, "en_US", TODAY, {})
    assert (text.amount, text.struck, text.faint) == ("$52.00", False, False)


def test_a_full_refund_is_struck_through_and_shows_what_it_was() -> None:
    row = sale_row(1, state=SaleState.REFUNDED, amount=Money(6400, "USD"), given_back=Money(6400, "USD"))
    text = row_text(row, "en_US", TODAY, {})
    assert (text.amount, text.struck) == ("$64.00", True)


def test_practice_is_faint_and_has_no_order_number() -> None:
    text = row_text(sale_row(1, practice=True), "en_US", TODAY, {})
    assert (text.order, text.faint) == ("Practice", True)


def test_an_amount_that_cannot_be_counted_is_shown_as_sent() -> None:
    assert row_text(sale_row(1, amount=None, amount_text="1e3 USD"), "en_US", TODAY, {}).amount == "1e3 USD"
    assert row_text(sale_row(1, amount=None), "en_US", TODAY, {}).amount == "–"


def test_several_sources_of_one_service_go_by_their_own_names() -> None:
    row = sale_row(1)
    assert row_text(row, "en_US", TODAY, {}).sender == "PayNow"
    assert row_text(row, "en_US", TODAY, {row.source_id: "Market stall"}).sender == "Market stall"


def test_periods_are_whole_days_here() -> None:
    start = midnight(TODAY)
    assert bounds(Period.TODAY, TODAY) == (start, None)
    assert bounds(Period.YESTERDAY, TODAY) == (midnight(day_before(TODAY)), start)
    assert bounds(Period.WEEK, TODAY) == (midnight(day_before(TODAY, 6)), None)
    assert bounds(Period.ALL, TODAY) == (None, None)
