"""Authorize.Net's API: transactions, of which messages tell neither currency nor customer, and webhooks. Facts: its SDK
for Python (authorizenet 1.1.6: AnetApiSchema.xsd, whose details of a transaction name no currency: those of the
merchant do), stymiee/authnetjson (hosts, and examples of all answers), and developer.authorize.net/api ("Get
transaction details", "Get merchant details", "Get unsettled transaction list", "Get settled batch list", "Webhooks").
"""

import json
import re
from decimal import Decimal
from typing import Any

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import DAY, SECOND
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import (
    Api,
    ApiFailure,
    ApiProblem,
    ApiRequest,
    ApiResponse,
    Asking,
    KeyWords,
    Listed,
    MissedPage,
    Place,
)
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import either, entries, iso, objects, raw_of, saying, standing
from shopwatch.providers.api_kit.registering import (
    EndpointRegister,
    Hook,
    Types,
    deleted,
    endpoints,
    sending,
    words,
    written,
)
from shopwatch.providers.api_kit.requests import (
    address,
    ask_list,
    basic,
    called,
    get,
    list_at,
    parts_of,
    read_object,
    refuse,
)
from shopwatch.providers.kit.reading import (
    LONGEST_ANSWER,
    Meaning,
    api_call,
    find,
    ident,
    in_decimals,
    items,
    joined,
    moment,
    quantity,
    text,
)
from shopwatch.providers.senders.authorize_net import AUTHORIZE_NET, DETAILS

_HOST, _SANDBOX = "api.authorize.net", "apitest.authorize.net"
_MARK = b"\xef\xbb\xbf"
_PROBLEMS = {
    "E00005": ApiProblem.KEY_REFUSED,
    "E00006": ApiProblem.KEY_REFUSED,
    "E00007": ApiProblem.KEY_REFUSED,
    "E00008": ApiProblem.KEY_REFUSED,
    "E00010": ApiProblem.KEY_NARROW,
    "E00011": ApiProblem.KEY_NARROW,
    "E00040": ApiProblem.NOT_FOUND,
}
_REFUND = "refundTransaction"
_LISTED = "net.authorize.payment.listed"
_TAKEN = frozenset({"capturedPendingSettlement", "settledSuccessfully"})
_GIVEN_BACK = frozenset({"refundPendingSettlement", "refundSettledSuccessfully"})
_BESIDE = frozenset({"messages", "refId", "sessionToken", "totalNumInResultSet"})
_DIGITS = re.compile(r"[0-9]{1,15}", re.ASCII)
_PAGE = 1_000
_WEBHOOKS = "/rest/v1/webhooks"
# The longest span of batches that is told at once is 31 days.
_MONTH = 30 * DAY
_NO_MONEY = frozenset({"declined", "expired", "generalError", "failedReview", "communicationError"})


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The sale with its customer, the sale that a refund is of, or what was undone; in the merchant's one currency."""
    del options
    transaction = called(event)[-1]

    def details(host: str) -> Asking[dict[str, Any]]:
        return (yield from _ask_json(host, key, "getTransactionDetailsRequest", transId=transaction))

    told, live = yield from either(details, _HOST, _SANDBOX)
    found = find(told, "transaction")
    if ident(found, "transId") != transaction:
        refuse()
    if text(found, "transactionStatus") in _NO_MONEY:
        return ()
    currency = yield from _ask_currency(_HOST if live else _SANDBOX, key)
    return _read_meanings(event, found, currency, live=live)


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """What is not settled yet, and then what is, batch by batch: each transaction stands in one of the two lists."""
    del options
    stage, _, rest = place.mark.partition("/")
    if not stage or stage == "unsettled":
        return (yield from _ask_unsettled(place, key, _page_numbers(rest or "1", 1)[0]))
    return (yield from _ask_settled(place, key, *_page_numbers(rest if stage == "settled" else "", 3)))


def _page_numbers(mark: str, count: int) -> list[int]:
    found = mark.split("/")
    return [int(each) for each in found] if len(found) == count and all(map(_DIGITS.fullmatch, found)) else refuse()


