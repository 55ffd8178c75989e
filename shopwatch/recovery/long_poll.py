"""Waits at providers that say by themselves when there is something to list, so that nobody asks again and again."""

import asyncio
import logging
import time
from collections.abc import Callable

from shopwatch.domain.errors import Outage
from shopwatch.domain.source import Source
from shopwatch.ledger.recovery.catchup_cursor import CatchUpBook
from shopwatch.providers.api import Api, ApiFailure
from shopwatch.recovery.api_transport import ApiTransport

_log = logging.getLogger(__name__)

LEAST = 5.0
"""Seconds between two questions, whatever the provider says."""


class LongPoll:
    """For the sources of providers that can be waited at, one question each at a time. They are left alone for as long
    as they want to be."""

    def __init__(
        self,
        catchup: CatchUpBook,
        transport: ApiTransport,
        *,
        find_api: Callable[[str], Api | None],
        least: float = LEAST,
    ) -> None:
        self._catchup = catchup
        self._transport = transport
        self._find_api = find_api
        self._least = least
        self._not_before: dict[str, float] = {}

    async def until_told(self, source: Source) -> bool:
        """Return once its provider says that there is something to list; False, at once, where it does not say so."""
        api = self._find_api(source.provider)
        if api is None or api.wait is None:
            return False
        try:
            while (looked := await self._catchup.looked(source.id)) is not None and looked.mark:
                await asyncio.sleep(self._not_before.get(source.id, 0) - time.monotonic())
                self._rest_source(source, self._least)
                asking = api.wait(looked.mark, source.options)
                told = (await self._transport.perform(asking, api.may_speak_to(source.options))).result
                self._rest_source(source, told.rest)
                if told.changed:
                    return True
        except ApiFailure as failure:
            self._rest_source(source, failure.wait or 0)
        except Outage:
            pass  # others tell the owner that the ledger is away
        except Exception:
            _log.exception("what %s answered could not be read", api.provider)
        return False

    def _rest_source(self, source: Source, seconds: float) -> None:
        self._not_before[source.id] = max(self._not_before.get(source.id, 0), time.monotonic() + seconds)
