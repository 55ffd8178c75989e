"""The list of deliveries, without a window."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from shopwatch.domain.errors import UserError
from shopwatch.ledger.inbox.query import InboxQuery, Result
from shopwatch.ui.inbox.model import DeliveryColumn, InboxModel, InboxSource
from shopwatch.ui.lists.keyset_model import PAGE, KeysetModel
from tests.ui.conftest import run_now
from tests.ui.fake_shop import FakeShop
from tests.ui.inbox.deliveries import accepted, rejected

ROOT = QModelIndex()


def ids(model: InboxModel) -> list[int]:
    return [model.row_at(at).id for at in range(model.rowCount())]


@pytest.fixture
def shop(qapp: object) -> FakeShop:
    return FakeShop(inbox={number: accepted(number) for number in range(1, 251)})


@pytest.fixture
def model(shop: FakeShop) -> InboxModel:
    source = InboxSource(shop.ledger.inbox, shop.sources, shop.locale)
    model: InboxModel = KeysetModel(source, InboxQuery(), run=run_now)
    model.ask(InboxQuery())
    return model


def test_pages_are_loaded_as_they_are_scrolled_to(model: InboxModel, shop: FakeShop) -> None:
    assert ids(model) == list(range(250, 150, -1))
    while model.canFetchMore(ROOT):
        model.fetchMore(ROOT)
    assert ids(model) == list(range(250, 0, -1))
    assert [after for _, after in shop.ledger.inbox.asked] == [None, 151, 51]


def test_the_model_keeps_qts_rules(model: InboxModel, qtmodeltester: object) -> None:
    qtmodeltester.check(model)  # type: ignore[attr-defined]


def test_what_arrives_stands_on_top(model: InboxModel, shop: FakeShop, qtbot: QtBot) -> None:
    model.refresh_soon()
    shop.ledger.inbox.deliver(accepted(251), rejected(252))
    model.refresh()
    assert ids(model)[:3] == [252, 251, 250]
    assert model.data(model.index(0, DeliveryColumn.RESULT)) == "Rejected"


def test_a_burst_larger_than_a_page_is_asked_for_anew(model: InboxModel, shop: FakeShop) -> None:
    shop.ledger.inbox.deliver(*[accepted(number) for number in range(251, 251 + 3 * PAGE)])
    model.refresh()
    assert ids(model) == list(range(550, 450, -1))


def test_only_what_fits_the_query_comes_in(model: InboxModel, shop: FakeShop) -> None:
    model.ask(InboxQuery(result=Result.REJECTED))
    assert ids(model) == []
    shop.ledger.inbox.deliver(accepted(251), rejected(252))
    model.refresh()
    assert ids(model) == [252]


def test_a_ledger_that_cannot_answer_is_told_and_asked_again(model: InboxModel, shop: FakeShop, qtbot: QtBot) -> None:
    shop.script.failure = UserError("The sales file cannot be read.", code="store-damaged")
    with qtbot.waitSignal(model.failed) as told:
        model.ask_again()
    assert told.args == [shop.script.failure]
    shop.script.failure = None
    model.ask_again()
    assert len(ids(model)) == PAGE


def test_a_row_is_spoken(model: InboxModel) -> None:
    spoken = str(model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole))
    assert spoken.endswith(", PayNow, Payment, Accepted")
