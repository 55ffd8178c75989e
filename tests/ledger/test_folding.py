import asyncio
import random
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.sales.sale import Claim, Part, Sale, fold
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import NOON, Arrival, back, disputed, paid, record_all, story, told


def _part(arrival: Arrival) -> Part:
    verdict = arrival[1]
    assert isinstance(verdict, Accepted)
    assert verdict.event.claim is not None
    event = verdict.event
    return Part(event.id, event.type, event.occurred_at, verdict.event.claim, live=event.live)


async def test_every_order_of_arrival_ends_in_the_same_sale(ledger: Ledger, source: Source) -> None:
    orders = list(permutations(range(5)))
    expected = {}
    for place, order in enumerate(orders):
        events = story(source.id, f"o{place}")
        expected[f"o{place}"] = fold([_part(event) for event in events])
        await record_all(ledger, [events[each] for each in order], at_once=1 + place % 5)

    rows = (await ledger.sales.page(SalesQuery(), None, 1_000)).rows
    assert {row.sale.order_id: row.sale for row in rows} == expected


async def test_a_link_leads_to_the_sale_and_the_order_id_too(ledger: Ledger, source: Source) -> None:
    await record_all(ledger, [told(source.id, "e1", paid("cs_1"), links=("pi_1",))])
    await record_all(ledger, [told(source.id, "e2", back("pi_1"))])

    (row,) = (await ledger.sales.page(SalesQuery())).rows
    assert row.sale.order_id == "cs_1"
    assert row.sale.given_back is not None


async def test_two_sales_that_prove_to_be_one_are_merged(ledger: Ledger, source: Source) -> None:
    await record_all(ledger, [told(source.id, "e1", back("pi_1"))])
    await record_all(ledger, [told(source.id, "e2", paid("cs_1"))])
    assert await ledger.sales.count(SalesQuery()) == 2

    await record_all(ledger, [told(source.id, "e3", disputed("ch_1"), links=("cs_1", "pi_1"))])

    (row,) = (await ledger.sales.page(SalesQuery())).rows
    assert row.id == 1
    assert row.sale.order_id == "cs_1"
    detail = await ledger.sales.get(1)
    assert detail is not None
    assert {moment.part.event_id for moment in detail.moments} == {"e1", "e2", "e3"}
    assert await ledger.sales.get(2) is None
    assert await ledger.sales.count(SalesQuery(text="lindqvist")) == 1


async def test_a_merged_away_id_is_never_given_out_again(ledger: Ledger, source: Source) -> None:
    await test_two_sales_that_prove_to_be_one_are_merged(ledger, source)

    await record_all(ledger, [told(source.id, "e9", paid("new"))])

    assert {row.id for row in (await ledger.sales.page(SalesQuery())).rows} == {1, 3}


_NAMES = ("a", "b", "c", "d")
_claims: st.SearchStrategy[Claim] = st.one_of(
    st.builds(paid, st.sampled_from(_NAMES), st.sampled_from([None, 500, 4_200]), name=st.sampled_from(["", "Ida"])),
    st.builds(back, st.sampled_from(_NAMES), st.sampled_from([100, 4_200]), refund_id=st.sampled_from(["r1", "r2"])),
    st.builds(disputed, st.sampled_from(_NAMES)),
)
_happenings = st.lists(
    st.tuples(_claims, st.lists(st.sampled_from(_NAMES), max_size=2).map(tuple), st.integers(0, 3)), max_size=9
)


def _purchases(arrivals: list[Arrival], links: list[tuple[str, ...]]) -> list[Sale]:
    """What there is to fold, found the slow way: events that share a name, directly or through others."""
    groups: list[tuple[set[str], list[Part]]] = []
    for arrival, also in zip(arrivals, links, strict=True):
        part = _part(arrival)
        names, parts = {part.claim.order_id, *also}, [part]
        for group in [group for group in groups if group[0] & names]:
            groups.remove(group)
            names |= group[0]
            parts += group[1]
        groups.append((names, parts))
    return [fold(parts) for _, parts in groups]


@settings(max_examples=40, deadline=None)
@given(happenings=_happenings, at_once=st.integers(1, 9), shuffled=st.randoms(use_true_random=False))
def test_whatever_links_whatever_the_sales_are_those_of_the_slow_way(
    happenings: list[tuple[Claim, tuple[str, ...], int]], at_once: int, shuffled: random.Random
) -> None:
    async def run(file: Path) -> tuple[list[Sale], list[Sale], int]:
        ledger = Ledger.open(f"sqlite:///{file}")
        try:
            source = await ledger.sources.add("paynow", "PayNow", {})
            arrivals = [
                told(source.id, f"e{place}", claim, at=NOON + at, links=links)
                for place, (claim, links, at) in enumerate(happenings)
            ]
            expected = _purchases(arrivals, [links for _, links, _ in happenings])
            shuffled.shuffle(arrivals)
            await record_all(ledger, arrivals, at_once)
            rows = (await ledger.sales.page(SalesQuery(), None, 100)).rows
            found = [row.sale for row in rows]
            return expected, found, await ledger.sales.count(SalesQuery(text="peony"))
        finally:
            ledger.close()

    with TemporaryDirectory() as folder:
        expected, found, by_search = asyncio.run(run(Path(folder) / "sales.sqlite"))
    assert sorted(map(repr, found)) == sorted(map(repr, expected))
    assert by_search == sum(bool(sale.items) for sale in expected)
