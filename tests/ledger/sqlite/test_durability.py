import asyncio
import multiprocessing
import random
import resource
import signal
import sqlite3
import sys
import threading
from collections import Counter
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

import pytest

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import LedgerChanged, Outcome
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.engine.sqlite.driver import BUSY_SECONDS
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger import writes_until_killed
from tests.ledger.arrivals import delivery, paid, record_all, told
from tests.ledger.test_batches import message

KILLS = 30


async def test_the_settings_that_outlive_a_power_loss_are_read_back(ledger: Ledger) -> None:
    settings = await ledger.durability()

    assert settings["journal_mode"] == "wal"
    assert settings["synchronous"] == "2"
    assert settings["foreign_keys"] == "1"
    assert settings["trusted_schema"] == "0"
    assert settings["busy_timeout"] == "3000"
    if sys.platform == "darwin":
        assert settings["fullfsync"] == settings["checkpoint_fullfsync"] == "1"


def test_what_was_acknowledged_survives_a_kill(file: Path) -> None:
    source = asyncio.run(_new_ledger(file))
    moments = random.Random(4)
    acknowledged: set[str] = set()
    for start in range(KILLS):
        acknowledged |= _killed_while_writing(file, source, start, moments.uniform(0.0, 0.12))

    with sqlite3.connect(file) as connection:
        stored = [key.decode() for (key,) in connection.execute("SELECT key FROM events")]
        folded = connection.execute("SELECT count(*) FROM sales").fetchone()[0]
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    assert len(acknowledged) > 100
    assert acknowledged <= set(stored)
    assert len(stored) == len(set(stored)) == folded
    assert sound == "ok"


async def _new_ledger(file: Path) -> str:
    ledger = Ledger.open(f"sqlite:///{file}")
    try:
        return (await ledger.sources.add("paynow", "PayNow", {})).id
    finally:
        ledger.close()


def test_of_a_message_that_tells_several_events_all_survive_a_kill_or_none(file: Path) -> None:
    """docs/attacks.md, C16."""
    source = asyncio.run(_new_ledger(file))
    moments = random.Random(5)
    acknowledged: set[str] = set()
    starts = count()
    # A slow machine gets more of them: what matters is how much had been acknowledged when it was killed.
    while (start := next(starts)) < 6 or (len(acknowledged) <= 20 and start < 60):
        acknowledged |= _killed_while_writing(file, source, start, moments.uniform(0.02, 0.12), more=20)

    with sqlite3.connect(file) as connection:
        stored = Counter(key.decode().partition("+")[0] for (key,) in connection.execute("SELECT key FROM events"))
    connection.close()
    assert len(acknowledged) > 20
    assert acknowledged <= stored.keys()
    assert set(stored.values()) == {21}


def _killed_while_writing(file: Path, source: str, start: int, after: float, more: int = 0) -> set[str]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([writes_until_killed.__name__])
    heard, acknowledged = context.Pipe(duplex=False)
    child = context.Process(
        target=writes_until_killed.run, args=(file, source, start, acknowledged), kwargs={"more": more}
    )
    child.start()
    acknowledged.close()
    assert heard.recv() == "ready"
    timer = threading.Timer(after, child.kill)
    timer.start()
    names = set()
    with suppress(EOFError):
        while True:
            names.add(heard.recv())
    child.join()
    assert child.exitcode == -signal.SIGKILL
    child.close()
    heard.close()
    return names


async def test_a_full_disk_is_an_outage_and_ends_by_itself(file: Path, facts: list[object]) -> None:
    ledger = Ledger.open(f"sqlite:///{file}", tell=facts.append)
    source = await ledger.sources.add("paynow", "PayNow", {})
    await record_all(ledger, [told(source.id, "before", paid("before"))])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    log = _log_size(file)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log, before[1]))
    try:
        with pytest.raises(Outage) as refused:
            await record_all(ledger, [told(source.id, "during", paid("during"))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)

    assert refused.value.code in {"disk-full", "store-unwritable"}
    assert [fact for fact in facts if isinstance(fact, LedgerChanged)] == [LedgerChanged(refused.value)]
    (answer,) = await record_all(ledger, [told(source.id, "during", paid("during"))])
    assert answer.outcome is Outcome.ACCEPTED
    assert [fact for fact in facts if isinstance(fact, LedgerChanged)][1:] == [LedgerChanged(None)]
    assert await ledger.sales.count(SalesQuery()) == 2
    assert await ledger.integrity()
    ledger.close()


async def test_a_lock_held_by_another_program_is_an_outage_and_ends_by_itself(
    ledger: Ledger, source: Source, file: Path
) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = asyncio.get_running_loop().time()

    early = asyncio.gather(ledger.record(*told(source.id, "a", paid("a"))), return_exceptions=True)
    await asyncio.sleep(0.5)
    late = asyncio.gather(ledger.record(*told(source.id, "b", paid("b"))), return_exceptions=True)
    refused = await early + await late

    assert all(isinstance(each, Outage) and each.code == "store-busy" for each in refused)
    assert asyncio.get_running_loop().time() - started < 2 * BUSY_SECONDS, "both wait at the same time"
    assert (await ledger.sales.page(SalesQuery())).rows == ()
    other.execute("ROLLBACK")
    other.close()
    (answer,) = await record_all(ledger, [told(source.id, "a", paid("a"))])
    assert answer.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("reason", [Reason.HINT, Reason.OTHER_ACCOUNT])
async def test_what_nobody_says_again_is_no_less_durable_than_a_sale(
    ledger: Ledger, source: Source, file: Path, reason: Reason
) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Outage):
        await ledger.record(delivery(source.id), Rejected(reason, "tr_1"))

    other.execute("ROLLBACK")
    other.close()
    assert (await ledger.record(delivery(source.id), Rejected(reason, "tr_1"))).outcome is Outcome.REJECTED
    assert len(await ledger.inbox.page(InboxQuery())) == 1


