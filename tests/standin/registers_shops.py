"""The registers of shops, each line of which is of one topic."""

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

from aiohttp import web

from tests.standin.registers import Line, Refused, Register, said, shown


class WooCommerce(Register):
    """By JSON, in numbered pages, each of one topic. The secret is chosen, and never told."""

    provider_id = "woocommerce"
    host = "shop.example.com"
    options: ClassVar[Mapping[str, str]] = {"shop": "shop.example.com"}
    each = True

    def __init__(self) -> None:
        super().__init__("ck_abc:cs_def", "ck_abc:cs_read")

    def named(self, number: int) -> str:
        return str(number)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        user = base64.b64decode(shown(request)).decode()
        if user not in (self.key, self.narrow) or (user == self.narrow and request.method != "GET"):
            return said(401, code="woocommerce_rest_authentication_error", data={"status": 401})
        assert request.path.startswith("/wp-json/wc/v3/webhooks")
        line_id = request.path.removeprefix("/wp-json/wc/v3/webhooks").strip("/")
        match request.method:
            case "GET":
                return self._listed(request)
            case "POST":
                told = await request.json()
                try:
                    line = self.add(told["delivery_url"], [told["topic"]], secret=told["secret"])
                except Refused:
                    return said(400, code="woocommerce_rest_shop_webhook_invalid_topic")
                return web.json_response(self._told(line), status=201)
            case "PUT" if line_id in self.lines:
                told, line = await request.json(), self.lines[line_id]
                line.url, line.secret, line.on = told["delivery_url"], told["secret"], told["status"] == "active"
                return web.json_response(self._told(line))
            case "DELETE" if line_id in self.lines:
                if request.query.get("force") != "true":
                    return said(501, code="woocommerce_rest_trash_not_supported")
                return web.json_response(self._told(self.lines.pop(line_id)))
        return said(404, code="woocommerce_rest_shop_webhook_invalid_id")

    def _listed(self, request: web.Request) -> web.Response:
        size, page = int(request.query["per_page"]), int(request.query["page"])
        if size > 100:
            return said(400, code="rest_invalid_param")
        found = list(reversed(self.lines.values()))[size * (page - 1) : size * page]
        return web.json_response([self._told(each) for each in found])

    def _told(self, line: Line) -> dict[str, Any]:
        status = "active" if line.on else "disabled"
        resource, _, event = line.types[0].partition(".")
        return {"id": int(line.id), "name": "", "status": status, "topic": line.types[0], "resource": resource} | {
            "event": event,
            "delivery_url": line.url,
        }


