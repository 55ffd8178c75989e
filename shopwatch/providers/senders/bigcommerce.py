"""BigCommerce. Facts: docs.bigcommerce.com, "Webhooks overview" and "Order status", of 2026-04."""

import json

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import Claim, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account
from shopwatch.providers.kit.reading import Meaning, Message, api_call, find, ident, moment, order_of, text
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords
from shopwatch.providers.senders.standard_webhooks import standard_recipe

REFUNDED, DISPUTED, PART_REFUNDED = 4, 13, 14
# Shipped, partially shipped, awaiting pickup, awaiting shipment, completed, awaiting fulfilment: all of them paid for.
PAID = frozenset({2, 3, 8, 9, 10, 11, REFUNDED, DISPUTED, PART_REFUNDED})


def _read_status(message: Message) -> Meaning | None:
    """A message tells only that the order came to another state; all else has to be asked for."""
    status = find(message.body, "data", "status", "new_status_id")
    if type(status) is not int or status not in PAID:
        return None
    order_id = order_of(message.body, "data", "id")
    return _make_meaning(message, Kind.SALE, SaleClaim(order_id, None), "GET /stores/{}/v2/orders/{}")


def _read_refund(message: Message) -> Meaning | None:
    order_id = order_of(message.body, "data", "id")
    claim = RefundClaim(order_id, None, ident(message.body, "data", "refund", "refund_id") or order_id)
    return _make_meaning(message, Kind.REFUND, claim, "GET /stores/{}/v3/orders/{}/payment_actions/refunds")


def _make_meaning(message: Message, kind: Kind, claim: Claim, call: str) -> Meaning:
    store = text(message.body, "producer").removeprefix("stores/")
    at = moment(message.body, "created_at", otherwise=message.at)
    return Meaning(kind, claim, at, needs_fetch=api_call(call, store, claim.order_id))


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    order = int(sample.digits("order", 6))
    about: dict[str, object] = {"status": {"previous_status_id": 0, "new_status_id": 11}}
    scope = "store/order/statusUpdated"
    if kind is Kind.REFUND:
        scope, about = "store/order/refund/created", {"refund": {"refund_id": int(sample.digits("refund", 6))}}
    body = {
        "scope": scope,
        "store_id": "1025646",
        "data": {"type": "order", "id": order} | about,
        "hash": f"{sample.uuid(scope).replace('-', '')}{sample.digits(scope, 8)}",
        "created_at": at // 1000,
        "producer": "stores/bloomstem1",
    }
    return PracticeDraft(
        json.dumps(body, separators=(",", ":")).encode(), f"msg_{sample.letters(f'message {scope}', 24)}"
    )


BIGCOMMERCE = Provider(
    id="bigcommerce",
    name="BigCommerce",
    tile="Bi",
    setup=SetupWords(
        does="Orders and refunds",
        settings_url="https://login.bigcommerce.com/",
        menu="API accounts",
        address_label="destination",
        secret_label="Client secret",
        events=("store/order/statusUpdated", "store/order/refund/created"),
        secret_found="It is shown once, when you make the API account under Settings, API, Store-level API accounts.",
        away="BigCommerce tries again for about two days, then stops sending to this address.",
        needs="You need an API account of your store; BigCommerce takes the address only through its API.",
    ),
    # The client secret's own characters are the key.
    recipe=standard_recipe(v1=HmacSha256(BASE64)),
    event_type="scope",
    readers={"store/order/statusUpdated": _read_status, "store/order/refund/created": _read_refund},
    account=Account(lambda message: ident(message.body, "producer").removeprefix("stores/"), "Store hash"),
    draft=_draft_message,
    practises=(Kind.SALE, Kind.REFUND),
    # Eleven retries, the last a day after the one before it.
    retries_for=2 * DAY,
)
