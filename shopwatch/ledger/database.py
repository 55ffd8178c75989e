"""What every book of a ledger works with."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from shopwatch.domain.instant import Clock
from shopwatch.ledger.engine.ports import Dialect, Store
from shopwatch.ledger.engine.readers import Readers
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.writing.writer import Writer


@dataclass(frozen=True, slots=True)
class Database:
    """One database with its one writer and its readers; `tell` hears facts after the commit, on the loop's thread.

    `node` is what this computer is called among those that share the database.
    """

    store: Store
    writer: Writer
    readers: Readers
    numbers: SourceNumbers
    tell: Callable[[object], None]
    clock: Clock
    node: str

    @property
    def dialect(self) -> Dialect:
        return self.store.dialect

    async def read[T](self, question: Callable[[Connection], T]) -> T:
        """What `question` returns in a read transaction. Raises `Outage` if the database cannot be read now."""
        return await self.readers.run(question)

    async def write[T](self, task: Callable[[Connection], T]) -> T:
        """What `task` returns once it is committed and on disk. Raises `Outage` if it is not; nothing is written then.

        A `partial` of a module's function with plain values may be carried out by another process.
        """
        return await self.writer.run(task)