async def test_a_reader_never_waits_for_the_writer(ledger: Ledger, source: Source, file: Path) -> None:
    await record_all(ledger, [told(source.id, "a", paid("a"))])
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async with asyncio.timeout(30):  # a store that waits for another gives up long before
        page = await ledger.sales.page(SalesQuery())

    assert len(page.rows) == 1
    other.execute("ROLLBACK")
    other.close()


async def test_the_log_stays_small_however_much_is_written(ledger: Ledger, source: Source, file: Path) -> None:
    filler = b"x" * 200_000
    for start in range(0, 600, 100):
        arrivals = [told(source.id, f"e{n}", paid(f"o{n}"), body=filler) for n in range(start, start + 100)]
        await record_all(ledger, arrivals, 8)

    assert _log_size(file) < 64 * 2**20


def _log(file: Path) -> Path:
    return Path(f"{file}-wal")


def _log_size(file: Path) -> int:
    return _log(file).stat().st_size


async def test_a_copy_holds_everything_and_overwrites_nothing(ledger: Ledger, source: Source, tmp_path: Path) -> None:
    await record_all(ledger, [told(source.id, "a", paid("a"))])
    copy = tmp_path / "copy.sqlite"

    await ledger.backup_to(copy)

    assert copy.stat().st_mode & 0o777 == 0o600
    assert not _log(copy).exists()
    restored = Ledger.open(f"sqlite:///{copy}")
    assert await restored.sales.count(SalesQuery()) == 1
    assert await restored.integrity()
    restored.close()
    with pytest.raises(UserError) as refused:
        await ledger.backup_to(copy)
    assert refused.value.code == "file-exists"


READS_LONG = """
import asyncio, sqlite3, sys
from pathlib import Path

class Long(sqlite3.Connection):
    def backup(self, target):
        self.execute("BEGIN")
        self.execute("SELECT count(*) FROM events").fetchone()
        print("reading", flush=True)
        sys.stdin.read()
        super().backup(target)

as_it_is = sqlite3.connect
sqlite3.connect = lambda *args, **more: as_it_is(*args, **{"factory": Long} | more)

from shopwatch.ledger import Ledger
asyncio.run(Ledger.open("sqlite:///" + sys.argv[1]).backup_to(Path(sys.argv[2])))
"""


async def test_who_starts_after_a_kill_does_not_wait_for_a_copy_that_is_being_made(file: Path, tmp_path: Path) -> None:
    source = await _new_ledger(file)
    acknowledged = await asyncio.to_thread(_killed_while_writing, file, source, 0, 0.3)
    assert _log_size(file)
    copying = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", READS_LONG, str(file), str(tmp_path / "copy.sqlite3")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert copying.stdout is not None
    assert await copying.stdout.readline() == b"reading\n"

    ledger = Ledger.open(f"sqlite:///{file}", alone=True)
    try:
        await record_all(ledger, [told(source, "meanwhile", paid("meanwhile"))])
    finally:
        ledger.close()

    await copying.communicate()
    assert copying.returncode == 0
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        stored = {key.decode() for (key,) in copy.execute("SELECT key FROM events")}
    assert acknowledged <= stored


async def test_of_a_message_that_meets_a_full_disk_nothing_is_kept(place: str, file: Path) -> None:
    ledger = Ledger.open(place)
    source = await ledger.sources.add("paynow", "PayNow", {})
    several = message(source, *(f"{number}" for number in range(250)))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.with_name(f"{file.name}-wal").stat().st_size + 20_000, before[1]))
    try:
        with pytest.raises(Outage):
            await ledger.record(*several)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)

    assert await ledger.inbox.page() == ()
    assert (await ledger.record(*several)).outcome is Outcome.ACCEPTED
    assert await ledger.sales.count(SalesQuery()) == 250
    ledger.close()
