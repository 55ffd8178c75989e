import asyncio
import random

import pytest

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Change, DeliveryKept, Outcome, SalesChanged
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Answer, Challenge, Reason, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim, SaleState
from shopwatch.domain.source import Source
from shopwatch.ledger import DIFFERENT_CONTENT, Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.ledger.writing.pending_writes import MOST_WAITING
from tests.ledger.arrivals import NOON, back, delivery, paid, record_all, told, written


async def test_each_event_counts_once_however_often_and_in_whatever_order_it_comes(
    ledger: Ledger, source: Source
) -> None:
    arrivals = [told(source.id, f"ev{n}", paid(f"o{n}")) for n in range(10_000) for _ in range(3)]
    random.Random(1).shuffle(arrivals)

    answers = await record_all(ledger, arrivals)

    assert [answer.outcome for answer in answers].count(Outcome.ACCEPTED) == 10_000
    assert [answer.outcome for answer in answers].count(Outcome.REPEAT) == 20_000
    assert await ledger.sales.count(SalesQuery()) == 10_000


async def test_the_same_event_id_of_two_sources_is_two_events(ledger: Ledger, source: Source) -> None:
    other = await ledger.sources.add("paynow", "Second shop", {})

    answers = await record_all(ledger, [told(each.id, "ev", paid("o")) for each in (source, other)])

    assert [answer.outcome for answer in answers] == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert await ledger.sales.count(SalesQuery()) == 2


async def test_event_ids_are_compared_byte_by_byte(ledger: Ledger, source: Source) -> None:
    ids = ["é", "e\u0301", "É", "a", "A", " a", "../..", "'; DROP TABLE sales --", "\ud800", "\udc00", "x" * 255]

    answers = await record_all(ledger, [told(source.id, each, None) for each in ids])

    assert {answer.outcome for answer in answers} == {Outcome.ACCEPTED}


async def test_a_repeat_with_the_same_content_keeps_no_second_copy(ledger: Ledger, source: Source) -> None:
    arrival = told(source.id, "ev", paid("o"), body=b'{"n":1}')
    await ledger.record(*arrival)

    repeat = await ledger.record(*arrival)

    assert (repeat.outcome, repeat.reason) == (Outcome.REPEAT, "")
    kept = await ledger.inbox.get(repeat.delivery_id or 0)
    assert kept is not None
    assert (kept.body, kept.size, kept.event_id) == (None, 7, "ev")


@pytest.mark.parametrize("at_once", [1, 2])
async def test_a_repeat_with_other_content_is_kept_and_named(ledger: Ledger, source: Source, at_once: int) -> None:
    first, second = told(source.id, "ev", paid("o"), body=b"1"), told(source.id, "ev", paid("o", 9), body=b"2")

    answers = await record_all(ledger, [first, second], at_once)

    assert [answer.outcome for answer in answers] == [Outcome.ACCEPTED, Outcome.REPEAT]
    assert answers[1].reason == DIFFERENT_CONTENT
    kept = await ledger.inbox.get(answers[1].delivery_id or 0)
    assert kept is not None
    assert kept.body == b"2"
    assert (await ledger.sales.page(SalesQuery())).rows[0].sale.amount == Money(4_200, "USD")


async def test_the_delivery_is_kept_byte_for_byte(ledger: Ledger, source: Source) -> None:
    body = bytes(range(256))

    recorded = await ledger.record(*told(source.id, "ev", paid("o"), body=body))

    kept = await ledger.inbox.get(recorded.delivery_id or 0)
    assert kept is not None
    assert kept.body == body
    assert kept.headers == (("Content-Type", "application/json"), ("X-Odd", "\xff\0"))
    assert (kept.event_type, kept.provider, kept.outcome) == ("order.sale", "paynow", Outcome.ACCEPTED)


async def test_an_unreadable_event_is_kept_and_nothing_is_booked(ledger: Ledger, source: Source) -> None:
    arrival = told(source.id, "ev", paid("o"), unreadable="not JSON")

    recorded = await ledger.record(*arrival)

    assert recorded.outcome is Outcome.ACCEPTED
    assert await ledger.sales.count(SalesQuery()) == 0


async def test_a_sign_of_life_books_nothing(ledger: Ledger, source: Source) -> None:
    ping = Event("ev", "ping", Kind.PING, NOON, paid("o"))

    await ledger.record(delivery(source.id), Accepted(ping))

    assert await ledger.sales.count(SalesQuery()) == 0


async def test_text_and_numbers_that_no_database_holds_do_not_lose_the_sale(ledger: Ledger, source: Source) -> None:
    claim = SaleClaim(
        "o\0", None, name="Ma\ud800ya", email="a\0b", items=(Item("x\udfff", 10**30),), amount_text=f"{10**30}"
    )
    event = Event("ev", "t\0", Kind.SALE, 10**30, claim)

    await ledger.record(delivery(source.id), Accepted(event))

    sale = (await ledger.sales.page(SalesQuery())).rows[0].sale
    assert (sale.order_id, sale.name, sale.email) == ("o\u2400", "Ma\ufffdya", "a\u2400b")
    assert (sale.items[0].name, sale.amount, sale.amount_text, sale.kept) == ("x\ufffd", None, f"{10**30}", None)


