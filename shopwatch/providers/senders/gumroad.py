"""Gumroad. Facts: the sender itself (antiwork/gumroad, its purchases, ping notifications and their worker),
gumroad.com/ping, and its API pages.

It signs nothing and knows no secret; who calls the unguessable address and names the right seller is believed to be it.
"""

import hmac
from typing import Any
from urllib.parse import quote, urlencode

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.bodies import form
from shopwatch.providers.kit.check import Signed
from shopwatch.providers.kit.reading import Meaning, Message, find, ids, in_minor, moment, order_of, quantity, text
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import fingerprint
from shopwatch.providers.kit.token import in_form
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords

CURRENCY = "USD"
"""Of `price`, whatever the `currency` beside it says, which is the one the product is priced in."""

_SELLER = in_form("seller_id")


class _Seller:
    """The seller's id in the form. Where an option says how the address must end (`url_token`), it must end so."""

    def applies(self, request: Request) -> bool:
        return _SELLER.applies(request)

    def check(self, request: Request, secrets: Secrets, now: Instant, options: Options) -> Signed | Rejected:
        end = request.url.partition("?")[0].rpartition("/")[2]
        wanted = options.get("url_token") or end
        if not hmac.compare_digest(end.encode("utf-8", "replace"), wanted.encode("utf-8", "replace")):
            return Rejected(Reason.TOKEN_MISMATCH)
        return _SELLER.check(request, secrets, now, options)

    def sign(self, request: Request, secret: str, at: Instant, message_id: str, options: Options) -> Request | None:
        return _SELLER.sign(request, secret, at, message_id, options)


def _event_type(message: Message) -> str:
    """The account's own ping is of sales alone, and need not say so."""
    return text(message.body, "resource_name") or "sale"


def _event_id(message: Message) -> str:
    """Refunds of a part all say the same, and one of the whole may follow."""
    sale = text(message.body, "sale_id")
    return f"{sale}:{_event_type(message)}{':part' if _is_part(message) else ''}" if sale else ""


def _is_part(message: Message) -> bool:
    """A refund of a part is told as well; `refunded` is true once nothing is left to give back."""
    return _event_type(message) == "refund" and text(message.body, "refunded") == "false"


def _is_true(sold: dict[str, Any], name: str) -> bool:
    return text(sold, name) == "true"


def _read_price(sold: dict[str, Any]) -> tuple[Money | None, str]:
    """What was paid; as it was sent, if it cannot be counted. A gift is told of its receiver, who pays nothing."""
    return in_minor(find(sold, "gift_price" if _is_true(sold, "is_gift_receiver_purchase") else "price"), CURRENCY)


