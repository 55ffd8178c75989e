"""People, page by page, those heard of last first."""

from datetime import date
from enum import IntEnum

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from shopwatch.domain.clock import now
from shopwatch.domain.facts import HappeningsKept, PersonForgotten
from shopwatch.domain.tasks import Run, spawn
from shopwatch.domain.words import say
from shopwatch.ledger.directory import PeopleBook
from shopwatch.ledger.people_query import PeopleCursor, PersonRow
from shopwatch.ui.indexes import NO_INDEX, AnyIndex
from shopwatch.ui.paged import PAGE, PagedModel
from shopwatch.ui.people.wording import PersonText, person_text
from shopwatch.ui.times import local
from shopwatch.ui.widgets.row_delegate import GAP, Column

AVATAR = 24
MOST_ROWS = 20_000
"""More are never held at once; a list longer than this is to be searched."""
_COALESCED = 250
_MOST_TEXTS = 2_000


class PersonColumn(IntEnum):
    NAME = 0
    REACH = 1
    ORDERS = 2
    TOTAL = 3
    LATEST = 4
    TIME = 5


def columns() -> tuple[Column, ...]:
    """What stands over each `PersonColumn`, and its width."""
    return (
        Column(say("Name"), before=AVATAR + GAP),
        Column(say("E-mail or phone"), least=440),
        Column(say("Orders"), 72, trailing=True, least=560),
        Column(say("Total"), 168, trailing=True),
        Column(say("Latest"), 120, least=900),
        Column(say("When"), 160),
    )


