"""Messages that tell several events at once, judged. docs/attacks.md, C16."""

import json
from dataclasses import replace
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim
from shopwatch.providers.kit.batch import MOST_EVENTS
from shopwatch.providers.kit.reading import Meaning, Message, ident, in_minor, order_of
from shopwatch.providers.provider import Provider
from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.providers.verdict_text import lines
from tests.providers.cases import NOW, judge, signed


def _paid(message: Message) -> Meaning:
    amount, text = in_minor(message.body.get("amount"), "EUR")
    return Meaning(Kind.SALE, SaleClaim(order_of(message.body, "order"), amount, amount_text=text), message.at)


def _paid_and_given_back(message: Message) -> tuple[Meaning, ...]:
    order = order_of(message.body, "order")
    amount, _ = in_minor(message.body.get("back"), "EUR")
    refund = RefundClaim(order, amount, ident(message.body, "refund") or order)
    return _paid(message), Meaning(Kind.REFUND, refund, message.at)


ALONE = replace(
    STRIPE, readers={"paid": _paid, "returned": _paid_and_given_back}, otherwise=None, event_id="id", event_type="type"
)
BATCHES = replace(ALONE, batch="data.events")


def entry(number: int, **changed: Any) -> dict[str, Any]:
    return {"id": f"EV{number}", "type": "paid", "order": f"o{number}", "amount": 100 * number} | changed


def told(provider: Provider, body: object) -> Accepted:
    raw = body if isinstance(body, bytes) else json.dumps(body, indent=1).encode()
    verdict = judge(provider, signed(provider, raw))
    assert isinstance(verdict, Accepted), verdict
    return verdict


def batch(*entries: object) -> Accepted:
    return told(BATCHES, {"data": {"events": entries}, "meta": {"id": "WB1"}})


def sold(events: tuple[Event, ...]) -> dict[str, int | None]:
    return {
        each.id: each.claim.amount.minor if each.claim.amount else None
        for each in events
        if isinstance(each.claim, SaleClaim)
    }


def test_each_entry_is_an_event_with_its_own_id_and_its_own_bytes() -> None:
    raw = b'{"data": {"events": [{"id":"A","type":"paid","order":"1","amount":5},\n {"id" : "B"}]}}'

    verdict = told(BATCHES, raw)

    assert [(each.id, each.kind) for each in verdict.events] == [("A", Kind.SALE), ("B", Kind.OTHER)]
    assert verdict.part == b'{"id":"A","type":"paid","order":"1","amount":5}'
    assert [each.body for each in verdict.more] == [b'{"id" : "B"}']


def test_250_of_them_are_250_sales() -> None:
    assert sold(batch(*(entry(number) for number in range(1, 251))).events) == {
        f"EV{number}": 100 * number for number in range(1, 251)
    }


def test_a_list_of_none_is_genuine_with_nothing_to_book() -> None:
    verdict = batch()

    assert (verdict.event.kind, verdict.event.unreadable, verdict.more) == (Kind.OTHER, "", ())


@pytest.mark.parametrize(
    "body", [{}, {"data": None}, {"data": {"events": {"id": "EV1"}}}, {"data": {"events": [{}] * (MOST_EVENTS + 1)}}]
)
def test_what_holds_no_list_of_a_possible_length_is_kept_and_shown(body: object) -> None:
    verdict = told(BATCHES, body)

    assert verdict.event.unreadable
    assert verdict.more == ()


@pytest.mark.parametrize(
    "broken",
    [
        None,
        7,
        "EV2",
        [],
        {},
        {"id": "EV2\0", "type": "paid", "order": "o"},
        {"id": "x" * 300, "type": "paid", "order": "o"},
        {"id": ["EV2"], "type": "paid"},
        {"id": "EV2", "type": "paid", "order": None},
        {"id": "EV2", "type": {"paid": 1}},
        {"id": "EV2", "type": "paid", "order": "o2", "amount": "a lot"},
        {"id": "\ud800", "type": "paid", "order": "o2", "amount": 1},
    ],
)
def test_one_that_is_broken_keeps_no_other_away(broken: object) -> None:
    verdict = batch(entry(1), broken, entry(3))

    assert len(verdict.events) == 3
    assert {"EV1": 100, "EV3": 300}.items() <= sold(verdict.events).items()
    assert len({each.id for each in verdict.events}) == 3


def test_one_whose_number_cannot_serve_says_so() -> None:
    assert batch(entry(1, id="x" * 300)).event.unreadable


def test_half_a_character_in_one_is_no_harm_to_the_bytes_of_the_others() -> None:
    verdict = told(BATCHES, b'{"data":{"events":[{"id":"A","order":"\\ud800"},{"id":"B"}]}}')

    assert [each.id for each in verdict.events] == ["A", "B"]
    assert all(json.loads(each) for each in (verdict.part, *(further.body for further in verdict.more)))


def test_one_message_may_tell_a_sale_and_a_refund() -> None:
    verdict = told(ALONE, entry(1, type="returned", back=40))

    assert [(each.id, each.kind) for each in verdict.events] == [("EV1", Kind.SALE), ("EV1:1", Kind.REFUND)]
    assert verdict == told(ALONE, entry(1, type="returned", back=40))


def test_several_meanings_of_the_longest_id_are_still_events_of_their_own() -> None:
    verdict = told(ALONE, entry(1, id="x" * 255, type="returned", back=40))

    assert len({each.id for each in verdict.events}) == 2


def test_entries_may_tell_several_things_too() -> None:
    verdict = batch(entry(1, type="returned", back=40), entry(2))

    assert [each.id for each in verdict.events] == ["EV1", "EV1:1", "EV2"]


def test_verify_prints_a_line_for_each() -> None:
    told_here = lines(BATCHES, "two", batch(entry(1), entry(2)))

    assert [line["event"]["id"] for line in told_here] == ["EV1", "EV2"]
    assert [line["sale"]["order_id"] for line in told_here] == ["o1", "o2"]
    assert {line["name"] for line in told_here} == {"two"}


def test_what_a_message_claims_is_told_whole() -> None:
    request = signed(BATCHES, json.dumps({"data": {"events": [entry(1), entry(2)]}}).encode())

    assert [each.id for each in BATCHES.claims_all(request, NOW)] == ["EV1", "EV2"]
    first = BATCHES.claims(request, NOW)
    assert first is not None
    assert first.id == "EV1"
