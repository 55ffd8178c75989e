"""Any sender that follows Standard Webhooks. Facts: the specification of standard-webhooks/standard-webhooks and the
test vectors of its libraries.

The specification says how to sign, not what to say. A shop of one's own is understood if its messages read
{"type": "sale", "timestamp": ISO 8601, "data": {"order_id", "amount_minor", "currency", "email", "name",
"items": [{"name", "qty", "unit_minor"}], "test"}}; "refund" and "dispute" likewise, with "refund_id" or "dispute_id"
and "state" (open, won or lost). All other types are kept, and nothing is booked from them.
"""

import json
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money, from_minor
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    as_sent,
    find,
    ident,
    items,
    moment,
    not_negative,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import BASE64, Ed25519, HmacSha256, Scheme, after_prefix
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_STATES = {state.value: state for state in DisputeState}


def standard_recipe(*, under: tuple[str, ...] = ("webhook",), **schemes: Scheme) -> Recipe:
    """Signing by the standard, in these versions of it; many senders follow it and have their own words.

    `under` are the beginnings of their headers' names.
    """
    names = tuple(
        HeaderNames(f"{each}-signature", f"{each}-timestamp", f"{each}-id", required=(f"{each}-id",)) for each in under
    )
    return Recipe(names, b"%(id)b.%(timestamp)b.%(body)b", schemes, between=" ", binds=",")


def _read_sale(message: Message) -> Meaning:
    data = find(message.body, "data")
    amount, currency = _read_amount(data), find(data, "currency")
    claim = SaleClaim(
        order_id=order_of(data, "order_id"),
        amount=amount,
        number=text(data, "number"),
        name=text(data, "name"),
        email=text(data, "email"),
        items=items(find(data, "items"), lambda line: _read_item(line, currency)),
        amount_text="" if amount else as_sent(find(data, "amount_minor"), currency),
    )
    return _make_meaning(message, Kind.SALE, claim)


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name = text(line, "name")
    return Item(name, quantity(line.get("qty")), from_minor(line.get("unit_minor"), currency)) if name else None


def _read_refund(message: Message) -> Meaning:
    data = find(message.body, "data")
    order_id = order_of(data, "order_id")
    return _make_meaning(
        message, Kind.REFUND, RefundClaim(order_id, _read_amount(data), ident(data, "refund_id") or order_id)
    )


def _read_dispute(message: Message) -> Meaning:
    data = find(message.body, "data")
    order_id = order_of(data, "order_id")
    state = _STATES.get(text(data, "state"), DisputeState.OPEN)
    claim = DisputeClaim(order_id, _read_amount(data), ident(data, "dispute_id") or order_id, state)
    return _make_meaning(message, Kind.DISPUTE, claim)


def _read_amount(data: Any) -> Money | None:
    return not_negative(from_minor(find(data, "amount_minor"), find(data, "currency")))


def _make_meaning(message: Message, kind: Kind, claim: Claim) -> Meaning:
    at = moment(message.body, "timestamp", otherwise=message.at)
    return Meaning(kind, claim, at, live=find(message.body, "data", "test") is not True)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    about: dict[str, Any] = {"order_id": sample.letters("order", 12), "currency": "USD"}
    sold = {
        "amount_minor": sample.total_minor,
        "email": sample.email,
        "name": sample.name,
        "items": [{"name": line.name, "qty": line.qty, "unit_minor": line.unit_minor} for line in sample.lines],
    }
    returned = {"refund_id": sample.letters("refund", 12), "amount_minor": sample.given_back_minor}
    disputed = {"dispute_id": sample.letters("dispute", 12), "amount_minor": sample.total_minor, "state": "open"}
    said = {Kind.REFUND: ("refund", returned), Kind.DISPUTE: ("dispute", disputed)}
    event_type, data = said.get(kind, ("sale", sold))
    when = iso(at)
    body = {"type": event_type, "timestamp": when, "data": about | data}
    written = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    return PracticeDraft(written, f"msg_{sample.letters(f'message {event_type}', 24)}")


STANDARD_WEBHOOKS = Provider(
    id="standard-webhooks",
    name="Standard Webhooks",
    tile="SW",
    setup=SetupWords(
        does="Messages from your own shop or any service that follows the standard",
        settings_url="",
        menu="Webhooks",
        address_label="Endpoint URL",
        secret_label="Signing secret",
        events=("sale", "refund", "dispute"),
        secret_prefixes=("whsec_", "whpk_"),
    ),
    recipe=standard_recipe(v1=HmacSha256(BASE64, after_prefix("whsec_")), v1a=Ed25519(public="whpk_", private="whsk_")),
    event_type="type",
    readers={"sale": _read_sale, "refund": _read_refund, "dispute": _read_dispute},
    draft=_draft_message,
    # "A few days" is the specification's advice; each sender decides for itself.
    retries_for=0,
)
