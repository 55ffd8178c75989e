"""The part of a made-up shop that knows people."""

from dataclasses import dataclass, field

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, PersonForgotten
from shopwatch.ledger.people_query import PeopleCursor, PeoplePage, PersonDetail, PersonMoment, PersonRow


@dataclass(kw_only=True)
class FakePeople:
    """`occasions` are what each of them has done."""

    bus: Bus
    failure: UserError | None = None
    persons: list[PersonRow] = field(default_factory=list)
    occasions: dict[int, tuple[PersonMoment, ...]] = field(default_factory=dict)
    people_asked: list[tuple[str, PeopleCursor | None]] = field(default_factory=list)

    async def people(self, search: str = "", after: PeopleCursor | None = None, limit: int = 100) -> PeoplePage:
        self.people_asked.append((search, after))
        if self.failure is not None:
            raise self.failure
        found = sorted(self.persons, key=lambda row: (row.last_at, row.id), reverse=True)
        found = [row for row in found if search.lower() in f"{row.name} {row.emails} {row.phones}".lower()]
        if after is not None:
            found = [row for row in found if (row.last_at, row.id) < (after.last_at, after.id)]
        page = tuple(found[:limit])
        more = len(found) > limit
        return PeoplePage(page, PeopleCursor(page[-1].last_at, page[-1].id) if more else None)

    async def person(self, person_id: int) -> PersonDetail | None:
        row = next((row for row in self.persons if row.id == person_id), None)
        return PersonDetail(row, "", self.occasions.get(person_id, ())) if row else None

    async def forget_person(self, person_id: int) -> bool:
        if self.failure is not None:
            raise self.failure
        self.persons = [row for row in self.persons if row.id != person_id]
        self.bus.tell(PersonForgotten(person_id))
        return True
