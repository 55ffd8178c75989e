"""What an action is: one declaration, which rules, forms, workers, the outbox, commands and their help read.

A declaration holds plain values and functions, and loads no library: what does the work is imported by the functions
that need it, at their first call.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.form import SECRET, Field, Text, nothing
from shopwatch.domain.rules.job import Job, Result
from shopwatch.domain.rules.rule import RuleStep
from shopwatch.domain.rules.target import Target

if TYPE_CHECKING:
    from shopwatch.actions.parts import Parts
    from shopwatch.host.paths import Paths
    from shopwatch.settings.settings import Settings


class Aim(StrEnum):
    """Which targets a step goes to."""

    NAMED = "named"
    """The one whose id the step has as "to"."""
    ONLY = "only"
    """The one that the shop has for all of them."""
    ALL = "all"
    """Every one there is; none is needed."""


type Values = Mapping[str, str]
"""What the fields of a form hold, by their keys, the secret among them."""


def _as_it_is(values: Values) -> Values:
    return values


def _followsnothing(_key: str, _values: Values, _filled: Values) -> Values:
    return {}


def _only_itself(target: Target, _secret: str) -> Target:
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetKind:
    """What a target of an action is made of, and how it is tried.

    `check(target, secret, paths)` tries it for real before it is kept, and gives the secret as it is to be kept; it
    raises UserError with what to change. `tidy` puts what was typed in order before that, such as a password out of an
    address; it raises UserError, too. `named` is what a target is called if the owner gives no name; without a
    `name_hint` it always is. `follow(key, values, filled)` gives what is to be filled in once the owner has changed the
    field `key`; `filled` is what it has filled in before. `described(target, secret)` is the target with what its
    secret tells of it and may be shown.
    """

    id: str
    title: Text
    icon: str
    fields: tuple[Field, ...]
    check: Callable[[Target, str, "Paths"], Awaitable[str]]
    aim: Aim = Aim.NAMED
    intro: Text = nothing
    name_hint: Text | None = None
    named: Callable[[Values], str] = lambda _: ""
    tidy: Callable[[Values], Values] = _as_it_is
    follow: Callable[[str, Values, Values], Values] = _followsnothing
    described: Callable[[Target, str], Target] = _only_itself
    missing: Text = nothing
    """What a rule lacks where it is not there."""
    waits: Text = lambda: say("It is not connected, so this step cannot be done.")
    choose: Text = nothing
    """The name of the list from which a step's target is chosen."""
    another: Text = nothing
    connect: Text = lambda: say("Connect it…")
    change: Text = lambda: say("Change it…")
    used: Callable[[Target], str] = lambda _: ""
    """What is said of it below a step."""

    @property
    def settings(self) -> tuple[str, ...]:
        """What may be said of such a target, beside its name and its secret."""
        return tuple(field.key for field in self.fields if field.kept and field.key != SECRET)

    @property
    def secret(self) -> Field | None:
        return next((field for field in self.fields if field.key == SECRET), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How an action is told. `to` is whom it goes to, empty where nobody is named; "at" a service, such as Slack."""

    title: Text
    """What it does, in two or three words."""
    step: Callable[[RuleStep, str], str]
    """The same in the sentence of a rule; what stands between asterisks is strong."""
    job: Text
    """What it is, in a row of the outbox."""
    under_way: Callable[[str], str]
    """The same beside whom it goes to, in the time line of a sale: it waits, is on its way, or has failed."""
    done: Callable[[str], str]
    title_at: Callable[[str], str] | None = None
    job_at: Callable[[str], str] | None = None
    nobody: Text = nothing
    """Whom it went to where nobody was named."""
    detail: Callable[[RuleStep], str] = lambda _: ""
    """What stands on the card of a step that goes to no target of its own."""
    about: Text = nothing
    """What is said below a step."""


class JobHandler(Protocol):
    """What does the jobs of one action."""

    async def do(self, job: Job) -> Result:
        """Do it once, within `PATIENCE`. `Outage` says that it was surely not done; whatever else is raised counts as
        `Unsure`.
        """


def _can_be_kept(_step: RuleStep, _settings: "Settings") -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a step of a rule does. Those without a `handler` are not done by a worker of the shop.

    `fields` are the step's own settings, beside its target. `repeatable`: doing it twice harms nobody, so that it is
    tried again when nobody knows if it was done; `sent`: done means that it was sent. `at_once` is how many of its jobs
    may be on their way together; more than one only for what is repeatable. `handler(parts, closing)` makes what does
    its jobs, and lets `closing` know what is to be closed at the end. `check(step, settings)` raises UserError if a
    step cannot be done.
    """

    id: str
    icon: str
    words: Words
    fields: tuple[Field, ...] = ()
    target: TargetKind | None = None
    repeatable: bool = False
    sent: bool = False
    at_once: int = 1
    handler: Callable[["Parts", AsyncExitStack], JobHandler] | None = None
    check: Callable[[RuleStep, "Settings"], None] = _can_be_kept

    @property
    def names_target(self) -> bool:
        """Whether each step of it names its own target."""
        return self.target is not None and self.target.aim is Aim.NAMED

    @property
    def usual(self) -> dict[str, str]:
        """The settings that a new step of it has."""
        return {field.key: field.usual for field in self.fields if field.usual}
