"""Work that a button begins, once at a time."""

from collections.abc import Callable, Coroutine
from typing import Any

from shopwatch.runtime.tasks import Run, spawn


class Once:
    """Runs one piece of work at a time; asking again meanwhile does nothing.

    The button is not greyed for as long: that would take the keyboard away from it.
    """

    def __init__(self, run: Run = spawn) -> None:
        self._have_done = run
        self.running = False

    def start(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        """Begin `work`, unless the last is still under way."""
        if not self.running:
            self.running = True
            self._have_done(self._run(work), name)

    async def _run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        finally:
            self.running = False
