"""How fast the ledger tells what sold best, with a million sales of thousands of different goods."""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from benchmarks.results import Figure
from benchmarks.seed import UNTIL, Goods, seed
from shopwatch.ledger import Ledger
from shopwatch.runtime import gc_policy

_SALES = 1_000_000
_GOODS: Goods = tuple((f"Item {number} of a long shelf", 100 + number) for number in range(5_000))
_PERIODS = 500


def measure(say: Callable[[str], None]) -> Iterator[Figure]:
    """Fill a ledger, count it for the first time, then ask for periods at random."""
    with tempfile.TemporaryDirectory() as folder:
        first, periods = asyncio.run(_measure(Path(folder) / "ledger.sqlite", say))
    yield Figure(f"counting {_SALES:,} sales for the first time", first, ".0f", "s")
    yield Figure(
        f"any period, {len(_GOODS):,} different items, p99", quantiles(periods, n=100)[98], ".1f", "ms", at_most=100
    )


async def _measure(file: Path, say: Callable[[str], None]) -> tuple[float, list[float]]:
    ledger = Ledger.open(f"sqlite:///{file}")
    try:
        say(f"recording {_SALES:,} sales")
        await seed(ledger, _SALES, goods=_GOODS)
        today = datetime.fromtimestamp(UNTIL / 1000, UTC).date()
        gc_policy.settle()  # as the program does
        first = await _timed(ledger, today, today)
        chance = random.Random(7)
        periods = []
        for _ in range(_PERIODS):
            since = today - timedelta(days=chance.randrange(365))
            until = since + timedelta(days=1 + chance.randrange(365))
            periods.append(1000 * await _timed(ledger, since, until))
        return first, periods
    finally:
        ledger.close()


async def _timed(ledger: Ledger, since: date, until: date) -> float:
    started = time.perf_counter()
    await ledger.popular.read(since, until)
    return time.perf_counter() - started
