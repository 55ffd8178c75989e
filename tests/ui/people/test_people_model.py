"""The list of people, without a window."""

from typing import Any

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import DAY, HOUR
from shopwatch.runtime.tasks import Run
from shopwatch.ui.lists.keyset_model import PAGE, KeysetModel
from shopwatch.ui.people.model import PeopleModel, PeopleSource, PersonColumn
from tests.ui.conftest import run_now
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import FakeShop
from tests.ui.later import Later
from tests.ui.people.persons import person


def people_of(shop: FakeShop, run: Run) -> PeopleModel:
    return KeysetModel(PeopleSource(shop.ledger.people, shop.locale), "", run=run)


def ids(model: PeopleModel) -> list[int]:
    return [model.row_at(at).id for at in range(model.rowCount())]


@pytest.fixture
def shop(qapp: object) -> FakeShop:
    return FakeShop(persons=[person(number) for number in range(1, 251)])


@pytest.fixture
def model(shop: FakeShop) -> PeopleModel:
    model = people_of(shop, run_now)
    model.ask("")
    return model


def test_qt_finds_no_fault_with_it(shop: FakeShop, qtmodeltester: Any) -> None:
    later = Later()
    model = people_of(shop, later)
    qtmodeltester.check(model)
    model.ask("")
    later.go_on_to_the_end()
    shop.ledger.people.persons.append(person(251))
    shop.ledger.people.persons[9] = person(10, last_at=NOON + DAY)
    model.refresh()
    later.go_on_to_the_end()
    model.drop([200])
    qtmodeltester.check(model, force_py=True)


def test_pages_follow_each_other_without_gap_or_repeat(model: PeopleModel) -> None:
    assert model.rowCount() == PAGE
    while model.canFetchMore():
        model.fetchMore()
    assert ids(model) == list(range(250, 0, -1))


def test_whoever_is_heard_of_comes_to_the_top_and_keeps_their_place_in_the_selection(
    shop: FakeShop, model: PeopleModel
) -> None:
    watched = model.index(60, 0)
    chosen = model.row_at(60).id
    kept = QPersistentModelIndex(watched)
    shop.ledger.people.persons[chosen - 1] = person(chosen, last_at=NOON + DAY, orders=2)
    shop.ledger.people.persons.append(person(251, last_at=NOON + DAY + HOUR))

    model.refresh()

    assert ids(model)[:3] == [251, chosen, 250]
    assert kept.row() == 1
    assert model.row_at(1).orders == 2
    assert len(set(ids(model))) == model.rowCount()


def test_a_person_from_beyond_the_loaded_pages_comes_in_once(shop: FakeShop, model: PeopleModel) -> None:
    shop.ledger.people.persons[4] = person(5, last_at=NOON + DAY)
    model.refresh()
    while model.canFetchMore():
        model.fetchMore()
    assert sorted(ids(model)) == list(range(1, 251))
    assert ids(model)[0] == 5


def test_more_changes_than_a_page_holds_begin_the_list_anew(shop: FakeShop, model: PeopleModel) -> None:
    shop.ledger.people.persons = [person(number) for number in range(1_000, 1_300)]
    model.refresh()
    assert ids(model) == list(range(1_299, 1_199, -1))


def test_people_who_proved_to_be_others_or_were_forgotten_leave(shop: FakeShop, model: PeopleModel) -> None:
    model.drop([249])
    shop.ledger.people.persons = [row for row in shop.ledger.people.persons if row.id not in (249, 248)]
    model.drop([248])
    model.refresh()
    assert ids(model)[:2] == [250, 247]


def test_an_answer_to_an_earlier_search_is_dropped(shop: FakeShop) -> None:
    later = Later()
    model = people_of(shop, later)
    model.ask("")
    model.ask("person 17")
    later.go_on(1)
    later.go_on(0)
    assert model.query == "person 17"
    assert sorted(ids(model)) == [17, *range(170, 180)]


def test_a_failure_is_told_and_the_rows_stay(shop: FakeShop, model: PeopleModel) -> None:
    met: list[UserError] = []
    model.failed.connect(met.append)
    shop.script.failure = UserError("The disk is full.")
    model.ask("x")
    model.refresh()
    assert [problem.title for problem in met] == ["The disk is full."] * 2
    assert model.rowCount() == PAGE
    shop.script.failure = None
    model.ask("")
    assert model.rowCount() == PAGE


def test_a_row_can_be_heard(model: PeopleModel) -> None:
    spoken = model.data(model.index(0, PersonColumn.NAME), Qt.ItemDataRole.AccessibleTextRole)
    assert isinstance(spoken, str)
    assert spoken.startswith("Person 250, p250@example.com, 1 order, $12.50, Order, ")
