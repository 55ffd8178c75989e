"""Every action there is. A new one is a folder beside this file, and its line here."""

from shopwatch.actions.action import Action, Aim, TargetKind, Words
from shopwatch.actions.chat import CHAT
from shopwatch.actions.database import DATABASE
from shopwatch.actions.email import EMAIL
from shopwatch.actions.forward import FORWARD
from shopwatch.actions.popular import POPULAR
from shopwatch.actions.quiet import QUIET
from shopwatch.actions.ring import RING
from shopwatch.domain.rules.job import Job, JobState
from shopwatch.domain.rules.rule_text import plain_value

ACTIONS: tuple[Action, ...] = (RING, EMAIL, CHAT, FORWARD, POPULAR, DATABASE, QUIET)


def action_of(action_id: str) -> Action:
    """The action of this id; one that this version does not know is told by its id, and nothing does its jobs."""
    return next((each for each in ACTIONS if each.id == action_id), None) or _unknown_action(action_id)


def whom(job: Job) -> str:
    """Whom a job goes to, or went to."""
    return job.to or (action_of(job.action).words.nobody() if job.state is JobState.DONE else "")


def target_kinds() -> tuple[TargetKind, ...]:
    """The kinds of targets there are, those that every step of their action goes to last."""
    kinds = [each.target for each in ACTIONS if each.target is not None]
    return tuple(sorted(kinds, key=lambda kind: kind.aim is Aim.ALL))


def kind_of(kind_id: str) -> TargetKind | None:
    """The kind of target of this id; None if this version does not know it."""
    return next((each for each in target_kinds() if each.id == kind_id), None)


def served_by(kind_id: str) -> tuple[str, ...]:
    """The ids of the actions that targets of this kind are for."""
    return tuple(each.id for each in ACTIONS if each.target is not None and each.target.id == kind_id)


def noticed() -> tuple[str, ...]:
    """The ids of the actions that somebody would notice if they were done twice."""
    return tuple(each.id for each in ACTIONS if each.handler is not None and not each.repeatable)


def _unknown_action(action_id: str) -> Action:
    return Action(
        id=action_id,
        icon="question",
        words=Words(
            title=lambda: action_id,
            step=lambda _step, _to: plain_value(action_id),
            job=lambda: action_id,
            under_way=lambda _: action_id,
            done=lambda _: action_id,
        ),
    )
