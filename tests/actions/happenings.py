"""What is no sale as facts, for the tests of pop-ups."""

from itertools import count

from shopwatch.domain.facts import HappeningRow
from shopwatch.domain.messages.happening import Happening

_ids = count(1)


def happening(
    told: Happening, *, source: str = "hubspot", person: int | None = None, practice: bool = False, live: bool = True
) -> HappeningRow:
    return HappeningRow(next(_ids), source, source, told, person, 0, 0, practice, live)
