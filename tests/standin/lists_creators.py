"""The lists of those who sell what creators make, and of Paystack, as their descriptions and libraries tell of them."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from shopwatch.domain.messages.verdict import Accepted
from tests.standin.lists import Entry, Lists, iso, of_headers, seconds


class Paystack(Lists):
    """Transactions by number of page, or by a cursor where `by_cursor`; refunds, and disputes. The newest first."""

    def __init__(self, *, by_cursor: bool = False) -> None:
        super().__init__("paystack", "api.paystack.co", "sk_live_abcdefghijklmnopqrstuvwxyz", 100)
        self.by_cursor = by_cursor
        self.others: dict[str, list[Entry]] = {}

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": 4_000_000_000 + number,
            "domain": "live",
            "status": "success",
            "reference": f"ref{number}",
            "amount": 2_198,
            "currency": "NGN",
            "paid_at": iso(at),
            "created_at": iso(at),
            "customer": {"first_name": "Maya", "last_name": "Lindqvist", "email": "maya@example.com"},
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        return {}, {"event": "charge.success", "data": body}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        what, query = request.path.strip("/"), request.query
        assert what in ("transaction", "refund", "dispute")
        size = int(query["perPage"])
        assert size <= self.page
        held = self.entries if what == "transaction" else self.others.get(what, [])
        assert ("from" in query) is (what != "refund")
        since = seconds(query["from"]) if "from" in query else 0
        found = [each for each in reversed(held) if each["at"] >= since]
        if self.by_cursor and what == "transaction":
            assert query.get("use_cursor") == "true" or query["page"] == "1"
            start = int(query["next"].removeprefix("c")) if "next" in query else 0
            following = f"c{start + size}" if start + size < len(found) else None
            meta: dict[str, Any] = {"next": following, "previous": None, "perPage": size}
        else:
            start = (int(query["page"]) - 1) * size
            meta = {"total": len(found), "page": int(query["page"]), "pageCount": -(-len(found) // size)}
        page = self.told(found[start : start + size])
        return web.json_response({"status": True, "message": "Retrieved", "data": page, "meta": meta})


class Polar(Lists):
    """Orders and refunds, the newest first, by number of page."""

    def __init__(self) -> None:
        super().__init__("polar", "api.polar.sh", "polar_oat_abcdefghijklmnopqrstuvwxyz", 100)
        self.refunds: list[Entry] = []

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"5f1a0000-0000-4000-8000-{number:012}",
            "created_at": iso(at),
            "status": "paid",
            "paid": True,
            "total_amount": 2_198,
            "refunded_amount": 0,
            "refunded_tax_amount": 0,
            "currency": "usd",
            "invoice_number": f"BLOOM-{number}",
            "customer": {"name": "Maya Lindqvist", "email": "maya@example.com", "organization_id": "o-1"},
            "items": [{"label": "Peony bunch", "amount": 2_198}],
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        return {}, {"type": "order.paid", "timestamp": iso(entry["at"]), "data": body}

    def event(self, entry: Entry) -> Accepted:
        return of_headers(self, entry, "order.paid", f"msg_{entry['id']}")

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        held = {"/v1/orders/": self.entries, "/v1/refunds/": self.refunds}[request.path]
        assert query["sorting"] == "-created_at"
        size, number = int(query["limit"]), int(query["page"])
        assert size <= 100
        page = self.told(list(reversed(held))[(number - 1) * size : number * size])
        pagination = {"total_count": len(held), "max_page": -(-len(held) // size)}
        return web.json_response({"items": page, "pagination": pagination})


class Whop(Lists):
    """Payments, refunds and disputes, the oldest first, by a cursor."""

    def __init__(self) -> None:
        super().__init__("whop", "api.whop.com", "biz_1:apik_abcdefghijklmnopqrstuvwxyz", 50)
        self.shown = "Bearer apik_abcdefghijklmnopqrstuvwxyz"
        self.others: dict[str, list[Entry]] = {}

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"pay_{number}",
            "status": "paid",
            "substatus": "succeeded",
            "created_at": iso(at),
            "paid_at": iso(at),
            "currency": "usd",
            "total": 21.98,
            "product": {"id": "prod_1", "title": "Peony bunch"},
            "user": {"id": "user_1", "name": "Maya Lindqvist", "email": "maya@example.com"},
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        told = {"id": f"msg_{entry['id']}", "type": "payment.succeeded", "company_id": "biz_1", "data": body}
        return {}, told | {"timestamp": iso(entry["at"]), "api_version": "v1"}

    def event(self, entry: Entry) -> Accepted:
        return of_headers(self, entry, "payment.succeeded", f"msg_{entry['id']}")

    async def listed(self, request: web.Request) -> web.StreamResponse:
        what, query = request.path.removeprefix("/api/v1/"), request.query
        assert what in ("payments", "refunds", "disputes")
        assert (query["company_id"], query["direction"]) == ("biz_1", "asc")
        assert request.headers["Api-Version-Date"] == "2026-07-20"
        since, size, start = seconds(query["created_after"]), int(query["first"]), int(query.get("after", "0"))
        held = self.entries if what == "payments" else self.others.get(what, [])
        found = [each for each in held if each["at"] >= since]
        page = self.told(found[start : start + size])
        more = start + size < len(found)
        info = {"end_cursor": str(start + len(page)) if page else None, "has_next_page": more}
        return web.json_response({"data": page, "page_info": info})


class Fourthwall(Lists):
    """Orders between two times, and all donations, in numbered pages; the newest first, or the oldest."""

    def __init__(self, *, newest_first: bool = True) -> None:
        super().__init__("fourthwall", "api.fourthwall.com", "fw_user:fw_password", 50)
        self.shown = "Basic ZndfdXNlcjpmd19wYXNzd29yZA=="
        self.newest_first = newest_first
        self.donations: list[Entry] = []

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"00aa4abd-5778-4199-8161-{number:012}",
            "shopId": "sh_1",
            "friendlyId": f"D{number}",
            "status": "CONFIRMED",
            "email": "maya@example.com",
            "amounts": {"total": {"value": 21.98, "currency": "USD"}},
            "billing": {"address": {"name": "Maya Lindqvist"}},
            "offers": [
                {"name": "Peony bunch", "variant": {"quantity": 2, "unitPrice": {"value": 10.99, "currency": "USD"}}}
            ],
            "source": {"type": "ORDER"},
            "createdAt": iso(at),
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        told = {"id": f"weve_{entry['id']}", "type": "ORDER_PLACED", "testMode": False, "shopId": "sh_1"}
        return {}, told | {"createdAt": iso(entry["at"]), "data": body}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        what, query = request.path.removeprefix("/open-api/v1.0/"), request.query
        held = {"order": self.entries, "donations": self.donations}[what]
        size, number = int(query["size"]), int(query["page"])
        after = seconds(query["createdAt[gt]"]) if "createdAt[gt]" in query else 0
        before = seconds(query["createdAt[lt]"]) if "createdAt[lt]" in query else 10**11
        found = [each for each in held if after < each["at"] < before]
        found = found[::-1] if self.newest_first else found
        page = self.told(found[number * size : (number + 1) * size])
        count = {"total": len(found), "page": number, "size": size, "totalPages": -(-len(found) // size)}
        return web.json_response({"results": page} | count)


class Patreon(Lists):
    """The members of a campaign as they are now, with their history beside them; pages by a cursor."""

    def __init__(self) -> None:
        super().__init__("patreon", "www.patreon.com", "creator-token-0123456789", 100)

    def entry(self, number: int, at: int) -> Entry:
        charged = {"amount_cents": 500, "currency_code": "USD", "date": iso(at), "payment_status": "Paid"}
        about = {"currently_entitled_amount_cents": 500, "email": "maya@example.com", "full_name": "Maya Lindqvist"}
        return {
            "at": at,
            "id": f"m-{number}",
            "type": "member",
            "attributes": about | {"last_charge_date": iso(at), "last_charge_status": "Paid"},
            "relationships": {
                "currently_entitled_tiers": {"data": [{"id": "t-1", "type": "tier"}]},
                "pledge_history": {"data": [{"id": f"subscription:{number}", "type": "pledge-event"}]},
            },
            "history": [charged | {"type": "subscription"}],
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [told] = self.told([entry])
        tier = {"id": "t-1", "type": "tier", "attributes": {"title": "Peony club"}}
        return {"X-Patreon-Event": "members:pledge:create"}, {
            "data": {name: value for name, value in told.items() if name != "history"},
            "included": [tier],
        }

    def event(self, entry: Entry) -> Accepted:
        charged = entry["attributes"]["last_charge_date"]
        return of_headers(self, entry, "members:pledge:create", f"{entry['id']}|{charged}")

    async def listed(self, request: web.Request) -> web.StreamResponse:
        match request.path.removeprefix("/api/oauth2/v2/").split("/"):
            case ["campaigns"]:
                return web.json_response({"data": [{"id": "c-1", "type": "campaign"}], "meta": {"pagination": {}}})
            case ["members", member]:
                [found] = [each for each in self.entries if each["id"] == member]
                return web.json_response({"data": self._shown(found), "included": self._history([found])})
            case ["campaigns", "c-1", "members"]:
                start, size = int(request.query.get("page[cursor]", "0")), int(request.query["page[count]"])
                assert size <= 500
                here = self.entries[start : start + size]
                following = str(start + size) if start + size < len(self.entries) else None
                pages = {"pagination": {"cursors": {"next": following}, "total": len(self.entries)}}
                told: dict[str, Any] = {"data": [self._shown(each) for each in here], "meta": pages}
                tier = {"id": "t-1", "type": "tier", "attributes": {"title": "Peony club"}}
                return web.json_response(told | ({"included": [tier, *self._history(here)]} if here else {}))
        return web.json_response({"errors": [{"status": "404"}]}, status=404)

    def _shown(self, entry: Entry) -> Entry:
        return {name: value for name, value in entry.items() if name not in ("at", "history")}

    def _history(self, entries: list[Entry]) -> list[Entry]:
        return [
            {**named, "attributes": charged}
            for each in entries
            for named, charged in zip(each["relationships"]["pledge_history"]["data"], each["history"], strict=True)
        ]


ALL: tuple[Callable[[], Lists], ...] = (Paystack, Polar, Whop, Fourthwall, Patreon)
