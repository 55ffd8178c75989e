"""Messages that tell several events at once. docs/attacks.md, C16."""

import json

from shopwatch.domain.facts import Outcome
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleState
from shopwatch.domain.source import Source
from shopwatch.ledger import DIFFERENT_CONTENT, Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import SOON, Arrival, back, paid, record_all, rush, together, told


def message(source: Source, *names: str, nonce: str | None = None, indent: int | None = None) -> Arrival:
    """One that tells of the sale of each name, as its sender would write it."""
    parts = [json.dumps({"id": name}).encode() for name in names]
    whole = b'{"events":[' + b",".join(parts) + b"]}"
    if indent:
        whole = b'{"events": [\n  ' + b",\n  ".join(parts) + b"\n]}"
    several = [
        told(source.id, name, paid(name), body=part, nonce=nonce) for name, part in zip(names, parts, strict=True)
    ]
    return together(*several, body=whole)


async def kept(ledger: Ledger) -> dict[str, bytes | None]:
    """The body of each delivery by the id of its event, the first to come winning."""
    found: dict[str, bytes | None] = {}
    for row in reversed(await ledger.inbox.page()):
        whole = await ledger.inbox.get(row.id)
        assert whole is not None
        found.setdefault(whole.event_id, whole.body)
    return found


async def test_each_event_is_a_sale_and_the_message_is_kept_word_for_word(ledger: Ledger, source: Source) -> None:
    recorded = await ledger.record(*message(source, "a", "b", "c"))

    assert (recorded.outcome, recorded.delivery_id) == (Outcome.ACCEPTED, 1)
    assert await ledger.sales.count(SalesQuery()) == 3
    assert await kept(ledger) == {
        "a": b'{"events":[{"id": "a"},{"id": "b"},{"id": "c"}]}',
        "b": b'{"id": "b"}',
        "c": b'{"id": "c"}',
    }


async def test_an_event_that_comes_again_in_other_company_counts_once_and_is_no_other_content(
    ledger: Ledger, source: Source
) -> None:
    await record_all(ledger, [message(source, "a", "b"), message(source, "b", "c"), message(source, "c", "a")])

    again = await ledger.record(*message(source, "b", "a", indent=2))

    assert (again.outcome, again.reason) == (Outcome.REPEAT, "")
    assert await ledger.sales.count(SalesQuery()) == 3
    repeats = await ledger.inbox.page(InboxQuery(outcome=Outcome.REPEAT))
    assert len(repeats) == 5
    assert {row.reason for row in repeats} == {""}


async def test_an_event_that_says_something_else_the_second_time_is_named(ledger: Ledger, source: Source) -> None:
    await ledger.record(*message(source, "a", "b"))

    other = told(source.id, "b", paid("b", 1), body=b'{"id": "b", "amount": 1}')
    await ledger.record(*together(told(source.id, "c", paid("c"), body=b"{}"), other))

    (repeat,) = await ledger.inbox.page(InboxQuery(outcome=Outcome.REPEAT))
    assert repeat.reason == DIFFERENT_CONTENT


async def test_a_repeat_with_something_new_in_it_is_new(ledger: Ledger, source: Source) -> None:
    await ledger.record(*message(source, "a"))

    assert (await ledger.record(*message(source, "a", "b"))).outcome is Outcome.ACCEPTED
    assert (await ledger.record(*message(source, "a", "b"))).outcome is Outcome.REPEAT


async def test_the_same_event_twice_in_one_message_is_one(ledger: Ledger, source: Source) -> None:
    await ledger.record(*message(source, "a", "a", "b"))

    assert await ledger.sales.count(SalesQuery()) == 2


async def test_a_sale_and_its_refund_in_one_message_are_one_row(ledger: Ledger, source: Source) -> None:
    sold, given = told(source.id, "ev", paid("o")), told(source.id, "ev:1", back("o", 1_200))

    await ledger.record(*together(sold, given))

    (row,) = (await ledger.sales.page(SalesQuery())).rows
    assert row.sale.state is SaleState.PART_REFUNDED
    assert row.sale.given_back == Money(1_200, "USD")


async def test_messages_at_once_are_all_answered_each_with_its_own(ledger: Ledger, source: Source) -> None:
    arrivals = [message(source, *(f"{batch}-{number}" for number in range(250))) for batch in range(8)]
    arrivals += [told(source.id, f"alone-{number}", paid(f"alone-{number}")) for number in range(50)]

    answers = await record_all(ledger, arrivals)

    assert {each.outcome for each in answers} == {Outcome.ACCEPTED}
    assert len({each.delivery_id for each in answers}) == 58
    assert await ledger.sales.count(SalesQuery()) == 8 * 250 + 50


async def test_one_nonce_makes_practice_of_all_that_a_message_tells(ledger: Ledger, source: Source) -> None:
    (nonce,) = await ledger.sources.issue_practice(source.id, 1)

    rehearsed = await ledger.record(*message(source, "a", "b", nonce=nonce))
    claimed = await ledger.record(*message(source, "c", "d", nonce="made-up"))

    assert (rehearsed.outcome, claimed.outcome) == (Outcome.ACCEPTED, Outcome.REJECTED)
    rows = (await ledger.sales.page(SalesQuery())).rows
    assert {row.sale.order_id for row in rows} == {"a", "b"}
    assert all(row.sale.practice for row in rows)


async def test_the_other_process_books_them_too(place: str) -> None:
    ledger = Ledger.open(place, writer_config=SOON)
    source = await ledger.sources.add("paynow", "PayNow", {})
    await rush(ledger)

    arrivals = [message(source, "a", "b"), message(source, "b", "c"), message(source, "c")]
    answers = await record_all(ledger, arrivals, 1)

    assert [each.outcome for each in answers] == [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.REPEAT]
    assert ledger.in_writer_process
    assert await ledger.sales.count(SalesQuery()) == 3
    ledger.close()
