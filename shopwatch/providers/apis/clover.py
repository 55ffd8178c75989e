"""Clover's API: payments, of which messages name no more than the id. Facts: Clover's description of its Platform REST
API v3 ("Get a single payment", what it can expand; the payment and the order), as api-evangelist/clover keeps it.

Its list holds what was paid at the shop's own tills as well, so it is no list of what Hosted Checkout tells.
"""

from typing import Any

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.sale import RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, Asking, KeyWords, Problem
from shopwatch.providers.asking import address, ask, bearer, called, get, parts_of, refuse, sold
from shopwatch.providers.listing import either
from shopwatch.providers.reading import Meaning, find, ident, in_minor, text

_HOST, _SANDBOX = "api.clover.com", "apisandbox.dev.clover.com"
_PAID = frozenset({"SUCCESS", "VOIDED"})


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The payment in the currency of its order, and what was given back of it so far."""
    del options
    merchant, token = parts_of(key, 2)
    payment_id = sold(event).order_id

    def payment(host: str) -> Asking[dict[str, Any]]:
        url = address(f"https://{host}/v3/merchants", merchant, "payments", payment_id, expand="order,refunds")
        return (yield from ask(get(url, Authorization=bearer(token))))

    told, live = yield from either(payment, _HOST, _SANDBOX)
    if called(event)[2] != merchant:
        raise ApiFailure(Problem.OTHER_ACCOUNT)
    if ident(told, "id") != payment_id:
        refuse()
    result = text(told, "result")
    if result == "FAIL":
        return ()
    if result not in _PAID:
        refuse()  # an authorisation or what is under way is no money yet, and the message said that it is approved
    currency = find(told, "order", "currency")
    amount, amount_text = in_minor(find(told, "amount"), currency)
    claim = SaleClaim(payment_id, amount, number=ident(told, "externalReferenceId"), amount_text=amount_text)
    found = [Meaning(Kind.SALE, claim, event.occurred_at, links=event.links, live=live)]
    for refund in _refunds(told):
        back, unclear = in_minor(find(refund, "amount"), currency)
        given = RefundClaim(payment_id, back, ident(refund, "id") or payment_id, amount_text=unclear)
        found.append(Meaning(Kind.REFUND, given, event.occurred_at, live=live))
    if result == "VOIDED":
        found.append(Meaning(Kind.REFUND, RefundClaim(payment_id, None, payment_id), event.occurred_at, live=live))
    return tuple(found)


def _refunds(payment: dict[str, Any]) -> list[dict[str, Any]]:
    """Expanded fields stand within `elements`."""
    found = find(payment, "refunds", "elements")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


CLOVER_API = Api(
    provider="clover",
    key=KeyWords(
        label="merchant ID and API token",
        found="In Clover’s dashboard under Settings, View all settings, Business operations, API tokens.",
        scopes=("Payments: read", "Orders: read"),
        parts=2,
    ),
    hosts=(_HOST, _SANDBOX),
    needed=True,
    fetch=_fetch,
)
