"""Mollie's API: payments, of which hints and simple messages name no more than an id. Facts: docs.mollie.com (Get
payment, Get a Webhook Event, authentication)."""

from typing import Any

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import DisputeClaim, RefundClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords
from shopwatch.providers.asking import address, ask, bearer, called, get, refuse, understood
from shopwatch.providers.mollie import MOLLIE
from shopwatch.providers.reading import Meaning, find, in_decimals, text

_HOST = "api.mollie.com"
_PAYMENT = "tr_"


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """Of a hint, all that the payment has come to; of a simple message, what it was about."""
    del options
    if event.kind is Kind.PING:
        if not event.id.startswith(_PAYMENT):
            # Orders and subscriptions have payments of their own, which are hinted at, too.
            return ()
        return _whole(event, (yield from _payment(event.id, key)))
    if event.claim is None:
        told = yield from ask(get(address(f"https://{_HOST}/v2/events", called(event)[-1]), Authorization=bearer(key)))
        return _only(understood(MOLLIE, event.type, told, event))
    return _whole(event, (yield from _payment(event.claim.order_id, key)))[:1]


def _payment(payment_id: str, key: str) -> Asking[dict[str, Any]]:
    told = yield from ask(get(address(f"https://{_HOST}/v2/payments", payment_id), Authorization=bearer(key)))
    return told if text(told, "id") == payment_id else refuse()


def _whole(event: Event, payment: dict[str, Any]) -> tuple[Meaning, ...]:
    """The sale, and beside it all that was given back and charged back of it so far."""
    if text(payment, "status") != "paid":
        return ()
    found = _only(understood(MOLLIE, "payment.paid", {"_embedded": {"entity": payment}}, event))
    order_id, live = text(payment, "id"), text(payment, "mode") != "test"
    if back := _more_than_none(payment, "amountRefunded"):
        claim = RefundClaim(order_id, back, order_id, cumulative=True)
        found += (Meaning(Kind.REFUND, claim, event.occurred_at, live=live),)
    if charged := _more_than_none(payment, "amountChargedBack"):
        case = DisputeClaim(order_id, charged, order_id)
        found += (Meaning(Kind.DISPUTE, case, event.occurred_at, live=live),)
    return found


def _only(meaning: Meaning | None) -> tuple[Meaning, ...]:
    return (meaning,) if meaning is not None and meaning.claim is not None else refuse()


def _more_than_none(payment: dict[str, Any], name: str) -> Money | None:
    amount, _ = in_decimals(find(payment, name, "value"), find(payment, name, "currency"))
    return amount if amount is not None and amount.minor else None


MOLLIE_API = Api(
    provider="mollie",
    key=KeyWords(
        label="API key",
        found="In Mollie under More, Developers, API keys.",
        scopes=("payments.read",),
        prefixes=("live_", "test_", "access_"),
    ),
    hosts=(_HOST,),
    fetch=_fetch,
)
