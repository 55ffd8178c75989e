"""The lists of shops, as their documentation tells of them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Accepted
from tests.standin.lists import Entry, Lists, iso, of_headers, seconds


class Shopify(Lists):
    """Orders by their last change, the next page in a header; for tokens that are given for an app's ID and secret.

    `disputes` are those of Shopify Payments, by GraphQL; None: the shop is paid otherwise.
    """

    def __init__(self) -> None:
        host = "bloom-and-stem.myshopify.com"
        super().__init__("shopify", host, "c1ientid89abcdef:shpss_0123456789abcdef", 50, {"shop": host})
        self.tokens = 0
        """How many were given."""
        self.disputes: list[Entry] | None = None

    def lets_in(self, request: web.Request) -> bool:
        return bool(self.tokens) and request.headers.get("X-Shopify-Access-Token") == f"shpat_{self.tokens}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if (request.method, request.path) != ("POST", "/admin/oauth/access_token"):
            return await super().handle(request)
        told = await request.post()
        shown = str(told["client_id"]), str(told["client_secret"])
        if told["grant_type"] != "client_credentials" or ":".join(shown) != self.key:
            return web.json_response({"error": "invalid_client"}, status=400)
        self.tokens += 1
        return web.json_response({"access_token": f"shpat_{self.tokens}", "scope": "read_orders", "expires_in": 86_399})

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
        return of_headers(self, entry, "orders/paid", f"e-{entry['id']}")

    async def listed(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/admin/api/2026-07/graphql.json":
            return self._disputed(await request.json())
        assert request.path == "/admin/api/2026-07/orders.json"
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

    def dispute(self, of: Entry, at: int, **more: Any) -> Entry:
        return {
            "at": at,
            "legacyResourceId": f"1052{of['id']}",
            "status": "NEEDS_RESPONSE",
            "amount": {"amount": "21.98", "currencyCode": "USD"},
            "order": {"legacyResourceId": str(of["id"])},
            "initiatedAt": iso(at),
            "finalizedOn": None,
        } | more

    def _disputed(self, asked: Any) -> web.Response:
        assert "shopifyPaymentsAccount" in asked["query"]
        if self.disputes is None:
            return web.json_response({"data": {"shopifyPaymentsAccount": None}})
        told = asked["variables"]
        since = seconds(told["since"].removeprefix("initiated_at:>='").removesuffix("'"))
        found = [each for each in self.disputes if each["at"] >= since]
        start = int(told["after"] or 0)
        end = start + told["first"]
        page = {"hasNextPage": end < len(found), "endCursor": str(end)}
        nodes = {"nodes": self.told(found[start:end]), "pageInfo": page}
        return web.json_response({"data": {"shopifyPaymentsAccount": {"disputes": nodes}}})


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
        return of_headers(self, entry, "order.updated", f"d-{entry['id']}")

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
    """Orders by their last change, in numbered pages, nothing at all where there are none; and their refunds."""

    def __init__(self) -> None:
        super().__init__("bigcommerce", "api.bigcommerce.com", "abc123:token", 100)
        self.refunds: list[Entry] = []

    def lets_in(self, request: web.Request) -> bool:
        return request.headers.get("X-Auth-Token") == "token"

    def entry(self, number: int, at: int) -> Entry:
        when = format_datetime(datetime.fromtimestamp(at, UTC))
        return {
            "at": at,
            "id": number + 100,
            "status_id": 11,
            "currency_code": "EUR",
            "default_currency_code": "USD",
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
        limit = int(query["limit"])
        if request.path == "/stores/abc123/v3/orders/payment_actions/refunds":
            wanted = query["order_id:in"].split(",")
            back = [each for each in self.refunds if str(each["order_id"]) in wanted]
            start, pages = (int(query["page"]) - 1) * limit, max(1, -(-len(back) // limit))
            meta = {"pagination": {"total": len(back), "current_page": int(query["page"]), "total_pages": pages}}
            return web.json_response({"data": back[start : start + limit], "meta": meta})
        assert (request.path, query["sort"]) == ("/stores/abc123/v2/orders", "date_modified:asc")
        since = seconds(query["min_date_modified"])
        found = [each for each in self.entries if each["at"] >= since]
        start = (int(query["page"]) - 1) * limit
        page = self.told(found[start : start + limit])
        return web.json_response(page) if page else web.Response(status=204)


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


class Wix(Lists):
    """Orders by their last change, by a cursor that stands alone; of one site, which a header names."""

    def __init__(self) -> None:
        super().__init__("wix", "www.wixapis.com", "2c6d0f3e-site:IST.eyJraWQi", 100)

    def lets_in(self, request: web.Request) -> bool:
        shown = request.headers.get("wix-site-id"), request.headers.get("Authorization")
        return shown == tuple(self.key.split(":"))

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"6f759095-0701-4075-9908-{number:012}",
            "number": f"{10_000 + number}",
            "paymentStatus": "PAID",
            "status": "APPROVED",
            "currency": "USD",
            "priceSummary": {"total": {"amount": "21.98", "formattedAmount": "$21.98"}},
            "balanceSummary": {"refunded": {"amount": "0", "formattedAmount": "$0.00"}},
            "buyerInfo": {"email": "maya@example.com"},
            "billingInfo": {"contactDetails": {"firstName": "Maya", "lastName": "Lindqvist"}},
            "lineItems": [{"productName": {"original": "Peonies"}, "quantity": 2, "price": {"amount": "10.99"}}],
            "createdDate": iso(at),
            "updatedDate": iso(at),
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [order] = self.told([entry])
        event = {"id": f"e-{order['id']}", "entityId": order["id"], "eventTime": iso(entry["at"])}
        body = json.dumps(event | {"actionEvent": {"body": {"order": order}}})
        told = {"eventType": "wix.ecom.v1.order_approved", "instanceId": "i-1", "data": body}
        return {}, {"data": json.dumps(told), "iat": entry["at"]}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            wanted = request.path.removeprefix("/ecom/v1/orders/")
            found = [each for each in self.entries if each["id"] == wanted]
            return web.json_response({"order": self.told(found)[0]}) if found else web.Response(status=404)
        assert (request.method, request.path) == ("POST", "/ecom/v1/orders/search")
        told = (await request.json())["search"]
        paging = told["cursorPaging"]
        if "cursor" in paging:
            assert set(told) == {"cursorPaging"}
            since, start = (int(part) for part in paging["cursor"].split("-"))
        else:
            assert told["sort"] == [{"fieldName": "updatedDate", "order": "ASC"}]
            since, start = seconds(told["filter"]["updatedDate"]["$gte"]), 0
        assert paging["limit"] <= self.page
        found = sorted(self.entries, key=lambda each: each["updatedDate"])
        found = [each for each in found if seconds(each["updatedDate"]) >= since]
        end = start + paging["limit"]
        more = {"next": f"{since}-{end}"} if end < len(found) else {}
        metadata = {"count": len(found[start:end]), "cursors": more, "hasNext": bool(more)}
        return web.json_response({"orders": self.told(found[start:end]), "metadata": metadata})


class AdobeCommerce(Lists):
    """Orders by their last change, in numbered pages; beyond the last one it tells the last one again."""

    def __init__(self) -> None:
        told = {"order": "increment_id", "amount": "grand_total", "currency": "order_currency_code"}
        options = {name: f"order.{member}" for name, member in told.items()} | {"shop": "bloom.example.com"}
        super().__init__("adobe-commerce", "bloom.example.com", "integration-token-0123456789", 50, options)

    def entry(self, number: int, at: int) -> Entry:
        when = iso(at)[:-1].replace("T", " ")
        return {
            "at": at,
            "entity_id": number + 1,
            "increment_id": f"{number + 1:09}",
            "state": "processing",
            "grand_total": 21.98,
            "total_paid": 21.98,
            "order_currency_code": "USD",
            "base_grand_total": 20.31,
            "base_currency_code": "EUR",
            "customer_email": "maya@example.com",
            "items": [{"name": "Peony bunch", "qty_ordered": 2, "price": 10.99}],
            "created_at": when,
            "updated_at": when,
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [order] = self.told([entry])
        return {}, {"order": order}

    def event(self, entry: Entry) -> Accepted:
        _, body = self.message(entry)
        request = Request("POST", "https://shop.example/in/x/y", Headers.of({}), json.dumps(body).encode())
        verdict = self.provider.judge_practice(request, self.at(entry) * 1000, self.options)
        assert isinstance(verdict, Accepted)
        return verdict

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert request.path == "/rest/V1/orders"
        asked = {name.removeprefix("searchCriteria"): value for name, value in request.query.items()}
        by = "[filterGroups][0][filters][0]"
        assert (asked[f"{by}[field]"], asked[f"{by}[conditionType]"]) == ("updated_at", "gteq")
        assert (asked["[sortOrders][0][field]"], asked["[sortOrders][0][direction]"]) == ("updated_at", "ASC")
        found = sorted(
            (each for each in self.entries if each["updated_at"] >= asked[f"{by}[value]"]),
            key=lambda each: (each["updated_at"], each["entity_id"]),
        )
        size = int(asked["[pageSize]"])
        page = min(int(asked["[currentPage]"]), max(1, -(-len(found) // size)))
        here = self.told(found[(page - 1) * size : page * size])
        return web.json_response({"items": here, "search_criteria": {}, "total_count": len(found)})


ALL: tuple[Callable[[], Lists], ...] = (Shopify, WooCommerce, BigCommerce, Etsy, Wix, AdobeCommerce)
