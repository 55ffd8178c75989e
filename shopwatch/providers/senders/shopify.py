"""Shopify. Facts: shopify.dev ("Verify webhook deliveries", "Ignore duplicates", the Refund and Transaction resources),
@shopify/shopify-api 13.1, and the messages kept in shopify_python_api 307fa92."""

import json
from datetime import UTC, datetime
from typing import Any

from shopwatch.domain.instant import HOUR, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money, currency_code, from_decimal
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, header
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    api_call,
    as_sent,
    find,
    ident,
    ids,
    items,
    joined,
    moment,
    not_negative,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Line, Sample, decimal
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

SHOP = "shop"
"""The option that names the shop's own host, where its API is."""

VERSION = "2026-07"
"""Of the API, by which messages are written too. Each is supported for a year."""

TRANSACTION = "order_transactions/create"
"""The topic that tells of every payment there and back."""

_CURRENCY = "EUR"
# The topic is not signed, so the body must agree that the order is paid.
_PAID = frozenset({"paid", "partially_refunded", "refunded", ""})
# GraphQL Admin, DisputeStatus: accepted means the shop gave in; the money of a refunded charge is counted as a refund.
_OUTCOMES = {
    "won": DisputeState.WON,
    "charge_refunded": DisputeState.WON,
    "prevented": DisputeState.WON,
    "lost": DisputeState.LOST,
    "accepted": DisputeState.LOST,
}


def _read_order(message: Message) -> Meaning | None:
    order = message.body
    if text(order, "financial_status") not in _PAID:
        return None
    order_id = order_of(order, "id")
    total, currency = find(order, "total_price"), find(order, "currency")
    amount = not_negative(from_decimal(total, currency))
    customer = find(order, "customer")
    people = (customer, find(order, "billing_address"), find(order, "shipping_address"))
    claim = SaleClaim(
        order_id=order_id,
        amount=amount,
        number=text(order, "name"),
        # Whoever buys by a phone number is a customer without a name.
        name=next(filter(None, map(_read_name, people)), ""),
        email=text(order, "email") or text(order, "contact_email") or text(customer, "email"),
        items=items(find(order, "line_items"), lambda line: _read_item(line, currency)),
        amount_text="" if amount else as_sent(total, currency, minor=False),
    )
    paid_at = moment(order, "processed_at", "created_at", otherwise=message.at)
    return Meaning(Kind.SALE, claim, paid_at, live=find(order, "test") is not True)


def _read_name(person: Any) -> str:
    return joined(text(person, "first_name"), text(person, "last_name"))


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name = text(line, "title") or text(line, "name")
    return Item(name, quantity(line.get("quantity")), from_decimal(line.get("price"), currency)) if name else None


def _read_refund(message: Message) -> Meaning | None:
    """Money went back only by its successful transactions; a refund without any puts goods back on the shelf."""
    transactions = find(message.body, "transactions")
    given = [
        each
        for each in (transactions if isinstance(transactions, list) else ())
        if find(each, "kind") == "refund" and find(each, "status") == "success"
    ]
    if not given:
        return None
    order_id = order_of(message.body, "order_id")
    told = _sum_amounts([not_negative(from_decimal(find(each, "amount"), find(each, "currency"))) for each in given])
    amount = _in_shop_money(message.body, told) if told else None
    partial = told is not None and amount is None
    claim = RefundClaim(order_id, amount, ident(message.body, "id") or order_id, partial=partial)
    live = not any(find(each, "test") is True for each in given)
    at = moment(message.body, "processed_at", "created_at", otherwise=message.at)
    return Meaning(Kind.REFUND, claim, at, live=live)


def _read_transaction(message: Message) -> Meaning | None:
    """Money may go back long after its refund was made; then a payment tells it, which does not say of which refund."""
    paid = message.body
    if message.type != TRANSACTION or text(paid, "kind") != "refund" or text(paid, "status") != "success":
        return None
    call = api_call("GET /orders/{}/refunds", order_of(paid, "order_id"))
    at = moment(paid, "processed_at", "created_at", otherwise=message.at)
    return Meaning(Kind.OTHER, None, at, live=find(paid, "test") is not True, needs_fetch=call)


