"""SumUp's API: checkouts and transactions, whose messages name no more than an id, and the history of transactions,
which holds what card readers took as well. Facts: developer.sumup.com and sumup/sumup-openapi of June 2026 (Retrieve a
checkout, Retrieve a transaction, List transactions, List memberships)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

from msgspec.structs import replace

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import Claim, DisputeClaim, Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.pagination import entries, iso, raw_of, saying, standing
from shopwatch.providers.api_kit.registering import numbered
from shopwatch.providers.api_kit.requests import address, ask, bearer, called, get, list_at, refuse
from shopwatch.providers.kit.reading import (
    LONGEST_ANSWER,
    Meaning,
    find,
    ident,
    ids,
    in_decimals,
    items,
    moment,
    quantity,
    text,
)
from shopwatch.providers.senders.sumup import BETWEEN

_HOST = "api.sumup.com"
_PAID = frozenset({"SUCCESSFUL", "REFUNDED", "CHARGE_BACK"})
_PAGE = 100
_MEMBERSHIPS = 25


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The checkout or the transaction, of a signed event or of a hint; a sale once it is paid. It is asked for by its
    id alone: an address in the message is not used."""
    del options
    merchant, between, transaction = event.id.partition(BETWEEN) if event.kind is Kind.PING else _read_names(event)
    if between:
        found = yield from _ask_transaction(merchant, transaction, event, key)
    else:
        found = yield from _ask_checkout(event.claim.order_id if event.claim is not None else event.id, event, key)
    if event.kind is Kind.PING:
        return found
    return tuple(replace(each, occurred_at=event.occurred_at, live=event.live) for each in found)


def _read_names(event: Event) -> tuple[str, str, str]:
    """The merchant and the transaction that the event asks for; it asks for a checkout where nothing is between."""
    match called(event):
        case [_, "merchants", merchant, "transactions", transaction]:
            return merchant, BETWEEN, transaction
    return "", "", ""


def _ask_checkout(checkout: str, event: Event, key: str) -> Asking[tuple[Meaning, ...]]:
    """Its transaction is what the history calls it by. Of one that was given back, only the history tells how much."""
    told = yield from ask(get(address(f"https://{_HOST}/v0.1/checkouts", checkout), Authorization=bearer(key)))
    if text(told, "id") != checkout:
        refuse()
    if text(told, "status") != "PAID":
        return ()
    # It comes as a number with a fraction, which is read as it is written.
    amount, amount_text = in_decimals(find(told, "amount"), find(told, "currency"))
    claim = SaleClaim(checkout, amount, number=text(told, "checkout_reference"), amount_text=amount_text)
    attempts = find(told, "transactions")
    paid = [each for each in (attempts if isinstance(attempts, list) else ()) if text(each, "status") in _PAID]
    links = ids(ident(told, "transaction_id"), ident(told, "transaction_code"), *_ids_of(paid))
    at = moment(told, "date", otherwise=event.occurred_at)
    found = (Meaning(Kind.SALE, claim, at, links=links),)
    back = [each for each in paid if text(each, "status") == "REFUNDED"]
    code = ident(told, "merchant_code")
    if not back or not code or not ident(back[0], "transaction_code"):
        return found
    url = address(_history_url(code), transaction_code=ident(back[0], "transaction_code"))
    listed = entries((yield from ask(get(url, Authorization=bearer(key)))), "items")
    return found + tuple(each for item in listed for each in _read_meanings(item, at) if each.kind is not Kind.SALE)


def _ids_of(transactions: list[dict[str, Any]]) -> Iterator[str]:
    for each in transactions:
        yield from (ident(each, "id"), ident(each, "transaction_code"))


def _ask_transaction(merchant: str, wanted: str, event: Event, key: str) -> Asking[tuple[Meaning, ...]]:
    """The payment on a card reader that the shop's own software began, by the id that it has there."""
    base = f"https://{_HOST}/v2.1/merchants"
    url = address(base, merchant, "transactions", client_transaction_id=wanted)
    told = yield from ask(get(url, Authorization=bearer(key)))
    if ident(told, "client_transaction_id") not in ("", wanted):
        refuse()
    found = _read_meanings({"type": "PAYMENT", "transaction_id": ident(told, "id")} | told, event.occurred_at)
    if event.claim is not None:
        found = tuple(each for each in found if each.kind is Kind.SALE)
    return tuple(replace(each, links=ids(wanted, *each.links)) for each in found)


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """All transactions that changed since then, the oldest first, of one merchant after another: a key may be good for
    several."""
    del options
    merchant, _, query = place.mark.partition("?")
    if not query:
        merchants = yield from _ask_merchants(key)
        merchant = next((each for each in merchants if each >= merchant), "")
        if not merchant:
            return MissedPage(())
        query = urlencode({"order": "ascending", "limit": _PAGE, "changes_since": iso(place.since)})
    told = yield from ask(get(f"{address(_history_url(merchant))}?{query}", Authorization=bearer(key)))
    found = saying(entries(told, "items"), "status")
    listed = tuple(
        one for each in found for one in standing("transaction", _read_meanings(each, place.at), raw_of(each))
    )
    if following := _next_page(told):
        return MissedPage(listed, f"{merchant}?{following}", more=True) if following != query else refuse()
    others = [each for each in (yield from _ask_merchants(key)) if each > merchant]
    return MissedPage(listed, others[0] if others else "", bool(others))


