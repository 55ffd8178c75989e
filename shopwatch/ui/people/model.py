"""The list of people: those heard of last first."""

from datetime import date
from enum import IntEnum
from operator import attrgetter

from shopwatch.domain.i18n import say
from shopwatch.ledger.people.book import PeopleBook
from shopwatch.ledger.people.query import PeopleCursor, PersonRow
from shopwatch.presenting.people.person_text import PersonText, person_text
from shopwatch.ui.lists.column import GAP, Column
from shopwatch.ui.lists.keyset_model import KeysetModel, KeysetPage

AVATAR = 24

type PeopleModel = KeysetModel[PersonRow, PersonText, str]


class PersonColumn(IntEnum):
    NAME = 0
    REACH = 1
    ORDERS = 2
    TOTAL = 3
    LATEST = 4
    TIME = 5


class PeopleSource:
    """People whom a search finds."""

    what = "people"
    most = 20_000
    pause = 250
    whole = False

    def __init__(self, people: PeopleBook, locale: str) -> None:
        self._people = people
        self._locale = locale
        self.columns = (
            Column(say("Name"), before=AVATAR + GAP, weight=500, ink="text"),
            Column(say("E-mail or phone"), least=440),
            Column(say("Orders"), 72, trailing=True, least=560, figures=True),
            Column(
                say("Total"), 168, trailing=True, weight=600, figures=True, ink="text", tip=attrgetter("all_totals")
            ),
            Column(say("Latest"), 120, least=900),
            Column(say("When"), 160, figures=True),
        )

    async def page(self, query: str, after: PeopleCursor | None, limit: int) -> KeysetPage[PersonRow]:
        page = await self._people.page(query, after, limit)
        return KeysetPage(page.rows, page.next)

    def id_of(self, row: PersonRow) -> int:
        return row.id

    def text_of(self, row: PersonRow, today: date) -> PersonText:
        return person_text(row, self._locale, today)
