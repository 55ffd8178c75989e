"""The ledger whose deliveries are booked in a process of their own while there is a rush."""

import asyncio
import multiprocessing
import resource
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Bus, DeliveryKept, LedgerChanged, Outcome, SalesChanged
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger, WriterProcessConfig
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.ledger.writing.booking import Recorded
from shopwatch.runtime.tasks import spawn
from tests.ledger import writes_until_killed
from tests.ledger.arrivals import COMMAND, NOON, SOON, back, delivery, paid, record_all, rush, told, written

PATIENCE = 20.0


@pytest.fixture
async def ledger(file: Path, facts: list[object]) -> AsyncIterator[Ledger]:
    """In which a rush has begun."""
    ledger = Ledger.open(f"sqlite:///{file}", tell=facts.append, writer_config=SOON)
    await rush(ledger)
    facts.clear()
    yield ledger
    await asyncio.to_thread(ledger.close)


def _scribes() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "write-down" in _command_of(each)]


def _command_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):  # it has just ended
        return []


def _process() -> psutil.Process:
    (process,) = _scribes()
    return process


def _stored(file: Path) -> list[str]:
    """The ids of all events that another program sees in the file, without those that made the rush."""
    with closing(sqlite3.connect(file)) as other:
        return [key.decode() for (key,) in other.execute("SELECT key FROM events ORDER BY id") if key != b"rush"]


async def test_a_file_of_any_name_is_the_same_file_for_both(tmp_path: Path) -> None:
    file = tmp_path / "50%25 off?" / "sh\udcf6p.sqlite"
    ledger = Ledger.open(file, writer_config=SOON)
    await rush(ledger)
    assert ledger.in_writer_process
    source = await ledger.sources.add("paynow", "PayNow")
    await ledger.record(*told(source.id, "e1", paid("o1")))
    await asyncio.to_thread(ledger.close)
    assert _stored(file) == ["e1"]


async def test_what_is_answered_is_in_the_file_and_told(
    ledger: Ledger, source: Source, file: Path, facts: list[object]
) -> None:
    names = [f"e{number}" for number in range(200)]
    answers = await record_all(ledger, [told(source.id, name, paid(name)) for name in names])

    assert sorted(_stored(file)) == sorted(names)
    assert {answer.outcome for answer in answers} == {Outcome.ACCEPTED}
    assert len({answer.delivery_id for answer in answers}) == 200
    changes = [change for fact in facts if isinstance(fact, SalesChanged) for change in fact.changes]
    assert sorted(change.row.sale.order_id for change in changes) == sorted(names)
    kept = {(fact.source_id, fact.outcome) for fact in facts if isinstance(fact, DeliveryKept)}
    assert kept == {(source.id, Outcome.ACCEPTED)}


async def test_what_nobody_listens_for_is_not_told(file: Path, facts: list[object]) -> None:
    bus = Bus()
    bus.listen(DeliveryKept, facts.append)
    ledger = Ledger.open(f"sqlite:///{file}", tell=facts.append, hears=bus.hears, writer_config=SOON)
    await rush(ledger)
    facts.clear()
    source = await ledger.sources.add("paynow", "PayNow", {})
    await ledger.record(*told(source.id, "a", paid("a")))
    bus.listen(SalesChanged, facts.append)
    await ledger.record(*told(source.id, "b", paid("b")))
    await asyncio.to_thread(ledger.close)

    assert [type(fact) for fact in facts if isinstance(fact, DeliveryKept | SalesChanged)] == [
        DeliveryKept,
        DeliveryKept,
        SalesChanged,
    ]


async def test_answers_come_in_the_order_of_the_questions(ledger: Ledger, source: Source) -> None:
    answered: list[int] = []

    async def ask(number: int) -> None:
        await ledger.record(*told(source.id, f"e{number}", paid(f"o{number}"), body=b"x" * (number % 7) * 100_000))
        answered.append(number)

    await asyncio.gather(*(ask(number) for number in range(100)))

    assert answered == list(range(100))


