"""Eventbrite tells orders and lists what changed. The shapes are those of its own description of API v3
(eventbriteapiv3public.apib: Order, Attendee, Cost, Currency Cost, pagination, Common Errors)."""

from typing import Any

import pytest

from shopwatch.domain.connection.endpoint import Endpoint
from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim, SaleState
from shopwatch.providers.api import ApiFailure, ApiProblem, Place
from shopwatch.providers.apis.eventbrite import EVENTBRITE_API
from shopwatch.providers.kit.reading import Meaning
from tests.providers.apis.fetching import fetched, only
from tests.providers.cases import one_sale
from tests.providers.played import AT, KEY, Played, answer, hint, play


def cost(value: Any, currency: Any = "USD") -> dict[str, Any]:
    return {"gross": {"currency": currency, "value": value, "major_value": "?", "display": "?"}}


def ticket(name: str = "General Admission", value: Any = 2_500, **said: Any) -> dict[str, Any]:
    about = {"id": "a-1", "ticket_class_name": name, "cancelled": False, "refunded": False, "status": "Attending"}
    return about | {"costs": cost(value)} | said


def order(**said: Any) -> dict[str, Any]:
    about = {"id": "1012345678", "status": "placed", "created": "2026-11-24T11:00:00Z", "event_id": "17937020110"}
    person = {"name": "Maya Lindqvist", "email": "maya@example.com"}
    return about | person | {"costs": cost(5_000), "attendees": [ticket(), ticket()]} | said


def asked(**said: Any) -> list[Any]:
    played = fetched(EVENTBRITE_API, hint("1012345678"), [answer(order(**said))])
    return [each.claim for each in played.result]


def look(answers: Any, mark: str = "") -> Played[Any]:
    assert EVENTBRITE_API.missed is not None
    return play(EVENTBRITE_API.missed(Place(AT - HOUR, mark=mark, at=AT), KEY, {}), answers)


def organizations(*ids: str) -> Any:
    return answer({"organizations": [{"id": each, "name": "Bloom"} for each in ids], "pagination": {}})


def refused(answers: Any, mark: str = "") -> ApiProblem:
    with pytest.raises(ApiFailure) as failure:
        look(answers, mark)
    return failure.value.problem


def test_an_order_is_told_with_its_tickets() -> None:
    more = {"attendees": [ticket(), ticket(), ticket("Backstage", 10_000)], "costs": cost(15_000)}
    played = fetched(EVENTBRITE_API, hint("1012345678"), [answer(order(**more))])

    assert played.urls == ["https://www.eventbriteapi.com/v3/orders/1012345678/?expand=attendees%2Crefund_requests"]
    assert played.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert only(played) == SaleClaim(
        "1012345678",
        Money(15_000, "USD"),
        name="Maya Lindqvist",
        email="maya@example.com",
        items=(Item("General Admission", 2, Money(2_500, "USD")), Item("Backstage", 1, Money(10_000, "USD"))),
    )
    assert played.result[0].occurred_at == AT - HOUR


@pytest.mark.parametrize(
    ("costs", "amount", "shown"),
    [
        (cost(2_311, "JPY"), Money(2_311, "JPY"), ""),
        (cost(2_311, "KWD"), Money(2_311, "KWD"), ""),
        (cost("50.00"), None, "50.00 USD"),
        (cost(-1), None, "-0.01 USD"),
        (cost(50.5), None, "50.5 USD"),
        (cost(5_000, "dollars"), None, "5000 dollars"),
        (cost(None), None, ""),
        ({}, None, ""),
        (None, None, ""),
        ([], None, ""),
    ],
)
def test_sums_are_in_the_smallest_units_of_their_currency(costs: Any, amount: Money | None, shown: str) -> None:
    [claim] = asked(costs=costs)
    assert (claim.amount, claim.amount_text) == (amount, shown)


@pytest.mark.parametrize("status", ["started", "pending", "abandoned", "unpaid", "deleted", "PLACED", "placed later"])
def test_only_a_placed_order_is_a_sale(status: str) -> None:
    assert asked(status=status) == []


@pytest.mark.parametrize("attendees", [None, {}, "x", [None, 7, []], [{}], [{"refunded": "yes", "costs": 1}]])
def test_what_are_no_tickets_is_left_out(attendees: Any) -> None:
    [claim] = asked(attendees=attendees)
    assert (claim.amount, claim.items) == (Money(5_000, "USD"), ())


