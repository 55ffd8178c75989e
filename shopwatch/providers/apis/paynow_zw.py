"""How Paynow Zimbabwe says how a payment stands. Facts: developers.paynow.co.zw ("Polling": the answer is written as a
status update is, with its hash), and the paynow package of PyPI (1.0.8: an empty POST to the address)."""

from msgspec.structs import replace

from shopwatch.domain.i18n import Phrase, phrase
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.sales.money import from_decimal
from shopwatch.domain.sales.sale import Claim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords
from shopwatch.providers.api_kit.requests import check, filled, refuse
from shopwatch.providers.kit.bodies import form_fields
from shopwatch.providers.kit.reading import Meaning, Unreadable, as_sent
from shopwatch.providers.senders.paynow_zw import ASKED_AT, PAYNOW_ZW, fits, is_documented, payment_of

_PAID = frozenset({"Paid", "Awaiting Delivery", "Delivered", "Refunded", "Disputed"})
_STANDS = {Kind.SALE: _PAID, Kind.REFUND: frozenset({"Refunded"}), Kind.DISPUTE: _PAID}
"""How a payment may stand by now, of which a message of this kind came."""


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """What Paynow itself says of the payment. Where that is another one than the message said, nothing of the message
    counts, and the owner is told; so also where the amount is another one."""
    claim = event.claim or refuse()
    told = yield from _ask_polled(event.needs_fetch.partition(" ")[2], key)
    payment = event.id.partition(":")[0]
    if told["reference"] != claim.order_id or payment_of(told) != payment or told["status"] not in _STANDS[event.kind]:
        return (_read_notice(event, claim, phrase("Paynow Zimbabwe does not know this payment so")),)
    currency = options.get("currency")
    amount, shown = from_decimal(told["amount"], currency), as_sent(told["amount"], currency, minor=False)
    right = replace(claim, amount=amount, amount_text="" if amount else shown, unconfirmed=False)
    found = filled(event, right, payment)
    if claim.amount_text.partition(" ")[0] != told["amount"]:
        found += (_read_notice(event, claim, phrase("Paynow Zimbabwe names another amount than its message")),)
    return found


def _ask_polled(url: str, key: str) -> Asking[dict[str, str]]:
    """A status update as the answer holds it, with the hash of whoever knows the key."""
    response = yield ApiRequest("POST", url, {"Accept": "application/x-www-form-urlencoded"}, reads=True)
    check(response)
    try:
        fields = form_fields(response.body.strip())
    except Unreadable:
        refuse()
    told = dict(fields)
    return told if fits(fields, (key,)) and is_documented(fields) and "amount" in told else refuse()


def _read_notice(event: Event, claim: Claim, title: Phrase) -> Meaning:
    words = phrase(
        "The message is about {reference}, {amount}. Look it up at Paynow Zimbabwe.",
        reference=claim.order_id,
        amount=claim.amount_text,
    )
    return Meaning(Kind.NOTICE, None, event.occurred_at, happening=Notice(title, words), live=event.live)


PAYNOW_ZW_API = Api(
    provider="paynow-zw",
    key=KeyWords(label=PAYNOW_ZW.setup.secret_label, found=PAYNOW_ZW.setup.secret_found),
    hosts=(ASKED_AT,),
    by_secret=True,
    fetch=_fetch_details,
)
