"""However often the program is killed, no customer gets the same letter twice (docs/attacks.md, P3)."""

import asyncio
import multiprocessing
import random
import signal
import sys
from collections import Counter
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from shopwatch.actions.email import EMAIL
from shopwatch.actions.email.letters import Letters
from shopwatch.actions.worker import Worker
from shopwatch.domain.facts import Bus, JobsChanged
from shopwatch.domain.instant import MINUTE, Instant
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.ledger import Ledger
from shopwatch.runtime.clock import now
from tests.actions.email import sends_until_killed
from tests.actions.email.post_office import AUTHORITY, PASSWORD, USER, PostOffice, trust
from tests.ledger.arrivals import paid, record_all, told
from tests.portions import FULL

JOBS, KILLS = (1_000, 50) if FULL else (100, 8)
LONGEST_LIFE = 1.5
"""Seconds until a worker is killed, at most."""


def later() -> Instant:
    """When whoever was killed has surely gone."""
    return now() + 3 * MINUTE


@pytest.mark.loud  # the mail server does not like to be hung up on
async def test_no_letter_goes_out_twice_however_often_its_worker_is_killed(
    tmp_path: Path, office: PostOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    file, trusted = tmp_path / "sales.sqlite", tmp_path / "ca.pem"
    AUTHORITY.cert_pem.write_to_path(str(trusted))
    options = {"host": "localhost", "port": str(office.port), "user": USER, "from": USER, "most_an_hour": "10000"}
    account = Target("mail-1", "mail", "Mail", options)
    await _owe(file)
    moments = random.Random(7)

    for _ in range(KILLS):
        worker = await _started(file, account, trusted)
        asyncio.get_running_loop().call_later(moments.uniform(0.0, LONGEST_LIFE), worker.kill)
        await asyncio.to_thread(worker.join)
        assert worker.exitcode == -signal.SIGKILL
    killed = await _rest(file, account, send=False)
    ended = await _rest(file, account, send=True)

    sent = Counter(str(message["Message-ID"]) for _, message in office.got)
    if FULL:
        with capsys.disabled():
            sys.stdout.write(f"\nkilled: {dict(killed)}; then: {dict(ended)}; {len(sent)} letters arrived\n")
    assert set(sent.values()) == {1}
    for states in (killed, ended):
        assert sum(states.values()) == JOBS
        assert states.keys() <= {JobState.DONE, JobState.UNCERTAIN, JobState.WAITING}
        assert states[JobState.UNCERTAIN] <= KILLS
    assert ended[JobState.WAITING] == 0
    assert ended[JobState.DONE] <= len(sent) <= ended[JobState.DONE] + ended[JobState.UNCERTAIN]


async def _owe(file: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{file}")
    source = await ledger.sources.add("paynow", "PayNow", {})
    for rule in await ledger.outbox.rules():
        await ledger.outbox.drop_rule(rule.id)
    await ledger.outbox.put_rule(Rule("a", Trigger.SALE_PAID, steps=(RuleStep("email", {"template": "thanks"}),)))
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}"), at=now()) for n in range(JOBS)])
    ledger.close()


async def _started(file: Path, account: Target, trusted: Path) -> ForkServerProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([sends_until_killed.__name__])
    heard, ready = context.Pipe(duplex=False)
    worker = context.Process(target=sends_until_killed.run, args=(file, account, PASSWORD, trusted, ready))
    worker.start()
    ready.close()
    assert await asyncio.to_thread(heard.recv) == "ready"
    heard.close()
    return worker


async def _rest(file: Path, account: Target, *, send: bool) -> Counter[JobState]:
    """How many jobs there are of each state once all workers have gone, and if wished, all that waits is sent."""
    bus = Bus()
    ledger = Ledger.open(f"sqlite:///{file}", tell=bus.tell, clock=later)
    await ledger.outbox.take(["email"], 0)
    if send:
        await _send_all(ledger, bus, account)
    states = Counter(job.state for job in await ledger.outbox.jobs(limit=JOBS))
    ledger.close()
    return states


async def _send_all(ledger: Ledger, bus: Bus, account: Target) -> None:
    async def password_of(_target_id: str) -> str:
        return PASSWORD

    letters = Letters(
        ledger.outbox, lambda: account, password_of, tuple, shop=lambda: "Bloom & Stem", locale="en_US", trust=trust()
    )
    changed = asyncio.Event()
    bus.listen(JobsChanged, lambda _: changed.set())
    worker = Worker(ledger.outbox, bus, EMAIL, letters, clock=later)
    worker.start()
    async with asyncio.timeout(120):
        while (await ledger.outbox.next_due(["email"])) is not None:
            changed.clear()
            await changed.wait()
    await worker.stop()
