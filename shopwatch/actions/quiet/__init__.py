"""Nothing: the rules below are not looked at."""

from shopwatch.actions.action import Action, Words
from shopwatch.domain.i18n import say
from shopwatch.domain.rules import rule

QUIET = Action(
    id=rule.QUIET,
    icon="bell-slash",
    words=Words(
        title=lambda: say("Stay quiet"),
        step=lambda _step, _to: say("*stay quiet*"),
        job=lambda: say("Pop-up"),
        under_way=lambda _: say("Pop-up"),
        done=lambda _: say("Pop-up shown"),
        about=lambda: say("Nothing rings, and no rule below this one is looked at."),
    ),
)
