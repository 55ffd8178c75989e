"""What the made-up shop sold, and its page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from shopwatch.domain.clock import Instant
from shopwatch.domain.errors import UserError
from shopwatch.domain.popular import Popular
from shopwatch.domain.reach import TunnelKind
from tests.ui.fake_parts import FakeReceiver


@dataclass
class FakeStorefront:
    """A part of `FakeShop`. `sold` is told for whatever days; `counted` is told while they are counted."""

    sold: tuple[Popular, ...] = ()
    counted: tuple[tuple[int, int], ...] = ()
    days_asked: list[tuple[date, date]] = field(default_factory=list)
    page_made_at: Instant | None = None
    pages_saved: list[Path] = field(default_factory=list)

    failure: UserError | None = None
    receiver: FakeReceiver = field(kw_only=True)

    async def popular(
        self, since: date, until: date, on_counted: Callable[[int, int], None] = lambda _counted, _of: None
    ) -> tuple[Popular, ...]:
        self.days_asked.append((since, until))
        for counted, of in self.counted:
            on_counted(counted, of)
        if self.failure is not None:
            raise self.failure
        return self.sold

    @property
    def page_address(self) -> str:
        return self.receiver.tunnel.public_url + "/popular" if self.receiver.tunnel.kind is not TunnelKind.NONE else ""

    @property
    def page_line(self) -> str:
        return f'<iframe src="{self.page_address}"></iframe>'

    async def save_page(self, file: Path) -> None:
        if self.failure is not None:
            raise self.failure
        self.pages_saved.append(file)
