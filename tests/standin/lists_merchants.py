"""The lists of those who sell in the shop's name, as their documentation tells of them."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.standin.lists import Entry, Lists, iso, seconds


class PayNow(Lists):
    """Orders and payments by flake ids, which tell their time; and, page by page, what could not be delivered.

    `payments` are of all orders; `history` is by subscription. `narrow`: the key may see nothing but orders.
    """

    def __init__(self) -> None:
        super().__init__("paynow", "api.paynow.gg", "411486491630370816:pnapi_v1_abcdefghij", 50)
        self.shown = "APIKey pnapi_v1_abcdefghij"
        self.payments: list[Entry] = []
        self.history: dict[str, list[Entry]] = {}
        self.narrow = False

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": self.flake(number, at),
            "pretty_id": f"p{number}",
            "status": "completed",
            "currency": "usd",
            "total_amount": 2_198,
            "billing_email": "maya@example.com",
            "billing_name": "Maya Lindqvist",
            "lines": [{"product_name": "Peony bunch", "quantity": 2, "price": 1_099}],
            "created_at": iso(at),
            "completed_at": iso(at),
        }

    def flake(self, number: int, at: int) -> str:
        return str(((at * 1000 - 1_645_568_542_000) << 22) + number)

    def payment(self, order: Entry, status: str, **told: Any) -> Entry:
        """The payment of an order, which went back."""
        made = {"id": self.flake(7, order["at"]), "order_id": order["id"], "status": status, "currency": "usd"}
        return made | {"amount": 2_198, "created_at": order["created_at"], "chargeback_status": "none"} | told

    def refund(self, number: int, at: int, amount: int, status: str = "completed") -> Entry:
        told = {"id": self.flake(number, at), "payment_id": "1", "status": status, "currency": "usd", "amount": amount}
        return told | {"store_refund_amount": amount, "created_at": iso(at), "completed_at": iso(at)}

    def failed(self, hook: str, event: str, at: int, payload: Any) -> None:
        """A message that could not be delivered to this subscription."""
        queued = {"id": self.flake(9, at), "webhook_id": hook, "created_at": iso(at), "state": "failed", "event": event}
        self.history.setdefault(hook, []).append(queued | {"payload": payload, "executions": []})

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        return {}, {"event_type": "ON_ORDER_COMPLETED", "event_id": f"9{entry['id'][1:]}", "body": body}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        shop, query = "/v1/stores/411486491630370816/", request.query
        assert request.path.startswith(shop)
        what, *steps = request.path.removeprefix(shop).split("/")
        if self.narrow and what != "orders":
            return web.json_response({"status": 403, "code": "forbidden", "message": "Forbidden"}, status=403)
        if what == "webhooks" and not steps:
            hooks = [
                {"id": each, "type": "json_v1", "url": "https://x.example", "secret": "s"} for each in self.history
            ]
            return web.json_response([*hooks, {"id": "1", "type": "discord_v1", "url": "https://discord.example"}])
        if what == "webhooks":
            assert query["state"] == "failed"
            page = int(query.get("page", "0"))
            return web.json_response({"page": page, "history": self.history[steps[0]][page * 10 : page * 10 + 10]})
        asc, limit = query.get("asc") == "true", int(query["limit"])
        held = sorted(self.entries if what == "orders" else self.payments, key=lambda each: int(each["id"]))
        found = [each for each in held if self._is_asked_for(each, query)]
        return web.json_response(self.told((found if asc else found[::-1])[:limit]))

    def _is_asked_for(self, entry: Entry, query: Mapping[str, str]) -> bool:
        return (
            int(query.get("after", "0")) < int(entry["id"]) < int(query.get("before", "9" * 20))
            and entry["status"] == query.get("status", entry["status"])
            and entry.get("order_id", "") == query.get("order_id", entry.get("order_id", ""))
        )


class LemonSqueezy(Lists):
    """Orders and invoices, the newest first, in numbered pages."""

    def __init__(self) -> None:
        super().__init__("lemonsqueezy", "api.lemonsqueezy.com", "eyJhbGciOiJSUzI1NiJ9.abc.def", 100)

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "type": "orders",
            "id": str(number + 1),
            "attributes": {
                "status": "paid",
                "order_number": number + 1,
                "currency": "USD",
                "total": 2_198,
                "subtotal": 2_198,
                "refunded_amount": 0,
                "user_name": "Maya Lindqvist",
                "user_email": "maya@example.com",
                "first_order_item": {"product_name": "Peony bunch", "quantity": 2, "price": 1_099},
                "created_at": iso(at),
                "updated_at": iso(at),
                "test_mode": False,
            },
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        return {}, {"meta": {"event_name": "order_created"}, "data": body}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        assert query["sort"] == "-createdAt"
        found = list(reversed(self.entries)) if request.path == "/v1/orders" else []
        size = int(query["page[size]"])
        start = (int(query["page[number]"]) - 1) * size
        return web.json_response({"data": self.told(found[start : start + size])})


class Paddle(Lists):
    """Events, the newest first, after an id."""

    def __init__(self) -> None:
        super().__init__("paddle", "api.paddle.com", "pdl_live_apikey_01abc", 50)

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "event_id": f"evt_{number:026}",
            "event_type": "transaction.completed",
            "occurred_at": iso(at),
            "data": {
                "id": f"txn_{number:026}",
                "status": "completed",
                "currency_code": "USD",
                "customer_id": "ctm_1",
                "details": {"totals": {"grand_total": "2198"}, "line_items": []},
            },
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        return {}, body

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        assert (request.path, query["order_by"]) == ("/events", "id[DESC]")
        found = list(reversed(self.entries))
        ids = [each["event_id"] for each in found]
        start = ids.index(query["after"]) + 1 if "after" in query else 0
        size = int(query["per_page"])
        paging = {"per_page": size, "has_more": start + size < len(found)}
        return web.json_response(
            {"data": self.told(found[start : start + size]), "meta": {"request_id": "x", "pagination": paging}}
        )


class Gumroad(Lists):
    """Sales by day, the newest first, ten at a time, by a key."""

    def __init__(self) -> None:
        super().__init__("gumroad", "api.gumroad.com", "gumroad-token", 10)

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"sale{number}==",
            "order_id": 1_000 + number,
            "product_name": "Bouquet guide",
            "price": 2_198,
            "formatted_total_price": "$21.98",
            "quantity": 1,
            "email": "maya@example.com",
            "full_name": "Maya Lindqvist",
            "refunded": False,
            "partially_refunded": False,
            "created_at": iso(at),
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        form = {
            "sale_id": entry["id"],
            "sale_timestamp": entry["created_at"],
            "order_number": entry["order_id"],
            "seller_id": "seller==",
            "product_name": entry["product_name"],
            "price": entry["price"],
            "currency": "usd",
            "quantity": 1,
            "email": entry["email"],
            "full_name": entry["full_name"],
        }
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form).encode()

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert request.path == "/v2/sales"
        since = seconds(request.query["after"] + "T00:00:00Z")
        found = [each for each in reversed(self.entries) if each["at"] >= since]
        start = int(request.query.get("page_key", "0"))
        more = {"next_page_key": str(start + 10)} if start + 10 < len(found) else {}
        return web.json_response({"success": True, "sales": self.told(found[start : start + 10]), **more})


class Zettle(Lists):
    """Purchases by their time and the last one's hash, for tokens that are given for a client ID and an API key."""

    def __init__(self) -> None:
        key = "c55de605-48b6-42ef-b69e-cd9d14ded15a:eyJraWQiOiIwIiwidHlwIjoiSl"
        super().__init__("zettle", "purchase.izettle.com", key, 1_000, {"email": "owner@example.com"})
        self.tokens = 0
        """How many were given."""

    def lets_in(self, request: web.Request) -> bool:
        return bool(self.tokens) and request.headers.get("Authorization") == f"Bearer token-{self.tokens}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path != "/token":
            return await super().handle(request)
        told = await request.post()
        assert told["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        if ":".join((str(told["client_id"]), str(told["assertion"]))) != self.key:
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.tokens += 1
        return web.json_response({"access_token": f"token-{self.tokens}", "expires_in": 7200})

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "source": "POS",
            "purchaseUUID": f"WJwt5j7kEeuecKKs{number:06}",
            "purchaseUUID1": f"589c2de6-3ee4-11eb-9e70-{number:012}",
            "amount": 2_198,
            "currency": "GBP",
            "country": "GB",
            "timestamp": _offset(at),
            "created": _offset(at),
            "purchaseNumber": number + 1,
            "products": [{"name": "Peonies", "quantity": "2", "unitPrice": 1_099}],
            "refund": False,
            "refunded": False,
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        payload = {name: entry[name] for name in ("amount", "currency", "purchaseNumber", "products", "created")}
        payload |= {"purchaseUuid": entry["purchaseUUID1"], "timestamp": entry["at"] * 1000}
        told = {"eventName": "PurchaseCreated", "messageId": f"m-{entry['purchaseUUID1']}"}
        return {}, told | {"payload": json.dumps(payload), "timestamp": iso(entry["at"])}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/users/self":
            return web.json_response({"uuid": "u-1", "organizationUuid": "o-1"})
        query = request.query
        assert request.path == "/purchases/v2"
        assert 1 <= int(query["limit"]) <= 1_000
        since, last = seconds(query["startDate"]), query.get("lastPurchaseHash", "")
        found = [each for each in self.entries if each["at"] >= since and f"{each['at']}-{_uuid(each)}" > last]
        page = found[: int(query["limit"])]
        hashes = [f"{each['at']}-{_uuid(each)}" for each in page]
        told: Entry = {"purchases": self.told(page), "linkUrls": []}
        if page:
            told |= {"firstPurchaseHash": hashes[0], "lastPurchaseHash": hashes[-1]}
        if len(found) > len(page):
            told["linkUrls"] = [
                f'<https://purchase.izettle.com/purchases/v2?lastPurchaseHash={hashes[-1]}>; rel="next"'
            ]
        return web.json_response(told)


def _uuid(entry: Entry) -> str:
    return str(entry["purchaseUUID1"])


def _offset(at: int) -> str:
    return f"{iso(at)[:-1]}.000+0000"


ALL: tuple[Callable[[], Lists], ...] = (PayNow, LemonSqueezy, Paddle, Gumroad, Zettle)
