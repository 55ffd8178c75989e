"""Shopware 6, as an app of the shop. Facts: developer.shopware.com ("App base guide", "Webhooks"), and the app server
SDKs of Shopware for the handshake and the signature.

An app is registered by a handshake: the shop calls with a query that is signed with the secret of the app's manifest,
and is given the secret with which it signs from then on. ShopWatch gives it the very same one, so a source needs no
other; whoever can sign the call has it already.
"""

import json
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected
from shopwatch.domain.sales.money import Money, from_decimal
from shopwatch.domain.sales.sale import Claim, DisputeClaim, Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.bodies import query
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    Unreadable,
    find,
    ident,
    ids,
    in_decimals,
    items,
    joined,
    moment,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, decimal, iso
from shopwatch.providers.kit.signature import HEX, MOST_TRIED, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_APP_NAME = "app_name"
_STATE = "state_enter.order_transaction.state."
_SCHEME = HmacSha256(HEX)


def _answer_registration(request: Request, secrets: Secrets, options: Options) -> Challenge | Rejected | None:
    """The first call of the handshake. The proof is made with the name of the app, as its manifest says it."""
    if request.method != "GET":
        return None
    address, _, asked = request.url.partition("?")
    signed, sent = (
        asked.encode("utf-8", "surrogatepass"),
        (request.headers.only("shopware-app-signature") or "").encode(),
    )
    try:
        told = query(request)
    except Unreadable:
        told = {}
    shop, url, app = told.get("shop-id"), told.get("shop-url"), options.get(_APP_NAME)
    held = next((each for each in secrets.current[:MOST_TRIED] if _SCHEME.fits((each,), signed, (sent,))), None)
    if held is None or not (shop and url and app):
        return Rejected(Reason.HANDSHAKE)
    proof = _SCHEME.sign(held, f"{shop}{url}{app}".encode("utf-8", "surrogatepass"))
    answer = {"proof": proof, "secret": held, "confirmation_url": address}
    return Challenge(Answer(body=json.dumps(answer).encode(), content_type="application/json"))


def _answer_confirmation(message: Message, _held: tuple[str, ...]) -> Answer | None:
    """The last call of the handshake brings keys to the shop's API, for which ShopWatch has no use."""
    return Answer() if find(message.body, "secretKey") is not None and not text(message.body, "data", "event") else None


def _read_payment(message: Message) -> Meaning:
    order = _read_order(message)
    currency = find(order, "currency", "isoCode")
    amount, amount_text = _read_total(order)
    person = find(order, "orderCustomer")
    claim = SaleClaim(
        order_id=_order_number(order),
        amount=amount,
        name=joined(text(person, "firstName"), text(person, "lastName")),
        email=text(person, "email"),
        items=items(find(order, "lineItems"), lambda line: _read_item(line, currency)),
        amount_text=amount_text,
    )
    return _make_meaning(message, Kind.SALE, claim)


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name = text(line, "label")
    return (
        Item(name, quantity(line.get("quantity")), from_decimal(str(line.get("unitPrice")), currency)) if name else None
    )


def _read_refund(message: Message) -> Meaning:
    """All of it was given back; of a part, the message does not say how much."""
    order = _read_order(message)
    partial = message.type != f"{_STATE}refunded"
    amount, amount_text = (None, "") if partial else _read_total(order)
    order_id = _order_number(order)
    claim = RefundClaim(order_id, amount, order_id, cumulative=True, partial=partial, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim)


def _read_chargeback(message: Message) -> Meaning:
    order = _read_order(message)
    order_id = _order_number(order)
    amount, amount_text = _read_total(order)
    return _make_meaning(message, Kind.DISPUTE, DisputeClaim(order_id, amount, order_id, amount_text=amount_text))


def _read_order(message: Message) -> Any:
    return find(message.body, "data", "payload", "order")


def _order_number(order: Any) -> str:
    return ident(order, "orderNumber") or order_of(order, "id")


def _read_total(order: Any) -> tuple[Money | None, str]:
    return in_decimals(find(order, "amountTotal"), find(order, "currency", "isoCode"))


def _make_meaning(message: Message, kind: Kind, claim: Claim) -> Meaning:
    link = ident(_read_order(message), "id")
    at = moment(message.body, "timestamp", otherwise=message.at)
    return Meaning(kind, claim, at, links=ids(link) if link != claim.order_id else ())


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    state = {Kind.REFUND: "refunded", Kind.DISPUTE: "chargeback"}.get(kind, "paid")
    event_id = sample.uuid(f"event {state}").replace("-", "")
    body = {
        "data": {"payload": {"order": _draft_order(sample, iso(at))}, "event": f"{_STATE}{state}"},
        "source": {
            "url": "https://bloom-and-stem.example",
            "appVersion": "1.0.0",
            "shopId": "BloomAndStem0001",
            "eventId": event_id,
        },
        "timestamp": at // 1000,
    }
    headers = {
        "sw-version": "6.7.9.0",
        "sw-context-language": "2fbb5fe2e29a4d70aa5854ce7ce3e20b",
        "sw-user-language": "en-GB",
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode(), event_id, headers)


def _draft_order(sample: Sample, when: str) -> dict[str, Any]:
    return {
        "id": sample.uuid("order").replace("-", ""),
        "orderNumber": sample.digits("number", 7),
        "amountTotal": float(decimal(sample.total_minor)),
        "orderDateTime": when,
        "currency": {"isoCode": "EUR"},
        "orderCustomer": {"email": sample.email, "firstName": sample.first, "lastName": sample.last},
        "lineItems": [
            {
                "label": line.name,
                "quantity": line.qty,
                "unitPrice": float(decimal(line.unit_minor)),
                "totalPrice": float(decimal(line.minor)),
                "type": "product",
            }
            for line in sample.lines
        ],
    }


SHOPWARE = Provider(
    id="shopware",
    name="Shopware",
    tile="Sw",
    setup=SetupWords(
        does="Paid and refunded orders",
        # It is part of each shop's own server.
        settings_url="",
        menu="manifest.xml",
        address_label="registrationUrl",
        secret_label="secret",
        events=(f"{_STATE}paid", f"{_STATE}refunded", f"{_STATE}refunded_partially", f"{_STATE}chargeback"),
        save="Install app",
        secret_found="You choose it yourself, with at least 64 characters, and write it into the app’s manifest.",
        needs="You need an app of your own in the shop; its manifest names this address for registration and messages.",
        secret_length=64,
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="shopware-shop-signature"),), signed=b"%(body)b", schemes={"": _SCHEME}
    ),
    event_id="source.eventId",
    event_type="data.event",
    readers={
        f"{_STATE}paid": _read_payment,
        f"{_STATE}refunded": _read_refund,
        f"{_STATE}refunded_partially": _read_refund,
        f"{_STATE}chargeback": _read_chargeback,
    },
    handshake=_answer_registration,
    ping_reply=_answer_confirmation,
    account=Account(member("source.shopId"), "Shop ID"),
    draft=_draft_message,
    # Nowhere said.
    retries_for=0,
    options=(Option(_APP_NAME, "App name", "As the app’s manifest says it, for its registration."),),
)
