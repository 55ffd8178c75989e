"""Sources that work by asking alone: how often their provider is asked."""

import re

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import DAY, SECOND
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api

POLL = "poll"
"""The option of any source whose provider lists what happened: after how many seconds it is asked again; not set: only
when something may have been missed."""

_LONGEST_POLL = DAY // SECOND


def asks_every(api: Api, options: Options) -> float | None:
    """Seconds between two looks of a source that works by asking alone, within the provider's limits; None for others.

    Raises nothing: what cannot be read is not set.
    """
    said = options.get(POLL, "")
    if api.missed is None or not re.fullmatch(r"[0-9]{1,5}", said, re.ASCII):
        return None
    return max(float(said), api.pace)


def checked_poll(api: Api | None, said: str) -> str:
    """The option as it is kept. Raises UserError for what is no number of seconds, or where nobody can be asked."""
    told = said.strip()
    if not told:
        return ""
    if api is None or api.missed is None:
        raise UserError(
            say("This service has no list that ShopWatch could ask for."),
            say("Its messages come by themselves."),
            code="option-poll",
        )
    if not re.fullmatch(r"[1-9][0-9]{0,4}", told, re.ASCII) or int(told) > _LONGEST_POLL:
        raise UserError(
            say("“{value}” is not a time between two questions.", value=told[:20]),
            say("It is a number of seconds, such as 60, and at most a day."),
            code="option-poll",
        )
    return told
