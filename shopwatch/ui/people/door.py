"""What the People page asks of the shop, beyond what the main window does."""

from typing import Protocol

from shopwatch.ledger.people_query import PeopleCursor, PeoplePage, PersonDetail
from shopwatch.ui.door import Door


class PeopleDoor(Door, Protocol):
    """Asking for people, and forgetting them. All may raise `UserError`; none blocks the loop."""

    async def people(self, search: str = "", after: PeopleCursor | None = None, limit: int = 100) -> PeoplePage: ...
    async def person(self, person_id: int) -> PersonDetail | None: ...
    async def forget_person(self, person_id: int) -> bool: ...
