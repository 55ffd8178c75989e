"""A verdict in words and plain data, as `shopwatch verify` prints it."""

import re
from typing import Any

from msgspec import to_builtins

from shopwatch.domain.i18n import say
from shopwatch.domain.messages.event import Event
from shopwatch.domain.messages.happening import said
from shopwatch.domain.messages.verdict import Accepted, Answer, Challenge, Reason, Rejected, Verdict, Wanting, explain
from shopwatch.domain.sales.sale import Claim, DisputeClaim, RefundClaim, SaleClaim
from shopwatch.providers.provider import Assurance, Provider

CURRENCY = "currency"
"""The option of a provider whose messages name no currency."""
_BARE = re.compile(r"[0-9]{1,13}\.[0-9]{2}", re.ASCII)


def lines(provider: Provider, name: str, verdict: Verdict) -> list[dict[str, Any]]:
    """What `verify` prints of the request called `name`: a line for each event that it tells."""
    if not isinstance(verdict, Accepted):
        return [describe(provider, name, verdict)]
    return [describe(provider, name, Accepted(event, verdict.answer)) for event in verdict.events]


def describe(provider: Provider, name: str, verdict: Verdict) -> dict[str, Any]:
    """One line of `verify` for the request called `name`, of several events the first; claims have the names that the
    test vectors use.

    An amount that cannot be counted is null, and stands in `amount_text` as it was sent. One with two decimals that
    only lacks the currency which the owner has to name is told in hundredths: its currency is null.
    """
    match verdict:
        case Accepted(event=event, answer=answer):
            told = {"verdict": "accepted", "reason": None, "explanation": _why(provider, event)}
            return {"name": name} | told | _event(event, provider) | {"response": _response(answer)}
        case Challenge(answer):
            why = say("{provider} asks whether somebody listens here, and gets its answer.", provider=provider.name)
            told = {"verdict": "challenge", "reason": None, "explanation": why}
            return {"name": name} | told | _event(None, provider) | {"response": _response(answer)}
        case Rejected(reason, detail):
            why = explain(reason, provider.name, detail)
            told = {"verdict": "rejected", "reason": reason.value, "explanation": why}
            return {"name": name} | told | _event(None, provider) | {"response": _response(verdict.answer)}
        case Wanting():
            why = say("It can only be judged with a certificate of {provider}’s.", provider=provider.name)
            told = {"verdict": "rejected", "reason": Reason.CERTIFICATE.value, "explanation": why}
            return (
                {"name": name}
                | told
                | _event(None, provider)
                | {"response": _response(Rejected(Reason.CERTIFICATE).answer)}
            )


def _why(provider: Provider, event: Event) -> str:
    if event.unreadable:
        return say(event.unreadable)
    match provider.assurance:
        case Assurance.SIGNED if provider.setup.sure:
            return say(provider.setup.sure)
        case Assurance.SIGNED:
            return say("It comes from {provider}, and nobody has changed it.", provider=provider.name)
        case Assurance.TOKEN:
            return say("It shows the secret that {provider} shows in every message.", provider=provider.name)
        case Assurance.ADDRESS:
            return say("Whoever sent it knows this secret address. {provider} shows no more.", provider=provider.name)


def _event(event: Event | None, provider: Provider) -> dict[str, Any]:
    named = {"id": event.id, "type": event.type, "kind": event.kind.value} if event else None
    meant = {"event": named, "sale": None, "refund": None, "dispute": None, "contact": None, "message": None}
    if event is None:
        return meant
    return meant | (_claim(event.claim, provider) if event.claim else {}) | _happening(event)


def _claim(claim: Claim, provider: Provider) -> dict[str, Any]:
    match claim:
        case SaleClaim():
            bought = [
                {"name": item.name, "qty": item.qty, "unit_minor": item.unit.minor if item.unit else None}
                for item in claim.items
            ]
            person = {"email": claim.email or None, "name": claim.name or None}
            return {"sale": _money(claim, provider) | person | {"items": bought}}
        case RefundClaim():
            return {"refund": _money(claim, provider) | {"refund_id": claim.refund_id}}
        case DisputeClaim():
            return {"dispute": _money(claim, provider) | {"dispute_id": claim.dispute_id}}


def _happening(event: Event) -> dict[str, Any]:
    if event.happening is None:
        return {}
    told = to_builtins(said(event.happening))
    return {event.kind.value.replace("-", "_"): {name: value for name, value in told.items() if value not in ("", [])}}


def _money(claim: Claim, provider: Provider) -> dict[str, Any]:
    amount, unclear = claim.amount, claim.amount_text
    told: dict[str, Any] = {"order_id": claim.order_id, "amount_minor": None, "currency": None}
    if amount is not None:
        return told | {"amount_minor": amount.minor, "currency": amount.currency}
    if _BARE.fullmatch(unclear) and any(each.key == CURRENCY for each in provider.options):
        return told | {"amount_minor": int(unclear.replace(".", ""))}
    return told | ({"amount_text": unclear} if unclear else {})


def _response(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "body": answer.body.decode("utf-8", "replace"),
        "content_type": answer.content_type,
        "headers": dict(answer.headers),
    }
