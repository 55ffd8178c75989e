"""Lemon Squeezy: docs.lemonsqueezy.com (webhook event types, the order object, the subscription invoice object, the
subscription object, list endpoints), and the fixtures of pay-rails/pay."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopwatch.providers.api import ApiRequest, ApiResponse
from tests.standin.lists import iso
from tests.sums.life import Happened, Life, Step
from tests.sums.writer import Sent, Writer, answer

_MOST = 10_000
"""Steps of all lives before one; ids are whole numbers there."""
_BACK = frozenset({Step.PART_REFUND, Step.FULL_REFUND})


class LemonSqueezy(Writer):
    """Of disputes, and of refunds that fail, it has no message. By its number a life's first payment is told to be
    given back by its order alone, or by its invoice as well."""

    provider_id = "lemonsqueezy"
    tells = frozenset({Step.START, Step.TRIAL, Step.RENEWAL, Step.FAILED, Step.CANCELLED}) | _BACK
    key = "eyJhbGciOiJSUzI1NiJ9.canary.canary"
    signs = 10

    def messages(self, life: Life) -> list[Sent]:
        return [
            Sent(json.dumps({"meta": {"event_name": kind, "test_mode": False}, "data": told}).encode(), "")
            for step in life.steps
            for kind, told in _told(life, step)
        ]

    def answers(self, lives: Sequence[Life], request: ApiRequest) -> ApiResponse:
        asked = urlsplit(request.url)
        query = parse_qs(asked.query)
        match asked.path.split("/")[2:]:
            case ["orders"]:
                return _page([_order(life) for life in lives], query)
            case ["order-items"]:
                [order] = [_order(life) for life in lives if query["filter[order_id]"] == [_order_id(life)]]
                line = order["attributes"]["first_order_item"]
                return answer({"data": [{"type": "order-items", "id": "1", "attributes": line}]})
            case ["subscription-invoices"]:
                return _page([each for life in lives for each in _invoices(life)], query)
            case ["subscription-invoices", wanted]:
                [invoice] = [each for life in lives for each in _invoices(life) if each["id"] == wanted]
                return answer({"data": invoice})
            case ["subscriptions", wanted]:
                [bought] = [_subscription(life) for life in lives if _order_id(life) == wanted]
                return answer({"data": bought})
        raise LookupError(request.url)


def _page(found: list[dict[str, Any]], query: dict[str, list[str]]) -> ApiResponse:
    assert query["sort"] == ["-createdAt"]
    newest = sorted(found, key=lambda each: each["attributes"]["created_at"], reverse=True)
    size = int(query["page[size]"][0])
    start = (int(query["page[number]"][0]) - 1) * size
    return answer({"data": newest[start : start + size]})


def _order_id(life: Life) -> str:
    return str(life.number + 1)


def _told(life: Life, step: Happened) -> list[tuple[str, dict[str, Any]]]:
    first = step.payment == 0
    match step.step:
        case Step.START | Step.TRIAL:
            invoice = _invoice(life, step.payment, step)
            paid = [("subscription_payment_success", invoice)] if step.step is Step.START else []
            return [("order_created", _order(life, step)), ("subscription_created", _subscription(life)), *paid]
        case Step.RENEWAL:
            return [("subscription_payment_success", _invoice(life, step.payment, step))]
        case Step.FAILED:
            failed = _invoice(life, step.payment, step)
            failed["attributes"]["status"] = "pending"
            return [("subscription_payment_failed", failed)]
        case Step.PART_REFUND | Step.FULL_REFUND:
            back = [("subscription_payment_refunded", _invoice(life, step.payment, step))]
            order = [("order_refunded", _order(life, step))]
            return back if not first else order + back if life.number % 2 else order
        case Step.CANCELLED:
            return [("subscription_cancelled", _subscription(life))]
    raise AssertionError(step)


def _subscription(life: Life) -> dict[str, Any]:
    return {"type": "subscriptions", "id": _order_id(life), "attributes": {"order_id": int(_order_id(life))}}


def _order(life: Life, until: Happened | None = None) -> dict[str, Any]:
    """As it is right after this step, or now."""
    first = life.steps[0]
    total = life.price if first.step is Step.START else 0
    line = {"product_name": "Tea each month", "quantity": 1, "price": life.price}
    told = {"order_number": life.number + 1, "subtotal": total, "first_order_item": line}
    return {"type": "orders", "id": _order_id(life), "attributes": _money(life, 0, total, until) | told}


def _invoices(life: Life) -> list[dict[str, Any]]:
    return [_invoice(life, each.payment) for each in life.steps if each.step in (Step.START, Step.RENEWAL)]


def _invoice(life: Life, payment: int, until: Happened | None = None) -> dict[str, Any]:
    told = {"subscription_id": life.number + 1, "billing_reason": "renewal" if payment else "initial"}
    attributes = _money(life, payment, life.price, until) | told
    return {"type": "subscription-invoices", "id": str(life.number * _MOST + payment + 1), "attributes": attributes}


def _money(life: Life, payment: int, total: int, until: Happened | None) -> dict[str, Any]:
    made = next((each for each in life.steps if each.payment == payment and each.step not in _BACK), life.steps[0])
    past = [each for each in life.of(payment) if until is None or each.number <= until.number]
    back = sum(each.minor for each in past if each.step in _BACK)
    given = [each.at for each in past if each.step in _BACK]
    return {
        "store_id": 1,
        "status": "paid" if not back else "refunded" if back == total else "partial_refund",
        "currency": "USD",
        "total": total,
        "refunded": bool(back),
        "refunded_at": iso(given[-1]) if given else None,
        "refunded_amount": back,
        "user_name": "Ada Byron",
        "user_email": "ada@example.com",
        "created_at": iso(made.at),
        "updated_at": iso(past[-1].at if past else made.at),
        "test_mode": False,
    }
