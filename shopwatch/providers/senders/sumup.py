"""SumUp. Facts: developer.sumup.com ("Online payments", webhooks; "webhook-docs"; reader checkouts), and sumup-py 0.4
for signed events.

Messages name a checkout or a transaction and nothing of what is in it. There are three kinds of them: events signed
with a time, others signed without, and the calls of a `return_url`, which are not signed at all: they are a hint to
ask SumUp, and nothing more.
"""

import json
import re

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.check import FirstOf
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    Unreadable,
    api_call,
    find,
    ident,
    ids,
    moment,
    order_of,
    parse,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_SIGNATURE = "X-SumUp-Webhook-Signature"
_PLAIN_SIGNATURE = "X-Payload-Signature"
_LONGEST_HINT = 1_000
_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
BETWEEN = "/"
"""Parts the merchant code from the transaction in a hint of one."""


def _answer_handshake(request: Request, _secrets: Secrets, _options: Options) -> Rejected | None:
    """A call of the `return_url` of a checkout, or of one on a card reader."""
    if request.method != "POST" or len(request.body) > _LONGEST_HINT:
        return None
    if request.headers.only(_SIGNATURE) or request.headers.only(_PLAIN_SIGNATURE):
        return None
    try:
        told = parse(request.body)
    except Unreadable:
        return None
    named: tuple[str, ...] = ()
    if text(told, "event_type") == "CHECKOUT_STATUS_CHANGED":
        named = (text(told, "id"),)
    elif text(told, "event_type") == "solo.transaction.updated":
        named = (text(told, "payload", "merchant_code"), text(told, "payload", "client_transaction_id"))
    return Rejected(Reason.HINT, BETWEEN.join(named)) if named and all(map(_ID.fullmatch, named)) else None


def _event_type(message: Message) -> str:
    return text(message.body, "type") or text(message.body, "event_type")


def _read_payment(message: Message) -> Meaning:
    """The address of the checkout is in the message, too; it is asked for by its id, so that nobody is sent away."""
    return _read_checkout(message, order_of(message.body, "object", "id"))


def _read_change(message: Message) -> Meaning | None:
    payload = find(message.body, "payload")
    return _read_checkout(message, order_of(payload, "checkout_id")) if text(payload, "status") == "PAID" else None


def _read_checkout(message: Message, checkout: str) -> Meaning:
    at = moment(message.body, "created_at", "timestamp", otherwise=message.at)
    return Meaning(Kind.SALE, SaleClaim(checkout, None), at, needs_fetch=api_call("GET /v0.1/checkouts/{}", checkout))


def _on_reader(message: Message) -> Meaning | None:
    """A payment on a card reader. The id of its transaction is there as well, for now."""
    payload = find(message.body, "payload")
    if text(payload, "status") != "successful":
        return None
    called = order_of(payload, "client_transaction_id")
    merchant, transaction = ident(payload, "merchant_code"), ident(payload, "transaction_id")
    call = api_call("GET /v2.1/merchants/{}/transactions/{}", merchant, called)
    at = moment(message.body, "timestamp", otherwise=message.at)
    return Meaning(Kind.SALE, SaleClaim(transaction or called, None), at, links=ids(called), needs_fetch=call)


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    checkout, event_id = sample.uuid("checkout"), f"evt_{sample.letters('event', 24)}"
    about = {"id": checkout, "type": "checkout", "url": f"https://api.sumup.com/v0.1/checkouts/{checkout}"}
    body = {"id": event_id, "type": "checkouts.paid", "created_at": iso(at), "object": about}
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), event_id)


SUMUP = Provider(
    id="sumup",
    name="SumUp",
    tile="Su",
    setup=SetupWords(
        does="Payments, online and by card reader",
        settings_url="https://me.sumup.com/settings/developer",
        menu="Webhooks",
        address_label="URL",
        secret_label="Signing secret",
        events=("checkouts.paid",),
        api_key_prefixes=("sup_sk_", "sup_pk_"),
        secret_found=(
            "Where SumUp shows no menu Webhooks, there is none: give the API key, and choose “I do not have it yet”."
        ),
        needs=(
            "Where there is no menu Webhooks, your shop’s software can name the address of ShopWatch as the return_url "
            "of each checkout. Such calls are not signed, so they need an API key. With the key alone, all payments "
            "and refunds come within half an hour, those of card readers too."
        ),
    ),
    recipe=FirstOf(
        (
            Recipe(
                headers=(HeaderNames(signature=_SIGNATURE),),
                signed=b"v1:%(timestamp)b:%(body)b",
                schemes={"v1": HmacSha256(HEX)},
                between=",",
                timestamp_entry="t",
                most=1,
            ),
            Recipe(
                headers=(HeaderNames(signature=_PLAIN_SIGNATURE),), signed=b"%(body)b", schemes={"": HmacSha256(HEX)}
            ),
        )
    ),
    event_id="id",
    event_type=_event_type,
    readers={
        "checkouts.paid": _read_payment,
        "checkout.status.updated": _read_change,
        "solo.transaction.updated": _on_reader,
    },
    handshake=_answer_handshake,
    draft=_draft_message,
    practises=(Kind.SALE,),
    # For signed events it says nothing of retries.
    retries_for=0,
)
