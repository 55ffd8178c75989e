"""Etsy's API: receipts, whose messages name no more than a number. Facts: developers.etsy.com (authentication,
getShopReceipt, "Request standards" on money)."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.event import Event
from shopwatch.domain.money import Money
from shopwatch.domain.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, NewKey
from shopwatch.providers.asking import address, ask, ask_token, bearer, called, filled, get, parts_of, refuse, sold
from shopwatch.providers.reading import Meaning, find, ident, in_decimals, items, quantity, text

_HOST = "openapi.etsy.com"
_TOKENS = "https://api.etsy.com/v3/public/oauth/token"
_LONGEST_TOKEN = 1_000
_DIVISORS = frozenset({1, 10, 100, 1_000})


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The receipt. Tokens live for an hour, so one is asked for each time; with it comes another refresh token."""
    del options
    order_id, steps = sold(event).order_id, called(event)
    app, secret, refresh = parts_of(key, 3)
    form = urlencode({"grant_type": "refresh_token", "client_id": app, "refresh_token": refresh}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    told = yield from ask_token(ApiRequest("POST", _TOKENS, headers, form, repeatable=False))
    if another := text(told, "refresh_token", most=_LONGEST_TOKEN):
        yield NewKey(f"{app}:{secret}:{another}")
    request = get(
        address(f"https://{_HOST}", *steps), Authorization=bearer(told["access_token"]), x_api_key=f"{app}:{secret}"
    )
    receipt = yield from ask(request)
    if ident(receipt, "receipt_id") != order_id:
        refuse()
    if find(receipt, "is_paid") is False:
        return ()
    amount, amount_text = _money(find(receipt, "grandtotal"))
    claim = SaleClaim(
        order_id=order_id,
        amount=amount,
        name=text(receipt, "name"),
        email=text(receipt, "buyer_email"),
        items=items(find(receipt, "transactions"), _item),
        amount_text=amount_text,
    )
    return filled(event, claim)


def _money(told: Any) -> tuple[Money | None, str]:
    """Etsy writes money as a whole number and what to divide it by."""
    amount, divisor = find(told, "amount"), find(told, "divisor")
    if type(amount) is not int or type(divisor) is not int or divisor not in _DIVISORS:
        return None, ""
    return in_decimals(Decimal(amount) / divisor, find(told, "currency_code"))


def _item(line: dict[str, Any]) -> Item | None:
    name = text(line, "title")
    return Item(name, quantity(line.get("quantity")), _money(line.get("price"))[0]) if name else None


ETSY_API = Api(
    provider="etsy",
    key=KeyWords(
        label="keystring, shared secret and refresh token",
        found="The first two are on the page of your Etsy app; the refresh token comes when you allow the app to read.",
        scopes=("transactions_r",),
        parts=3,
    ),
    hosts=(_HOST, "api.etsy.com"),
    renews=True,
    fetch=_fetch,
)