async def test_facts_are_told_once_committed(ledger: Ledger, source: Source, facts: list[object]) -> None:
    await record_all(ledger, [told(source.id, "e1", back("o"))], 1)
    await record_all(ledger, [told(source.id, "e2", paid("o"))], 1)
    await record_all(ledger, [told(source.id, "e3", back("o", refund_id="re_2"))], 1)

    changes = [change for fact in facts if isinstance(fact, SalesChanged) for change in fact.changes]
    assert [change.change for change in changes] == [Change.NEW, Change.PAID, Change.UPDATED]
    assert [change.row.sale.state for change in changes] == [
        SaleState.INCOMPLETE,
        SaleState.PART_REFUNDED,
        SaleState.PART_REFUNDED,
    ]
    assert facts.count(DeliveryKept(source.id, Outcome.ACCEPTED, NOON + 1)) == 3


async def test_what_was_told_is_what_is_read(ledger: Ledger, source: Source, facts: list[object]) -> None:
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}")) for n in range(5)])

    told_rows = {
        change.row.id: change.row for fact in facts if isinstance(fact, SalesChanged) for change in fact.changes
    }
    assert {row.id: row for row in (await ledger.sales.page(SalesQuery())).rows} == told_rows


async def test_a_rejection_is_answered_at_once_and_kept(ledger: Ledger, source: Source, facts: list[object]) -> None:
    answer = await ledger.record(delivery(source.id, b"forged"), Rejected(Reason.TOO_OLD, "14"))
    await ledger.record(delivery(source.id, b"hello"), Challenge(Answer()))
    await written(ledger)

    assert (answer.outcome, answer.reason, answer.delivery_id) == (Outcome.REJECTED, Reason.TOO_OLD, None)
    (row,) = await ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED))
    assert (row.reason, row.detail, row.size, row.event_id) == ("too-old", "14", 6, "")
    whole = await ledger.inbox.get(row.id)
    assert whole is not None
    assert whole.body == b"forged"
    (challenge,) = await ledger.inbox.page(InboxQuery(outcome=Outcome.CHALLENGE))
    handshake = await ledger.inbox.get(challenge.id)
    assert handshake is not None
    assert (handshake.size, handshake.body) == (5, None)
    assert DeliveryKept(source.id, Outcome.REJECTED, NOON, "too-old") in facts
    assert await ledger.sales.count(SalesQuery()) == 0


async def test_a_delivery_for_no_source_harms_no_other(ledger: Ledger, source: Source) -> None:
    lost, kept = await asyncio.gather(
        ledger.record(*told("nobody-9", "ev", paid("o"))),
        ledger.record(*told(source.id, "ev", paid("o"))),
        return_exceptions=True,
    )

    assert isinstance(lost, UserError)
    assert lost.code == "no-source"
    assert not isinstance(kept, BaseException)
    assert await ledger.sales.count(SalesQuery()) == 1


async def test_a_caller_that_went_away_loses_nothing(ledger: Ledger, source: Source) -> None:
    arrival = told(source.id, "ev", paid("o"))
    caller = asyncio.get_running_loop().create_task(ledger.record(*arrival))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)

    assert (await ledger.record(*arrival)).outcome is Outcome.REPEAT
    assert await ledger.sales.count(SalesQuery()) == 1


async def test_too_many_waiting_are_refused_at_once(ledger: Ledger, source: Source) -> None:
    arrivals = [told(source.id, f"e{n}", paid(f"o{n}")) for n in range(MOST_WAITING + 100)]

    answers = await asyncio.gather(*[ledger.record(*each) for each in arrivals], return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(refused) == 100
    assert all(isinstance(each, Outage) and each.code == "store-overloaded" for each in refused)
    assert await ledger.sales.count(SalesQuery()) == MOST_WAITING
    assert (await ledger.record(*told(source.id, "later", paid("later")))).outcome is Outcome.ACCEPTED


async def test_closing_writes_what_waits(ledger: Ledger, source: Source, place: str) -> None:
    waiting = asyncio.gather(*[ledger.record(*told(source.id, f"e{n}", paid(f"o{n}"))) for n in range(300)])
    await asyncio.sleep(0)
    ledger.close()
    await waiting

    later = Ledger.open(place)
    assert await later.sales.count(SalesQuery()) == 300
    later.close()
    with pytest.raises(Outage):
        await ledger.record(*told(source.id, "late", paid("late")))


async def test_a_refund_without_an_amount_gives_all_back(ledger: Ledger, source: Source) -> None:
    refund = RefundClaim("o", None, "re_1")
    await record_all(ledger, [told(source.id, "e2", refund), told(source.id, "e1", paid("o"))], 1)

    row = (await ledger.sales.page(SalesQuery())).rows[0]
    assert row.sale.state is SaleState.REFUNDED
