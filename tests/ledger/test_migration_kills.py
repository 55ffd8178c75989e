"""An update that is cut short anywhere loses nothing."""

import asyncio
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from shopwatch.ledger import Ledger
from shopwatch.ledger.query import SalesQuery
from tests.ledger.arrivals import paid, record_all, told
from tests.ledger.earlier import as_first

SALES = 500
KILLS = 8
_OPEN = "import sys; from shopwatch.ledger import Ledger; print('begins', flush=True); Ledger.open(sys.argv[1]).close()"


async def _sold(file: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{file}")
    source = await ledger.sources.add("paynow", "PayNow")
    await record_all(ledger, [told(source.id, f"e{number}", paid(str(number))) for number in range(SALES)])
    ledger.close()


async def _held(file: Path) -> tuple[int, int, bool]:
    ledger = Ledger.open(f"sqlite:///{file}")
    try:
        found = await ledger.sales.page(SalesQuery(text="321"))
        return await ledger.sales.count(SalesQuery()), len(found.rows), await ledger.integrity()
    finally:
        ledger.close()


def _updated(file: Path, kill_after: float | None = None) -> float:
    """How long the update took; with `kill_after`, the seconds it had."""
    with subprocess.Popen([sys.executable, "-c", _OPEN, f"sqlite:///{file}"], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        begun = time.monotonic()
        try:
            process.wait(60 if kill_after is None else kill_after)
        except subprocess.TimeoutExpired:
            process.kill()
        return time.monotonic() - begun


def test_an_update_can_be_killed_anywhere_and_is_made_when_it_is_opened_next(file: Path, tmp_path: Path) -> None:
    asyncio.run(_sold(file))
    old = as_first(file)
    whole = tmp_path / "whole.sqlite"
    shutil.copy(old, whole)
    length = _updated(whole)
    moments = random.Random(20)
    for number in range(KILLS):
        cut_short = tmp_path / f"{number}.sqlite"
        shutil.copy(old, cut_short)
        _updated(cut_short, moments.uniform(0, length))
        assert asyncio.run(_held(cut_short)) == (SALES, 1, True)
