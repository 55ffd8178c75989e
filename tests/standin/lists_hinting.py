"""The lists of those whose messages only say what to ask for, as their descriptions and libraries tell of them."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.providers.api_kit.requests import basic
from tests.standin.lists import Entry, Lists, iso, seconds


class Squarespace(Lists):
    """Orders that changed between two times, by a cursor that stands alone; each refresh token is good for once.
    `api_key` is taken as well."""

    api_key = "00000000-aaaa-bbbb-cccc-000000000000"

    def __init__(self) -> None:
        super().__init__("squarespace", "api.squarespace.com", "client-1:secret-1:refresh-0", 50)
        self.since = 0
        self.renewed = 0

    def lets_in(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") in (f"Bearer access-{self.renewed}", f"Bearer {self.api_key}")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path != "/api/1/login/oauth/provider/tokens":
            return await super().handle(request)
        told = await request.json()
        if request.headers["Authorization"] != basic("client-1", "secret-1"):
            return web.json_response({"error": "invalid_client"}, status=401)
        if told != {"grant_type": "refresh_token", "refresh_token": f"refresh-{self.renewed}"}:
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.renewed += 1
        return web.json_response({"access_token": f"access-{self.renewed}", "refresh_token": f"refresh-{self.renewed}"})

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"585d498fdee9f31a{number:08}",
            "orderNumber": f"{number}",
            "createdOn": iso(at),
            "modifiedOn": iso(at),
            "testmode": False,
            "customerEmail": "maya@example.com",
            "billingAddress": {"firstName": "Maya", "lastName": "Lindqvist"},
            "lineItems": [
                {"productName": "Peonies", "quantity": 2, "unitPricePaid": {"value": "10.99", "currency": "USD"}}
            ],
            "refundedTotal": {"value": "0.00", "currency": "USD"},
            "grandTotal": {"value": "21.98", "currency": "USD"},
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        told = {"id": f"5c2b{entry['id']}", "websiteId": "w-1", "subscriptionId": "s-1", "topic": "order.create"}
        return {}, told | {"createdOn": iso(entry["at"]), "data": {"orderId": entry["id"]}}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        assert request.path == "/1.0/commerce/orders"
        assert request.headers["User-Agent"]
        assert ("cursor" in query) is not ("modifiedAfter" in query)
        if "cursor" not in query:
            assert query["modifiedAfter"] < query["modifiedBefore"]
            self.since = seconds(query["modifiedAfter"])
        found = [each for each in self.entries if each["at"] >= self.since]
        start = int(query.get("cursor", "0"))
        more = start + self.page < len(found)
        page = {"hasNextPage": more, "nextPageCursor": str(start + self.page) if more else None}
        return web.json_response({"result": self.told(found[start : start + self.page]), "pagination": page})


class Ecwid(Lists):
    """Orders that changed since a second, by an offset; the currency is the shop's."""

    def __init__(self) -> None:
        super().__init__("ecwid", "app.ecwid.com", "1003:secret_abcdef0123456789", 100)
        self.shown = "Bearer secret_abcdef0123456789"

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "orderNumber": number + 100,
            "vendorOrderNumber": f"B{number}",
            "total": 21.98,
            "email": "maya@example.com",
            "paymentStatus": "PAID",
            "createTimestamp": at,
            "updateTimestamp": at,
            "items": [{"name": "Peonies", "price": 10.99, "quantity": 2}],
            "billingPerson": {"name": "Maya Lindqvist"},
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        told = {"eventId": f"e-{entry['orderNumber']}", "eventCreated": entry["at"], "storeId": 1003}
        states = {"newPaymentStatus": "PAID", "newFulfillmentStatus": "AWAITING_PROCESSING"}
        return {}, told | {"entityId": entry["orderNumber"], "eventType": "order.created", "data": states}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/api/v3/1003/profile":
            return web.json_response({"formatsAndUnits": {"currency": "USD"}})
        query = request.query
        assert request.path == "/api/v3/1003/orders"
        start, size = int(query["offset"]), int(query["limit"])
        found = [each for each in reversed(self.entries) if each["at"] >= int(query["updatedFrom"])]
        page = self.told(found[start : start + size])
        count = {"total": len(found), "count": len(page), "offset": start, "limit": size}
        return web.json_response(count | {"items": page})


