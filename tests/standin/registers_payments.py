"""Where more payment services keep to whom they send, as their documentation tells of it."""

import base64
from typing import Any

from aiohttp import web

from tests.standin.registers import Line, Refused, Register, said, shown


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


class Mollie(Register):
    """By JSON, the next page by its address. The secret is told once, and what is off stays so."""

    provider_id = "mollie"
    host = "api.mollie.com"
    is_replaced = True

    def __init__(self) -> None:
        super().__init__("access_canary", "access_narrow")

    def named(self, number: int) -> str:
        return f"hook_{number}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        token = shown(request)
        if token not in (self.key, self.narrow):
            return said(401, title="Unauthorized Request")
        if token == self.narrow and request.method != "GET":
            return said(403, title="Forbidden")
        match request.method, request.path.removeprefix("/v2/").split("/"):
            case "GET", ["webhooks"]:
                return self._listed(request)
            case "POST", ["webhooks"]:
                told = await request.json()
                assert told["name"] == "ShopWatch"
                try:
                    line = self.add(told["url"], told["eventTypes"])
                except Refused:
                    return said(422, title="Unprocessable Entity")
                return web.json_response(self._told(line) | {"webhookSecret": line.secret}, status=201)
            case "PATCH", ["webhooks", line_id] if line_id in self.lines:
                told, line = await request.json(), self.lines[line_id]
                assert set(told) <= {"name", "url", "eventTypes"}
                line.url, line.types = told["url"], told["eventTypes"]
                return web.json_response(self._told(line))
            case "DELETE", ["webhooks", line_id] if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, title="Not Found")

    def _listed(self, request: web.Request) -> web.Response:
        limit, ids = int(request.query["limit"]), list(self.lines)
        assert limit <= 250
        start = ids.index(request.query["from"]) if "from" in request.query else 0
        found = [self._told(self.lines[each]) for each in ids[start : start + limit]]
        href = f"https://api.mollie.com/v2/webhooks?from={ids[start + limit]}" if start + limit < len(ids) else ""
        following = {"href": href, "type": "application/hal+json"} if href else None
        return said(200, count=len(found), _embedded={"webhooks": found}, _links={"next": following})

    def _told(self, line: Line) -> dict[str, Any]:
        status = line.more.get("status") or ("enabled" if line.on else "blocked")
        return {"resource": "webhook", "id": line.id, "url": line.url, "profileId": None, "mode": "live"} | {
            "eventTypes": line.types,
            "status": status,
        }


class Razorpay(Register):
    """By JSON, in numbered parts; types are a map. The secret is chosen and never told, and none can be removed."""

    provider_id = "razorpay"
    host = "api.razorpay.com"
    is_kept = True

    def __init__(self) -> None:
        super().__init__("rzp_test_id:the-key", "rzp_test_id:narrow")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        user = base64.b64decode(shown(request)).decode()
        if user not in (self.key, self.narrow):
            return said(401, error={"code": "BAD_REQUEST_ERROR", "description": "Authentication failed"})
        if user == self.narrow and request.method != "GET":
            return said(403, error={"code": "BAD_REQUEST_ERROR", "description": "Access denied"})
        match request.method, request.path.removeprefix("/v1/").split("/"):
            case "GET", ["webhooks"]:
                count, skip = int(request.query["count"]), int(request.query["skip"])
                assert count <= 100
                found = [self._told(each) for each in self.lines.values()][skip : skip + count]
                return said(200, entity="collection", count=len(found), items=found)
            case "POST", ["webhooks"]:
                told = await request.json()
                try:
                    line = self.add(told["url"], list(told["events"]), on=told["active"], secret=told["secret"])
                except Refused:
                    return said(400, error={"code": "BAD_REQUEST_ERROR", "description": "Maximum webhooks reached"})
                return said(200, **self._told(line))
            case "PUT", ["webhooks", line_id] if line_id in self.lines:
                told, line = await request.json(), self.lines[line_id]
                line.url, line.types, line.on = told["url"], list(told["events"]), told["active"]
                line.secret = told.get("secret", line.secret)
                return said(200, **self._told(line))
        return said(400, error={"code": "BAD_REQUEST_ERROR", "description": "The requested URL was not found"})

    def _told(self, line: Line) -> dict[str, Any]:
        events = line.types if line.more.get("listed") else {"payment.failed": False} | dict.fromkeys(line.types, True)
        return {"id": line.id, "entity": "webhook", "url": line.url, "active": line.on, "events": events}


ALL: tuple[type[Register], ...] = (LemonSqueezy, Paddle, Mollie, Razorpay)
