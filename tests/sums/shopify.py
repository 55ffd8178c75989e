"""Shopify: shopify.dev (webhook topics; REST Admin API 2026-07: Order, Refund, Transaction, Dispute; GraphQL Admin API:
ShopifyPaymentsDispute; subscriptions, of which each billing makes an order of its own), and the messages kept in
shopify_python_api 307fa92."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from shopwatch.providers.api import ApiRequest, ApiResponse
from tests.standin.lists import iso, seconds
from tests.sums.life import Happened, Life, Step
from tests.sums.writer import Sent, Writer, answer

_HOST = "bloom-and-stem.myshopify.com"
_ENDS = {Step.DISPUTE_WON: "WON", Step.DISPUTE_LOST: "LOST"}


class Shopify(Writer):
    """One action of the shop sends one event id under several topics: each payment and refund as a transaction, too. Of
    a refund that fails nothing is said; disputes are listed by GraphQL alone."""

    provider_id = "shopify"
    tells = frozenset(Step) - {Step.REFUND_FAILED}
    lists = tells
    key = "an-app:shpss_canary"
    options = {"shop": _HOST}  # noqa: RUF012 - it is read only

    def messages(self, life: Life) -> list[Sent]:
        return [
            Sent(
                json.dumps(told).encode(),
                f"{life.number}-{step.number}",
                {
                    "X-Shopify-Topic": topic,
                    "X-Shopify-Shop-Domain": _HOST,
                    "X-Shopify-API-Version": "2026-07",
                    "X-Shopify-Webhook-Id": f"{life.number}-{step.number}-{topic}",
                },
            )
            for step in life.steps
            for topic, told in _told(life, step)
        ]

    def answers(self, lives: Sequence[Life], request: ApiRequest) -> ApiResponse:
        asked = urlsplit(request.url)
        query = {name: value[0] for name, value in parse_qs(asked.query).items()}
        if (request.method, asked.path) == ("POST", "/admin/oauth/access_token"):
            return answer({"access_token": "shpat_day", "scope": "read_orders", "expires_in": 86_399})
        shown = {name.lower(): value for name, value in request.headers.items()}
        assert shown["x-shopify-access-token"] == "shpat_day"
        match asked.path.split("/")[4:]:
            case ["orders.json"]:
                return _page([order for life in lives for order in _orders(life)], query)
            case ["orders", order, "refunds.json"]:
                [refunds] = [each["refunds"] for life in lives for each in _orders(life) if str(each["id"]) == order]
                return answer({"refunds": refunds})
            case ["graphql.json"]:
                cases = [each for life in lives for each in _cases(life)]
                disputes = {"nodes": cases, "pageInfo": {"hasNextPage": False, "endCursor": None}}
                return answer({"data": {"shopifyPaymentsAccount": {"disputes": disputes}}})
        raise LookupError(request.url)


def _page(every: list[dict[str, Any]], query: dict[str, str]) -> ApiResponse:
    since, _, start = query["page_info"].partition("/") if "page_info" in query else (query["updated_at_min"], "", "0")
    found = [each for each in every if seconds(each["updated_at"]) >= seconds(since)]
    found.sort(key=lambda each: each["updated_at"])
    size, at = int(query["limit"]), int(start)
    told = answer({"orders": found[at : at + size]})
    if at + size >= len(found):
        return told
    following = urlencode({"limit": size, "page_info": f"{since}/{at + size}"})
    link = {"link": f'<https://{_HOST}/admin/api/2026-07/orders.json?{following}>; rel="next"'}
    return ApiResponse(told.status, {**told.headers, **link}, told.body)


def _orders(life: Life) -> list[dict[str, Any]]:
    """Its orders as they are at last."""
    paid = [each for each in life.steps if each.step in (Step.START, Step.TRIAL, Step.RENEWAL)]
    return [_order(life, each) | _since(life, each) for each in paid]


def _since(life: Life, paid: Happened) -> dict[str, Any]:
    refunds = [each for each in life.of(paid.payment) if each.step in (Step.PART_REFUND, Step.FULL_REFUND)]
    back = sum(each.minor for each in refunds)
    return {
        "financial_status": "paid" if not back else "refunded" if back == life.price else "partially_refunded",
        "refunds": [_refund(life, each) for each in refunds],
        "updated_at": iso(max(each.at for each in life.of(paid.payment))),
    }


def _told(life: Life, step: Happened) -> list[tuple[str, dict[str, Any]]]:
    match step.step:
        case Step.START | Step.TRIAL | Step.RENEWAL:
            order = _order(life, step)
            sale = _transaction(life, step, "sale") | {"amount": order["total_price"]}
            return [("orders/create", order), ("order_transactions/create", sale), ("orders/paid", order)]
        case Step.FAILED:
            return [("subscription_billing_attempts/failure", {"id": step.number, "order_id": None, "ready": True})]
        case Step.PART_REFUND | Step.FULL_REFUND:
            refund, back = _refund(life, step), _transaction(life, step, "refund")
            return [("refunds/create", refund), ("order_transactions/create", back), ("orders/updated", {"id": 1})]
        case Step.DISPUTED:
            return [("disputes/create", _dispute(life, step, "needs_response"))]
        case Step.DISPUTE_WON | Step.DISPUTE_LOST:
            closed = _dispute(life, step, "won" if step.step is Step.DISPUTE_WON else "lost")
            return [("disputes/update", closed | {"finalized_on": iso(step.at)})]
        case _:
            return [("subscription_contracts/cancel", {"id": life.number, "status": "cancelled"})]


def _order_id(life: Life, payment: int) -> int:
    return 5_000_000_000_000 + life.number * 10 + payment


def _order(life: Life, step: Happened) -> dict[str, Any]:
    total = _decimal(0 if step.step is Step.TRIAL else life.price)
    number = _order_id(life, step.payment)
    return {
        "id": number,
        "name": f"#{number % 100_000}",
        "financial_status": "paid",
        "currency": "USD",
        "presentment_currency": "USD",
        "total_price": total,
        "current_total_price": total,
        "email": "ada@example.com",
        "customer": {"first_name": None, "last_name": None},
        "billing_address": {"first_name": "Ada", "last_name": "Byron"},
        "line_items": [{"id": 7, "title": "Tea each month", "quantity": 1, "price": total}],
        "refunds": [],
        "test": False,
        "created_at": iso(step.at),
        "processed_at": iso(step.at),
        "updated_at": iso(step.at),
    }


def _refund(life: Life, step: Happened) -> dict[str, Any]:
    return {
        "id": 800_000_000_000 + life.number * 100 + step.number,
        "order_id": _order_id(life, step.payment),
        "created_at": iso(step.at),
        "processed_at": iso(step.at),
        "refund_line_items": [],
        "order_adjustments": [],
        "transactions": [_transaction(life, step, "refund")],
    }


def _transaction(life: Life, step: Happened, kind: str) -> dict[str, Any]:
    return {
        "id": 700_000_000_000 + life.number * 100 + step.number,
        "order_id": _order_id(life, step.payment),
        "kind": kind,
        "gateway": "shopify_payments",
        "status": "success",
        "amount": _decimal(step.minor),
        "currency": "USD",
        "parent_id": 600_000_000_000 + life.number,
        "test": False,
        "processed_at": iso(step.at),
        "created_at": iso(step.at),
    }


def _dispute(life: Life, step: Happened, status: str) -> dict[str, Any]:
    return {
        "id": 500_000_000 + life.number * 10 + step.payment,
        "order_id": _order_id(life, step.payment),
        "type": "chargeback",
        "amount": _decimal(step.minor),
        "currency": "USD",
        "reason": "fraudulent",
        "status": status,
        "initiated_at": iso(step.at),
        "finalized_on": None,
    }


def _cases(life: Life) -> list[dict[str, Any]]:
    """Its disputes as they are at last."""
    begun = [each for each in life.steps if each.step is Step.DISPUTED]
    return [_case(life, each) for each in begun]


def _case(life: Life, begun: Happened) -> dict[str, Any]:
    ends = [each for each in life.of(begun.payment) if each.step in _ENDS]
    told = _dispute(life, begun, "")
    return {
        "legacyResourceId": str(told["id"]),
        "status": _ENDS[ends[-1].step] if ends else "NEEDS_RESPONSE",
        "amount": {"amount": told["amount"], "currencyCode": told["currency"]},
        "order": {"legacyResourceId": str(told["order_id"])},
        "initiatedAt": told["initiated_at"],
        "finalizedOn": iso(ends[-1].at) if ends else None,
    }


def _decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"
