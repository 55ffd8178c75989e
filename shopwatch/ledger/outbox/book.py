"""The door to rules and jobs."""

from collections.abc import Sequence
from functools import partial

from shopwatch.domain.facts import JobsChanged, JobsOwed, RulesChanged
from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.report import NOTHING, Report, kept, report
from shopwatch.domain.rules.job import Job, JobKey, JobState, Subject
from shopwatch.domain.rules.rule import Rule, Trial
from shopwatch.ledger.database import Database
from shopwatch.ledger.outbox import jobs, rule_history, rulebook, sent, trial
from shopwatch.ledger.outbox.rule_history import RuleHistory


class OutboxBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away.

    `tell` hears `JobsChanged` and `RulesChanged` after the commit; `JobsOwed` with the event that
    owes them, and when one is to be done now after all.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def busy(self) -> bool:
        """Whether so much comes in that what is owed should give way for a while."""
        return self._database.writer.busy

    @property
    def at_rest(self) -> bool:
        """Whether nothing at all is on its way into the database; what depends on time may let it go on then."""
        return self._database.writer.at_rest

    async def rules(self) -> tuple[Rule, ...]:
        """All rules, those switched off too, in their order."""
        return await self._database.read(rulebook.read_rules)

    async def put_rule(self, rule: Rule) -> Rule:
        """Keep a rule: a new one (id 0) before those about anything, or in place of the one of its id.

        Raises `UserError` if there is none of this id, or there are too many.
        """
        kept = await self._database.write(
            lambda connection: rulebook.put_rule(connection, rule, self._database.clock())
        )
        self._database.tell(RulesChanged())
        return kept

    async def drop_rule(self, rule_id: int) -> None:
        """Let go of a rule; its jobs stay. Raises `UserError` if there is none of this id."""
        await self._database.write(lambda connection: rulebook.drop_rule(connection, rule_id))
        self._database.tell(RulesChanged())

    async def arrange_rules(self, order: Sequence[int]) -> None:
        """Put the rules in the order of these ids."""
        await self._database.write(lambda connection: rulebook.arrange(connection, list(order)))
        self._database.tell(RulesChanged())

    async def try_rule(self, rule: Rule, last: int = 50) -> tuple[Trial, ...]:
        """What `rule` would have owed for each of the last events, the newest first. Nothing is done."""
        return await self._database.read(
            lambda connection: trial.try_rule(connection, self._database.dialect, self._database.numbers, rule, last)
        )

    async def take(
        self,
        actions: Sequence[str],
        most: int,
        *,
        repeatable: bool = False,
        done: Sequence[JobKey] = (),
        early: str | None = None,
    ) -> tuple[Job, ...]:
        """Up to `most` jobs of these actions that are due, taken for two minutes: "sending" is on disk before they are
        returned, so that no crash makes one of them be done twice. `done` are settled with the same commit. With
        `early`, they are those that wait for this target, due or not: it is back.

        A job whose worker has gone becomes due again if these actions are `repeatable`, and is uncertain if not.
        """
        taken = await self._database.write(
            partial(
                jobs.take,
                numbers=self._database.numbers,
                dialect=self._database.dialect,
                node=self._database.node,
                actions=tuple(actions),
                most=most,
                clock=self._database.clock,
                gone=_GONE,
                repeatable=repeatable,
                done=tuple(done),
                early=early,
            )
        )
        if done:
            self._database.tell(JobsChanged())
        return taken

    async def resume(self, actions: Sequence[str], *, repeatable: bool = False) -> None:
        """Take up where a worker of this node that has gone left off: whoever calls does these actions alone here, and
        has none on its way. What was taken is due again if it is `repeatable`, and else is uncertain. Pauses that were
        written down by a clock that was ahead of this one last from now on."""
        at = self._database.clock()
        if await self._database.write(
            lambda connection: jobs.resume(
                connection, actions, at, _GONE, node=self._database.node, repeatable=repeatable
            )
        ):
            self._database.tell(JobsChanged())

    async def settle(
        self,
        keys: Sequence[JobKey],
        state: JobState,
        *,
        due_at: Instant = 0,
        to: str = "",
        result: Report = NOTHING,
        tried: bool = True,
    ) -> None:
        """Write down how jobs that were taken went, and whether that counts as a try; one that was given up on in the
        meantime stays as it is."""
        await self._database.write(
            partial(
                jobs.settle,
                keys=tuple(keys),
                state=state,
                at=self._database.clock(),
                node=self._database.node,
                due_at=due_at,
                to=to,
                result=result,
                tried=tried,
            )
        )
        self._database.tell(JobsChanged())

    async def hurry(self, action: str) -> None:
        """Let all jobs of `action` that wait for a later time be tried now: what they waited for may be there."""
        if await self._database.write(lambda connection: jobs.hurry(connection, action, self._database.clock())):
            self._database.tell(JobsChanged())
            self._database.tell(JobsOwed(frozenset({action})))

    async def sent_since(self, action: str, since: Instant) -> tuple[Instant, ...]:
        """When each job of this action was done since then, or may have been; the oldest first."""
        return await self._database.read(lambda connection: sent.sent_since(connection, action, since))

    async def hold(self, actions: Sequence[str]) -> int:
        """Let all jobs of these actions that wait be looked at by the owner first; how many there were."""
        held = await self._database.write(lambda connection: jobs.hold(connection, actions, self._database.clock()))
        if held:
            self._database.tell(JobsChanged())
        return held

    async def next_due(self, actions: Sequence[str]) -> Instant | None:
        """When the next of these jobs is due, or its worker to be given up on; None if there is none."""
        return await self._database.read(lambda connection: jobs.next_due(connection, actions))

    async def last_event(self) -> int:
        """The number of the last event that owed anything, whatever became of it; 0 if none did."""
        return await self._database.read(jobs.last_event)

    async def decide(self, key: JobKey, state: JobState, *, once_more: bool = False) -> None:
        """What the owner decides of one job: WAITING (send it, or again), DONE (it arrived), or CANCELLED.

        Only `once_more` lets what was done be done again. Raises `UserError` if there is none, or it is too late.
        """
        action = await self._database.write(
            lambda connection: jobs.decide(connection, key, state, self._database.clock(), once_more=once_more)
        )
        self._database.tell(JobsChanged())
        if state is JobState.WAITING:
            self._database.tell(JobsOwed(frozenset({action})))

    async def jobs(
        self,
        states: Sequence[JobState] = (),
        after: JobKey | None = None,
        limit: int = 200,
        *,
        without: Sequence[str] = (),
    ) -> tuple[Job, ...]:
        """Jobs, the newest first, from behind `after` on, but those of `without`; without `states`, of any state."""
        return await self._database.read(
            lambda connection: jobs.read_jobs(connection, self._database.numbers, states, after, limit, without=without)
        )

    async def jobs_of_sale(self, sale_id: int) -> tuple[Job, ...]:
        """All jobs of the sale's events, oldest first."""
        return await self._database.read(
            lambda connection: jobs.jobs_of_sale(connection, self._database.numbers, sale_id)
        )

    async def subjects(self, found: Sequence[Job]) -> dict[JobKey, Subject]:
        """What these jobs are about, as it is now; a job whose event is not there any more has none."""
        return await self._database.read(lambda connection: jobs.subjects(connection, self._database.numbers, found))

    async def subject(self, job: Job) -> Subject | None:
        """What this job is about, as it is now; None if its event is not there any more."""
        return (await self.subjects([job])).get(job.key)

    async def language_of(self, sale_id: int) -> str:
        """The customer's language ("de-AT"), as far as any event of this sale tells it."""
        return await self._database.read(lambda connection: jobs.language_of(connection, sale_id))

    async def counts(self, *, without: Sequence[str] = ()) -> dict[JobState, int]:
        """How many jobs there are of each state in which something is still to be done, but those of `without`."""
        return await self._database.read(lambda connection: jobs.counts(connection, without))

    async def histories(self, since: Instant) -> dict[int, RuleHistory]:
        """Of every rule by its id, how often it owed anything since then, and when it was last changed."""
        return await self._database.read(lambda connection: rule_history.histories(connection, since))


_GONE = kept(report("ended", phrase("ShopWatch ended while this was on its way.")))
