"""Sources that are usually busy and say nothing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shopwatch.domain.connection.silence import Silence
from shopwatch.domain.facts import Bus
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.shop.checking.catching_up import CatchingUp

if TYPE_CHECKING:
    from shopwatch.recovery.silence_watch import SilenceWatch


class Silences:
    """Watches from `start` to `stop`; who falls silent is asked whether something was missed."""

    def __init__(self, ledger: Ledger, bus: Bus, catching_up: CatchingUp) -> None:
        self._ledger = ledger
        self._bus = bus
        self._catching_up = catching_up
        self._watch: SilenceWatch | None = None

    @property
    def silent(self) -> Mapping[str, Silence]:
        """The sources that are usually busy and have been silent for unusually long, by their ids; none before `start`.

        `SilencesChanged` tells when that changes.
        """
        return self._watch.silent if self._watch is not None else {}

    def start(self) -> None:
        from shopwatch.recovery.silence_watch import SilenceWatch

        self._watch = SilenceWatch(self._ledger, self._bus, asks=_asks_alone, missed=self._catching_up.look)
        self._watch.start()

    async def stop(self) -> None:
        if self._watch is not None:
            await self._watch.stop()
            self._watch = None


def _asks_alone(source: Source) -> bool:
    from shopwatch.providers.apis import api_of
    from shopwatch.providers.polling import asks_every

    api = api_of(source.provider)
    return api is not None and asks_every(api, source.options) is not None
