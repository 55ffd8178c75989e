"""Fills the drawer with the chosen person, and keeps it true."""

from PySide6.QtCore import QObject

from shopwatch.domain.errors import UserError
from shopwatch.domain.tasks import Run
from shopwatch.ledger.directory import PeopleBook
from shopwatch.shop.source_registry import SourceRegistry
from shopwatch.ui.people.drawer import PersonDrawer
from shopwatch.ui.people.model import PeopleModel
from shopwatch.ui.widgets.drawer_filler import DrawerFiller


class PersonDetails(DrawerFiller):
    """Asks for one person at a time; answers for one no longer chosen are dropped."""

    def __init__(
        self,
        people: PeopleBook,
        sources: SourceRegistry,
        *,
        model: PeopleModel,
        drawer: PersonDrawer,
        run: Run,
        parent: QObject,
    ) -> None:
        super().__init__(drawer, run, "details of a person", parent)
        self._people = people
        self._sources = sources
        self._model = model
        self._drawer: PersonDrawer = drawer

    async def _fetch(self, wanted: int) -> None:
        try:
            detail = await self._people.get(wanted)
        except UserError:
            detail = None
        if wanted == self._wanted:
            if detail is None:
                self._drawer.show_nothing()
            else:
                names = {source.id: source.name for source in self._sources.all if source.name}
                self._drawer.show_detail(detail, self._model.today, names)
