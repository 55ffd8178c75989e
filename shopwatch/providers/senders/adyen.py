"""Adyen's standard payment messages. Facts: docs.adyen.com ("Verify HMAC signatures", "Webhook types", "Dispute
webhooks", "Partial payments", "Currency codes"), and the Adyen packages of PyPI (16.0.0) and npm.

Eight fields of each item are signed, and no others: the e-mail, the time and the live flag are as safe as the way here.
"""

import json
from binascii import Error as NotHex
from binascii import unhexlify
from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer, Reason, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.account import Account, of_items
from shopwatch.providers.kit.check import Signed
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    Unreadable,
    find,
    ident,
    ids,
    in_minor,
    moment,
    order_of,
    parse,
    text,
)
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import BASE64, MOST_TRIED, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

# "Currency codes": where its smallest unit is not the one of ISO 4217.
_DECIMALS = {"CLP": 2, "CVE": 0, "IDR": 0, "ISK": 2}
_SIGNED = (
    ("pspReference",),
    ("originalReference",),
    ("merchantAccountCode",),
    ("merchantReference",),
    ("amount", "value"),
    ("amount", "currency"),
    ("eventCode",),
    ("success",),
)
_MARK = "hmacSignature"


def _parse_key(secret: str) -> bytes | None:
    try:
        return unhexlify(secret) or None
    except (NotHex, ValueError):
        return None


_HMAC = HmacSha256(BASE64, _parse_key)


class _Items:
    """Every item of the message brings its own signature, and every one must be right."""

    def applies(self, request: Request) -> bool:
        return any(text(item, "additionalData", _MARK) for item in _read_items(request.body))

    def check(self, request: Request, secrets: Secrets, now: Instant, _options: Options) -> Signed | Rejected:
        items, held = list(_read_items(request.body)), secrets.at(now)[:MOST_TRIED]
        sent = [text(item, "additionalData", _MARK) for item in items]
        if not items or not all(sent):
            return Rejected(Reason.SIGNATURE_MISSING)
        if len(items) > MOST_TRIED or not all(_HMAC.well_formed(each.encode()) for each in sent):
            return Rejected(Reason.SIGNATURE_MALFORMED)
        if not all(_fits_signature(held, item, each.encode()) for item, each in zip(items, sent, strict=True)):
            return Rejected(Reason.SIGNATURE_MISMATCH)
        return Signed(now)

    def sign(self, request: Request, secret: str, _at: Instant, _message_id: str, _options: Options) -> Request | None:
        try:
            body = parse(request.body)
        except Unreadable:
            return None
        for item in _inner_items(body):
            signature, extra = _HMAC.sign(secret, _signed_bytes(item) or b""), item.get("additionalData")
            if signature is None:
                return None
            item["additionalData"] = (extra if isinstance(extra, dict) else {}) | {_MARK: signature}
        return replace(request, body=json.dumps(body, separators=(",", ":"), default=str).encode())


def _read_items(body: bytes) -> Iterable[dict[str, Any]]:
    try:
        return _inner_items(parse(body))
    except Unreadable:
        return ()