class MercadoPago(Lists):
    """Payments by their last change, by an offset; some are what the owner bought."""

    def __init__(self) -> None:
        super().__init__("mercadopago", "api.mercadopago.com", "APP_USR-abcdef0123456789", 30)

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": 123_000_000_000 + number,
            "status": "approved",
            "status_detail": "accredited",
            "transaction_amount": 21.98,
            "transaction_amount_refunded": 0,
            "currency_id": "BRL",
            "collector_id": 77,
            "external_reference": f"R-{number}",
            "live_mode": True,
            "payer": {"first_name": "Maya", "last_name": "Lindqvist", "email": "maya@example.com"},
            "additional_info": {"items": [{"title": "Peonies", "quantity": "2", "unit_price": "10.99"}]},
            "date_created": iso(at),
            "date_approved": iso(at),
            "date_last_updated": f"{iso(at)[:-1]}.000+00:00",
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        told = {"id": f"n{entry['id']}", "action": "payment.updated", "type": "payment", "user_id": 77}
        return {}, told | {"data": {"id": str(entry["id"])}, "date_created": iso(entry["at"]), "live_mode": True}

    def event(self, entry: Entry) -> Accepted:
        headers, body = self.message(entry)
        url = f"https://shop.example/in/x/y?data.id={entry['id']}&type=payment"
        request = Request("POST", url, Headers.of(headers), json.dumps(body).encode())
        verdict = self.provider.judge_practice(request, entry["at"] * 1000)
        assert isinstance(verdict, Accepted)
        return verdict

    async def listed(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/users/me":
            return web.json_response({"id": 77})
        query = request.query
        assert request.path == "/v1/payments/search"
        assert (query["range"], query["sort"], query["criteria"]) == ("date_last_updated",) * 2 + ("asc",)
        start, size = int(query["offset"]), int(query["limit"])
        found = [each for each in self.entries if each["at"] >= seconds(query["begin_date"])]
        paging = {"total": len(found), "limit": size, "offset": start}
        return web.json_response({"paging": paging, "results": self.told(found[start : start + size])})


class Flutterwave(Lists):
    """Transactions and refunds from a day on, the newest first, in numbered pages of ten."""

    def __init__(self) -> None:
        super().__init__("flutterwave", "api.flutterwave.com", "FLWSECK-abcdef0123456789-X", 10)
        self.refunds: list[Entry] = []

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": 285_000_000 + number,
            "tx_ref": f"order-{number}",
            "amount": 21.98,
            "currency": "NGN",
            "charged_amount": 22.4,
            "status": "successful",
            "created_at": iso(at),
            "customer_name": "Maya Lindqvist",
            "customer_email": "maya@example.com",
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        [body] = self.told([entry])
        person = {"name": body.pop("customer_name"), "email": body.pop("customer_email")}
        return {"verif-hash": "word"}, {"event": "charge.completed", "data": body | {"customer": person}}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/verify"):
            [charge] = self.told([each for each in self.entries if str(each["id"]) == request.path.split("/")[3]])
            return web.json_response({"status": "success", "data": charge})
        every = {"/v3/transactions": self.entries, "/v3/refunds": self.refunds}[request.path]
        since, number = seconds(f"{request.query['from']}T00:00:00Z"), int(request.query["page"])
        found = [each for each in reversed(every) if each["at"] >= since]
        page = self.told(found[(number - 1) * self.page : number * self.page])
        info = {"total": len(found), "current_page": number, "total_pages": -(-len(found) // self.page)}
        return web.json_response({"status": "success", "meta": {"page_info": info}, "data": page})


class AuthorizeNet(Lists):
    """Transactions that are not settled yet, and those of a batch; the odd ones are settled. All is asked at one
    address, and problems are answered 200; answers begin with a byte order mark."""

    def __init__(self) -> None:
        super().__init__("authorize-net", "api.authorize.net", "login:transaction-key", 1_000)

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "transId": f"{40_000_000_000 + number}",
            "submitTimeUTC": iso(at),
            "transactionStatus": "settledSuccessfully" if number % 2 else "capturedPendingSettlement",
            "invoiceNumber": f"R-{number}",
            "firstName": "Maya",
            "lastName": "Lindqvist",
            "settleAmount": 21.98,
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        payload = {"responseCode": 1, "authAmount": 21.98, "id": entry["transId"], "entityName": "transaction"}
        told = {"notificationId": f"n-{entry['transId']}", "eventType": "net.authorize.payment.authcapture.created"}
        return {}, told | {"eventDate": iso(entry["at"]), "payload": payload}

    def lets_in(self, request: web.Request) -> bool:
        return True

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert (request.method, request.path) == ("POST", "/xml/v1/request.api")
        [(name, asked)] = (await request.json()).items()
        # The schema is a sequence: who asks comes first.
        assert next(iter(asked)) == "merchantAuthentication"
        if f"{asked['merchantAuthentication']['name']}:{asked['merchantAuthentication']['transactionKey']}" != self.key:
            return self._said({"messages": {"resultCode": "Error", "message": [{"code": "E00007", "text": "no"}]}})
        settled = [each for each in self.entries if each["transactionStatus"] == "settledSuccessfully"]
        match name:
            case "getMerchantDetailsRequest":
                return self._said({"currencies": ["USD"]})
            case "getUnsettledTransactionListRequest":
                found = [each for each in self.entries if each not in settled]
            case "getSettledBatchListRequest":
                since, until = seconds(asked["firstSettlementDate"]), seconds(asked["lastSettlementDate"])
                assert 0 < until - since <= 31 * 24 * 60 * 60
                found = [each for each in settled if since <= each["at"] <= until]
                return self._said({"batchList": [{"batchId": "7"}]} if found else {})
            case _:
                assert (name, asked["batchId"]) == ("getTransactionListRequest", "7")
                found = settled
        size, number = asked["paging"]["limit"], asked["paging"]["offset"]
        assert size <= 1_000
        page = self.told(found[(number - 1) * size : number * size])
        return self._said({"transactions": page, "totalNumInResultSet": len(page)} if page else {})

    def _said(self, told: dict[str, Any]) -> web.Response:
        body = {"messages": {"resultCode": "Ok", "message": [{"code": "I00001", "text": "Successful."}]}} | told
        return web.Response(body=b"\xef\xbb\xbf" + json.dumps(body).encode(), content_type="application/json")


class Clover(Lists):
    """Payments that changed since, and refunds that were made since, with an offset; a refund names its payment."""

    def __init__(self) -> None:
        super().__init__("clover", "api.clover.com", "BLOOMANDSTEM1:clover-token-0123456789", 100)
        self.shown = "Bearer clover-token-0123456789"
        self.refunds: list[Entry] = []

    def entry(self, number: int, at: int) -> Entry:
        return {
            "at": at,
            "id": f"PAY{number:010}",
            "amount": 2_198,
            "result": "SUCCESS",
            "order": {"id": f"ORD{number}", "currency": "USD"},
            "createdTime": at * 1000,
            "modifiedTime": at * 1000,
            "refunds": {"elements": []},
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        told = {"createdTime": iso(self.at(entry)), "status": "APPROVED", "type": "PAYMENT", "id": entry["id"]}
        return {}, told | {"message": "Approved for 21.98", "merchantId": "BLOOMANDSTEM1", "data": f"s-{entry['id']}"}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        shop, _, which = request.path.removeprefix("/v3/merchants/").partition("/")
        assert shop == "BLOOMANDSTEM1"
        if which.startswith("payments/"):
            [payment] = self.told([each for each in self.entries if each["id"] == which.removeprefix("payments/")])
            return web.json_response(payment)
        name, _, since = request.query["filter"].partition(">=")
        assert {"payments": "modifiedTime", "refunds": "createdTime"}[which] == name
        every = {"payments": self.entries, "refunds": self.refunds}[which]
        found = self.told([each for each in reversed(every) if each[name] >= int(since)])
        start, limit = int(request.query["offset"]), int(request.query["limit"])
        assert limit <= 1_000
        return web.json_response({"elements": found[start : start + limit], "href": str(request.url)})


class Eventbrite(Lists):
    """Orders of two organizations that changed since a time, by a token that stands beside the same question."""

    def __init__(self) -> None:
        super().__init__("eventbrite", "www.eventbriteapi.com", "PRIVATE0TOKEN123456", 50)

    def entry(self, number: int, at: int) -> Entry:
        gross = {"currency": "USD", "value": 1_099, "major_value": "10.99", "display": "$10.99"}
        seat = {"ticket_class_name": "Peony class", "refunded": False, "cancelled": False, "costs": {"gross": gross}}
        return {
            "at": at,
            "id": f"{1_000_000_000 + number}",
            "status": "placed",
            "created": iso(at),
            "changed": iso(at),
            "name": "Maya Lindqvist",
            "email": "maya@example.com",
            "event_id": "17937020110",
            "costs": {"gross": gross | {"value": 2_198, "major_value": "21.98", "display": "$21.98"}},
            "attendees": [seat | {"id": "1"}, seat | {"id": "2"}],
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        config = {"action": "order.placed", "user_id": "3", "webhook_id": "4"}
        return {}, {"config": config, "api_url": f"https://{self.host}/v3/orders/{entry['id']}/"}

    async def listed(self, request: web.Request) -> web.StreamResponse:
        assert request.path.endswith("/")
        match request.path.strip("/").split("/"):
            case ["v3", "users", "me", "organizations"]:
                told = {"organizations": [{"id": each} for each in ("72", "71")]}
                return web.json_response(told | {"pagination": {"has_more_items": False}})
            case ["v3", "organizations", "71" | "72" as organization, "orders"]:
                assert request.query["expand"] == "attendees,refund_requests"
                since, start = seconds(request.query["changed_since"]), int(request.query.get("continuation", "0"))
                own = [each for each in self.entries if (each["id"][-1] == "0") is (organization == "72")]
                found = [each for each in own if each["at"] >= since]
                pagination = {"has_more_items": start + self.page < len(found), "continuation": str(start + self.page)}
                orders = self.told(found[start : start + self.page])
                return web.json_response({"pagination": pagination, "orders": orders})
        return web.json_response({"error": "NOT_FOUND", "status_code": 404}, status=404)


ALL: tuple[Callable[[], Lists], ...] = (Squarespace, Ecwid, MercadoPago, Flutterwave, AuthorizeNet, Eventbrite, Clover)
