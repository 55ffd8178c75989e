"""What was done about a sale, as steps of its time line."""

from dataclasses import dataclass
from datetime import date

from shopwatch.domain.job import Job, JobState
from shopwatch.domain.legible import legible
from shopwatch.domain.rule import Action
from shopwatch.domain.words import say
from shopwatch.ui.times import stamp

_LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Step:
    """`kind` is "ok", "neutral", "warn" or "bad"."""

    kind: str
    icon: str
    sentence: str
    time: str
    note: str = ""


def job_step(job: Job, locale: str, today: date) -> Step:
    """The action with its state: "E-mail sent to maya@example.com"."""
    kind, icon = _SIGNS[job.state]
    note, said = "", legible(job.told[0], _LONGEST_NOTE)
    if job.state in (JobState.UNCERTAIN, JobState.FAILED):
        note = said
    elif job.state is JobState.WAITING and (job.attempts or said):
        due = stamp(job.due_at, locale, today)
        note = say("Again at {time}. {why}", time=due, why=said)
    return Step(kind, icon, _sentence(job, legible(job.to, 80)), stamp(job.changed_at, locale, today), note)


def _sentence(job: Job, to: str) -> str:
    what = _undone(job.action, to)
    match job.state:
        case JobState.DONE:
            return _done(job.action, to)
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


def _undone(action: Action, to: str) -> str:
    match action:
        case Action.EMAIL:
            return say("E-mail to {to}", to=to) if to else say("E-mail")
        case Action.CHAT:
            return say("Post to {to}", to=to) if to else say("Post to a chat")
        case Action.FORWARD:
            return say("Passing on to {to}", to=to) if to else say("Passing on")
        case Action.DATABASE:
            return say("Entry in {to}", to=to) if to else say("Entry in your database")
        case Action.POPULAR:
            return say("Page of popular items")
        case Action.RING | Action.QUIET:
            return say("Pop-up")


def _done(action: Action, to: str) -> str:
    match action:
        case Action.EMAIL:
            return say("E-mail sent to {to}", to=to)
        case Action.CHAT:
            return say("Posted to {to}", to=to)
        case Action.FORWARD:
            return say("Passed on to {to}", to=to)
        case Action.DATABASE:
            return say("Written into {to}", to=to)
        case Action.POPULAR:
            return say("Popular items refreshed")
        case Action.RING | Action.QUIET:
            return say("Pop-up shown")


_SIGNS = {
    JobState.WAITING: ("neutral", "clock-bold"),
    JobState.SENDING: ("neutral", "clock-bold"),
    JobState.DONE: ("ok", "check-bold"),
    JobState.UNCERTAIN: ("warn", "warning-bold"),
    JobState.FAILED: ("bad", "x-bold"),
    JobState.CANCELLED: ("neutral", "x-bold"),
    JobState.HELD: ("warn", "clock-bold"),
}
