"""The lists of payment services, as their documentation tells of them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.standin.lists import Entry, Lists, iso, seconds


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
            assert (request.method, await request.read()) == ("PUT", b"")
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


class GoCardless(Lists):
    """Events of one kind of thing, the newest first, by a cursor."""

    def __init__(self) -> None:
        super().__init__("gocardless", "api.gocardless.com", "live_abcdefghijklmnopqrstuvwxyz", 500)

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"EV{number}",
            "created_at": iso(at),
            "resource_type": "payments",
            "action": "confirmed",
            "links": {"payment": f"PM{number}"},
            "details": {"origin": "gocardless", "cause": "payment_confirmed"},
            "metadata": {},
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        return {}, {"events": self.told([entry]), "meta": {"webhook_id": "WB1"}}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["GoCardless-Version"] == "2015-07-06"
        query, size = request.query, min(int(request.query["limit"]), self.page)
        since = seconds(query["created_at[gte]"])
        found = [
            each
            for each in reversed(self.entries)
            if each["at"] >= since and each["resource_type"] == query["resource_type"]
        ]
        start = int(query.get("after", "0"))
        after = str(start + size) if start + size < len(found) else None
        cursors = {"before": None, "after": after}
        events = self.told(found[start : start + size])
        return web.json_response({"events": events, "meta": {"cursors": cursors, "limit": size}})


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


class MollieOrganization(Mollie):
    """Payments of two profiles, of which each is asked for by its id."""

    def __init__(self) -> None:
        super().__init__()
        self.key = "access_abcdefghijklmnopqrstuvwxyz0123"

    async def listed(self, request: web.Request) -> web.StreamResponse:
        profiles = ("pfl_b", "pfl_A")
        if request.path == "/v2/profiles":
            listed = [{"resource": "profile", "id": each} for each in profiles]
            return web.json_response({"count": 2, "_embedded": {"profiles": listed}, "_links": {"next": None}})
        if request.query.get("profileId") not in profiles:
            return web.json_response({"status": 400, "title": "Bad Request", "field": "profileId"}, status=400)
        assert "testmode" not in request.query
        everything = self.entries
        self.entries = everything[profiles.index(request.query["profileId"]) :: 2]
        try:
            return await super().listed(request)
        finally:
            self.entries = everything


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
    """What changed of all transactions, those of card readers too; the next page is a query."""

    merchant = "MH4H92C7"

    def __init__(self) -> None:
        super().__init__("sumup", "api.sumup.com", "sup_sk_abcdef0123456789", 100)

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "transaction_id": f"410fc44a-5956-44e1-b5cc-{number:012}",
            "client_transaction_id": f"3fa85f64-5717-4562-b3fc-{number:012}",
            "transaction_code": f"TEEN{number}",
            "type": "PAYMENT",
            "status": "SUCCESSFUL",
            "amount": 21.98,
            "currency": "EUR",
            "timestamp": iso(at),
            "refunded_amount": 0,
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        named = {name: entry[name] for name in ("transaction_id", "client_transaction_id")}
        payload = named | {"merchant_code": self.merchant, "status": "successful"}
        told = {"id": f"evt-{entry['transaction_id']}", "event_type": "solo.transaction.updated"}
        return {}, told | {"timestamp": iso(entry["at"]), "payload": payload}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        if request.path == "/v0.1/memberships":
            ours = {"resource_id": self.merchant, "type": "merchant", "status": "accepted"}
            return web.json_response({"items": [ours][int(query["offset"]) :], "total_count": 1})
        assert request.path == f"/v2.1/merchants/{self.merchant}/transactions/history"
        assert query["order"] == "ascending"
        since, start, limit = seconds(query["changes_since"]), int(query.get("oldest_ref", 0)), int(query["limit"])
        found = [each for each in self.entries if int(each.get("changed") or each["at"]) >= since]
        following = urlencode({**query, "oldest_ref": start + limit})
        links = [{"rel": "next", "href": following}] if start + limit < len(found) else []
        return web.json_response({"items": self.told(found[start : start + limit]), "links": links})


ALL: tuple[Callable[[], Lists], ...] = (Square, PayPal, GoCardless, Mollie, MollieOrganization, Razorpay, SumUp)
