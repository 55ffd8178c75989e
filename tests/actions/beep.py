"""An action that ShopWatch does not have, declared as those that it has: it beeps at the shop's own beepers."""

from contextlib import AsyncExitStack

from shopwatch.actions.action import Action, JobHandler, TargetKind, Words
from shopwatch.actions.parts import Parts
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import phrase, say
from shopwatch.domain.report import report
from shopwatch.domain.rules.form import SECRET, Field, FieldKind
from shopwatch.domain.rules.job import Done, Job, Refused, Result
from shopwatch.domain.rules.target import Target
from shopwatch.host.paths import Paths

HEARD: list[str] = []
"""What the beepers have beeped."""


async def _check(target: Target, pin: str, _paths: Paths) -> str:
    if not target.options.get("number", "").isdigit():
        raise UserError(say("A beeper has a number."), say("It is on its back."), code="beeper-number")
    return pin


class _Beeps:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def do(self, job: Job) -> Result:
        target = self._parts.target(job.target)
        if target is None:
            return Refused(report("target-removed", phrase("The beeper was removed.")))
        pin = await self._parts.secret_of(target.id)
        HEARD.append(f"{target.options['number']} {pin} {job.settings.get('tone', '')}")
        return Done(target.name)


def _beeps(parts: Parts, closing: AsyncExitStack) -> JobHandler:
    closing.callback(HEARD.append, "off")
    return _Beeps(parts)


BEEPER = TargetKind(
    id="beeper",
    title=lambda: say("Beeper"),
    icon="bell",
    fields=(
        Field(key="number", label=lambda: say("Number"), hint=lambda: "42"),
        Field(key=SECRET, label=lambda: say("PIN"), kind=FieldKind.SECRET, command="its PIN comes by stdin"),
        Field(key="loud", label=lambda: say("Loud"), kind=FieldKind.SWITCH),
    ),
    name_hint=lambda: say("Front door"),
    named=lambda values: values["number"],
    check=_check,
    missing=lambda: say("The beeper is not connected."),
    choose=lambda: say("Beep at"),
    another=lambda: say("Another beeper…"),
)

BEEP = Action(
    id="beep",
    icon="bell",
    words=Words(
        title=lambda: say("Beep"),
        step=lambda _step, to: say("*beep at {target}*", target=to) if to else say("*beep*"),
        job=lambda: say("Beep"),
        under_way=lambda to: say("Beep at {to}", to=to) if to else say("Beep"),
        done=lambda to: say("Beeped at {to}", to=to),
    ),
    fields=(Field(key="tone", label=lambda: say("Tone"), usual="high"),),
    target=BEEPER,
    sent=True,
    handler=_beeps,
)
