"""Braintree's transactions and disputes, in the members of braintree 4.48.0 for Python (Transaction, Dispute, and their
gateways) and by developer.paypal.com/braintree ("Dispute: Search", "Transaction: Submit For Partial Settlement")."""

from typing import Any

import pytest

from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeState, RefundClaim, SaleState
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiRequest, ApiResponse, MissedPage, Place
from shopwatch.providers.apis.braintree import BRAINTREE_API
from tests.providers.cases import one_sale
from tests.providers.played import AT, Played, play
from tests.standin.braintree import Braintree, xml
from tests.standin.lists import iso

KEY = "bloomandstem:btpub577f96497a9:affd8e7ce73ea2f964a"
SECOND = AT // 1000


def transaction(*course: str, **more: Any) -> dict[str, Any]:
    """One that was authorized and submitted, and then went on to these statuses, a minute each."""
    lists = Braintree()
    entry = lists.entry(7, SECOND)
    for minute, status in enumerate(course, 1):
        lists.becomes(entry, status, SECOND + 60 * minute)
    return lists.told([entry])[0] | {name.replace("_", "-"): value for name, value in more.items()}


def answer(told: dict[str, Any], status: int = 200) -> ApiResponse:
    return ApiResponse(status, {}, "".join(xml(*each) for each in told.items()).encode())


def ids(*found: str, size: Any = 50) -> ApiResponse:
    return answer({"search-results": {"page-size": size, "ids": {"item": list(found)} if found else {}}})


def told(*found: Any) -> ApiResponse:
    return answer({"credit-card-transactions": {"page-size": 50, "transaction": list(found)}})


def cases(*found: Any, total: int | None = None) -> ApiResponse:
    count = len(found) if total is None else total
    return answer({"disputes": {"total-items": count, "page-size": 50, "dispute": list(found)}})


def listed(*answers: ApiResponse, mark: str = "") -> Played[MissedPage]:
    assert BRAINTREE_API.missed is not None
    return play(BRAINTREE_API.missed(Place(AT - HOUR, AT, mark, AT), KEY, {}), answers)


def events(*found: dict[str, Any]) -> list[Event]:
    page = listed(ids(*(each["id"] for each in found)), told(*found)).result
    return [each.event for each in page.listed]


def test_ids_are_searched_for_and_then_what_they_stand_for() -> None:
    played = listed(ids(transaction()["id"]), told(transaction()))

    first, second = played.requests
    at = "https://api.braintreegateway.com/merchants/bloomandstem/transactions/"
    assert [(each.method, each.url) for each in played.requests] == [
        ("POST", f"{at}advanced_search_ids"),
        ("POST", f"{at}advanced_search"),
    ]
    since = '<submitted_for_settlement_at><min type="datetime">2026-11-24T11:00:00Z</min></submitted_for_settlement_at>'
    assert first.body.decode() == f"<search>{since}</search>"
    assert second.body.decode() == f'<search>{since}<ids type="array"><item>5433bt7</item></ids></search>'
    assert (played.result.mark, played.result.more) == ("settled_at", True)
    [entry] = played.result.listed
    assert (entry.event.claim.amount, entry.event.occurred_at) == (Money(2_198, "USD"), AT)  # type: ignore[union-attr]


def test_what_a_message_told_is_the_same_sale() -> None:
    lists = Braintree()
    heard = lists.event(lists.entry(7, SECOND)).events
    [sold] = events(transaction())

    assert sold.claim == heard[0].claim
    assert one_sale(*heard, sold).kept == Money(2_198, "USD")


def test_a_transaction_that_goes_on_is_the_same_event() -> None:
    [submitted], [settled] = events(transaction()), events(transaction("settling", "settled"))
    assert submitted.id == settled.id


@pytest.mark.parametrize(
    "status", ["authorized", "authorizing", "authorization_expired", "processor_declined", "gateway_rejected", "failed"]
)
def test_what_was_never_taken_is_no_sale(status: str) -> None:
    history = {"status-event": [{"timestamp": iso(SECOND), "status": status}]}
    assert events(transaction(status=status, status_history=history)) == []
    assert events(transaction(status="voided", status_history=history)) == []


