"""The places that steps of rules send to: tried before they are kept."""

import secrets as randomness
from dataclasses import replace
from pathlib import Path

from shopwatch.domain.clock import now
from shopwatch.domain.errors import UserError
from shopwatch.domain.money import Money
from shopwatch.domain.rule import Action, Rule, Step
from shopwatch.domain.sale import Item, Sale, SaleState
from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.words import say
from shopwatch.settings.settings import Settings

_NAMES_ITS_PLACE = frozenset({Action.CHAT, Action.FORWARD, Action.DATABASE})


def fresh_id() -> str:
    """One that was never given out."""
    return randomness.token_hex(8)


async def tried(target: Target, secret: str, ledger_file: Path) -> str:
    """Try a target for real; the secret as it is to be kept. Raises UserError with what to change.

    A mail account is signed in to, a chat is told hello, a database is written to as far as its settings allow, and
    addresses are seen to answer.
    """
    match target.kind:
        case TargetKind.MAIL:
            from shopwatch.actions.mail import account

            await account.check(account.account_of(target), secret)
        case TargetKind.CHAT:
            from shopwatch.actions import chat

            secret = chat.address(secret)
            await chat.check(secret, target.name)
        case TargetKind.FORWARD:
            from shopwatch.actions import forward, outward

            secret = secret or forward.new_secret()
            forward.check(target, secret)
            await outward.knock(target.options["url"], local=target.options.get("local") == "yes")
        case TargetKind.PAGE:
            from shopwatch.actions import outward
            from shopwatch.actions.popular import delivering

            delivering.check(target, secret)
            urls = filter(None, (target.options.get(name) for name in ("url", "data_url")))
            await outward.knock(*urls, local=target.options.get("local") == "yes")
        case TargetKind.DATABASE:
            from shopwatch.actions.database import writing

            await writing.check(target, secret, ledger_file)
    return secret


def made_up_sale() -> Sale:
    """What a letter is tried with where there is no sale."""
    items = (Item(say("Peony bunch"), 2, Money(3400, "USD")), Item(say("Gift card"), 1, Money(0, "USD")))
    return Sale(
        order_id="1001",
        number="#1001",
        state=SaleState.PAID,
        amount=Money(6800, "USD"),
        amount_text="",
        given_back=None,
        name="Maya Lindqvist",
        email="maya@example.com",
        items=items,
        paid_at=now(),
        practice=True,
        live=True,
    )


def described(target: Target, secret: str) -> Target:
    """`target` with what its secret tells of it and may be shown: which service a chat is at."""
    if target.kind is not TargetKind.CHAT:
        return target
    from shopwatch.actions import chat

    return replace(target, options={**target.options, "service": chat.service(secret)})


def revived(target: Target) -> Target:
    """`target` as the owner has just saved it, wanted again if it had ended."""
    return replace(target, options={name: value for name, value in target.options.items() if name != "stopped"})


def check_rule(rule: Rule, settings: Settings) -> None:
    """Raise UserError if a step of a rule that is on cannot be done."""
    if rule.on:
        for step in rule.steps:
            _check_step(step, settings)


def _check_step(step: Step, settings: Settings) -> None:
    fit = {each.id for each in settings.targets if each.kind.serves is step.action}
    if step.action in _NAMES_ITS_PLACE and step.settings.get("to") not in fit:
        raise UserError(
            say("This rule cannot be kept."), say("“to” names none of the places you have set up."), code="bad-rule"
        )
    if step.action is Action.POPULAR and not settings.popular.begun:
        raise UserError(
            say("This rule cannot be kept."), say("Switch on the page of popular items first."), code="bad-rule"
        )
    if step.action is Action.CHAT and (text := step.settings.get("text")):
        from shopwatch.actions.mail.rendering import checked

        checked(text)
