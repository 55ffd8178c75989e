"""What GoCardless tells of payments and refunds: many events in one message, which name no sums."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, SaleClaim, SaleState
from tests.providers.cases import BY_ID, judge, one_sale, signed

GOCARDLESS = BY_ID["gocardless"]


def entry(number: int, resource: str, action: str, **links: Any) -> dict[str, Any]:
    return {
        "id": f"EV{number}",
        "created_at": f"2026-11-24T06:{number:02}:00.000Z",
        "resource_type": resource,
        "action": action,
        "links": links,
    }


def told(*entries: Any) -> tuple[Event, ...]:
    body = json.dumps({"events": entries, "meta": {"webhook_id": "WB1"}}).encode()
    verdict = judge(GOCARDLESS, signed(GOCARDLESS, body))
    assert isinstance(verdict, Accepted), verdict
    return verdict.events


@pytest.mark.parametrize(
    "action",
    ["created", "submitted", "paid_out", "cancelled", "late_failure_settled", "surcharge_fee_debited", "", None, 7],
)
def test_only_what_is_confirmed_is_a_sale(action: Any) -> None:
    sold, other = told(entry(1, "payments", "confirmed", payment="PM1"), entry(2, "payments", action, payment="PM1"))

    assert (sold.kind, sold.claim, sold.needs_fetch) == (Kind.SALE, SaleClaim("PM1", None), "GET /payments/PM1")
    assert (other.kind, other.claim) == (Kind.OTHER, None)


def test_a_chargeback_is_a_dispute_that_may_be_undone() -> None:
    sold, case, won = told(
        entry(1, "payments", "confirmed", payment="PM1"),
        entry(2, "payments", "charged_back", payment="PM1"),
        entry(3, "payments", "chargeback_cancelled", payment="PM1"),
    )

    assert case.claim == DisputeClaim("PM1", None, "PM1")
    assert won.claim == DisputeClaim("PM1", None, "PM1", DisputeState.WON)
    assert one_sale(sold, case).state is SaleState.DISPUTED
    assert one_sale(sold, case, won).state is SaleState.PAID


def test_a_refund_is_asked_for_because_it_names_no_payment() -> None:
    (refund,) = told(entry(1, "refunds", "paid", refund="RF1"))

    assert (refund.kind, refund.claim, refund.needs_fetch) == (Kind.REFUND, None, "GET /refunds/RF1")


def test_a_failure_is_asked_for_because_it_does_not_say_whether_it_was_paid_before() -> None:
    (failed,) = told(entry(1, "payments", "failed", payment="PM1"))

    assert (failed.kind, failed.claim, failed.needs_fetch) == (Kind.OTHER, None, "GET /payments/PM1")


@pytest.mark.parametrize("links", [{}, {"payment": None}, {"payment": ["PM1"]}, {"payment": "a\nb"}, {"payment": ""}])
def test_an_event_that_names_no_payment_keeps_no_other_away(links: dict[str, Any]) -> None:
    broken, sold = told(entry(1, "payments", "confirmed", **links), entry(2, "payments", "confirmed", payment="PM2"))

    assert broken.unreadable
    assert (sold.id, sold.claim) == ("EV2", SaleClaim("PM2", None))


@pytest.mark.parametrize("links", [{"refund": "../../x"}, {"refund": None}, {}])
def test_a_refund_without_a_number_is_asked_for_nowhere(links: dict[str, Any]) -> None:
    (refund,) = told(entry(1, "refunds", "paid", **links))

    assert (refund.claim, refund.needs_fetch) == (None, "")
