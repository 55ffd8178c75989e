"""Stripe's endpoints as docs.stripe.com tells of them (api/webhook_endpoints), and a shop that registers there."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from shopwatch.domain.clock import now
from shopwatch.domain.endpoint import Registered
from shopwatch.domain.event import Kind
from shopwatch.domain.facts import DeliveryKept, EndpointsChanged, TunnelChanged
from shopwatch.domain.reach import TunnelKind
from shopwatch.domain.source import Source
from shopwatch.providers.stripe import STRIPE
from shopwatch.recovery.courier import Bounds, Courier
from shopwatch.settings.paths import Paths
from shopwatch.settings.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from tests.standin.site import Site
from tests.standin.stripe import HOST, KEY

ONE, TWO, THREE = "https://one.shop.test", "https://two.shop.test", "https://three.shop.test"


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


class Registering:
    """A shop with one source at Stripe, which hears at an address of its own. `hears`: it listens, too."""

    def __init__(
        self, folder: Path, stripe: StripeHooks, vault: MemoryVault, *, key: str = KEY, hears: bool = True
    ) -> None:
        self._folder = folder
        self._stripe = stripe
        self._vault = vault
        self._key = key
        self._hears = hears
        self._happened = asyncio.Event()

    async def __aenter__(self) -> Self:
        courier = Courier(Bounds(connect=1, total=5, pauses=()), stand_ins={HOST: self._stripe.site.origin})
        self.shop = await open_shop(Paths(self._folder), vault=self._vault, courier=courier)
        for fact in (EndpointsChanged, DeliveryKept, TunnelChanged):
            self.shop.bus.listen(fact, lambda _: self._happened.set())
        if not self.shop.sources:
            self.shop.change_settings(own_url=ONE, tunnel=TunnelKind.OWN)
            source = await self.shop.add_source("stripe")
            if self._key:
                await self.shop.set_api_key(source.id, self._key)
        self.port = await self.shop.start(port=0) if self._hears else 0
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.shop.close()

    @property
    def source(self) -> Source:
        return self.shop.sources[0]

    @property
    def known(self) -> Registered:
        return self.shop.endpoints[self.source.id]

    async def move(self, url: str) -> None:
        """The public address is another one from now on."""
        await self.shop.set_tunnel(TunnelKind.OWN, url=url)

    async def until(self, condition: Callable[[], bool], patience: float = 10) -> None:
        async with asyncio.timeout(patience):
            while not condition():
                self._happened.clear()
                await self._happened.wait()

    async def hear(self, base: str, secret: str, number: int = 1) -> int:
        """How a message of Stripe's is answered that is sent to `base` and signed by `secret`."""
        message = STRIPE.practise(Kind.SALE, secret, now(), number, url=base + self.source.path)
        headers = {name.decode(): value.decode() for name, value in message.headers.lines}
        headers["Host"] = base.removeprefix("https://")
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{self.port}{self.source.path}"
            async with session.post(url, data=message.body, headers=headers) as answer:
                return answer.status
