"""The outbox: which jobs are owed, who does them, and how they went."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    TextClause,
    Update,
    and_,
    bindparam,
    func,
    select,
    true,
    tuple_,
    update,
)

from shopwatch.domain import report
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import MINUTE, Clock, Instant
from shopwatch.domain.report import NOTHING, Report
from shopwatch.domain.rules.job import TO, Job, JobKey, JobState, Subject
from shopwatch.domain.rules.rule import EMAIL, Trigger
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.ledger.columns import STRING
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.outbox.sent import HAD, count_again
from shopwatch.ledger.outbox.tables import jobs, sent_again, under_way, wants_a_look
from shopwatch.ledger.people import happenings
from shopwatch.ledger.sales.folding import part_of
from shopwatch.ledger.sales.reading import sale_row
from shopwatch.ledger.schema import events, sales
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.text_keys import storable

LEASE: Instant = 2 * MINUTE
"""How long a worker may take over one job; one that takes longer has gone."""

LONGEST_TO = 500


def take(
    connection: Connection,
    numbers: SourceNumbers,
    actions: Sequence[str],
    most: int,
    *,
    dialect: Dialect,
    node: str,
    clock: Clock,
    gone: str,
    repeatable: bool = False,
    done: Sequence[JobKey] = (),
    early: str | None = None,
) -> tuple[Job, ...]:
    """Up to `most` jobs of these actions that are due, now taken: "sending" is on disk before the first try. Those that
    are `done` are settled before. With `early`, all that wait for this target are as good as due.

    No other worker gets them, on whatever computer; `node` is this one. One whose worker has gone is taken again if
    these actions are `repeatable`, and else is uncertain, with `gone` as what is known of it.
    """
    at = dialect.now(connection, clock)
    if done:
        settle(connection, done, JobState.DONE, at, node=node)
    named = list(actions)
    connection.execute(*_time_left(named, at, gone, repeatable=repeatable))
    due = connection.execute(
        *(_DUE, {"named": named, "at": at, "most": most})
        if early is None
        else (_WAITING.where(dialect.text_under(jobs.c.settings, TO) == early), {"named": named, "most": most})
    )
    found = [_read_job(row, numbers.id_of(connection, row.source)) for row in due]
    if found:
        keys = [tuple(job.key) for job in found]
        connection.execute(_TAKEN, {"keys": keys, "until": at + LEASE, "at": at, "by": node})
    return tuple(found)


def resume(
    connection: Connection, actions: Sequence[str], at: Instant, gone: str, *, node: str, repeatable: bool = False
) -> bool:
    """Let go of all jobs of these actions that were taken by this node, for its workers have gone, and let pauses that
    a clock ahead of `at` wrote down last from `at` on; whether there were any."""
    named = list(actions)
    changed = connection.execute(*_time_left(named, at, gone, node, repeatable=repeatable)).rowcount
    return changed + connection.execute(_FROM_AHEAD, {"named": named, "at": at}).rowcount > 0


def settle(
    connection: Connection,
    keys: Sequence[JobKey],
    state: JobState,
    at: Instant,
    *,
    node: str,
    due_at: Instant = 0,
    to: str = "",
    result: Report = NOTHING,
    tried: bool = True,
) -> None:
    """Write down how jobs that were taken went, and whether that counts as a try. One that was given up on in the
    meantime stays as it is, and so does one that another node has taken since."""
    connection.execute(
        _SETTLED,
        {
            "keys": [tuple(key) for key in keys],
            "by": node,
            "new_state": state.value,
            "until": due_at,
            "untried": int(not tried),
            "at": at,
            "to": storable(to)[:LONGEST_TO],
            "how": report.kept(result),
        },
    )


def hurry(connection: Connection, action: str, at: Instant) -> bool:
    """Let all jobs of `action` that wait for a later time be due now, as if never tried; whether there were any."""
    changed = connection.execute(
        update(jobs)
        .where(under_way, jobs.c.state == JobState.WAITING.value, jobs.c.action == action, jobs.c.due_at > at)
        .values(due_at=at, attempts=0)
    )
    return changed.rowcount > 0


def hold(connection: Connection, actions: Sequence[str], at: Instant) -> int:
    """Let all jobs of these actions that wait be looked at by the owner first; how many there were."""
    named = list(actions)
    changed = connection.execute(
        update(jobs)
        .where(under_way, jobs.c.state == JobState.WAITING.value, jobs.c.action.in_(named))
        .values(state=JobState.HELD.value, changed_at=at)
    )
    return changed.rowcount


def next_due(connection: Connection, actions: Sequence[str]) -> Instant | None:
    """When the next of these jobs is due, or its worker to be given up on; None if there is none."""
    soonest = [
        select(func.min(jobs.c.due_at))
        .where(under_way, jobs.c.action == action, jobs.c.state == state.value)
        .scalar_subquery()
        for action in actions
        for state in (JobState.WAITING, JobState.SENDING)
    ]
    found = connection.execute(select(*soonest)).one()
    return min((due for due in found if due is not None), default=None)


def last_event(connection: Connection) -> int:
    """The number of the last event that owed anything, whatever became of it; 0 if none did."""
    return connection.execute(select(func.max(jobs.c.event))).scalar() or 0


_CHANGES = {
    JobState.WAITING: (JobState.UNCERTAIN, JobState.FAILED, JobState.CANCELLED, JobState.HELD, JobState.WAITING),
    JobState.DONE: (JobState.UNCERTAIN,),
    JobState.CANCELLED: (JobState.WAITING, JobState.HELD, JobState.FAILED, JobState.UNCERTAIN),
}


def decide(connection: Connection, key: JobKey, state: JobState, at: Instant, *, once_more: bool = False) -> str:
    """What the owner decides of a job: send it (again), believe that it arrived, or cancel it; its action.

    Only `once_more` does again what was done. Raises UserError.
    """
    before = (*_CHANGES[state], JobState.DONE) if once_more else _CHANGES[state]
    was = connection.execute(select(jobs.c.state).where(_jobs_of(key))).scalar()
    values: dict[str, Any] = {"state": state.value, "changed_at": at, "due_at": at}
    changed = connection.execute(
        update(jobs)
        .where(_jobs_of(key), jobs.c.state.in_([each.value for each in before]))
        .values(values | ({"attempts": 0, "result": ""} if state is JobState.WAITING else {}))
    )
    found = connection.execute(select(jobs.c.action).where(_jobs_of(key))).scalar()
    if found is None:
        raise UserError(say("There is no such job."), say("“jobs” shows those there are."), code="no-job")
    if changed.rowcount:
        if state is JobState.WAITING and was in HAD:
            count_again(connection, key)
        return str(found)
    raise UserError(
        say("This cannot be done any more: it is on its way, or done."), say("Look at the outbox."), code="job-state"
    )


def read_jobs(
    connection: Connection,
    numbers: SourceNumbers,
    states: Sequence[JobState] = (),
    after: JobKey | None = None,
    limit: int = 200,
    *,
    without: Sequence[str] = (),
) -> tuple[Job, ...]:
    """Jobs, the newest first, from behind `after` on, but those of `without`; without `states`, of any state."""
    query = _job_query().order_by(jobs.c.event.desc(), jobs.c.rule.desc(), jobs.c.step.desc()).limit(limit)
    if states:
        query = query.where(_hint_of(states), jobs.c.state.in_([each.value for each in states]))
    if without:
        query = query.where(jobs.c.action.not_in(list(without)))
    if after is not None:
        query = query.where(tuple_(jobs.c.event, jobs.c.rule, jobs.c.step) < tuple_(*after))
    return tuple(_read_job(row, numbers.id_of(connection, row.source)) for row in connection.execute(query))


def jobs_of_sale(connection: Connection, numbers: SourceNumbers, sale_id: int) -> tuple[Job, ...]:
    """All jobs of the sale's events, oldest first."""
    query = (
        _job_query()
        .join(events, events.c.id == jobs.c.event)
        .where(events.c.sale == sale_id)
        .order_by(jobs.c.event, jobs.c.rule, jobs.c.step)
    )
    return tuple(_read_job(row, numbers.id_of(connection, row.source)) for row in connection.execute(query))


