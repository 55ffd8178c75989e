"""Zettle. Facts: iZettle/api-documentation 333074c (Pusher API: signature, test message, retries; purchases).

Only `timestamp` and `payload` are signed, so what a purchase is comes from the payload alone.
"""

import json
from collections.abc import Iterable
from typing import Any

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected, Verdict
from shopwatch.domain.sales.money import from_minor
from shopwatch.domain.sales.sale import Claim, Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.bodies import json_object
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    Unreadable,
    find,
    in_minor,
    items,
    moment,
    order_of,
    parse,
    quantity,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

PURCHASE = "PurchaseCreated"
EMAIL = "email"
"""The option that says whom Zettle writes to when messages do not arrive."""

_SIGNATURE = "X-iZettle-Signature"


def _signed_bytes(request: Request, _timestamp: str) -> Iterable[bytes]:
    try:
        told = json_object(request)
    except Unreadable:
        return ()
    timestamp, payload = told.get("timestamp"), told.get("payload")
    if not isinstance(timestamp, str) or not isinstance(payload, str):
        return ()
    return (f"{timestamp}.{payload}".encode("utf-8", "surrogatepass"),)


def _answer_handshake(request: Request, _secrets: Secrets, _options: Options) -> Verdict | None:
    """Making a subscription tries the address by a message that nobody has signed."""
    if request.method != "POST" or request.headers.only(_SIGNATURE):
        return None
    try:
        return Rejected(Reason.PING) if text(json_object(request), "eventName") == "TestMessage" else None
    except Unreadable:
        return None


def _parse_body(request: Request) -> dict[str, Any]:
    """The message, with what its payload holds in place of the payload's text."""
    told = json_object(request)
    payload = told.get("payload")
    return told | {"payload": parse(payload.encode("utf-8", "surrogatepass")) if isinstance(payload, str) else {}}


def _read_purchase(message: Message) -> Meaning:
    """Money given back is a purchase too, of less than nothing."""
    bought = find(message.body, "payload")
    if find(bought, "refund") is True:
        return _read_refund(message, bought)
    currency = find(bought, "currency")
    amount, amount_text = in_minor(find(bought, "amount"), currency)
    claim = SaleClaim(
        order_id=order_of(bought, "purchaseUuid"),
        amount=amount,
        number=_read_number(bought),
        items=items(find(bought, "products"), lambda line: _read_item(line, currency)),
        amount_text=amount_text,
    )
    return _make_meaning(message, Kind.SALE, claim)


def _read_refund(message: Message, back: Any) -> Meaning:
    given = find(back, "amount")
    amount, amount_text = in_minor(-given if type(given) is int else None, find(back, "currency"))
    sale = order_of(back, "refundsPurchaseUUID1")
    claim = RefundClaim(sale, amount, order_of(back, "purchaseUuid"), partial=amount is None, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim)


def _read_number(bought: Any) -> str:
    number = find(bought, "purchaseNumber")
    return str(number) if type(number) is int else ""


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name = text(line, "name")
    return Item(name, quantity(line.get("quantity")), from_minor(line.get("unitPrice"), currency)) if name else None


def _make_meaning(message: Message, kind: Kind, claim: Claim) -> Meaning:
    made = moment(find(message.body, "payload"), "created", otherwise=0)
    return Meaning(kind, claim, made or moment(message.body, "timestamp", otherwise=message.at))


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    sign = -1 if kind is Kind.REFUND else 1
    amount = sample.given_back_minor if kind is Kind.REFUND else sample.total_minor
    purchase = {
        "purchaseUuid": sample.uuid(f"purchase {kind}"),
        "source": "POS",
        "currency": "USD",
        "country": "US",
        "amount": sign * amount,
        "vatAmount": 0,
        "timestamp": at,
        "purchaseNumber": int(sample.digits(f"number {kind}", 5)),
        "userDisplayName": "Bloom & Stem",
        "products": [
            {"id": str(place), "name": line.name, "unitPrice": line.unit_minor, "quantity": str(sign * line.qty)}
            for place, line in enumerate(sample.lines)
        ],
        "refund": kind is Kind.REFUND,
        "refunded": False,
    }
    if kind is Kind.REFUND:
        purchase["refundsPurchaseUUID1"] = sample.uuid(f"purchase {Kind.SALE}")
    event_id = sample.uuid(f"message {kind}")
    body = {
        "organizationUuid": "d3f03ffa-4a18-4282-bbfa-efd5f642ffb7",
        "messageUuid": event_id,
        "eventName": PURCHASE,
        "messageId": event_id,
        "payload": json.dumps(purchase, separators=(",", ":"), ensure_ascii=False),
        "timestamp": str(at),
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(), event_id)


ZETTLE = Provider(
    id="zettle",
    name="Zettle",
    tile="Ze",
    setup=SetupWords(
        does="Till sales and refunds",
        settings_url="https://my.zettle.com/apps/api-keys",
        menu="Integrations › API Keys",
        address_label="destination",
        secret_label="signingKey",
        events=(PURCHASE,),
        secret_found=(
            "It is in the answer when the subscription is made. With an API key ShopWatch makes the subscription, and "
            "gets the key by itself."
        ),
        away="Zettle tries again for about three days, then deletes the subscription.",
        needs=(
            "Zettle takes the address only through its API, as a subscription. With an API key ShopWatch makes it for "
            "you."
        ),
        sure="Zettle signs what was bought and when. Nobody can change that or make it up without the key.",
    ),
    recipe=Recipe((HeaderNames(_SIGNATURE),), _signed_bytes, {"": HmacSha256(HEX)}),
    reads=_parse_body,
    event_id="messageId",
    event_type="eventName",
    readers={PURCHASE: _read_purchase},
    handshake=_answer_handshake,
    options=(Option(EMAIL, "E-mail address", "Zettle writes there when messages do not arrive.", required=True),),
    account=Account(member("organizationUuid"), "Organization"),
    draft=_draft_message,
    practises=(Kind.SALE, Kind.REFUND),
    retries_for=3 * DAY,
)
