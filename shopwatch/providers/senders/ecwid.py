"""Ecwid by Lightspeed. Facts: github.com/Ecwid/ecwid-api-docs (4de13da: "Webhook structure", "Webhooks security",
"Processing webhooks"), of 2020.

Its signature covers the time and the number of an event, and neither order nor shop nor what happened. So a right one
only shows that there was such an event: the order is read before anything counts. An event is taken once, so that one
that was seen on its way cannot be sent again with another order.
"""

import json
from collections.abc import Iterable

from shopwatch.domain.instant import DAY, SECOND, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import Claim, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    Unreadable,
    api_call,
    find,
    ident,
    moment,
    order_of,
    parse,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

PAID = "PAID"
GIVEN_BACK = frozenset({"REFUNDED", "PARTIALLY_REFUNDED"})


def _signed_bytes(request: Request, _timestamp: str) -> Iterable[bytes]:
    try:
        told = parse(request.body)
    except Unreadable:
        return ()
    created, event_id = find(told, "eventCreated"), ident(told, "eventId")
    return (f"{created}.{event_id}".encode(),) if type(created) is int and event_id else ()


def _read_change(message: Message) -> Meaning | None:
    """Only what became of the payment matters: an order that is shipped is changed, too."""
    order_id, data = order_of(message.body, "entityId"), find(message.body, "data")
    now = text(data, "newPaymentStatus")
    if now == text(data, "oldPaymentStatus"):
        return None
    if now == PAID:
        return _make_meaning(message, Kind.SALE, SaleClaim(order_id, None, unconfirmed=True))
    if now in GIVEN_BACK:
        return _make_meaning(message, Kind.REFUND, RefundClaim(order_id, None, order_id, partial=now != "REFUNDED"))
    return None


def _make_meaning(message: Message, kind: Kind, claim: Claim) -> Meaning:
    call = api_call("GET /api/v3/{}/orders/{}", ident(message.body, "storeId"), claim.order_id)
    return Meaning(kind, claim, moment(message.body, "eventCreated", otherwise=message.at), needs_fetch=call)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    refund = kind is Kind.REFUND
    event_type = "order.updated" if refund else "order.created"
    states = {"newPaymentStatus": PAID, "newFulfillmentStatus": "AWAITING_PROCESSING"}
    if refund:
        states = {
            "oldPaymentStatus": PAID,
            "newPaymentStatus": "PARTIALLY_REFUNDED",
            "oldFulfillmentStatus": "SHIPPED",
            "newFulfillmentStatus": "SHIPPED",
        }
    event_id = sample.uuid(event_type)
    body = {
        "eventId": event_id,
        "eventCreated": at // SECOND,
        "storeId": 1003,
        "entityId": int(sample.digits("order", 9)),
        "eventType": event_type,
        "data": states,
    }
    return PracticeDraft(
        json.dumps(body, separators=(",", ":")).encode(),
        event_id,
        {"Cache-Control": "no-cache"},
        "application/json; charset=UTF-8",
        f"eventtype={event_type}",
    )


ECWID = Provider(
    id="ecwid",
    name="Ecwid",
    tile="Ec",
    setup=SetupWords(
        does="Paid orders and refunds",
        settings_url="https://my.ecwid.com/#develop-apps",
        menu="Your custom app",
        address_label="Webhook URL",
        secret_label="client_secret",
        events=("order.created", "order.updated"),
        api_key_prefixes=("secret_", "public_"),
        secret_found="It is the client_secret of your Ecwid app, not its access token that begins with “secret_”.",
        away="Ecwid tries again for at least 24 hours.",
        needs=(
            "You need an Ecwid app of your own. In 2020 Ecwid’s team entered the address and its events when asked; "
            "whether you can do that yourself today is not known."
        ),
        sure="Ecwid signs only the number of a message, not the order. ShopWatch asks Ecwid before anything counts.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="X-Ecwid-Webhook-Signature"),),
        signed=_signed_bytes,
        schemes={"": HmacSha256(BASE64)},
    ),
    event_id="eventId",
    event_type="eventType",
    readers={"order.created": _read_change, "order.updated": _read_change},
    account=Account(member("storeId"), "Store ID"),
    draft=_draft_message,
    practises=(Kind.SALE, Kind.REFUND),
    # Every 15 minutes, then hourly, until a day is over; another passage says two.
    retries_for=DAY,
)
