"""A pop-up, with or without the bell. Its jobs are not done by a worker: only a desktop can show them."""

from shopwatch.actions.action import Action, Words
from shopwatch.domain.i18n import say
from shopwatch.domain.rules import rule
from shopwatch.domain.rules.form import ON, Choice, Field, FieldKind
from shopwatch.domain.rules.rule import RuleStep


def _step(step: RuleStep, _to: str) -> str:
    if step.settings.get("stays") == ON:
        return say("show a *pop-up that stays*")
    return say("show a *pop-up with the bell*") if step.settings.get("bell") == ON else say("show a *pop-up*")


def _detail(step: RuleStep) -> str:
    if step.settings.get("stays") == ON:
        return say("that stays")
    return say("with the bell") if step.settings.get("bell") == ON else ""


RING = Action(
    id=rule.RING,
    icon="bell",
    words=Words(
        title=lambda: say("Show a pop-up"),
        step=_step,
        job=lambda: say("Pop-up"),
        under_way=lambda _: say("Pop-up"),
        done=lambda _: say("Pop-up shown"),
        detail=_detail,
    ),
    fields=(
        Field(key="bell", label=lambda: say("Ring the bell with it"), kind=FieldKind.SWITCH, usual=ON),
        Field(key="stays", label=lambda: say("Keep it until it is seen"), kind=FieldKind.SWITCH),
        Field(
            key="sound",
            label=lambda: say("Sound"),
            kind=FieldKind.CHOICE,
            choices=(Choice("", lambda: say("The till bell")), Choice("special", lambda: say("A special sound"))),
        ),
    ),
)
