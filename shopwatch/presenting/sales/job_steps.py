"""What was done about a sale, as steps of its time line."""

from dataclasses import dataclass
from datetime import date

from shopwatch.actions.registry import action_of, whom
from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.domain.rules.job import Job, JobState
from shopwatch.presenting.times import stamp

_LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class JobStep:
    """`kind` is "ok", "neutral", "warn" or "bad"."""

    kind: str
    icon: str
    sentence: str
    time: str
    note: str = ""


def job_step(job: Job, locale: str, today: date) -> JobStep:
    """The action with its state: "E-mail sent to maya@example.com"."""
    kind, icon = _SIGNS[job.state]
    note, said = "", legible(job.result.sentence, _LONGEST_NOTE)
    if job.state in (JobState.UNCERTAIN, JobState.FAILED):
        note = said
    elif job.state is JobState.WAITING and (job.attempts or said):
        due = stamp(job.due_at, locale, today)
        note = say("Again at {time}. {why}", time=due, why=said)
    return JobStep(kind, icon, _sentence(job, legible(whom(job), 80)), stamp(job.changed_at, locale, today), note)


def _sentence(job: Job, to: str) -> str:
    words = action_of(job.action).words
    what = words.under_way(to)
    match job.state:
        case JobState.DONE:
            return words.done(to)
        case JobState.WAITING:
            return say("{what} waits", what=what)
        case JobState.SENDING:
            return say("{what} is on its way", what=what)
        case JobState.UNCERTAIN:
            return say("{what} may have been sent", what=what)
        case JobState.FAILED:
            return say("{what} failed", what=what)
        case JobState.CANCELLED:
            return say("{what} was cancelled", what=what)
        case JobState.HELD:
            return say("{what} waits for your yes", what=what)


_SIGNS = {
    JobState.WAITING: ("neutral", "clock-bold"),
    JobState.SENDING: ("neutral", "clock-bold"),
    JobState.DONE: ("ok", "check-bold"),
    JobState.UNCERTAIN: ("warn", "warning-bold"),
    JobState.FAILED: ("bad", "x-bold"),
    JobState.CANCELLED: ("neutral", "x-bold"),
    JobState.HELD: ("warn", "clock-bold"),
}
