"""Stripe: docs.stripe.com (billing/subscriptions/webhooks, refunds, disputes/responding, api/events,
api/invoice-payment, changelog/basil/2025-03-31), the types of stripe-python 16.1, and answers recorded in pay-rails/pay
for the `order_reference` of an invoice's payment."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopwatch.providers.api import ApiRequest, ApiResponse
from shopwatch.providers.senders.stripe import STRIPE
from tests.sums.life import Happened, Life, Step
from tests.sums.writer import Sent, Writer, answer

type _Told = list[tuple[str, dict[str, Any]]]

PERSON = {"name": "Ada Byron", "email": "ada@example.com"}


class Stripe(Writer):
    """By its number a life is told as before 2025-03-31.basil, as since then, or as since then where the payment does
    not refer to its invoice; and by just the events that the page says to tick, or by all there are. Where the payment
    refers to its invoice, half of them lack `invoice_payment.paid`."""

    provider_id = "stripe"
    tells = frozenset(Step)
    key = "rk_live_canaryCANARYcanary0123456789"

    def messages(self, life: Life) -> list[Sent]:
        every = life.number // 3 % 2 == 1
        told = [each for each in _events(life) if every or each["type"] in STRIPE.setup.events]
        if life.number % 3 == 1 and life.number // 6 % 2:
            told = [each for each in told if each["type"] != "invoice_payment.paid"]
        return [Sent(json.dumps(each).encode(), each["id"]) for each in told]

    def answers(self, lives: Sequence[Life], request: ApiRequest) -> ApiResponse:
        asked = urlsplit(request.url)
        query = parse_qs(asked.query)
        match asked.path.split("/")[2:]:
            case ["events"]:
                since, types = int(query["created[gte]"][0]), query["types[]"]
                assert len(types) <= 20
                every = sorted((each for life in lives for each in _events(life)), key=lambda each: -each["created"])
                return _page([each for each in every if each["created"] >= since and each["type"] in types], query)
            case ["checkout", "sessions", session, "line_items"]:
                [price] = [life.price for life in lives if session == f"cs_live_{life.number}"]
                line = {"id": "li_1", "description": "Tea each month", "quantity": 1, "currency": "usd"}
                return _page([line | {"amount_subtotal": price, "amount_total": price}], query)
            case ["invoice_payments"]:
                assert query["payment[type]"] == ["payment_intent"]
                of = query["payment[payment_intent]"][0]
                every = [each["data"]["object"] for life in lives for each in _events(life, joined=True)]
                found = [each for each in every if each["object"] == "invoice_payment"]
                return _page([each for each in found if each["payment"]["payment_intent"] == of], query)
        raise LookupError(request.url)


def _page(found: list[dict[str, Any]], query: dict[str, list[str]]) -> ApiResponse:
    after, limit = query.get("starting_after"), int(query["limit"][0])
    start = next(place for place, each in enumerate(found) if each["id"] == after[0]) + 1 if after else 0
    return answer({"object": "list", "data": found[start : start + limit], "has_more": start + limit < len(found)})


def _events(life: Life, *, joined: bool = False) -> list[dict[str, Any]]:
    """All events there are of it; with `joined` as since basil in any case."""
    shape = 1 if joined else life.number % 3
    return [
        {
            "id": f"evt_{life.number}_{step.number}_{place}",
            "object": "event",
            "created": step.at,
            "livemode": True,
            "type": kind,
            "data": {"object": told},
        }
        for step in life.steps
        for place, (kind, told) in enumerate(_told(life, step, shape))
    ]


def _told(life: Life, step: Happened, shape: int) -> _Told:
    names = f"{life.number}_{step.payment}"
    match step.step:
        case Step.START:
            return [("checkout.session.completed", _session(life, names, life.price)), *_payment(life, step, shape)]
        case Step.TRIAL:
            told = _session(life, names, 0) | {"payment_status": "no_payment_required"}
            return [
                ("checkout.session.completed", told),
                ("customer.subscription.created", {"object": "subscription", "id": f"sub_{life.number}"}),
                ("invoice.paid", _invoice(names, 0, shape)),
            ]
        case Step.RENEWAL:
            return _payment(life, step, shape)
        case Step.FAILED:
            told = _charge(names, life.price, shape) | {"id": f"ch_{names}_f", "paid": False, "captured": False}
            failed = _invoice(names, life.price, shape) | {"amount_paid": 0, "status": "open"}
            return [("charge.failed", told), ("invoice.payment_failed", failed)]
        case Step.PART_REFUND | Step.FULL_REFUND:
            refund = _refund(life, step)
            charge = _charge(names, life.price, shape) | {"amount_refunded": _given_back(life, step)}
            return [("refund.created", refund), ("charge.refunded", charge), ("charge.refund.updated", refund)]
        case Step.REFUND_FAILED:
            given = next(each for each in life.of(step.payment) if each.number == step.number - 1)
            failed = _refund(life, given) | {"status": "failed", "failure_reason": "lost_or_stolen_card"}
            return [("refund.failed", failed), ("refund.updated", failed), ("charge.refund.updated", failed)]
        case Step.DISPUTED:
            return [("charge.dispute.created", _dispute(names, step, "needs_response"))]
        case Step.DISPUTE_WON | Step.DISPUTE_LOST:
            told = _dispute(names, step, "won" if step.step is Step.DISPUTE_WON else "lost")
            return [("charge.dispute.updated", told), ("charge.dispute.closed", told)]
        case Step.CANCELLED:
            return [("customer.subscription.deleted", {"object": "subscription", "id": f"sub_{life.number}"})]


def _payment(life: Life, step: Happened, shape: int) -> _Told:
    names = f"{life.number}_{step.payment}"
    intent: dict[str, Any] = {
        "id": f"pi_{names}",
        "object": "payment_intent",
        "amount": life.price,
        "amount_received": life.price,
        "currency": "usd",
        "latest_charge": f"ch_{names}",
        "status": "succeeded",
        "payment_details": {"customer_reference": None, "order_reference": f"in_{names}"} if shape == 1 else None,
    }
    if shape == 0:
        intent["invoice"] = f"in_{names}"
    paid = {
        "id": f"inpay_{names}",
        "object": "invoice_payment",
        "amount_paid": life.price,
        "amount_requested": life.price,
        "currency": "usd",
        "invoice": f"in_{names}",
        "is_default": True,
        "livemode": True,
        "payment": {"type": "payment_intent", "payment_intent": f"pi_{names}"},
        "status": "paid",
    }
    invoice = _invoice(names, life.price, shape)
    return [
        ("charge.succeeded", _charge(names, life.price, shape)),
        ("payment_intent.succeeded", intent),
        ("invoice.paid", invoice),
        ("invoice.payment_succeeded", invoice),
        # Older versions know no such object.
        *([("invoice_payment.paid", paid)] if shape else []),
    ]


def _session(life: Life, names: str, total: int) -> dict[str, Any]:
    return {
        "id": f"cs_live_{life.number}",
        "object": "checkout.session",
        "amount_total": total,
        "currency": "usd",
        "customer_details": PERSON,
        "invoice": f"in_{names}",
        "mode": "subscription",
        "payment_intent": None,
        "payment_status": "paid",
        "subscription": f"sub_{life.number}",
    }


def _invoice(names: str, total: int, shape: int) -> dict[str, Any]:
    line = {"description": "Tea each month", "quantity": 1, "amount": total, "currency": "usd"}
    told = {
        "id": f"in_{names}",
        "object": "invoice",
        "number": f"N-{names}",
        "amount_paid": total,
        "currency": "usd",
        "customer_email": PERSON["email"],
        "customer_name": PERSON["name"],
        "lines": {"data": [line]},
        "status": "paid",
    }
    if shape or not total:
        return told
    return told | {"payment_intent": f"pi_{names}", "charge": f"ch_{names}"}


def _charge(names: str, amount: int, shape: int) -> dict[str, Any]:
    told = {
        "id": f"ch_{names}",
        "object": "charge",
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": 0,
        "billing_details": PERSON,
        "captured": True,
        "currency": "usd",
        "paid": True,
        "payment_intent": f"pi_{names}",
    }
    return told if shape else told | {"invoice": f"in_{names}"}


def _refund(life: Life, step: Happened) -> dict[str, Any]:
    return {
        "id": f"re_{life.number}_{step.number}",
        "object": "refund",
        "amount": step.minor,
        "charge": f"ch_{life.number}_{step.payment}",
        "currency": "usd",
        "payment_intent": f"pi_{life.number}_{step.payment}",
        "status": "succeeded",
    }


def _given_back(life: Life, until: Happened) -> int:
    signs = {Step.PART_REFUND: 1, Step.FULL_REFUND: 1, Step.REFUND_FAILED: -1}
    return sum(signs.get(each.step, 0) * each.minor for each in life.of(until.payment) if each.number <= until.number)


def _dispute(names: str, step: Happened, status: str) -> dict[str, Any]:
    return {
        "id": f"du_{names}",
        "object": "dispute",
        "amount": step.minor,
        "charge": f"ch_{names}",
        "currency": "usd",
        "payment_intent": f"pi_{names}",
        "status": status,
    }
