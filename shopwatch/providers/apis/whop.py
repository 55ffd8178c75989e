"""Whop's API: payments, refunds, disputes and webhooks. Facts: @whop/sdk 0.0.42 (payments.list, refunds.list,
disputes.list, webhooks.*), which names a company for each."""

from typing import Any

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import DAY
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, ApiResponse, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries, iso, objects, of_ours, saying, states
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
from shopwatch.providers.api_kit.requests import address, ask, bearer, get, pages, parts_of, refuse
from shopwatch.providers.kit.reading import LONGEST_ANSWER, find, ident, text
from shopwatch.providers.senders.whop import WHOP

_HOST = "api.whop.com"
_BASE = f"https://{_HOST}/api/v1"
_VERSION = "2026-07-20"
_PAGE = 50
_MOST = 10_000
_LISTS = {"payments": "payment.succeeded", "refunds": "refund.updated", "disputes": "dispute.updated"}
_FOLLOWING = {"payments": "refunds", "refunds": "disputes", "disputes": ""}


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Payments, then refunds, then disputes, the oldest first. By the time of their making; they change for days."""
    company, token = parts_of(key, 2)
    of_ours(WHOP, company, options)
    what, _, cursor = (place.mark or "payments/").partition("/")
    if what not in _LISTS:
        refuse()
    asked = _list_url(what, company, created_after=iso(place.since), direction="asc", after=cursor or None)
    told = yield from ask(get(asked, **_key_headers(token)))
    found = saying(entries(told, "data"), "id", "status")
    paid = [each for each in found if text(each, "status") == "paid"] if what == "payments" else found
    listed = states(WHOP, _LISTS[what], paid, place.at, body=lambda entry: {"company_id": company, "data": entry})
    if following := _read_cursor(told):
        return MissedPage(listed, f"{what}/{following}", more=True)
    return MissedPage(listed, f"{_FOLLOWING[what]}/", more=True) if _FOLLOWING[what] else MissedPage(listed)


def _list_url(what: str, company: str, **asked: str | None) -> str:
    return address(_BASE, what, company_id=company, first=_PAGE, **asked)


def _read_cursor(told: dict[str, Any]) -> str:
    """Where the list goes on; empty at its end."""
    ended = find(told, "page_info", "has_next_page") is False or not entries(told, "data")
    return "" if ended else text(told, "page_info", "end_cursor", most=LONGEST_ANSWER)


def _key_headers(token: str) -> dict[str, str]:
    return {"Authorization": bearer(token), "Api_Version_Date": _VERSION}


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    del options
    company, token = parts_of(key, 2)
    base, shown = f"{_BASE}/webhooks", _key_headers(token)

    def page_request(after: str | None) -> ApiRequest:
        return get(_list_url("webhooks", company, after=after), **shown)

    def following(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        cursor = _read_cursor(told)
        return page_request(cursor) if cursor else None

    def send_hook(method: str, url: str, wanted: Wanted, types: Types, **more: str) -> Asking[dict[str, Any]]:
        body = {"url": wanted.url, "events": types, "enabled": True, "api_version": "v1", **more}
        return written(sending(method, url, body, **shown))

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        told = yield from send_hook("POST", base, wanted, types, resource_id=company)
        return _read_hook(told, text(told, "webhook_secret") or refuse())

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        return _read_hook((yield from send_hook("PATCH", address(base, hook.id), wanted, types)))

    def drop_hook(hook_id: str) -> Asking[None]:
        request = get(address(base, hook_id), **shown)
        return deleted(ApiRequest("DELETE", request.url, request.headers))

    told = objects((yield from pages(page_request(None), following, "data", most=_MOST)))
    return EndpointRegister([_read_hook(each) for each in told], add_hook, drop_hook, change_hook)


def _read_hook(told: Any, secret: str = "") -> Hook:
    """One of another version writes its messages in another way, so it serves as little as one that is off."""
    on = find(told, "enabled") is True and text(told, "api_version") == "v1"
    return Hook(
        id=ident(told, "id"),
        url=text(told, "url", most=LONGEST_ANSWER),
        types=words(find(told, "events")),
        standing=Standing.ON if on else Standing.OFF,
        secret=secret,
    )


WHOP_API = Api(
    provider="whop",
    key=KeyWords(
        label="company ID and API key",
        found="In Whop’s dashboard under Developer. The company ID begins with “biz_”.",
        scopes=(
            "payment:basic:read",
            "payment:dispute:read",
            "plan:basic:read",
            "access_pass:basic:read",
            "company:basic:read",
            "member:email:read",
            "member:basic:read",
            "member:phone:read",
            "promo_code:basic:read",
        ),
        parts=2,
    ),
    hosts=(_HOST,),
    missed=_ask_missed,
    overlap=14 * DAY,
    pace=300,
    endpoints=endpoints(
        _open_register,
        WHOP.readers,
        shown_once=True,
        scopes=(
            "developer:manage_webhook",
            "webhook_receive:payments",
            "webhook_receive:refunds",
            "webhook_receive:disputes",
        ),
    ),
)