def _in_shop_money(refund: dict[str, Any], given: Money) -> Money | None:
    """`given` in the shop's own currency, in which the order is told: transactions are in the customer's.

    What the refund is made of is told in both. None where that does not add up to `given`, as when tax of the shipping
    is in it, which is told in neither.
    """
    prices = [
        *_listed_parts(refund, "refund_line_items", "subtotal_set"),
        *_listed_parts(refund, "refund_shipping_lines", "subtotal_amount_set"),
        *(refund[name] for name in ("total_duties_set", "total_additional_fees_set") if find(refund, name)),
    ]
    taxes = _listed_parts(refund, "refund_line_items", "total_tax_set")
    # By how much less was given than the lines say; before version 2024-10, shipping is here too, as less than nothing.
    less = _listed_parts(refund, "order_adjustments", "amount_set") + _listed_parts(
        refund, "order_adjustments", "tax_amount_set"
    )
    own = {currency_code(find(each, "shop_money", "currency_code")) for each in prices + taxes + less}
    if own <= {given.currency, None}:
        return given
    # Whether prices hold their taxes is the shop's choice, which a refund does not tell.
    for added in (prices + taxes, prices):
        if _read_balance(added, less, "presentment_money") == given:
            return not_negative(_read_balance(added, less, "shop_money"))
    return None


def _listed_parts(refund: dict[str, Any], listed: str, name: str) -> list[Any]:
    found = find(refund, listed)
    return [each[name] for each in (found if isinstance(found, list) else ()) if find(each, name)]


def _read_balance(added: list[Any], less: list[Any], whose: str) -> Money | None:
    def read_money(told: Any) -> Money | None:
        return from_decimal(str(find(told, whose, "amount")), find(told, whose, "currency_code"))

    taken = [Money(-each.minor, each.currency) if each else None for each in map(read_money, less)]
    return _sum_amounts([*map(read_money, added), *taken])


def _sum_amounts(amounts: list[Money | None]) -> Money | None:
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts) or len({amount.currency for amount in known}) != 1:
        return None
    return Money(sum(amount.minor for amount in known), known[0].currency)


def _read_dispute(message: Message) -> Meaning | None:
    """Some are about no order (shopify_python_api, dispute.json); the money is at risk all the same."""
    case, case_id = message.body, ident(message.body, "id")
    alone = f"dispute-{case_id}" if case_id else ""
    order_id = ident(case, "order_id") or alone or order_of(case, "order_id")
    state = _OUTCOMES.get(text(case, "status"), DisputeState.OPEN)
    amount = not_negative(from_decimal(find(case, "amount"), find(case, "currency")))
    claim = DisputeClaim(order_id, amount, case_id or order_id, state)
    times = ("finalized_on", "initiated_at") if state is not DisputeState.OPEN else ("initiated_at",)
    return Meaning(Kind.DISPUTE, claim, moment(case, *times, otherwise=message.at), links=ids(alone))


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    written = {Kind.REFUND: _draft_refund, Kind.DISPUTE: _draft_dispute}.get(kind, _draft_order)
    topic, body = written(sample, datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"))
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": "bloom-and-stem.myshopify.com",
        "X-Shopify-API-Version": VERSION,
        "X-Shopify-Webhook-Id": sample.uuid(f"webhook {topic}"),
        "X-Shopify-Triggered-At": datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    written_body = json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()
    return PracticeDraft(written_body, sample.uuid(f"event {topic}"), headers)


def _draft_order(sample: Sample, when: str) -> tuple[str, dict[str, Any]]:
    order_id, number = int(sample.digits("order", 18)), int(sample.digits("number", 6))
    total = decimal(sample.total_minor)
    return "orders/paid", {
        "id": order_id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order_id}",
        "name": f"#{number}",
        "order_number": number,
        "created_at": when,
        "processed_at": when,
        "currency": _CURRENCY,
        "presentment_currency": _CURRENCY,
        "email": sample.email,
        "contact_email": sample.email,
        "financial_status": "paid",
        "test": False,
        "subtotal_price": total,
        "total_price": total,
        "current_total_price": total,
        "total_tax": "0.00",
        "total_discounts": "0.00",
        "customer": {
            "id": int(sample.digits("customer", 18)),
            "email": sample.email,
            "first_name": sample.first,
            "last_name": sample.last,
        },
        "line_items": [_draft_line(sample, line) for line in sample.lines],
        "refunds": [],
    }


