"""The receiver of a shop, whether it hears or not."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from shopwatch.domain.connection.reach import Reach, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Instant
from shopwatch.host.paths import Paths
from shopwatch.settings.settings import Settings
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.receiving import runtime_state

if TYPE_CHECKING:
    from shopwatch.shop.receiving.running_receiver import RunningReceiver


class Receiver:
    """Hears from `start` to `stop`, by the parts that `make` gives, which are loaded only then."""

    def __init__(self, paths: Paths, settings: SettingsStore, make: "Callable[[], RunningReceiver]") -> None:
        self._paths = paths
        self._settings = settings
        self._make = make
        self._running: RunningReceiver | None = None

    async def start(self, settings: Settings, port: int, *, any_port: bool) -> int:
        """Listen, then open the public address in the background. Gives the port. Raises UserError."""
        self._running = self._make()
        return await self._running.start(settings, port, any_port=any_port)

    async def stop(self) -> None:
        """Accept no more, answer what has come, then close the address."""
        if self._running is not None:
            await self._running.stop()
            self._running = None

    async def refresh(self) -> None:
        """Read sources and secrets anew, and tell whether the password store works."""
        if self._running is not None:
            await self._running.refresh()

    async def reopen(self) -> None:
        """Open the public address anew, as the settings say."""
        if self._running is not None:
            await self._running.reopen(self._settings.current)

    def accept_url(self) -> None:
        """The providers have the present address."""
        if self._running is not None:
            self._running.opened.accept_url()

    async def check(self) -> Reach:
        """Ask the public address from outside, now."""
        return await self._running.watch.check() if self._running is not None else Reach()

    @property
    def hears(self) -> bool:
        return self._running is not None

    @property
    def tunnel(self) -> TunnelStatus:
        """The public address as it is now; beside a running receiver, as that one knows it.

        Where nobody hears, it is not known since when.
        """
        if self._running is not None:
            return self._running.tunnel
        other = runtime_state.read(self._paths)
        return other.tunnel if other else TunnelStatus(kind=self._settings.current.tunnel)

    @property
    def reach(self) -> Reach:
        return self._running.reach if self._running is not None else Reach()

    @property
    def since(self) -> Instant | None:
        """When it began to hear."""
        return self._running.since if self._running is not None else None

    @property
    def clock_problem(self) -> UserError | None:
        """What is wrong with this computer's clock, as far as anybody outside has said."""
        return self._running.clock_skew.problem if self._running is not None else None

    @property
    def asking_problems(self) -> dict[str, UserError]:
        """What stands in the way of asking providers, by source id."""
        return self._running.asking_problems if self._running is not None else {}

    @property
    def calls(self) -> int:
        """How many requests have come by a public address since the start."""
        return self._running.calls if self._running is not None else 0

    @property
    def requests_used(self) -> int:
        """How many requests have come through ngrok this month; 0 where nobody counts."""
        return self._running.metering.used if self._running is not None else 0
