"""Braintree. Facts: braintree 4.48.0 (the signature, the challenge, kinds, members), and its documentation of webhooks
("Parse": how an address is checked, when it is sent again)."""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected, Verdict
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.bodies import asked, form
from shopwatch.providers.kit.check import Signed
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    Unreadable,
    find,
    ident,
    ids,
    in_decimals,
    joined,
    moment,
    order_of,
    text,
)
from shopwatch.providers.kit.sample import Sample, decimal, iso
from shopwatch.providers.kit.signature import MOST_TRIED
from shopwatch.providers.kit.xml_body import listed, xml_object
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_CHALLENGE = re.compile(r"[0-9a-f]{20,32}", re.ASCII)
_PAYLOAD = re.compile(r"[A-Za-z0-9+=/\n]+", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{40}", re.ASCII)
_OUTCOMES = {
    "dispute_won": DisputeState.WON,
    "dispute_lost": DisputeState.LOST,
    # The shop does not contest it, or could not.
    "dispute_accepted": DisputeState.LOST,
    "dispute_auto_accepted": DisputeState.LOST,
}


def _parse_keys(secret: str) -> tuple[str, str]:
    """The public key and the private one."""
    public, _, private = secret.partition(":")
    return public, private


def _compute_mac(private: str, signed: str) -> str:
    key = hashlib.sha1(private.encode("utf-8", "replace")).digest()  # noqa: S324 - the sender's own choice
    return hmac.new(key, signed.encode("utf-8", "replace"), "sha1").hexdigest()


class PairedSignature:
    """`bt_signature` holds pairs of a public key and what its private key makes of `bt_payload`."""

    def applies(self, request: Request) -> bool:
        return bool(_read_fields(request).get("bt_signature"))

    def check(self, request: Request, secrets: Secrets, now: Instant, _options: Options) -> Signed | Rejected:
        fields = _read_fields(request)
        sent, payload = fields.get("bt_signature", ""), fields.get("bt_payload", "")
        if not sent:
            return Rejected(Reason.SIGNATURE_MISSING)
        pairs = [pair.partition("|")[::2] for pair in sent.split("&")][:MOST_TRIED]
        if not _PAYLOAD.fullmatch(payload) or not any(_SIGNATURE.fullmatch(each) for _, each in pairs):
            return Rejected(Reason.SIGNATURE_MALFORMED)
        for secret in secrets.at(now)[:MOST_TRIED]:
            public, private = _parse_keys(secret)
            # The library allows for a line end that was lost at the end of the payload.
            right = (
                [_compute_mac(private, payload).encode(), _compute_mac(private, payload + "\n").encode()]
                if private
                else []
            )
            for named, signature in pairs:
                written = signature.encode("utf-8", "replace")
                if named == public and any(hmac.compare_digest(each, written) for each in right):
                    return Signed(now)
        return Rejected(Reason.SIGNATURE_MISMATCH)

    def sign(self, request: Request, secret: str, _at: Instant, _id: str, _options: Options) -> Request | None:
        public, private = _parse_keys(secret)
        payload = _read_fields(request).get("bt_payload", "")
        if not private:
            return None
        signature = urlencode({"bt_signature": f"{public}|{_compute_mac(private, payload)}"}).encode()
        return replace(request, body=signature + b"&" + request.body)


def _read_fields(request: Request) -> dict[str, Any]:
    try:
        return form(request)
    except Unreadable:
        return {}


def _answer_handshake(request: Request, secrets: Secrets, _options: Options) -> Verdict | None:
    """Saving the address asks whether the keys are known here."""
    if request.method != "GET":
        return None
    challenge = asked(request).get("bt_challenge", "")
    public, private = _parse_keys(next(iter(secrets.current), ""))
    if not private or not _CHALLENGE.fullmatch(challenge):
        return Rejected(Reason.HANDSHAKE)
    return Challenge(Answer(200, f"{public}|{_compute_mac(private, challenge)}".encode()))


def _parse_body(request: Request) -> dict[str, Any]:
    """The notification that the payload holds."""
    try:
        told = b64decode(form(request).get("bt_payload", ""))
    except ValueError:
        told = b""
    found = find(xml_object(told), "notification")
    return found if isinstance(found, dict) else {}


def _read_transactions(message: Message) -> Iterator[Any]:
    for holder in ("subscription", "local_payment", "local_payment_funded"):
        about = find(message.body, "subject", holder)
        yield from listed(find(about, "transactions"), "transaction")
        yield from listed(about, "transaction")
    yield from listed(find(message.body, "subject"), "transaction")


def _read_charge(message: Message) -> Any:
    """The transaction that the message is about: of a subscription's the newest, which stands first."""
    found = list(_read_transactions(message))
    made = [text(each, "created_at") for each in found]
    return found[made.index(max(made))] if found and all(made) else next(iter(found), None)


def _read_sale(message: Message) -> Meaning | None:
    paid = _read_charge(message)
    if text(paid, "type") not in ("sale", ""):
        return None
    amount, amount_text = in_decimals(find(paid, "amount"), find(paid, "currency_iso_code"))
    customer, order_id = find(paid, "customer"), order_of(paid, "id")
    claim = SaleClaim(
        order_id=order_id,
        amount=amount,
        number=text(paid, "order_id"),
        name=joined(text(customer, "first_name"), text(customer, "last_name")),
        email=text(customer, "email"),
        amount_text=amount_text,
    )
    payment = ident(message.body, "subject", "local_payment", "payment_id")
    return _make_meaning(
        message, Kind.SALE, claim, payment or ident(message.body, "subject", "local_payment_funded", "payment_id")
    )


def _read_reversal(message: Message) -> Meaning:
    """A local payment that was taken back; it names the payment, and no amount."""
    payment = order_of(message.body, "subject", "local_payment_reversed", "payment_id")
    return _make_meaning(message, Kind.REFUND, RefundClaim(payment, None, payment))


def _read_dispute(message: Message) -> Meaning:
    case = find(message.body, "subject", "dispute")
    amount, amount_text = in_decimals(find(case, "amount"), find(case, "currency_iso_code"))
    order_id = order_of(case, "transaction", "id")
    state = _OUTCOMES.get(message.type, DisputeState.OPEN)
    return _make_meaning(
        message, Kind.DISPUTE, DisputeClaim(order_id, amount, ident(case, "id") or order_id, state, amount_text)
    )


def _read_test(message: Message) -> Meaning:
    return Meaning(Kind.TEST, None, message.at, live=False)


def _make_meaning(message: Message, kind: Kind, claim: Claim, *links: str) -> Meaning:
    return Meaning(kind, claim, moment(message.body, "timestamp", otherwise=message.at), links=ids(*links))


def _event_id(message: Message) -> str:
    """It sends no id: a kind at one time about one thing is one event."""
    about = find(message.body, "subject")
    which = ident(_read_charge(message), "id") or ident(about, "dispute", "id") or ident(about, "subscription", "id")
    which = which or ident(about, "local_payment_reversed", "payment_id")
    at, kind = text(message.body, "timestamp"), text(message.body, "kind")
    return f"{kind}|{at}|{which}" if which and at else ""


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    transaction = sample.letters("transaction", 8)
    total = decimal(sample.total_minor)
    if kind is Kind.DISPUTE:
        event_type = "dispute_opened"
        subject = (
            f"<dispute><id>{sample.letters('dispute', 16)}</id><status>open</status><amount>{total}</amount>"
            f"<currency-iso-code>USD</currency-iso-code><transaction><id>{transaction}</id></transaction></dispute>"
        )
    else:
        event_type = "transaction_settled"
        subject = (
            f"<transaction><id>{transaction}</id><status>settled</status><type>sale</type>"
            f"<currency-iso-code>USD</currency-iso-code><amount>{total}</amount>"
            f"<order-id>{sample.digits('order', 6)}</order-id><customer><email>{sample.email}</email>"
            f"<first-name>{sample.first}</first-name><last-name>{sample.last}</last-name></customer></transaction>"
        )
    told = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<notification>\n  <timestamp type="datetime">{iso(at)}</timestamp>\n'
        f"  <kind>{event_type}</kind>\n  <source-merchant-id>bloomandstem</source-merchant-id>\n"
        f"  <subject>{subject}</subject>\n</notification>\n"
    )
    payload = b64encode(told.encode()).decode() + "\n"
    return PracticeDraft(
        urlencode({"bt_payload": payload}).encode(), "", content_type="application/x-www-form-urlencoded"
    )


