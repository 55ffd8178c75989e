"""A message as it arrived, to be read."""

from shopwatch.domain.i18n import number, say
from shopwatch.domain.legible import unhidden
from shopwatch.ledger.inbox.query import DeliveryRow

_LARGEST = 64 * 1024


def message_text(delivery: DeliveryRow) -> str:
    """The body as it arrived, line by line, nothing hidden; the first 64 KiB of it."""
    if delivery.body is None:
        return say("Only the size of this message was kept: {size} bytes.", size=number(delivery.size))
    body = delivery.body[:_LARGEST]
    lines = body.decode("utf-8", "backslashreplace").splitlines()
    text = "\n".join(unhidden(line) for line in lines)
    if len(delivery.body) > _LARGEST:
        text += "\n" + say("… and {count} bytes more.", count=number(len(delivery.body) - _LARGEST))
    return text