def subjects(connection: Connection, numbers: SourceNumbers, found: Sequence[Job]) -> dict[JobKey, Subject]:
    """What these jobs are about; none for a job whose event is not there any more."""
    wanted = {job.key.event for job in found}
    told = {event.id: event for event in connection.execute(select(events).where(events.c.id.in_(wanted)))}
    sold = {event.sale for event in told.values() if event.sale is not None}
    rows = {row.id: row for row in connection.execute(select(sales).where(sales.c.id.in_(sold)))} if sold else {}
    happened = happenings.rows_of(connection, numbers, [event for event in told.values() if event.sale is None])
    return {
        job.key: Subject(
            event_id=event.key.decode("utf-8", "replace"),
            event_type=event.type,
            occurred_at=event.occurred_at,
            sale=sale_row(row, numbers.id_of(connection, row.source), 0) if (row := rows.get(event.sale)) else None,
            happening=happened.get(event.id),
        )
        for job in found
        if (event := told.get(job.key.event)) is not None
    }


def language_of(connection: Connection, sale_id: int) -> str:
    """The customer's language, as the first event of the sale tells that tells it; empty if none does."""
    for event in connection.execute(
        select(events).where(events.c.sale == sale_id, events.c.claim.is_not(None)).order_by(events.c.id)
    ):
        claim = part_of(event)[0].claim
        if isinstance(claim, SaleClaim) and claim.language:
            return claim.language
    return ""


def counts(connection: Connection, without: Sequence[str] = ()) -> dict[JobState, int]:
    """How many jobs wait, and how many want a look, but those of `without`."""
    wanted = jobs.c.action.not_in(list(without))
    found: Counter[JobState] = Counter()
    # Each has an index of its own, in this order; together they would be looked for among all jobs there ever were.
    for still_open in (under_way, wants_a_look):
        counted = select(jobs.c.state, func.count()).where(still_open, wanted).group_by(jobs.c.action, jobs.c.state)
        for state, count in connection.execute(counted):
            found[JobState(state)] += count
    return dict(found)


