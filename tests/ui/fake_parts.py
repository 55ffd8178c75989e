"""Parts of a made-up shop that all of it shares: settings in memory, sources as told, a receiver as a test wants it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from shopwatch.domain.clock import Instant
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, ReachChanged, SettingsChanged, TunnelChanged
from shopwatch.domain.reach import Reach, TunnelStatus
from shopwatch.domain.source import Source
from shopwatch.settings.settings import Settings, changed
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.receiver import Receiver
from shopwatch.shop.source_registry import SourceRegistry


class FakeSettings(SettingsStore):
    """Kept in memory."""

    def __init__(self, current: Settings, bus: Bus) -> None:
        self.current = current
        self._bus = bus

    def change(self, **changes: Any) -> None:
        before, self.current = self.current, replace(self.current, **changes)
        if names := changed(before, self.current):
            self._bus.tell(SettingsChanged(names))

    def latest(self) -> Settings:
        return self.current


class FakeSources(SourceRegistry):
    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self.all = tuple(sources)


class FakeReceiver(Receiver):
    """Reopens and checks as often as it is asked to, and only counts that."""

    tunnel = TunnelStatus()
    reach = Reach()
    since: Instant | None = None
    clock_problem: UserError | None = None
    requests_used = 0

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.problems: dict[str, UserError] = {}
        self.reopened = 0
        self.checked = 0

    @property
    def asking_problems(self) -> dict[str, UserError]:
        return self.problems

    async def reopen(self) -> None:
        self.reopened += 1

    async def check(self) -> Reach:
        self.checked += 1
        return self.reach

    def tell_tunnel(self, status: TunnelStatus) -> None:
        self.tunnel = status
        self._bus.tell(TunnelChanged(status))

    def tell_reach(self, reach: Reach) -> None:
        self.reach = reach
        self._bus.tell(ReachChanged(reach))
