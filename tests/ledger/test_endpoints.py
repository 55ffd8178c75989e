"""Which endpoints there are at providers, and which public address each provider has."""

import dataclasses

import pytest

from shopwatch.domain.connection.endpoint import Endpoint, Registered, Standing
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import EndpointsChanged
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger

ONE = "https://one.shop.example"
NOON = 1_764_072_000_000


def known(source: Source, **changes: object) -> Registered:
    endpoint = Endpoint("we_1 we_2", ONE + source.path, Standing.FAILING, ("charge.refunded",))
    registered = Registered(source.id, endpoint, NOON, NOON + 1)
    return dataclasses.replace(registered, **changes)  # type: ignore[arg-type]


async def test_what_is_known_is_kept_and_told(ledger: Ledger, source: Source, place: str, facts: list[object]) -> None:
    first = known(
        source,
        old=Endpoint("we_0", "https://old.example/"),
        problem="api-away",
        confirmed_at=NOON + 2,
        begun=ONE,
        since=NOON,
    )
    await ledger.endpoints.note(first, ONE)
    assert facts == [EndpointsChanged((source.id,))]
    assert ledger.endpoints.registered == {source.id: first}
    second = known(source, checked_at=NOON + 3)
    await ledger.endpoints.note(second)
    other = Ledger.open(place)
    await other.endpoints.refresh()
    assert (other.endpoints.registered, other.endpoints.addresses) == ({source.id: second}, {source.id: ONE})
    other.close()


async def test_what_another_process_writes_is_told_once(
    ledger: Ledger, source: Source, place: str, facts: list[object]
) -> None:
    other = Ledger.open(place)
    await other.endpoints.note(known(source))
    await other.endpoints.note_address((source.id,), ONE)
    await ledger.endpoints.refresh()
    await ledger.endpoints.refresh()
    assert facts == [EndpointsChanged((source.id,))]
    await other.endpoints.forget(source.id)
    await ledger.endpoints.refresh()
    assert (ledger.endpoints.registered, ledger.endpoints.addresses) == ({}, {source.id: ONE})
    other.close()


async def test_what_is_found_gives_way_to_what_another_process_has_made(
    ledger: Ledger, source: Source, place: str
) -> None:
    other = Ledger.open(place)
    await other.endpoints.note(known(source), ONE)
    await ledger.endpoints.note_found(known(source, made_at=0), "https://two.shop.example")
    await ledger.endpoints.refresh()
    assert ledger.endpoints.registered == {source.id: known(source)}
    assert ledger.endpoints.addresses == {source.id: ONE}
    other.close()


async def test_an_address_that_is_known_is_told_once(ledger: Ledger, source: Source, facts: list[object]) -> None:
    other = await ledger.sources.add("stripe", "Stripe", {})
    await ledger.endpoints.note_address((source.id, other.id), ONE)
    await ledger.endpoints.note_address((source.id,), ONE)
    assert facts == [EndpointsChanged((source.id, other.id))]


async def test_of_removed_sources_nothing_is_told(ledger: Ledger, source: Source) -> None:
    await ledger.endpoints.note(known(source), ONE)
    await ledger.sources.remove(source.id)
    await ledger.endpoints.refresh()
    assert (ledger.endpoints.registered, ledger.endpoints.addresses) == ({}, {})


async def test_what_cannot_be_written_is_not_known(ledger: Ledger, source: Source, facts: list[object]) -> None:
    ledger.close()
    with pytest.raises(Outage):
        await ledger.endpoints.note(known(source), ONE)
    assert (ledger.endpoints.registered, ledger.endpoints.addresses, facts) == ({}, {}, [])


async def test_odd_texts_of_providers_do_no_harm(ledger: Ledger, source: Source, place: str) -> None:
    odd = Endpoint("we_\ud800\x00", "https://one.shop.example/\udfff", lacking=("\x00",))
    await ledger.endpoints.note(known(source, endpoint=odd))
    kept = ledger.endpoints.registered
    other = Ledger.open(place)
    await other.endpoints.refresh()
    assert other.endpoints.registered == kept
    other.close()
