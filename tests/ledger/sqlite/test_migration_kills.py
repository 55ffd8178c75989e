"""An update that is cut short anywhere loses nothing."""

import asyncio
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from shopwatch.ledger import Ledger
from tests.ledger import next_schema
from tests.ledger.arrivals import paid, record_all, told

SALES = 500
KILLS = 8


async def _sold(file: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{file}")
    source = await ledger.sources.add("paynow", "PayNow")
    await record_all(ledger, [told(source.id, f"e{number}", paid(str(number))) for number in range(SALES)])
    ledger.close()


def _updated(file: Path, kill_after: float = 60) -> float:
    """How long the update took, in seconds."""
    program = [sys.executable, "-m", "tests.ledger.next_schema", str(file)]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        begun = time.monotonic()
        try:
            process.wait(kill_after)
        except subprocess.TimeoutExpired:
            process.kill()
        return time.monotonic() - begun


def _is_whole(file: Path) -> bool:
    """Whether all sales are there, all brought up to date, and nothing else has changed."""
    connection = sqlite3.connect(file)
    try:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        sales = connection.execute("SELECT count(*), min(length(remark)) FROM sales").fetchone()
        (remarks,) = connection.execute("SELECT count(*) FROM remarks").fetchone()
    finally:
        connection.close()
    return (sound, sales, remarks) == ("ok", (SALES, 1_000), 0)


def test_an_update_can_be_killed_anywhere_and_is_made_when_it_is_opened_next(file: Path, tmp_path: Path) -> None:
    asyncio.run(_sold(file))
    whole = tmp_path / "whole.sqlite"
    shutil.copy(file, whole)
    length = _updated(whole)
    assert _is_whole(whole)
    moments = random.Random(20)
    for number in range(KILLS):
        cut_short = tmp_path / f"{number}.sqlite"
        shutil.copy(file, cut_short)
        _updated(cut_short, moments.uniform(0, length))
        next_schema.update(cut_short)
        assert _is_whole(cut_short)
