"""Mollie's API as docs.mollie.com tells of it: payments by their id."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.standin.site import Site

HOST = "api.mollie.com"
KEY = "live_canaryCANARYcanary0123456789"


def paid(payment_id: str, value: str, **more: Any) -> dict[str, Any]:
    return {
        "resource": "payment",
        "id": payment_id,
        "mode": "live",
        "amount": {"currency": "EUR", "value": value},
        "description": "Order 12345",
        "status": "paid",
        "paidAt": "2026-11-24T12:00:00+00:00",
        "billingAddress": {"givenName": "Maya", "familyName": "Lindqvist", "email": "maya@example.com"},
    } | more


@dataclass
class Mollie:
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.site = Site(self.handle)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _problem(401, "Unauthorized Request")
        match request.path.split("/"):
            case ["", "v2", "payments", payment_id] if payment_id in self.payments:
                return web.json_response(self.payments[payment_id], content_type="application/hal+json")
        return _problem(404, "Not Found")


def _problem(status: int, title: str) -> web.Response:
    return web.json_response({"status": status, "title": title}, status=status, content_type="application/hal+json")