def _job_query() -> Select[Any]:
    again = and_(sent_again.c.event == jobs.c.event, sent_again.c.rule == jobs.c.rule, sent_again.c.step == jobs.c.step)
    return (
        select(jobs, sales.c.number, sales.c.email, sent_again.c.times)
        .outerjoin(sales, sales.c.id == jobs.c.sale)
        .outerjoin(sent_again, again)
    )


def _jobs_of(key: JobKey) -> ColumnElement[bool]:
    return and_(jobs.c.event == key.event, jobs.c.rule == key.rule, jobs.c.step == key.step)


def _hint_of(states: Sequence[JobState]) -> ColumnElement[bool] | TextClause:
    # Partial indexes serve only queries that repeat their words.
    wanted = set(states)
    if wanted <= {JobState.WAITING, JobState.SENDING}:
        return under_way
    if wanted <= {JobState.UNCERTAIN, JobState.FAILED, JobState.HELD}:
        return wants_a_look
    return true()


def _read_job(row: Any, source_id: str) -> Job:
    return Job(
        key=JobKey(row.event, row.rule, row.step),
        trigger=Trigger(row.trigger),
        action=row.action,
        settings=json.loads(row.settings),
        state=JobState(row.state),
        source_id=source_id,
        made_at=row.made_at,
        due_at=row.due_at,
        changed_at=row.changed_at,
        sale_id=row.sale,
        order=row.number or "",
        practice=row.practice,
        attempts=row.attempts,
        to=row.told or (row.email or "" if row.action == EMAIL else ""),
        result=report.read(row.result),
        again=row.times or 0,
    )


# What every round of the workers asks; to put a statement together takes longer than to execute it.
_KEYS = tuple_(jobs.c.event, jobs.c.rule, jobs.c.step).in_(bindparam("keys", expanding=True))
_NAMED = jobs.c.action.in_(bindparam("named", expanding=True))
_AT = bindparam("at", type_=BigInteger)
_BY = bindparam("by", type_=STRING)
_UNTIL = bindparam("until", type_=BigInteger)
_WAITING = (
    _job_query()
    .where(under_way, jobs.c.state == JobState.WAITING.value, _NAMED)
    .order_by(jobs.c.due_at, jobs.c.event, jobs.c.rule, jobs.c.step)
    .limit(bindparam("most", type_=BigInteger))
    .with_for_update(skip_locked=True, of=jobs)
)
_DUE = _WAITING.where(jobs.c.due_at <= _AT)
_TAKEN = (
    update(jobs)
    .where(_KEYS)
    .values(state=JobState.SENDING.value, attempts=jobs.c.attempts + 1, due_at=_UNTIL, changed_at=_AT, node=_BY)
)
_SETTLED = (
    update(jobs)
    .where(_KEYS, jobs.c.state == JobState.SENDING.value, jobs.c.node == _BY)
    .values(
        state=bindparam("new_state"),
        attempts=jobs.c.attempts - bindparam("untried", type_=BigInteger),
        due_at=_UNTIL,
        changed_at=_AT,
        told=bindparam("to"),
        result=bindparam("how"),
    )
)
_IS_LEFT = and_(under_way, jobs.c.state == JobState.SENDING.value, _NAMED)
_LEFT_TO_REPEAT = update(jobs).where(_IS_LEFT).values(state=JobState.WAITING.value, due_at=_AT, changed_at=_AT)
_LEFT = update(jobs).where(_IS_LEFT).values(state=JobState.UNCERTAIN.value, changed_at=_AT, result=bindparam("said"))
_GONE_TO_REPEAT, _GONE = (left.where(jobs.c.due_at < _AT) for left in (_LEFT_TO_REPEAT, _LEFT))
_MINE_TO_REPEAT, _MINE = (left.where(jobs.c.node == _BY) for left in (_LEFT_TO_REPEAT, _LEFT))
_FROM_AHEAD = (
    update(jobs)
    .where(under_way, jobs.c.state == JobState.WAITING.value, _NAMED, jobs.c.due_at > _AT, jobs.c.changed_at > _AT)
    .values(due_at=_AT + jobs.c.due_at - jobs.c.changed_at, changed_at=_AT)
)


def _time_left(
    named: list[str], at: Instant, gone: str, node: str | None = None, *, repeatable: bool
) -> tuple[Update, dict[str, Any]]:
    """What lets go of the jobs that are being sent by a worker that has gone: those of `node`, or without it those that
    have taken too long."""
    values: dict[str, Any] = {"named": named, "at": at}
    if node is not None:
        values["by"] = node
    if repeatable:
        return _GONE_TO_REPEAT if node is None else _MINE_TO_REPEAT, values
    return _GONE if node is None else _MINE, values | {"said": gone}
