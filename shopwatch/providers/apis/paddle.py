"""Paddle's API: who bought. Facts: developer.paddle.com (Get a customer, API keys, sandbox)."""

from shopwatch.domain.event import Event
from shopwatch.domain.sale import SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords
from shopwatch.providers.asking import address, ask, bearer, called, filled, get, refuse, sold
from shopwatch.providers.reading import Meaning, find, text

_HOST, _SANDBOX = "api.paddle.com", "sandbox-api.paddle.com"
_OF_SANDBOX = "pdl_sdbx_"


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


PADDLE_API = Api(
    provider="paddle",
    key=KeyWords(
        label="API key",
        found="In Paddle under Developer tools, Authentication.",
        scopes=("customer.read",),
        prefixes=("pdl_live_apikey_", "pdl_sdbx_apikey_"),
    ),
    hosts=(_HOST, _SANDBOX),
    fetch=_fetch,
)
