"""Providers as they send: signed messages, tried again by each one's own rule, and the same things in their lists.

The rules are those of the providers' documentation, where they tell them; where they only say "growing pauses", these
are such pauses."""

import json
import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import aiohttp
from aiohttp import web

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.domain.source import Source
from shopwatch.providers.senders.paypal_signature import PRACTICE_CERTIFICATE
from tests.providers.authority import paypal_certificate, paypal_key, signing_secret
from tests.standin.lists import Entry, Lists
from tests.standin.lists_merchants import PayNow
from tests.standin.lists_payments import PayPal, Square
from tests.standin.lists_shops import Shopify, WooCommerce
from tests.standin.site import Handler, Site, half, raw, status
from tests.standin.stripe import HOST, KEY, Stripe, event, line

MINUTE, HOUR = 60.0, 3_600.0
_PATIENCE = 10.0
_TROUBLES: tuple[Handler, ...] = (
    status(500),
    status(503, Retry_After="7"),
    status(429, Retry_After="20"),
    raw(b'{"data": ['),
    half,
)


@dataclass(frozen=True, slots=True)
class Way:
    """How a provider tries again: after these pauses, in seconds.

    `old_address`: at the address that was right when it first tried. `stops_after` so many failures in a row it sends
    nothing any more, whatever happens; 0: it does not.
    """

    pauses: tuple[float, ...] = ()
    old_address: bool = False
    stops_after: int = 0


STRIPE_WAY = Way((5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 12 * HOUR, 12 * HOUR, 12 * HOUR, 12 * HOUR))
"""Three days, exponentially."""
SHOPIFY_WAY = Way(
    (10.0, MINUTE, 3 * MINUTE, 8 * MINUTE, 20 * MINUTE, 40 * MINUTE, 70 * MINUTE, 97 * MINUTE), True, stops_after=8
)
"""Eight tries in four hours; a subscription made by the API is deleted after eight failures in a row."""
SQUARE_WAY = Way((*(each * MINUTE for each in (1, 2, 4, 8, 16, 32)), *[HOUR] * 22))
"""Growing pauses, then each hour, for 24 hours."""
PAYPAL_WAY = Way((*(each * MINUTE for each in (2, 5, 10, 20, 40, 80)), *[3.5 * HOUR] * 19), old_address=True)
"""Up to 25 times in three days."""
PAYNOW_WAY = Way((30.0, 2 * MINUTE, 8 * MINUTE, 32 * MINUTE, 128 * MINUTE), old_address=True)
WOOCOMMERCE_WAY = Way(stops_after=6)
"""Never again; more than five failures in a row switch the webhook off."""


class StripeEvents(Lists):
    """Stripe's events, and what was sold in each checkout."""

    def __init__(self) -> None:
        super().__init__("stripe", HOST, KEY, 100)
        self._api = Stripe(events=self.entries)

    def entry(self, number: int, at: int) -> Entry:
        self._api.sessions[f"cs_{number}"] = [line(1)]
        return event(number, at)

    def at(self, entry: Entry) -> int:
        return int(entry["created"])

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        return {}, entry

    async def handle(self, request: web.Request) -> web.StreamResponse:
        return await self._api.handle(request)

    async def listed(self, request: web.Request) -> web.StreamResponse:
        return await self._api.handle(request)


@dataclass
class Thing:
    """Something that was sold there. `address` is where its message went first, `tries` how often it was tried."""

    entry: Entry
    sold: Event
    address: str
    tries: int = 0
    heard: bool = False

    @property
    def order(self) -> str:
        assert isinstance(self.sold.claim, SaleClaim)
        return self.sold.claim.order_id


