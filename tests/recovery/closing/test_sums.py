"""What counts for a day, in which currency, from which hour to which, and how a check is kept."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from shopwatch.domain.instant import DAY, HOUR, MINUTE
from shopwatch.domain.sales.closing import Differs, Sums
from shopwatch.domain.sales.money import Money
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.recovery.closing import bounds
from tests.ledger.arrivals import paid, told
from tests.recovery.closing.conftest import NOON, YESTERDAY, StripeShop
from tests.standin.site import serving
from tests.standin.stripe import Stripe


async def test_each_currency_stands_for_itself_with_its_own_decimals(at_stripe: StripeShop) -> None:
    sold = [
        at_stripe.happens(NOON),
        at_stripe.happens(NOON, currency="jpy", amount_total=12_000),
        at_stripe.happens(NOON, currency="kwd", amount_total=12_340),
        at_stripe.happens(NOON, currency="usd", amount_total=1_000),
    ]
    await at_stripe.hears(*sold[:2], sold[3])

    check = await at_stripe.check()

    assert check.sums == (
        Sums("USD", 2, 3_198, 2, 3_198),
        Sums("JPY", 1, 12_000, 1, 12_000),
        Sums("KWD", 0, 0, 1, 12_340),
    )
    assert [each.agrees for each in check.sums] == [True, True, False]
    assert [each.there for each in check.differences] == [Money(12_340, "KWD")]


async def test_what_was_given_back_since_counts_with_the_day_of_its_sale(at_stripe: StripeShop) -> None:
    sold = at_stripe.happens(NOON)
    back = at_stripe.gives_back(sold, 198, NOON + 20 * HOUR)
    await at_stripe.hears(sold)

    check = await at_stripe.check()
    (difference,) = check.differences
    assert (difference.kind, difference.here, difference.there) == (
        Differs.CHANGED,
        Money(2_198, "USD"),
        Money(2_000, "USD"),
    )
    assert check.sums == (Sums("USD", 1, 2_198, 1, 2_000),)

    await at_stripe.hears(back)
    assert (await at_stripe.check()).sums == (Sums("USD", 1, 2_000, 1, 2_000),)


async def test_money_given_back_that_day_of_an_older_sale_is_told_but_not_among_the_days_sales(
    at_stripe: StripeShop,
) -> None:
    old, of_day = at_stripe.happens(NOON - 3 * DAY), at_stripe.happens(NOON)
    before = at_stripe.happens(NOON - 20 * DAY)
    at_stripe.gives_back(old, 198, NOON + HOUR)
    at_stripe.gives_back(before, 500, NOON + HOUR)
    await at_stripe.hears(old, of_day)

    check = await at_stripe.check()

    assert check.sums == (Sums("USD", 1, 2_198, 1, 2_198),)
    (difference,) = check.differences
    assert (difference.kind, difference.paid_at, difference.countable) == (Differs.CHANGED, NOON - 3 * DAY, True)
    assert (await at_stripe.check(YESTERDAY - timedelta(1))).differences == ()
    counted = await at_stripe.check(count=True)
    assert counted.agrees
    figures = await at_stripe.ledger.sales.figures(NOON - 4 * DAY, NOON - 2 * DAY)
    assert figures.totals == (Money(2_000, "USD"),)


async def test_practice_test_mode_and_what_was_before_the_source_are_left_out(at_stripe: StripeShop) -> None:
    tested = at_stripe.happens(NOON) | {"livemode": False}
    at_stripe.stripe.events[-1] = tested
    (nonce,) = await at_stripe.ledger.sources.issue_practice(at_stripe.source.id, 1)
    arrival, verdict = told(at_stripe.source.id, "practice", paid("practice"), at=NOON)
    await at_stripe.ledger.record(replace(arrival, practice_nonce=nonce), verdict)
    assert await at_stripe.check() == await at_stripe.check()
    assert (await at_stripe.check()).sums == ()

    at_stripe.happens(NOON - 6 * DAY)
    check = await at_stripe.check(YESTERDAY - timedelta(6))
    assert (check.sums, check.differences, check.since) == ((), (), check.until)


async def test_on_the_day_itself_what_has_just_happened_is_left_out(at_stripe: StripeShop) -> None:
    at_stripe.now = NOON + HOUR
    at_stripe.happens(NOON)
    at_stripe.happens(NOON + 55 * MINUTE)

    check = await at_stripe.check()

    assert check.until == NOON + 50 * MINUTE
    assert check.sums == (Sums("USD", 0, 0, 1, 2_198),)


async def test_many_pages_and_differences_are_read_and_the_first_are_named(at_stripe: StripeShop) -> None:
    for second in range(250):
        at_stripe.happens(NOON + second * 1_000)
    check = await at_stripe.check()
    assert (len(check.differences), check.more) == (200, 50)
    assert (await at_stripe.check(count=True)).agrees
    assert len(await at_stripe.ledger.inbox.page(InboxQuery(), None, 1_000)) == 250


async def test_how_a_check_ended_is_kept_until_the_next_and_names_nobody(at_stripe: StripeShop, tmp_path: Path) -> None:
    at_stripe.happens(NOON)
    first = await at_stripe.check()
    await at_stripe.check(YESTERDAY - timedelta(1))
    at_stripe.ledger.close()
    assert b"Maya" not in (tmp_path / "sales.sqlite").read_bytes()

    at_stripe.ledger = Ledger.open(f"sqlite:///{tmp_path / 'sales.sqlite'}")
    assert await at_stripe.ledger.day_checks.of(YESTERDAY) == (first,)
    await at_stripe.ledger.sources.remove(at_stripe.source.id)
    assert await at_stripe.ledger.day_checks.of(YESTERDAY) == ()


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Asia/Kolkata", date(2026, 11, 24), 24),
        ("Pacific/Kiritimati", date(2026, 11, 24), 24),
    ],
)
async def test_a_day_is_one_of_the_clock_on_the_wall(
    tmp_path: Path, zone: pytest.MonkeyPatch, name: str, day: date, hours: float
) -> None:
    zone.setenv("TZ", name)
    time.tzset()
    begins, ends = bounds(day)
    assert (ends - begins) / HOUR == hours

    stripe = Stripe()
    async with serving(stripe.site):
        shop = StripeShop(stripe, tmp_path, now=ends + DAY)
        await shop.open(created_at=begins - 3 * DAY)
        for at in (begins - 1_000, begins, ends - 1_000, ends):
            shop.happens(at)
        assert (await shop.check(day)).sums == (Sums("USD", 0, 0, 2, 4_396),)
        await shop.close()
