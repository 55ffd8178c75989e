"""Lemon Squeezy. Facts: docs.lemonsqueezy.com ("Signing requests", "Webhook requests", the order and subscription
invoice objects)."""

import json
from typing import Any

from shopwatch.domain.instant import SECOND, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import Claim, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    api_call,
    find,
    ident,
    in_hundredths,
    moment,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

INVOICES = "/v1/subscription-invoices"


def _read_order(message: Message) -> Meaning | None:
    order = _read_attributes(message)
    if text(order, "status") != "paid":
        return None
    first, currency = find(order, "first_order_item"), find(order, "currency")
    name, qty, unit = (
        text(first, "product_name"),
        quantity(find(first, "quantity")),
        in_hundredths(find(first, "price"), currency)[0],
    )
    claim = _read_sale(message, _order_id(message), (Item(name, qty, unit),) if name else ())
    # The message holds the first line of the order only.
    whole = unit is not None and find(order, "subtotal") == unit.minor * qty
    others = "" if whole else api_call("GET /v1/order-items?filter[order_id]={}", claim.order_id)
    return _make_meaning(message, Kind.SALE, claim, "created_at", others)


def _read_refund(message: Message) -> Meaning:
    """`refunded_amount` is all that was given back so far; older messages say only that it was the whole order."""
    return _back(message, _order_id(message))


def _read_renewal(message: Message) -> Meaning | None:
    """A payment of a subscription. The first one belongs to an order, which is announced itself."""
    if _is_first(message) or text(_read_attributes(message), "status") != "paid":
        return None
    return _make_meaning(message, Kind.SALE, _read_sale(message, _invoice_id(message)), "created_at")


def _renewal_refunded(message: Message) -> Meaning | None:
    """Of the first payment it is nowhere said whether its order is told of as well. It does not name the order, so it
    is asked for: what is told twice is one total of that order."""
    if not _is_first(message):
        return _back(message, _invoice_id(message))
    at = moment(_read_attributes(message), "refunded_at", "updated_at", otherwise=message.at)
    call = api_call(f"GET {INVOICES}/{{}}", ident(message.body, "data", "id"))
    return Meaning(Kind.OTHER, None, at, needs_fetch=call)


def _is_first(message: Message) -> bool:
    return text(_read_attributes(message), "billing_reason") == "initial"


def _read_attributes(message: Message) -> Any:
    return find(message.body, "data", "attributes")


def _order_id(message: Message) -> str:
    return order_of(message.body, "data", "id")


def _invoice_id(message: Message) -> str:
    """Invoices and orders are numbered each from one, so an invoice is told apart by its kind."""
    return f"subscription-invoice-{order_of(message.body, 'data', 'id')}"


def _read_sale(message: Message, order_id: str, lines: tuple[Item, ...] = ()) -> SaleClaim:
    told = _read_attributes(message)
    amount, amount_text = in_hundredths(find(told, "total"), find(told, "currency"))
    number = find(told, "order_number")
    return SaleClaim(
        order_id=order_id,
        amount=amount,
        number=str(number) if type(number) is int else "",
        name=text(told, "user_name"),
        email=text(told, "user_email"),
        items=lines,
        amount_text=amount_text,
    )


def _back(message: Message, order_id: str) -> Meaning:
    told = _read_attributes(message)
    whole = text(told, "status") == "refunded"
    name = "total" if find(told, "refunded_amount") is None and whole else "refunded_amount"
    amount, amount_text = in_hundredths(find(told, name), find(told, "currency"))
    partial = amount is None and not whole
    claim = RefundClaim(order_id, amount, order_id, cumulative=True, partial=partial, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim, "refunded_at")


def _make_meaning(message: Message, kind: Kind, claim: Claim, time: str, needs_fetch: str = "") -> Meaning:
    told = _read_attributes(message)
    test = True in (find(message.body, "meta", "test_mode"), find(told, "test_mode"))
    at = moment(told, time, "updated_at", otherwise=message.at)
    return Meaning(kind, claim, at, live=not test, needs_fetch=needs_fetch)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    event_type = "order_refunded" if kind is Kind.REFUND else "order_created"
    order = _draft_order(sample, at, sample.given_back_minor if kind is Kind.REFUND else 0)
    order_id, webhook = sample.digits("order", 7), sample.uuid(f"webhook {event_type}")
    body = {
        "meta": {"test_mode": False, "event_name": event_type, "webhook_id": webhook, "custom_data": {"user_id": "42"}},
        "data": {"type": "orders", "id": order_id, "attributes": order},
    }
    headers = {"X-Event-Name": event_type, "User-Agent": "LemonSqueezy-Hookshot"}
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), "", headers)


def _draft_order(sample: Sample, at: Instant, back: int) -> dict[str, Any]:
    # A message holds one line, so the order has one.
    line, number = sample.lines[0], int(sample.digits("order", 7))
    return {
        "store_id": 1,
        "customer_id": int(sample.digits("customer", 7)),
        "identifier": sample.uuid("identifier"),
        "order_number": number,
        "user_name": sample.name,
        "user_email": sample.email,
        "currency": "USD",
        "currency_rate": "1.00000000",
        "subtotal": line.minor,
        "discount_total": 0,
        "tax": 0,
        "total": line.minor,
        "status": "paid" if not back else "refunded" if back == line.minor else "partial_refund",
        "status_formatted": "Paid" if not back else "Refunded" if back == line.minor else "Partial_Refund",
        "refunded": bool(back),
        "refunded_at": iso(at) if back else None,
        "refunded_amount": back,
        "first_order_item": {
            "id": int(sample.digits("item", 7)),
            "order_id": number,
            "product_id": int(sample.digits(f"product {line.name}", 5)),
            "variant_id": int(sample.digits(f"variant {line.name}", 5)),
            "product_name": line.name,
            "variant_name": "Default",
            "price": line.unit_minor,
            "quantity": line.qty,
            "test_mode": False,
        },
        "created_at": iso(at),
        "updated_at": iso(at),
        "test_mode": False,
    }


LEMONSQUEEZY = Provider(
    id="lemonsqueezy",
    name="Lemon Squeezy",
    tile="LS",
    setup=SetupWords(
        does="Orders, renewals and refunds",
        settings_url="https://app.lemonsqueezy.com/settings/webhooks",
        menu="Webhooks",
        address_label="Callback URL",
        secret_label="Signing secret",
        events=("order_created", "order_refunded", "subscription_payment_success", "subscription_payment_refunded"),
        save="Save Webhook",
        api_key_prefixes=("eyJ",),
        secret_found="You choose the secret yourself, with 6 to 40 characters; write the same one in both places.",
        away="Lemon Squeezy tries again three times within about two and a half minutes, then gives up.",
        needs=(
            "Which order a subscription’s first payment belongs to only the API tells: without an API key, a refund of "
            "that payment counts only if order_refunded is sent as well."
        ),
        secret_length=32,
    ),
    recipe=Recipe(headers=(HeaderNames(signature="X-Signature"),), signed=b"%(body)b", schemes={"": HmacSha256(HEX)}),
    # X-Event-Name says it too, but is not signed. Messages have no id.
    event_type="meta.event_name",
    readers={
        "order_created": _read_order,
        "order_refunded": _read_refund,
        "subscription_payment_success": _read_renewal,
        "subscription_payment_recovered": _read_renewal,
        "subscription_payment_refunded": _renewal_refunded,
    },
    account=Account(member("data.attributes.store_id"), "Store ID"),
    draft=_draft_message,
    practises=(Kind.SALE, Kind.REFUND),
    retries_for=155 * SECOND,
)
