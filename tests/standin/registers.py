"""Where providers keep to whom they send, as their documentation tells of it: what is listed, made, changed and dropped
there, how much fits on a page, and what is refused."""

import base64
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar

from aiohttp import web

from tests.standin.site import Site

ELSEWHERE = "https://elsewhere.example/in/theirs"


@dataclass
class Line:
    """One endpoint, as the provider keeps it."""

    id: str
    url: str
    types: list[str]
    on: bool = True
    secret: str = ""
    place: str = ""
    more: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """A change that cannot be made."""


@dataclass
class Register(ABC):
    """One provider's. `key` is the one it takes; `narrow` may look and change nothing. `most`: so many at the most.

    `each`: a line is of one type. `can_be_off`: a line may be there and not be sent to. `url_once`: no address twice.
    `is_replaced`: what is off stays so, `is_kept`: what is there can be off at most. `hides`: who may not look is told
    that there is nothing. `other` is a type that nobody here reads. `places` are shops or forms that have lines of
    their own.
    """

    provider_id: ClassVar[str]
    host: ClassVar[str]
    options: ClassVar[Mapping[str, str]] = {}
    each: ClassVar[bool] = False
    can_be_off: ClassVar[bool] = True
    url_once: ClassVar[bool] = False
    is_replaced: ClassVar[bool] = False
    is_kept: ClassVar[bool] = False
    hides: ClassVar[bool] = False
    other: ClassVar[str] = "something.else"

    key: str = "the-key"
    narrow: str = "the-narrow-key"
    most: int = 1_000
    places: tuple[str, ...] = ("",)
    lines: dict[str, Line] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.site = Site(self.handle)
        self._numbers = count(1)

    def named(self, number: int) -> str:
        """The id of the line of this number."""
        return f"h_{number}"

    def secret_of(self, number: int) -> str:
        """What the provider makes up for the line of this number."""
        return f"canaryCANARY{number:012}"

    def add(
        self, url: str, types: Sequence[str], *, on: bool = True, secret: str | None = None, place: str = ""
    ) -> Line:
        """A line that comes to be. Raises `Refused`."""
        taken = any(each.url == url and (not self.each or each.types == list(types)) for each in self.lines.values())
        if len(self.lines) >= self.most or (self.url_once and taken):
            raise Refused
        number = next(self._numbers)
        given = self.secret_of(number) if secret is None else secret
        line = Line(self.named(number), url, list(types), on, given, place or self.places[0])
        self.lines[line.id] = line
        return line

    def at(self, url: str) -> list[Line]:
        """Those of this address; what is off because it cannot be removed is none."""
        return [each for each in self.lines.values() if each.url == url and (each.on or not self.is_kept)]

    @abstractmethod
    async def handle(self, request: web.Request) -> web.StreamResponse: ...


def shown(request: web.Request) -> str:
    """The token that a request shows."""
    return request.headers.get("Authorization", "").partition(" ")[2]


def said(status: int, **told: Any) -> web.Response:
    return web.json_response(told, status=status)


class Stripe(Register):
    """By form, with a cursor; the secret is told once."""

    provider_id = "stripe"
    host = "api.stripe.com"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Stripe-Version"] == "2025-07-30.basil"
        token = shown(request)
        if token not in (self.key, self.narrow):
            return said(401, error={"type": "invalid_request_error"})
        if token == self.narrow and request.method != "GET":
            return said(403, error={"type": "invalid_request_error"})
        match (request.method, request.path.split("/")):
            case ("GET", ["", "v1", "webhook_endpoints"]):
                return self._listed(request)
            case ("POST", ["", "v1", "webhook_endpoints"]):
                form = await request.post()
                assert form["api_version"] == "2025-07-30.basil"
                try:
                    line = self.add(str(form["url"]), [str(each) for each in form.getall("enabled_events[]")])
                except Refused:
                    return said(400, error={"type": "invalid_request_error"})
                return web.json_response(self._told(line) | {"secret": line.secret})
            case (method, ["", "v1", "webhook_endpoints", line_id]) if line_id in self.lines:
                if method == "DELETE":
                    del self.lines[line_id]
                    return said(200, id=line_id, object="webhook_endpoint", deleted=True)
                form, line = await request.post(), self.lines[line_id]
                line.url, line.types = str(form["url"]), [str(each) for each in form.getall("enabled_events[]")]
                line.on = line.on or form["disabled"] == "false"
                return web.json_response(self._told(line))
        return said(404, error={"code": "resource_missing"})

    def _listed(self, request: web.Request) -> web.Response:
        found = list(reversed(self.lines.values()))
        after = request.query.get("starting_after")
        start = [each.id for each in found].index(after) + 1 if after else 0
        limit = int(request.query["limit"])
        page = [self._told(each) for each in found[start : start + limit]]
        return said(200, object="list", data=page, has_more=start + limit < len(found))

    def _told(self, line: Line) -> dict[str, Any]:
        status = "enabled" if line.on else "disabled"
        return {"id": line.id, "object": "webhook_endpoint", "url": line.url, "status": status} | {
            "enabled_events": line.types,
            "api_version": None,
            "metadata": {},
        }


