"""Changes of other processes are seen by the times of the file, which cost nothing to look at."""

import os
from pathlib import Path

from shopwatch.ledger import Ledger


async def test_a_change_is_seen_after_long_rest_too(place: str, file: Path) -> None:
    one, two = Ledger.open(place), Ledger.open(place)
    source = await two.sources.add("paynow", "PayNow", {})

    def rest() -> None:
        for each in (file, file.with_name(f"{file.name}-wal")):
            os.utime(each, ns=(0, each.stat().st_mtime_ns - 60_000_000_000))

    rest()
    at_rest = [await one.sources.stamp(), await one.sources.stamp()]
    await two.sources.touch_secrets(source.id)
    changed = await one.sources.stamp()
    rest()

    assert at_rest == [at_rest[0]] * 2
    assert changed > at_rest[0]
    assert await one.sources.stamp() == changed
    one.close()
    two.close()
