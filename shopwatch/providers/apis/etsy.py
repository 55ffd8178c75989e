"""Etsy's API: receipts, whose messages name no more than a number. Facts: developers.etsy.com (authentication; the
quick start tutorial, whose browser is sent back to localhost; getShopReceipt, getShopReceipts, getMe, "Request
standards" on money)."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.instant import SECOND, Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, MissedPage, NewKey, Place
from shopwatch.providers.api_kit.consent import Consent
from shopwatch.providers.api_kit.pagination import entries, following, moments, of_ours, raw_of, standing, step
from shopwatch.providers.api_kit.requests import (
    address,
    ask,
    ask_token,
    bearer,
    called,
    filled,
    get,
    parts_of,
    refuse,
    sold,
)
from shopwatch.providers.kit.reading import Meaning, find, ident, in_decimals, items, moment, quantity, text
from shopwatch.providers.senders.etsy import ETSY

_HOST = "openapi.etsy.com"
_TOKENS = "https://api.etsy.com/v3/public/oauth/token"
_LONGEST_TOKEN = 1_000
_PAGE = 50
_WHOLLY = "fully refunded"
_REFUNDED = frozenset({_WHOLLY, "partially refunded"})
_DIVISORS = frozenset({1, 10, 100, 1_000})


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The receipt. Tokens live for an hour, so one is asked for each time; with it comes another refresh token."""
    del options
    order_id, steps = sold(event).order_id, called(event)
    receipt = yield from ask(get(address(f"https://{_HOST}", *steps), **(yield from _ask_access(key))))
    if ident(receipt, "receipt_id") != order_id:
        refuse()
    if find(receipt, "is_paid") is False:
        return ()
    return (*filled(event, _read_sale(receipt, order_id)), *_read_refunds(receipt, order_id, event.occurred_at))


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Paid receipts by the time of their last change."""
    when, number = here = step(place)
    headers = yield from _ask_access(key)
    me = yield from ask(get(f"https://{_HOST}/v3/application/users/me", **headers))
    shop = ident(me, "shop_id") or refuse()
    of_ours(ETSY, shop, options)
    url = address(
        f"https://{_HOST}/v3/application/shops",
        shop,
        "receipts",
        min_last_modified=when // SECOND,
        was_paid="true",
        sort_on="updated",
        sort_order="asc",
        limit=_PAGE,
        offset=(number - 1) * _PAGE,
    )
    receipts = entries((yield from ask(get(url, **headers))), "results")
    listed = tuple(one for each in receipts for one in standing("order.paid", _read_payment(each, place), raw_of(each)))
    if len(receipts) < _PAGE:
        return MissedPage(listed)
    return MissedPage(listed, following(here, *moments(receipts, "updated_timestamp")), more=True)


def _read_payment(receipt: dict[str, Any], place: Place) -> tuple[Meaning, ...]:
    at, order_id = moment(receipt, "created_timestamp", otherwise=place.at), ident(receipt, "receipt_id") or refuse()
    return (Meaning(Kind.SALE, _read_sale(receipt, order_id), at), *_read_refunds(receipt, order_id, at))


def _read_refunds(receipt: dict[str, Any], order_id: str, paid_at: Instant) -> tuple[Meaning, ...]:
    """All that was given back so far; where that cannot be added up, whether it was all or a part."""
    told = find(receipt, "refunds")
    refunds = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    state = text(receipt, "status").lower()
    if not refunds and state not in _REFUNDED:
        return ()
    given = [_read_money(find(each, "amount"))[0] for each in refunds]
    known = [each for each in given if each is not None]
    countable = bool(known) and len(known) == len(given) and len({each.currency for each in known}) == 1
    amount = Money(sum(each.minor for each in known), known[0].currency) if countable else None
    claim = RefundClaim(order_id, amount, order_id, cumulative=amount is not None, partial=state != _WHOLLY)
    at = max((moment(each, "created_timestamp", otherwise=paid_at) for each in refunds), default=paid_at)
    return (Meaning(Kind.REFUND, claim, at),)


def _ask_access(key: str) -> Asking[dict[str, str]]:
    """The headers of a question."""
    app, secret, refresh = parts_of(key, 3)
    form = urlencode({"grant_type": "refresh_token", "client_id": app, "refresh_token": refresh}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    told = yield from ask_token(ApiRequest("POST", _TOKENS, headers, form, repeatable=False), consented=True)
    if another := text(told, "refresh_token", most=_LONGEST_TOKEN):
        yield NewKey(f"{app}:{secret}:{another}")
    return {"Authorization": bearer(told["access_token"]), "x_api_key": f"{app}:{secret}"}


def _read_sale(receipt: dict[str, Any], order_id: str) -> SaleClaim:
    amount, amount_text = _read_money(find(receipt, "grandtotal"))
    return SaleClaim(
        order_id=order_id,
        amount=amount,
        name=text(receipt, "name"),
        email=text(receipt, "buyer_email"),
        items=items(find(receipt, "transactions"), _read_item),
        amount_text=amount_text,
    )


def _read_money(told: Any) -> tuple[Money | None, str]:
    """Etsy writes money as a whole number and what to divide it by."""
    amount, divisor = find(told, "amount"), find(told, "divisor")
    if type(amount) is not int or type(divisor) is not int or divisor not in _DIVISORS:
        return None, ""
    return in_decimals(Decimal(amount) / divisor, find(told, "currency_code"))


def _read_item(line: dict[str, Any]) -> Item | None:
    name = text(line, "title")
    return Item(name, quantity(line.get("quantity")), _read_money(line.get("price"))[0]) if name else None


ETSY_API = Api(
    provider="etsy",
    key=KeyWords(
        label="keystring, shared secret and refresh token",
        found="The first two are on the page of your Etsy app; the last one comes once you allow it in the browser.",
        scopes=("shops_r", "transactions_r"),
        parts=3,
    ),
    hosts=(_HOST, "api.etsy.com"),
    renews=True,
    consent=Consent(
        page="https://www.etsy.com/oauth/connect",
        tokens=_TOKENS,
        scopes=("shops_r", "transactions_r"),
        given=("keystring", "shared secret"),
        app_page="https://www.etsy.com/developers/your-apps",
        redirect_label="Callback URLs",
    ),
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
    pace=300,
)