class PeopleModel(PagedModel):
    """The people that a search finds, loaded as they are scrolled to, and kept in the order of what they do.

    Signals: `loaded()` when a first page is in; `failed(UserError)` when the ledger could not answer; `refreshed()`
    once the rows are as they are in the ledger now.
    """

    refreshed = Signal()

    def __init__(
        self,
        people: PeopleBook,
        locale: str,
        run: Run = spawn,
        parent: QObject | None = None,
    ) -> None:
        super().__init__([column.title for column in columns()], MOST_ROWS, parent)
        self._columns = columns()
        self._people = people
        self._locale = locale
        self._run = run
        self._search = ""
        self._rows: list[PersonRow] = []
        self._ids: set[int] = set()
        self._texts: dict[PersonRow, PersonText] = {}
        self._next: PeopleCursor | None = None
        self._refreshing = False
        self._refresh_again = False
        self._gone: set[int] = set()
        self.is_asked = False
        self.today: date = local(now()).date()
        self._coalesce = QTimer(self, singleShot=True, interval=_COALESCED)
        self._coalesce.timeout.connect(self.refresh)

    @property
    def search(self) -> str:
        return self._search

    def ask(self, search: str) -> None:
        """Show whom `search` finds, from the top; the rows shown now stay until the first page is here."""
        self._generation += 1
        self._search = search
        self.is_asked = True
        self._fetching = True
        self._run(self._fetch_first(search, self._generation), "first page of people")

    @Slot()
    def ask_again(self) -> None:
        self.ask(self._search)

    @Slot()
    def refresh(self) -> None:
        """Take in what has changed since."""
        if self._fetching:
            self._coalesce.start()
        elif self._refreshing:
            self._refresh_again = True
        elif self.is_asked:
            self._refreshing = True
            self._run(self._fetch_newest(self._search, self._generation), "people heard of last")

    def refresh_soon(self) -> None:
        """Take in what has changed, once what comes on its heels is there too."""
        if not self._coalesce.isActive():
            self._coalesce.start()

    @Slot(object)
    def on_happenings_kept(self, fact: HappeningsKept) -> None:
        """People who have proved to be others leave the list at the next refreshing."""
        self._gone.update(fact.merged)

    @Slot(object)
    def on_forgotten(self, fact: PersonForgotten) -> None:
        self._drop({fact.id})

    def begin_day(self, today: date) -> None:
        """Times of earlier days are shown with their day."""
        if today != self.today:
            self.today = today
            self._texts.clear()
            if self._rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, PersonColumn.TIME))

    def row_at(self, at: int) -> PersonRow:
        return self._rows[at]

    def id_at(self, at: int) -> int | None:
        return self._rows[at].id if 0 <= at < len(self._rows) else None

    def position(self, person_id: int) -> int | None:
        """Where this person stands, if they are loaded."""
        if person_id not in self._ids:
            return None
        return next(at for at, row in enumerate(self._rows) if row.id == person_id)

    def text_at(self, at: int) -> PersonText:
        row = self._rows[at]
        known = self._texts.get(row)
        if known is None:
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            known = self._texts[row] = person_text(row, self._locale, self.today)
        return known

    async def _fetch_first(self, search: str, generation: int) -> None:
        page = await self._wanted(self._people.page(search, None, PAGE), generation)
        if page is None:
            return
        self.beginResetModel()
        self._rows = list(page.rows)
        self._ids = {row.id for row in page.rows}
        self._next = page.next
        self._fetching = False
        self._gone.clear()
        self.endResetModel()
        self.loaded.emit()

    async def _fetch_next(self, search: str, after: PeopleCursor | None, generation: int) -> None:
        page = await self._wanted(self._people.page(search, after, PAGE), generation)
        if page is None:
            return
        self._fetching = False
        self._next = page.next
        if new := [row for row in page.rows if row.id not in self._ids]:
            self.beginInsertRows(NO_INDEX, len(self._rows), len(self._rows) + len(new) - 1)
            self._rows.extend(new)
            self._ids.update(row.id for row in new)
            self.endInsertRows()

    async def _fetch_newest(self, search: str, generation: int) -> None:
        try:
            page = await self._wanted(self._people.page(search, None, PAGE), generation, aside=True)
        finally:
            self._refreshing = False
        if page is None:
            return
        gone, self._gone = self._gone, set()
        self._drop(gone)
        if len(page.rows) == PAGE and self._ids.isdisjoint(row.id for row in page.rows):
            self.ask_again()
            return
        for at, row in enumerate(page.rows):
            self._put(at, row)
        self.refreshed.emit()
        if self._refresh_again:
            self._refresh_again = False
            self._coalesce.start()

    def _put(self, at: int, row: PersonRow) -> None:
        """Let `row` stand at this place, wherever it stood."""
        was = self.position(row.id)
        if was is None:
            self.beginInsertRows(NO_INDEX, at, at)
            self._rows.insert(at, row)
            self._ids.add(row.id)
            self.endInsertRows()
            return
        if was > at:
            self.beginMoveRows(NO_INDEX, was, was, NO_INDEX, at)
            self._rows.insert(at, self._rows.pop(was))
            self.endMoveRows()
        here = min(was, at)
        if self._rows[here] != row:
            self._rows[here] = row
            self.dataChanged.emit(self.index(here, 0), self.index(here, PersonColumn.TIME))

    def _drop(self, gone: set[int]) -> None:
        for person_id in gone:
            at = self.position(person_id)
            if at is not None:
                self.beginRemoveRows(NO_INDEX, at, at)
                del self._rows[at]
                self._ids.discard(person_id)
                self.endRemoveRows()

    @property
    def _goes_on(self) -> bool:
        return self._next is not None

    def _fetch_more(self) -> None:
        self._run(self._fetch_next(self._search, self._next, self._generation), "next page of people")

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        text = self.text_at(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text.cells()[index.column()]
            case Qt.ItemDataRole.AccessibleTextRole:
                return text.spoken(self._rows[index.row()].orders)
            case Qt.ItemDataRole.ToolTipRole if index.column() == PersonColumn.TOTAL:
                return text.all_totals
            case Qt.ItemDataRole.TextAlignmentRole if self._columns[index.column()].trailing:
                return Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        return None
