"""Paddle's API: who bought, events, and notification settings. Facts: developer.paddle.com (Get a customer, List
events, API keys, sandbox; List, create, update and delete notification settings)."""

from typing import Any

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, ApiResponse, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries, has_more, is_older, last_id, messages, objects
from shopwatch.providers.api_kit.registering import EndpointRegister, Hook, Types, deleted, endpoints, sending, written
from shopwatch.providers.api_kit.requests import address, ask, bearer, called, filled, get, pages, refuse, sold
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Meaning, find, text
from shopwatch.providers.senders.paddle import PADDLE

_HOST, _SANDBOX = "api.paddle.com", "sandbox-api.paddle.com"
_OF_SANDBOX = "pdl_sdbx_"
_PAGE = 50
_VERSION = 1
_MOST_SETTINGS = 10_000
_SETTINGS_PAGE = 200


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """Name and e-mail of the customer."""
    del options
    order_id, customer = sold(event).order_id, called(event)[-1]
    host = _SANDBOX if key.startswith(_OF_SANDBOX) else _HOST
    told = yield from ask(get(address(f"https://{host}/customers", customer), Authorization=bearer(key)))
    person = find(told, "data")
    if text(person, "id") != customer:
        refuse()
    return filled(event, SaleClaim(order_id, None, name=text(person, "name"), email=text(person, "email")))


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Events, the newest first; they are the very messages. They cannot be asked for by time."""
    del options
    host = _SANDBOX if key.startswith(_OF_SANDBOX) else _HOST
    url = address(f"https://{host}/events", order_by="id[DESC]", per_page=_PAGE, after=place.mark or None)
    told = yield from ask(get(url, Authorization=bearer(key)))
    found = entries(told, "data")
    more = has_more(told, "meta", "pagination", "has_more") and not is_older(found[-1], place.since, "occurred_at")
    return MissedPage(messages(PADDLE, found, place.at), last_id(found, "event_id") if more else "", more)


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The notification settings that are addresses; others are e-mails."""
    del options
    settings = f"https://{_SANDBOX if key.startswith(_OF_SANDBOX) else _HOST}/notification-settings"
    headers = {"Authorization": bearer(key), "Paddle-Version": str(_VERSION)}

    def page_request(after: str | None) -> ApiRequest:
        return get(address(settings, per_page=_SETTINGS_PAGE, after=after), **headers)

    def next_request(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        more = has_more(told, "meta", "pagination", "has_more")
        return page_request(last_id(entries(told, "data"), "id")) if more else None

    def send_hook(method: str, url: str, wanted: Wanted, types: Types, **more: str | bool) -> Asking[Hook]:
        body = {"destination": wanted.url, "subscribed_events": types, "api_version": _VERSION, **more}
        hook = _read_hook(find((yield from written(sending(method, url, body, **headers))), "data"))
        return hook if hook.secret else refuse()

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        return send_hook("POST", settings, wanted, types, description="ShopWatch", type="url")

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        return send_hook("PATCH", address(settings, hook.id), wanted, types, active=True)

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(settings, hook_id), headers))

    told = objects((yield from pages(page_request(None), next_request, "data", most=_MOST_SETTINGS)))
    return EndpointRegister(
        [_read_hook(each) for each in told if text(each, "type") == "url"], add_hook, drop_hook, change_hook
    )


def _read_hook(told: Any) -> Hook:
    return Hook(
        id=text(told, "id"),
        url=text(told, "destination", most=LONGEST_ANSWER),
        types=frozenset(text(each, "name") for each in entries(told, "subscribed_events")),
        standing=Standing.ON if find(told, "active") is True else Standing.OFF,
        secret=text(told, "endpoint_secret_key"),
    )


PADDLE_API = Api(
    provider="paddle",
    key=KeyWords(
        label="API key",
        found="In Paddle under Developer tools, Authentication.",
        scopes=("customer.read", "notification.read"),
        prefixes=("pdl_live_apikey_", "pdl_sdbx_apikey_"),
    ),
    hosts=(_HOST, _SANDBOX),
    fetch=_fetch_details,
    missed=_ask_missed,
    endpoints=endpoints(
        _open_register, PADDLE.readers, scopes=("notification_setting.read", "notification_setting.write")
    ),
)
