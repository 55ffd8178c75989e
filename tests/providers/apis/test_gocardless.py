"""GoCardless tells what its messages only name."""

from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, Part, RefundClaim, SaleClaim, SaleState, fold
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiRequest, ApiResponse, Place
from shopwatch.providers.apis.gocardless import GOCARDLESS_API
from tests.providers.apis.fetching import fetched
from tests.providers.played import AT, KEY, answer, play

API = "https://api.gocardless.com"
LIVE = "live_abcdefghijklmnop"


def event(number: int, kind: str, claim: Any = None, path: str = "/payments/PM1") -> Event:
    kinds: dict[type, Kind] = {SaleClaim: Kind.SALE, DisputeClaim: Kind.DISPUTE}
    told = kinds.get(type(claim), Kind.OTHER)
    return Event(f"EV{number}", kind, told, AT + number, claim, needs_fetch=f"GET {path}")


CONFIRMED = event(1, "payments.confirmed", SaleClaim("PM1", None))
FAILED = event(2, "payments.failed")


def course(*actions: str) -> list[dict[str, Any]]:
    """The events of one payment; the newest first, as the API lists them."""
    told = [
        {"id": f"EV{at}", "resource_type": "payments", "action": action, "created_at": f"2026-11-24T06:{at:02}:00.000Z"}
        for at, action in enumerate(actions, start=1)
    ]
    return told[::-1]


def api(happened: list[dict[str, Any]] | None = None, **changed: Any) -> Any:
    things = {
        "payments/PM1": {"id": "PM1", "amount": 2_198, "currency": "GBP", "links": {"mandate": "MD1"}},
        "refunds/RF1": {"id": "RF1", "amount": 500, "currency": "GBP", "links": {"payment": "PM1"}},
        "mandates/MD1": {"id": "MD1", "links": {"customer": "CU1"}},
        "customers/CU1": {"id": "CU1", "given_name": "Maya", "family_name": "Lindqvist", "email": "maya@example.com"},
    } | {name.replace("_", "/"): told for name, told in changed.items()}

    def say(request: ApiRequest) -> ApiResponse:
        path = request.url.removeprefix(f"{API}/").partition("?")[0]
        if path == "events":
            events = happened if happened is not None else course("confirmed")
            return answer({"events": events, "meta": {"cursors": {"before": None, "after": None}}})
        told = things[path]
        return answer({path.partition("/")[0]: told}) if told is not None else answer({}, 404)

    return say


def test_a_payment_tells_its_amount_and_whoever_paid() -> None:
    played = fetched(GOCARDLESS_API, CONFIRMED, api(), LIVE)

    (meaning,) = played.result
    assert meaning.claim == SaleClaim("PM1", Money(2_198, "GBP"), name="Maya Lindqvist", email="maya@example.com")
    assert meaning.live
    assert played.urls[:3] == [f"{API}/payments/PM1", f"{API}/mandates/MD1", f"{API}/customers/CU1"]
    assert played.requests[0].headers["GoCardless-Version"] == "2015-07-06"


def test_a_token_of_the_sandbox_asks_there_and_its_money_is_no_money() -> None:
    def say(request: ApiRequest) -> ApiResponse:
        assert request.url.startswith("https://api-sandbox.gocardless.com/")
        return api()(ApiRequest("GET", request.url.replace("api-sandbox", "api")))  # type: ignore[no-any-return]

    (meaning,) = fetched(GOCARDLESS_API, CONFIRMED, say, "sandbox_abcdef").result

    assert not meaning.live


def test_whoever_paid_may_be_gone() -> None:
    for gone in ({"mandates_MD1": None}, {"customers_CU1": None}, {"mandates_MD1": {"id": "MD1", "links": None}}):
        (meaning,) = fetched(GOCARDLESS_API, CONFIRMED, api(**gone), LIVE).result
        assert meaning.claim == SaleClaim("PM1", Money(2_198, "GBP"))


@pytest.mark.parametrize(("amount", "shown"), [(-1, "-0.01 GBP"), ("21.98", "21.98 GBP"), (None, ""), (10**20, "")])
def test_an_amount_that_is_none_is_shown_and_not_counted(amount: Any, shown: str) -> None:
    told = {"id": "PM1", "amount": amount, "currency": "GBP", "links": {}}

    (meaning,) = fetched(GOCARDLESS_API, CONFIRMED, api(payments_PM1=told), LIVE).result

    assert meaning.claim is not None
    assert meaning.claim.amount is None
    assert shown in meaning.claim.amount_text


