"""What a free ngrok account allows in a month, and whether that will last."""

from datetime import UTC, datetime

from babel.numbers import format_decimal

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant

FREE_REQUESTS = 20_000
"""HTTP requests in a month (ngrok.com/docs/pricing-limits/free-plan-limits). The gigabyte that goes with them lasts
longer: answers to senders are short."""

_NEARLY_ALL = 0.8


def month_of(at: Instant) -> str:
    """ "2026-11": the month in UTC whose requests are counted together."""
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m}"


def running_out(used: int, locale: str) -> UserError | None:
    """What the owner should know once `used` requests of this month are nearly all; None before."""
    if used < _NEARLY_ALL * FREE_REQUESTS:
        return None
    return UserError(
        say(
            "{used} of this month’s {free} free requests of ngrok are used.",
            used=format_decimal(used, locale=locale),
            free=format_decimal(FREE_REQUESTS, locale=locale),
        ),
        say(
            "When none is left, your public address is closed until the month is over. "
            "Change to a larger ngrok plan; if you have one, say so in Settings."
        ),
        code="ngrok-allowance",
    )
