"""The list of what sold."""

from datetime import date
from enum import IntEnum
from operator import attrgetter

from shopwatch.domain.i18n import say
from shopwatch.presenting.popular.popular_text import ItemRow, ItemText, item_text
from shopwatch.ui.lists.column import Column
from shopwatch.ui.lists.rows_model import RowsModel

type PopularModel = RowsModel[ItemRow, ItemText]


class ItemColumn(IntEnum):
    RANK = 0
    NAME = 1
    QUANTITY = 2
    MONEY = 3
    BAR = 4
    PAGE = 5


class ItemKind:
    """Items, known by their names."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self.columns = (
            Column("", 56, figures=True, ink="text3", fades=False),
            Column(say("Item"), weight=500, ink="text", fades=False),
            Column(say("Quantity"), 200, weight=600, figures=True, ink="text", fades=False),
            Column(say("Money"), 128, trailing=True, figures=True, ink="text", tip=attrgetter("all_money")),
            Column("", 136, least=660),
            Column(say("On the page"), 112, trailing=True),
        )

    def id_of(self, row: ItemRow) -> str:
        return row.name

    def text_of(self, row: ItemRow, _today: date) -> ItemText:
        return item_text(row, self._locale)
