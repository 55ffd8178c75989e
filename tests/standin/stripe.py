"""Stripe's API as docs.stripe.com tells of it: the lines of checkout sessions, which payment is of which invoice, and
events, page by page."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.standin.lists import Entry, Lists
from tests.standin.site import Site

HOST = "api.stripe.com"
KEY = "rk_live_canaryCANARYcanary0123456789"


def line(place: int, name: str = "Peony bunch", quantity: int = 2, amount: int = 2198) -> dict[str, Any]:
    return {
        "id": f"li_{place}",
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": "usd",
        "description": name,
        "quantity": quantity,
    }


def event(number: int, at: int, kind: str = "checkout.session.completed", **told: Any) -> dict[str, Any]:
    """An event of the second `at`; by itself a paid checkout over 21.98 USD."""
    thing = {
        "id": f"cs_{number}",
        "object": "checkout.session",
        "amount_total": 2_198,
        "currency": "usd",
        "customer_details": {"email": f"maya{number}@example.com", "name": "Maya Lindqvist"},
        "mode": "payment",
        "payment_intent": f"pi_{number}",
        "payment_status": "paid",
    }
    return {
        "id": f"evt_{number}_{kind}",
        "object": "event",
        "created": at,
        "data": {"object": thing | told},
        "livemode": True,
        "type": kind,
    }


@dataclass
class Stripe:
    """`key` is the one it accepts, `narrow` one that may not read checkout sessions. `invoices` are those of payments.
    `events` are the oldest first."""

    key: str = KEY
    narrow: str = "rk_live_narrowNARROWnarrow0123456789"
    sessions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    invoices: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site = Site(self.handle)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        shown = request.headers.get("Authorization", "")
        if shown == f"Bearer {self.narrow}":
            return _error(403, "permission_error", "The provided key does not have the required permissions.")
        if shown != f"Bearer {self.key}":
            return _error(401, "invalid_request_error", "Invalid API Key provided.")
        match request.path.split("/"):
            case ["", "v1", "checkout", "sessions", session, "line_items"] if session in self.sessions:
                return self._page(request, self.sessions[session])
            case ["", "v1", "invoice_payments"]:
                return self._page(request, self._invoice_payments(request))
            case ["", "v1", "events"]:
                return self._events(request)
        return _error(404, "invalid_request_error", "No such checkout.session.")

    def _events(self, request: web.Request) -> web.StreamResponse:
        since, types = int(request.query["created[gte]"]), request.query.getall("types[]")
        found = [each for each in reversed(self.events) if each["created"] >= since and each["type"] in types]
        return self._page(request, found)

    def _invoice_payments(self, request: web.Request) -> list[dict[str, Any]]:
        assert request.query["payment[type]"] == "payment_intent"
        paid = {"type": "payment_intent", "payment_intent": request.query["payment[payment_intent]"]}
        invoice = self.invoices.get(paid["payment_intent"])
        return [{"id": "inpay_1", "object": "invoice_payment", "invoice": invoice, "payment": paid}] if invoice else []

    def _page(self, request: web.Request, lines: list[dict[str, Any]]) -> web.StreamResponse:
        limit = int(request.query.get("limit", "10"))
        if not 1 <= limit <= 100:
            return _error(400, "invalid_request_error", "Invalid integer.")
        ids = [each["id"] for each in lines]
        after = request.query.get("starting_after")
        if after is not None and after not in ids:
            return _error(404, "invalid_request_error", "No such event.")
        start = ids.index(after) + 1 if after is not None else 0
        page = lines[start : start + limit]
        return web.json_response(
            {"object": "list", "data": page, "has_more": start + limit < len(lines), "url": request.path}
        )


class StripeEvents(Lists):
    """The same events as a list like all others, the newest first."""

    def __init__(self) -> None:
        super().__init__("stripe", HOST, KEY, 100)
        self.stripe = Stripe()

    def entry(self, number: int, at: int) -> Entry:
        return event(number, at) | {"at": at}

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        return {}, body

    async def listed(self, request: web.Request) -> web.StreamResponse:
        self.stripe.events = self.told(self.entries)
        return await self.stripe.handle(request)


def _error(status: int, kind: str, message: str) -> web.Response:
    return web.json_response({"error": {"type": kind, "message": message}}, status=status)
