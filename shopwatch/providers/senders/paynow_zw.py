"""Paynow Zimbabwe (paynow.co.zw). Facts: developers.paynow.co.zw, "Generating hash", "Validating hash", "Status
updates" and "Polling", and the paynow packages of PyPI (1.0.8) and npm.

The hash has nothing between the values and knows no names, so whoever saw a message could move a letter from one field
to the next, or call one by another's name. So only messages of exactly the documented form are taken, and what they say
counts once Paynow has said it when it was asked, by the address that the message names at Paynow's own host.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.sales.sale import Claim, DisputeClaim, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.bodies import form, form_fields
from shopwatch.providers.kit.check import Signed
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Meaning, Message, Unreadable, as_sent, order_of, text
from shopwatch.providers.kit.sample import Sample, decimal
from shopwatch.providers.kit.signature import MOST_TRIED, fingerprint
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

ASKED_AT = "www.paynow.co.zw"
"""Where Paynow says how a payment stands."""

_HASH = re.compile(r"[0-9A-F]{128}", re.ASCII)
_STATUS_UPDATE = ("reference", "paynowreference", "amount", "status", "pollurl")
_REPLY = ("status", "browserurl", "pollurl", "paynowreference")
"""What the shop itself gets when it begins a payment: nothing is paid then."""
_MORE = frozenset({"token", "tokenexpiry", "paymentchannel", "paymentinstrument"})
"""What may come behind a status update; in which order, Paynow does not say."""
_FORMS = {
    "paynowreference": re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){1,6}|[1-9][0-9]{0,19}", re.ASCII),
    "amount": re.compile(r"(?:0|[1-9][0-9]{0,14})\.[0-9]{2}", re.ASCII),
    "pollurl": re.compile(r"https://(?:[a-z]+\.)?paynow\.co\.zw/[!-~]{1,400}", re.ASCII | re.IGNORECASE),
}

type Fields = Sequence[tuple[str, str]]


class _Hash:
    """A form whose last field "hash" is the SHA-512 of its other values, in their order, and the key."""

    def applies(self, request: Request) -> bool:
        return bool(_sent(_read_fields(request.body)))

    def check(self, request: Request, secrets: Secrets, now: Instant, _options: Options) -> Signed | Rejected:
        fields = _read_fields(request.body)
        sent = _sent(fields)
        if not sent:
            return Rejected(Reason.SIGNATURE_MISSING)
        if len(sent) > 1 or not _HASH.fullmatch(sent[0]):
            return Rejected(Reason.SIGNATURE_MALFORMED)
        if not fits(fields, secrets.at(now)[:MOST_TRIED]):
            return Rejected(Reason.SIGNATURE_MISMATCH)
        return Signed(now) if is_documented(fields) else Rejected(Reason.SIGNATURE_MALFORMED)

    def sign(self, request: Request, secret: str, _at: Instant, _message_id: str, _options: Options) -> Request | None:
        fields = tuple((name, value) for name, value in _read_fields(request.body) if name.lower() != "hash")
        return replace(
            request, body=urlencode([*fields, ("hash", _hash_secret(_joined_values(fields), secret))]).encode()
        )


def fits(fields: Fields, keys: Iterable[str]) -> bool:
    """Whether their hash is one that any of `keys` makes of them."""
    sent, values = _sent(fields), _joined_values(fields)
    fitting = [
        hmac.compare_digest(_hash_secret(values, key).encode(), sent[0].encode()) for key in keys if len(sent) == 1
    ]
    return any(fitting)


def is_documented(fields: Fields) -> bool:
    """Whether they are called, ordered and written as Paynow does, so that no letter of them could have moved."""
    *names, last = (name for name, _ in fields) if fields else ("",)
    said = dict(fields)
    if last != "hash" or not all(form.fullmatch(said[name]) for name, form in _FORMS.items() if name in said):
        return False
    if tuple(names) == _REPLY:
        return said["status"] == "Ok"
    more = names[len(_STATUS_UPDATE) :]
    return (
        tuple(names[: len(_STATUS_UPDATE)]) == _STATUS_UPDATE and len(set(more)) == len(more) and _MORE.issuperset(more)
    )


def _read_fields(body: bytes) -> Fields:
    try:
        return form_fields(body)
    except Unreadable:
        return ()


def _sent(fields: Fields) -> list[str]:
    return [value for name, value in fields if name.lower() == "hash"]


def _joined_values(fields: Fields) -> str:
    return "".join(value for name, value in fields if name.lower() != "hash")


def _hash_secret(values: str, key: str) -> str:
    # Both packages take the key in small letters, however it was typed.
    return hashlib.sha512((values + key.lower()).encode("utf-8", "surrogatepass")).hexdigest().upper()


def payment_of(body: Any) -> str:
    """Paynow's own number of the payment, which it writes with or without a comma in its thousands."""
    return text(body, "paynowreference").replace(",", "")


