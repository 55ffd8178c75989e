"""Wix. Facts: dev.wix.com/docs (Handle events with webhooks for self-hosting, Webhook resend policy, eCommerce Orders),
@wix/sdk 1.21.16 (`webhooks.parseJWT`) and @wix/auto_sdk_ecom_orders 1.0.300 (`Order`, `BalanceSummary`).

The body is a JWT; its `data` is JSON in a text, whose `data` is JSON in a text again.
"""

import json
from decimal import Decimal
from typing import Any

from shopwatch.domain.instant import HOUR, MINUTE, SECOND, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import from_decimal
from shopwatch.domain.sales.sale import Claim, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.jwt import Algorithm, Jwt, claims_in
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    api_call,
    find,
    ident,
    in_decimals,
    items,
    joined,
    moment,
    order_of,
    parse,
    quantity,
    text,
)
from shopwatch.providers.kit.sample import Sample, decimal, iso
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

APPROVED, PAYMENT_STATUS = "wix.ecom.v1.order_approved", "wix.ecom.v1.order_payment_status_updated"
_REFUNDED = "wix.ecom.v1.order_transactions_refund_completed"
_BACK = frozenset({"PARTIALLY_REFUNDED", "FULLY_REFUNDED"})


def _parse_body(request: Request) -> dict[str, Any]:
    """The innermost object as `event`, beside the type and the installation. Practice is claims without a signature."""
    bare = request.body.strip()
    outer = _find_within(parse(bare) if bare.startswith(b"{") else claims_in(bare), "data")
    return {
        "eventType": find(outer, "eventType"),
        "instanceId": find(outer, "instanceId"),
        "event": _find_within(outer, "data"),
    }


def _find_within(holder: dict[str, Any], name: str) -> dict[str, Any]:
    """The object that is JSON in the text `name`; where it is an object already, that."""
    written = holder.get(name)
    if isinstance(written, dict):
        return written
    return parse(written.encode("utf-8", "surrogatepass") if isinstance(written, str) else b"")


def _read_data(message: Message) -> Any:
    event = find(message.body, "event")
    bodies = (
        find(event, name, *rest) for name, *rest in (("actionEvent", "body"), ("createdEvent",), ("updatedEvent",))
    )
    return next((each for each in bodies if isinstance(each, dict)), None)


def order_told(message: Message) -> Meaning | tuple[Meaning, ...] | None:
    """An order that is paid, of which something may have been given back since. Of one that is paid in parts nothing is
    told before all of it is."""
    order = find(_read_data(message), "order")
    status, order_id = text(order, "paymentStatus"), ident(order, "id") or order_of(message.body, "event", "entityId")
    if status != "PAID" and status not in _BACK:
        return None
    sale = _make_meaning(message, Kind.SALE, _read_sale(order, order_id), order)
    if status == "PAID":
        return sale
    back = _make_meaning(message, Kind.REFUND, back_of(order, order_id), order)
    # How an order stood before is no news; that it was sold may be.
    return (back, sale)


def _read_sale(order: Any, order_id: str) -> SaleClaim:
    currency = find(order, "currency")
    amount, amount_text = in_decimals(find(order, "priceSummary", "total", "amount"), currency)
    person = find(order, "billingInfo", "contactDetails")
    return SaleClaim(
        order_id,
        amount,
        number=ident(order, "number"),
        name=joined(text(person, "firstName"), text(person, "lastName")),
        email=text(order, "buyerInfo", "email"),
        items=items(find(order, "lineItems"), lambda line: _read_item(line, currency)),
        amount_text=amount_text,
    )


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name = text(line, "productName", "original")
    unit = in_decimals(find(line, "price", "amount"), currency)[0]
    return Item(name, quantity(find(line, "quantity")), unit) if name else None


def back_of(order: Any, order_id: str) -> RefundClaim:
    """All that was given back of an order so far."""
    told = find(order, "balanceSummary", "refunded", "amount")
    whole = text(order, "paymentStatus") == "FULLY_REFUNDED"
    if told is None and whole:
        told = find(order, "priceSummary", "total", "amount")
    amount, amount_text = in_decimals(told, find(order, "currency")) if told is not None else (None, "")
    return RefundClaim(order_id, amount, order_id, cumulative=True, partial=not whole, amount_text=amount_text)


def _read_refund(message: Message) -> Meaning | None:
    """It names no currency, so nothing can be counted before the order is asked for; another message tells of the order
    as well. So it is a refund of the order's own id: whatever says how much stands for it."""
    told = _read_data(message)
    order_id = ident(told, "orderId") or order_of(message.body, "event", "entityId")
    amount = _given_back(find(told, "refund"))
    if amount == 0:
        return None
    claim = RefundClaim(order_id, None, order_id, amount_text="" if amount is None else str(amount))
    return _make_meaning(message, Kind.REFUND, claim, None, api_call("GET /ecom/v1/orders/{}", order_id))


