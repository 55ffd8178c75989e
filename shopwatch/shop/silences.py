"""Sources that are usually busy and say nothing."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from shopwatch.domain.facts import Bus
from shopwatch.domain.silence import Silence
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger

if TYPE_CHECKING:
    from shopwatch.recovery.silence_watch import SilenceWatch


class Silences:
    """A part of the facade; `Shop` is the whole."""

    ledger: Ledger
    bus: Bus
    _silence_watch: "SilenceWatch | None" = None

    def look_for_missed(self, source_ids: Collection[str] | None = None) -> None:
        raise NotImplementedError

    @property
    def silent_sources(self) -> Mapping[str, Silence]:
        """The sources that are usually busy and have been silent for unusually long, by their ids; none before `start`.

        `SilencesChanged` tells when that changes.
        """
        return self._silence_watch.silent if self._silence_watch is not None else {}

    def _start_silence_watch(self) -> None:
        from shopwatch.recovery.silence_watch import SilenceWatch

        self._silence_watch = SilenceWatch(self.ledger, self.bus, asks=_asks_alone, missed=self.look_for_missed)
        self._silence_watch.start()

    async def _stop_silence_watch(self) -> None:
        if self._silence_watch is not None:
            await self._silence_watch.stop()
            self._silence_watch = None


def _asks_alone(source: Source) -> bool:
    from shopwatch.providers.apis import api_of
    from shopwatch.providers.polling import asks_every

    api = api_of(source.provider)
    return api is not None and asks_every(api, source.options) is not None
