from collections.abc import Callable

from shopwatch.domain.facts import Outcome
from shopwatch.domain.instant import MINUTE
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import NOON, back, paid, record_all, told, written


async def test_a_practice_sale_is_marked_and_in_no_total(ledger: Ledger, source: Source) -> None:
    (nonce,) = await ledger.sources.issue_practice(source.id, 1)

    answer = await ledger.record(*told(source.id, "ev", paid("o"), nonce=nonce))

    assert answer.outcome is Outcome.ACCEPTED
    (row,) = (await ledger.sales.page(SalesQuery())).rows
    assert row.sale.practice
    assert (await ledger.sales.figures(NOON, NOON + MINUTE)).totals == ()
    assert (await ledger.sales.page(SalesQuery(practice=False))).rows == ()


async def test_a_nonce_is_good_once_and_for_its_own_source(ledger: Ledger, source: Source) -> None:
    other = await ledger.sources.add("paynow", "Second shop", {})
    used, foreign = await ledger.sources.issue_practice(source.id, 2)
    arrivals = [
        told(source.id, "e1", paid("o1"), nonce=used),
        told(source.id, "e2", paid("o2"), nonce=used),
        told(other.id, "e3", paid("o3"), nonce=foreign),
        told(source.id, "e4", paid("o4"), nonce="made up \ud800"),
        told(source.id, "e5", paid("o5"), nonce=""),
    ]

    answers = await record_all(ledger, arrivals)

    assert sorted(answer.outcome for answer in answers) == [Outcome.ACCEPTED] + [Outcome.REJECTED] * 4
    assert {answer.reason for answer in answers} == {"", Reason.PRACTICE_UNKNOWN}
    assert await ledger.sales.count(SalesQuery()) == 1
    assert len(await ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED))) == 4
    assert (await record_all(ledger, arrivals[:1]))[0].reason == Reason.PRACTICE_UNKNOWN


async def test_a_nonce_ends_after_ten_minutes(place: str) -> None:
    clock = [NOON]
    ledger = Ledger.open(place, clock=lambda: clock[0])
    source = await ledger.sources.add("paynow", "PayNow", {})
    early, late = await ledger.sources.issue_practice(source.id, 2)

    clock[0] += 10 * MINUTE
    in_time = await ledger.record(*told(source.id, "e1", paid("o1"), nonce=early))
    clock[0] += 1
    too_late = await ledger.record(*told(source.id, "e2", paid("o2"), nonce=late))

    assert (in_time.outcome, too_late.outcome) == (Outcome.ACCEPTED, Outcome.REJECTED)
    ledger.close()


async def test_a_forged_message_does_not_spend_a_nonce(ledger: Ledger, source: Source) -> None:
    (nonce,) = await ledger.sources.issue_practice(source.id, 1)
    delivery, verdict = told(source.id, "ev", paid("o"), nonce=nonce)
    await ledger.record(delivery, Rejected(Reason.SIGNATURE_MISMATCH))
    await written(ledger)

    assert (await ledger.record(delivery, verdict)).outcome is Outcome.ACCEPTED


async def test_practice_and_real_sales_never_meet(ledger: Ledger, source: Source) -> None:
    (nonce,) = await ledger.sources.issue_practice(source.id, 1)
    await ledger.record(*told(source.id, "ev", back("o"), nonce=nonce))

    answer = await ledger.record(*told(source.id, "ev", paid("o")))

    assert answer.outcome is Outcome.ACCEPTED
    rows = (await ledger.sales.page(SalesQuery(practice=False))).rows
    assert [(row.sale.practice, row.sale.given_back) for row in rows] == [(False, None)]


async def test_only_the_hash_of_a_nonce_is_stored(
    ledger: Ledger, source: Source, held: Callable[[], dict[str, bytes]]
) -> None:
    nonces = await ledger.sources.issue_practice(source.id, 20)
    ledger.close()

    assert len(set(nonces)) == 20
    files = b"".join(held().values())
    assert not any(nonce.encode() in files for nonce in nonces)


async def test_a_nonce_issued_by_another_process_counts(ledger: Ledger, source: Source, place: str) -> None:
    other = Ledger.open(place)
    (nonce,) = await other.sources.issue_practice(source.id, 1)
    other.close()

    answer = await ledger.record(*told(source.id, "ev", paid("o"), nonce=nonce))

    assert answer.outcome is Outcome.ACCEPTED