def test_what_is_settled_in_parts_is_told_by_its_parts() -> None:
    """The whole is authorized, and each part is a transaction of its own ("Submit For Partial Settlement")."""
    whole = transaction("settlement_pending", partial_settlement_transaction_ids={"item": ["p1", "p2"]})
    assert events(whole) == []
    [part] = events(transaction(amount="10.00", authorized_transaction_id="whole"))
    assert part.claim.amount == Money(1_000, "USD")  # type: ignore[union-attr]


@pytest.mark.parametrize("status", ["voided", "settlement_declined", "settlement_failed", "failed"])
def test_what_comes_to_nothing_after_it_was_taken_goes_back(status: str) -> None:
    sale = one_sale(*events(transaction()), *events(transaction(status)))
    assert (sale.state, sale.kept) == (SaleState.REFUNDED, None)


def test_a_refund_finds_its_sale_and_one_that_is_declined_takes_nothing() -> None:
    sold = transaction("settled")
    back = transaction(id="rf1", type="credit", amount="5.00", refunded_transaction_id=sold["id"])
    [given] = events(back)
    assert given.claim == RefundClaim(sold["id"], Money(500, "USD"), "rf1")
    sale = one_sale(*events(sold), given)
    assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, Money(1_698, "USD"))

    declined = transaction(
        "settlement_declined", id="rf1", type="credit", amount="5.00", refunded_transaction_id=sold["id"]
    )
    sale = one_sale(*events(sold), given, *events(declined))
    assert (sale.state, sale.kept) == (SaleState.PAID, Money(2_198, "USD"))


def test_money_for_somebody_who_paid_nothing_is_of_no_sale() -> None:
    assert events(transaction(type="credit")) == []


def test_a_local_payment_that_is_reversed_finds_its_sale() -> None:
    [sold] = events(transaction("settled", local_payment={"payment-id": "PAY-1"}))
    assert sold.links == ("PAY-1",)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [("", "USD", ""), ("21.989", "USD", "21.989 USD"), ("-1.00", "USD", "-1.00 USD"), ("21.98", "", "21.98")],
)
def test_an_odd_amount_is_not_counted(amount: str, currency: str, shown: str) -> None:
    [sold] = events(transaction(amount=amount, currency_iso_code=currency))
    assert (sold.claim.amount, sold.claim.amount_text) == (None, shown)  # type: ignore[union-attr]


def test_what_is_in_the_sandbox_counts_nothing() -> None:
    played = listed(ApiResponse(401), ids(transaction()["id"]), told(transaction()))
    assert [each.url.split("/")[2] for each in played.requests] == [
        "api.braintreegateway.com",
        "api.sandbox.braintreegateway.com",
        "api.sandbox.braintreegateway.com",
    ]
    [entry] = played.result.listed
    assert not entry.event.live
    assert one_sale(entry.event).kept is None


def test_every_search_has_its_turn_and_pages_go_on_behind_the_last_id() -> None:
    first = listed(ids("tx9", "tx1", "tx5", size=2), told(transaction(id="tx1"), transaction(id="tx5"))).result
    assert (first.mark, first.more) == ("submitted_for_settlement_at/tx5", True)
    second = listed(ids("tx9", "tx0", "tx5", size=2), told(transaction(id="tx9")), mark=first.mark)
    assert b"<item>tx9</item></ids>" in second.requests[1].body
    marks, mark = [], second.result.mark
    while mark != "disputes":
        marks.append(mark)
        played = listed(ids(), mark=mark)
        mark = played.result.mark
    assert marks == ["settled_at", "voided_at", "failed_at", "created_at"]
    [declined] = played.requests
    assert (
        b'<status type="array"><item>settlement_declined</item><item>settlement_failed</item></status>' in declined.body
    )
    assert b'<created_at><min type="datetime">2026-10-25T11:00:00Z</min></created_at>' in declined.body