def _given_back(refund: Any) -> Decimal | None:
    """What reached the customer, of an unknown currency; None if it cannot be told."""
    parts = find(refund, "transactions")
    told = [find(refund, "summary", "refunded", "amount")]
    if isinstance(parts, list) and parts:
        told = [find(each, "amount", "amount") for each in parts if text(each, "refundStatus") == "SUCCEEDED"]
    # Any currency will do for seeing whether these are amounts: this one has the most decimals.
    sums = [each.decimal if (each := from_decimal(written, "CLF")) and each.minor >= 0 else None for written in told]
    known = [Decimal(str(written)) for written, each in zip(told, sums, strict=True) if each is not None]
    return sum(known, Decimal(0)) if len(known) == len(told) else None


def _make_meaning(message: Message, kind: Kind, claim: Claim, order: Any, needs_fetch: str = "") -> Meaning:
    """An order that no message tells of says when it was bought, and of all else when it was changed last."""
    names = ("purchasedDate", "createdDate") if kind is Kind.SALE else ("updatedDate",)
    at = moment(find(message.body, "event"), "eventTime", otherwise=moment(order, *names, otherwise=message.at))
    return Meaning(kind, claim, at, needs_fetch=needs_fetch)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    order = _draft_order(sample, at)
    event_type, told = APPROVED, {"order": order}
    if kind is Kind.REFUND:
        event_type = PAYMENT_STATUS
        back = sample.given_back_minor
        status = "FULLY_REFUNDED" if back == sample.total_minor else "PARTIALLY_REFUNDED"
        told = {"order": order | {"paymentStatus": status, "balanceSummary": {"refunded": _draft_price(back)}}}
    fqdn, _, slug = event_type.partition("order_")
    event = {
        "id": sample.uuid(f"event {event_type}"),
        "entityFqdn": f"{fqdn}order",
        "slug": slug,
        "entityId": order["id"],
        "eventTime": iso(at),
        "triggeredByAnonymizeRequest": False,
        "actionEvent": {"body": told},
    }
    outer = {
        "eventType": event_type,
        "instanceId": "b100adae-0000-4000-8000-0000000f100d",
        "identity": json.dumps({"identityType": "UNKNOWN"}),
        "data": json.dumps(event),
    }
    claims = {"data": json.dumps(outer), "iat": at // SECOND, "exp": (at + HOUR) // SECOND}
    return PracticeDraft(json.dumps(claims).encode(), "", content_type="text/plain")


def _draft_order(sample: Sample, at: Instant) -> dict[str, Any]:
    return {
        "id": sample.uuid("order"),
        "number": sample.digits("number", 5),
        "createdDate": iso(at),
        "updatedDate": iso(at),
        "buyerInfo": {"contactId": sample.uuid("contact"), "email": sample.email},
        "paymentStatus": "PAID",
        "fulfillmentStatus": "NOT_FULFILLED",
        "status": "APPROVED",
        "currency": "USD",
        "priceSummary": {"subtotal": _draft_price(sample.total_minor), "total": _draft_price(sample.total_minor)},
        "billingInfo": {"contactDetails": {"firstName": sample.first, "lastName": sample.last}},
        "lineItems": [
            {
                "id": sample.uuid(f"line {line.name}"),
                "productName": {"original": line.name, "translated": line.name},
                "quantity": line.qty,
                "price": _draft_price(line.unit_minor),
            }
            for line in sample.lines
        ],
    }


def _draft_price(minor: int) -> dict[str, str]:
    return {"amount": decimal(minor), "formattedAmount": f"${decimal(minor)}"}


WIX = Provider(
    id="wix",
    name="Wix",
    tile="Wx",
    setup=SetupWords(
        does="Orders and refunds",
        settings_url="https://manage.wix.com/account/custom-apps",
        menu="Custom Apps › your app › Webhooks › Create Webhook",
        address_label="Callback URL",
        secret_label="Public Key",
        events=("Order Approved", "Order Payment Status Updated", "Order Transactions Refund Completed"),
        save="Subscribe",
        secret_found="It is on the same page, behind “Get Public Key”. Copy all of it, with its first and last line.",
        away="Wix tries again for two days, with growing gaps.",
        needs=(
            "You need an app of your own on Wix, installed on your site, with the permission “Read Orders”. Orders "
            "that are paid in parts are counted once all is paid."
        ),
        sure="Wix signs its messages, and nobody else can: the key that you paste here only checks.",
    ),
    recipe=Jwt(Algorithm.RS256),
    reads=_parse_body,
    event_id="event.id",
    event_type="eventType",
    readers={APPROVED: order_told, PAYMENT_STATUS: order_told, _REFUNDED: _read_refund},
    account=Account(member("instanceId"), "Instance ID"),
    draft=_draft_message,
    practises=(Kind.SALE, Kind.REFUND),
    signs_alone=True,
    retries_for=47 * HOUR + 11 * MINUTE,
)