async def test_repeats_rejections_and_refunds_are_what_they_are_elsewhere(ledger: Ledger, source: Source) -> None:
    first = await ledger.record(*told(source.id, "a", paid("order")))
    again = await ledger.record(*told(source.id, "a", paid("order")))
    await ledger.record(*told(source.id, "b", back("order", 4_200)))
    await ledger.record(delivery(source.id), Rejected(Reason.SIGNATURE_MISMATCH, "\ud800 no text"))
    await written(ledger)

    assert (first.outcome, again.outcome) == (Outcome.ACCEPTED, Outcome.REPEAT)
    (row,) = (await ledger.sales.page(SalesQuery())).rows
    assert row.sale.kept is None
    assert [each.source_id for each in await ledger.inbox.page()].count(source.id) == 4


async def test_what_cannot_be_booked_keeps_nothing_else_from_it(ledger: Ledger, source: Source) -> None:
    good, bad = told(source.id, "a", paid("a")), told("nobody-1", "b", paid("b"))

    one, two, three = await asyncio.gather(
        ledger.record(*good),
        ledger.record(*bad),
        ledger.record(*told(source.id, "c", paid("c"))),
        return_exceptions=True,
    )

    assert isinstance(two, UserError)
    assert two.code == "no-source"
    assert not isinstance(one, BaseException)
    assert not isinstance(three, BaseException)


async def test_a_defect_in_one_message_is_no_harm_to_others(ledger: Ledger, source: Source) -> None:
    broken = Accepted(Event(5, "order", Kind.OTHER, NOON))  # type: ignore[arg-type]

    answers = await asyncio.gather(
        ledger.record(*told(source.id, "a", paid("a"))),
        ledger.record(delivery(source.id), broken),
        ledger.record(*told(source.id, "b", paid("b"))),
        return_exceptions=True,
    )

    assert isinstance(answers[1], RuntimeError)
    assert [each.outcome for each in (answers[0], answers[2]) if isinstance(each, Recorded)] == [Outcome.ACCEPTED] * 2


async def test_letters_that_no_other_program_could_read_arrive_as_they_are(ledger: Ledger, source: Source) -> None:
    odd = Accepted(Event("order \ud800", "order", Kind.OTHER, NOON))

    assert (await ledger.record(delivery(source.id), odd)).outcome is Outcome.ACCEPTED
    assert (await ledger.record(delivery(source.id), odd)).outcome is Outcome.REPEAT


@pytest.mark.loud
async def test_what_cannot_be_handed_over_is_an_outage(ledger: Ledger, source: Source) -> None:
    broken = Accepted(Event((lambda: "a"), "order", Kind.OTHER, NOON))  # type: ignore[arg-type]

    with pytest.raises(Outage):
        await ledger.record(delivery(source.id), broken)

    assert (await ledger.record(*told(source.id, "a", paid("a")))).outcome is Outcome.ACCEPTED


@pytest.mark.loud
async def test_when_the_process_dies_what_it_had_must_come_again_and_this_one_books(
    ledger: Ledger, source: Source, facts: list[object]
) -> None:
    await ledger.record(*told(source.id, "before", paid("before")))
    facts.clear()
    _process().kill()

    with pytest.raises(Outage) as refused:
        await ledger.record(*told(source.id, "during", paid("during")))
    again = await ledger.record(*told(source.id, "during", paid("during")))

    assert refused.value.code == "store-interrupted"
    assert again.outcome is Outcome.ACCEPTED
    assert not ledger.in_writer_process
    told_of = [fact for fact in facts if isinstance(fact, LedgerChanged)]
    assert told_of == [LedgerChanged(refused.value), LedgerChanged(None)]
    assert len((await ledger.sales.page(SalesQuery())).rows) == 2
    await rush(ledger)


