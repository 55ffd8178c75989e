"""What was done, or may have been: when, and how often it was wanted once more."""

from sqlalchemy import Connection, and_, insert, select, update

from shopwatch.domain.instant import Instant
from shopwatch.domain.rules.job import JobKey, JobState
from shopwatch.ledger.outbox.tables import jobs, sent_again

HAD = (JobState.DONE.value, JobState.UNCERTAIN.value)


def count_again(connection: Connection, key: JobKey) -> None:
    """The owner wants this job done once more, though it was done or may have been."""
    mine = and_(sent_again.c.event == key.event, sent_again.c.rule == key.rule, sent_again.c.step == key.step)
    if not connection.execute(update(sent_again).where(mine).values(times=sent_again.c.times + 1)).rowcount:
        connection.execute(insert(sent_again).values(event=key.event, rule=key.rule, step=key.step, times=1))


def sent_since(connection: Connection, action: str, since: Instant) -> tuple[Instant, ...]:
    """When each job of this action was done since then, or may have been; the oldest first."""
    query = select(jobs.c.changed_at).where(jobs.c.action == action, jobs.c.state.in_(HAD), jobs.c.changed_at > since)
    return tuple(sorted(connection.execute(query).scalars()))
