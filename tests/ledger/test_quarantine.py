from pathlib import Path

import pytest
from msgspec.structs import replace

from shopwatch.domain.facts import Outcome
from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox import caps
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.writing.pending_writes import MOST_UNANSWERED
from tests.ledger.arrivals import delivery, paid, record_all, told, written

_FORGED = Rejected(Reason.SIGNATURE_MISMATCH)


async def _all(ledger: Ledger, outcome: Outcome) -> list[int]:
    found: list[int] = []
    while rows := await ledger.inbox.page(InboxQuery(outcome=outcome), found[-1] if found else None, 500):
        found += [row.id for row in rows]
    return found


async def test_the_oldest_rejections_make_room_for_the_newest(ledger: Ledger, source: Source) -> None:
    for _ in range(20):
        for number in range(100):
            await ledger.record(delivery(source.id, b"%d" % number), _FORGED)
        await written(ledger)

    kept = await _all(ledger, Outcome.REJECTED)
    assert caps.MOST_ROWS <= len(kept) <= caps.MOST_ROWS * 1.1
    assert max(kept) == 2_000
    assert sorted(kept) == list(range(min(kept), 2_001))


async def test_genuine_messages_of_another_account_are_not_pushed_out(ledger: Ledger, source: Source) -> None:
    await ledger.record(delivery(source.id), Rejected(Reason.OTHER_ACCOUNT, "somebody-else"))
    for _ in range(20):
        for number in range(100):
            await ledger.record(delivery(source.id, b"%d" % number), _FORGED)
        await written(ledger)

    kept = await _all(ledger, Outcome.REJECTED)
    assert kept[-1] == 1
    assert caps.MOST_ROWS <= len(kept) <= caps.MOST_ROWS * 1.1 + 1


async def test_hints_are_not_pushed_out_by_what_is_worthless(ledger: Ledger, source: Source) -> None:
    other = await ledger.sources.add("mollie", "Mollie")
    await ledger.record(delivery(other.id), Rejected(Reason.HINT, "tr_1"))
    for _ in range(12):
        for number in range(100):
            await ledger.record(delivery(source.id, b"%d" % number), _FORGED)
        await written(ledger)

    [hint] = await ledger.fetches.pending(other.id)
    assert hint.event.id == "tr_1"


async def test_hints_that_were_asked_about_go_before_those_that_were_not(
    ledger: Ledger, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caps, "MOST_HINTS", 20)
    await ledger.record(delivery(source.id), Rejected(Reason.HINT, "not-yet"))
    for number in range(130):
        await ledger.record(delivery(source.id), Rejected(Reason.HINT, str(number)))
        for each in await ledger.fetches.pending(source.id, limit=1):
            await ledger.fetches.settle(each.number)

    assert [each.event.id for each in await ledger.fetches.pending(source.id)] == ["not-yet"]
    assert len(await _all(ledger, Outcome.REJECTED)) < 130


async def test_rejections_are_held_within_their_bytes(ledger: Ledger, source: Source, file: Path) -> None:
    for _ in range(20):
        for _ in range(15):
            await ledger.record(delivery(source.id, b"x" * 2**20), _FORGED)
        await written(ledger)

    kept = await _all(ledger, Outcome.REJECTED)
    assert 60 <= len(kept) <= 70


async def test_headers_weigh_as_much_as_bodies(ledger: Ledger, source: Source) -> None:
    arrived = delivery(source.id, b"x" * 2**19)
    laden = replace(arrived, request=replace(arrived.request, headers=Headers(((b"X", b"y" * 2**19),))))
    for _ in range(20):
        for _ in range(15):
            await ledger.record(laden, _FORGED)
        await written(ledger)

    assert 60 <= len(await _all(ledger, Outcome.REJECTED)) <= 70


async def test_caps_hold_across_restarts(place: str) -> None:
    url = place
    ledger = Ledger.open(url)
    source = await ledger.sources.add("paynow", "PayNow", {})
    ledger.close()
    for _ in range(12):
        ledger = Ledger.open(url)
        for _ in range(100):
            await ledger.record(delivery(source.id), _FORGED)
        ledger.close()

    ledger = Ledger.open(url)
    assert len(await _all(ledger, Outcome.REJECTED)) <= caps.MOST_ROWS * 1.1
    ledger.close()


async def test_repeats_are_capped_too_and_sales_never(ledger: Ledger, source: Source) -> None:
    once = [told(source.id, f"e{n}", paid(f"o{n}")) for n in range(1_300)]
    await record_all(ledger, once + once)

    assert len(await _all(ledger, Outcome.ACCEPTED)) == 1_300
    assert caps.MOST_ROWS <= len(await _all(ledger, Outcome.REPEAT)) <= caps.MOST_ROWS * 1.1


async def test_a_flood_of_forgeries_is_let_go_before_it_fills_the_memory(ledger: Ledger, source: Source) -> None:
    for number in range(5_000):
        answer = await ledger.record(delivery(source.id, b"%d" % number), _FORGED)
        assert answer.outcome is Outcome.REJECTED

    assert (await ledger.record(*told(source.id, "ev", paid("o")))).outcome is Outcome.ACCEPTED
    await written(ledger)
    assert MOST_UNANSWERED <= len(await _all(ledger, Outcome.REJECTED)) <= caps.MOST_ROWS * 1.1


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, None])
async def test_deliveries_come_newest_first_page_by_page(
    ledger: Ledger, source: Source, outcome: Outcome | None
) -> None:
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}")) for n in range(25)])

    first = await ledger.inbox.page(InboxQuery(outcome=outcome), None, 10)
    second = await ledger.inbox.page(InboxQuery(outcome=outcome), first[-1].id, 100)

    assert [row.id for row in first + second] == list(range(25, 0, -1))