@pytest.mark.loud
async def test_what_was_acknowledged_survives_the_death_of_the_process(
    ledger: Ledger, source: Source, file: Path
) -> None:
    acknowledged: set[str] = set()
    killed: list[int] = []

    async def one_connection(place: int) -> None:
        number = 0
        while len(killed) < 3:
            name = f"{place}-{number}"
            try:
                await ledger.record(*told(source.id, name, paid(name)))
            except Outage:
                await asyncio.sleep(0.01)
            else:
                acknowledged.add(name)
                number += 1
                if ledger.in_writer_process and len(acknowledged) % 50 == 0:
                    killed.append(_process().pid)
                    _process().kill()

    await asyncio.gather(*(one_connection(place) for place in range(32)))

    stored = _stored(file)
    assert acknowledged <= set(stored)
    assert len(stored) == len(set(stored)) == await ledger.sales.count(SalesQuery())
    assert await ledger.integrity()


async def test_without_a_rush_there_is_no_process(file: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{file}", writer_config=WriterProcessConfig(COMMAND))
    source = await ledger.sources.add("paynow", "PayNow", {})
    await record_all(ledger, [told(source.id, f"e{number}", paid(f"o{number}")) for number in range(50)])

    assert _scribes() == []
    await asyncio.to_thread(ledger.close)


async def test_after_the_rush_it_ends_and_this_one_books(file: Path, facts: list[object]) -> None:
    ledger = Ledger.open(
        f"sqlite:///{file}", writer_config=WriterProcessConfig(COMMAND, a_second=2, quiet=0.05), tell=facts.append
    )
    await rush(ledger)
    source = await ledger.sources.add("paynow", "PayNow", {})

    async with asyncio.timeout(PATIENCE):
        while _scribes():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    answer = await ledger.record(*told(source.id, "a", paid("a")))

    assert answer.outcome is Outcome.ACCEPTED
    assert [fact for fact in facts if isinstance(fact, LedgerChanged)] == []
    await asyncio.to_thread(ledger.close)


def test_it_ends_when_the_program_is_killed_and_nothing_acknowledged_is_lost(file: Path) -> None:
    source = asyncio.run(_new_ledger(file))
    context = multiprocessing.get_context("forkserver")
    heard, acknowledged = context.Pipe(duplex=False)
    program = context.Process(target=writes_until_killed.run, args=(file, source, 0, acknowledged, SOON), daemon=True)
    program.start()
    acknowledged.close()
    assert heard.recv() == "ready"
    names = set()
    while not (scribes := [each for each in psutil.Process(program.pid).children() if _writes(each, file)]):
        names.add(heard.recv())
    (scribe,) = scribes
    program.kill()
    scribe.wait(PATIENCE)
    while heard.poll():
        try:
            names.add(heard.recv())
        except EOFError:
            break
    program.join()
    program.close()
    heard.close()

    stored = _stored(file)
    assert names <= set(stored)
    assert len(stored) == len(set(stored))


def _writes(process: psutil.Process, file: Path) -> bool:
    return f"{file}-wal" in {each.path for each in process.open_files()}


async def _new_ledger(file: Path) -> str:
    ledger = Ledger.open(f"sqlite:///{file}")
    try:
        return (await ledger.sources.add("paynow", "PayNow", {})).id
    finally:
        ledger.close()


async def test_closing_commits_what_waits(file: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{file}", writer_config=SOON)
    await rush(ledger)
    source = await ledger.sources.add("paynow", "PayNow", {})
    waiting = [spawn(ledger.record(*told(source.id, f"e{n}", paid(f"o{n}"))), "record") for n in range(700)]
    await asyncio.sleep(0)

    await asyncio.to_thread(ledger.close)

    assert {answer.outcome for answer in await asyncio.gather(*waiting)} == {Outcome.ACCEPTED}
    assert len(_stored(file)) == 700
    assert _scribes() == []


async def test_a_full_disk_is_an_outage_and_ends_by_itself(ledger: Ledger, source: Source, facts: list[object]) -> None:
    await ledger.record(*told(source.id, "before", paid("before")))
    scribe = _process()
    before = scribe.rlimit(resource.RLIMIT_FSIZE)
    scribe.rlimit(resource.RLIMIT_FSIZE, (0, before[1]))

    with pytest.raises(Outage) as refused:
        await ledger.record(*told(source.id, "during", paid("during")))

    assert refused.value.code in {"disk-full", "store-unwritable"}
    scribe.rlimit(resource.RLIMIT_FSIZE, before)
    assert (await ledger.record(*told(source.id, "during", paid("during")))).outcome is Outcome.ACCEPTED
    assert [fact for fact in facts if isinstance(fact, LedgerChanged)] == [
        LedgerChanged(refused.value),
        LedgerChanged(None),
    ]


async def test_other_work_comes_after_what_waits_and_never_meets_it(ledger: Ledger, source: Source) -> None:
    recorded = [spawn(ledger.record(*told(source.id, f"e{n}", paid(f"o{n}"))), "record") for n in range(300)]
    await asyncio.sleep(0)

    added = await ledger.sources.add("stripe", "Stripe", {})

    assert all(each.done() for each in recorded)
    assert (await ledger.record(*told(added.id, "a", paid("a")))).outcome is Outcome.ACCEPTED


async def test_what_is_written_often_is_written_there_too_in_its_order(ledger: Ledger, source: Source) -> None:
    recorded = [spawn(ledger.record(*told(source.id, f"e{n}", paid(f"o{n}"))), "record") for n in range(100)]
    await asyncio.sleep(0)
    scribe = _process()
    before = scribe.rlimit(resource.RLIMIT_FSIZE)

    taken = await ledger.outbox.take(["ring"], 200)
    keys = [job.key for job in taken]
    scribe.rlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    with pytest.raises(Outage):
        await ledger.outbox.settle(keys, JobState.DONE)
    scribe.rlimit(resource.RLIMIT_FSIZE, before)
    await ledger.outbox.settle(keys, JobState.DONE)

    assert all(each.done() for each in recorded)
    assert {job.order for job in taken} >= {f"o{n}" for n in range(100)}
    assert {job.state for job in await ledger.outbox.jobs()} == {JobState.DONE}


@pytest.mark.loud
async def test_work_that_the_process_had_when_it_died_is_an_outage(ledger: Ledger, source: Source) -> None:
    await ledger.record(*told(source.id, "a", paid("a")))
    scribe = _process()
    scribe.suspend()
    lost = spawn(ledger.outbox.take(["ring"], 5), "take")
    await asyncio.sleep(0)
    scribe.kill()

    with pytest.raises(Outage) as refused:
        await lost

    assert refused.value.code == "store-interrupted"
    assert "a" in {job.order for job in await ledger.outbox.take(["ring"], 5)}


@pytest.mark.loud
async def test_work_with_a_defect_is_no_harm_to_what_comes_after(ledger: Ledger, source: Source) -> None:
    with pytest.raises(RuntimeError, match="TypeError"):
        await ledger.sales.mark_seen("all")  # type: ignore[arg-type]

    assert (await ledger.record(*told(source.id, "a", paid("a")))).outcome is Outcome.ACCEPTED
    assert ledger.in_writer_process


@pytest.mark.loud
@pytest.mark.parametrize(
    "program", ["import socket; socket.socket(fileno=0).sendall(bytes([4, 0, 0, 0]) + b'what')", "raise SystemExit(1)"]
)
async def test_a_process_of_no_use_is_no_harm(file: Path, program: str) -> None:
    ledger = Ledger.open(
        f"sqlite:///{file}", writer_config=WriterProcessConfig((sys.executable, "-c", program), a_second=2)
    )
    source = await ledger.sources.add("paynow", "PayNow", {})
    names = [f"e{number}" for number in range(200)]

    answers = await record_all(ledger, [told(source.id, name, paid(name)) for name in names])

    assert {answer.outcome for answer in answers} == {Outcome.ACCEPTED}
    await asyncio.to_thread(ledger.close)
    assert sorted(_stored(file)) == sorted(names)
