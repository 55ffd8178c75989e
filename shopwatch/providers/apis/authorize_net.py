"""Authorize.Net's API: transactions, of which messages tell neither currency nor customer. Facts: its SDK for Python
(authorizenet 1.1.6: the hosts; AnetApiSchema.xsd, whose details of a transaction name no currency: those of the
merchant do) and developer.authorize.net/api ("Get transaction details", "Get merchant details", "Response codes")."""

import json
from decimal import Decimal
from typing import Any

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiRequest, ApiResponse, Asking, KeyWords, Problem
from shopwatch.providers.asking import called, parts_of, read_object, refuse
from shopwatch.providers.listing import either
from shopwatch.providers.reading import Meaning, find, ident, in_decimals, items, joined, quantity, text

_HOST, _SANDBOX = "api2.authorize.net", "apitest.authorize.net"
_MARK = b"\xef\xbb\xbf"
_PROBLEMS = {
    "E00005": Problem.KEY_REFUSED,
    "E00006": Problem.KEY_REFUSED,
    "E00007": Problem.KEY_REFUSED,
    "E00008": Problem.KEY_REFUSED,
    "E00010": Problem.KEY_NARROW,
    "E00011": Problem.KEY_NARROW,
    "E00040": Problem.NOT_FOUND,
}
_REFUND = "refundTransaction"
_NO_MONEY = frozenset({"declined", "expired", "generalError", "failedReview", "communicationError"})


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The sale with its customer, the sale that a refund is of, or what was undone; in the merchant's one currency."""
    del options
    transaction = called(event)[-1]

    def details(host: str) -> Asking[dict[str, Any]]:
        return (yield from _asked(host, key, "getTransactionDetailsRequest", transId=transaction))

    told, live = yield from either(details, _HOST, _SANDBOX)
    found = find(told, "transaction")
    if ident(found, "transId") != transaction:
        refuse()
    if text(found, "transactionStatus") in _NO_MONEY:
        return ()
    merchant = yield from _asked(_HOST if live else _SANDBOX, key, "getMerchantDetailsRequest")
    currencies = find(merchant, "currencies")
    currency = currencies[0] if isinstance(currencies, list) and len(currencies) == 1 else None
    return _meanings(event, found, currency, live=live)


def _meanings(event: Event, told: dict[str, Any], currency: Any, *, live: bool) -> tuple[Meaning, ...]:
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
        items=items(find(told, "lineItems"), lambda line: _item(line, currency)),
        amount_text=unclear,
    )
    sale = Meaning(Kind.SALE, claim, event.occurred_at, live=live)
    return (sale, undone) if voided else (sale,)


def _item(line: dict[str, Any], currency: Any) -> Item | None:
    """Quantities may have decimals."""
    name, count = text(line, "name"), line.get("quantity")
    whole = int(count) if isinstance(count, Decimal) and count == count.to_integral_value() else count
    return Item(name, quantity(whole), in_decimals(line.get("unitPrice"), currency)[0]) if name else None


def _asked(host: str, key: str, name: str, **more: str) -> Asking[dict[str, Any]]:
    """One question, answered 200 also where there is a problem, by JSON behind a byte order mark."""
    login, secret = parts_of(key, 2)
    body = json.dumps({name: {"merchantAuthentication": {"name": login, "transactionKey": secret}, **more}}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    response = yield ApiRequest("POST", f"https://{host}/xml/v1/request.api", headers, body)
    bare = ApiResponse(response.status, response.headers, response.body.removeprefix(_MARK))
    told = read_object(bare)
    if text(told, "messages", "resultCode") == "Ok":
        return told
    messages = find(told, "messages", "message")
    code = text(messages[0], "code") if isinstance(messages, list) and messages else ""
    raise ApiFailure(_PROBLEMS.get(code, Problem.UNREADABLE))


AUTHORIZE_NET_API = Api(
    provider="authorize-net",
    key=KeyWords(
        label="API Login ID and Transaction Key",
        found="Under Account, Settings, Security Settings, API Credentials and Keys.",
        scopes=("Transaction Details API",),
        parts=2,
    ),
    hosts=(_HOST, _SANDBOX),
    fetch=_fetch,
)
