"""Stripe's endpoints as docs.stripe.com tells of them (api/webhook_endpoints)."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from tests.standin.site import Site
from tests.standin.stripe import KEY


@dataclass
class Hook:
    """An endpoint at Stripe."""

    id: str
    url: str
    types: list[str]
    secret: str
    status: str = "enabled"

    def told(self, *, made: bool = False) -> dict[str, Any]:
        told = {"id": self.id, "object": "webhook_endpoint", "url": self.url, "status": self.status}
        return told | {"enabled_events": self.types} | ({"secret": self.secret} if made else {})


@dataclass
class StripeHooks:
    """`key` is the one it takes; `narrow` may read and not write. `begun` is called whenever one was made."""

    key: str = KEY
    narrow: str = "rk_live_narrowNARROWnarrow0123456789"
    hooks: dict[str, Hook] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.site = Site(self.handle)

    @property
    def urls(self) -> list[str]:
        return sorted(each.url for each in self.hooks.values())

    def changes(self) -> list[str]:
        """What was asked for that changes something, in its order."""
        return [each.method for each in self.site.asked if each.method != "GET"]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if shown not in (self.key, self.narrow):
            return _error(401, "Invalid API Key provided.")
        if shown == self.narrow and request.method != "GET":
            return _error(403, "The provided key does not have the required permissions.")
        match (request.method, request.path.split("/")[2:]):
            case ("GET", ["events"]):
                return _listed([])
            case ("GET", ["webhook_endpoints"]):
                return _listed([each.told() for each in self.hooks.values()])
            case ("POST", ["webhook_endpoints"]):
                return await self._make(request)
            case (_, ["webhook_endpoints", hook_id]) if hook_id in self.hooks:
                return await self._change(request, self.hooks[hook_id])
        return _error(404, "No such webhook endpoint.")

    async def _make(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        number = next(self.numbers)
        hook = Hook(
            f"we_{number}", str(form["url"]), [str(each) for each in form.getall("enabled_events[]")], _secret(number)
        )
        self.hooks[hook.id] = hook
        return web.json_response(hook.told(made=True))

    async def _change(self, request: web.Request, hook: Hook) -> web.StreamResponse:
        if request.method == "DELETE":
            del self.hooks[hook.id]
            return web.json_response({"id": hook.id, "object": "webhook_endpoint", "deleted": True})
        form = await request.post()
        hook.url = str(form.get("url", hook.url))
        hook.types = [str(each) for each in form.getall("enabled_events[]", hook.types)]
        if form.get("disabled") == "false":
            hook.status = "enabled"
        return web.json_response(hook.told())


def _secret(number: int) -> str:
    return f"whsec_canaryCANARYcanary{number:08}"


def _listed(data: list[dict[str, Any]]) -> web.Response:
    return web.json_response({"object": "list", "data": data, "has_more": False})


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"type": "invalid_request_error", "message": message}}, status=status)