def _ask_unsettled(place: Place, key: str, number: int) -> Asking[MissedPage]:
    told, live = yield from either(
        lambda host: _ask_json(host, key, "getUnsettledTransactionListRequest", **_page(number)), _HOST, _SANDBOX
    )
    listed, full = yield from _ask_list_entries(told, place, key, live=live)
    return MissedPage(listed, f"unsettled/{number + 1}" if full else f"settled/{place.since // SECOND}/0/1", more=True)


def _ask_settled(place: Place, key: str, since: int, batch: int, number: int) -> Asking[MissedPage]:
    """One page of the batch of this place among those that were settled in the month from `since` on."""
    until = since + _MONTH // SECOND
    span = {"firstSettlementDate": iso(since * SECOND), "lastSettlementDate": iso(until * SECOND)}
    told, live = yield from either(
        lambda host: _ask_json(host, key, "getSettledBatchListRequest", **span), _HOST, _SANDBOX
    )
    # Where there is nothing, not even the list is told.
    batches = sorted(ident(each, "batchId") or refuse() for each in _list_entries(told, "batchList"))
    listed: tuple[Listed, ...] = ()
    if batch < len(batches):
        asked = {"batchId": batches[batch], **_page(number)}
        told = yield from _ask_json(_HOST if live else _SANDBOX, key, "getTransactionListRequest", **asked)
        listed, full = yield from _ask_list_entries(told, place, key, live=live)
        if full:
            return MissedPage(listed, f"settled/{since}/{batch}/{number + 1}", more=True)
    if batch + 1 < len(batches):
        return MissedPage(listed, f"settled/{since}/{batch + 1}/1", more=True)
    return MissedPage(listed, f"settled/{until}/0/1", more=True) if until * SECOND < place.at else MissedPage(listed)


def _page(number: int) -> dict[str, Any]:
    return {"paging": {"limit": _PAGE, "offset": number}}


