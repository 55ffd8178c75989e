"""PayPal: developer.paypal.com (subscriptions: webhooks; webhook event names; list event notifications; show order
details), paypal/paypal-rest-api-specifications ec4d8f3, and a recorded PAYMENT.SALE.COMPLETED of a subscription."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from shopwatch.providers.api import ApiRequest, ApiResponse
from tests.standin.lists import iso, seconds
from tests.sums.life import Happened, Life, Step
from tests.sums.writer import Sent, Writer, answer

type _Told = list[tuple[str, str, dict[str, Any]]]

_EVENTS = "/v1/notifications/webhooks-events"
_HOST = "https://api.paypal.com"
_OUTCOMES = {Step.DISPUTE_WON: "RESOLVED_SELLER_FAVOUR", Step.DISPUTE_LOST: "RESOLVED_BUYER_FAVOUR"}


class PayPal(Writer):
    """Payments of a subscription are sales, as version 1 calls them. By its number a life's first one is one as well,
    or a capture of an order, with or without word of the order. Of a refund that fails nothing is said."""

    provider_id = "paypal"
    tells = frozenset(Step) - {Step.REFUND_FAILED}
    key = "client:secret"
    signs = 100

    def messages(self, life: Life) -> list[Sent]:
        return [Sent(json.dumps(each).encode(), each["id"]) for each in _events(life)]

    def answers(self, lives: Sequence[Life], request: ApiRequest) -> ApiResponse:
        asked = urlsplit(request.url)
        query = parse_qs(asked.query)
        match asked.path.split("/")[1:]:
            case ["v1", "oauth2", "token"]:
                return answer({"access_token": "A21AA-canary", "token_type": "Bearer", "expires_in": 31_668})
            case ["v1", "notifications", "webhooks-events"]:
                return _page([each for life in lives for each in _events(life)], query)
            case ["v2", "checkout", "orders", order]:
                [found] = [_order(life) for life in lives if order == f"O{life.number}"]
                return answer(found)
        raise LookupError(request.url)


def _page(every: list[dict[str, Any]], query: dict[str, list[str]]) -> ApiResponse:
    since, size = seconds(query["start_time"][0]), int(query["page_size"][0])
    found = sorted((each for each in every if seconds(each["create_time"]) >= since), key=lambda each: each["id"])
    start = int(query.get("start", ["0"])[0])
    following = {"start_time": query["start_time"][0], "page_size": size, "start": start + size}
    links = [{"href": f"{_HOST}{_EVENTS}?{urlencode(following)}", "rel": "next", "method": "GET"}]
    told = {"events": found[start : start + size], "count": size}
    return answer(told | {"links": links if start + size < len(found) else []})


def _events(life: Life) -> list[dict[str, Any]]:
    return [
        {
            "id": f"WH-{life.number:08}-{step.number:04}-{place:02}",
            "event_version": "1.0",
            "create_time": iso(step.at),
            "resource_type": resource_type,
            "event_type": kind,
            "summary": "",
            "resource": told,
            "links": [],
        }
        for step in life.steps
        for place, (kind, resource_type, told) in enumerate(_told(life, step))
    ]


def _is_capture(life: Life, payment: int) -> bool:
    return payment == 0 and life.number % 3 > 0


def _payment_id(life: Life, payment: int) -> str:
    return f"{'C' if _is_capture(life, payment) else 'S'}{life.number}X{payment}"


def _usd(minor: int) -> dict[str, str]:
    return {"currency_code": "USD", "value": _decimal(minor)}


def _decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def _told(life: Life, step: Happened) -> _Told:
    subscription = {"id": f"I-{life.number}", "plan_id": "P-1", "create_time": iso(life.steps[0].at)}
    match step.step:
        case Step.START:
            begun = ("BILLING.SUBSCRIPTION.ACTIVATED", "subscription", subscription | {"status": "ACTIVE"})
            return [begun, *_payment(life, step)]
        case Step.TRIAL:
            return [("BILLING.SUBSCRIPTION.ACTIVATED", "subscription", subscription | {"status": "ACTIVE"})]
        case Step.RENEWAL:
            return _payment(life, step)
        case Step.FAILED:
            return [("BILLING.SUBSCRIPTION.PAYMENT.FAILED", "subscription", subscription | {"status": "ACTIVE"})]
        case Step.PART_REFUND | Step.FULL_REFUND:
            return [_refund(life, step)]
        case Step.DISPUTED:
            return [("CUSTOMER.DISPUTE.CREATED", "dispute", _dispute(life, step))]
        case Step.DISPUTE_WON | Step.DISPUTE_LOST:
            outcome = {"outcome_code": _OUTCOMES[step.step], "amount_refunded": _usd(step.minor)}
            told = _dispute(life, step) | {"status": "RESOLVED", "dispute_outcome": outcome}
            return [("CUSTOMER.DISPUTE.UPDATED", "dispute", told), ("CUSTOMER.DISPUTE.RESOLVED", "dispute", told)]
        case Step.CANCELLED:
            return [("BILLING.SUBSCRIPTION.CANCELLED", "subscription", subscription | {"status": "CANCELLED"})]
    raise AssertionError(step)


def _payment(life: Life, step: Happened) -> _Told:
    payment = _payment_id(life, step.payment)
    if _is_capture(life, step.payment):
        capture = {
            "id": payment,
            "amount": _usd(life.price),
            "status": "COMPLETED",
            "final_capture": True,
            "supplementary_data": {"related_ids": {"order_id": f"O{life.number}"}},
        }
        order = [("CHECKOUT.ORDER.COMPLETED", "checkout-order", _order(life))] if life.number % 3 == 1 else []
        return [("PAYMENT.CAPTURE.COMPLETED", "capture", capture), *order]
    sale = {
        "id": payment,
        "state": "completed",
        "amount": {"total": _decimal(life.price), "currency": "USD", "details": {"subtotal": _decimal(life.price)}},
        "billing_agreement_id": f"I-{life.number}",
        "invoice_number": "",
        "links": [{"href": f"{_HOST}/v1/payments/sale/{payment}", "rel": "self", "method": "GET"}],
    }
    return [("PAYMENT.SALE.COMPLETED", "sale", sale)]


def _order(life: Life) -> dict[str, Any]:
    line = {"name": "Tea each month", "quantity": "1", "unit_amount": _usd(life.price)}
    captures = [{"id": _payment_id(life, 0), "status": "COMPLETED", "amount": _usd(life.price)}]
    unit = {"amount": _usd(life.price), "items": [line], "payments": {"captures": captures}}
    payer = {"name": {"given_name": "Ada", "surname": "Byron"}, "email_address": "ada@example.com"}
    return {"id": f"O{life.number}", "status": "COMPLETED", "payer": payer, "purchase_units": [unit]}


def _refund(life: Life, step: Happened) -> tuple[str, str, dict[str, Any]]:
    payment, refund = _payment_id(life, step.payment), f"R{life.number}X{step.number}"
    if _is_capture(life, step.payment):
        up = {"href": f"{_HOST}/v2/payments/captures/{payment}", "rel": "up", "method": "GET"}
        return (
            "PAYMENT.CAPTURE.REFUNDED",
            "refund",
            {"id": refund, "amount": _usd(step.minor), "status": "COMPLETED", "links": [up]},
        )
    above = {"href": f"{_HOST}/v1/payments/sale/{payment}", "rel": "sale", "method": "GET"}
    money = {"total": f"-{_decimal(step.minor)}" if life.number % 2 else _decimal(step.minor), "currency": "USD"}
    told = {"id": refund, "sale_id": payment, "amount": money, "state": "completed", "links": [above]}
    return "PAYMENT.SALE.REFUNDED", "refund", told


def _dispute(life: Life, step: Happened) -> dict[str, Any]:
    return {
        "dispute_id": f"PP-D-{life.number}-{step.payment}",
        "disputed_transactions": [{"seller_transaction_id": _payment_id(life, step.payment)}],
        "reason": "UNAUTHORISED",
        "status": "OPEN",
        "dispute_amount": _usd(step.minor),
    }
