"""Buy Me a Coffee. Facts: help.buymeacoffee.com, "Webhooks" (article 15743173), and samples of its documentation."""

import json
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money, from_decimal
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    as_sent,
    find,
    ident,
    ids,
    moment,
    not_negative,
    order_of,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, decimal
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_MONTHLY = ("recurring_donation", "membership")
_FAMILIES = ("donation", "extra_purchase", "commission_order", "wishlist_payment")


def _read_order(message: Message) -> str:
    """Only donations are known by their bare number: the other families may count from 1 as well."""
    family, number = message.type.partition(".")[0], order_of(message.body, "data", "id")
    return number if family == "donation" else f"{family}:{number}"


def _read_amount(message: Message) -> tuple[Money | None, str]:
    """Amounts are numbers of whole units, with decimals where there are some."""
    sent, currency = find(message.body, "data", "amount"), find(message.body, "data", "currency")
    written = sent if isinstance(sent, str) or sent is None or isinstance(sent, bool) else str(sent)
    amount = not_negative(from_decimal(written, currency))
    return amount, "" if amount else as_sent(sent, currency, minor=False)


def _read_sale(message: Message) -> Meaning:
    paid, (amount, unclear) = find(message.body, "data"), _read_amount(message)
    claim = SaleClaim(
        _read_order(message),
        amount,
        name=text(paid, "supporter_name"),
        email=text(paid, "supporter_email"),
        amount_text=unclear,
    )
    return _make_meaning(message, Kind.SALE, claim)


def _first_month(message: Message) -> Meaning | None:
    """What begins is paid for its first time. Nothing tells for sure what each month after that brings."""
    return _read_sale(message) if text(message.body, "data", "status") == "active" else None


def _read_refund(message: Message) -> Meaning:
    order_id, (amount, unclear) = _read_order(message), _read_amount(message)
    return _make_meaning(message, Kind.REFUND, RefundClaim(order_id, amount, order_id, amount_text=unclear))


def _make_meaning(message: Message, kind: Kind, claim: SaleClaim | RefundClaim) -> Meaning:
    return Meaning(
        kind,
        claim,
        moment(message.body, "created", otherwise=message.at),
        links=ids(ident(message.body, "data", "transaction_id"), ident(message.body, "data", "psp_id")),
        live=find(message.body, "live_mode") is not False,
    )


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    refunded = kind is Kind.REFUND
    event_type = "donation.refunded" if refunded else "donation.created"
    amount, price = sample.total_minor // 100, 1
    data: dict[str, Any] = {
        "id": int(sample.digits("order", 9)),
        "amount": amount,
        "object": "payment",
        "status": "refunded" if refunded else "succeeded",
        "message": f"{sample.name} bought you a coffee",
        "currency": "USD",
        "refunded": str(refunded).lower(),
        "created_at": at // 1000,
        "note_hidden": "true",
        "refunded_at": at // 1000 if refunded else None,
        "support_note": None,
        "support_type": "Supporter",
        "supporter_name": sample.name,
        "supporter_name_type": "default",
        "transaction_id": f"pi_3{sample.letters('payment', 23)}",
        "application_fee": decimal(amount * 5),
        "supporter_id": int(sample.digits("supporter", 7)),
        "supporter_email": sample.email,
        "total_amount_charged": decimal(amount * 109),
        "coffee_count": amount,
        "coffee_price": price,
    }
    event_id = sample.digits(f"event {event_type}", 9)
    body = {
        "type": event_type,
        "live_mode": True,
        "attempt": 1,
        "created": at // 1000,
        "event_id": int(event_id),
        "data": data,
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), event_id)


BUYMEACOFFEE = Provider(
    id="buymeacoffee",
    name="Buy Me a Coffee",
    tile="BC",
    setup=SetupWords(
        does="Donations, extras, commissions, and the first payment of memberships and monthly support",
        settings_url="https://studio.buymeacoffee.com/webhooks",
        menu="Webhooks",
        address_label="Endpoint URL",
        secret_label="Signing secret",
        events=(
            *(f"{family}.{step}" for family in _FAMILIES for step in ("created", "refunded")),
            *(f"{family}.started" for family in _MONTHLY),
        ),
        save="Create",
        secret_found="On the page of the webhook itself, once it is made.",
        away="Buy Me a Coffee tries again, but stops sending after more than 10 failures in a row.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="x-signature-sha256"),), signed=b"%(body)b", schemes={"": HmacSha256(HEX)}
    ),
    event_id="event_id",
    event_type="type",
    readers={f"{family}.created": _read_sale for family in _FAMILIES}
    | {f"{family}.started": _first_month for family in _MONTHLY}
    | {f"{family}.refunded": _read_refund for family in _FAMILIES},
    practises=(Kind.SALE, Kind.REFUND),
    draft=_draft_message,
    # It names no time.
    retries_for=None,
)