def _draft_line(sample: Sample, line: Line) -> dict[str, Any]:
    return {
        "id": int(sample.digits(f"line {line.name}", 18)),
        "title": line.name,
        "name": line.name,
        "quantity": line.qty,
        "price": decimal(line.unit_minor),
        "sku": sample.digits(f"sku {line.name}", 5),
        "variant_title": None,
    }


def _draft_refund(sample: Sample, when: str) -> tuple[str, dict[str, Any]]:
    order_id = int(sample.digits("order", 18))
    return "refunds/create", {
        "id": int(sample.digits("refund", 18)),
        "order_id": order_id,
        "created_at": when,
        "note": "arrived wilted",
        "processed_at": when,
        "refund_line_items": [],
        "transactions": [
            {
                "id": int(sample.digits("transaction", 18)),
                "order_id": order_id,
                "kind": "refund",
                "gateway": "shopify_payments",
                "status": "success",
                "amount": decimal(sample.given_back_minor),
                "currency": _CURRENCY,
                "test": False,
            }
        ],
    }


def _draft_dispute(sample: Sample, when: str) -> tuple[str, dict[str, Any]]:
    return "disputes/create", {
        "id": int(sample.digits("dispute", 10)),
        "order_id": int(sample.digits("order", 18)),
        "type": "chargeback",
        "amount": decimal(sample.total_minor),
        "currency": _CURRENCY,
        "reason": "product_not_received",
        "network_reason_code": "4855",
        "status": "needs_response",
        "evidence_due_by": when,
        "evidence_sent_on": None,
        "finalized_on": None,
        "initiated_at": when,
    }


def _header_family(prefix: str) -> HeaderNames:
    return HeaderNames(
        signature=f"{prefix}Shopify-Hmac-Sha256",
        id=f"{prefix}Shopify-Event-Id",
        type=f"{prefix}Shopify-Topic",
        # The SDK refuses a delivery without any of these.
        required=tuple(f"{prefix}Shopify-{name}" for name in ("Topic", "Shop-Domain", "API-Version", "Webhook-Id")),
    )


SHOPIFY = Provider(
    id="shopify",
    name="Shopify",
    tile="Sh",
    setup=SetupWords(
        does="Orders and refunds",
        settings_url="https://www.shopify.com/admin/settings/notifications/webhooks",
        menu="Notifications",
        address_label="URL",
        secret_label="Your webhooks will be signed with",
        events=("Order payment", "Refund create"),
        api_key_prefixes=("shpat_", "shppa_", "shpca_"),
        secret_found="Below the list of webhooks, on the same page.",
        away="Shopify tries again for about 4 hours. Disputes are asked for later where the app may read them.",
        needs="A refund that goes back only days later counts if ShopWatch has an API key.",
    ),
    recipe=Recipe(
        headers=(_header_family("X-"), _header_family("")),
        signed=b"%(body)b",
        schemes={"": HmacSha256(BASE64)},
        refuses_empty=True,
    ),
    readers={
        "orders/paid": _read_order,
        "refunds/create": _read_refund,
        "disputes/create": _read_dispute,
        "disputes/update": _read_dispute,
    },
    # One action of the shop sends one event id under several topics, and each refund as a transaction, too.
    otherwise=_read_transaction,
    ids_shared=True,
    options=(Option(SHOP, "Shop address", "Needed with an API key: such as your-shop.myshopify.com."),),
    account=Account(header("X-Shopify-Shop-Domain", "Shopify-Shop-Domain"), "Shop domain"),
    draft=_draft_message,
    # Eight retries in four hours (changelog of 2024-09-10).
    retries_for=4 * HOUR,
    # This host leads each owner to their own shop's pages.
    order_url="https://www.shopify.com/admin/orders/{order_id}",
)
