"""Flutterwave. Facts: developer.flutterwave.com ("Webhooks", "Transaction verification"), Flutterwave/Node-v3, and for
the signature of version 4 several public receivers that agree.

Messages of version 4 are signed. Those of version 3 only show the word that the owner made up, which proves nothing of
what they say: so such a sale is confirmed by asking. What its messages of refunds and disputes hold is not published.
"""

import json
from dataclasses import dataclass
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.check import FirstOf, Signed
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    api_call,
    find,
    ident,
    in_decimals,
    joined,
    moment,
    order_of,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, decimal, iso
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.kit.token import in_header
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_SIGNATURE = "flutterwave-signature"
_WORD = in_header("verif-hash")
_PAID = frozenset({"successful", "succeeded"})
_UNSIGNED = Option(
    "unsigned",
    "Messages without a signature",
    "Once your account sends version 4, refuse all others: whoever saw one could make them up.",
    choices=("ask", "refuse"),
    named=("Ask Flutterwave about each", "Refuse them"),
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """The word of version 3, unless the owner wants signatures."""

    def applies(self, request: Request) -> bool:
        return _WORD.applies(request)

    def check(self, request: Request, secrets: Secrets, now: Instant, options: Options) -> Signed | Rejected:
        if options.get(_UNSIGNED.key) == "refuse":
            return Rejected(Reason.SIGNATURE_MISSING)
        return _WORD.check(request, secrets, now, options)

    def sign(self, request: Request, secret: str, at: Instant, message_id: str, options: Options) -> Request | None:
        return _WORD.sign(request, secret, at, message_id, options)


def _event_id(message: Message) -> str:
    data = find(message.body, "data")
    charge, status = ident(data, "id"), text(data, "status")
    return f"{charge}:{status}" if charge and status else ""


def _read_charge(message: Message) -> Meaning | None:
    """Charges that failed are completed, too. Amounts are in major units, of all currencies."""
    data = find(message.body, "data")
    if text(data, "status") not in _PAID:
        return None
    return paid(message, data, unconfirmed=not message.headers.only(_SIGNATURE))


def paid(message: Message, data: Any, *, unconfirmed: bool = False) -> Meaning:
    """The sale that a charge tells of, as messages and the API write it."""
    charge, person = order_of(data, "id"), find(data, "customer")
    amount, amount_text = in_decimals(find(data, "amount"), find(data, "currency"))
    name = text(person, "name") or joined(text(person, "name", "first"), text(person, "name", "last"))
    claim = SaleClaim(
        order_id=charge,
        amount=amount,
        number=ident(data, "tx_ref") or ident(data, "reference"),
        name=name or text(data, "customer_name"),
        email=text(person, "email") or text(data, "customer_email"),
        amount_text=amount_text,
        unconfirmed=unconfirmed,
    )
    at = moment(data, "created_at", "created_datetime", otherwise=message.at)
    call = api_call("GET /v3/transactions/{}/verify", charge) if unconfirmed else ""
    return Meaning(Kind.SALE, claim, at, needs_fetch=call)


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    number = sample.digits("number", 6)
    data = {
        "id": f"chg_{sample.letters('charge', 10)}",
        "amount": float(decimal(sample.total_minor)),
        "currency": "NGN",
        "status": "succeeded",
        "reference": f"order_{number}",
        "customer": {
            "id": f"cus_{sample.letters('customer', 10)}",
            "email": sample.email,
            "name": {"first": sample.first, "last": sample.last},
        },
        "created_datetime": iso(at),
        "meta": {"order_id": f"order_{number}"},
    }
    body = {
        "webhook_id": f"wbk_{sample.letters('event', 10)}",
        "timestamp": at,
        "type": "charge.completed",
        "data": data,
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), "")


FLUTTERWAVE = Provider(
    id="flutterwave",
    name="Flutterwave",
    tile="Fl",
    setup=SetupWords(
        does="Payments",
        settings_url="https://app.flutterwave.com/dashboard/settings/webhooks",
        menu="Webhooks",
        address_label="URL",
        secret_label="Secret hash",
        events=("charge.completed",),
        api_key_prefixes=("FLWSECK", "FLWPUBK"),
        secret_found="You make the secret hash up yourself, beside the address.",
        away="Whether Flutterwave tries again, you choose there; for how long is not known.",
        needs="Of refunds ShopWatch hears no message: with a secret key of version 3 it asks for them every half hour. "
        "Disputes are not seen.",
        secret_length=32,
        sure=(
            "Messages of version 4 are signed. Those of version 3 only show your word, so ShopWatch asks Flutterwave "
            "before they count."
        ),
    ),
    recipe=FirstOf(
        (
            Recipe(headers=(HeaderNames(signature=_SIGNATURE),), signed=b"%(body)b", schemes={"": HmacSha256(BASE64)}),
            _Shown(),
        )
    ),
    redact=_WORD.redact,
    event_id=_event_id,
    event_type=lambda message: text(message.body, "event") or text(message.body, "type"),
    readers={"charge.completed": _read_charge},
    draft=_draft_message,
    practises=(Kind.SALE,),
    retries_for=None,
    options=(_UNSIGNED,),
)