def test_a_ticket_that_was_given_back_is_told_without_how_much() -> None:
    sale, back = asked(attendees=[ticket(), ticket(refunded=True)])
    assert back == RefundClaim("1012345678", None, "1012345678", partial=True)
    assert isinstance(sale, SaleClaim)
    # The word that an order's status then has is not published.
    assert asked(status="refunded", attendees=[ticket(refunded=True)]) == [
        RefundClaim("1012345678", None, "1012345678")
    ]


def processed(value: Any = 2_311, of: str = "attendee", **said: Any) -> dict[str, Any]:
    """A refund item: "Refund Item Fields"."""
    amount = {"currency": "USD", "value": value, "major_value": "?", "display": "?"}
    return {"item_type": of, "status": "processed", "quantity_processed": 1, "amount_processed": amount} | said


@pytest.mark.parametrize(
    ("tickets", "items", "given"),
    [
        ([ticket(), ticket(refunded=True)], [processed()], 2_311),
        ([ticket(refunded=True), ticket(refunded=True)], [processed(), processed(2_000)], 4_311),
        ([ticket(refunded=True), ticket(refunded=True)], [processed(4_622, quantity_processed=2)], 4_622),
        ([ticket(refunded=True), ticket(refunded=True)], [processed(5_000, "order")], 5_000),
        ([ticket(), ticket()], [processed(900, "merchandise")], 900),
        (
            [ticket(), ticket(refunded=True)],
            [processed(), processed(status="pending"), processed(status="error")],
            2_311,
        ),
    ],
)
def test_what_was_given_back_is_told_as_the_sum_of_all(tickets: Any, items: Any, given: int) -> None:
    for requests in (
        [{"status": "completed", "items": items}],
        {"items": items},
        [{"items": [each]} for each in items],
    ):
        _, back = asked(attendees=tickets, refund_requests=requests)
        assert back == RefundClaim("1012345678", Money(given, "USD"), "1012345678", cumulative=True)


@pytest.mark.parametrize(
    "items",
    [
        None,
        [],
        [None, 7],
        [processed(status="pending")],
        [processed(status=None)],
        [processed(None)],
        [processed(-5)],
        [processed("23.11")],
        [processed(), processed(amount_processed={"currency": "EUR", "value": 5})],
        [processed(amount_processed=None)],
        [processed(of="merchandise")],
        [processed(quantity_processed=0)],
    ],
)
def test_a_ticket_whose_refund_is_not_told_is_given_back_without_a_sum(items: Any) -> None:
    _, back = asked(attendees=[ticket(), ticket(refunded=True)], refund_requests=[{"items": items}])
    assert back == RefundClaim("1012345678", None, "1012345678", partial=True)


def test_a_sum_that_is_told_later_counts_whatever_was_told_before() -> None:
    told = [
        asked(attendees=[ticket(), ticket(refunded=True)]),
        asked(attendees=[ticket(), ticket(refunded=True)], refund_requests=[{"items": [processed()]}]),
    ]
    claims = [claim for each in told for claim in each]
    sale = one_sale(*(Meaning(Kind.OTHER, each, AT).event(f"e{number}", "x") for number, each in enumerate(claims)))

    assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, Money(2_689, "USD"))


def test_an_order_of_which_something_was_given_back_counts_no_more() -> None:
    whole = fetched(EVENTBRITE_API, hint("1012345678"), [answer(order())]).result
    part = fetched(
        EVENTBRITE_API, hint("1012345678"), [answer(order(attendees=[ticket(), ticket(refunded=True)]))]
    ).result
    gone = fetched(
        EVENTBRITE_API, hint("1012345678"), [answer(order(status="refunded", attendees=[ticket(refunded=True)]))]
    ).result

    def sale(*told: Any) -> Any:
        return one_sale(*(each.event(str(number), "x") for number, each in enumerate(told)))

    assert sale(*whole).kept == Money(5_000, "USD")
    assert (sale(*whole, *part).state, sale(*whole, *part).kept) == (SaleState.PART_REFUNDED, None)
    assert (sale(*whole, *part, *gone).state, sale(*whole, *part, *gone).kept) == (SaleState.REFUNDED, None)


def test_a_free_ticket_is_no_sale() -> None:
    [meaning] = fetched(EVENTBRITE_API, hint("1012345678"), [answer(order(costs=cost(0)))]).result
    assert meaning.to_book.kind is Kind.OTHER


