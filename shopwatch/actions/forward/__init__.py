"""Passing what happens on to another program."""

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from shopwatch.actions.action import Action, JobHandler, TargetKind, Words
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.form import ON, SECRET, Choice, Field, FieldKind
from shopwatch.domain.rules.target import Target

if TYPE_CHECKING:
    from shopwatch.actions.parts import Parts
    from shopwatch.host.paths import Paths


async def _check_target(target: Target, secret: str, _paths: "Paths") -> str:
    """See that somebody answers there. A target without a secret gets one."""
    from shopwatch.actions import outbound_http  # noqa: PLC0415 - see `action`
    from shopwatch.actions.forward import forwarding  # noqa: PLC0415 - see `action`

    kept = secret or forwarding.new_secret()
    forwarding.check(target, kept)
    await outbound_http.knock(target.options["url"], local=target.options.get("local") == ON)
    return kept


def _make_handler(parts: "Parts", closing: AsyncExitStack) -> JobHandler:
    from shopwatch.actions.forward.forwarding import Forward  # noqa: PLC0415 - see `action`
    from shopwatch.actions.outbound_http import OutboundHttp  # noqa: PLC0415 - see `action`

    outbound = OutboundHttp()
    closing.push_async_callback(outbound.close)
    return Forward(parts.ledger, outbound, parts.target, parts.secret_of, on_gone=parts.end)


PROGRAM = TargetKind(
    id="forward",
    title=lambda: say("Another program"),
    icon="share",
    fields=(
        Field(key="url", label=lambda: say("Address"), hint=lambda: "https://example.com/sales"),
        Field(
            key="as",
            label=lambda: say("What is passed on"),
            kind=FieldKind.CHOICE,
            choices=(
                Choice("event", lambda: say("What ShopWatch understood")),
                Choice("raw", lambda: say("The message, word for word")),
            ),
            usual="event",
            command="as (event or raw)",
        ),
        Field(
            key="local",
            label=lambda: say("Allow an address on this computer"),
            kind=FieldKind.SWITCH,
            command="local=yes for a program in your own network",
        ),
        Field(
            key=SECRET,
            label=lambda: say("Secret, to be copied into the other program"),
            kind=FieldKind.ISSUED,
            about=lambda: say("Each message is signed with it by Standard Webhooks."),
            command="its signing secret comes by stdin, or is made",
        ),
    ),
    name_hint=lambda: say("Accounts"),
    named=lambda values: values["url"].partition("://")[2].partition("/")[0],
    check=_check_target,
    missing=lambda: say("The place to pass it on to is not connected."),
    choose=lambda: say("Pass it on to"),
    another=lambda: say("Another place…"),
)

FORWARD = Action(
    id="forward",
    icon="share",
    words=Words(
        title=lambda: say("Pass it on"),
        step=lambda _step, to: say("*pass it on to {target}*", target=to) if to else say("*pass it on*"),
        job=lambda: say("Passed on"),
        under_way=lambda to: say("Passing on to {to}", to=to) if to else say("Passing on"),
        done=lambda to: say("Passed on to {to}", to=to),
    ),
    target=PROGRAM,
    repeatable=True,
    sent=True,
    at_once=8,
    handler=_make_handler,
)
"""One host that is slow holds up no more than its share."""
