"""The public page of popular items, and putting it where else the owner wants it."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from shopwatch.actions.action import Action, Aim, JobHandler, TargetKind, Values, Words
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.form import ON, SECRET, Field, FieldKind
from shopwatch.domain.rules.rule import RuleStep
from shopwatch.domain.rules.target import Target

if TYPE_CHECKING:
    from shopwatch.actions.parts import Parts
    from shopwatch.host.paths import Paths
    from shopwatch.settings.settings import Settings


async def _check_target(target: Target, token: str, _paths: "Paths") -> str:
    """See that the folder can be written to, and that somebody answers at the addresses."""
    from shopwatch.actions import outbound_http  # noqa: PLC0415 - see `action`
    from shopwatch.actions.popular import delivering  # noqa: PLC0415 - see `action`

    delivering.check(target, token)
    urls = filter(None, (target.options.get(name) for name in ("url", "data_url")))
    await outbound_http.knock(*urls, local=target.options.get("local") == ON)
    return token


def _name_target(values: Values) -> str:
    return urlsplit(values["url"]).hostname or Path(values["folder"]).name


def _check_step(_step: RuleStep, settings: "Settings") -> None:
    if not settings.popular.begun:
        raise UserError(
            say("This rule cannot be kept."), say("Switch on the page of popular items first."), code="bad-rule"
        )


def _make_handler(parts: "Parts", closing: AsyncExitStack) -> JobHandler:
    from shopwatch.actions.outbound_http import OutboundHttp  # noqa: PLC0415 - see `action`
    from shopwatch.actions.popular.delivering import PageDelivery  # noqa: PLC0415 - see `action`

    outbound = OutboundHttp()
    closing.push_async_callback(outbound.close)
    return PageDelivery(parts.page(), outbound, lambda: parts.targets(SITE.id), parts.secret_of)


SITE = TargetKind(
    id="page",
    title=lambda: say("Your web site"),
    icon="browser",
    aim=Aim.ALL,
    intro=lambda: say(
        "The page of popular items is put there by every rule that refreshes it, at most every 15 seconds."
    ),
    fields=(
        Field(
            key="folder",
            label=lambda: say("Folder on this computer"),
            hint=lambda: "/var/www/shop",
            about=lambda: say("popular.html and popular.json are written into it."),
        ),
        Field(
            key="url", label=lambda: say("Or an address, for the page"), hint=lambda: "https://example.com/popular.html"
        ),
        Field(
            key="data_url",
            label=lambda: say("And for its data"),
            hint=lambda: "https://example.com/popular.json",
            about=lambda: say("Both are sent with PUT."),
        ),
        Field(
            key=SECRET,
            label=lambda: say("Token, where the address asks for one"),
            kind=FieldKind.SECRET,
            command="its token comes by stdin",
        ),
        Field(
            key="local",
            label=lambda: say("Allow an address on this computer"),
            kind=FieldKind.SWITCH,
            command="local=yes for a program in your own network",
        ),
    ),
    name_hint=lambda: say("Our web site"),
    named=_name_target,
    check=_check_target,
)

POPULAR = Action(
    id="popular",
    icon="chart-bar",
    words=Words(
        title=lambda: say("Refresh the popular items"),
        step=lambda _step, _to: say("*refresh the popular items*"),
        job=lambda: say("Popular items"),
        under_way=lambda _: say("Page of popular items"),
        done=lambda _: say("Popular items refreshed"),
        nobody=lambda: say("The public page"),
        about=lambda: say("The page of popular items is made anew."),
    ),
    target=SITE,
    repeatable=True,
    at_once=200,
    handler=_make_handler,
    check=_check_step,
)
"""Jobs of the page are one together."""
