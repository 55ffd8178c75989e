"""Which of the computers that share a ledger does what one alone may do."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from shopwatch.ledger.engine.ports import Store

_UNPROVED = 6.0
"""Seconds after which a leader that could not prove that it is still that has to stop."""


class Leadership:
    """Part of a `Ledger`. The database lets one session hold it, and gives it to another once that has ended."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread: ThreadPoolExecutor | None = None

    @property
    def contested(self) -> bool:
        """Whether any other computer could lead."""
        return self._store.file is None

    async def claim(self) -> bool:
        """Whether this one leads: it does from now on, if no other does. To be asked every few seconds."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger-leader")
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_UNPROVED):
                return await loop.run_in_executor(self._thread, self._store.lead)
        except TimeoutError:
            return False

    async def resign(self) -> None:
        """Let another lead."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._store.resign)
            thread.shutdown(wait=False)