@dataclass
class Sender:
    """One provider. `address` is the one that it was given, `ahead` how many seconds its clock is before the true one;
    one question in so many is answered amiss, as `troubled` says."""

    lists: Lists
    way: Way
    wall: Callable[[], float]
    chance: random.Random
    secret: str = "whsec_MadeUpForThisNight0123456789abcd"
    told: str = ""
    """What the shop is given as the secret, where it is not what signs."""
    hosts: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    page: int = 0
    """How many entries it gives at a time, however many it is asked for; 0: as many as that."""
    ahead: float = 0
    troubled: float = 0
    address: str = ""
    is_off: bool = False
    things: list[Thing] = field(default_factory=list)
    source: Source | None = None
    _failed: int = 0

    def __post_init__(self) -> None:
        self.site = Site(self._answer)
        self.hosts = self.hosts or (self.lists.host,)
        self.told = self.told or self.secret

    def sell(self) -> Thing:
        """Something is sold now. It is in no list yet: see `write_down`."""
        entry = self.lists.entry(len(self.things), int(self.wall() + self.ahead))
        thing = Thing(entry, self.lists.event(entry).event, self.address)
        self.things.append(thing)
        return thing

    def write_down(self, thing: Thing) -> None:
        """From now on it stands in the list, at its time."""
        at = self.lists.at(thing.entry)
        self.lists.entries.insert(bisect_right(self.lists.entries, at, key=self.lists.at), thing.entry)

    async def send(self, thing: Thing) -> float | None:
        """Send its message; after how many seconds it is to be sent again, None for never."""
        if self.is_off:
            return None
        thing.tries += 1
        thing.heard = await self._heard(thing)
        self._failed = 0 if thing.heard else self._failed + 1
        self.is_off = bool(self.way.stops_after) and self._failed >= self.way.stops_after
        return None if thing.heard or thing.tries > len(self.way.pauses) else self.way.pauses[thing.tries - 1]

    async def _heard(self, thing: Thing) -> bool:
        assert self.source is not None
        url = (thing.address if self.way.old_address else self.address) + self.source.path
        request = self._signed(thing, url)
        headers = {name.decode(): value.decode() for name, value in request.headers.lines}
        patience = aiohttp.ClientTimeout(total=_PATIENCE)
        try:
            async with (
                aiohttp.ClientSession(timeout=patience) as session,
                session.post(url, data=request.body, headers=headers, allow_redirects=False) as answer,
            ):
                await answer.read()
                assert answer.status in {200, 503}, f"{self.lists.provider_id} was told {answer.status}"
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def _signed(self, thing: Thing, url: str) -> Request:
        said, body = self.lists.message(thing.entry)
        headers = {"Content-Type": "application/json"} | said | self.headers
        at = int((self.wall() + self.ahead) * 1000)
        # WooCommerce has an id for each sending, Shopify one for what happened.
        sending = headers.pop("X-Shopify-Event-Id", f"{thing.sold.id}-{thing.tries}")
        headers.pop("PAYPAL-CERT-URL", None)
        request = Request("POST", url, Headers.of(headers), json.dumps(body).encode())
        signed = self.lists.provider.recipe.sign(request, self.secret, at, sending, self.lists.options)
        assert signed is not None
        return signed

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self.chance.random() < self.troubled:
            return await self.chance.choice(_TROUBLES)(request)
        response = await self._told(request)
        # The second in which it is written down, by the clock of whoever writes.
        response.headers["Date"] = format_datetime(datetime.fromtimestamp(int(self.wall() + self.ahead), UTC), True)
        return response

    async def _told(self, request: web.Request) -> web.StreamResponse:
        match request.path.split("/"):
            case [*_, "certs", _]:
                return web.Response(text=paypal_certificate())
            case ["", "v2", "checkout", "orders", order]:
                return web.json_response({"id": order, "payer": {"email_address": "maya@example.com"}})
            case ["", "v2", "orders", order]:
                return web.json_response({"order": {"id": order, "line_items": []}})
            case [*_, "webhooks" | "webhooks.json" | "graphql.json" | "webhook_endpoints" | "subscriptions"]:
                return web.json_response({"error": "The key may not read webhooks."}, status=403)
        asked = [name for name in ("limit", "page_size") if self.page and name in request.query]
        url = request.rel_url.update_query(dict.fromkeys(asked, self.page))
        return await self.lists.handle(request.clone(rel_url=url) if asked else request)


def six(wall: Callable[[], float], chance: random.Random) -> tuple[Sender, ...]:
    """Six providers with six ways of not being heard."""
    shopify = {
        "X-Shopify-Shop-Domain": "bloom-and-stem.myshopify.com",
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    }
    square = Square()
    square.most = 4
    webhook = "8PT597110X687430L"
    chances = [random.Random(chance.getrandbits(64)) for _ in range(6)]  # how often one is asked moves no other
    return (
        Sender(StripeEvents(), STRIPE_WAY, wall, chances[0], page=7),
        Sender(Shopify(), SHOPIFY_WAY, wall, chances[1], headers=shopify, page=6),
        Sender(square, SQUARE_WAY, wall, chances[2]),
        Sender(
            PayPal(),
            PAYPAL_WAY,
            wall,
            chances[3],
            page=5,
            secret=signing_secret(webhook, paypal_key()),
            told=webhook,
            hosts=("api-m.paypal.com", PRACTICE_CERTIFICATE.split("/")[2]),
        ),
        Sender(WooCommerce(), WOOCOMMERCE_WAY, wall, chances[4], headers={"X-WC-Webhook-Topic": "order.updated"}),
        Sender(PayNow(), PAYNOW_WAY, wall, chances[5]),
    )
