"""Two sides of a day's sales, compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.sales.closing import Compared, Differs, Pair, Sums, compared
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Part, RefundClaim, SaleClaim, fold

SINCE, UNTIL = 1_000, 2_000


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def paid(minor: int | None = 2_400, *, name: str = "", payment: str = "") -> SaleClaim:
    return SaleClaim("A-1", None if minor is None else usd(minor), number="#1", name=name, payment=payment)


def part(claim: Claim, event_id: str = "listed:1", at: int = 1_500, *, live: bool = True) -> Part:
    return Part(event_id, "type", at, claim, live=live)


HERE = part(paid(), "evt_1")
BACK = RefundClaim("A-1", usd(400), "R-1")


def beside(*told: Part, here: tuple[Part, ...] = (HERE,), fresh: frozenset[str] | None = None) -> Compared:
    known = frozenset(each.event_id for each in told) if fresh is None else fresh
    return compared([Pair(told, known, here, 7 if here else None)], [], SINCE, UNTIL)


def test_the_same_on_both_sides() -> None:
    assert beside(HERE, fresh=frozenset()) == Compared((Sums("USD", 1, 2_400, 1, 2_400),), ())
    assert beside(part(paid())).differences == ()


@pytest.mark.parametrize(
    "told",
    [
        (part(SaleClaim("A-1", None)),),
        (part(paid(None, name="Maya")),),
        (part(paid()), part(RefundClaim("A-1", None, "R-1", partial=True), "listed:2")),
    ],
    ids=["no amount", "only a name", "given back, but not how much"],
)
def test_a_list_that_says_less_makes_no_difference(told: tuple[Part, ...]) -> None:
    found = beside(*told, here=(HERE, part(BACK, "evt_2")))
    assert (found.differences, found.sums) == ((), (Sums("USD", 1, 2_000, 1, 2_000),))


@pytest.mark.parametrize(
    ("told", "here", "there"),
    [
        (part(BACK, "evt_9"), 2_400, 2_000),
        (part(RefundClaim("A-1", usd(2_400), "A-1", cumulative=True)), 2_400, None),
        (part(DisputeClaim("A-1", usd(2_400), "D", DisputeState.LOST), "evt_9"), 2_400, None),
    ],
)
def test_what_only_the_list_knows_of_a_sale_can_be_counted(told: Part, here: int, there: int | None) -> None:
    found = beside(told)
    (difference,) = found.differences
    assert (difference.kind, difference.order, difference.sale_id) == (Differs.CHANGED, "#1", 7)
    assert (difference.here, difference.there) == (usd(here), None if there is None else usd(there))
    assert difference.countable
    assert found.wanted == {told.event_id}
    assert not all(each.agrees for each in found.sums)


def test_another_amount_is_named_but_counting_would_not_change_it() -> None:
    found = beside(part(paid(5_000)), here=(HERE, part(BACK, "evt_2")))
    (difference,) = found.differences
    assert (difference.here, difference.there, difference.countable) == (usd(2_000), usd(4_600), False)
    assert found.sums == (Sums("USD", 1, 2_000, 1, 4_600),)
    assert found.wanted == frozenset()


def test_another_message_of_the_same_sale_or_one_of_its_payments_is_no_other_amount() -> None:
    assert beside(part(paid(5_000), "evt_9")).differences == ()
    assert beside(part(paid(5_000, payment="P-2"))).differences == ()


def test_a_sale_of_which_only_a_refund_came_is_missing_here() -> None:
    found = beside(part(paid(), "evt_9"), here=(part(BACK, "evt_2"),))
    (difference,) = found.differences
    assert (difference.kind, difference.here, difference.there) == (Differs.MISSING_HERE, None, usd(2_000))
    assert (difference.countable, difference.sale_id) == (True, 7)


@pytest.mark.parametrize(("at", "counts"), [(999, False), (1_000, True), (1_999, True), (2_000, False)])
def test_the_day_has_its_beginning_and_not_its_end(at: int, counts: bool) -> None:
    found = beside(part(paid(), "evt_9", at), here=())
    assert (len(found.differences), len(found.sums)) == (counts, counts)
    sale = fold([part(paid(), at=at)])
    assert len(compared([], [(3, sale)], SINCE, UNTIL).differences) == counts


def test_what_is_no_real_sale_is_on_neither_side() -> None:
    assert beside(part(paid(), "evt_9", live=False), here=()) == Compared((), ())
    assert beside(part(BACK, "evt_9"), here=()) == Compared((), ())
    tested = fold([part(paid(), live=False)])
    assert compared([], [(3, tested)], SINCE, UNTIL) == Compared((), ())


def test_money_given_back_that_day_of_an_older_sale_is_told_beside_the_days_sums() -> None:
    old = part(paid(), "evt_1", 100)
    found = beside(part(BACK, "evt_9", 1_500), here=(old,))
    assert (len(found.differences), found.sums) == (1, ())
    assert beside(part(BACK, "evt_9", 2_500), here=(old,)).differences == ()
    assert len(beside(part(BACK, "evt_9", 2_500)).differences) == 1


def test_currencies_are_never_added_together_and_the_largest_count_comes_first() -> None:
    pairs = [
        Pair((part(SaleClaim(f"{code}-{n}", Money(5, code)), f"{code}{n}"),), frozenset({f"{code}{n}"}))
        for code, count in (("JPY", 1), ("KWD", 3), ("EUR", 1))
        for n in range(count)
    ]
    assert compared(pairs, [], SINCE, UNTIL).sums == (
        Sums("KWD", 0, 0, 3, 15),
        Sums("EUR", 0, 0, 1, 5),
        Sums("JPY", 0, 0, 1, 5),
    )


def test_what_differs_stands_in_the_order_of_time() -> None:
    sales = [(n, fold([part(SaleClaim(str(n), usd(1)), at=2_000 - n)])) for n in range(1, 5)]
    found = compared([], sales, SINCE, UNTIL)
    assert [each.order for each in found.differences] == ["4", "3", "2", "1"]
    assert {each.kind for each in found.differences} == {Differs.MISSING_THERE}


def event(order: int, nth: int, claim: Claim) -> Part:
    return part(claim, f"evt_{order}_{nth}", 900 + 300 * order + nth)


def setbacks(name: str, nth: int) -> list[Claim]:
    return [
        RefundClaim(name, usd(100), f"R-{nth}"),
        RefundClaim(name, usd(100 * nth), name, cumulative=True),
        RefundClaim(name, None, f"R-{nth}", partial=True),
        DisputeClaim(name, usd(100), "D", DisputeState.OPEN),
        DisputeClaim(name, usd(100), "D", DisputeState.LOST),
        DisputeClaim(name, usd(100), "D", DisputeState.WON),
    ]


@st.composite
def days(draw: st.DrawFn) -> tuple[dict[int, list[Part]], set[str]]:
    """All that happened to some orders, and the ids of what was heard of it."""
    told = {}
    for order in range(draw(st.integers(1, 4))):
        name = f"A-{order}"
        claims: list[Claim] = [SaleClaim(name, usd(draw(st.integers(1, 9)) * 100), number=f"#{order}")]
        claims += [draw(st.sampled_from(setbacks(name, nth))) for nth in range(draw(st.integers(0, 3)))]
        told[order] = [event(order, nth, claim) for nth, claim in enumerate(claims)]
    every = [each.event_id for parts in told.values() for each in parts]
    return told, draw(st.sets(st.sampled_from(every)))


def there(found: Compared) -> list[tuple[str, int, int]]:
    """What the provider's list comes to, where it comes to anything."""
    return [(each.currency, each.count_there, each.there) for each in found.sums if each.count_there]


@given(days())
def test_once_all_that_can_be_counted_is_counted_both_sides_agree(day: tuple[dict[int, list[Part]], set[str]]) -> None:
    told, heard = day

    def beside_each_other() -> Compared:
        pairs = [
            Pair(
                tuple(parts),
                frozenset(each.event_id for each in parts) - heard,
                tuple(each for each in parts if each.event_id in heard),
                order if any(each.event_id in heard for each in parts) else None,
            )
            for order, parts in told.items()
        ]
        return compared(pairs, [], SINCE, UNTIL)

    before = beside_each_other()
    assert all(each.countable for each in before.differences)
    assert bool(before.wanted) == bool(before.differences)
    assert not before.wanted & heard
    assert all(each.agrees for each in before.sums) or before.differences
    heard |= before.wanted
    after = beside_each_other()
    assert after.differences == ()
    assert all(each.agrees for each in after.sums)
    assert there(after) == there(before)
