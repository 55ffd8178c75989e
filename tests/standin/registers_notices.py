"""Where those who tell of other things than sales keep to whom they send, as their documentation tells of it."""

from typing import Any, ClassVar
from urllib.parse import unquote

from aiohttp import web

from tests.standin.registers import Line, Refused, Register, said, shown


class GitHub(Register):
    """By JSON, in numbered pages, of a repository. The secret is chosen and never told, and goes with a change that
    does not name it. Who may not look is told that there is nothing."""

    provider_id = "github"
    host = "api.github.com"
    hides = True
    place: ClassVar[str] = "bloom/shop"

    def __init__(self) -> None:
        super().__init__(f"{self.place}:the-key", f"{self.place}:narrow")
        self.base = f"/repos/{self.place}/hooks" if "/" in self.place else f"/orgs/{self.place}/hooks"

    def named(self, number: int) -> str:
        return str(number)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["X-GitHub-Api-Version"] == "2022-11-28"
        known = f"{self.place}:{shown(request)}"
        if known not in (self.key, self.narrow):
            return said(401, message="Bad credentials")
        if not request.path.startswith(self.base):
            return said(404, message="Not Found")
        if known == self.narrow and request.method != "GET":
            return said(403, message="Resource not accessible by personal access token")
        line_id = request.path.removeprefix(self.base).strip("/")
        match request.method:
            case "GET":
                size, number = int(request.query["per_page"]), int(request.query["page"])
                assert size <= 100
                found = list(self.lines.values())[(number - 1) * size : number * size]
                return web.json_response([self._told(each) for each in found])
            case "POST":
                told = await request.json()
                assert told["name"] == "web"
                try:
                    return web.json_response(self._told(self._put(told, self.add("", []))), status=201)
                except Refused:
                    return said(422, message="Validation Failed")
            case "PATCH" if line_id in self.lines:
                return web.json_response(self._told(self._put(await request.json(), self.lines[line_id])))
            case "DELETE" if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, message="Not Found")

    def _put(self, told: dict[str, Any], line: Line) -> Line:
        config = told["config"]
        assert (config["content_type"], config["insecure_ssl"]) == ("json", "0")
        line.url, line.secret = config["url"], config.get("secret", "")
        line.types, line.on = told["events"], told["active"]
        return line

    def _told(self, line: Line) -> dict[str, Any]:
        last = {"code": 502, "status": "unable to connect", "message": "failed to connect to host"}
        unused = {"code": None, "status": "unused", "message": None}
        config = {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": line.url}
        return {"type": "Repository", "id": int(line.id), "name": "web", "active": line.on, "events": line.types} | {
            "config": config,
            "last_response": last if line.more.get("failing") else unused,
        }


class GitHubOrganization(GitHub):
    """The same of all repositories of an organization."""

    place: ClassVar[str] = "bloom"


class Calendly(Register):
    """By JSON, with a token for the next page. The secret is chosen and never told, nothing can be changed, and an
    address is there once. What is of the whole organization is for its administrators alone."""

    provider_id = "calendly"
    host = "api.calendly.com"
    url_once = True
    is_replaced = True
    me: ClassVar[dict[str, str]] = {
        "uri": "https://api.calendly.com/users/AAAA",
        "current_organization": "https://api.calendly.com/organizations/BBBB",
    }

    def __init__(self, *, member: bool = False) -> None:
        super().__init__()
        self.member = member

    async def handle(self, request: web.Request) -> web.StreamResponse:
        token = shown(request)
        if token not in (self.key, self.narrow):
            return said(401, title="Unauthenticated")
        if token == self.narrow and request.method != "GET":
            return said(403, title="Permission Denied")
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["users", "me"]:
                return said(200, resource=self.me | {"name": "Maya Lindqvist"})
            case "GET", ["webhook_subscriptions"]:
                return self._listed(request) if self._lets(request.query) else said(403, title="Permission Denied")
            case "POST", ["webhook_subscriptions"]:
                told = await request.json()
                if not self._lets(told):
                    return said(403, title="Permission Denied")
                try:
                    line = self.add(told["url"], told["events"], secret=told["signing_key"])
                except Refused:
                    return said(409, title="Already Exists", message="Hook with this url already exists")
                line.more["scope"] = told["scope"]
                return said(201, resource=self._told(line))
            case "DELETE", ["webhook_subscriptions", line_id] if line_id in self.lines:
                del self.lines[line_id]
                return web.Response(status=204)
        return said(404, title="Resource Not Found")

    def _lets(self, told: Any) -> bool:
        assert told["organization"] == self.me["current_organization"]
        assert told.get("user") == (self.me["uri"] if told["scope"] == "user" else None)
        return not (self.member and told["scope"] == "organization")

    def _listed(self, request: web.Request) -> web.Response:
        count, start = int(request.query["count"]), int(request.query.get("page_token", "0"))
        assert count <= 100
        scope = request.query["scope"]
        found = [each for each in self.lines.values() if each.more.get("scope", "organization") == scope]
        token = str(start + count) if start + count < len(found) else None
        page = [self._told(each) for each in found[start : start + count]]
        return said(200, collection=page, pagination={"count": len(page), "next_page_token": token})

    def _told(self, line: Line) -> dict[str, Any]:
        failing = line.more.get("failing")
        return {"uri": f"https://api.calendly.com/webhook_subscriptions/{line.id}", "callback_url": line.url} | {
            "retry_started_at": "2026-11-24T14:15:22.123456Z" if failing else None,
            "state": "active" if line.on else "disabled",
            "events": line.types,
        }


class Typeform(Register):
    """By JSON, for each form, told apart by tags that are chosen as the secret is."""

    provider_id = "typeform"
    host = "api.typeform.com"

    def __init__(self) -> None:
        super().__init__(places=("u6nXL7", "lT4Z3j"))

    def named(self, number: int) -> str:
        """Tags are what their owners like."""
        return f"{self.places[0]}/a%20tag%2F{number}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        token = shown(request)
        if token not in (self.key, self.narrow):
            return said(401, code="AUTHENTICATION_FAILED")
        if token == self.narrow and request.method != "GET":
            return said(403, code="FORBIDDEN")
        match request.method, request.rel_url.raw_path.strip("/").split("/"):
            case "GET", ["forms"]:
                size, number = int(request.query["page_size"]), int(request.query["page"])
                assert size <= 200
                found = [{"id": each, "title": f"Form {each}"} for each in self.places]
                return said(200, page_count=1, items=found[(number - 1) * size : number * size])
            case "GET", ["forms", form, "webhooks"] if form in self.places:
                return said(200, items=[self._told(each) for each in self.lines.values() if each.place == form])
            case "PUT", ["forms", form, "webhooks", tag] if form in self.places:
                return await self._put(request, form, f"{form}/{tag}")
            case "DELETE", ["forms", form, "webhooks", tag] if f"{form}/{tag}" in self.lines:
                del self.lines[f"{form}/{tag}"]
                return web.Response(status=204)
        return said(404, code="NOT_FOUND")

    async def _put(self, request: web.Request, form: str, line_id: str) -> web.Response:
        told = await request.json()
        assert told["verify_ssl"] is True
        try:
            line = self.lines.get(line_id) or self.lines.pop(self.add("", [], place=form).id)
        except Refused:
            return said(400, code="VALIDATION_ERROR")
        line.id, self.lines[line_id] = line_id, line
        line.url, line.secret, line.on = told["url"], told["secret"], told["enabled"]
        line.types = [name for name, wanted in told["event_types"].items() if wanted]
        return said(200, **self._told(line))

    def _told(self, line: Line) -> dict[str, Any]:
        told = {"form_id": line.place, "tag": unquote(line.id.partition("/")[2]), "url": line.url} | {
            "enabled": line.on,
            "event_types": dict.fromkeys(line.types, True),
        }
        return {name: value for name, value in told.items() if name not in line.more.get("untold", ())}


ALL: tuple[type[Register], ...] = (GitHub, GitHubOrganization, Calendly, Typeform)
