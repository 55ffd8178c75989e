"""SumUp. Facts: developer.sumup.com ("Online payments", webhooks), and sumup-py 0.4 for signed events.

Signed events name the checkout and nothing of what is in it. The older calls of a checkout's `return_url` are not
signed at all: they are a hint to ask SumUp, and nothing more.
"""

import json
import re

from shopwatch.domain.clock import Instant
from shopwatch.domain.delivery import Request
from shopwatch.domain.event import Kind
from shopwatch.domain.sale import SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.domain.verdict import Reason, Rejected
from shopwatch.providers.provider import Draft, Provider, SetupWords
from shopwatch.providers.reading import Meaning, Message, Unreadable, api_call, moment, order_of, parse, text
from shopwatch.providers.recipe import HeaderNames, Recipe
from shopwatch.providers.sample import Sample, iso
from shopwatch.providers.signature import HEX, HmacSha256

_SIGNATURE = "X-SumUp-Webhook-Signature"
_LONGEST_HINT = 1_000
_CHECKOUT = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)


def _greet(request: Request, _secrets: Secrets, _options: Options) -> Rejected | None:
    """A call of a checkout's `return_url`."""
    if request.method != "POST" or request.headers.only(_SIGNATURE) or len(request.body) > _LONGEST_HINT:
        return None
    try:
        told = parse(request.body)
    except Unreadable:
        return None
    checkout = text(told, "id")
    if text(told, "event_type") != "CHECKOUT_STATUS_CHANGED" or not _CHECKOUT.fullmatch(checkout):
        return None
    return Rejected(Reason.HINT, checkout)


def _paid(message: Message) -> Meaning:
    """The address of the checkout is in the message, too; it is asked for by its id, so that nobody is sent away."""
    checkout = order_of(message.body, "object", "id")
    at = moment(message.body, "created_at", otherwise=message.at)
    return Meaning(Kind.SALE, SaleClaim(checkout, None), at, needs_fetch=api_call("GET /v0.1/checkouts/{}", checkout))


def _draft(_kind: Kind, sample: Sample, at: Instant) -> Draft:
    checkout, event_id = sample.uuid("checkout"), f"evt_{sample.letters('event', 24)}"
    about = {"id": checkout, "type": "checkout", "url": f"https://api.sumup.com/v0.1/checkouts/{checkout}"}
    body = {"id": event_id, "type": "checkouts.paid", "created_at": iso(at), "object": about}
    return Draft(json.dumps(body, separators=(",", ":")).encode(), event_id)


SUMUP = Provider(
    id="sumup",
    name="SumUp",
    tile="Su",
    setup=SetupWords(
        does="Paid checkouts",
        settings_url="https://me.sumup.com/settings/developer",
        menu="Webhooks",
        address_label="URL",
        secret_label="Signing secret",
        events=("checkouts.paid",),
        api_key_prefixes=("sup_sk_", "sup_pk_"),
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature=_SIGNATURE),),
        signed=b"v1:%(timestamp)b:%(body)b",
        schemes={"v1": HmacSha256(HEX)},
        between=",",
        timestamp_entry="t",
        most=1,
    ),
    event_id="id",
    event_type="type",
    readers={"checkouts.paid": _paid},
    greets=_greet,
    draft=_draft,
    practises=(Kind.SALE,),
    # For signed events it says nothing of retries.
    retries_for=0,
)
