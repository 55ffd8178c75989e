"""The sources of one shop, as they were last read."""

from collections.abc import Awaitable, Callable

from shopwatch.domain.facts import Bus, SourcesChanged
from shopwatch.domain.source import Source
from shopwatch.ledger.sources.book import SourceBook


class SourceRegistry:
    """`all` are the sources of now, in the order in which they were connected. `SourcesChanged` tells of others.

    `first` follows each change before anybody is told of it.
    """

    def __init__(self, book: SourceBook, bus: Bus, *, first: Callable[[], Awaitable[None]]) -> None:
        self.all: tuple[Source, ...] = ()
        self._book = book
        self._bus = bus
        self._first = first

    @property
    def names(self) -> dict[str, str]:
        """What the owner calls each source, by its id."""
        return {each.id: each.name for each in self.all}

    def get(self, source_id: str) -> Source | None:
        """The source of this id, or None if it is gone."""
        return next((each for each in self.all if each.id == source_id), None)

    def known(self, source_id: str) -> Source:
        """The source of this id, which there is. Raises LookupError."""
        source = self.get(source_id)
        if source is None:
            raise LookupError(source_id)
        return source

    async def read(self) -> None:
        """Read them anew."""
        self.all = await self._book.all()

    async def changed(self) -> None:
        """Something in the ledger's book of sources is other than it was."""
        await self.read()
        await self._first()
        self._bus.tell(SourcesChanged())
