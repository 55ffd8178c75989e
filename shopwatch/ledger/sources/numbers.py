"""The short numbers by which rows name sources."""

from sqlalchemy import Connection, select

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.ledger.schema import sources


class SourceNumbers:
    """Number and provider of each source that ever was. They never change, so an entry once read stays true."""

    def __init__(self) -> None:
        self._by_id: dict[str, tuple[int, str]] = {}
        self._by_no: dict[int, str] = {}

    def of(self, connection: Connection, source_id: str) -> tuple[int, str]:
        """(number, provider). Raises `UserError` if there never was such a source."""
        found = self._by_id.get(source_id)
        if found is None:
            self.refresh(connection)
            found = self._by_id.get(source_id)
        if found is None:
            raise no_such_source()
        return found

    def id_of(self, connection: Connection, no: int) -> str:
        if no not in self._by_no:
            self.refresh(connection)
        return self._by_no[no]

    def refresh(self, connection: Connection) -> None:
        rows = connection.execute(select(sources.c.no, sources.c.id, sources.c.provider)).all()
        self._by_no = {row.no: row.id for row in rows}
        self._by_id = {row.id: (row.no, row.provider) for row in rows}


def no_such_source() -> UserError:
    return UserError(say("There is no such source."), say("“source list” shows those there are."), code="no-source")
