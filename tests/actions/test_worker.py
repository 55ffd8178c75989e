"""The outbox's workers, on a real ledger."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from shopwatch.actions.recovered_targets import LONGEST_WISH
from shopwatch.actions.registry import action_of
from shopwatch.actions.worker import FEWEST_TRIES, FIRST_PAUSE, GIVES_UP_AFTER, LONGEST_PAUSE, Worker, pause
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Bus, JobsChanged, JobsOwed
from shopwatch.domain.instant import DAY, HOUR, Instant
from shopwatch.domain.rules.job import Done, Job, JobKey, JobState, Later, Refused, Result, Unsure
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.ledger import Ledger
from tests.ledger.arrivals import NOON, paid, told
from tests.said import said


class Shop:
    """A ledger, its bus, a clock that a test moves, and workers that are stopped at the end."""

    def __init__(self, file: Path) -> None:
        self.now: Instant = NOON
        self.bus = Bus()
        self.ledger = Ledger.open(f"sqlite:///{file}", tell=self.bus.tell, clock=lambda: self.now)
        self.workers: list[Worker] = []
        self._changed = asyncio.Event()
        self.bus.listen(JobsChanged, lambda _: self._changed.set())
        self._orders = 0

    async def rule(self, *actions: str | RuleStep) -> str:
        source = await self.ledger.sources.add("paynow", "PayNow", {})
        for rule in await self.ledger.outbox.rules():
            await self.ledger.outbox.drop_rule(rule.id)
        await self.ledger.outbox.put_rule(
            Rule(
                "a",
                Trigger.SALE_PAID,
                steps=tuple(each if isinstance(each, RuleStep) else RuleStep(each, {}) for each in actions),
            )
        )
        return source.id

    async def sell(self, source_id: str, count: int = 1) -> None:
        for _ in range(count):
            self._orders += 1
            await self.ledger.record(*told(source_id, f"e{self._orders}", paid(f"o{self._orders}"), at=self.now))

    def work(
        self, action: str, do: Callable[[Job], Awaitable[Result]], *, at_once: int = 1, patience: float = 5
    ) -> Worker:
        declared = replace(action_of(action), at_once=at_once)
        worker = Worker(self.ledger.outbox, self.bus, declared, _Doer(do), clock=lambda: self.now, patience=patience)
        self.workers.append(worker)
        worker.start()
        return worker

    async def until(self, *states: JobState) -> list[Job]:
        """The jobs, oldest first, once each has one of these states."""
        return await self.told(lambda jobs: all(job.state in states for job in jobs))

    async def told(self, fits: Callable[[list[Job]], bool]) -> list[Job]:
        """The jobs, oldest first, once they are like that."""
        async with asyncio.timeout(30):
            while True:
                self._changed.clear()
                jobs = list((await self.ledger.outbox.jobs())[::-1])
                if jobs and fits(jobs):
                    return jobs
                await self._changed.wait()


class _Doer:
    def __init__(self, do: Callable[[Job], Awaitable[Result]]) -> None:
        self._do = do

    async def do(self, job: Job) -> Result:
        return await self._do(job)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = Shop(tmp_path / "sales.sqlite")
    yield shop
    for worker in shop.workers:
        await worker.stop()
    shop.ledger.close()


async def test_every_job_is_done_once(shop: Shop) -> None:
    source = await shop.rule("email")
    done: list[Job] = []

    async def do(job: Job) -> Result:
        done.append(job)
        return Done("maya@example.com")

    shop.work("email", do)
    await shop.sell(source, 5)

    jobs = await shop.until(JobState.DONE)
    assert [job.key for job in done] == [job.key for job in jobs]
    assert {job.state for job in done} == {JobState.WAITING}
    assert {job.to for job in jobs} == {"maya@example.com"}


@pytest.mark.parametrize(
    ("action", "result", "state"),
    [
        ("email", Refused(said("550 no such box")), JobState.FAILED),
        ("email", Unsure(said("silence")), JobState.UNCERTAIN),
        ("email", Later(said("421 busy")), JobState.WAITING),
        ("forward", Refused(said("410 gone")), JobState.FAILED),
        ("forward", Unsure(said("silence")), JobState.WAITING),
    ],
)
async def test_how_it_went_decides_what_comes_next(shop: Shop, action: str, result: Result, state: JobState) -> None:
    source = await shop.rule(action)
    tried = asyncio.Event()

    async def do(_job: Job) -> Result:
        tried.set()
        return result

    shop.work(action, do)
    await shop.sell(source)
    await tried.wait()
    (job,) = await shop.until(state)

    assert not isinstance(result, Done)
    assert job.result == result.why
    if state is JobState.WAITING:
        assert shop.now + FIRST_PAUSE * 3 // 4 <= job.due_at <= shop.now + FIRST_PAUSE


@pytest.mark.parametrize(("wish", "waits"), [(3_600_000, 3_600_000), (10 * DAY, LONGEST_WISH)])
async def test_another_side_may_ask_for_patience_within_reason(shop: Shop, wish: int, waits: int) -> None:
    source = await shop.rule("forward")
    tried = asyncio.Event()

    async def do(_job: Job) -> Result:
        tried.set()
        return Later(said("429"), not_before=shop.now + wish)

    shop.work("forward", do)
    await shop.sell(source)
    await tried.wait()
    (job,) = await shop.until(JobState.WAITING)

    assert job.due_at == shop.now + waits


async def tried(shop: Shop, answers: Callable[[int], Result], state: JobState) -> tuple[Job, int]:
    """The one job once it has this state, and how often it was asked for; after each time, the longest pause passes."""
    times = 0

    def passes() -> None:
        shop.now += LONGEST_PAUSE

    async def do(_job: Job) -> Result:
        nonlocal times
        times += 1
        asyncio.get_running_loop().call_soon(passes)
        return answers(times)

    worker = shop.work("email", do)
    (job,) = await shop.until(state)
    await worker.stop()
    return job, times


async def test_after_three_days_of_trying_it_is_given_up(shop: Shop) -> None:
    await shop.sell(await shop.rule("email"))

    job, times = await tried(shop, lambda _: Later(said("503")), JobState.FAILED)

    assert str(job.result) == "503"
    assert times == job.attempts == GIVES_UP_AFTER // LONGEST_PAUSE + 2


async def test_an_old_job_gets_its_tries_and_as_many_when_the_owner_wants_it_again(shop: Shop) -> None:
    await shop.sell(await shop.rule("email"))
    shop.now += 2 * GIVES_UP_AFTER

    job, times = await tried(shop, lambda _: Later(said("451 greylisted")), JobState.FAILED)
    await shop.ledger.outbox.decide(job.key, JobState.WAITING)
    again, times_again = await tried(shop, lambda _: Later(said("451 greylisted")), JobState.FAILED)

    assert job.attempts == again.attempts == times == times_again == FEWEST_TRIES


async def test_what_only_waited_was_not_tried_and_is_not_given_up(shop: Shop) -> None:
    await shop.sell(await shop.rule("email"))

    def answers(times: int) -> Result:
        if times <= 50:
            return Later(said("The most letters in an hour have gone out."), shop.now + 1, waits=True)
        return Later(said("451")) if times <= 52 else Done()

    job, times = await tried(shop, answers, JobState.DONE)

    assert shop.now > NOON + GIVES_UP_AFTER
    assert (times, job.attempts) == (53, 3)


async def test_a_host_that_hangs_holds_up_no_other_action(shop: Shop) -> None:
    source = await shop.rule("email", "chat")
    hung, posted = asyncio.Event(), asyncio.Event()

    async def hang(_job: Job) -> Result:
        hung.set()
        await asyncio.Event().wait()
        return Done()

    async def post(_job: Job) -> Result:
        posted.set()
        return Done()

    shop.work("email", hang)
    await shop.sell(source)
    await hung.wait()
    shop.work("chat", post)

    async with asyncio.timeout(30):
        await posted.wait()
    jobs = await shop.told(lambda jobs: jobs[1].state is JobState.DONE)
    assert [job.action for job in jobs if job.state is JobState.SENDING] == ["email"]


@pytest.mark.parametrize(("action", "state"), [("email", JobState.UNCERTAIN), ("forward", JobState.WAITING)])
async def test_what_takes_too_long_is_unsure(shop: Shop, action: str, state: JobState) -> None:
    source = await shop.rule(action)
    begun = asyncio.Event()

    async def hang(_job: Job) -> Result:
        begun.set()
        await asyncio.Event().wait()
        return Done()

    shop.work(action, hang, patience=0.05)
    await shop.sell(source)
    await begun.wait()

    (job,) = await shop.until(state)
    assert job.result


@pytest.mark.loud
async def test_a_defect_is_told_and_never_repeated_by_itself(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    source = await shop.rule("email")

    async def fail(_job: Job) -> Result:
        raise ValueError("a defect")

    shop.work("email", fail)
    await shop.sell(source)

    await shop.until(JobState.UNCERTAIN)
    assert "a job could not be done" in caplog.text


async def test_what_cannot_be_written_down_leaves_nothing_running_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await shop.rule("forward")
    await shop.sell(source, 2)
    failed, cut_off = asyncio.Event(), asyncio.Event()

    async def do(job: Job) -> Result:
        if job.key.event == 1:
            return Done()
        try:
            await asyncio.Event().wait()
        finally:
            cut_off.set()
        return Done()

    async def full(_keys: Sequence[JobKey], _state: JobState, **_more: object) -> None:
        failed.set()
        raise Outage("The disk is full.")

    monkeypatch.setattr(shop.ledger.outbox, "settle", full)
    worker = shop.work("forward", do, at_once=2, patience=60)
    await failed.wait()
    await worker.stop()

    assert cut_off.is_set()


@pytest.mark.parametrize(("action", "state"), [("email", JobState.UNCERTAIN), ("forward", JobState.WAITING)])
async def test_nothing_is_on_its_way_any_more_once_a_lane_has_stopped(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, action: str, state: JobState
) -> None:
    monkeypatch.setattr("shopwatch.actions.poller.GRACE", 0.05)
    await shop.sell(await shop.rule(action))
    begun = asyncio.Event()

    async def hang(_job: Job) -> Result:
        begun.set()
        await asyncio.Event().wait()
        return Done()

    worker = shop.work(action, hang)
    await begun.wait()
    await worker.stop()

    (job,) = await shop.ledger.outbox.jobs()
    assert job.state is state


@pytest.mark.loud
async def test_a_ledger_that_stays_away_is_told_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    source = await shop.rule("forward")
    tried = asyncio.Event()

    async def full(_actions: Sequence[str]) -> None:
        tried.set()
        raise Outage("The disk is full.")

    monkeypatch.setattr(shop.ledger.outbox, "next_due", full)
    worker = shop.work("forward", Program().do)
    for _ in range(3):
        await tried.wait()
        tried.clear()
        await shop.sell(source)
    await worker.stop()

    assert caplog.text.count("the outbox rests") == 1


async def test_a_lane_wakes_when_a_job_is_due(shop: Shop) -> None:
    source = await shop.rule("forward")
    tries = 0
    tried = asyncio.Event()

    async def do(_job: Job) -> Result:
        nonlocal tries
        tries += 1
        tried.set()
        return Later(said("503")) if tries == 1 else Done()

    shop.work("forward", do)
    await shop.sell(source)
    await tried.wait()
    await shop.until(JobState.WAITING)
    shop.now += FIRST_PAUSE
    shop.bus.tell(JobsOwed(frozenset({"forward"})))

    await shop.until(JobState.DONE)
    assert tries == 2


async def test_nobody_waits_for_a_clock_that_was_a_year_ahead(shop: Shop) -> None:
    source = await shop.rule("forward")
    answers = asyncio.Queue[Result]()
    tried = asyncio.Event()

    async def do(_job: Job) -> Result:
        tried.set()
        return await answers.get()

    shop.now += 365 * DAY
    shop.work("forward", do)
    await shop.sell(source)
    answers.put_nowait(Later(said("503")))
    await tried.wait()
    await shop.until(JobState.WAITING)
    shop.now = NOON
    await shop.sell(source)  # what comes in has it look
    # A refusal tells nothing of the target, so that the first is not tried before its time.
    answers.put_nowait(Refused(said("410")))

    await shop.told(lambda jobs: jobs[1].state is JobState.FAILED and jobs[0].due_at <= NOON + FIRST_PAUSE)
    shop.now += FIRST_PAUSE
    answers.put_nowait(Done())
    shop.bus.tell(JobsOwed(frozenset({"forward"})))
    assert len(await shop.until(JobState.DONE, JobState.FAILED)) == 2


async def test_what_was_owed_while_the_clock_was_a_year_ahead_is_done_after_the_next_start(shop: Shop) -> None:
    source = await shop.rule("email")
    shop.now += 365 * DAY
    await shop.sell(source, 3)
    shop.now = NOON

    async def do(_job: Job) -> Result:
        return Done()

    shop.work("email", do)
    assert len(await shop.until(JobState.DONE)) == 3


@pytest.mark.parametrize(("action", "state"), [("database", JobState.DONE), ("email", JobState.UNCERTAIN)])
@pytest.mark.parametrize("ahead", [0, 365 * DAY])
async def test_what_was_on_its_way_when_it_ended_is_settled_at_the_next_start(
    shop: Shop, action: str, state: JobState, ahead: int
) -> None:
    source = await shop.rule(action)
    shop.now += ahead
    await shop.sell(source)
    await shop.ledger.outbox.take([action], 1)  # its worker is killed now
    shop.now = NOON

    async def do(_job: Job) -> Result:
        return Done()

    shop.work(action, do)
    (job,) = await shop.until(state)
    assert job.attempts == 1 + (state is JobState.DONE)


class Program:
    """Another program that can be away; it notes how many jobs it had in hand at once."""

    def __init__(self) -> None:
        self.away: Later | None = Later(said("503"))
        self.at_once: list[int] = []
        self._in_hand = 0

    async def do(self, _job: Job) -> Result:
        self._in_hand += 1
        self.at_once.append(self._in_hand)
        await asyncio.sleep(0)
        self._in_hand -= 1
        return self.away or Done()


async def test_once_a_program_is_back_nothing_waits_for_it_any_longer(shop: Shop) -> None:
    source = await shop.rule("forward")
    program = Program()
    shop.work("forward", program.do, at_once=8)
    await shop.sell(source, 40)
    await shop.told(
        lambda jobs: len(jobs) == 40 and all(job.attempts and job.state is JobState.WAITING for job in jobs)
    )

    program.away = None
    program.at_once.clear()
    await shop.sell(source)
    await shop.until(JobState.DONE)

    rounds = [now for now, after in zip(program.at_once, [*program.at_once[1:], 1], strict=True) if after == 1]
    assert rounds[:5] == [1, 1, 2, 4, 8]
    assert max(rounds) == 8


async def test_what_waits_for_another_program_goes_on_waiting(shop: Shop) -> None:
    source = await shop.rule(RuleStep("forward", {"to": "till"}), RuleStep("forward", {"to": "books"}))
    till, books = Program(), Program()

    async def do(job: Job) -> Result:
        return await (till if job.target == "till" else books).do(job)

    shop.work("forward", do)
    await shop.sell(source, 5)
    await shop.told(
        lambda jobs: len(jobs) == 10 and all(job.attempts and job.state is JobState.WAITING for job in jobs)
    )
    till.away = None
    await shop.sell(source)

    def told(jobs: list[Job]) -> bool:
        return len(jobs) == 12 and all((job.state is JobState.DONE) is (job.target == "till") for job in jobs)

    assert all(job.attempts <= 1 for job in await shop.told(told) if job.target == "books")


async def test_a_program_that_asked_for_patience_has_it_although_it_takes_something_else(shop: Shop) -> None:
    source = await shop.rule("forward")
    program = Program()
    program.away = Later(said("429"), not_before=NOON + HOUR)
    worker = shop.work("forward", program.do)
    await shop.sell(source, 3)
    await shop.told(lambda jobs: len(jobs) == 3 and all(job.attempts and job.state is JobState.WAITING for job in jobs))
    program.away = None
    await shop.sell(source)
    await shop.told(lambda jobs: jobs[3].state is JobState.DONE)
    await worker.stop()
    assert [job.state for job in await shop.told(lambda _: True)] == [*[JobState.WAITING] * 3, JobState.DONE]


@pytest.mark.parametrize(("attempts", "longest"), [(1, FIRST_PAUSE), (3, 4 * FIRST_PAUSE), (40, LONGEST_PAUSE)])
def test_pauses_grow_and_differ(attempts: int, longest: Instant) -> None:
    assert pause(attempts, lambda: 0.0) == longest
    assert pause(attempts, lambda: 1.0) == longest * 3 // 4
