"""What the Popular items page asks of the shop, beyond what the main window does."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

from shopwatch.domain.clock import Instant
from shopwatch.domain.popular import Popular
from shopwatch.ui.door import Door


class PopularDoor(Door, Protocol):
    """Asking what sold, and about the public page. What is awaited may raise `UserError`; nothing blocks the loop."""

    async def popular(
        self, since: date, until: date, on_counted: Callable[[int, int], None] = ...
    ) -> tuple[Popular, ...]: ...
    @property
    def page_address(self) -> str: ...
    @property
    def page_line(self) -> str: ...
    @property
    def page_made_at(self) -> Instant | None: ...
    async def save_page(self, file: Path) -> None: ...
