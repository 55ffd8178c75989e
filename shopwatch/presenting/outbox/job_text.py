"""How a job is told: in a row of the outbox, and in full once it is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shopwatch.actions.email import UNKNOWN_ADDRESS
from shopwatch.actions.registry import action_of, noticed, whom
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.instant import MINUTE, SECOND, Instant
from shopwatch.domain.legible import legible
from shopwatch.domain.rules.job import Job, JobState
from shopwatch.domain.rules.rule import RuleStep
from shopwatch.domain.rules.target import Target
from shopwatch.presenting.pill import PillLook
from shopwatch.presenting.rules.rule_text import service_of, target_name
from shopwatch.presenting.times import brief, spoken, stamp

_LONGEST = 160
_COUNTED_DOWN: Instant = MINUTE


class Choice(StrEnum):
    """What the owner can decide of a job."""

    ARRIVED = "arrived"
    AGAIN = "again"
    RETRY = "retry"
    NOW = "now"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class JobText:
    """One row; `faint`: it is practice; `counting`: its words change by themselves every second."""

    time: str
    icon: str
    what: str
    to: str
    order: str
    pill: PillLook
    faint: bool = False
    counting: bool = False

    def cells(self) -> tuple[str, ...]:
        return (self.time, self.what, self.to, self.order, self.pill.text)

    def spoken(self) -> str:
        return ", ".join(part for part in (self.what, self.to, self.order, self.pill.text, self.time) if part)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is said below the chosen row. `kind` is "warn", "bad" or "info"; `details` are another side's own words."""

    kind: str
    text: str
    choices: tuple[Choice, ...] = ()
    details: str = ""


def job_text(job: Job, targets: Iterable[Target], locale: str, today: date, moment: Instant) -> JobText:
    found = tuple(targets)
    to = legible(whom(job), _LONGEST) or target_name(RuleStep(job.action, job.settings), found)
    return JobText(
        time=brief(job.made_at, locale, today),
        icon=action_of(job.action).icon,
        what=what_text(job, found),
        to=to,
        order=legible(job.order, 60),
        pill=state_pill(job, locale, today, moment),
        faint=job.practice,
        counting=job.state is JobState.WAITING and not job.attempts and moment < job.due_at < moment + _COUNTED_DOWN,
    )


def what_text(job: Job, targets: Iterable[Target] = ()) -> str:
    """ "Confirmation e-mail", "Slack post"."""
    words = action_of(job.action).words
    service = service_of(RuleStep(job.action, job.settings), targets) if words.job_at is not None else ""
    return words.job_at(service) if words.job_at is not None and service else words.job()


def state_pill(job: Job, locale: str, today: date, moment: Instant) -> PillLook:
    match job.state:
        case JobState.WAITING if job.attempts and job.due_at > moment:
            text = say("Trying again at {time}", time=stamp(job.due_at, locale, today))
            return PillLook("neutral", "arrows-clockwise-bold", text)
        case JobState.WAITING:
            return PillLook("neutral", "clock-bold", _waiting(job.due_at - moment, job.due_at, locale, today))
        case JobState.SENDING:
            return PillLook("neutral", "paper-plane-right-bold", say("On its way"))
        case JobState.DONE:
            return PillLook("ok", "check-bold", say("Sent") if action_of(job.action).sent else say("Done"))
        case JobState.UNCERTAIN:
            return PillLook(
                "warn", "question-bold", say("May have been sent") if action_of(job.action).sent else say("May be done")
            )
        case JobState.FAILED:
            return PillLook("bad", "x-bold", say("Address refused") if is_refused_address(job) else say("Failed"))
        case JobState.CANCELLED:
            return PillLook("neutral", "prohibit-bold", say("Cancelled"))
        case JobState.HELD:
            return PillLook("warn", "pause-bold", say("Held for review"))


def _waiting(left: Instant, due_at: Instant, locale: str, today: date) -> str:
    if left <= 0:
        return say("Waiting")
    if left < _COUNTED_DOWN:
        return say("Waiting, goes in {n} s", n=-(-left // SECOND))
    return say("Waiting, goes at {time}", time=stamp(due_at, locale, today))


def is_refused_address(job: Job) -> bool:
    """Whether the mail server does not know who it was for."""
    return job.result.code == UNKNOWN_ADDRESS


def explanation(job: Job, locale: str, today: date) -> Explanation | None:
    """What there is to say and to decide; None while it is on its way."""
    sentence, words = (legible(part, 500) for part in (job.result.sentence, job.result.words))
    match job.state:
        case JobState.UNCERTAIN:
            text = _joined(sentence or say("It may have been sent."), say("ShopWatch did not send it again."))
            return Explanation("warn", text, (Choice.ARRIVED, Choice.AGAIN), words)
        case JobState.FAILED:
            return Explanation("bad", sentence or say("It could not be sent."), (Choice.RETRY, Choice.NOT), words)
        case JobState.HELD:
            text = say("This sale was found later, so its e-mail waits until you have looked at it.")
            return Explanation("warn", text, (Choice.NOW, Choice.NOT))
        case JobState.WAITING:
            text = _joined(sentence, _tried(job.attempts)) or say("It goes by itself. Until then you can cancel it.")
            return Explanation("info", text, (Choice.RETRY, Choice.NOT) if job.attempts else (Choice.NOT,), words)
        case JobState.DONE if job.action in noticed():
            when = spoken(job.changed_at, locale, today)
            return Explanation("info", say("It was sent {when}.", when=when), (Choice.AGAIN,))
        case JobState.CANCELLED:
            when = spoken(job.changed_at, locale, today)
            return Explanation("info", say("It was cancelled {when}.", when=when), (Choice.NOW,))
        case _:
            return None


def choice_text(choice: Choice) -> str:
    match choice:
        case Choice.ARRIVED:
            return say("It arrived")
        case Choice.AGAIN:
            return say("Send again…")
        case Choice.RETRY:
            return say("Try again")
        case Choice.NOW:
            return say("Send it")
        case Choice.NOT:
            return say("Do not send")


def again_question(job: Job, locale: str, today: date) -> tuple[str, str]:
    """What is asked before something that somebody would notice goes out once more."""
    when = spoken(job.changed_at, locale, today)
    to = legible(job.to, 80)
    if job.state is JobState.DONE:
        told = say("It was already sent {when}. Whoever it goes to gets it twice.", when=when)
    else:
        told = say("It may have been sent {when}. Then whoever it goes to gets it twice.", when=when)
    return (say("Send it again to {to}?", to=to) if to else say("Send it again?")), told


def _tried(attempts: int) -> str:
    return say_n("Tried {n} time so far.", "Tried {n} times so far.", attempts) if attempts else ""


def _joined(*sentences: str) -> str:
    return " ".join(each for each in sentences if each)


def decided_text(state: JobState) -> str:
    match state:
        case JobState.DONE:
            return say("It is marked as arrived.")
        case JobState.CANCELLED:
            return say("It is not sent.")
        case _:
            return say("It goes out now.")