def _inner_items(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The items; none where one of them is no object, for then nobody could sign it."""
    listed = find(body, "notificationItems")
    found = [find(each, "NotificationRequestItem") for each in (listed if isinstance(listed, list) else ())]
    return [each for each in found if isinstance(each, dict)] if all(isinstance(each, dict) for each in found) else []


def _fits_signature(held: tuple[str, ...], item: dict[str, Any], sent: bytes) -> bool:
    signed = _signed_bytes(item)
    return signed is not None and _HMAC.fits(held, signed, [sent])


def _signed_bytes(item: dict[str, Any]) -> bytes | None:
    """The signed text of an item: its eight fields, with nothing where one is not there. None if one is no plain value.

    Colons part them, and only the shop's own reference may hold some; then the text can be read in one way alone.
    """
    written = [_plain_value(find(item, *path)) for path in _SIGNED]
    known = [each for each in written if each is not None]
    if len(known) < len(written) or any(":" in each for each in (*known[:3], *known[4:])):
        return None
    return ":".join(known).encode("utf-8", "surrogatepass")


def _plain_value(value: Any) -> str | None:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _read_item(message: Message) -> dict[str, Any]:
    """The one item; Adyen says that JSON holds no more. Raises `Unreadable` if it does."""
    items = _inner_items(message.body)
    if len(items) != 1:
        raise Unreadable(
            phrase("The message is genuine, but it tells of several payments at once, so it was not counted.")
        )
    return items[0]


def _event_id(message: Message) -> str:
    """The number of a payment stands for what was done, and for that it failed, too."""
    item = _read_item(message)
    code, number = text(item, "eventCode"), ident(item, "pspReference")
    failed = "" if text(item, "success") == "true" else ":failed"
    return f"{code}:{number}{failed}" if code and number else ""


def _read_amount(item: Any) -> tuple[Money | None, str]:
    return in_minor(find(item, "amount", "value"), find(item, "amount", "currency"), _DECIMALS)


def _read_payment(item: Any) -> str:
    return ident(item, "originalReference") or ident(item, "pspReference")


def _make_meaning(message: Message, item: Any, kind: Kind, claim: Claim) -> Meaning | None:
    """None for what was tried and failed."""
    if text(item, "success") != "true":
        return None
    at = moment(item, "eventDate", otherwise=message.at)
    live = text(message.body, "live") != "false"
    return Meaning(kind, claim, at, links=ids(_read_payment(item)), live=live)


def _read_order(item: Any) -> str:
    """The shop's own reference, or the payment's number where the shop gives none."""
    return ident(item, "merchantReference") or _read_payment(item) or order_of(item, "merchantReference")


def _read_sale(message: Message) -> Meaning | None:
    item = _read_item(message)
    amount, unclear = _read_amount(item)
    extra = find(item, "additionalData")
    claim = SaleClaim(
        _read_order(item),
        amount,
        name=text(extra, "cardHolderName"),
        email=text(extra, "shopperEmail"),
        amount_text=unclear,
        # An order may be paid by several, as by a gift card and a card; all bear the one reference of the shop.
        payment=_read_payment(item),
    )
    return _make_meaning(message, item, Kind.SALE, claim)


def _read_refund(message: Message) -> Meaning | None:
    item = _read_item(message)
    amount, unclear = _read_amount(item)
    claim = RefundClaim(
        _read_order(item), amount, ident(item, "pspReference") or _read_order(item), amount_text=unclear
    )
    return _make_meaning(message, item, Kind.REFUND, claim)


def _read_failure(message: Message) -> Meaning | None:
    """What was given back came back to the shop; it bears the number of the refund."""
    item = _read_item(message)
    claim = RefundClaim(
        _read_order(item), _read_amount(item)[0], ident(item, "pspReference") or _read_order(item), failed=True
    )
    return _make_meaning(message, item, Kind.REFUND, claim)


def _cancelled_or_refunded(message: Message) -> Meaning | None:
    """The same, and the amount is that of the payment where the message says one."""
    return (
        _read_refund(message)
        if (amount := _read_amount(_read_item(message))[0]) and amount.minor
        else _read_cancellation(message)
    )


def _read_cancellation(message: Message) -> Meaning | None:
    """The payment is undone as a whole, whatever was authorised of it."""
    item = _read_item(message)
    claim = RefundClaim(_read_order(item), None, ident(item, "pspReference") or _read_order(item))
    return _make_meaning(message, item, Kind.REFUND, claim)


def _dispute(state: DisputeState, stage: str = "") -> Any:
    """All messages of one dispute bear its number. Whoever loses after having won does so at another `stage`."""

    def read_item(message: Message) -> Meaning | None:
        item = _read_item(message)
        amount, unclear = _read_amount(item)
        number = (ident(item, "pspReference") or _read_order(item)) + stage
        return _make_meaning(
            message, item, Kind.DISPUTE, DisputeClaim(_read_order(item), amount, number, state, unclear)
        )

    return read_item


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    code = {Kind.REFUND: "REFUND", Kind.DISPUTE: "CHARGEBACK"}.get(kind, "AUTHORISATION")
    payment = sample.letters("payment", 16).upper()
    number = payment if kind is Kind.SALE else sample.letters(code, 16).upper()
    item: dict[str, Any] = {
        "additionalData": {"cardHolderName": sample.name, "shopperEmail": sample.email},
        "amount": {"currency": "EUR", "value": sample.given_back_minor if kind is Kind.REFUND else sample.total_minor},
        "eventCode": code,
        "eventDate": iso(at).replace("Z", "+00:00"),
        "merchantAccountCode": "BloomAndStemECOM",
        "merchantReference": f"order-{sample.digits('order', 10)}",
        "paymentMethod": "visa",
        "pspReference": number,
        "reason": f"{sample.digits('reason', 6)}:1111:03/2030",
        "success": "true",
    }
    if kind is not Kind.SALE:
        item["originalReference"] = payment
    body = {"live": "true", "notificationItems": [{"NotificationRequestItem": item}]}
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), f"{code}:{number}", content_type=_JSON)


_JSON = "application/json; charset=utf-8"

ADYEN = Provider(
    id="adyen",
    name="Adyen",
    tile="Ad",
    setup=SetupWords(
        does="Payments, refunds and disputes",
        settings_url="https://ca-live.adyen.com/",
        menu="Developers › Webhooks",
        address_label="URL",
        secret_label="HMAC key",
        events=("AUTHORISATION", "CANCELLATION", "REFUND", "REFUND_FAILED", "CHARGEBACK", "CHARGEBACK_REVERSED"),
        save="Save configuration",
        secret_found="Under Security, HMAC key, choose Generate. It takes a while until Adyen uses a new one.",
        away="Adyen tries again for up to 30 days, and sends nothing else before the first message is answered.",
        needs="Add a webhook of the type “Standard webhook”, with JSON as its method.",
        sure=(
            "Adyen signs amounts and numbers, but not the customer’s name and e-mail address. ShopWatch shows these, "
            "and writes no letters to them."
        ),
    ),
    recipe=_Items(),
    event_id=_event_id,
    event_type=lambda message: text(_read_item(message), "eventCode"),
    readers={
        "AUTHORISATION": _read_sale,
        "CAPTURE": _read_sale,
        "REFUND": _read_refund,
        "REFUND_FAILED": _read_failure,
        "REFUNDED_REVERSED": _read_failure,
        "CANCELLATION": _read_cancellation,
        "CANCEL_OR_REFUND": _cancelled_or_refunded,
        "TECHNICAL_CANCEL": _read_cancellation,
        "NOTIFICATION_OF_CHARGEBACK": _dispute(DisputeState.OPEN),
        "CHARGEBACK": _dispute(DisputeState.OPEN),
        "CHARGEBACK_REVERSED": _dispute(DisputeState.WON),
        "PREARBITRATION_WON": _dispute(DisputeState.WON, ":prearbitration"),
        "PREARBITRATION_LOST": _dispute(DisputeState.LOST, ":prearbitration"),
        "SECOND_CHARGEBACK": _dispute(DisputeState.LOST, ":second"),
    },
    # Older accounts insist on this text, newer ones on any 2xx.
    answer=Answer(200, b"[accepted]"),
    account=Account(
        of_items("notificationItems", "NotificationRequestItem", "merchantAccountCode"), "Merchant account"
    ),
    draft=_draft_message,
    signs_email=False,
    retries_for=30 * DAY,
)
