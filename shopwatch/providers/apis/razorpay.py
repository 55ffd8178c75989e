"""Razorpay's API: payments, refunds and webhooks. Facts: razorpay.com/docs (Fetch all payments, Fetch all refunds,
Issue refunds, Auto-refunds, API keys); for a shop's own webhooks razorpay-python 2.0.1 and Razorpay's plugin for
CS-Cart, which know of no way to remove one."""

from collections.abc import Iterable
from typing import Any

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import DAY, SECOND
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries, saying, states
from shopwatch.providers.api_kit.registering import (
    EndpointRegister,
    Hook,
    Types,
    endpoints,
    numbered,
    sending,
    words,
    written,
)
from shopwatch.providers.api_kit.requests import address, ask, basic, get, list_at, parts_of, refuse
from shopwatch.providers.kit.reading import LONGEST_ANSWER, find, ident, text
from shopwatch.providers.senders.razorpay import RAZORPAY

_HOST = "api.razorpay.com"
_WEBHOOKS = f"https://{_HOST}/v1/webhooks"
_PAGE = 100
_LISTS = {"payments": ("payment", "payment.captured"), "refunds": ("refund", "refund.processed")}


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Payments, then refunds, the newest first. By the time of their making, and a payment may wait for days."""
    user, password = parts_of(key, 2)
    what, _, passed = (place.mark or "payments/0").partition("/")
    if what not in _LISTS or not passed.isdigit():
        refuse()
    name, event_type = _LISTS[what]
    asked: dict[str, int] = {"from": place.since // SECOND, "count": _PAGE, "skip": int(passed)}
    told = yield from ask(get(address(f"https://{_HOST}/v1", what, **asked), Authorization=basic(user, password)))
    found = saying(entries(told, "items"), "id", "status")

    def body(entry: dict[str, Any]) -> dict[str, Any]:
        # Once all of it was given back its state is "refunded"; that it was captured before is told beside it.
        if what == "payments" and text(entry, "status") == "refunded" and find(entry, "captured") is True:
            entry = entry | {"status": "captured"}
        return {"created_at": entry.get("created_at"), "payload": {name: {"entity": entry}}}

    listed = states(RAZORPAY, event_type, found, place.at, body=body, options=options)
    if len(found) >= _PAGE:
        return MissedPage(listed, f"{what}/{int(passed) + len(found)}", more=True)
    return MissedPage(listed, "refunds/0", more=True) if what == "payments" else MissedPage(listed)


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    del options
    shown = basic(*parts_of(key, 2))

    def ask_page(number: int) -> Asking[list[Any]]:
        url = address(_WEBHOOKS, count=_PAGE, skip=(number - 1) * _PAGE)
        return list_at((yield from ask(get(url, Authorization=shown))), "items")

    def send_hook(method: str, at: str, told: dict[str, Any], types: Iterable[str]) -> Asking[dict[str, Any]]:
        body = told | {"events": dict.fromkeys(types, True)}
        return written(sending(method, at, body, Authorization=shown))

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        return _read_hook((yield from send_hook("POST", _WEBHOOKS, _on(wanted), types)), wanted.secret)

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        return _read_hook((yield from send_hook("PUT", address(_WEBHOOKS, hook.id), _on(wanted), types)), wanted.secret)

    def drop_hook(hook_id: str) -> Asking[None]:
        """It is switched off, for it cannot be removed."""
        hook = known[hook_id]
        yield from send_hook("PUT", address(_WEBHOOKS, hook_id), {"url": hook.url, "active": False}, sorted(hook.types))

    known = {hook.id: hook for hook in map(_read_hook, (yield from numbered(ask_page, _PAGE)))}
    return EndpointRegister(list(known.values()), add_hook, drop_hook, change_hook)


def _on(wanted: Wanted) -> dict[str, Any]:
    return {"url": wanted.url, "active": True, "secret": wanted.secret}


def _read_hook(told: dict[str, Any], secret: str = "") -> Hook:
    events = find(told, "events")
    types = (name for name, on in events.items() if on in (True, 1, "1")) if isinstance(events, dict) else words(events)
    return Hook(
        id=ident(told, "id"),
        url=text(told, "url", most=LONGEST_ANSWER),
        types=frozenset(types),
        standing=Standing.ON if find(told, "active") in (True, 1, "1") else Standing.OFF,
        secret=secret,
    )


RAZORPAY_API = Api(
    provider="razorpay",
    key=KeyWords(
        label="key ID and key secret",
        found="In Razorpay’s dashboard under Account & Settings, API keys.",
        prefixes=("rzp_live_", "rzp_test_"),
        parts=2,
    ),
    hosts=(_HOST,),
    missed=_ask_missed,
    overlap=5 * DAY,
    endpoints=endpoints(_open_register, RAZORPAY.readers, chosen_secret=True),
)
