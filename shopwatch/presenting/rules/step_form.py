"""A step of a rule while it is written: what it can be, what is asked for it, and where it goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopwatch.actions import registry
from shopwatch.actions.action import Aim, TargetKind
from shopwatch.domain.rules.form import Field
from shopwatch.domain.rules.job import TO
from shopwatch.domain.rules.rule import RuleStep
from shopwatch.domain.rules.target import Target


@dataclass(frozen=True, slots=True)
class StepKind:
    """Something that a step can do."""

    id: str
    icon: str
    title: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step goes. `entries` are the names and ids of what can be chosen under the name `choose`, and `chosen` is
    the id of what was, empty if nothing that is there.

    `warning` says that it is nowhere, `used` something of the chosen one; `change` and `connect` are what the buttons
    say that change the chosen one and connect one of this `kind`, empty where there is no such button.
    """

    kind: str
    choose: str = ""
    entries: tuple[tuple[str, str], ...] = ()
    chosen: str = ""
    warning: str = ""
    used: str = ""
    change: str = ""
    connect: str = ""


@dataclass(frozen=True, slots=True)
class StepForm:
    """`own` is the step's own target, asked for before the fields, and `shared` what all such steps go to."""

    title: str
    fields: tuple[Field, ...]
    own: Place | None
    shared: Place | None
    about: str


def step_kinds() -> tuple[StepKind, ...]:
    """All that a step can do."""
    return tuple(StepKind(each.id, each.icon, each.words.title()) for each in registry.ACTIONS)


def step_form(step: RuleStep, targets: Sequence[Target]) -> StepForm:
    """What is asked for this step."""
    action = registry.action_of(step.action)
    kind = action.target
    return StepForm(
        title=action.words.title(),
        fields=action.fields,
        own=_own(kind, step, targets) if kind is not None and kind.aim is Aim.NAMED else None,
        shared=_shared(kind, targets) if kind is not None and kind.aim is Aim.ONLY else None,
        about=action.words.about(),
    )


def asks_nothing(action_id: str) -> bool:
    """Whether nothing has to be chosen for a step that does this."""
    action = registry.action_of(action_id)
    return not action.fields and not action.names_target


def new_step(action_id: str, targets: Sequence[Target]) -> RuleStep:
    """A step that does this as usual, and goes to the only target there is for it."""
    action = registry.action_of(action_id)
    settings = action.usual
    if action.target is not None and action.names_target:
        found = [each for each in targets if each.kind == action.target.id]
        if len(found) == 1:
            settings[TO] = found[0].id
    return RuleStep(action_id, settings)


def sent_to(step: RuleStep, target_id: str) -> RuleStep:
    """The step sent to this target, if it names its own."""
    if not registry.action_of(step.action).names_target:
        return step
    return RuleStep(step.action, {**step.settings, TO: target_id})


def _own(kind: TargetKind, step: RuleStep, targets: Sequence[Target]) -> Place:
    known = tuple((each.name, each.id) for each in targets if each.kind == kind.id)
    chosen = next((target_id for _, target_id in known if target_id == step.settings.get(TO, "")), "")
    return Place(
        kind.id,
        choose=kind.choose(),
        entries=known,
        chosen=chosen,
        warning="" if chosen else kind.waits(),
        change=kind.change() if chosen else "",
        connect=kind.another() if known else kind.connect(),
    )


def _shared(kind: TargetKind, targets: Sequence[Target]) -> Place:
    found = next((each for each in targets if each.kind == kind.id), None)
    if found is None:
        return Place(kind.id, warning=kind.waits(), connect=kind.connect())
    return Place(kind.id, chosen=found.id, used=kind.used(found), change=kind.change())