class BigCommerce(Register):
    """By JSON, in numbered pages that say how many there are, each of one scope. No secret is told."""

    provider_id = "bigcommerce"
    host = "api.bigcommerce.com"
    each = True

    def __init__(self) -> None:
        super().__init__("abc123:the-key", "abc123:the-narrow-key")

    def named(self, number: int) -> str:
        return str(number)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        store, _, rest = request.path.removeprefix("/stores/").partition("/v3/hooks")
        known = f"{store}:{request.headers.get('X-Auth-Token')}"
        if known not in (self.key, self.narrow):
            return said(401, title="Unauthorized")
        if known == self.narrow and request.method != "GET":
            return said(403, title="Unauthorized Access")
        line_id = rest.strip("/")
        match request.method:
            case "GET":
                return self._listed(request)
            case "POST":
                told = await request.json()
                try:
                    line = self.add(told["destination"], [told["scope"]], on=told["is_active"])
                except Refused:
                    return said(422, title="JSON data is missing or invalid")
                return said(200, data=self._told(line), meta={})
            case "PUT" if line_id in self.lines:
                told, line = await request.json(), self.lines[line_id]
                line.url, line.types, line.on = told["destination"], [told["scope"]], told["is_active"]
                return said(200, data=self._told(line), meta={})
            case "DELETE" if line_id in self.lines:
                return said(200, data=self._told(self.lines.pop(line_id)), meta={})
        return said(404, title="Webhook not found")

    def _listed(self, request: web.Request) -> web.Response:
        size, page = min(int(request.query["limit"]), 50), int(request.query["page"])
        found = list(self.lines.values())
        told = [self._told(each) for each in found[size * (page - 1) : size * page]]
        pagination = {"current_page": page, "per_page": size, "total": len(found)}
        return said(200, data=told, meta={"pagination": pagination | {"total_pages": -(-len(found) // size)}})

    def _told(self, line: Line) -> dict[str, Any]:
        return {"id": int(line.id), "client_id": "c", "store_hash": "abc123", "scope": line.types[0]} | {
            "destination": line.url,
            "headers": None,
            "is_active": line.on,
        }


class Shopify(Register):
    """By GraphQL, with a cursor, each of one topic. What is refused comes with a good status, in two ways."""

    provider_id = "shopify"
    host = "bloom-and-stem.myshopify.com"
    options: ClassVar[Mapping[str, str]] = {"shop": "bloom-and-stem.myshopify.com"}
    each = True
    can_be_off = False
    url_once = True

    def __init__(self) -> None:
        super().__init__("shpat_0123456789abcdef", "shpat_narrow")

    def named(self, number: int) -> str:
        return f"gid://shopify/WebhookSubscription/{number}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        assert (request.method, request.path) == ("POST", "/admin/api/2026-07/graphql.json")
        token = request.headers.get("X-Shopify-Access-Token")
        if token not in (self.key, self.narrow):
            return said(401, errors="[API] Invalid API key or access token (unrecognized login or wrong password)")
        asked = await request.json()
        query, told = asked["query"], asked["variables"]
        if query.startswith("query"):
            return said(200, data={"webhookSubscriptions": self._listed(told["first"], told["after"])})
        if token == self.narrow:
            return said(200, errors=[{"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}], data=None)
        if "webhookSubscriptionCreate" in query:
            assert told["told"]["format"] == "JSON"
            try:
                line = self.add(told["told"]["uri"], ["/".join(told["topic"].lower().rsplit("_", 1))])
            except Refused:
                return _done(None, ["webhookSubscription", "uri"])
            return _done(self._told(line))
        found = self.lines.get(told["id"])
        if found is None:
            return _done(None, ["id"])
        if "webhookSubscriptionDelete" in query:
            return _done(self._told(self.lines.pop(found.id)))
        found.url = told["told"]["uri"]
        return _done(self._told(found))

    def _listed(self, first: int, after: str | None) -> dict[str, Any]:
        assert first <= 250
        found = list(self.lines.values())
        start = int(after or 0)
        more = start + first < len(found)
        page = {"hasNextPage": more, "endCursor": str(start + first) if more else None}
        return {"nodes": [self._told(each) for each in found[start : start + first]], "pageInfo": page}

    def _told(self, line: Line) -> dict[str, Any]:
        return {"id": line.id, "topic": line.types[0].upper().replace("/", "_"), "uri": line.url}


def _done(line: dict[str, Any] | None, refused: list[str] | None = None) -> web.Response:
    errors = [{"field": refused, "message": "no"}] if refused else []
    return web.json_response({"data": {"done": {"webhookSubscription": line, "userErrors": errors}}})


class Squarespace(Register):
    """By JSON, all at once, for tokens that are given for a refresh token; the secret is told once."""

    provider_id = "squarespace"
    host = "api.squarespace.com"
    can_be_off = False
    other = "extension.uninstall"

    def __init__(self) -> None:
        super().__init__("client-1:secret-1:the-key", "client-1:secret-1:the-narrow-key")

    def secret_of(self, number: int) -> str:
        return f"26af1b2b6b4cc08506489114fc74d8{number:04}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        refresh = shown(request) if not request.path.endswith("/tokens") else (await request.json())["refresh_token"]
        key = f"client-1:secret-1:{refresh}"
        if request.path.endswith("/tokens"):
            if key not in (self.key, self.narrow):
                return said(400, error="invalid_grant")
            return said(200, access_token=refresh, refresh_token=refresh)
        if key not in (self.key, self.narrow):
            return said(401, type="AUTHORIZATION_ERROR")
        if key == self.narrow and request.method != "GET":
            return said(403, type="AUTHORIZATION_ERROR")
        line_id = request.path.removeprefix("/1.0/webhook_subscriptions").strip("/")
        match request.method:
            case "GET":
                return said(200, webhookSubscriptions=[self._told(each) for each in self.lines.values()])
            case "POST" if line_id in self.lines:
                told, line = await request.json(), self.lines[line_id]
                line.url, line.types = told["endpointUrl"], told["topics"]
                return said(200, **self._told(line))
            case "POST" if not line_id:
                told = await request.json()
                try:
                    line = self.add(told["endpointUrl"], told["topics"])
                except Refused:
                    return said(400, type="INVALID_REQUEST_ERROR")
                return said(200, **self._told(line), secret=line.secret)
            case "DELETE" if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, type="INVALID_REQUEST_ERROR")

    def _told(self, line: Line) -> dict[str, Any]:
        return {"id": line.id, "endpointUrl": line.url, "topics": line.types, "createdOn": "2026-11-24T12:00:00Z"}


ALL: tuple[type[Register], ...] = (WooCommerce, BigCommerce, Shopify, Squarespace)
