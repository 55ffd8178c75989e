"""Fills the drawer with the chosen person, and keeps it true."""

from PySide6.QtCore import QObject, QTimer, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.tasks import Run
from shopwatch.ui.people.door import PeopleDoor
from shopwatch.ui.people.drawer import PersonDrawer
from shopwatch.ui.people.model import PeopleModel

_PAUSE = 40


class PersonDetails(QObject):
    """Asks for one person at a time; answers for one no longer chosen are dropped."""

    def __init__(
        self,
        shop: PeopleDoor,
        model: PeopleModel,
        drawer: PersonDrawer,
        run: Run,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._shop = shop
        self._model = model
        self._drawer = drawer
        self._run = run
        self._wanted: int | None = None
        self._is_open = False
        # Holding an arrow key down passes by many people whom nobody wants to see.
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.on_paused)

    @Slot(bool)
    def on_drawer_shown(self, is_open: bool) -> None:
        self._is_open = is_open
        self.look()

    @Slot(object)
    def want(self, person_id: int | None) -> None:
        """Show this person while the drawer is open."""
        self._wanted = person_id
        self.look()

    @Slot()
    def look(self) -> None:
        """Show the chosen person as they are now."""
        if not self._is_open:
            return
        if self._wanted is None:
            self._drawer.show_nothing()
        else:
            self._pause.start()

    @Slot()
    def on_paused(self) -> None:
        if self._wanted is not None:
            self._run(self._fetch(self._wanted), "details of a person")

    async def _fetch(self, person_id: int) -> None:
        try:
            detail = await self._shop.person(person_id)
        except UserError:
            detail = None
        if person_id == self._wanted:
            if detail is None:
                self._drawer.show_nothing()
            else:
                names = {source.id: source.name for source in self._shop.sources if source.name}
                self._drawer.show_detail(detail, self._model.today, names)
