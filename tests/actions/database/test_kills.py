"""However often the program is killed, each sale is in the owner's database once, soon after the next start
(docs/attacks.md, H16)."""

import asyncio
import multiprocessing
import random
import signal
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from shopwatch.actions.database import DATABASE
from shopwatch.actions.database.writing import Writing, check
from shopwatch.actions.worker import Worker
from shopwatch.domain.facts import Bus, JobsChanged
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.ledger import Ledger
from shopwatch.runtime.clock import now
from tests.actions.database import writes_until_killed
from tests.ledger.arrivals import paid, record_all, told

SALES, KILLS = 300, 6
LONGEST_LIFE = 0.6
"""Seconds until a worker is killed, at most."""
SOON = 60
"""Seconds after the last start, far less than a worker has for one job."""


async def test_each_sale_is_there_once_however_often_whoever_writes_it_is_killed(tmp_path: Path) -> None:
    file, own = tmp_path / "sales.sqlite", tmp_path / "own.db"
    to = Target("db-1", "database", "My database", {"url": f"sqlite:///{own}", "create": "yes"})
    await check(to, "")
    ledger = Ledger.open(file)
    source = await ledger.sources.add("paynow", "PayNow", {})
    await ledger.outbox.put_rule(Rule("db", Trigger.SALE_PAID, steps=(RuleStep("database", {"to": "db-1"}),)))
    await record_all(ledger, [told(source.id, f"e{number}", paid(f"o{number}"), at=now()) for number in range(SALES)])
    ledger.close()

    moments = random.Random(17)
    for _ in range(KILLS):
        await _killed(file, to, moments.uniform(0, LONGEST_LIFE))
    assert await _written(file, to) == {JobState.DONE}

    engine = create_engine(f"sqlite:///{own}", poolclass=NullPool)
    with engine.connect() as connection:
        orders = connection.execute(text("SELECT order_id FROM shopwatch_sales")).scalars().all()
    assert sorted(orders) == sorted(f"o{number}" for number in range(SALES))


async def _killed(file: Path, to: Target, after: float) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([writes_until_killed.__name__])
    heard, ready = context.Pipe(duplex=False)
    worker = context.Process(target=writes_until_killed.run, args=(file, to, ready))
    worker.start()
    ready.close()
    assert await asyncio.to_thread(heard.recv) == "ready"
    heard.close()
    asyncio.get_running_loop().call_later(after, worker.kill)
    await asyncio.to_thread(worker.join)
    assert worker.exitcode == -signal.SIGKILL


async def _written(file: Path, to: Target) -> set[JobState]:
    """What became of the jobs once nothing waits any more, by a worker that lives by the same clock as the others."""
    bus = Bus()
    ledger = Ledger.open(file, tell=bus.tell)
    changed = asyncio.Event()
    bus.listen(JobsChanged, lambda _: changed.set())
    writing = Writing(ledger, lambda _: to, writes_until_killed.no_password)
    worker = Worker(ledger.outbox, bus, DATABASE, writing)
    worker.start()
    async with asyncio.timeout(SOON):
        while await ledger.outbox.next_due(["database"]) is not None:
            changed.clear()
            await changed.wait()
    await worker.stop()
    writing.close()
    found = {job.state for job in await ledger.outbox.jobs(limit=2 * SALES) if job.action == "database"}
    ledger.close()
    return found
