"""What the shop lends to those who do its jobs."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopwatch.domain.rules.target import Target
from shopwatch.host.paths import Paths
from shopwatch.ledger.ledger import Ledger
from shopwatch.settings.settings import Settings

if TYPE_CHECKING:
    from shopwatch.actions.popular.public import PublicPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`settings` are those of now, and `refresh` lets hold here what other computers have changed of them until now
    (raises Outage). `secret_of` is a target's secret by its id (raises Outage), `name_of` the owner's word for a
    source, `page` the public page of popular items. `end` lets a target that wants no more be at rest until the owner
    saves it again.
    """

    paths: Paths
    ledger: Ledger
    settings: Callable[[], Settings]
    refresh: Callable[[], Awaitable[None]]
    secret_of: Callable[[str], Awaitable[str | None]]
    name_of: Callable[[str], str]
    locale: str
    page: Callable[[], "PublicPage"]
    end: Callable[[str], None]

    def target(self, target_id: str) -> Target | None:
        return next((each for each in self.settings().targets if each.id == target_id), None)

    def targets(self, kind: str) -> Sequence[Target]:
        """All of this kind."""
        return [each for each in self.settings().targets if each.kind == kind]
