"""Where those who sell in the shop's name keep to whom they send, as their documentation tells of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from aiohttp import web

from tests.standin.registers import Line, Refused, Register, said, shown


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


class LemonSqueezy(Register):
    """By JSON:API, in numbered pages, for each store. The secret is chosen and never told, and nothing says whether one
    is off."""

    provider_id = "lemonsqueezy"
    host = "api.lemonsqueezy.com"
    can_be_off = False

    def __init__(self, *, test: bool = False) -> None:
        super().__init__(places=("11", "12"))
        self.test = test

    async def handle(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Accept"] == "application/vnd.api+json"
        token = shown(request)
        if token not in (self.key, self.narrow):
            return said(401, errors=[{"status": "401", "title": "Unauthorized"}])
        if token == self.narrow and request.method != "GET":
            return said(403, errors=[{"status": "403", "title": "Forbidden"}])
        match request.method, request.path.removeprefix("/v1/").split("/"):
            case "GET", ["users", "me"]:
                return said(200, meta={"test_mode": self.test}, data={"type": "users", "id": "1"})
            case "GET", ["stores"]:
                return self._page(request, [{"type": "stores", "id": each} for each in self.places])
            case "GET", ["webhooks"]:
                return self._page(request, [self._told(each) for each in self.lines.values()])
            case "POST", ["webhooks"]:
                return await self._made(request)
            case "PATCH", ["webhooks", line_id] if line_id in self.lines:
                told, line = await _data(request), self.lines[line_id]
                assert told["id"] == line_id
                line.url, line.types, line.secret = (told["attributes"][each] for each in ("url", "events", "secret"))
                return said(200, data=self._told(line))
            case "DELETE", ["webhooks", line_id] if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, errors=[{"status": "404", "title": "Not Found"}])

    async def _made(self, request: web.Request) -> web.Response:
        told = await _data(request)
        store, attributes = told["relationships"]["store"]["data"], told["attributes"]
        assert store["type"] == "stores"
        assert attributes["test_mode"] is self.test
        try:
            if store["id"] not in self.places or not 6 <= len(attributes["secret"]) <= 40:
                raise Refused
            line = self.add(attributes["url"], attributes["events"], secret=attributes["secret"], place=store["id"])
        except Refused:
            return said(422, errors=[{"status": "422", "title": "Unprocessable Entity"}])
        return web.json_response({"data": self._told(line)}, status=201)

    def _page(self, request: web.Request, found: list[dict[str, Any]]) -> web.Response:
        size, number = int(request.query["page[size]"]), int(request.query["page[number]"])
        assert size <= 100
        return said(200, data=found[(number - 1) * size : number * size], links={})

    def _told(self, line: Line) -> dict[str, Any]:
        test = line.more.get("test_mode", self.test)
        attributes = {"store_id": int(line.place), "url": line.url, "events": line.types, "test_mode": test}
        return {"type": "webhooks", "id": line.id, "attributes": attributes | {"last_sent_at": None}}


async def _data(request: web.Request) -> Any:
    assert request.content_type == "application/vnd.api+json"
    told = (await request.json())["data"]
    assert told["type"] == "webhooks"
    return told


class Paddle(Register):
    """By JSON, the newest first, with a cursor; the secret is in every destination."""

    provider_id = "paddle"
    host = "api.paddle.com"

    def __init__(self) -> None:
        super().__init__("pdl_live_apikey_01h", "pdl_live_apikey_narrow")

    def named(self, number: int) -> str:
        return f"ntfset_{number:026}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Paddle-Version"] == "1"
        token = shown(request)
        if token not in (self.key, self.narrow):
            return said(401, error={"code": "authentication_malformed"})
        if token == self.narrow and request.method != "GET":
            return said(403, error={"code": "forbidden"})
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["notification-settings"]:
                return self._listed(request)
            case "POST", ["notification-settings"]:
                told = await request.json()
                assert (told["type"], told["api_version"], told["description"]) == ("url", 1, "ShopWatch")
                try:
                    line = self.add(told["destination"], told["subscribed_events"])
                except Refused:
                    return said(400, error={"code": "notification_maximum_active_settings_reached"})
                return said(201, data=self._told(line))
            case "PATCH", ["notification-settings", line_id] if line_id in self.lines:
                told, line = await request.json(), self.lines[line_id]
                line.url, line.types, line.on = told["destination"], told["subscribed_events"], told["active"]
                return said(200, data=self._told(line))
            case "DELETE", ["notification-settings", line_id] if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, error={"code": "not_found"})

    def _listed(self, request: web.Request) -> web.Response:
        size, after = min(int(request.query["per_page"]), 200), request.query.get("after", "~")
        found = sorted((each for each in self.lines.values() if each.id < after), key=lambda each: each.id)[::-1]
        pagination = {"per_page": size, "has_more": len(found) > size, "estimated_total": len(found)}
        return said(200, data=[self._told(each) for each in found[:size]], meta={"pagination": pagination})

    def _told(self, line: Line) -> dict[str, Any]:
        return {
            "id": line.id,
            "description": "A place",
            "type": line.more.get("type", "url"),
            "destination": line.url,
            "active": line.on,
            "api_version": 1,
            "subscribed_events": [{"name": each, "group": "Transaction"} for each in line.types],
            "endpoint_secret_key": line.secret,
        }


class Eventbrite(Register):
    """By JSON, for each organization, with a token for the next page; nothing can be changed. There is no secret."""

    provider_id = "eventbrite"
    host = "www.eventbriteapi.com"
    can_be_off = False
    page = 50

    def __init__(self) -> None:
        super().__init__(places=("71", "72"))

    def secret_of(self, number: int) -> str:
        return ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        assert request.path.endswith("/")
        token = shown(request)
        if token not in (self.key, self.narrow):
            return said(400, error="INVALID_AUTH", status_code=400)
        if token == self.narrow and request.method != "GET":
            return said(403, error="NOT_AUTHORIZED", status_code=403)
        match request.method, request.path.strip("/").split("/")[1:]:
            case "GET", ["users", "me", "organizations"]:
                return self._page(request, "organizations", [{"id": each} for each in self.places])
            case "GET", ["organizations", place, "webhooks"] if place in self.places:
                found = [self._told(each) for each in self.lines.values() if each.place == place]
                return self._page(request, "webhooks", found)
            case "POST", ["organizations", place, "webhooks"] if place in self.places:
                told = await request.json()
                try:
                    line = self.add(told["endpoint_url"], told["actions"].split(","), place=place)
                except Refused:
                    return said(400, error="ARGUMENTS_ERROR", status_code=400)
                return web.json_response(self._told(line))
            case "DELETE", ["webhooks", line_id] if line_id in self.lines:
                del self.lines[line_id]
                return said(200, deleted=True)
        return said(404, error="NOT_FOUND", status_code=404)

    def _page(self, request: web.Request, name: str, found: list[dict[str, Any]]) -> web.Response:
        start = int(request.query.get("continuation", "0"))
        pagination = {"has_more_items": start + self.page < len(found), "continuation": str(start + self.page)}
        return web.json_response({"pagination": pagination, name: found[start : start + self.page]})

    def _told(self, line: Line) -> dict[str, Any]:
        event = line.more.get("event_id")
        return {"id": line.id, "endpoint_url": line.url, "actions": line.types, "event_id": event, "user_id": "3"}


class Zettle(Register):
    """By JSON, all at once, for tokens that are given for a client ID and an API key. What is made has a UUID that was
    never there before; the key it signs by is told whenever it is read."""

    provider_id = "zettle"
    host = "pusher.izettle.com"
    options: ClassVar[Mapping[str, str]] = {"email": "owner@example.com"}
    can_be_off = False
    other = "ProductUpdated"

    def __init__(self) -> None:
        super().__init__("c55de605-48b6:the-key", "c55de605-48b6:the-narrow-key")
        self.tokens: dict[str, str] = {}
        self.named_so_far: set[str] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/token":
            return await self._allowed(request)
        key = self.tokens.get(shown(request))
        if key is None:
            return said(401, developerMessage="ACCESS_TOKEN_EXPIRED")
        if key == self.narrow and request.method != "GET":
            return said(403, errorType="FORBIDDEN")
        line_id = request.path.removeprefix("/organizations/self/subscriptions").strip("/")
        match request.method:
            case "GET":
                return web.json_response([self._told(each) for each in self.lines.values()])
            case "POST":
                return self._made(await request.json())
            case "DELETE" if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, errorType="SUBSCRIPTION_NOT_FOUND")

    async def _allowed(self, request: web.Request) -> web.Response:
        told = await request.post()
        key = ":".join((str(told["client_id"]), str(told["assertion"])))
        if key not in (self.key, self.narrow):
            return said(400, error="invalid_grant")
        token = f"token-{len(self.tokens)}"
        self.tokens[token] = key
        return said(200, access_token=token, expires_in=7200)

    def _made(self, told: Any) -> web.Response:
        name = UUID(told["uuid"])
        assert (name.version, told["transportName"], told["contactEmail"]) == (1, "WEBHOOK", "owner@example.com")
        try:
            if str(name) in self.named_so_far:
                raise Refused
            made = self.add(told["destination"], told["eventNames"])
        except Refused:
            return said(400, errorType="SUBSCRIPTION_EXISTS")
        self.named_so_far.add(str(name))
        line = replace(self.lines.pop(made.id), id=str(name))
        self.lines[line.id] = line
        return web.json_response(self._told(line))

    def _told(self, line: Line) -> dict[str, Any]:
        status = "FAILING" if line.more.get("failing") else "ACTIVE"
        return {"uuid": line.id, "transportName": "WEBHOOK", "eventNames": line.types, "destination": line.url} | {
            "contactEmail": "owner@example.com",
            "status": status,
            "signingKey": line.secret,
        }


ALL: tuple[type[Register], ...] = (PayNow, LemonSqueezy, Paddle, Eventbrite, Zettle)
