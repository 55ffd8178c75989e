from collections.abc import Sequence

import pytest

from shopwatch.domain.facts import Outcome
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox.query import DeliveryRow, InboxQuery, Result, Tally
from tests.ledger.arrivals import NOON, Arrival, back, delivery, paid, record_all, told, written

_FORGED = Rejected(Reason.SIGNATURE_MISMATCH)
_LATE = Rejected(Reason.TOO_OLD, "14")


def _day(source_id: str) -> list[Arrival]:
    """Eight messages, one of each kind and more."""
    return [
        told(source_id, "ev-1", paid("order-77", number="PN-77")),
        told(source_id, "ev-2", back("order-77")),
        told(source_id, "ev-1", paid("order-77", number="PN-77")),
        (delivery(source_id, b"forged"), _FORGED),
        (delivery(source_id, b"late"), _LATE),
        (delivery(source_id, b"hello"), Challenge(Answer(200, b"hello"))),
        told(source_id, "ev-odd", None, unreadable="It says two things."),
        told(source_id, "ev-10", paid("order-78", number="PN-78")),
    ]


async def _recorded(ledger: Ledger, arrivals: Sequence[Arrival]) -> None:
    for arrival in arrivals:
        await record_all(ledger, [arrival])
        await written(ledger)


def _ids(rows: Sequence[DeliveryRow]) -> list[int]:
    return [row.id for row in rows]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (InboxQuery(), [8, 7, 6, 5, 4, 3, 2, 1]),
        (InboxQuery(result=Result.ACCEPTED), [8, 6, 2, 1]),
        (InboxQuery(result=Result.REPEAT), [3]),
        (InboxQuery(result=Result.REJECTED), [4]),
        (InboxQuery(result=Result.SET_ASIDE), [7, 5]),
        (InboxQuery(outcome=Outcome.ACCEPTED), [8, 7, 2, 1]),
        (InboxQuery(outcome=Outcome.REJECTED), [5, 4]),
        (InboxQuery(outcome=Outcome.CHALLENGE), [6]),
        (InboxQuery(text="ev-1"), [8, 3, 1]),
        (InboxQuery(text="order.refund"), [2]),
        (InboxQuery(text="pn-77"), [3, 2, 1]),
        (InboxQuery(text="  order-78 "), [8]),
        (InboxQuery(text="ev-1", result=Result.REPEAT), [3]),
        (InboxQuery(text="%"), []),
        (InboxQuery(text="\ud800\0"), []),
        (InboxQuery(sources=frozenset({"paynow-1"})), [8, 7, 6, 5, 4, 3, 2, 1]),
        (InboxQuery(sources=frozenset({"nobody"})), []),
    ],
)
async def test_the_inbox_lists_what_is_asked_for(
    ledger: Ledger, source: Source, query: InboxQuery, ids: list[int]
) -> None:
    await _recorded(ledger, _day(source.id))

    assert _ids(await ledger.inbox.page(query)) == ids
    by_twos: list[int] = []
    after: int | None = None
    while page := await ledger.inbox.page(query, after, 2):
        after = page[-1].place
        assert len(page) <= 2
        by_twos += _ids(page)
    assert by_twos == ids


async def test_the_results_of_a_list_are_those_it_was_asked_for(ledger: Ledger, source: Source) -> None:
    await _recorded(ledger, _day(source.id))

    for result in Result:
        rows = await ledger.inbox.page(InboxQuery(result=result))
        assert {row.result for row in rows} == {result}


async def test_sources_are_told_apart(ledger: Ledger, source: Source) -> None:
    other = await ledger.sources.add("stripe", "Stripe")
    await _recorded(ledger, [*_day(source.id), *_day(other.id)])

    only = await ledger.inbox.page(InboxQuery(sources=frozenset({other.id})))

    assert {row.source_id for row in only} == {other.id}
    assert len(only) == 8
    assert await ledger.inbox.tally(frozenset({other.id})) == Tally(4, 1, 1, 2, 6, 16)


