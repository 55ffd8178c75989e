"""Where payment services keep to whom they send, as their documentation tells of it."""

import base64
from typing import Any

from aiohttp import web

from tests.standin.registers import Line, Refused, Register, said, shown


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


class AuthorizeNet(Register):
    """By JSON, all at once, as stymiee/authnetjson keeps its answers. No secret is told: one signs for all."""

    provider_id = "authorize-net"
    host = "api.authorize.net"
    other = "net.authorize.customer.created"

    def __init__(self) -> None:
        super().__init__("login:the-key", "login:the-narrow-key")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        user = base64.b64decode(shown(request)).decode()
        if user not in (self.key, self.narrow):
            return said(401, reason="INVALID_AUTHENTICATION")
        if user == self.narrow and request.method != "GET":
            return said(403, reason="ACCESS_DENIED")
        assert request.path.startswith("/rest/v1/webhooks")
        line_id = request.path.removeprefix("/rest/v1/webhooks").strip("/")
        match request.method:
            case "GET":
                return web.json_response([self._told(each) for each in self.lines.values()])
            case "POST":
                told = await request.json()
                try:
                    line = self.add(told["url"], told["eventTypes"], on=told["status"] == "active")
                except Refused:
                    return said(400, reason="INVALID_DATA")
                return web.json_response(self._told(line))
            case "PUT" if line_id in self.lines:
                told, line = await request.json(), self.lines[line_id]
                line.url, line.types, line.on = told["url"], told["eventTypes"], told["status"] == "active"
                return web.json_response(self._told(line))
            case "DELETE" if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=200)
        return said(404, reason="NOT_FOUND")

    def _told(self, line: Line) -> dict[str, Any]:
        told = {"webhookId": line.id, "eventTypes": line.types, "status": "active" if line.on else "inactive"}
        return told | {"url": line.url, "_links": {"self": {"href": f"/rest/v1/webhooks/{line.id}"}}}


ALL: tuple[type[Register], ...] = (Stripe, Square, PayPal, Mollie, Razorpay, AuthorizeNet)
