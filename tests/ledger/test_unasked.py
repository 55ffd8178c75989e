"""What is still to be asked for: found again after a restart, and only until it is settled."""

from msgspec import structs

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from tests.ledger.arrivals import NOON, Arrival, delivery, paid, told, written

CALL = "GET /v1/orders/o-1"


def lacking(source: Source, event_id: str, *, nonce: str | None = None) -> Arrival:
    """A sale that names a call for what it does not say."""
    arrived, verdict = told(source.id, event_id, paid("o-1", None, items=()), links=("pi-1",), live=False, nonce=nonce)
    assert isinstance(verdict, Accepted)
    return arrived, Accepted(structs.replace(verdict.event, needs_fetch=CALL))


async def numbers(ledger: Ledger, source: Source) -> list[int]:
    return [each.number for each in await ledger.fetches.pending(source.id)]


async def test_an_event_that_lacks_something_is_owed_whole_until_it_is_settled(ledger: Ledger, source: Source) -> None:
    arrived, verdict = lacking(source, "e-1")
    recorded = await ledger.record(arrived, verdict)
    await ledger.record(*told(source.id, "e-2", paid("o-2")))

    [hint] = await ledger.fetches.pending(source.id)
    assert (hint.event, hint.number, hint.received_at) == (verdict.event, recorded.delivery_id, arrived.received_at)  # type: ignore[union-attr]
    assert not hint.is_hint

    await ledger.fetches.settle(hint.number)
    assert await ledger.fetches.pending(source.id) == ()


async def test_it_is_found_again_after_a_restart(ledger: Ledger, source: Source, place: str) -> None:
    await ledger.record(*lacking(source, "e-1"))
    ledger.close()
    again = Ledger.open(place)
    assert [each.event.id for each in await again.fetches.pending(source.id)] == ["e-1"]
    again.close()


async def test_what_is_no_money_is_owed_with_what_it_told(ledger: Ledger, source: Source) -> None:
    event = Event("c-1", "contact", Kind.CONTACT, NOON, happening=Contact("77"), needs_fetch="GET /contacts/77")
    await ledger.record(delivery(source.id), Accepted(event))
    assert [each.event for each in await ledger.fetches.pending(source.id)] == [event]


async def test_a_hint_is_owed_by_the_id_it_named(ledger: Ledger, source: Source) -> None:
    await ledger.record(delivery(source.id), Rejected(Reason.HINT, "tr_1"))
    await ledger.record(delivery(source.id), Rejected(Reason.PING))
    await written(ledger)

    [hint] = await ledger.fetches.pending(source.id)
    assert hint.is_hint
    assert hint.event == Event("tr_1", "", Kind.PING, NOON)

    await ledger.fetches.settle(hint.number)
    assert await ledger.fetches.pending(source.id) == ()
    assert len(await ledger.inbox.page(InboxQuery())) == 2


async def test_the_newest_come_first_and_resting_ones_not_at_all(ledger: Ledger, source: Source) -> None:
    for place in range(4):
        await ledger.record(*lacking(source, f"e-{place}"))
    first, second, third, fourth = sorted(await numbers(ledger, source))
    assert await numbers(ledger, source) == [fourth, third, second, first]
    assert [each.number for each in await ledger.fetches.pending(source.id, {fourth, second}, limit=1)] == [third]


async def test_practice_and_other_sources_are_not_asked_for(ledger: Ledger, source: Source) -> None:
    other = await ledger.sources.add("stripe", "Stripe")
    nonce, *_ = await ledger.sources.issue_practice(source.id, 1)
    await ledger.record(*lacking(source, "e-1", nonce=nonce))
    await ledger.record(*lacking(other, "e-1"))
    assert await numbers(ledger, source) == []
    assert len(await numbers(ledger, other)) == 1
