"""Paddle's API: who bought, and events. Facts: developer.paddle.com (Get a customer, List events, API keys,
sandbox)."""

from shopwatch.domain.event import Event
from shopwatch.domain.sale import SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import address, ask, bearer, called, filled, get, refuse, sold
from shopwatch.providers.listing import entries, has_more, is_older, last_id, messages
from shopwatch.providers.paddle import PADDLE
from shopwatch.providers.reading import Meaning, find, text

_HOST, _SANDBOX = "api.paddle.com", "sandbox-api.paddle.com"
_OF_SANDBOX = "pdl_sdbx_"
_PAGE = 50


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """Name and e-mail of the customer."""
    del options
    order_id, customer = sold(event).order_id, called(event)[-1]
    host = _SANDBOX if key.startswith(_OF_SANDBOX) else _HOST
    told = yield from ask(get(address(f"https://{host}/customers", customer), Authorization=bearer(key)))
    person = find(told, "data")
    if text(person, "id") != customer:
        refuse()
    return filled(event, SaleClaim(order_id, None, name=text(person, "name"), email=text(person, "email")))


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Events, the newest first; they are the very messages. They cannot be asked for by time."""
    del options
    host = _SANDBOX if key.startswith(_OF_SANDBOX) else _HOST
    url = address(f"https://{host}/events", order_by="id[DESC]", per_page=_PAGE, after=place.mark or None)
    told = yield from ask(get(url, Authorization=bearer(key)))
    found = entries(told, "data")
    more = has_more(told, "meta", "pagination", "has_more") and not is_older(found[-1], place.since, "occurred_at")
    return Page(messages(PADDLE, found, place.at), last_id(found, "event_id") if more else "", more)


PADDLE_API = Api(
    provider="paddle",
    key=KeyWords(
        label="API key",
        found="In Paddle under Developer tools, Authentication.",
        scopes=("customer.read", "notification.read"),
        prefixes=("pdl_live_apikey_", "pdl_sdbx_apikey_"),
    ),
    hosts=(_HOST, _SANDBOX),
    fetch=_fetch,
    missed=_missed,
)
