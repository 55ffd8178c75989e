"""Work that goes on when a test wants it to."""

from collections.abc import Coroutine
from typing import Any

from tests.ui.conftest import run_now


class Later:
    """Holds work back until the test lets it go on, in any order."""

    def __init__(self) -> None:
        self.works: list[Coroutine[Any, Any, None]] = []

    def __call__(self, work: Coroutine[Any, Any, None], _name: str) -> None:
        self.works.append(work)

    def go_on(self, at: int = 0) -> None:
        run_now(self.works.pop(at), "")

    def go_on_to_the_end(self) -> None:
        while self.works:
            self.go_on()