@pytest.mark.parametrize("told", [order(id="7"), order(status=None), order(id=None), {}, {"error": "x"}])
def test_what_is_no_such_order_is_refused(told: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(EVENTBRITE_API, hint("1012345678"), [answer(told)])
    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        (answer({"error": "NOT_AUTHORIZED"}, 403), ApiProblem.NOT_FOUND),
        (answer({"error": "NOT_FOUND"}, 404), ApiProblem.NOT_FOUND),
        (answer({"error": "NO_AUTH"}, 401), ApiProblem.KEY_REFUSED),
        (answer({"error": "INVALID_AUTH"}, 400), ApiProblem.KEY_REFUSED),
        (answer({"error": "ORDER_EXPIRED"}, 400), ApiProblem.UNREADABLE),
        (answer(b"no", 400), ApiProblem.UNREADABLE),
        (answer({"error": "HIT_RATE_LIMIT"}, 429), ApiProblem.LIMIT),
        (answer({"error": "HIT_RATE_LIMIT"}, 403, retry_after="60"), ApiProblem.LIMIT),
        (answer({}, 301), ApiProblem.UNREADABLE),
    ],
)
def test_a_hint_at_an_order_of_others_holds_nothing_up(response: Any, problem: ApiProblem) -> None:
    """A key that is refused rests for an hour, which nobody who sends hints may bring about."""
    with pytest.raises(ApiFailure) as failure:
        fetched(EVENTBRITE_API, hint("1012345678"), [response])
    assert failure.value.problem is problem


def test_every_organization_is_asked_page_by_page() -> None:
    more = {"pagination": {"has_more_items": True, "continuation": "c/2=="}, "orders": [order()]}
    first = look([organizations("12", "11"), answer(more)])
    assert first.urls == [
        "https://www.eventbriteapi.com/v3/users/me/organizations/",
        "https://www.eventbriteapi.com/v3/organizations/11/orders/?changed_since=2026-11-24T11%3A00%3A00Z&expand=attendees%2Crefund_requests",
    ]
    assert (first.result.mark, first.result.more) == ("11/c/2==", True)
    end: dict[str, Any] = {"pagination": {"has_more_items": False}, "orders": []}
    second = look([organizations("12", "11"), answer(end)], first.result.mark)
    assert second.urls[1].endswith("&continuation=c%2F2%3D%3D")
    assert (second.result.mark, second.result.more) == ("12", True)
    third = look([organizations("12", "11"), answer(end)], second.result.mark)
    assert "/organizations/12/" in third.urls[1]
    assert "continuation" not in third.urls[1]
    assert (third.result.mark, third.result.more) == ("", False)


def test_an_organization_that_is_gone_ends_its_list() -> None:
    end: dict[str, Any] = {"pagination": {}, "orders": []}
    assert "continuation" not in look([organizations("12"), answer(end)], "11/c2").urls[1]
    assert look([organizations()]).result.listed == ()
    assert look([organizations("1")], "2").result.listed == ()


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"orders": {}},
        {"orders": [7]},
        {"orders": [{}]},
        {"orders": [order(status=None)]},
        {"orders": [], "pagination": {"has_more_items": True}},
        {"orders": [], "pagination": {"has_more_items": True, "continuation": 7}},
    ],
)
def test_what_is_no_list_is_refused(told: Any) -> None:
    assert refused([organizations("11"), answer(told)]) is ApiProblem.UNREADABLE


def test_a_page_that_leads_to_itself_is_refused() -> None:
    again = {"orders": [], "pagination": {"has_more_items": True, "continuation": "c2"}}
    assert refused([organizations("11"), answer(again)], "11/c2") is ApiProblem.UNREADABLE
    listed = {"organizations": [{"id": "1"}], "pagination": {"has_more_items": True, "continuation": "c"}}
    assert refused([answer(listed)] * 3) is ApiProblem.UNREADABLE


def test_a_key_that_is_none_is_said_to_be_that() -> None:
    assert refused([answer({"error": "INVALID_AUTH", "status_code": 400}, 400)]) is ApiProblem.KEY_REFUSED
    assert refused([answer({"error": "BAD_CONTINUATION_TOKEN"}, 400)]) is ApiProblem.UNREADABLE


def test_a_webhook_of_a_single_event_is_not_enough() -> None:
    assert EVENTBRITE_API.endpoints is not None
    url = "https://shop.example/in/x"
    of_one = {"id": "1", "endpoint_url": url, "actions": ["order.placed", "order.refunded", "order.updated"]}
    listed = answer({"webhooks": [of_one | {"event_id": "62541733007"}], "pagination": {}})
    seen = play(EVENTBRITE_API.endpoints.read(Endpoint("", url), KEY, {}), [organizations("11"), listed]).result
    assert set(seen.lacking) == set(of_one["actions"])
    listed = answer({"webhooks": [of_one | {"event_id": None}], "pagination": {}})
    seen = play(EVENTBRITE_API.endpoints.read(Endpoint("", url), KEY, {}), [organizations("11"), listed]).result
    assert seen.well
