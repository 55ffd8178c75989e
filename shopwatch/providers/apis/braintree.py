"""Braintree's API: transactions and disputes that were missed, and card sales and refunds, of which no message comes.
Facts: braintree 4.48.0 for Python (hosts, headers, XML, `transactions/advanced_search_ids` and `advanced_search`,
`disputes/advanced_search`, statuses), and developer.paypal.com/braintree ("Dispute: Search": whom it is open to, and
that `effective_date` is that of any event in its history; "Transaction: Submit For Partial Settlement").
"""

import re
from html import escape
from typing import Any

from msgspec.structs import replace

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import RefundClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiRequest, Asking, KeyWords, Listed, MissedPage, Place
from shopwatch.providers.api_kit.pagination import either, iso, objects, raw_of, saying, standing, states
from shopwatch.providers.api_kit.requests import MOST_PARTS, address, basic, check, parts_of, refuse, understood
from shopwatch.providers.kit.reading import Meaning, Unreadable, find, ident, in_decimals, moment, text
from shopwatch.providers.kit.xml_body import elements, listed, xml_object
from shopwatch.providers.senders.braintree import BRAINTREE

_HOST, _SANDBOX = "api.braintreegateway.com", "api.sandbox.braintreegateway.com"
_SALE, _LISTED = "transaction_settled", "transaction_listed"
_TAKEN = frozenset({"submitted_for_settlement", "settling", "settlement_confirmed", "settled"})
_UNDONE = frozenset({"voided", "failed", "settlement_declined", "settlement_failed"})
_DECLINED = ("settlement_declined", "settlement_failed")
_DECLINED_IN = 30 * DAY
"""By when the bank declined, nothing can be searched; it does so within days."""
_DISPUTES = "disputes"
_SEARCHES = ("submitted_for_settlement_at", "settled_at", "voided_at", "failed_at", "created_at", _DISPUTES)
"""What is searched by, one after the other; by the time when it was made what was declined."""
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """A page of one search. What is in the sandbox counts nothing."""
    del options
    by, _, mark = (place.mark or _SEARCHES[0]).partition("/")
    if by not in _SEARCHES:
        refuse()

    def ask_page(host: str) -> Asking[MissedPage]:
        return _ask_dispute(host, place, key, mark) if by == _DISPUTES else _ask_sold(host, place, key, by, mark)

    found, live = yield from either(ask_page, _HOST, _SANDBOX)
    if live:
        return found
    return MissedPage(
        tuple(Listed(replace(each.event, live=False), each.raw) for each in found.listed), found.mark, found.more
    )


def _ask_sold(host: str, place: Place, key: str, by: str, mark: str) -> Asking[MissedPage]:
    """The ids of all that is found, in their own order so that no page leaves one out, and those behind `mark`."""
    search = _since_criterion(by, place.since)
    if by == "created_at":
        search = _since_criterion(by, place.since - _DECLINED_IN) + _any_of("status", _DECLINED)
    told = find((yield from _ask_json(host, key, search, "transactions", "advanced_search_ids")), "search_results")
    waiting = sorted(each for each in _read_ids(find(told, "ids")) if each > mark)
    here = waiting[: _read_number(find(told, "page_size"))]
    following = f"{by}/{here[-1]}" if len(here) < len(waiting) else _SEARCHES[_SEARCHES.index(by) + 1]
    if not here:
        return MissedPage((), following, more=True)
    told = yield from _ask_json(host, key, search + _any_of("ids", here), "transactions", "advanced_search")
    found = find(told, "credit_card_transactions")
    transactions = (
        saying(objects(listed(found, "transaction")), "id", "type", "status") if found is not None else refuse()
    )
    if not transactions or not {ident(each, "id") for each in transactions} <= set(here):
        refuse()
    return MissedPage(
        tuple(one for each in transactions for one in _read_transaction(each, place.at)), following, more=True
    )


