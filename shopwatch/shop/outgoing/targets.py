"""The places that steps of rules send to: tried before they are kept."""

import secrets as randomness
from dataclasses import replace

from shopwatch.actions import registry
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.form import SECRET
from shopwatch.domain.rules.job import TO
from shopwatch.domain.rules.rule import Rule, RuleStep
from shopwatch.domain.rules.target import Target
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, Sale, SaleState
from shopwatch.host.paths import Paths
from shopwatch.runtime.clock import now
from shopwatch.settings.settings import Settings


def fresh_id() -> str:
    """One that was never given out."""
    return randomness.token_hex(8)


async def tried(target: Target, secret: str, paths: Paths) -> tuple[Target, str]:
    """Try a target for real, as its kind declares; the target and its secret as they are to be kept. Raises UserError
    with what to change."""
    kind = registry.kind_of(target.kind)
    if kind is None:
        raise UserError(say("ShopWatch does not know this kind of place."), code="target-kind")
    values = dict.fromkeys(kind.settings, "") | target.options | {SECRET: secret}
    tidied = kind.tidy(values)
    put_right = {key: tidied[key] for key in kind.settings if tidied[key] != values[key]}
    tidy = replace(target, options=target.options | put_right)
    held = await kind.check(tidy, tidied[SECRET], paths)
    return kind.described(tidy, held), held


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


def revived(target: Target) -> Target:
    """`target` as the owner has just saved it, wanted again if it had ended."""
    return replace(target, options={name: value for name, value in target.options.items() if name != "stopped"})


def ended(targets: tuple[Target, ...], target_id: str) -> tuple[Target, ...]:
    """`targets` after the one of this id has said that it wants no more."""
    return tuple(
        replace(each, options={**each.options, "stopped": "yes"}) if each.id == target_id else each for each in targets
    )


def check_rule(rule: Rule, settings: Settings) -> None:
    """Raise UserError if there is no such action, or a step of a rule that is on cannot be done."""
    for step in rule.steps:
        if all(each.id != step.action for each in registry.ACTIONS):
            choices = ", ".join(each.id for each in registry.ACTIONS)
            raise _unfit_target(say("“do” is one of {choices}.", choices=choices))
        if rule.on:
            _check_step(step, settings)


def _check_step(step: RuleStep, settings: Settings) -> None:
    action = registry.action_of(step.action)
    if action.target is not None and action.names_target:
        fit = {each.id for each in settings.targets if each.kind == action.target.id}
        if step.settings.get(TO) not in fit:
            raise _unfit_target(say("“to” names none of the places you have set up."))
    action.check(step, settings)


def _unfit_target(why: str) -> UserError:
    return UserError(say("This rule cannot be kept."), why, code="bad-rule")
