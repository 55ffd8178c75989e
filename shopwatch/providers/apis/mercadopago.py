"""Mercado Pago's API: payments, which its messages only hint at. Facts: the mercadopago SDKs (npm 3.6.1, PyPI 3.6.0:
the types of a payment, of its refunds and of a search, and the paths), and mercadopago.com/developers (payments
search).

A payment that was charged back, or that its buyer complains about, says so in its own state.
"""

from typing import Any

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money, from_decimal
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.pagination import entries, following, iso, moments, raw_of, saying, standing, step
from shopwatch.providers.api_kit.requests import address, ask, bearer, get, refuse
from shopwatch.providers.kit.reading import Meaning, find, ident, in_decimals, items, joined, moment, quantity, text

_HOST = "api.mercadopago.com"
_PAYMENTS = f"https://{_HOST}/v1/payments"
_PAGE = 30
_DISPUTED = frozenset({"charged_back", "in_mediation"})
_PAID = frozenset({"approved", "refunded"}) | _DISPUTED
_OUTCOMES = {"settled": DisputeState.LOST, "reimbursed": DisputeState.WON}


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """Of a message or a hint, all that the payment has come to."""
    del options
    payment_id = event.claim.order_id if event.claim is not None else event.id
    payment = yield from ask(get(address(_PAYMENTS, payment_id), Authorization=bearer(key)))
    if ident(payment, "id") != payment_id:
        refuse()
    ours = yield from _ask_account(key)
    return _read_payment(payment, ours, moment(payment, "date_approved", "date_created", otherwise=event.occurred_at))


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Payments by the time of their last change."""
    del options
    here = step(place)
    asked: dict[str, str | int] = {
        "range": "date_last_updated",
        "begin_date": f"{iso(here[0])[:-1]}.000Z",
        "end_date": "NOW",
    }
    asked |= {"sort": "date_last_updated", "criteria": "asc", "limit": _PAGE, "offset": (here[1] - 1) * _PAGE}
    told = yield from ask(get(address(_PAYMENTS, "search", **asked), Authorization=bearer(key)))
    payments = saying(entries(told, "results"), "id", "status")
    ours = (yield from _ask_account(key)) if payments else ""
    listed = tuple(
        one
        for each in payments
        for one in standing(
            "payment.updated",
            _read_payment(each, ours, moment(each, "date_approved", "date_created", otherwise=place.at)),
            raw_of(each),
        )
    )
    if len(payments) < _PAGE:
        return MissedPage(listed)
    return MissedPage(listed, following(here, *moments(payments, "date_last_updated")), more=True)


def _ask_account(key: str) -> Asking[str]:
    """Whose key it is: what the owner bought with the same account is listed as well."""
    told = yield from ask(get(f"https://{_HOST}/users/me", Authorization=bearer(key)))
    return ident(told, "id") or refuse()


def _read_payment(payment: dict[str, Any], ours: str, at: int) -> tuple[Meaning, ...]:
    """The sale, and beside it what was given back and what is disputed of it."""
    payment_id, status = ident(payment, "id"), text(payment, "status")
    if status not in _PAID or ident(payment, "collector_id") not in ("", ours):
        return ()
    live = find(payment, "live_mode") is not False
    amount, amount_text = _read_money(payment, "transaction_amount")
    payer, currency = find(payment, "payer"), find(payment, "currency_id")
    claim = SaleClaim(
        order_id=payment_id,
        amount=amount,
        number=ident(payment, "external_reference"),
        name=joined(text(payer, "first_name"), text(payer, "last_name")),
        email=text(payer, "email"),
        items=items(find(payment, "additional_info", "items"), lambda line: _read_item(line, currency)),
        amount_text=amount_text,
    )
    found = [Meaning(Kind.SALE, claim, at, live=live)]
    back, unclear = _read_money(payment, "transaction_amount_refunded")
    if (back is not None and back.minor) or unclear or status == "refunded":
        known = back if back is not None and back.minor else None
        given = RefundClaim(payment_id, known, payment_id, cumulative=True, amount_text=unclear)
        found.append(Meaning(Kind.REFUND, given, at, live=live))
    if status in _DISPUTED:
        state = _OUTCOMES.get(text(payment, "status_detail"), DisputeState.OPEN)
        case = DisputeClaim(payment_id, amount, payment_id, state, amount_text)
        found.append(Meaning(Kind.DISPUTE, case, at, live=live))
    return tuple(found)


def _read_money(payment: dict[str, Any], name: str) -> tuple[Money | None, str]:
    """Numbers in major units, read as they are written."""
    value = find(payment, name)
    return (None, "") if value is None else in_decimals(value, find(payment, "currency_id"))


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name, unit = text(line, "title"), from_decimal(str(line.get("unit_price")), currency)
    return Item(name, quantity(line.get("quantity")), unit) if name else None


MERCADOPAGO_API = Api(
    provider="mercadopago",
    key=KeyWords(
        label="Access token",
        found="Open your application in Mercado Pago under Your integrations, then Production credentials.",
        prefixes=("APP_USR-", "TEST-"),
    ),
    hosts=(_HOST,),
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
)
