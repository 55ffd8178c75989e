"""The list of deliveries, the newest first."""

from datetime import date
from enum import IntEnum

from shopwatch.domain.i18n import say
from shopwatch.ledger.inbox.book import InboxBook
from shopwatch.ledger.inbox.query import DeliveryRow, InboxQuery
from shopwatch.presenting.inbox.delivery_text import DeliveryText, delivery_text
from shopwatch.presenting.sales.sale_text import told_apart
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.ui.lists.column import GAP, TILE, Column
from shopwatch.ui.lists.keyset_model import KeysetModel, KeysetPage

type InboxModel = KeysetModel[DeliveryRow, DeliveryText, InboxQuery]


class DeliveryColumn(IntEnum):
    TIME = 0
    FROM = 1
    ABOUT = 2
    RESULT = 3


class InboxSource:
    """Deliveries that a query finds; how wide the columns are, the table tells."""

    what = "messages"
    most = 50_000
    pause = 100
    whole = False

    def __init__(self, inbox: InboxBook, sources: SourceRegistry, locale: str) -> None:
        self._inbox = inbox
        self._sources = sources
        self._locale = locale
        self.columns = (
            Column(say("Time"), figures=True, fades=False),
            Column(say("From"), before=TILE + GAP, ink="text", fades=False, tile=True),
            Column(say("About")),
            # The list ends where the reader begins, so it needs no margin of the page's.
            Column(say("Result"), end=GAP, pill=True),
        )

    async def page(self, query: InboxQuery, after: int | None, limit: int) -> KeysetPage[DeliveryRow]:
        rows = await self._inbox.page(query, after, limit)
        return KeysetPage(rows, rows[-1].place if len(rows) == limit else None)

    def id_of(self, row: DeliveryRow) -> int:
        return row.id

    def text_of(self, row: DeliveryRow, today: date) -> DeliveryText:
        return delivery_text(row, self._locale, today, told_apart(self._sources.all))
