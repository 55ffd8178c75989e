"""GoCardless, bank debits. Facts: gocardless-nodejs 10.1.2 and gocardless-pro for Python d5c83f3 for the signature; the
event list of developer.gocardless.com (Payments, Refunds), as gocardless-events 0.1.4 copies it.

One message tells up to 250 events, which name things by their ids and say nothing more of them.
"""

import json

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, SaleClaim
from shopwatch.providers.kit.reading import Meaning, Message, api_call, ident, moment, order_of, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, Hmac
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

CONFIRMED = "payments.confirmed"
FAILED = "payments.failed"
_CASES = {
    "payments.charged_back": DisputeState.OPEN,
    "payments.chargeback_cancelled": DisputeState.WON,
    "payments.chargeback_settled": DisputeState.LOST,
}


def _event_type(message: Message) -> str:
    return f"{text(message.body, 'resource_type')}.{text(message.body, 'action')}"


def _read_payment(message: Message) -> Meaning:
    claim = SaleClaim(order_of(message.body, "links", "payment"), None)
    return Meaning(Kind.SALE, claim, _event_time(message), needs_fetch=api_call("GET /payments/{}", claim.order_id))


def _read_failure(message: Message) -> Meaning:
    """It takes the money back if it was confirmed before, and is nothing otherwise: the message does not say which."""
    call = api_call("GET /payments/{}", order_of(message.body, "links", "payment"))
    return Meaning(Kind.OTHER, None, _event_time(message), needs_fetch=call)


def _read_chargeback(message: Message) -> Meaning:
    payment = order_of(message.body, "links", "payment")
    claim = DisputeClaim(payment, None, payment, _CASES[message.type])
    return Meaning(Kind.DISPUTE, claim, _event_time(message), needs_fetch=api_call("GET /payments/{}", payment))


def _read_refund(message: Message) -> Meaning:
    """Of which payment, and how much, is not said."""
    call = api_call("GET /refunds/{}", ident(message.body, "links", "refund"))
    return Meaning(Kind.REFUND, None, _event_time(message), needs_fetch=call)


def _event_time(message: Message) -> Instant:
    return moment(message.body, "created_at", otherwise=message.at)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    payment = f"PM{sample.letters('payment', 12).upper()}"
    action = "confirmed" if kind is Kind.SALE else "charged_back"
    event_id = f"EV{sample.letters(f'event {action}', 12).upper()}"
    event = {
        "id": event_id,
        "created_at": iso(at),
        "resource_type": "payments",
        "action": action,
        "links": {"payment": payment},
        "details": {"origin": "gocardless", "cause": f"payment_{action}", "description": ""},
        "metadata": {},
    }
    body = {"events": [event], "meta": {"webhook_id": f"WB{sample.letters(f'webhook {action}', 12).upper()}"}}
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), event_id)


GOCARDLESS = Provider(
    id="gocardless",
    name="GoCardless",
    tile="GC",
    setup=SetupWords(
        does="Bank debits, refunds and chargebacks",
        settings_url="https://manage.gocardless.com/developers/webhook-endpoints",
        menu="Developers › Webhook endpoints",
        address_label="URL",
        secret_label="Secret",
        events=(CONFIRMED, FAILED, *_CASES, "refunds.created", "refunds.paid", "refunds.failed"),
        save="Create webhook endpoint",
        secret_found="It stands in the webhook endpoint. You may choose it yourself there.",
        away="GoCardless tries again up to eight times, at longer and longer intervals.",
        needs="Messages name payments by number alone. To count amounts, ShopWatch needs an access token as well.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="Webhook-Signature"),), signed=b"%(body)b", schemes={"": Hmac("sha256", HEX)}
    ),
    batch="events",
    event_id="id",
    event_type=_event_type,
    # What is paid out or settled was told before, when it was confirmed, failed or given back.
    readers={
        CONFIRMED: _read_payment,
        FAILED: _read_failure,
        **dict.fromkeys(_CASES, _read_chargeback),
        "refunds.created": _read_refund,
        "refunds.paid": _read_refund,
        "refunds.refund_settled": _read_refund,
        "refunds.failed": _read_refund,
        "refunds.funds_returned": _read_refund,
    },
    draft=_draft_message,
    practises=(Kind.SALE, Kind.DISPUTE),
    retries_for=None,
    order_url="https://manage.gocardless.com/payments/{order_id}",
)
