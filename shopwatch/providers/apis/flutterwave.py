"""Flutterwave's API of version 3: charges, which the messages of that version only claim, and refunds, of which none
come. Facts: Flutterwave/Node-v3 ("Get all transactions", "Verify transaction"; a refund) and developer.flutterwave.com
("Transaction verification"; "Refunds": its members and statuses). In the list of refunds several public clients read
two of the members by other names; of chargebacks the members are not published.
"""

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import RefundClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Listed, MissedPage, Place
from shopwatch.providers.api_kit.pagination import entries, iso, raw_of, saying, standing
from shopwatch.providers.api_kit.requests import address, ask, bearer, get, refuse, sold
from shopwatch.providers.kit.reading import Meaning, Message, find, ident, in_decimals, moment, text
from shopwatch.providers.senders.flutterwave import paid

_HOST = "api.flutterwave.com"
_BASE = f"https://{_HOST}/v3"
_TEST = "FLWSECK_TEST"
_PAID = "successful"
_GIVEN_BACK, _FAILED = "completed", "failed"
_REFUNDS = "refunds"
_CHANGES_FOR = 30 * DAY
"""A refund is listed by the day on which it was made, and reaches the customer days later."""


@dataclass(frozen=True, slots=True)
class _Account:
    """What is asked with a key; those of the test mode say so."""

    key: str

    @property
    def live(self) -> bool:
        return not self.key.startswith(_TEST)

    def charge(self, charge: str) -> Asking[dict[str, Any]]:
        url = address(f"{_BASE}/transactions", charge, "verify")
        told = find((yield from ask(get(url, Authorization=bearer(self.key)))), "data")
        return told if isinstance(told, dict) and ident(told, "id") == charge else refuse()

    def page(self, what: str, since: Instant, number: int) -> Asking[dict[str, Any]]:
        asked: dict[str, str | int | None] = {"from": iso(since)[:10], "page": number}
        return (yield from ask(get(address(_BASE, what, **asked), Authorization=bearer(self.key))))

    def sale(self, charge: Any, at: Instant) -> Meaning:
        told = paid(Message({}, Headers(), "charge.completed", at), charge)
        return told if self.live else replace(told, live=False)

    def refund(self, refund: dict[str, Any], at: Instant) -> Asking[tuple[Meaning, ...]]:
        """One that is on its way to the customer, and what has not reached them after all."""
        status = text(refund, "status")
        if not status.startswith(_GIVEN_BACK) and status != _FAILED:
            return ()
        charge = ident(refund, "tx_id") or ident(refund, "TransactionId") or refuse()
        currency = text(refund, "currency") or text((yield from self.charge(charge)), "currency")
        back = refund.get("amount_refunded", refund.get("AmountRefunded"))
        amount, unclear = in_decimals(back, currency)
        claim = RefundClaim(charge, amount, ident(refund, "id"), failed=status == _FAILED, amount_text=unclear)
        when = moment(refund, "created_at", "createdAt", otherwise=at)
        return (Meaning(Kind.REFUND, claim, when, live=self.live),)


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The charge, if it was paid; what the message said of it is of no weight."""
    del options
    account = _Account(key)
    told = yield from account.charge(sold(event).order_id)
    return (account.sale(told, event.occurred_at),) if text(told, "status") == _PAID else ()


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Transactions from a day on, and then refunds, in numbered pages that say how many there are."""
    del options
    what, _, number = (place.mark or "1").rpartition("/")
    if what not in ("", _REFUNDS) or not (number.isascii() and number.isdigit()):
        refuse()
    account, page = _Account(key), int(number)
    since = place.since - (_CHANGES_FOR if what else DAY)
    told = yield from account.page(what or "transactions", since, page)
    found = saying(entries(told, "data"), "id", "status")
    listed: list[Listed] = []
    for each in found:
        if what:
            meanings = yield from account.refund(each, place.at)
            listed += standing("refund.completed", meanings, raw_of(each))
        elif text(each, "status") == _PAID:
            listed += standing("charge.completed", (account.sale(each, place.at),), raw_of(each))
    last = find(told, "meta", "page_info", "total_pages")
    if type(last) is not int:
        refuse()
    if found and page < last:
        return MissedPage(tuple(listed), f"{what}/{page + 1}" if what else str(page + 1), more=True)
    return MissedPage(tuple(listed)) if what else MissedPage(tuple(listed), f"{_REFUNDS}/1", more=True)


FLUTTERWAVE_API = Api(
    provider="flutterwave",
    key=KeyWords(
        label="Secret key",
        found="In Flutterwave’s dashboard under Settings, API keys; that of version 3 begins with “FLWSECK”.",
        prefixes=("FLWSECK",),
    ),
    hosts=(_HOST,),
    fetch=_fetch_details,
    missed=_ask_missed,
)
