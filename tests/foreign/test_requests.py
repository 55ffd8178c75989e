"""What ShopWatch asks of APIs is what their official descriptions allow: the extracts in `descriptions/`."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from shopwatch.domain.instant import DAY
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.providers import provider
from shopwatch.providers.api import ApiFailure, ApiRequest, NewKey, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.apis import api_of
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.runtime.clock import now
from tests.foreign.conftest import DESCRIPTIONS
from tests.providers.cases import options_of, practice, secret_of
from tests.standin.lists import Lists
from tests.standin.lists_all import ALL as LISTS
from tests.standin.registers import Register
from tests.standin.registers_all import ALL as REGISTERS
from tests.standin.site import serving

URL = "https://flower-shop.example/in/abcdef/x"
QUICK = Bounds(connect=10, total=5, pauses=())
_BEYOND = {
    # Where the list goes on is the service's own link, of which the stand-in makes up the query.
    "paypal": {"/v1/notifications/webhooks-events": {"start"}},
    # The description has `per_page` for this list alone, paystack.com/docs/api has `perPage` for all of them.
    "paystack": {"/transaction": {"perPage"}},
}
"""Parameters that a description does not name."""
_TOKENS = re.compile(r"oauth2?/token|/token$")
"""Tokens are asked for as RFC 6749 says, which no description repeats."""


@dataclass(frozen=True)
class Described:
    """What one official description says of the operations that ShopWatch uses."""

    provider_id: str
    operations: list[dict[str, Any]]

    def complaint(self, request: ApiRequest) -> str:
        """What the description does not allow of this request; empty if it is well."""
        parts = urlsplit(request.url)
        found = [each for each in self.operations if self._is_at(each, request.method, parts.netloc, parts.path)]
        if not found:
            return f"no such operation: {request.method} {request.url}"
        return "; ".join(self._objections(found[0], request))

    def _is_at(self, operation: dict[str, Any], method: str, host: str, path: str) -> bool:
        form = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation["path"]))
        hosts = (operation["host"], *_SANDBOXES.get(self.provider_id, ()))
        return operation["method"] == method and host in hosts and re.fullmatch(form, path) is not None

    def _objections(self, operation: dict[str, Any], request: ApiRequest) -> Iterator[str]:
        query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
        beyond = _BEYOND.get(self.provider_id, {}).get(operation["path"], set())
        for name, value in query:
            known = operation["query"].get(name) or operation["query"].get(f"{name.removesuffix('[]')}[]")
            if known is None and name.removesuffix("[]") in operation["query"]:
                known = operation["query"][name.removesuffix("[]")]
            if known is None:
                if name not in beyond:
                    yield f"{operation['path']} takes no {name}"
            else:
                yield from _bent(name, unquote(value), known)
        said = {name.removesuffix("[]") for name, _ in query}
        for name, known in operation["query"].items():
            if known.get("required") and name.removesuffix("[]") not in said:
                yield f"{operation['path']} wants {name}"
        body = operation["body"]
        if request.body and request.headers.get("Content-Type") == "application/json":
            told = json.loads(request.body)
            if isinstance(told, dict):
                members = body["members"] if body else {}
                yield from (f"{operation['path']} takes no member {name}" for name in told.keys() - members.keys())
                required = set(body["required"]) if body else set()
                yield from (f"{operation['path']} wants the member {name}" for name in required - told.keys())


_SANDBOXES = {"paypal": ("api-m.sandbox.paypal.com",), "square": ("connect.squareupsandbox.com",)}


def _bent(name: str, value: str, known: dict[str, Any]) -> Iterator[str]:
    kind = known.get("type")
    if kind in ("integer", "number") and not re.fullmatch(r"-?[0-9.]+", value):
        yield f"{name} is no {kind}: {value}"
    if kind == "boolean" and value not in ("true", "false"):
        yield f"{name} is neither true nor false: {value}"
    # BigCommerce lists the fields alone, and tells of the direction behind them in words.
    if "enum" in known and value not in known["enum"] and value.removesuffix(":asc") not in known["enum"]:
        yield f"{name} may not be {value}"
    if kind in ("integer", "number"):
        if "maximum" in known and float(value) > known["maximum"]:
            yield f"{name} is beyond {known['maximum']}: {value}"
        if "minimum" in known and float(value) < known["minimum"]:
            yield f"{name} is below {known['minimum']}: {value}"


def described() -> dict[str, Described]:
    return {
        file.stem: Described(file.stem, json.loads(file.read_text("utf-8"))["operations"])
        for file in sorted(DESCRIPTIONS.glob("*.json"))
    }


KNOWN = described()


def complaints(provider_id: str, requests: Iterable[ApiRequest]) -> list[str]:
    asked = [each for each in requests if not _TOKENS.search(urlsplit(each.url).path)]
    assert asked
    return [said for each in asked if (said := KNOWN[provider_id].complaint(each))]


def test_descriptions_say_where_they_are_from() -> None:
    for file in DESCRIPTIONS.glob("*.json"):
        told = json.loads(file.read_text("utf-8"))
        assert told["source"].startswith(("github.com/", "npm @"))
        assert told["licence"]
        assert told["operations"]


@pytest.mark.parametrize(
    "make", [make for make in LISTS if make().provider_id in KNOWN], ids=lambda make: make().provider_id
)
async def test_lists_are_asked_for_as_described(make: Callable[[], Lists]) -> None:
    lists = make()
    api = api_of(lists.provider_id)
    assert api is not None
    assert api.missed is not None
    began = now() - DAY
    lists.entries += [lists.entry(each, began // 1000 + each) for each in range(min(lists.page * 2 + 1, 250))]
    asked: list[ApiRequest] = []
    async with serving(lists.site):
        hosts = api.may_speak_to(lists.options)
        transport = ApiTransport(QUICK, stand_ins=dict.fromkeys(hosts, lists.site.origin))
        place = Place(began - DAY, at=now())
        for _ in range(12):
            done = await transport.perform(api.missed(place, lists.key, lists.options), hosts, _forget)
            asked += [request for request, _ in done.exchanges]
            if not done.result.more:
                break
            place = Place(place.since, now(), done.result.mark, now())
        await transport.close()
    assert complaints(lists.provider_id, asked) == []


@pytest.mark.parametrize(
    "make", [make for make in REGISTERS if make().provider_id in KNOWN], ids=lambda make: make().provider_id
)
async def test_endpoints_are_told_as_described(make: Callable[[], Register]) -> None:
    register = make()
    api = api_of(register.provider_id)
    assert api is not None
    assert api.endpoints is not None
    endpoints, asked = api.endpoints, list[ApiRequest]()
    async with serving(register.site):
        hosts = api.may_speak_to(register.options)
        transport = ApiTransport(QUICK, stand_ins=dict.fromkeys(hosts, register.site.origin))

        async def ask(asking: Any) -> Any:
            done = await transport.perform(asking, hosts, _forget)
            asked.extend(request for request, _ in done.exchanges)
            return done.result

        wanted = Wanted(URL, "ourownCHOSENsecret0123456789abcd" if endpoints.chosen_secret else "")
        made = await ask(endpoints.make(wanted, register.key, register.options))
        await ask(endpoints.read(made.endpoint, register.key, register.options))
        await ask(endpoints.mend(made.endpoint, Wanted(f"{URL}/y", wanted.secret), register.key, register.options))
        await ask(endpoints.remove(made.endpoint, register.key, register.options))
        await transport.close()
    assert complaints(register.provider_id, asked) == []


@pytest.mark.parametrize("provider_id", [each for each in KNOWN if (api := api_of(each)) is not None and api.fetch])
def test_what_messages_lack_is_asked_for_as_described(provider_id: str) -> None:
    known, api = provider(provider_id), api_of(provider_id)
    assert known is not None
    assert api is not None
    assert api.fetch is not None
    asked = []
    for kind in known.practises:
        verdict = known.judge_practice(practice(known, kind), now(), options_of(known))
        assert isinstance(verdict, Accepted)
        if verdict.event.needs_fetch:
            asked.append(_first(api.fetch(verdict.event, ":".join(["part"] * api.key.parts), options_of(known))))
    assert secret_of(known)
    if asked:
        assert complaints(provider_id, [each for each in asked if each is not None]) == []


def _first(asking: Any) -> ApiRequest | None:
    """What is asked first, or after a token."""
    from shopwatch.providers.api import ApiResponse

    try:
        request = next(asking)
        if isinstance(request, ApiRequest) and _TOKENS.search(urlsplit(request.url).path):
            request = asking.send(ApiResponse(200, {}, b'{"access_token":"t","refresh_token":"r","expires_in":3600}'))
        while isinstance(request, NewKey):
            request = asking.send(ApiResponse(204))
    except (StopIteration, ApiFailure):
        return None
    return request if isinstance(request, ApiRequest) else None


async def _forget(_key: str) -> None: ...
