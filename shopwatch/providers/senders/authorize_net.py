"""Authorize.Net. Facts: developer.authorize.net ("Webhooks"), and for the form of the key a recorded message of its
sandbox: the signature key's own digits are the key, not the bytes that they write.

A message names neither currency nor customer, and a refund not what it is of.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.providers.kit.reading import Meaning, Message, api_call, as_sent, find, ident, moment, order_of
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, decimal, iso
from shopwatch.providers.kit.signature import HEX, Hmac, Scheme
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_PREFIX = b"sha512="
_APPROVED = 1
DETAILS = "getTransactionDetailsRequest /transactions/{}"
"""The call that tells the rest of a transaction; the number in it stands in the question's body."""


@dataclass(frozen=True, slots=True)
class _AnyCase:
    """Digits in capital letters, as Authorize.Net writes them, or in small ones."""

    small: Scheme

    def fits(self, secrets: Sequence[str], signed: bytes, sent: Sequence[bytes]) -> bool:
        return self.small.fits(secrets, signed, [_lowercase_bytes(each) for each in sent])

    def well_formed(self, sent: bytes) -> bool:
        return self.small.well_formed(_lowercase_bytes(sent))

    def sign(self, secret: str, signed: bytes) -> str | None:
        written = self.small.sign(secret, signed)
        return None if written is None else written[: len(_PREFIX)] + written[len(_PREFIX) :].upper()


def _lowercase_bytes(sent: bytes) -> bytes:
    return sent[: len(_PREFIX)] + sent[len(_PREFIX) :].lower()


def _is_approved(message: Message) -> bool:
    code = find(message.body, "payload", "responseCode")
    return type(code) is int and code == _APPROVED


def _read_capture(message: Message) -> Meaning | None:
    """Money was taken, unless the transaction was declined or is held."""
    payload = find(message.body, "payload")
    if not _is_approved(message):
        return None
    order_id = order_of(payload, "id")
    amount = as_sent(find(payload, "authAmount"), None, minor=False)
    claim = SaleClaim(order_id, None, number=ident(payload, "invoiceNumber"), amount_text=amount)
    return _make_meaning(message, Kind.SALE, claim, order_id)


def _read_refund(message: Message) -> Meaning | None:
    """Of which sale, only the transaction itself says."""
    if not _is_approved(message):
        return None
    return _make_meaning(message, Kind.REFUND, None, order_of(message.body, "payload", "id"))


def _read_void(message: Message) -> Meaning:
    """What was undone, a payment or a refund, only the transaction itself says."""
    return _make_meaning(message, Kind.OTHER, None, order_of(message.body, "payload", "id"))


def _make_meaning(message: Message, kind: Kind, claim: SaleClaim | None, transaction: str) -> Meaning:
    at = moment(message.body, "eventDate", otherwise=message.at)
    return Meaning(kind, claim, at, needs_fetch=api_call(DETAILS, transaction))


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    event_type = "net.authorize.payment.authcapture.created"
    number = sample.digits("number", 6)
    event_id = sample.uuid(event_type)
    body = {
        "notificationId": event_id,
        "eventType": event_type,
        "eventDate": iso(at).replace("Z", ".0000000Z"),
        "webhookId": sample.uuid("webhook"),
        "payload": {
            "responseCode": _APPROVED,
            "authCode": sample.letters("code", 6).upper(),
            "avsResponse": "Y",
            "authAmount": float(decimal(sample.total_minor)),
            "merchantReferenceId": number,
            "invoiceNumber": number,
            "entityName": "transaction",
            "id": sample.digits("transaction", 11),
        },
    }
    written = json.dumps(body, separators=(",", ":")).encode()
    headers = {"X-Request-Id": sample.uuid("request")}
    return PracticeDraft(written, event_id, headers, "application/json; charset=utf-8")


AUTHORIZE_NET = Provider(
    id="authorize-net",
    name="Authorize.Net",
    tile="AN",
    setup=SetupWords(
        does="Payments and refunds",
        settings_url="https://account.authorize.net/",
        menu="Webhooks",
        secret_menu="API Credentials and Keys",
        address_label="Endpoint URL",
        secret_label="Signature Key",
        events=(
            "net.authorize.payment.authcapture.created",
            "net.authorize.payment.priorAuthCapture.created",
            "net.authorize.payment.capture.created",
            "net.authorize.payment.refund.created",
            "net.authorize.payment.void.created",
        ),
        secret_found="Under Account, Settings, Security Settings, API Credentials and Keys: make a new Signature Key.",
        away="Whether Authorize.Net tries again, and for how long, is not known.",
        needs=(
            "Its messages name no currency, and no sale that a refund is of: without an API key amounts are shown but "
            "not added up, and refunds are not seen. Of disputes it sends nothing that is known."
        ),
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="X-ANET-Signature"),),
        signed=b"%(body)b",
        schemes={"": _AnyCase(Hmac("sha512", HEX, prefix=_PREFIX))},
    ),
    event_id="notificationId",
    event_type="eventType",
    readers={
        "net.authorize.payment.authcapture.created": _read_capture,
        "net.authorize.payment.priorAuthCapture.created": _read_capture,
        "net.authorize.payment.capture.created": _read_capture,
        "net.authorize.payment.refund.created": _read_refund,
        "net.authorize.payment.void.created": _read_void,
    },
    draft=_draft_message,
    practises=(Kind.SALE,),
    # It says nothing of retries.
    retries_for=0,
)
