"""Flutterwave's API of version 3: charges, which the messages of that version only claim. Facts: Flutterwave/Node-v3
("Get all transactions", "Verify transaction") and developer.flutterwave.com ("Transaction verification")."""

from typing import Any

from shopwatch.domain.clock import DAY
from shopwatch.domain.delivery import Headers
from shopwatch.domain.event import Event
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import address, ask, bearer, get, refuse, sold
from shopwatch.providers.flutterwave import paid
from shopwatch.providers.listing import entries, iso, raw_of, saying, standing
from shopwatch.providers.reading import Meaning, Message, find, ident, text

_HOST = "api.flutterwave.com"
_TRANSACTIONS = f"https://{_HOST}/v3/transactions"
_PAID = "successful"
_LISTED = "charge.completed"


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The charge, if it was paid; what the message said of it is of no weight."""
    del options
    charge = sold(event).order_id
    told = find((yield from ask(get(address(_TRANSACTIONS, charge, "verify"), Authorization=bearer(key)))), "data")
    if ident(told, "id") != charge:
        refuse()
    return (_sale(told, event.occurred_at),) if text(told, "status") == _PAID else ()


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Transactions from a day on, in numbered pages that say how many there are."""
    del options
    number = place.mark or "1"
    if not (number.isascii() and number.isdigit()):
        refuse()
    url = address(_TRANSACTIONS, **{"from": iso(place.since - DAY)[:10]}, page=int(number))
    told = yield from ask(get(url, Authorization=bearer(key)))
    found = saying(entries(told, "data"), "id", "status")
    listed = tuple(
        one
        for each in found
        if text(each, "status") == _PAID
        for one in standing(_LISTED, (_sale(each, place.at),), raw_of(each))
    )
    last = find(told, "meta", "page_info", "total_pages")
    if type(last) is not int:
        refuse()
    return Page(listed, str(int(number) + 1), more=True) if found and int(number) < last else Page(listed)


def _sale(charge: Any, at: int) -> Meaning:
    return paid(Message({}, Headers(), _LISTED, at), charge)


FLUTTERWAVE_API = Api(
    provider="flutterwave",
    key=KeyWords(
        label="Secret key",
        found="In Flutterwave’s dashboard under Settings, API keys; that of version 3 begins with “FLWSECK”.",
        prefixes=("FLWSECK",),
    ),
    hosts=(_HOST,),
    fetch=_fetch,
    missed=_missed,
)