def _history_url(merchant: str) -> str:
    return address(f"https://{_HOST}/v2.1/merchants", merchant, "transactions", "history")


def _ask_merchants(key: str) -> Asking[list[str]]:
    """The codes of the merchants that the key is of, in order. Raises ApiFailure if there is none."""

    def ask_page(number: int) -> Asking[list[Any]]:
        asked: dict[str, str | int] = {"offset": (number - 1) * _MEMBERSHIPS, "limit": _MEMBERSHIPS}
        url = address(f"https://{_HOST}/v0.1/memberships", **asked | {"resource.type": "merchant"})
        return list_at((yield from ask(get(url, Authorization=bearer(key)))), "items")

    told = saying((yield from numbered(ask_page, _MEMBERSHIPS)), "resource_id", "type")
    ours = [each for each in told if text(each, "type") == "merchant" and text(each, "status") in ("accepted", "")]
    if not ours:
        raise ApiFailure(ApiProblem.KEY_NARROW)
    return sorted({ident(each, "resource_id") for each in ours})


def _next_page(told: dict[str, Any]) -> str:
    """The query of the next page, which is asked for at the same place."""
    links = find(told, "links")
    if links is None:
        return ""
    listed = links if isinstance(links, list) else refuse()
    href = next((text(each, "href", most=LONGEST_ANSWER) for each in listed if text(each, "rel") == "next"), "")
    return urlencode(parse_qsl(href.rpartition("?")[2]))


def _read_meanings(told: dict[str, Any], otherwise: Instant) -> tuple[Meaning, ...]:
    """What a transaction comes to: the sale, what was given back of it so far, and a chargeback. Of lines of refunds
    nothing is read, because the payment's own line says how much was given back."""
    code = ident(told, "transaction_code")
    order_id, at = ident(told, "transaction_id") or code or refuse(), moment(told, "timestamp", otherwise=otherwise)
    links = ids(code, ident(told, "client_transaction_id"))
    kind, status = text(told, "type"), text(told, "status")
    amount, unclear = in_decimals(find(told, "amount"), find(told, "currency"))
    found: list[tuple[Kind, Claim]] = []
    if kind == "PAYMENT" and status in _PAID:
        lines = items(find(told, "products"), _read_item)
        found.append((Kind.SALE, SaleClaim(order_id, amount, number=code, items=lines, amount_text=unclear)))
        if (back := _read_refund(told, order_id)) is not None:
            found.append((Kind.REFUND, back))
    if "CHARGE_BACK" in (kind, status):
        found.append((Kind.DISPUTE, DisputeClaim(order_id, amount, code or order_id, amount_text=unclear)))
    return tuple(Meaning(each, claim, at, links=links) for each, claim in found)


def _read_item(line: dict[str, Any]) -> Item | None:
    name = text(line, "name")
    return Item(name, quantity(line.get("quantity"))) if name else None


def _read_refund(told: dict[str, Any], order_id: str) -> RefundClaim | None:
    """`refunded_amount` is all so far; that some was given back is also told by the status, without how much."""
    given, unclear = in_decimals(find(told, "refunded_amount"), find(told, "currency"))
    if given is not None and given.minor:
        return RefundClaim(order_id, given, order_id, cumulative=True)
    if text(told, "status") != "REFUNDED":
        return None
    return RefundClaim(order_id, None, order_id, partial=True, amount_text=unclear)


SUMUP_API = Api(
    provider="sumup",
    key=KeyWords(
        label="API key", found="In SumUp’s dashboard under Settings, For developers, API keys.", prefixes=("sup_sk_",)
    ),
    hosts=(_HOST,),
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
    overlap=DAY,
    pace=300,
)
