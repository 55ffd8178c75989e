"""ThriveCart. Facts: support.thrivecart.com ("Using webhook notifications") and, for `refund[amount]` and `event_id`,
public receivers.

It signs nothing and shows the account's secret word in every message. Before it takes an address it calls it by HEAD
and by POST.
"""

from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.bodies import form
from shopwatch.providers.kit.reading import (
    MOST_ITEMS,
    Meaning,
    Message,
    find,
    ident,
    ids,
    in_hundredths,
    joined,
    moment,
    order_of,
    text,
)
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import fingerprint
from shopwatch.providers.kit.token import in_form
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords

_WORD = in_form("thrivecart_secret")
_TRIED_BY = ("HEAD",)


def _answer_handshake(request: Request, _secrets: Secrets, _options: Options) -> Challenge | Rejected | None:
    """The calls by which it tries an address; what it posts then it does not say."""
    if request.method in _TRIED_BY:
        return Challenge(Answer(body=b""))
    return Rejected(Reason.PING) if request.method == "POST" and not request.body else None


def _read_purchase(message: Message) -> Meaning:
    return _read_sale(message, order_of(message.body, "order_id"), _read_invoice(message))


def _read_renewal(message: Message) -> Meaning:
    """A payment of its own; it bears the number of the first order, and an invoice of its own."""
    return _read_sale(message, _read_invoice(message) or order_of(message.body, "order_id"))


def _read_sale(message: Message, order_id: str, *links: str) -> Meaning:
    sold = message.body
    amount, amount_text = _read_money(message, "order[total]")
    claim = SaleClaim(
        order_id=order_id,
        amount=amount,
        name=text(sold, "customer[name]")
        or joined(text(sold, "customer[firstname]"), text(sold, "customer[lastname]")),
        email=text(sold, "customer[email]"),
        items=_read_charges(message),
        amount_text=amount_text,
    )
    return _make_meaning(message, Kind.SALE, claim, *links)


def _read_refund(message: Message) -> Meaning:
    """It bears the number of the order, and of the invoice that was paid. Where it does not say how much was given
    back, nobody knows."""
    order_id = _read_invoice(message) or order_of(message.body, "order_id")
    amount, amount_text = _read_money(message, "refund[amount]")
    claim = RefundClaim(order_id, amount, _event_id(message), partial=amount is None, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim)


def _read_invoice(message: Message) -> str:
    """The id of what this invoice was for, where it is not the order itself, whose number may stand there with noughts
    before it."""
    order_id, invoice = order_of(message.body, "order_id"), ident(message.body, "invoice_id")
    return f"{order_id}-{invoice}" if invoice.lstrip("0") not in ("", order_id) else ""


def _read_charges(message: Message) -> tuple[Item, ...]:
    """Prices are of a whole line, and how many there were of it is nowhere said."""
    found = []
    for number in range(MOST_ITEMS):
        name = text(message.body, f"order[charges][{number}][name]")
        if not name:
            break
        found.append(Item(name, 1, _read_money(message, f"order[charges][{number}][amount]")[0]))
    return tuple(found)


def _read_money(message: Message, name: str) -> tuple[Money | None, str]:
    return in_hundredths(find(message.body, name), find(message.body, "currency"))


def _make_meaning(message: Message, kind: Kind, claim: Claim, *links: str) -> Meaning:
    at = moment(message.body, "order[date_iso8601]", otherwise=message.at)
    if text(message.body, "mode") == "test":
        return Meaning(Kind.TEST, None, at, live=False)
    return Meaning(kind, claim, at, links=ids(*links))


def _event_id(message: Message) -> str:
    """Where no id is sent, what it says, without the secret word."""
    if told := ident(message.body, "event_id"):
        return f"{message.type}:{told}"
    said = sorted(f"{name}={value}" for name, value in message.body.items() if name != "thrivecart_secret")
    return fingerprint("\n".join(said).encode("utf-8", "surrogatepass"))


def _draft_message(kind: Kind, sample: Sample, _at: Instant) -> PracticeDraft:
    back, order = kind is Kind.REFUND, sample.digits("order", 8)
    fields = {
        "event": "order.refund" if back else "order.success",
        "mode": "live",
        "mode_int": "2",
        "thrivecart_account": "bloom",
        "base_product": "12",
        "order_id": order,
        "invoice_id": f"000{order}",
        "currency": "USD",
        "customer_id": sample.digits("customer", 6),
        "customer[name]": sample.name,
        "customer[firstname]": sample.first,
        "customer[lastname]": sample.last,
        "customer[email]": sample.email,
        "order[tax]": "0",
        "order[processor]": "stripe",
        "order[total]": str(sample.total_minor),
        "order[total_str]": f"${sample.total_minor / 100:.2f}",
    }
    for number, line in enumerate(sample.lines):
        fields |= _draft_charge(number, line.name, line.minor)
    if back:
        fields["refund[amount]"] = str(sample.given_back_minor)
    return PracticeDraft(urlencode(fields).encode(), "", content_type="application/x-www-form-urlencoded")


def _draft_charge(number: int, name: str, minor: int) -> dict[str, Any]:
    charge = f"order[charges][{number}]"
    return {f"{charge}[name]": name, f"{charge}[amount]": str(minor), f"purchases[{number}]": name}


THRIVECART = Provider(
    id="thrivecart",
    name="ThriveCart",
    tile="TC",
    setup=SetupWords(
        does="Orders, renewals and refunds",
        settings_url="https://thrivecart.com/",
        menu="Settings › API & Webhooks",
        address_label="Webhook URL",
        secret_label="Secret word",
        events=(),
        save="Save this webhook",
        secret_found="In ThriveCart’s settings, under API & Webhooks.",
        away="ShopWatch does not know whether ThriveCart sends a message again.",
        needs="ThriveCart calls the address when you add it, so ShopWatch must be open. Disputes are not told.",
    ),
    recipe=_WORD,
    redact=_WORD.redact,
    reads=form,
    event_id=_event_id,
    event_type="event",
    handshake=_answer_handshake,
    tried_by=_TRIED_BY,
    readers={
        "order.success": _read_purchase,
        "order.subscription_payment": _read_renewal,
        "order.refund": _read_refund,
    },
    account=Account(member("thrivecart_account"), "Account"),
    draft=_draft_message,
    practises=(Kind.SALE, Kind.REFUND),
    assurance=Assurance.TOKEN,
    retries_for=0,
)
