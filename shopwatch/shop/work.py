"""What a shop does by itself while it has its place: it sends, asks and checks."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from shopwatch.shop.outgoing.popular import PopularItems

if TYPE_CHECKING:
    from shopwatch.shop.outgoing.workers import Lanes


class Part(Protocol):
    """What works from `start` to `stop`."""

    def start(self) -> None: ...
    async def stop(self) -> None: ...


class Work:
    """Sends by what `make_lanes` gives, and publishes by `popular`; `asking` begin in this order and end in the other.

    Several copies of a shop must not work at the same time: see `InstanceOwnership`.
    """

    def __init__(self, make_lanes: "Callable[[], Lanes]", popular: PopularItems, *asking: Part) -> None:
        self._make_lanes = make_lanes
        self._popular = popular
        self._asking = asking
        self._workers: Lanes | None = None

    def start(self) -> None:
        self._workers = self._make_lanes()
        self._workers.start()
        for part in self._asking:
            part.start()

    async def stop(self) -> None:
        await self.stop_sending()
        await self.stop_asking()

    async def stop_asking(self) -> None:
        """Ask no more; what is owed is still sent."""
        for part in reversed(self._asking):
            await part.stop()

    async def stop_sending(self) -> None:
        if self._workers is not None:
            await self._workers.stop()
            self._workers = None
        await self._popular.stop()
