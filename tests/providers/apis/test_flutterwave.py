"""Flutterwave's refunds, by the members and statuses of developer.flutterwave.com ("Refunds"), and its test mode."""

from typing import Any

import pytest

from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim, SaleState
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, MissedPage, Place
from shopwatch.providers.apis.flutterwave import FLUTTERWAVE_API
from tests.providers.cases import one_sale
from tests.providers.played import AT, Played, answer, play
from tests.standin.lists import iso
from tests.standin.lists_hinting import Flutterwave

KEY = "FLWSECK-abcdef0123456789-X"


def charge(**more: Any) -> dict[str, Any]:
    lists = Flutterwave()
    return lists.told([lists.entry(7, AT // 1000)])[0] | more


def refund(status: str = "completed-mpgs", **more: Any) -> dict[str, Any]:
    told = {"id": 75_923, "tx_id": 285_000_007, "amount_refunded": 5, "currency": "NGN", "status": status}
    return told | {"created_at": iso(AT // 1000)} | more


def page(*found: Any, number: int = 1, last: Any = 1) -> ApiResponse:
    info = {"total": len(found), "current_page": number, "total_pages": last}
    return answer({"status": "success", "meta": {"page_info": info}, "data": found})


def listed(*answers: ApiResponse, mark: str = "refunds/1", key: str = KEY) -> Played[MissedPage]:
    assert FLUTTERWAVE_API.missed is not None
    return play(FLUTTERWAVE_API.missed(Place(AT - HOUR, AT, mark, AT), key, {}), answers)


def events(*found: dict[str, Any]) -> list[Event]:
    return [each.event for each in listed(page(*found)).result.listed]


def sold() -> Event:
    [entry] = listed(page(charge()), mark="").result.listed
    return entry.event


def test_refunds_follow_the_transactions_and_are_asked_for_from_further_back() -> None:
    first = listed(page(charge()), mark="").result
    assert (first.mark, first.more) == ("refunds/1", True)
    played = listed(page(refund(), last=2))
    assert played.urls == ["https://api.flutterwave.com/v3/refunds?from=2026-10-25&page=1"]
    assert (played.result.mark, played.result.more) == ("refunds/2", True)
    assert not listed(page(refund(), number=2, last=2), mark="refunds/2").result.more


@pytest.mark.parametrize(
    "status", ["completed", "completed-bank-transfer", "completed-momo", "completed-mpgs", "completed-preauth"]
)
def test_a_refund_finds_its_sale(status: str) -> None:
    [back] = events(refund(status))
    assert back.claim == RefundClaim("285000007", Money(500, "NGN"), "75923")
    assert (one_sale(sold(), back).state, one_sale(sold(), back).kept) == (SaleState.PART_REFUNDED, Money(1_698, "NGN"))


def test_a_refund_by_its_other_names_is_the_same_one() -> None:
    [named] = events(
        {"id": 75_923, "TransactionId": 285_000_007, "AmountRefunded": 5, "currency": "NGN"} | {"status": "completed"}
    )
    assert named.claim == events(refund())[0].claim


@pytest.mark.parametrize("status", ["processing", "pending-momo", "new", "something-new"])
def test_what_is_under_way_is_not_given_back_yet(status: str) -> None:
    assert events(refund(status)) == []


def test_a_refund_that_fails_takes_nothing() -> None:
    sale = one_sale(sold(), *events(refund()), *events(refund("failed")))
    assert (sale.state, sale.kept) == (SaleState.PAID, Money(2_198, "NGN"))


def test_the_currency_is_that_of_the_charge_where_a_refund_does_not_say() -> None:
    played = listed(page(refund(currency=None)), answer({"status": "success", "data": charge()}))
    assert played.urls[1] == "https://api.flutterwave.com/v3/transactions/285000007/verify"
    assert played.result.listed[0].event.claim.amount == Money(500, "NGN")  # type: ignore[union-attr]


@pytest.mark.parametrize("amount", [None, -5, 5.001, "x", {}])
def test_an_odd_amount_is_not_counted(amount: Any) -> None:
    [back] = events(refund(amount_refunded=amount))
    assert back.claim.amount is None  # type: ignore[union-attr]


@pytest.mark.parametrize("odd", [{"id": 1}, {"status": "completed"}, {"id": 1, "status": "completed"}, 7, None])
def test_an_odd_refund_is_not_taken_for_nothing(odd: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(page(odd))
    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize("mark", ["refunds/x", "refunds/", "other/1", "x"])
def test_a_mark_that_is_none_asks_nothing(mark: str) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(mark=mark)
    assert failure.value.problem is ApiProblem.UNREADABLE


def test_what_a_key_of_the_test_mode_lists_counts_nothing() -> None:
    for mark, found in (("", charge()), ("refunds/1", refund())):
        [entry] = listed(page(found), mark=mark, key="FLWSECK_TEST-abcdef0123456789-X").result.listed
        assert not entry.event.live
