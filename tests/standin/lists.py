"""The lists of providers as their documentation tells of them: what is in them, in which order, how many at a time, and
how the next page is asked for. `message` is what the provider would have sent of an entry."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.event import Event
from shopwatch.domain.verdict import Accepted
from shopwatch.providers import provider
from shopwatch.providers.provider import Provider
from shopwatch.providers.reading import Message
from tests.standin.site import Site

type Entry = dict[str, Any]


def iso(at: int) -> str:
    """A second as most providers write it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp())


@dataclass
class Lists(ABC):
    """One provider's API. `entries` are the oldest first; `key` is the one it takes."""

    provider_id: str
    host: str
    key: str
    page: int
    """How many entries a page holds at most."""
    options: Mapping[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    shown: str = ""
    """The header that shows the key, where it is not a bearer's."""

    def __post_init__(self) -> None:
        self.site = Site(self.handle)

    @property
    def provider(self) -> Provider:
        found = provider(self.provider_id)
        assert found is not None
        return found

    @abstractmethod
    def entry(self, number: int, at: int) -> Entry:
        """The thing of this number, which happened in the second `at`."""

    @abstractmethod
    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        """Headers and body of the message of `entry`."""

    @abstractmethod
    async def listed(self, request: web.Request) -> web.StreamResponse: ...

    def event(self, entry: Entry) -> Accepted:
        """What the message of `entry` is judged as."""
        headers, body = self.message(entry)
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = Request("POST", "https://shop.example/in/x/y", Headers.of(headers), sent)
        verdict = self.provider.judge_practice(request, self.at(entry) * 1000)
        assert isinstance(verdict, Accepted)
        return verdict

    def at(self, entry: Entry) -> int:
        """The second in which it happened."""
        return int(entry["at"])

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if not self.lets_in(request):
            return web.json_response({"error": "no"}, status=401)
        return await self.listed(request)

    def lets_in(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == (self.shown or f"Bearer {self.key}")

    def told(self, entries: list[Entry]) -> list[Entry]:
        """Entries as the provider gives them, without what only the test knows."""
        return [{name: value for name, value in each.items() if name != "at"} for each in entries]


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


class Shopify(Lists):
    """Orders by their last change; the next page is in a header."""

    def __init__(self) -> None:
        host = "bloom-and-stem.myshopify.com"
        super().__init__("shopify", host, "shpat_0123456789abcdef0123456789abcdef", 50, {"shop": host})

    def lets_in(self, request: web.Request) -> bool:
        return request.headers.get("X-Shopify-Access-Token") == self.key

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": 5_000_000_000_000 + number,
            "name": f"#{1_000 + number}",
            "financial_status": "paid",
            "total_price": "21.98",
            "currency": "USD",
            "email": "maya@example.com",
            "customer": {"first_name": "Maya", "last_name": "Lindqvist"},
            "line_items": [{"title": "Peony bunch", "quantity": 2, "price": "10.99"}],
            "refunds": [],
            "processed_at": iso(at),
            "created_at": iso(at),
            "updated_at": iso(at),
            "test": False,
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        return {"X-Shopify-Topic": "orders/paid", "X-Shopify-Event-Id": f"e-{entry['id']}"}, body

    def event(self, entry: Entry) -> Accepted:
        return _of_headers(self, entry, "orders/paid", f"e-{entry['id']}")

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert request.path == "/admin/api/2025-10/orders.json"
        limit = int(request.query["limit"])
        info = request.query.get("page_info")
        if info is None:
            assert (request.query["status"], request.query["order"]) == ("any", "updated_at asc")
            since, start = seconds(request.query["updated_at_min"]), 0
        else:
            assert set(request.query) == {"page_info", "limit"}
            since, start = (int(part) for part in info.split("-"))
        found = sorted((e for e in self.entries if seconds(e["updated_at"]) >= since), key=lambda e: e["updated_at"])
        headers = {}
        if start + limit < len(found):
            url = f"https://{self.host}{request.path}?limit={limit}&page_info={since}-{start + limit}"
            headers["Link"] = f'<https://{self.host}/x?page_info=0-0>; rel="previous", <{url}>; rel="next"'
        return web.json_response({"orders": self.told(found[start : start + limit])}, headers=headers)


def _of_headers(lists: Lists, entry: Entry, event_type: str, event_id: str) -> Accepted:
    """Where type and id are in headers, that only the whole check reads."""
    headers, body = lists.message(entry)
    parsed = json.loads(json.dumps(body))
    meaning = lists.provider.readers[event_type](
        Message(parsed, Headers.of(headers), event_type, lists.at(entry) * 1000)
    )
    assert meaning is not None
    return Accepted(
        Event(
            event_id,
            event_type,
            meaning.kind,
            meaning.occurred_at,
            meaning.claim,
            meaning.happening,
            meaning.links,
            meaning.live,
            needs_fetch=meaning.needs_fetch,
        )
    )


class WooCommerce(Lists):
    """Orders by their last change, in numbered pages."""

    def __init__(self) -> None:
        super().__init__("woocommerce", "shop.example.com", "ck_abc:cs_def", 50, {"shop": "shop.example.com"})
        self.shown = "Basic Y2tfYWJjOmNzX2RlZg=="

    def entry(self, number: int, at: int) -> Entry:
        when = iso(at).removesuffix("Z")
        return {
            "at": at,
            "id": number + 1,
            "number": str(number + 1),
            "status": "processing",
            "currency": "USD",
            "total": "21.98",
            "billing": {"first_name": "Maya", "last_name": "Lindqvist", "email": "maya@example.com"},
            "line_items": [{"name": "Peony bunch", "quantity": 2, "price": 10.99}],
            "refunds": [],
            "date_paid_gmt": when,
            "date_created_gmt": when,
            "date_modified_gmt": when,
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        return {}, body

    def event(self, entry: Entry) -> Accepted:
        return _of_headers(self, entry, "order.updated", f"d-{entry['id']}")

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert request.path == "/wp-json/wc/v3/orders"
        query = request.query
        assert (query["orderby"], query["order"], query["dates_are_gmt"]) == ("modified", "asc", "true")
        after = seconds(query["modified_after"])
        found = [each for each in self.entries if seconds(each["date_modified_gmt"] + "Z") > after]
        found.sort(key=lambda each: (each["date_modified_gmt"], each["id"]))
        start = (int(query["page"]) - 1) * int(query["per_page"])
        return web.json_response(self.told(found[start : start + int(query["per_page"])]))


class BigCommerce(Lists):
    """Orders by their last change, in numbered pages; nothing at all where there are none."""

    def __init__(self) -> None:
        super().__init__("bigcommerce", "api.bigcommerce.com", "abc123:token", 100)

    def lets_in(self, request: web.Request) -> bool:
        return request.headers.get("X-Auth-Token") == "token"

    def entry(self, number: int, at: int) -> Entry:
        when = format_datetime(datetime.fromtimestamp(at, UTC))
        return {
            "at": at,
            "id": number + 100,
            "status_id": 11,
            "currency_code": "USD",
            "total_inc_tax": "21.9800",
            "refunded_amount": "0.0000",
            "billing_address": {"first_name": "Maya", "last_name": "Lindqvist", "email": "maya@example.com"},
            "date_created": when,
            "date_modified": when,
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        return {}, {
            "scope": "store/order/statusUpdated",
            "producer": "stores/abc123",
            "hash": f"h{entry['id']}",
            "created_at": entry["at"],
            "data": {"type": "order", "id": entry["id"], "status": {"previous_status_id": 0, "new_status_id": 11}},
        }

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        assert (request.path, query["sort"]) == ("/stores/abc123/v2/orders", "date_modified:asc")
        since, limit = seconds(query["min_date_modified"]), int(query["limit"])
        found = [each for each in self.entries if each["at"] >= since]
        start = (int(query["page"]) - 1) * limit
        page = self.told(found[start : start + limit])
        return web.json_response(page) if page else web.Response(status=204)


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


class Square(Lists):
    """Events, once they are let be searched, by a cursor."""

    def __init__(self) -> None:
        super().__init__("square", "connect.squareup.com", "EAAAabcdef0123456789", 100)
        self.on = False
        self.most = 100

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "merchant_id": "M1",
            "type": "payment.updated",
            "event_id": f"00000000-0000-0000-0000-{number:012}",
            "created_at": iso(at),
            "data": {
                "type": "payment",
                "id": f"pay{number}",
                "object": {
                    "payment": {
                        "id": f"pay{number}",
                        "order_id": f"ord{number}",
                        "status": "COMPLETED",
                        "total_money": {"amount": 2_198, "currency": "USD"},
                        "buyer_email_address": "maya@example.com",
                    }
                },
            },
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        return {"square-environment": "Production"}, body

    async def listed(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/v2/events/enable":
            assert request.method == "PUT"
            self.on = True
            return web.json_response({})
        asked = await request.json()
        assert (request.method, request.path, self.on) == ("POST", "/v2/events", True)
        since = seconds(asked["query"]["filter"]["created_at"]["start_at"])
        assert asked["query"]["sort"]["order"] == "ASC"
        found = [each for each in self.entries if each["at"] >= since]
        start, limit = int(asked.get("cursor", "0")), min(asked["limit"], self.most)
        more = {"cursor": str(start + limit)} if start + limit < len(found) else {}
        events = self.told(found[start : start + limit])
        return web.json_response({"events": events, **more} if events else {})


class PayPal(Lists):
    """Events; the next page is an address."""

    def __init__(self) -> None:
        super().__init__("paypal", "api-m.paypal.com", "client:secret", 50)
        self.shown = "Bearer A21AA"

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"WH-{number:08}",
            "create_time": iso(at),
            "event_type": "PAYMENT.CAPTURE.COMPLETED",
            "resource_type": "capture",
            "resource": {
                "id": f"CAP{number}",
                "amount": {"currency_code": "USD", "value": "21.98"},
                "status": "COMPLETED",
                "supplementary_data": {"related_ids": {"order_id": f"ORD{number}"}},
            },
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        return {"PAYPAL-CERT-URL": "https://api.paypal.com/v1/notifications/certs/x"}, body

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/v1/oauth2/token":
            fine = request.headers["Authorization"] == "Basic Y2xpZW50OnNlY3JldA=="
            told = {"access_token": "A21AA"} if fine else {"error": "invalid_client"}
            return web.json_response(told, status=200 if fine else 401)
        return await super().handle(request)

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        assert request.path == "/v1/notifications/webhooks-events"
        since, size, start = seconds(query["start_time"]), int(query["page_size"]), int(query.get("start", "0"))
        found = [each for each in reversed(self.entries) if each["at"] >= since]
        asked = {"start_time": query["start_time"], "page_size": size, "start": start + size}
        links = [{"href": f"https://{self.host}{request.path}?{urlencode(asked)}", "rel": "next", "method": "GET"}]
        told = {"events": self.told(found[start : start + size]), "count": size}
        return web.json_response(told | {"links": links if start + size < len(found) else []})


class Etsy(Lists):
    """Paid receipts by their last change, by an offset; tokens are renewed each time, and no older one is taken."""

    def __init__(self) -> None:
        super().__init__("etsy", "openapi.etsy.com", "keystring:shared:7.refresh", 50)
        self.shown = "Bearer 7.access"
        self.renewed = 0
        self.refused = 0

    @property
    def refresh(self) -> str:
        """The one refresh token that is taken now."""
        return f"7.refresh{self.renewed or ''}"

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "receipt_id": 3_000_000_000 + number,
            "is_paid": True,
            "name": "Maya Lindqvist",
            "buyer_email": "maya@example.com",
            "grandtotal": {"amount": 2_198, "divisor": 100, "currency_code": "USD"},
            "transactions": [],
            "created_timestamp": at,
            "updated_timestamp": at,
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        url = f"https://openapi.etsy.com/v3/application/shops/77/receipts/{entry['receipt_id']}"
        return {}, {"event_type": "order.paid", "resource_url": url, "shop_id": "77"}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/v3/public/oauth/token":
            told = await request.post()
            if told["client_id"] != "keystring":
                return web.json_response({"error": "invalid_client"}, status=400)
            if told["refresh_token"] != self.refresh:
                self.refused += 1
                return web.json_response({"error": "invalid_grant"}, status=400)
            self.renewed += 1
            return web.json_response({"access_token": "7.access", "refresh_token": self.refresh})
        return await super().handle(request)

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["x-api-key"] == "keystring:shared"
        if request.path == "/v3/application/users/me":
            return web.json_response({"user_id": 1, "shop_id": 77})
        query = request.query
        if request.path.startswith("/v3/application/shops/77/receipts/"):
            wanted = request.path.rpartition("/")[2]
            return web.json_response(*self.told([each for each in self.entries if str(each["receipt_id"]) == wanted]))
        assert request.path == "/v3/application/shops/77/receipts"
        assert (query["sort_on"], query["sort_order"], query["was_paid"]) == ("updated", "asc", "true")
        found = [each for each in self.entries if each["updated_timestamp"] >= int(query["min_last_modified"])]
        start = int(query["offset"])
        page = self.told(found[start : start + int(query["limit"])])
        return web.json_response({"count": len(found), "results": page})


class Mollie(Lists):
    """Payments, the newest first, from an id on."""

    def __init__(self) -> None:
        super().__init__("mollie", "api.mollie.com", "live_abcdefghijklmnopqrstuvwxyz0123", 100)

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"tr_{number:010}",
            "mode": "live",
            "status": "paid",
            "amount": {"value": "21.98", "currency": "USD"},
            "createdAt": iso(at),
            "paidAt": iso(at),
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        told = {"id": f"event_{entry['id']}", "type": "payment.paid", "createdAt": iso(entry["at"])}
        return {}, told | {"entityId": entry["id"], "_embedded": {"entity": body}}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert request.path == "/v2/payments"
        found = list(reversed(self.entries))
        ids = [each["id"] for each in found]
        start = ids.index(request.query["from"]) if "from" in request.query else 0
        end = start + int(request.query["limit"])
        url = f"https://{self.host}/v2/payments?from={ids[end]}&limit=100" if end < len(ids) else None
        links = {"next": {"href": url, "type": "application/hal+json"} if url else None}
        page = self.told(found[start:end])
        return web.json_response({"count": len(page), "_embedded": {"payments": page}, "_links": links})


class Razorpay(Lists):
    """Payments and refunds, the newest first, by how many are skipped."""

    def __init__(self) -> None:
        super().__init__("razorpay", "api.razorpay.com", "rzp_live_a:b", 100)
        self.shown = "Basic cnpwX2xpdmVfYTpi"

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"pay_{number:010}",
            "entity": "payment",
            "order_id": f"order_{number:010}",
            "status": "captured",
            "amount": 2_198,
            "currency": "INR",
            "email": "maya@example.com",
            "created_at": at,
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        told = {"event": "payment.captured", "created_at": entry["at"], "payload": {"payment": {"entity": body}}}
        return {}, told

    async def listed(self, request: web.Request) -> web.StreamResponse:
        since, skip, count = (int(request.query[name]) for name in ("from", "skip", "count"))
        assert count <= 100
        held = self.entries if request.path == "/v1/payments" else []
        found = [each for each in reversed(held) if each["at"] >= since][skip : skip + count]
        return web.json_response({"entity": "collection", "count": len(found), "items": self.told(found)})


class SumUp(Lists):
    """All checkouts at once."""

    def __init__(self) -> None:
        super().__init__("sumup", "api.sumup.com", "sup_sk_abcdef0123456789", 10_000)

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"4e425463-3e1b-431d-83fa-{number:012}",
            "checkout_reference": f"R-{number}",
            "status": "PAID",
            "amount": 21.98,
            "currency": "EUR",
            "date": iso(at),
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        told = {"id": f"evt-{entry['id']}", "type": "checkouts.paid", "created_at": iso(entry["at"])}
        return {}, told | {"object": {"id": entry["id"], "type": "checkout"}}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert request.path == "/v0.1/checkouts"
        return web.json_response(self.told(self.entries))


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


class HubSpot(Lists):
    """Contacts by their last change, by a search."""

    def __init__(self) -> None:
        super().__init__("hubspot", "api.hubapi.com", "pat-eu1-abcdef0123456789", 100)

    def entry(self, number: int, at: int) -> Entry:
        held = {"firstname": "Maya", "lastname": "Lindqvist", "email": f"maya{number}@example.com"}
        return {
            "at": at,
            "id": str(100 + number),
            "properties": held | {"phone": None, "mobilephone": None, "company": None, "lastmodifieddate": iso(at)},
            "createdAt": iso(at),
            "updatedAt": iso(at),
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        held = {name: {"value": value} for name, value in entry["properties"].items() if value}
        return {}, {"vid": int(entry["id"]), "properties": held}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert (request.method, request.path) == ("POST", "/crm/v3/objects/contacts/search")
        asked = await request.json()
        [given] = asked["filterGroups"][0]["filters"]
        assert (given["propertyName"], given["operator"]) == ("lastmodifieddate", "GTE")
        assert asked["sorts"] == [{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}]
        found = [each for each in self.entries if each["at"] * 1000 >= int(given["value"])]
        start = int(asked["after"])
        page = self.told(found[start : start + asked["limit"]])
        return web.json_response({"total": len(found), "results": page})


class Twilio(Lists):
    """Messages of both directions since a day, the newest first; the next page is an address."""

    def __init__(self) -> None:
        super().__init__("twilio", "api.twilio.com", "AC0123:token", 100)
        self.shown = "Basic QUMwMTIzOnRva2Vu"

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "sid": f"SM{number:032}",
            "direction": "inbound",
            "from": "+15035550123",
            "to": "+15035550100",
            "body": f"Do you have peonies? {number}",
            "num_media": "0",
            "date_sent": format_datetime(datetime.fromtimestamp(at, UTC)),
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        form = {
            "MessageSid": entry["sid"],
            "SmsStatus": "received",
            "From": entry["from"],
            "To": entry["to"],
            "Body": entry["body"],
        }
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form).encode()

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        assert request.path == "/2010-04-01/Accounts/AC0123/Messages.json"
        since, size = seconds(query["DateSent>"] + "T00:00:00Z"), int(query["PageSize"])
        page = int(query.get("Page", "0"))
        assert ("PageToken" in query) == (page > 0)
        found = [each for each in reversed(self.entries) if each["at"] >= since]
        asked = urlencode({"PageSize": size, "Page": page + 1, "PageToken": "PA" + str(page + 1)})
        uri = f"{request.path}?{asked}" if (page + 1) * size < len(found) else None
        return web.json_response({"messages": self.told(found[page * size : (page + 1) * size]), "next_page_uri": uri})


class Foursquare(Lists):
    """One's own check-ins since a time, the newest first; the key is in the address."""

    def __init__(self) -> None:
        super().__init__("foursquare", "api.foursquare.com", "FSQTOKENFSQTOKEN", 250)

    def lets_in(self, request: web.Request) -> bool:
        return request.query["oauth_token"] == self.key

    def entry(self, number: int, at: int) -> Entry:
        return {"at": at, "id": f"{number:024}", "createdAt": at, "venue": {"name": "Bloom & Stem"}, "shout": "Nice"}

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        form = {"checkin": json.dumps(body), "user": "{}", "secret": "push"}
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form).encode()

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        assert request.path == "/v2/users/self/checkins"
        assert query["v"]
        start = int(query["offset"])
        found = [each for each in reversed(self.entries) if each["at"] >= int(query["afterTimestamp"])]
        page = self.told(found[start : start + int(query["limit"])])
        return web.json_response({"response": {"checkins": {"count": len(found), "items": page}}})


ALL: tuple[Callable[[], Lists], ...] = (
    PayNow,
    Shopify,
    WooCommerce,
    BigCommerce,
    LemonSqueezy,
    Paddle,
    Square,
    PayPal,
    Etsy,
    Mollie,
    Razorpay,
    SumUp,
    Gumroad,
    HubSpot,
    Twilio,
    Foursquare,
)
