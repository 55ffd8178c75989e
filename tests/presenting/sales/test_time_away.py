"""When a time in which nothing was heard is looked into, and what is found."""

from dataclasses import replace

import pytest
from msgspec import structs

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Change, SaleChange, SaleRow, SalesChanged
from shopwatch.domain.instant import HOUR, MINUTE, Instant
from shopwatch.domain.sales.money import Money
from shopwatch.presenting.sales.time_away import Pause, TimeAway
from shopwatch.runtime.clock import now
from tests.ui.fake_shop import PAYNOW, FakeShop, sale_row

END: Instant = now() - 5 * MINUTE
NIGHT = Gap(1, Cause.ASLEEP, END - 9 * HOUR, END)
AWAY = UserError("PayNow cannot be asked now.", "ShopWatch asks again by itself.", code="api-away")


def missed(nth: int) -> SaleRow:
    """A sale of the night, brought in after it."""
    return structs.replace(sale_row(nth, paid_at=END - nth * HOUR, amount=Money(1000, "USD")), received_at=END + MINUTE)


def asked(**changes: object) -> CaughtUp:
    return replace(CaughtUp(PAYNOW.id, NIGHT.began_at, 1, 1, END + MINUTE), **changes)  # type: ignore[arg-type]


def fact(row: SaleRow) -> SalesChanged:
    return SalesChanged((SaleChange(row, Change.NEW),))


def time_away_of(shop: FakeShop) -> TimeAway:
    return TimeAway(shop.ledger.sales, shop.ledger.outbox, shop.sources, shop.receiver)


async def test_whoever_is_still_asked_is_waited_for() -> None:
    away = time_away_of(FakeShop(rows=[missed(1), missed(2)]))
    assert away.gap_ended(NIGHT) == Pause(5_000, anew=True)
    assert away.caught_up(asked(ended_at=0)) is None
    assert not away.begins()
    assert away.caught_up(asked()) == Pause(500, anew=True)
    assert away.begins()
    assert await away.look()
    assert away.told is not None
    assert (away.told.count, away.told.totals, away.told.asked) == (2, (Money(2000, "USD"),), ("PayNow",))
    assert away.looks_again() is None


def test_before_any_gap_nothing_is_looked_for() -> None:
    away = time_away_of(FakeShop())
    assert away.caught_up(asked()) is None
    assert away.sales_changed(fact(missed(1))) is None
    assert away.jobs_changed() is None
    assert not away.begins()


@pytest.mark.parametrize(
    ("second", "pause"),
    [
        (asked(brought_in=0), None),
        (asked(brought_in=0, problem=AWAY), Pause(500, anew=True)),
        (asked(brought_in=3), Pause(500, anew=True)),
    ],
    ids=["nothing new", "a problem", "more sales"],
)
def test_asking_again_is_looked_into_where_it_told_something_new(second: CaughtUp, pause: Pause | None) -> None:
    away = time_away_of(FakeShop())
    away.gap_ended(NIGHT)
    away.caught_up(asked())
    assert away.caught_up(second) == pause


def test_only_sales_of_that_time_are_news() -> None:
    away = time_away_of(FakeShop())
    away.gap_ended(NIGHT)
    assert away.sales_changed(fact(missed(1))) == Pause(500)
    assert away.sales_changed(fact(sale_row(2, paid_at=now()))) is None
    assert away.sales_changed(fact(structs.replace(missed(3), received_at=NIGHT.began_at))) is None


async def test_what_is_wanted_during_a_look_is_looked_into_after_it() -> None:
    away = time_away_of(FakeShop(rows=[missed(1)]))
    away.gap_ended(NIGHT)
    assert away.begins()
    assert not away.begins()
    await away.look()
    assert away.looks_again() == Pause(500)


async def test_what_the_owner_has_seen_is_not_told_again() -> None:
    away = time_away_of(FakeShop(rows=[missed(1)]))
    away.gap_ended(NIGHT)
    assert away.begins()
    away.forget()
    assert not await away.look()
    assert away.told is None


async def test_a_ledger_that_is_away_tells_nothing_and_the_next_look_begins() -> None:
    shop = FakeShop(rows=[missed(1)], failure=UserError("The disk is full.", code="disk-full"))
    away = time_away_of(shop)
    away.gap_ended(NIGHT)
    assert away.begins()
    assert not await away.look()
    assert away.begins()


async def test_gaps_that_follow_each_other_are_one() -> None:
    away = time_away_of(FakeShop(rows=[missed(1)]))
    away.gap_ended(replace(NIGHT, ended_at=END - MINUTE))
    away.gap_ended(Gap(2, Cause.OFFLINE, END - MINUTE, END))
    assert away.begins()
    await away.look()
    assert away.told is not None
    assert away.told.gap == Gap(1, Cause.ASLEEP, NIGHT.began_at, END)
