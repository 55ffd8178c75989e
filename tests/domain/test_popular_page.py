"""Which items stand on the public page."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.popular import Popular, Rank, main_currency
from shopwatch.domain.sales.popular_page import PopularPage, Shown, period, renamed, shown, switched

ROSES = Popular("Roses", 60, (Money(1_000, "USD"),))
FERN = Popular("Fern", 30, (Money(4_000, "USD"), Money(900, "EUR")))
VASE = Popular("Vase", 6, (Money(9_900, "EUR"),))
FOUND = (VASE, FERN, ROSES)
PAGE = PopularPage(on=True, begun=True)


def test_best_sellers_come_first_with_their_share_of_the_best() -> None:
    assert shown(PAGE, FOUND) == (Shown("Roses", 100), Shown("Fern", 50), Shown("Vase", 10))


def test_by_money_other_currencies_are_not_compared() -> None:
    assert shown(replace(PAGE, by=Rank.MONEY), FOUND) == (Shown("Fern", 100), Shown("Roses", 25), Shown("Vase", None))


def test_hidden_items_are_off_and_make_room() -> None:
    assert [each.name for each in shown(replace(PAGE, hidden=("Roses",), most=1), FOUND)] == ["Fern"]
    assert shown(replace(PAGE, hidden=("Roses",)), FOUND)[0] == Shown("Fern", 100)


def test_nothing_sold_shows_nothing() -> None:
    assert shown(PAGE, ()) == ()


def test_what_is_hidden_in_a_name_is_written_out() -> None:
    (only,) = shown(PAGE, [Popular("Roses\u202e\n<b>", 1)])
    assert only.name == "Roses⟨U+202E⟩ <b>"


def test_a_name_of_which_nothing_can_be_seen_is_left_out() -> None:
    assert shown(PAGE, [Popular(" \t", 9), ROSES]) == (Shown("Roses", 100),)


@given(st.lists(st.tuples(st.text(), st.integers(1, 10**6)), max_size=60))
def test_whatever_sold_there_are_only_names_and_shares(sold: list[tuple[str, int]]) -> None:
    items = shown(PAGE, [Popular(name, qty) for name, qty in sold])

    assert len(items) <= PAGE.most
    assert all(0 < len(each.name) <= 80 and each.share is not None and 1 <= each.share <= 100 for each in items)


@pytest.mark.parametrize(
    ("days", "first"), [(7, date(2026, 11, 18)), (30, date(2026, 10, 26)), (365, date(2025, 11, 25))]
)
def test_the_period_ends_with_today(days: int, first: date) -> None:
    assert period(replace(PAGE, days=days), date(2026, 11, 24)) == (first, date(2026, 11, 25))


def test_a_switch_takes_an_item_off_and_on_again() -> None:
    off = switched(PAGE, "Roses")
    assert off.hidden == ("Roses",)
    assert switched(off, "Roses") == PAGE


def test_renaming_joins_what_sold_under_two_names() -> None:
    page = renamed(PAGE, "Fern", "Roses")

    assert shown(page, FOUND) == (Shown("Roses", 100), Shown("Vase", 7))


def test_a_new_name_can_be_renamed_and_taken_back() -> None:
    page = renamed(renamed(PAGE, "Fern", "Green"), "Green", "Fern in clay pot")
    assert [each.name for each in shown(page, FOUND)] == ["Roses", "Fern in clay pot", "Vase"]

    assert shown(renamed(page, "Fern in clay pot", ""), FOUND) == shown(PAGE, FOUND)


def test_a_hidden_item_stays_hidden_under_its_new_name() -> None:
    page = renamed(switched(PAGE, "Fern"), "Fern", "Green")

    assert [each.name for each in shown(page, FOUND)] == ["Roses", "Vase"]


def test_the_same_name_changes_nothing() -> None:
    assert renamed(PAGE, "Fern", "Fern ") == PAGE


def test_the_main_currency_is_the_one_most_was_sold_in() -> None:
    assert main_currency(FOUND) == "USD"
    assert main_currency([VASE]) == "EUR"
    assert main_currency([Popular("Card", 3)]) == ""