async def test_what_was_rejected_or_set_aside_alarms_until_it_is_seen(ledger: Ledger, source: Source) -> None:
    await _recorded(ledger, _day(source.id))
    assert await ledger.inbox.tally() == Tally(accepted=4, repeats=1, rejected=1, set_aside=2, alarming=3, newest=8)

    await ledger.inbox.mark_seen(4)
    assert (await ledger.inbox.tally()).alarming == 2
    await ledger.inbox.mark_seen(8)
    await ledger.inbox.mark_seen(1)
    assert (await ledger.inbox.tally()).alarming == 0


async def test_what_is_unsigned_by_nature_alarms_nobody(ledger: Ledger, source: Source) -> None:
    hints = [(delivery(source.id), Rejected(Reason.HINT, "tr_1")), (delivery(source.id), Rejected(Reason.PING))]
    await _recorded(ledger, [*hints, (delivery(source.id), Rejected(Reason.NO_SECRET))])

    assert _ids(await ledger.inbox.page(InboxQuery(result=Result.ACCEPTED))) == [2, 1]
    assert _ids(await ledger.inbox.page(InboxQuery(result=Result.REJECTED))) == []
    assert await ledger.inbox.tally() == Tally(accepted=2, set_aside=1, alarming=1, newest=3)


async def test_a_delivery_is_read_back_as_the_request_it_was(ledger: Ledger, source: Source) -> None:
    (arrival, _), *_ = arrivals = _day(source.id)
    await _recorded(ledger, arrivals)

    row = await ledger.inbox.get(1)

    assert row is not None
    assert row.request == arrival.request
    assert (row.sale_number, row.event_type) == ("PN-77", "order.sale")


async def test_a_message_judged_anew_stands_where_it_once_stood(
    ledger: Ledger, source: Source, place: str, facts: list[object]
) -> None:
    forged, mended = (delivery(source.id, b"first"), _FORGED), told(source.id, "ev-0", paid("order-1"), body=b"first")
    await _recorded(ledger, [forged, *_day(source.id)])

    recorded = await ledger.record(*mended)
    assert recorded.delivery_id == 10
    await ledger.record(*mended)
    await ledger.inbox.take_place(10, 1)

    rows = await ledger.inbox.page()
    assert _ids(rows) == [11, 9, 8, 7, 6, 5, 4, 3, 2, 10]
    assert [row.event_id for row in rows if row.outcome is Outcome.REPEAT] == ["ev-0", "ev-1"]
    assert rows[-1].outcome is Outcome.ACCEPTED
    assert rows[-1].received_at == NOON + 1
    assert _ids(await ledger.inbox.page(InboxQuery(result=Result.ACCEPTED), rows[-2].place)) == [10]
    assert _ids(await ledger.inbox.page(InboxQuery(text="ev-0"))) == [11, 10]
    sold = await ledger.sales.get(3)
    assert sold is not None
    read = await ledger.inbox.get(sold.moments[0].delivery_id)
    assert read is not None
    assert (read.body, read.place) == (b"first", 1)


async def test_a_repeat_that_is_judged_again_stands_where_it_stood_too(ledger: Ledger, source: Source) -> None:
    await _recorded(ledger, [(delivery(source.id, b"first"), _FORGED), *_day(source.id)])

    recorded = await ledger.record(*told(source.id, "ev-1", paid("order-77", number="PN-77")))
    assert recorded.outcome is Outcome.REPEAT
    assert recorded.delivery_id is not None
    await ledger.inbox.take_place(recorded.delivery_id, 1)

    assert _ids(await ledger.inbox.page()) == [9, 8, 7, 6, 5, 4, 3, 2, 10]
    assert _ids(await ledger.inbox.page(InboxQuery(result=Result.REPEAT))) == [4, 10]


async def test_only_a_rejected_message_gives_up_its_place(ledger: Ledger, source: Source) -> None:
    await _recorded(ledger, _day(source.id))

    await ledger.inbox.take_place(8, 1)

    assert _ids(await ledger.inbox.page()) == [8, 7, 6, 5, 4, 3, 2, 1]
