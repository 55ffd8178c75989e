"""Stripe's list of events on loopback, in a process of its own: 10,000 paid checkouts, as large as they are there.

Prints its origin, and serves until it is killed.
"""

import asyncio
import json
import sys

from aiohttp import web

from shopwatch.domain.messages.event import Kind
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.runtime.clock import now

COUNT = 10_000


def _events() -> list[bytes]:
    at = now() + 60_000
    return [STRIPE.draft(Kind.SALE, Sample.of(number), at + number).body for number in range(COUNT)]


async def _serve() -> None:
    events = _events()
    places = {json.loads(each)["id"]: place for place, each in enumerate(events)}

    async def listed(request: web.Request) -> web.Response:
        after = request.query.get("starting_after")
        start = places[after] + 1 if after else 0
        end = start + int(request.query["limit"])
        more = b"true" if end < COUNT else b"false"
        page = b'{"object":"list","data":[' + b",".join(events[start:end]) + b'],"has_more":' + more + b"}"
        return web.Response(body=page, content_type="application/json")

    async def lines(_: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [], "has_more": False})

    app = web.Application()
    app.router.add_get("/v1/events", listed)
    app.router.add_get("/v1/checkout/sessions/{session}/line_items", lines)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