_DISPUTES = ("dispute_opened", "dispute_under_review", "dispute_disputed", "dispute_expired", *_OUTCOMES)
_SALES = ("subscription_charged_successfully", "transaction_settled", "local_payment_completed", "local_payment_funded")

BRAINTREE = Provider(
    id="braintree",
    name="Braintree",
    tile="Br",
    setup=SetupWords(
        does="Subscriptions, bank and local payments, and disputes",
        settings_url="https://www.braintreegateway.com/login",
        menu="API › Webhooks",
        secret_menu="API › Keys",
        address_label="Destination URL",
        secret_label="Public Key and Private Key",
        events=(
            "Subscription Charged Successfully",
            "Transaction Settled",
            "Local Payment Completed",
            "Local Payment Reversed",
            "Dispute Opened",
            "Dispute Won",
            "Dispute Lost",
            "Dispute Accepted",
        ),
        save="Create Webhook",
        secret_found="In its Control Panel under API, Keys. Paste both, the public one first, with a colon between.",
        away="Braintree tries again each hour, for a day.",
        needs="Of a card sale by itself, and of money given back, Braintree sends no message. ShopWatch asks for them "
        "every half hour, with an API key; without one such sums are missing.",
    ),
    recipe=PairedSignature(),
    reads=_parse_body,
    event_id=_event_id,
    event_type="kind",
    readers={
        **dict.fromkeys(_SALES, _read_sale),
        **dict.fromkeys(_DISPUTES, _read_dispute),
        "local_payment_reversed": _read_reversal,
        "check": _read_test,
    },
    handshake=_answer_handshake,
    draft=_draft_message,
    practises=(Kind.SALE, Kind.DISPUTE),
    retries_for=DAY,
)
