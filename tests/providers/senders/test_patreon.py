"""What Patreon tells of members, in the shape of a recorded message, and what its API adds."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleState
from shopwatch.providers.apis.patreon import PATREON_API
from tests.providers.apis.fetching import asked_for, fetched
from tests.providers.cases import BY_ID, accepted, judge, judged, one_sale, signed
from tests.providers.played import answer

PATREON = BY_ID["patreon"]
FIRST, SECOND = "2026-11-24T06:39:19.000+00:00", "2026-12-24T06:39:19.000+00:00"


def member(charged: str = FIRST, status: str = "Paid", trigger: str = "members:update") -> Event:
    about = {
        "email": "kopi@example.com",
        "full_name": "Kopi Test",
        "currently_entitled_amount_cents": 500,
        "will_pay_amount_cents": 500,
        "last_charge_date": charged,
        "last_charge_status": status,
    }
    body = {"data": {"id": "m-1", "type": "member", "attributes": about}, "included": []}
    return judged(PATREON, json.dumps(body).encode(), X_Patreon_Event=trigger)


def charge(date: str = FIRST, cents: Any = 500, currency: Any = "EUR", status: str = "Paid") -> dict[str, Any]:
    about = {"amount_cents": cents, "currency_code": currency, "date": date, "payment_status": status}
    return {"id": "e", "type": "pledge-event", "attributes": about}


def told(event: Event, *history: dict[str, Any]) -> tuple[Event, ...]:
    """`event`, and what the API adds to it."""
    played = fetched(PATREON_API, event, [answer({"data": {"id": "m-1", "type": "member"}, "included": [*history]})])
    [(method, url)] = asked_for(played)
    assert (method, url.partition("?")[0]) == ("GET", "https://www.patreon.com/api/oauth2/v2/members/m-1")
    return event, *(each.event(f"fetched:{event.id}", event.type) for each in played.result)


def test_one_charge_that_several_triggers_tell_of_is_one_event() -> None:
    created, changed = member(trigger="members:pledge:create"), member()
    assert (created.kind, created.id) == (changed.kind, changed.id) == (Kind.SALE, f"m-1|{FIRST}")
    assert member(SECOND).id != created.id


def test_no_amount_is_guessed_from_what_a_member_may_see_or_will_pay() -> None:
    sale = one_sale(member(), member(SECOND))
    assert (sale.amount, sale.kept, sale.state) == (None, None, SaleState.PAID)


def test_each_charge_counts_with_the_amount_that_the_api_tells_of_its_time() -> None:
    events = (*told(member(), charge(), charge(SECOND, 700)), *told(member(SECOND), charge(), charge(SECOND, 700)))
    assert one_sale(*events).kept == Money(1_200, "EUR")


def test_a_refund_takes_back_its_own_charge() -> None:
    paid = (*told(member(), charge()), *told(member(SECOND), charge(SECOND, 700)))
    back = told(member(SECOND, "Refunded"), charge(SECOND, 700, status="Refunded"))
    sale = one_sale(*paid, *back)
    assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, Money(500, "EUR"))


@pytest.mark.parametrize(
    "history",
    [
        (),
        (charge(), charge()),
        (charge(SECOND),),
        (charge(status="Declined"),),
        (charge(cents=None),),
        (charge(cents="5.00"),),
        (charge(cents=-500),),
        (charge(currency=None),),
        (charge(currency="JPY"),),
        ({"type": "tier", "attributes": {"amount_cents": 500}},),
    ],
)
def test_what_the_api_does_not_say_for_certain_is_not_counted(history: tuple[dict[str, Any], ...]) -> None:
    assert one_sale(*told(member(), *history)).kept is None


@pytest.mark.parametrize("status", ["Pending", "Declined", "Deleted", "Fraud", "Other", "", "paid"])
def test_only_a_paid_charge_is_a_sale(status: str) -> None:
    assert member(status=status).kind is Kind.OTHER


def test_an_ending_is_no_sale_and_takes_no_charge_s_place() -> None:
    ended = member(trigger="members:pledge:delete")
    assert ended.kind is Kind.OTHER
    assert ended.id != member().id


def test_without_a_trigger_nothing_is_booked() -> None:
    body = b'{"data": {"id": "m-1", "attributes": {"last_charge_status": "Paid", "last_charge_date": "x"}}}'
    assert accepted(judge(PATREON, signed(PATREON, body))).kind is Kind.OTHER
