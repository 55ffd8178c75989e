"""WooCommerce's API, at the shop's own host: orders that changed, and endpoints. Facts: WooCommerce REST API reference
(orders, webhooks, authentication) and class-wc-rest-webhooks-v1-controller.php."""

from dataclasses import replace
from typing import Any

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import SECOND
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, MissedPage, Place, host_in
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import following, iso, moments, objects, saying, states, step
from shopwatch.providers.api_kit.registering import (
    EndpointRegister,
    Hook,
    Types,
    deleted,
    endpoints,
    numbered,
    sending,
    written,
)
from shopwatch.providers.api_kit.requests import address, ask_list, basic, get, parts_of, refuse
from shopwatch.providers.kit.reading import LONGEST_ANSWER, ident, text
from shopwatch.providers.senders.woocommerce import SHOP, WOOCOMMERCE

_PAGE = 50
_MOST = 100


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders by the time of their last change."""
    shown, here = _key_headers(key), step(place)
    url = address(
        _base(options, "orders"),
        modified_after=iso(here[0] - SECOND),
        dates_are_gmt="true",
        orderby="modified",
        order="asc",
        per_page=_PAGE,
        page=here[1],
    )
    orders = saying(objects((yield from ask_list(get(url, Authorization=shown)))), "id", "status")
    told = states(WOOCOMMERCE, "order.updated", orders, place.at)
    if len(orders) < _PAGE:
        return MissedPage(told)
    return MissedPage(told, following(here, *moments(orders, "date_modified_gmt")), more=True)


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The shop's webhooks, each of one topic, whose secret is only written, never read. A failing one is switched off
    by the shop ("disabled"), by a person it is "paused"."""
    url, shown = _base(options, "webhooks"), _key_headers(key)

    def ask_page(number: int) -> Asking[list[Any]]:
        return ask_list(get(address(url, per_page=_MOST, page=number), Authorization=shown))

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        told = _told(wanted) | {"name": f"ShopWatch {types[0]}", "topic": types[0]}
        return (yield from send_hook("POST", url, told, wanted))

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        del types
        return (yield from send_hook("PUT", address(url, hook.id), _told(wanted), wanted))

    def send_hook(method: str, at: str, told: dict[str, str], wanted: Wanted) -> Asking[Hook]:
        made = yield from written(sending(method, at, told, Authorization=shown))
        return replace(_read_hook(made), secret=wanted.secret)

    def drop_hook(hook_id: str) -> Asking[None]:
        # There is no bin for them, and without this the shop refuses.
        return deleted(ApiRequest("DELETE", address(url, hook_id, force="true"), {"Authorization": shown}))

    return EndpointRegister(
        [_read_hook(each) for each in (yield from numbered(ask_page, _MOST))], add_hook, drop_hook, change_hook
    )


def _read_hook(told: dict[str, Any]) -> Hook:
    return Hook(
        ident(told, "id") or refuse(),
        text(told, "delivery_url", most=LONGEST_ANSWER),
        frozenset((text(told, "topic"),)),
        Standing.ON if text(told, "status") == "active" else Standing.OFF,
    )


def _told(wanted: Wanted) -> dict[str, str]:
    return {"delivery_url": wanted.url, "secret": wanted.secret, "status": "active"}


def _base(options: Options, what: str) -> str:
    shop = host_in(options.get(SHOP, "")) or refuse()
    return f"https://{shop}/wp-json/wc/v3/{what}"


def _key_headers(key: str) -> str:
    user, password = parts_of(key, 2)
    return basic(user, password)


WOOCOMMERCE_API = Api(
    provider="woocommerce",
    key=KeyWords(
        label="consumer key and consumer secret",
        found="In your WordPress under WooCommerce, Settings, Advanced, REST API: add a key.",
        scopes=("Read",),
        prefixes=("ck_",),
        parts=2,
        refused=(
            "If the key is right, the shop’s server may not hand it on to WordPress: ask its host to pass the "
            "Authorization header."
        ),
    ),
    own_host=SHOP,
    missed=_ask_missed,
    endpoints=endpoints(_open_register, WOOCOMMERCE.readers, each=True, scopes=("Read/Write",), chosen_secret=True),
)