def _list_entries(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return entries(told, name) if set(told) - _BESIDE else []


def _ask_list_entries(
    told: dict[str, Any], place: Place, key: str, *, live: bool
) -> Asking[tuple[tuple[Listed, ...], bool]]:
    """What a list says, and whether it is a full page. Of which sale a refund is, the refund itself is asked."""
    found = saying(_list_entries(told, "transactions"), "transId", "transactionStatus")
    host = _HOST if live else _SANDBOX
    currency = (yield from _ask_currency(host, key)) if found else None
    listed: list[Listed] = []
    for each in found:
        at = moment(each, "submitTimeUTC", otherwise=place.at)
        status, own = text(each, "transactionStatus"), ident(each, "transId")
        meanings: tuple[Meaning, ...] = ()
        if status in _GIVEN_BACK:
            details = yield from _ask_json(host, key, "getTransactionDetailsRequest", transId=own)
            whole = find(details, "transaction")
            if ident(whole, "transId") != own:
                refuse()
            meanings = _read_meanings(Event("", _LISTED, Kind.REFUND, at), whole, currency, live=live)
        elif status in _TAKEN:
            amount, unclear = in_decimals(find(each, "settleAmount"), currency)
            name = joined(text(each, "firstName"), text(each, "lastName"))
            claim = SaleClaim(own, amount, ident(each, "invoiceNumber"), name, amount_text=unclear)
            meanings = (Meaning(Kind.SALE, claim, at, live=live, needs_fetch=api_call(DETAILS, own)),)
        elif status == "voided":
            meanings = (Meaning(Kind.REFUND, RefundClaim(own, None, own), at, live=live),)
        listed += standing(_LISTED, meanings, raw_of(each))
    return tuple(listed), len(found) >= _PAGE


def _ask_currency(host: str, key: str) -> Asking[Any]:
    """The merchant's own; None where it has several, for a transaction does not say which."""
    currencies = list_at((yield from _ask_json(host, key, "getMerchantDetailsRequest")), "currencies")
    return currencies[0] if len(currencies) == 1 else None


def _read_meanings(event: Event, told: dict[str, Any], currency: Any, *, live: bool) -> tuple[Meaning, ...]:
    own, of = ident(told, "transId"), ident(told, "refTransId")
    amount, unclear = in_decimals(find(told, "settleAmount"), currency)
    voided, back = text(told, "transactionStatus") == "voided", text(told, "transactionType") == _REFUND
    # A payment that is undone before it is settled goes back whole; a refund that is undone does not go back.
    undone = Meaning(Kind.REFUND, RefundClaim(own, None, own), event.occurred_at, live=live)
    if back:
        given = RefundClaim(of or refuse(), amount, own, failed=voided, amount_text=unclear)
        return (Meaning(Kind.REFUND, given, event.occurred_at, live=live),)
    if event.kind is not Kind.SALE:
        return (undone,) if voided else ()
    person = find(told, "billTo")
    claim = SaleClaim(
        order_id=own,
        amount=amount,
        number=ident(told, "order", "invoiceNumber"),
        name=joined(text(person, "firstName"), text(person, "lastName")),
        email=text(told, "customer", "email"),
        items=items(find(told, "lineItems"), lambda line: _read_item(line, currency)),
        amount_text=unclear,
    )
    sale = Meaning(Kind.SALE, claim, event.occurred_at, live=live)
    return (sale, undone) if voided else (sale,)


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    """Quantities may have decimals."""
    name, count = text(line, "name"), line.get("quantity")
    whole = int(count) if isinstance(count, Decimal) and count == count.to_integral_value() else count
    return Item(name, quantity(whole), in_decimals(line.get("unitPrice"), currency)[0]) if name else None


def _ask_json(host: str, key: str, name: str, **more: Any) -> Asking[dict[str, Any]]:
    """One question, answered 200 also where there is a problem, by JSON behind a byte order mark."""
    login, secret = parts_of(key, 2)
    body = json.dumps({name: {"merchantAuthentication": {"name": login, "transactionKey": secret}, **more}}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    response = yield ApiRequest("POST", f"https://{host}/xml/v1/request.api", headers, body, reads=True)
    bare = ApiResponse(response.status, response.headers, response.body.removeprefix(_MARK))
    told = read_object(bare)
    if text(told, "messages", "resultCode") == "Ok":
        return told
    messages = find(told, "messages", "message")
    code = text(messages[0], "code") if isinstance(messages, list) and messages else ""
    raise ApiFailure(_PROBLEMS.get(code, ApiProblem.UNREADABLE))


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The webhooks of the account, which all are signed by its one Signature Key."""
    del options
    shown = basic(*parts_of(key, 2))

    def ask_hooks(host: str) -> Asking[list[Any]]:
        return ask_list(get(f"https://{host}{_WEBHOOKS}", Authorization=shown))

    found, live = yield from either(ask_hooks, _HOST, _SANDBOX)
    url = f"https://{_HOST if live else _SANDBOX}{_WEBHOOKS}"

    def send_hook(method: str, at: str, wanted: Wanted, types: Types) -> Asking[Hook]:
        told = {"url": wanted.url, "eventTypes": list(types), "status": "active"}
        return _read_hook((yield from written(sending(method, at, told, Authorization=shown))))

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        return send_hook("POST", url, wanted, types)

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        return send_hook("PUT", address(url, hook.id), wanted, types)

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(url, hook_id), {"Authorization": shown}))

    return EndpointRegister([_read_hook(each) for each in objects(found)], add_hook, drop_hook, change_hook)


def _read_hook(told: dict[str, Any]) -> Hook:
    return Hook(
        ident(told, "webhookId"),
        text(told, "url", most=LONGEST_ANSWER),
        words(find(told, "eventTypes")),
        Standing.ON if text(told, "status") == "active" else Standing.OFF,
    )


AUTHORIZE_NET_API = Api(
    provider="authorize-net",
    key=KeyWords(
        label="API Login ID and Transaction Key",
        found="Under Account, Settings, Security Settings, API Credentials and Keys.",
        scopes=("Transaction Details API",),
        parts=2,
    ),
    hosts=(_HOST, _SANDBOX),
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
    pace=300,
    endpoints=endpoints(_open_register, AUTHORIZE_NET.readers),
)
