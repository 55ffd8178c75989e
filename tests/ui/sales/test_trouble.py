"""Text that makes trouble, in the list of sales and in all that is told of one (docs/attacks.md, F17)."""

import unicodedata

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from shopwatch.domain.facts import SaleRow
from shopwatch.domain.sales.sale import Item
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.ledger.text_keys import storable
from shopwatch.presenting.sales.columns import Column
from shopwatch.runtime.clock import now
from shopwatch.ui.sales.table.model import SalesModel
from tests.trouble import ALL, KINDS
from tests.ui.conftest import run_now
from tests.ui.fake_shop import FakeShop, sale_row
from tests.ui.test_main_window import OpenWindow
from tests.ui.test_translation import texts

_LONGEST_CELL, _LONGEST_TEXT = 250, 3_000


def rows(told: tuple[str, ...]) -> list[SaleRow]:
    return [
        sale_row(
            place,
            paid_at=now() + place,
            number=text,
            name=text,
            email=text,
            amount=None,
            amount_text=text,
            items=(Item(text, 2), Item(text, 1)),
        )
        for place, text in enumerate(map(storable, told), 1)
    ]


def hides_something(text: str) -> bool:
    return any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
        for char in text
        if char not in "\n\u2068\u2069\u2060\u200c\u200d"
    )


def test_every_row_shows_all_there_is_in_one_line(qapp: object) -> None:
    shop = FakeShop(rows=rows(ALL))
    model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run_now)
    model.ask(SalesQuery())
    while model.canFetchMore():
        model.fetchMore()
    assert model.rowCount() == len(ALL)
    told: set[str] = set()
    for line in range(model.rowCount()):
        for column in Column:
            index = model.index(line, column)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
                said = str(index.data(role) or "")
                assert not hides_something(said), (column, role, said)
                if role is Qt.ItemDataRole.DisplayRole:
                    told.add(said)
                    assert "\n" not in said
                    assert len(said) <= _LONGEST_CELL
    assert {"<b>PAID</b>", "=1+1", "a⟨U+202E⟩b", "田中さん"} <= told


@pytest.mark.parametrize("kind", KINDS)
def test_the_drawer_tells_every_sale_as_it_is(open_window: OpenWindow, kind: str) -> None:
    told = rows(KINDS[kind])
    opened = open_window(FakeShop(rows=told))
    for row in told:
        opened.sales.show_sale(row.id)
        shown = list(texts(opened.sales.drawer))
        assert not [text for text in shown if hides_something(text)], row.sale.name
        assert max(map(len, shown)) <= _LONGEST_TEXT
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in opened.sales.drawer.findChildren(QLabel))
    assert not opened.window.grab().isNull()
