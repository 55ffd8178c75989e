"""Paystack's API: transactions, refunds and disputes. Facts: PaystackOSS/openapi and PaystackOSS/doc-code-snippets
(List Transactions, List Refunds, List Disputes). Where a webhook goes no call can change."""

from typing import Any

from shopwatch.domain.instant import DAY
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Listed, MissedPage, Place
from shopwatch.providers.api_kit.pagination import entries, iso, raw_of, saying, standing, states
from shopwatch.providers.api_kit.requests import MOST_PAGES, address, ask, bearer, get, refuse
from shopwatch.providers.kit.reading import Meaning, find, ident, in_hundredths, moment, text
from shopwatch.providers.senders.paystack import PAYSTACK

_HOST = "api.paystack.co"
_PAGE = 100
_FOLLOWING = {"transaction": "refund/1", "refund": "dispute/1", "dispute": ""}
_PAID = frozenset({"success", "reversed"})
"""What is all given back was paid before."""


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Transactions, then refunds, then disputes; by the time of their making, and they change for days."""
    what, _, page = (place.mark or "transaction/1").partition("/")
    if what not in _FOLLOWING:
        refuse()
    if what == "refund":
        return MissedPage((yield from _given_back(place, key)), _FOLLOWING[what], more=True)
    told = yield from _ask_page(key, what, page, **{"from": iso(place.since)})
    found = saying(entries(told, "data"), "id", "status")
    if what == "transaction":
        paid = [each | {"status": "success"} for each in found if text(each, "status") in _PAID]
        listed = states(PAYSTACK, "charge.success", paid, place.at, body=_read_data, options=options)
    else:
        listed = states(PAYSTACK, "charge.dispute.create", found, place.at, body=_read_data, options=options)
    if following := _next_page(told, page):
        return MissedPage(listed, f"{what}/{following}", more=True)
    return MissedPage(listed, _FOLLOWING[what], more=bool(_FOLLOWING[what]))


def _given_back(place: Place, key: str) -> Asking[tuple[Listed, ...]]:
    """Here refunds are known by other numbers than in messages, so of each transaction it is told what all of them come
    to; and they all are read, because some may be older than what was missed."""
    refunds: dict[str, list[dict[str, Any]]] = {}
    page = "1"
    for _ in range(MOST_PAGES):
        told = yield from _ask_page(key, "refund", page)
        for each in saying(entries(told, "data"), "id", "status"):
            if text(each, "status") == "processed":
                about = ident(each, "transaction") or ident(each, "transaction", "id") or refuse()
                refunds.setdefault(about, []).append(each)
        page = _next_page(told, page)
        if not page:
            break
    else:
        refuse()
    return tuple(one for about, each in refunds.items() for one in _sum_refunds(about, each, place))


def _sum_refunds(transaction: str, refunds: list[dict[str, Any]], place: Place) -> tuple[Listed, ...]:
    last = max(refunds, key=lambda each: moment(each, "refunded_at", "updated_at", "created_at", otherwise=0))
    at = moment(last, "refunded_at", "updated_at", "created_at", otherwise=place.at)
    if at < place.since:
        return ()
    amounts = [in_hundredths(find(each, "amount"), find(each, "currency"))[0] for each in refunds]
    known = [each for each in amounts if each is not None]
    one_currency = len(known) == len(amounts) and len({each.currency for each in known}) == 1
    amount = Money(sum(each.minor for each in known), known[0].currency) if one_currency else None
    claim = RefundClaim(transaction, amount, transaction, cumulative=True, partial=amount is None)
    live = text(last, "domain") != "test"
    return standing("refund.processed", (Meaning(Kind.REFUND, claim, at, live=live),), raw_of(last))


def _ask_page(key: str, what: str, page: str, **more: str) -> Asking[dict[str, Any]]:
    """`page` is a number, or what the page before told of where the list goes on."""
    here = {"page": page} if _is_number(page) else {"use_cursor": "true", "next": page}
    asked: dict[str, str | int] = {"perPage": _PAGE, **here, **more}
    return ask(get(address(f"https://{_HOST}", what, **asked), Authorization=bearer(key)))


def _next_page(told: dict[str, Any], page: str) -> str:
    """The page that follows; empty where none does. Some lists say how many there are, and others where to go on; where
    neither is said, an empty one is the last."""
    meta = find(told, "meta")
    last, cursor = find(meta, "pageCount"), text(meta, "next")
    if cursor:
        return "" if cursor == page else cursor
    if not _is_number(page) or not entries(told, "data") or (isinstance(meta, dict) and "next" in meta):
        return ""
    return str(int(page) + 1) if type(last) is not int or int(page) < last else ""


def _is_number(page: str) -> bool:
    return page.isascii() and page.isdigit() and len(page) < 10


def _read_data(entry: dict[str, Any]) -> dict[str, Any]:
    return {"data": entry}


PAYSTACK_API = Api(
    provider="paystack",
    key=KeyWords(
        label="Live Secret Key",
        found="The same key as above: in Paystack under Settings, API Keys & Webhooks.",
        prefixes=("sk_live_", "sk_test_"),
    ),
    hosts=(_HOST,),
    missed=_ask_missed,
    overlap=14 * DAY,
    pace=300,
)