def _read_transaction(transaction: dict[str, Any], at: Instant) -> tuple[Listed, ...]:
    """What was taken or given back, once it is on its way to the bank, and whether that came to nothing.

    What is settled in parts says so itself, and each part is a transaction of its own.
    """
    status, course = text(transaction, "status"), elements(find(transaction, "status_history"))
    taken = [moment(each, "timestamp", otherwise=at) for each in course if text(each, "status") in _TAKEN]
    if elements(find(transaction, "partial_settlement_transaction_ids")) or not (taken or status in _TAKEN):
        return ()
    when = min(taken) if taken else moment(transaction, "created_at", otherwise=at)
    undone_at = moment(transaction, "updated_at", otherwise=when) if status in _UNDONE else None
    if text(transaction, "type") == "credit":
        return standing(_LISTED, _given_back(transaction, when, failed=undone_at is not None), raw_of(transaction))
    payment = {"payment_id": ident(transaction, "local_payment", "payment_id")}
    body = {"subject": {"transaction": transaction, "local_payment": payment}}
    meanings = [understood(BRAINTREE, _SALE, body, Event("", _SALE, Kind.SALE, when))]
    if undone_at is not None and meanings[0] is not None:
        own = ident(transaction, "id")
        meanings.append(Meaning(Kind.REFUND, RefundClaim(own, None, own), undone_at))
    return standing(_LISTED, meanings, raw_of(transaction))


def _given_back(transaction: dict[str, Any], at: Instant, *, failed: bool) -> tuple[Meaning, ...]:
    """Money that is given to somebody who paid nothing before is of no sale."""
    of = ident(transaction, "refunded_transaction_id")
    amount, unclear = in_decimals(find(transaction, "amount"), find(transaction, "currency_iso_code"))
    claim = RefundClaim(of, amount, ident(transaction, "id"), failed=failed, amount_text=unclear)
    return (Meaning(Kind.REFUND, claim, at),) if of else ()


def _ask_dispute(host: str, place: Place, key: str, mark: str) -> Asking[MissedPage]:
    """Disputes of which something happened since; some accounts may not ask for them."""
    number = _read_number(mark or "1")
    search = _since_criterion("effective_date", place.since - DAY)  # it is a day, of no time zone that is told
    try:
        told = yield from _ask_json(host, key, search, _DISPUTES, "advanced_search", page=number)
    except ApiFailure as failure:
        if failure.problem not in (ApiProblem.KEY_NARROW, ApiProblem.NOT_FOUND):
            raise
        return MissedPage(())
    found = find(told, _DISPUTES)
    cases = saying(objects(listed(found, "dispute")), "id", "status")
    told_of = tuple(one for each in cases for one in _read_dispute(each, place.at))
    total = text(found, "total_items")
    if total == "0" or number * _read_number(find(found, "page_size")) >= _read_number(total):
        return MissedPage(told_of)
    return MissedPage(told_of, f"{_DISPUTES}/{number + 1}", more=True)


def _read_dispute(dispute: dict[str, Any], at: Instant) -> tuple[Listed, ...]:
    kind = f"dispute_{text(dispute, 'status')}"
    when = moment(dispute, "updated_at", "created_at", otherwise=at)
    body = {"subject": {"dispute": dispute}}
    known = kind if kind in BRAINTREE.readers else "dispute_opened"
    return states(BRAINTREE, known, (dispute,), when, body=lambda _: body)


def _ask_json(host: str, key: str, search: str, *steps: str, **query: int) -> Asking[dict[str, Any]]:
    """One search, which is told by XML and answered by XML. Raises ApiFailure."""
    merchant, public, private = parts_of(key, 3)
    url = address(f"https://{host}/merchants", merchant, *steps, **query)
    headers = {"Accept": "application/xml", "Content-Type": "application/xml", "X-ApiVersion": "6"}
    body = f"<search>{search}</search>".encode()
    response = yield ApiRequest("POST", url, {**headers, "Authorization": basic(public, private)}, body, reads=True)
    check(response)
    try:
        return xml_object(response.body, MOST_PARTS)
    except Unreadable:
        refuse()


def _since_criterion(name: str, at: Instant) -> str:
    return f'<{name}><min type="datetime">{iso(at)}</min></{name}>'


def _any_of(name: str, values: tuple[str, ...] | list[str]) -> str:
    return f'<{name} type="array">{"".join(f"<item>{escape(each)}</item>" for each in values)}</{name}>'


def _read_ids(told: Any) -> list[str]:
    found = elements(told) if told is not None else refuse()
    return found if all(isinstance(each, str) and ident(each) for each in found) else refuse()


def _read_number(told: Any) -> int:
    return int(told) if isinstance(told, str) and _NUMBER.fullmatch(told) else refuse()


BRAINTREE_API = Api(
    provider="braintree",
    key=KeyWords(
        label="merchant ID, public key and private key",
        found="In its Control Panel under API, Keys. Paste all three in this order, with a colon between.",
        parts=3,
    ),
    hosts=(_HOST, _SANDBOX),
    missed=_ask_missed,
)