def _event_id(message: Message) -> str:
    """Of all that is signed: one whose letters moved names another payment, and must not pass for a message of that."""
    payment, status = payment_of(message.body), text(message.body, "status")
    signed = urlencode([(name, value) for name, value in message.body.items() if name != "hash"])
    return f"{payment}:{status}:{fingerprint(signed.encode())}" if payment and status else ""


def _read_amount(message: Message) -> str:
    """The amount as the owner may see it. It counts once Paynow has said it."""
    return as_sent(message.body.get("amount"), message.options.get("currency"), minor=False)


def _poll_call(message: Message) -> str:
    return text(message.body, "pollurl", most=LONGEST_ANSWER)


def _read_payment(message: Message) -> Meaning:
    """Nothing before Paynow has said so; its site for tests is never asked."""
    claim = SaleClaim(order_of(message.body, "reference"), None, amount_text=_read_amount(message), unconfirmed=True)
    return _make_meaning(message, Kind.SALE, claim)


def _read_refund(message: Message) -> Meaning:
    order_id = order_of(message.body, "reference")
    refund_id = payment_of(message.body) or order_id
    claim = RefundClaim(order_id, None, refund_id, amount_text=_read_amount(message), unconfirmed=True)
    return _make_meaning(message, Kind.REFUND, claim)


def _read_dispute(message: Message) -> Meaning:
    order_id = order_of(message.body, "reference")
    dispute_id = payment_of(message.body) or order_id
    claim = DisputeClaim(order_id, None, dispute_id, amount_text=_read_amount(message), unconfirmed=True)
    return _make_meaning(message, Kind.DISPUTE, claim)


def _make_meaning(message: Message, kind: Kind, claim: Claim) -> Meaning:
    return Meaning(kind, claim, message.at, needs_fetch=f"POST {_poll_call(message)}")


def _draft_message(kind: Kind, sample: Sample, _at: Instant) -> PracticeDraft:
    status = {Kind.REFUND: "Refunded", Kind.DISPUTE: "Disputed"}.get(kind, "Paid")
    fields = {
        "reference": f"INV {sample.digits('order', 9)}",
        "paynowreference": sample.digits("payment", 9),
        "amount": decimal(sample.total_minor),
        "status": status,
        "pollurl": f"https://{ASKED_AT}/Interface/CheckPayment/?guid={sample.uuid('poll')}",
    }
    return PracticeDraft(urlencode(fields).encode(), "", content_type="application/x-www-form-urlencoded")


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
        sure="A payment counts once ShopWatch has asked Paynow Zimbabwe, because a message alone could be bent.",
    ),
    recipe=_Hash(),
    reads=form,
    event_id=_event_id,
    event_type="status",
    readers={
        "Paid": _read_payment,
        "Awaiting Delivery": _read_payment,
        "Delivered": _read_payment,
        "Refunded": _read_refund,
        "Disputed": _read_dispute,
    },
    draft=_draft_message,
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