def gift(giver: str, receiver: str, product: str, bought: Instant) -> str:
    """What a gift is called by its two purchases, of which the ping tells the receiver's, and the list the giver's."""
    told = "\n".join((giver.lower(), receiver.lower(), product, str(bought // DAY)))
    return f"gift:{fingerprint(told.encode('utf-8', 'surrogatepass'))}" if giver and receiver and product else ""


def _read_sale(message: Message) -> Meaning | None:
    """A preorder is charged later, as a purchase of its own."""
    sold, (amount, unclear) = message.body, _read_price(message.body)
    at = moment(sold, "sale_timestamp", otherwise=message.at)
    if _is_true(sold, "test"):
        # Sellers who buy what is their own.
        return Meaning(Kind.TEST, None, at, live=False)
    if _is_true(sold, "is_preorder_authorization"):
        return None
    order_id, given = order_of(sold, "sale_id"), _is_true(sold, "is_gift_receiver_purchase")
    begins = bool(text(sold, "subscription_id")) and not given and not _is_true(sold, "is_recurring_charge")
    perhaps_trial = begins and (amount is None or amount.minor > 0)
    claim = SaleClaim(
        order_id=order_id,
        amount=None if perhaps_trial else amount,
        number=text(sold, "order_number"),
        name="" if given else text(sold, "full_name"),
        email=text(sold, "gifter_email" if given else "email"),
        items=_read_items(sold, amount),
        amount_text=unclear or (f"{amount.decimal} {CURRENCY}" if perhaps_trial and amount else ""),
    )
    called = gift(text(sold, "gifter_email"), text(sold, "email"), text(sold, "product_id"), at) if given else ""
    # Of the first purchase of a membership only the list says whether it is a free trial.
    return Meaning(Kind.SALE, claim, at, links=ids(called), needs_fetch=_sale_call(order_id) if perhaps_trial else "")


def _sale_call(order_id: str) -> str:
    return f"GET /v2/sales/{quote(order_id, safe='')}"


def _read_items(sold: dict[str, Any], amount: Money | None) -> tuple[Item, ...]:
    """The price is that of all pieces."""
    name, qty = text(sold, "product_name"), quantity(find(sold, "quantity"))
    unit = Money(amount.minor // qty, amount.currency) if amount and qty and amount.minor % qty == 0 else None
    return (Item(name, qty, unit),) if name else ()


def _read_refund(message: Message) -> Meaning | None:
    """It tells of the whole price, also where only a part was given back; how much that is it does not say."""
    order_id, (amount, unclear) = order_of(message.body, "sale_id"), _read_price(message.body)
    claim = RefundClaim(order_id, amount, order_id, amount_text=unclear)
    if _is_part(message):
        claim = RefundClaim(order_id, None, order_id, partial=True)
    asked = "" if _is_true(message.body, "is_gift_receiver_purchase") else _sale_call(order_id)
    return _read_later_event(message, Kind.REFUND, claim, amount, needs_fetch=asked)


def _read_dispute(message: Message) -> Meaning | None:
    order_id, (amount, unclear) = order_of(message.body, "sale_id"), _read_price(message.body)
    won = message.type == "dispute_won" or _is_true(message.body, "dispute_won")
    state = DisputeState.WON if won else DisputeState.OPEN
    return _read_later_event(
        message, Kind.DISPUTE, DisputeClaim(order_id, amount, order_id, state, amount_text=unclear), amount
    )


def _read_later_event(
    message: Message, kind: Kind, claim: Claim, price: Money | None, needs_fetch: str = ""
) -> Meaning | None:
    """Of what came after the sale, only the sale's own time is told. What cost nothing (a part of a bundle) was no
    sale, so nothing can become of it."""
    if _is_true(message.body, "test"):
        return Meaning(Kind.TEST, None, message.at, live=False)
    if price is not None and price.minor == 0:
        return None
    return Meaning(kind, claim, message.at, needs_fetch=needs_fetch)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    resource = {Kind.REFUND: "refund", Kind.DISPUTE: "dispute"}.get(kind, "sale")
    sale, line = f"{sample.letters('order', 22)}==", sample.lines[0]
    fields = {
        "seller_id": "",
        "product_id": f"{sample.letters(f'product {line.name}', 22)}==",
        "product_name": line.name,
        "permalink": "bouquet",
        "product_permalink": "https://bloom.gumroad.com/l/bouquet",
        "short_product_id": "bouquet",
        "email": sample.email,
        "price": str(line.minor),
        "gumroad_fee": str(line.minor // 10),
        "currency": "usd",
        "quantity": str(line.qty),
        "discover_fee_charged": "false",
        "can_contact": "true",
        "referrer": "direct",
        "card[visual]": "",
        "card[type]": "",
        "card[bin]": "",
        "card[expiry_month]": "",
        "card[expiry_year]": "",
        "order_number": sample.digits("number", 9),
        "sale_id": sale,
        "sale_timestamp": iso(at),
        "full_name": sample.name,
        "ip_country": "United States",
        "is_gift_receiver_purchase": "false",
        "refunded": "true" if kind is Kind.REFUND else "false",
        "resource_name": resource,
        "disputed": "true" if kind is Kind.DISPUTE else "false",
        "dispute_won": "false",
    }
    return PracticeDraft(
        urlencode(fields).encode(), f"{sale}:{resource}", content_type="application/x-www-form-urlencoded"
    )


GUMROAD = Provider(
    id="gumroad",
    name="Gumroad",
    tile="Gu",
    setup=SetupWords(
        does="Sales",
        settings_url="https://gumroad.com/settings/advanced",
        menu="Advanced",
        address_label="Ping endpoint",
        secret_label="seller_id",
        events=(),
        save="Update settings",
        secret_found="Every message shows it as “seller_id”. Send a test ping, and look at it in the Inbox.",
        away="Gumroad does not send again what it could not deliver. Messages of that time may not arrive.",
        needs=(
            "Refunds and disputes come only if they are subscribed to through Gumroad’s own interface for programs, or "
            "are asked for with an access token. Whether a new membership begins with a free trial only the token "
            "tells: without one, its first payment is shown and not counted."
        ),
    ),
    recipe=_Seller(),
    reads=form,
    event_id=_event_id,
    event_type=_event_type,
    readers={"sale": _read_sale, "refund": _read_refund, "dispute": _read_dispute, "dispute_won": _read_dispute},
    draft=_draft_message,
    assurance=Assurance.ADDRESS,
    # Three times in 14 minutes, but only after an answer of 499 or above, and never where nobody answers.
    retries_for=0,
)
