"""How it is told what another side answered, and when it wants to be asked again."""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime

from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import SECOND, Instant
from shopwatch.domain.report import Report, report


def not_accepted(name: str, status: int) -> Report:
    return report("not-accepted", phrase("{name} did not accept it.", name=name), words=f"HTTP {status}")


def unanswered(name: str) -> Report:
    return report("unanswered", phrase("{name} does not answer.", name=name))


def retry_at(said: str, moment: Instant) -> Instant:
    """When another side wants to be asked again, by its Retry-After: seconds, or a date, which is of UTC where no zone
    is named. 0 where it says nothing."""
    said = said.strip()
    if re.fullmatch(r"[0-9]{1,9}", said, re.ASCII):
        return moment + int(said) * SECOND
    try:
        date = parsedate_to_datetime(said)
        return max(0, int((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() * 1000))
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0