def dispute(status: str, minute: int = 0, **more: Any) -> dict[str, Any]:
    sold = {"id": transaction()["id"], "amount": "21.98"}
    at = {"created-at": iso(SECOND), "updated-at": iso(SECOND + 60 * minute)}
    return (
        {"id": "d1", "status": status, "amount": "21.98", "currency-iso-code": "USD", "transaction": sold} | at | more
    )


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("open", DisputeState.OPEN),
        ("under_review", DisputeState.OPEN),
        ("disputed", DisputeState.OPEN),
        ("expired", DisputeState.OPEN),
        ("something_new", DisputeState.OPEN),
        ("won", DisputeState.WON),
        ("lost", DisputeState.LOST),
        ("accepted", DisputeState.LOST),
        ("auto_accepted", DisputeState.LOST),
    ],
)
def test_disputes_find_their_sale(status: str, state: DisputeState) -> None:
    played = listed(cases(dispute("open"), dispute(status, 1)), mark="disputes")
    [asked] = played.requests
    assert asked.url.endswith("/merchants/bloomandstem/disputes/advanced_search?page=1")
    assert b'<effective_date><min type="datetime">2026-11-23T11:00:00Z</min></effective_date>' in asked.body
    assert not played.result.more
    cases_told = [each.event for each in played.result.listed]
    assert cases_told[-1].claim.state is state  # type: ignore[union-attr]
    whole = {DisputeState.OPEN: SaleState.DISPUTED, DisputeState.WON: SaleState.PAID, DisputeState.LOST: SaleState.LOST}
    assert one_sale(*events(transaction()), *cases_told).state is whole[state]


def test_disputes_come_in_numbered_pages() -> None:
    page = listed(cases(dispute("open"), total=51), mark="disputes").result
    assert (page.mark, page.more) == ("disputes/2", True)
    assert not listed(cases(dispute("open"), total=51), mark="disputes/2").result.more


@pytest.mark.parametrize("status", [403, 404])
def test_who_may_not_ask_for_disputes_hears_all_else(status: int) -> None:
    """They are told to merchants alone who see them in the Control Panel ("Dispute: Search", Availability)."""
    assert listed(ApiResponse(status), mark="disputes").result == MissedPage(())


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><search-results><ids>&b;</ids></search-results>'


@pytest.mark.parametrize(
    "odd",
    [
        ApiResponse(200, {}, BOMB),
        ApiResponse(200, {}, b"{}"),
        ApiResponse(200, {}, b""),
        ApiResponse(200, {}, b"<search-results/>"),
        ApiResponse(200, {}, b"<search-results>" * 100 + b"</search-results>" * 100),
        ApiResponse(200, {}, b"<search-results>" + b"<x/>" * 400_001 + b"</search-results>"),
        answer({"other": {}}),
        answer({"search-results": {"page-size": 50}}),
        answer({"search-results": {"page-size": 50, "ids": {"item": [{"id": "tx1"}]}}}),
        ids("tx1", size=0),
        ids("tx1", size=""),
        ids("tx1", size="x"),
    ],
    ids=str,
)
def test_an_odd_answer_is_not_taken_for_nothing(odd: ApiResponse) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(odd)
    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize(
    "odd",
    [
        told(),
        answer({"other": {}}),
        told(transaction(id="tx2")),
        told({"id": "tx1"}),
        told("tx1"),
        told({"status": "x"}),
    ],
    ids=range(6),
)
def test_odd_transactions_are_not_taken_for_nothing(odd: ApiResponse) -> None:
    with pytest.raises(ApiFailure) as failure:
        listed(ids("tx1"), odd)
    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize("key", ["", "a", "a:b", "..:b:c"])
def test_a_key_of_another_form_asks_nothing(key: str) -> None:
    def never(_: ApiRequest) -> ApiResponse:
        raise AssertionError

    assert BRAINTREE_API.missed is not None
    with pytest.raises(ApiFailure):
        play(BRAINTREE_API.missed(Place(AT - HOUR), key, {}), never)