class Square(Register):
    """By JSON, with a cursor; the signature key is in every subscription. Nothing at all where there are none."""

    provider_id = "square"
    host = "connect.squareup.com"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        token = shown(request)
        if token not in (self.key, self.narrow):
            return said(401, errors=[{"category": "AUTHENTICATION_ERROR", "code": "UNAUTHORIZED"}])
        if token == self.narrow and request.method != "GET":
            return said(403, errors=[{"category": "AUTHENTICATION_ERROR", "code": "FORBIDDEN"}])
        assert request.path.startswith("/v2/webhooks/subscriptions")
        line_id = request.path.removeprefix("/v2/webhooks/subscriptions").strip("/")
        match request.method:
            case "GET":
                return self._listed(request)
            case "POST":
                told = (await request.json())["subscription"]
                assert told["api_version"] == "2025-10-16"
                try:
                    line = self.add(told["notification_url"], told["event_types"], on=told["enabled"])
                except Refused:
                    return said(400, errors=[{"category": "INVALID_REQUEST_ERROR", "code": "BAD_REQUEST"}])
                return said(200, subscription=self._told(line))
            case "PUT" if line_id in self.lines:
                told, line = (await request.json())["subscription"], self.lines[line_id]
                line.url, line.types, line.on = told["notification_url"], told["event_types"], told["enabled"]
                return said(200, subscription=self._told(line))
            case "DELETE" if line_id in self.lines:
                del self.lines[line_id]
                return said(200)
        return said(404, errors=[{"category": "INVALID_REQUEST_ERROR", "code": "NOT_FOUND"}])

    def _listed(self, request: web.Request) -> web.Response:
        everything = request.query.get("include_disabled") == "true"
        found = [each for each in self.lines.values() if each.on or everything]
        start, limit = int(request.query.get("cursor", "0")), int(request.query["limit"])
        more = {"cursor": str(start + limit)} if start + limit < len(found) else {}
        page = [self._told(each) for each in found[start : start + limit]]
        return said(200, **({"subscriptions": page} if page else {}), **more)

    def _told(self, line: Line) -> dict[str, Any]:
        return {
            "id": line.id,
            "name": "ShopWatch",
            "enabled": line.on,
            "event_types": line.types,
            "notification_url": line.url,
            "api_version": "2025-10-16",
            "signature_key": line.secret,
        }


class PayPal(Register):
    """By JSON, after a token; all on one page. The id is what it signs by, and an address is there once."""

    provider_id = "paypal"
    host = "api-m.paypal.com"
    can_be_off = False
    url_once = True

    def __init__(self) -> None:
        super().__init__("client:secret", "client:narrow")

    def named(self, number: int) -> str:
        return f"{number:017}"

    def secret_of(self, number: int) -> str:
        return self.named(number)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/v1/oauth2/token":
            user = base64.b64decode(shown(request)).decode()
            if user not in (self.key, self.narrow):
                return said(401, error="invalid_client")
            return said(200, access_token=user.replace(":", "-"), token_type="Bearer")
        assert request.path.startswith("/v1/notifications/webhooks")
        line_id = request.path.removeprefix("/v1/notifications/webhooks").strip("/")
        if shown(request) == self.narrow.replace(":", "-") and request.method != "GET":
            return said(403, name="NOT_AUTHORIZED")
        match request.method:
            case "GET":
                return said(200, webhooks=[self._told(each) for each in self.lines.values()])
            case "POST":
                told = await request.json()
                try:
                    line = self.add(told["url"], [each["name"] for each in told["event_types"]])
                except Refused:
                    return said(400, name="WEBHOOK_URL_ALREADY_EXISTS")
                return web.json_response(self._told(line), status=201)
            case "PATCH" if line_id in self.lines:
                return self._patched(self.lines[line_id], await request.json())
            case "DELETE" if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, name="INVALID_RESOURCE_ID")

    def _patched(self, line: Line, told: list[dict[str, Any]]) -> web.Response:
        for each in told:
            assert each["op"] == "replace"
            if each["path"] == "/url":
                if self.at(each["value"]):
                    return said(400, name="WEBHOOK_URL_ALREADY_EXISTS")
                line.url = each["value"]
            else:
                line.types = [one["name"] for one in each["value"]]
        return said(200, **self._told(line)) if told else said(400, name="WEBHOOK_PATCH_REQUEST_NO_CHANGE")

    def _told(self, line: Line) -> dict[str, Any]:
        return {"id": line.id, "url": line.url, "event_types": [{"name": each} for each in line.types], "links": []}


class PayNow(Register):
    """By JSON, each of one type that is spelt as in its definitions; the secret is in every subscription."""

    provider_id = "paynow"
    host = "api.paynow.gg"
    each = True
    other = "ON_SUBSCRIPTION_RENEWED"
    can_be_off = False

    def __init__(self) -> None:
        super().__init__("411486491630370816:the-key", "411486491630370816:the-narrow-key")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        store, _, rest = request.path.removeprefix("/v1/stores/").partition("/webhooks")
        known = f"{store}:{token}"
        if scheme != "APIKey" or known not in (self.key, self.narrow):
            return said(401, code="unauthorized")
        if known == self.narrow and request.method != "GET":
            return said(403, code="forbidden")
        line_id = rest.strip("/")
        match request.method:
            case "GET":
                return web.json_response([self._told(each) for each in self.lines.values()])
            case "POST":
                told = await request.json()
                assert told["type"] == "json_v1"
                assert "_" not in told["subscribed_to"]
                try:
                    line = self.add(told["url"], [_spelt(told["subscribed_to"])])
                except Refused:
                    return said(400, code="validation-error")
                return web.json_response(self._told(line))
            case "DELETE" if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, code="not-found")

    def _told(self, line: Line) -> dict[str, Any]:
        spelt = "".join(part.capitalize() for part in line.types[0].split("_"))
        return {"id": line.id, "url": line.url, "secret": line.secret, "subscribed_to": spelt, "type": "json_v1"}


def _spelt(named: str) -> str:
    """As its messages spell a type: a new word begins with each capital letter."""
    return "".join(f"_{each}" if each.isupper() else each.upper() for each in named).strip("_")


ALL: tuple[type[Register], ...] = (Stripe, Square, PayPal, PayNow)