@pytest.mark.parametrize(
    ("kind", "failed"),
    [("refunds.created", False), ("refunds.paid", False), ("refunds.failed", True), ("refunds.funds_returned", True)],
)
def test_a_refund_finds_its_payment(kind: str, failed: bool) -> None:
    (meaning,) = fetched(GOCARDLESS_API, event(3, kind, path="/refunds/RF1"), api(), LIVE).result

    assert meaning.claim == RefundClaim("PM1", Money(500, "GBP"), "RF1", failed=failed)
    assert meaning.kind is Kind.REFUND


def test_a_refund_of_a_mandate_is_of_no_sale() -> None:
    told = {"id": "RF1", "amount": 500, "currency": "GBP", "links": {"mandate": "MD1"}}

    assert (
        fetched(GOCARDLESS_API, event(3, "refunds.paid", path="/refunds/RF1"), api(refunds_RF1=told), LIVE).result == ()
    )


def test_a_chargeback_tells_its_amount_and_its_sale() -> None:
    case = event(3, "payments.charged_back", DisputeClaim("PM1", None, "PM1", DisputeState.OPEN))

    dispute, sold = fetched(GOCARDLESS_API, case, api(), LIVE).result

    assert dispute.claim == DisputeClaim("PM1", Money(2_198, "GBP"), "PM1")
    assert sold.claim is not None
    assert sold.claim.amount == Money(2_198, "GBP")


def test_a_payment_that_fails_before_it_is_confirmed_is_nothing() -> None:
    assert fetched(GOCARDLESS_API, event(1, "payments.failed"), api(course("failed")), LIVE).result == ()


def standing(happened: list[str]) -> SaleState:
    """How the sale stands once everything was asked for at the end, or each thing as soon as it happened."""
    states = set()
    for late in (True, False):
        parts = []
        for at, action in enumerate(happened, start=1):
            known = course(*(happened if late else happened[:at]))
            if action not in ("confirmed", "failed"):
                continue
            told = CONFIRMED.claim if action == "confirmed" else None
            one = event(at, f"payments.{action}", told)
            for place, meaning in enumerate(fetched(GOCARDLESS_API, one, api(known), LIVE).result):
                assert meaning.claim is not None
                parts.append(Part(f"fetched:EV{at}:{place}", "x", meaning.occurred_at, meaning.claim))
        states.add(fold(parts).state)
    assert len(states) == 1
    return states.pop()


@pytest.mark.parametrize(
    ("happened", "state"),
    [
        (["confirmed"], SaleState.PAID),
        (["failed", "resubmission_requested", "confirmed"], SaleState.PAID),
        (["confirmed", "paid_out", "failed"], SaleState.REFUNDED),
        (["confirmed", "failed", "resubmission_requested", "confirmed"], SaleState.PAID),
        (["confirmed", "failed", "confirmed", "paid_out", "failed"], SaleState.REFUNDED),
        (["confirmed", "failed", "failed"], SaleState.REFUNDED),
        (["failed", "failed", "confirmed", "failed", "confirmed"], SaleState.PAID),
    ],
)
def test_a_late_failure_takes_the_money_back_until_the_payment_is_confirmed_again(
    happened: list[str], state: SaleState
) -> None:
    """Of the event list: "failed" may come after "confirmed", and a failed payment may be tried again."""
    assert standing(happened) is state


@pytest.mark.parametrize("told", [None, [], {"id": "PM2"}, "PM1", {}])
def test_an_answer_about_something_else_is_no_answer(told: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(GOCARDLESS_API, CONFIRMED, lambda _: answer({"payments": told}), LIVE)
    assert failure.value.problem is ApiProblem.UNREADABLE


def test_events_of_payments_and_of_refunds_are_listed_page_by_page() -> None:
    assert GOCARDLESS_API.missed is not None
    sold = {**course("confirmed")[0], "links": {"payment": "PM1"}}
    refund = {**sold, "id": "EV9", "resource_type": "refunds", "action": "paid", "links": {"refund": "RF1"}}
    pages = {"payments/": ([sold], "c1"), "payments/c1": ([], None), "refunds/": ([refund], None)}

    def say(request: ApiRequest) -> ApiResponse:
        what = "refunds" if "resource_type=refunds" in request.url else "payments"
        events, after = pages[f"{what}/{'c1' if 'after=c1' in request.url else ''}"]
        return answer({"events": events, "meta": {"cursors": {"before": None, "after": after}}})

    mark, ids, more = "", [], True
    while more:
        page = play(GOCARDLESS_API.missed(Place(AT, mark=mark), KEY, {}), say).result
        ids += [each.event.id for each in page.listed]
        mark, more = page.mark, page.more

    assert ids == ["EV1", "EV9"]
