"""Paddle Billing: developer.paddle.com (transaction lifecycle, adjustments, subscription events, List events, Get a
customer), and the notifications among the fixtures of paddle-python-sdk 1.16."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopwatch.providers.api import ApiRequest, ApiResponse
from tests.standin.lists import iso
from tests.sums.life import Happened, Life, Step
from tests.sums.writer import Sent, Writer, answer

type _Told = list[tuple[str, dict[str, Any]]]


class Paddle(Writer):
    """Of a lost chargeback Paddle tells nothing more, and a refund that it approved is given. Events are told and
    listed alike; by its number a life is told by all events, or by those that the page says to tick."""

    provider_id = "paddle"
    tells = frozenset(Step) - {Step.DISPUTE_LOST, Step.REFUND_FAILED}
    key = "pdl_live_apikey_01canary"
    signs = 10

    def messages(self, life: Life) -> list[Sent]:
        ticked = self.provider.setup.events
        told = [each for each in _events(life) if life.number % 2 or each["event_type"] in ticked]
        return [Sent(json.dumps(each).encode(), each["event_id"]) for each in told]

    def answers(self, lives: Sequence[Life], request: ApiRequest) -> ApiResponse:
        asked = urlsplit(request.url)
        query = parse_qs(asked.query)
        match asked.path.split("/"):
            case ["", "events"]:
                assert query["order_by"] == ["id[DESC]"]
                every = sorted((each for life in lives for each in _events(life)), key=lambda each: each["event_id"])
                found = [
                    each for each in reversed(every) if "after" not in query or each["event_id"] < query["after"][0]
                ]
                page = found[: int(query["per_page"][0])]
                paging = {"per_page": len(page), "has_more": len(page) < len(found)}
                return answer({"data": page, "meta": {"request_id": "r", "pagination": paging}})
            case ["", "customers", customer]:
                return answer({"data": {"id": customer, "name": "Ada Byron", "email": "ada@example.com"}})
        raise LookupError(request.url)


def _events(life: Life) -> list[dict[str, Any]]:
    return [
        {
            "event_id": f"evt_{step.at:012}{life.number:08}{step.number:04}{place:02}",
            "event_type": kind,
            "occurred_at": iso(step.at),
            "notification_id": f"ntf_{life.number}_{step.number}_{place}",
            "data": told,
        }
        for step in life.steps
        for place, (kind, told) in enumerate(_told(life, step))
    ]


def _told(life: Life, step: Happened) -> _Told:
    match step.step:
        case Step.START:
            return [*_paid(life, step, "web", life.price), ("subscription.created", _subscription(life, "active"))]
        case Step.TRIAL:
            return [*_paid(life, step, "web", 0), ("subscription.created", _subscription(life, "trialing"))]
        case Step.RENEWAL:
            return _paid(life, step, "subscription_recurring", life.price)
        case Step.FAILED:
            failed = _transaction(life, step, "past_due", "subscription_recurring", life.price)
            return [("transaction.past_due", failed), ("transaction.payment_failed", failed)]
        case Step.PART_REFUND | Step.FULL_REFUND:
            asked, given = (_adjustment(life, step, "refund", each) for each in ("pending_approval", "approved"))
            # Small refunds are approved at once.
            return [("adjustment.created", given if life.number % 3 else asked), ("adjustment.updated", given)]
        case Step.DISPUTED:
            return [("adjustment.created", _adjustment(life, step, "chargeback", "approved"))]
        case Step.DISPUTE_WON:
            return [("adjustment.created", _adjustment(life, step, "chargeback_reverse", "approved"))]
        case Step.CANCELLED:
            return [("subscription.canceled", _subscription(life, "canceled"))]
    raise AssertionError(step)


def _paid(life: Life, step: Happened, origin: str, total: int) -> _Told:
    states = [(f"transaction.{each}", _transaction(life, step, each, origin, total)) for each in ("paid", "completed")]
    return [*states, ("transaction.updated", _transaction(life, step, "completed", origin, total))]


def _transaction(life: Life, step: Happened, status: str, origin: str, total: int) -> dict[str, Any]:
    line = {"quantity": 1, "product": {"name": "Tea each month"}, "unit_totals": {"total": str(life.price)}}
    return {
        "id": f"txn_{life.number}_{step.payment}",
        "status": status,
        "origin": origin,
        "customer_id": f"ctm_{life.number}",
        "currency_code": "USD",
        "invoice_number": None,
        "subscription_id": f"sub_{life.number}",
        "details": {
            "totals": {"total": str(total), "credit": "0", "grand_total": str(total), "currency_code": "USD"},
            "line_items": [line],
        },
    }


def _adjustment(life: Life, step: Happened, action: str, status: str) -> dict[str, Any]:
    return {
        "id": f"adj_{life.number}_{step.number}",
        "action": action,
        "status": status,
        "transaction_id": f"txn_{life.number}_{step.payment}",
        "subscription_id": f"sub_{life.number}",
        "customer_id": f"ctm_{life.number}",
        "currency_code": "USD",
        "totals": {"subtotal": str(step.minor), "tax": "0", "total": str(step.minor), "currency_code": "USD"},
    }


def _subscription(life: Life, status: str) -> dict[str, Any]:
    return {"id": f"sub_{life.number}", "status": status, "customer_id": f"ctm_{life.number}", "currency_code": "USD"}
