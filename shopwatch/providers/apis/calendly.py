"""Calendly's API: webhook subscriptions. Facts: developer.calendly.com (create, list and delete webhook subscriptions,
webhooks overview, webhook errors, personal access tokens, authorization scopes)."""

from typing import Any

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiRequest, ApiResponse, Asking, KeyWords
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import objects
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
from shopwatch.providers.api_kit.requests import address, ask, bearer, get, pages, refuse
from shopwatch.providers.kit.reading import LONGEST_ANSWER, find, text
from shopwatch.providers.senders.calendly import CALENDLY

_HOST = "api.calendly.com"
_SUBSCRIPTIONS = f"https://{_HOST}/webhook_subscriptions"
_PAGE = 100
_MOST = 10_000
_LONGEST_TOKEN = 4_096
_ALL, _OWN = "organization", "user"


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The subscriptions to all of the organization, which only its owners and administrators may see and make, and
    those to the user's own appointments. None can be changed."""
    del options
    me = yield from ask(get(f"https://{_HOST}/users/me", Authorization=bearer(key)))
    organization, user = _read_uri(me, "current_organization"), _read_uri(me, "uri")
    whose = {_ALL: {"organization": organization}, _OWN: {"organization": organization, "user": user}}

    def ask_listed(scope: str) -> Asking[list[dict[str, Any]]]:
        def page_request(token: str | None) -> ApiRequest:
            url = address(_SUBSCRIPTIONS, **whose[scope], scope=scope, count=_PAGE, page_token=token)
            return get(url, Authorization=bearer(key))

        def next_request(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
            token = text(told, "pagination", "next_page_token", most=_LONGEST_TOKEN)
            return page_request(token) if token else None

        return objects((yield from pages(page_request(None), next_request, "collection", most=_MOST)))

    def make_hook(scope: str, wanted: Wanted, types: Types) -> Asking[Hook]:
        body = whose[scope] | {"url": wanted.url, "events": types, "scope": scope, "signing_key": wanted.secret}
        told = yield from written(sending("POST", _SUBSCRIPTIONS, body, Authorization=bearer(key)))
        return _read_hook(find(told, "resource"), wanted.secret)

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        return (yield from _try_else(make_hook(_ALL, wanted, types), make_hook(_OWN, wanted, types)))

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(_SUBSCRIPTIONS, hook_id), {"Authorization": bearer(key)}))

    everybody = yield from _try_else(ask_listed(_ALL), _ask_nothing())
    own = yield from ask_listed(_OWN)
    return EndpointRegister([_read_hook(each) for each in (*everybody, *own)], add_hook, drop_hook)


def _try_else[T](asking: Asking[T], otherwise: Asking[T]) -> Asking[T]:
    """What comes of `asking`; of `otherwise`, where the key may not ask that."""
    try:
        return (yield from asking)
    except ApiFailure as failure:
        if failure.problem is not ApiProblem.KEY_NARROW:
            raise
    return (yield from otherwise)


def _ask_nothing() -> Asking[list[dict[str, Any]]]:
    yield from ()
    return []


def _read_uri(me: dict[str, Any], name: str) -> str:
    return text(me, "resource", name) or refuse()


def _read_hook(told: Any, secret: str = "") -> Hook:
    trying_again = bool(text(told, "retry_started_at"))
    standing = Standing.FAILING if trying_again else Standing.ON
    return Hook(
        id=text(told, "uri").rpartition("/")[2],
        url=text(told, "callback_url", most=LONGEST_ANSWER),
        types=words(find(told, "events")),
        standing=standing if text(told, "state") == "active" else Standing.OFF,
        secret=secret,
    )


CALENDLY_API = Api(
    provider="calendly",
    key=KeyWords(
        label="Personal access token", found="In Calendly under Integrations, API & Webhooks: make a new one."
    ),
    hosts=(_HOST,),
    endpoints=endpoints(
        _open_register,
        CALENDLY.setup.events,
        scopes=("users:read", "webhooks:write", "scheduled_events:read"),
        chosen_secret=True,
    ),
)
