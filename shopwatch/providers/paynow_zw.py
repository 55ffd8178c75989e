"""Paynow Zimbabwe (paynow.co.zw). Facts: developers.paynow.co.zw, "Generating hash", "Validating hash" and "Status
updates", and the paynow packages of PyPI (1.0.8) and npm.

The hash has nothing between the values, so a letter could move from one field to the next unnoticed; only who knows the
integration key can make the first one.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from shopwatch.domain.clock import Instant
from shopwatch.domain.delivery import Request
from shopwatch.domain.event import Kind
from shopwatch.domain.money import Money, from_decimal
from shopwatch.domain.sale import Claim, DisputeClaim, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.domain.verdict import Reason, Rejected
from shopwatch.providers.bodies import form, form_fields
from shopwatch.providers.check import Signed
from shopwatch.providers.options import Option
from shopwatch.providers.provider import Draft, Provider, SetupWords
from shopwatch.providers.reading import Meaning, Message, Unreadable, as_sent, ids, not_negative, order_of, text
from shopwatch.providers.sample import Sample, decimal
from shopwatch.providers.signature import MOST_TRIED

_FORM = re.compile(r"[0-9A-F]{128}", re.ASCII)


class _Hash:
    """A form whose field "hash" is the SHA-512 of its other values, in their order, and the key."""

    def applies(self, request: Request) -> bool:
        return bool(_sent(request))

    def check(self, request: Request, secrets: Secrets, now: Instant, _options: Options) -> Signed | Rejected:
        sent = _sent(request)
        if not sent:
            return Rejected(Reason.SIGNATURE_MISSING)
        if len(sent) > 1 or not _FORM.fullmatch(sent[0]):
            return Rejected(Reason.SIGNATURE_MALFORMED)
        values = _values(form_fields(request.body))
        for key in secrets.at(now)[:MOST_TRIED]:
            if hmac.compare_digest(_hash(values, key).encode(), sent[0].encode()):
                return Signed(now)
        return Rejected(Reason.SIGNATURE_MISMATCH)

    def sign(self, request: Request, secret: str, _at: Instant, _message_id: str, _options: Options) -> Request | None:
        try:
            fields = form_fields(request.body)
        except Unreadable:
            return None
        fields = tuple((name, value) for name, value in fields if name.lower() != "hash")
        return replace(request, body=urlencode([*fields, ("hash", _hash(_values(fields), secret))]).encode())


def _sent(request: Request) -> list[str]:
    try:
        return [value for name, value in form_fields(request.body) if name.lower() == "hash"]
    except Unreadable:
        return []


def _values(fields: Iterable[tuple[str, str]]) -> str:
    return "".join(value for name, value in fields if name.lower() != "hash")


def _hash(values: str, key: str) -> str:
    # Both packages take the key in small letters, however it was typed.
    return hashlib.sha512((values + key.lower()).encode("utf-8", "surrogatepass")).hexdigest().upper()


def _payment(body: Any) -> str:
    """Paynow's own number of the payment, which it writes with or without a comma in its thousands."""
    return text(body, "paynowreference").replace(",", "")


def _event_id(message: Message) -> str:
    payment, status = _payment(message.body), text(message.body, "status")
    return f"{payment}:{status}" if payment and status else ""


def _money(message: Message) -> tuple[Money | None, str]:
    """The amount, or what can be shown of it while nobody says its currency."""
    sent, currency = message.body.get("amount"), message.options.get("currency")
    amount = not_negative(from_decimal(sent, currency))
    return amount, "" if amount else as_sent(sent, currency, minor=False)


def _paid(message: Message) -> Meaning:
    amount, unclear = _money(message)
    return _meaning(message, Kind.SALE, SaleClaim(order_of(message.body, "reference"), amount, amount_text=unclear))


def _refunded(message: Message) -> Meaning:
    order_id, (amount, unclear) = order_of(message.body, "reference"), _money(message)
    claim = RefundClaim(order_id, amount, _payment(message.body) or order_id, amount_text=unclear)
    return _meaning(message, Kind.REFUND, claim)


def _disputed(message: Message) -> Meaning:
    order_id, (amount, unclear) = order_of(message.body, "reference"), _money(message)
    claim = DisputeClaim(order_id, amount, _payment(message.body) or order_id, amount_text=unclear)
    return _meaning(message, Kind.DISPUTE, claim)


def _meaning(message: Message, kind: Kind, claim: Claim) -> Meaning:
    return Meaning(kind, claim, message.at, links=ids(_payment(message.body)))


def _draft(kind: Kind, sample: Sample, _at: Instant) -> Draft:
    status = {Kind.REFUND: "Refunded", Kind.DISPUTE: "Disputed"}.get(kind, "Paid")
    fields = {
        "reference": f"INV {sample.digits('order', 9)}",
        "paynowreference": sample.digits("payment", 9),
        "amount": decimal(sample.total_minor),
        "status": status,
        "pollurl": f"https://www.paynow.co.zw/Interface/CheckPayment/?guid={sample.uuid('poll')}",
    }
    return Draft(urlencode(fields).encode(), "", content_type="application/x-www-form-urlencoded")


PAYNOW_ZW = Provider(
    id="paynow-zw",
    name="Paynow Zimbabwe",
    tile="PZ",
    setup=SetupWords(
        does="Payments and refunds",
        settings_url="https://www.paynow.co.zw/",
        menu="Receive Payment Links",
        address_label="Result URL",
        secret_label="Integration Key",
        # Every status of a payment comes to the address that its own request names.
        events=(),
        secret_found="Under Receive Payment Links, open your integration and choose Edit.",
        away="Paynow Zimbabwe tries up to ten times while nobody answers.",
        needs="Your shop gives the address to Paynow Zimbabwe with every payment, as its result URL.",
    ),
    recipe=_Hash(),
    reads=form,
    event_id=_event_id,
    event_type="status",
    readers={
        "Paid": _paid,
        "Awaiting Delivery": _paid,
        "Delivered": _paid,
        "Refunded": _refunded,
        "Disputed": _disputed,
    },
    draft=_draft,
    # "Up to ten times", with nothing said of how long that takes.
    retries_for=None,
    options=(
        Option(
            "currency",
            "Currency",
            "Messages of Paynow Zimbabwe do not say it. Without it, amounts are shown but not added up.",
        ),
    ),
)
