"""Where those who sell what creators make keep to whom they send, as their libraries and descriptions tell of it."""

import base64
from typing import Any

from aiohttp import web

from tests.standin.registers import Line, Refused, Register, said, shown


class Polar(Register):
    """By JSON, in numbered pages; the secret is told whenever an endpoint is read. Some are of chats."""

    provider_id = "polar"
    host = "api.polar.sh"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        token = shown(request)
        if token not in (self.key, self.narrow):
            return said(401, error="Unauthorized")
        if token == self.narrow and request.method != "GET":
            return said(403, error="insufficient_scope")
        assert request.path.startswith("/v1/webhooks/endpoints")
        line_id = request.path.removeprefix("/v1/webhooks/endpoints").strip("/")
        match request.method:
            case "GET":
                number, limit = int(request.query["page"]), int(request.query["limit"])
                assert limit <= 100
                found = [self._told(each) for each in self.lines.values()]
                pagination = {"total_count": len(found), "max_page": -(-len(found) // limit)}
                return said(200, items=found[(number - 1) * limit : number * limit], pagination=pagination)
            case "POST":
                told = await request.json()
                assert told["format"] == "raw"
                try:
                    line = self.add(told["url"], told["events"])
                except Refused:
                    return said(422, detail=[])
                return web.json_response(self._told(line), status=201)
            case "PATCH" if line_id in self.lines:
                told, line = await request.json(), self.lines[line_id]
                line.url, line.types, line.on = told["url"], told["events"], told["enabled"]
                return said(200, **self._told(line))
            case "DELETE" if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, error="ResourceNotFound")

    def _told(self, line: Line) -> dict[str, Any]:
        return {"id": line.id, "url": line.url, "events": line.types, "enabled": line.on, "secret": line.secret} | {
            "format": line.more.get("format", "raw"),
            "organization_id": "o-1",
        }


class Whop(Register):
    """By JSON, for a company, with a cursor; the secret is told once."""

    provider_id = "whop"
    host = "api.whop.com"

    def __init__(self) -> None:
        super().__init__("biz_1:the-key", "biz_1:the-narrow-key")

    def named(self, number: int) -> str:
        return f"hook_{number}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Api-Version-Date"] == "2026-07-20"
        known = f"biz_1:{shown(request)}"
        if known not in (self.key, self.narrow):
            return said(401, error={"type": "unauthorized"})
        if known == self.narrow and request.method != "GET":
            return said(403, error={"type": "forbidden"})
        line_id = request.path.removeprefix("/api/v1/webhooks").strip("/")
        match request.method:
            case "GET":
                assert request.query["company_id"] == "biz_1"
                return self._listed(request)
            case "POST":
                told = await request.json()
                assert (told["api_version"], told["resource_id"]) == ("v1", "biz_1")
                try:
                    line = self.add(told["url"], told["events"], on=told["enabled"])
                except Refused:
                    return said(422, error={"type": "invalid"})
                return said(200, **self._told(line), webhook_secret=line.secret)
            case "PATCH" if line_id in self.lines:
                told, line = await request.json(), self.lines[line_id]
                line.url, line.types, line.on = told["url"], told["events"], told["enabled"]
                return said(200, **self._told(line))
            case "DELETE" if line_id in self.lines:
                del self.lines[line_id]
                return web.json_response(True)
        return said(404, error={"type": "not_found"})

    def _listed(self, request: web.Request) -> web.Response:
        start, size = int(request.query.get("after", "0")), int(request.query["first"])
        found = [self._told(each) for each in self.lines.values()]
        page = found[start : start + size]
        info = {"end_cursor": str(start + len(page)) if page else None, "has_next_page": start + size < len(found)}
        return said(200, data=page, page_info=info)

    def _told(self, line: Line) -> dict[str, Any]:
        version = line.more.get("api_version", "v1")
        return {"id": line.id, "url": line.url, "events": line.types, "enabled": line.on, "api_version": version}


class Fourthwall(Register):
    """By JSON, all at once; the secret is told of what is made."""

    provider_id = "fourthwall"
    host = "api.fourthwall.com"
    can_be_off = False

    def __init__(self) -> None:
        super().__init__("fw_user:the-key", "fw_user:the-narrow-key")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        known = base64.b64decode(shown(request)).decode()
        if known not in (self.key, self.narrow):
            return said(401, code="UNAUTHORIZED")
        if known == self.narrow and request.method != "GET":
            return said(403, code="FORBIDDEN")
        line_id = request.path.removeprefix("/open-api/v1.0/webhooks").strip("/")
        match request.method:
            case "GET":
                found = [self._told(each) for each in self.lines.values()]
                return said(200, results=found, total=len(found))
            case "POST":
                told = await request.json()
                try:
                    line = self.add(told["url"], told["allowedTypes"])
                except Refused:
                    return said(400, code="WEBHOOK_URI_UNALLOWED_DOMAIN")
                return said(200, **self._told(line), secret=line.secret)
            case "PUT" if line_id in self.lines:
                told, line = await request.json(), self.lines[line_id]
                line.url, line.types = told["url"], told["allowedTypes"]
                return said(200, **self._told(line))
            case "DELETE" if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=200)
        return said(404, code="WEBHOOK_CONFIGURATION_NOT_FOUND")

    def _told(self, line: Line) -> dict[str, Any]:
        return {"id": line.id, "url": line.url, "allowedTypes": line.types, "apiVersion": "V1"}


class Patreon(Register):
    """As JSON:API has it, for each campaign, all at once; the secret is told whenever a webhook is read. One that fails
    is paused until it is told not to be."""

    provider_id = "patreon"
    host = "www.patreon.com"
    other = "posts:publish"

    def __init__(self) -> None:
        super().__init__(places=("c-1", "c-2"))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        token = shown(request)
        if token not in (self.key, self.narrow):
            return said(401, errors=[{"code_name": "Unauthorized"}])
        if token == self.narrow and request.method != "GET":
            return said(403, errors=[{"code_name": "Forbidden"}])
        match request.method, request.path.removeprefix("/api/oauth2/v2/").split("/"):
            case "GET", ["campaigns"]:
                return said(200, data=[{"id": each, "type": "campaign"} for each in self.places])
            case "GET", ["webhooks"]:
                assert request.query["include"] == "campaign"
                return said(200, data=[self._told(each) for each in self.lines.values()])
            case "POST", ["webhooks"]:
                told = (await request.json())["data"]
                place = told["relationships"]["campaign"]["data"]["id"]
                try:
                    line = self.add(told["attributes"]["uri"], told["attributes"]["triggers"], place=place)
                except Refused:
                    return said(400, errors=[{"code_name": "BadRequest"}])
                return web.json_response({"data": self._told(line)}, status=201)
            case "PATCH", ["webhooks", line_id] if line_id in self.lines:
                told, line = (await request.json())["data"], self.lines[line_id]
                assert told["id"] == line_id
                about = told["attributes"]
                line.url, line.types, line.on = about["uri"], about["triggers"], not about["paused"]
                return said(200, data=self._told(line))
            case "DELETE", ["webhooks", line_id] if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, errors=[{"code_name": "ResourceMissing"}])

    def _told(self, line: Line) -> dict[str, Any]:
        about = {"uri": line.url, "triggers": line.types, "paused": not line.on, "secret": line.secret}
        return {
            "id": line.id,
            "type": "webhook",
            "attributes": about | {"num_consecutive_times_failed": 3 if line.more.get("failing") else 0},
            "relationships": {"campaign": {"data": {"id": line.place, "type": "campaign"}}},
        }


ALL: tuple[type[Register], ...] = (Polar, Whop, Fourthwall, Patreon)
