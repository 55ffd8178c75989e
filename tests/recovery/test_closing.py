"""A day's sales are compared with each provider's own list, and what is missing is counted once."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from shopwatch.domain.clock import DAY, HOUR, MINUTE, Instant, now
from shopwatch.domain.closing import DayCheck, Differs, Sums
from shopwatch.domain.delivery import Delivery, Headers, Request
from shopwatch.domain.event import Kind
from shopwatch.domain.money import Money
from shopwatch.ledger import Ledger
from shopwatch.ledger.query import InboxQuery, SalesQuery
from shopwatch.providers.stripe import STRIPE
from shopwatch.recovery.asker import Asker
from shopwatch.recovery.closing import Closing, bounds
from shopwatch.recovery.courier import Bounds, Courier
from shopwatch.settings.api_keys import ApiKeys
from shopwatch.settings.vault import MemoryVault
from tests.ledger.arrivals import paid, told
from tests.standin.lists import Entry, Lists
from tests.standin.lists_all import ALL
from tests.standin.site import Handler, half, huge, raw, serving, status
from tests.standin.stripe import HOST, KEY, Stripe, event

QUICK = Bounds(connect=1, total=5, pauses=())
YESTERDAY = date.today() - timedelta(1)  # noqa: DTZ011 - a day of the shop's own
NOON: Instant = round(datetime(YESTERDAY.year, YESTERDAY.month, YESTERDAY.day, 12).timestamp() * 1000)  # noqa: DTZ001
SELLING = [kind for kind in ALL if Kind.SALE in kind().provider.practises]


@dataclass
class Shop:
    """A ledger, one provider's lists, and checks between them."""

    lists: Lists
    folder: Path
    keys: ApiKeys = field(default_factory=lambda: ApiKeys(MemoryVault()))

    async def open(self) -> None:
        at = NOON - 2 * DAY
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", clock=lambda: at)
        self.source = await self.ledger.add_source(self.lists.provider_id, "The source", dict(self.lists.options))
        await self.keys.write(self.source.id, self.lists.key)
        hosts = {self.lists.host, "api.etsy.com", "connect.squareupsandbox.com", "api-m.sandbox.paypal.com"}
        self.courier = Courier(QUICK, stand_ins=dict.fromkeys(hosts, self.lists.site.origin))
        self.closing = Closing(self.ledger, Asker(self.keys, self.courier))

    async def close(self) -> None:
        await self.courier.close()
        self.ledger.close()

    def happen(self, count: int) -> None:
        """So many more sales at the provider, yesterday."""
        first, began = len(self.lists.entries), NOON // 1000
        self.lists.entries += [self.lists.entry(first + each, began + first + each) for each in range(count)]

    async def messages(self, *entries: Entry) -> None:
        """The messages of these come in by themselves; what they lack is asked for."""
        for entry in entries:
            await self.message(entry)
        kept, self.lists.entries = self.lists.entries, list(entries)
        await self.check(count=any(self.lists.event(entry).event.needs_fetch for entry in entries))
        self.lists.entries = kept

    async def message(self, entry: Entry) -> None:
        _, body = self.lists.message(entry)
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = Request("POST", "https://shop.example/in/x/y", Headers(), sent)
        await self.ledger.record(Delivery(self.source.id, request, now()), self.lists.event(entry))

    async def check(self, *, count: bool = False) -> DayCheck:
        return await self.closing.check(self.source, YESTERDAY, count=count)


@pytest.fixture(params=SELLING, ids=[kind().provider_id for kind in SELLING])
async def shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shop]:
    lists = request.param()
    async with serving(lists.site):
        shop = Shop(lists, tmp_path)
        await shop.open()
        yield shop
        await shop.close()


async def test_what_every_message_told_agrees_with_the_list(shop: Shop) -> None:
    shop.happen(5)
    await shop.messages(*shop.lists.entries)

    check = await shop.check()

    assert check.problem is None
    assert check.differences == ()
    figures = await shop.ledger.figures(check.since, check.until)
    assert [(each.count_here, each.here) for each in check.sums] == [
        (count, total.minor) for count, total in zip(figures.counts, figures.totals, strict=True)
    ]
    assert check.agrees


async def test_what_is_missing_here_is_named_and_counted_once(shop: Shop) -> None:
    shop.happen(4)
    await shop.messages(*shop.lists.entries[:3])
    before = await shop.ledger.count(SalesQuery())

    check = await shop.check()
    (missing,) = check.differences
    assert (missing.kind, missing.countable, missing.sale_id) == (Differs.MISSING_HERE, True, None)
    assert missing.order
    assert not check.agrees
    assert await shop.ledger.count(SalesQuery()) == before

    for _ in range(2):
        check = await shop.check(count=True)
        assert (check.agrees, check.differences, check.problem) == (True, (), None)
        assert await shop.ledger.count(SalesQuery()) == before + 1
    await shop.message(shop.lists.entries[3])
    assert (await shop.check()).agrees
    assert await shop.ledger.count(SalesQuery()) == before + 1


async def test_what_is_missing_there_is_named(shop: Shop) -> None:
    shop.happen(3)
    await shop.messages(*shop.lists.entries)
    gone = shop.lists.entries.pop(1)

    check = await shop.check(count=True)

    (missing,) = check.differences
    assert (missing.kind, missing.countable) == (Differs.MISSING_THERE, False)
    assert missing.sale_id is not None
    detail = await shop.ledger.sale(missing.sale_id)
    assert detail is not None
    assert detail.row.sale.number == missing.order
    assert gone["at"] * 1000 == missing.paid_at
    assert await shop.ledger.day_checks.of(YESTERDAY) == (check,)


@dataclass
class StripeShop:
    """The same with Stripe, whose events a test writes one by one; `now` is moved by it."""

    stripe: Stripe
    folder: Path
    now: Instant = NOON + DAY
    keys: ApiKeys = field(default_factory=lambda: ApiKeys(MemoryVault()))

    async def open(self, provider_id: str = "stripe", created_at: Instant = NOON - 5 * DAY) -> None:
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", clock=lambda: created_at)
        self.source = await self.ledger.add_source(provider_id, "The source")
        await self.keys.write(self.source.id, KEY)
        self.courier = Courier(QUICK, stand_ins={HOST: self.stripe.site.origin})
        self.closing = Closing(self.ledger, Asker(self.keys, self.courier), clock=lambda: self.now)

    async def close(self) -> None:
        await self.courier.close()
        self.ledger.close()

    def happens(self, at: Instant, kind: str = "checkout.session.completed", **told: Any) -> dict[str, Any]:
        """One more event at Stripe."""
        made = event(len(self.stripe.events), at // 1000, kind, **told)
        self.stripe.events.append(made)
        self.stripe.events.sort(key=lambda each: int(each["created"]))
        return made

    async def hears(self, *made: dict[str, Any]) -> None:
        """Their messages come in by themselves."""
        for each in made:
            request = Request("POST", "https://shop.example/in/stripe/x", Headers(), json.dumps(each).encode())
            verdict = STRIPE.judge_practice(request, each["created"] * 1000)
            await self.ledger.record(Delivery(self.source.id, request, each["created"] * 1000), verdict)

    def gives_back(self, sold: dict[str, Any], minor: int, at: Instant) -> dict[str, Any]:
        payment = sold["data"]["object"]["payment_intent"]
        return self.happens(
            at,
            "charge.refunded",
            id=f"ch_{payment}",
            object="charge",
            amount=2_198,
            amount_refunded=minor,
            payment_intent=payment,
        )

    async def check(self, day: date = YESTERDAY, *, count: bool = False) -> DayCheck:
        return await self.closing.check(self.source, day, count=count)


@pytest.fixture
async def at_stripe(tmp_path: Path) -> AsyncIterator[StripeShop]:
    stripe = Stripe()
    async with serving(stripe.site):
        shop = StripeShop(stripe, tmp_path)
        await shop.open()
        yield shop
        await shop.close()


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
    figures = await at_stripe.ledger.figures(NOON - 4 * DAY, NOON - 2 * DAY)
    assert figures.totals == (Money(2_000, "USD"),)


async def test_practice_test_mode_and_what_was_before_the_source_are_left_out(at_stripe: StripeShop) -> None:
    tested = at_stripe.happens(NOON) | {"livemode": False}
    at_stripe.stripe.events[-1] = tested
    (nonce,) = await at_stripe.ledger.issue_practice(at_stripe.source.id, 1)
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
    assert len(await at_stripe.ledger.deliveries(InboxQuery(), None, 1_000)) == 250


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (status(401), "api-key-refused"),
        (status(403), "api-key-narrow"),
        (status(429, Retry_After="60"), "api-limit"),
        (status(503), "api-away"),
        (half, "api-away"),
        (huge(), "api-unreadable"),
        (raw(b"<html>"), "api-unreadable"),
        (raw(b"[1]"), "api-unreadable"),
    ],
)
@pytest.mark.parametrize("place", [0, 1], ids=["at once", "half-way"])
async def test_nothing_is_made_of_answers_of_no_use(
    at_stripe: StripeShop, answer: Handler, code: str, place: int
) -> None:
    for second in range(150):
        at_stripe.happens(NOON + second * 1_000)
    site = at_stripe.stripe.site
    site.faults.extend([*[at_stripe.stripe.handle] * place, answer])

    check = await at_stripe.check(count=True)

    assert check.problem is not None
    assert (check.problem.code, check.sums, check.differences) == (code, (), ())
    assert not check.agrees
    assert await at_stripe.ledger.count(SalesQuery()) == 0
    (kept,) = await at_stripe.ledger.day_checks.of(YESTERDAY)
    assert kept.problem is not None
    assert (kept.problem.code, str(kept.problem)) == (code, str(check.problem))


async def test_a_list_that_leads_back_is_none(at_stripe: StripeShop) -> None:
    page = json.dumps({"data": [at_stripe.happens(NOON)], "has_more": True}).encode()
    at_stripe.stripe.site.faults.extend([raw(page)] * 3)
    check = await at_stripe.check()
    assert check.problem is not None
    assert check.problem.code == "api-unreadable"


async def test_who_cannot_be_asked_is_said_plainly(at_stripe: StripeShop) -> None:
    await at_stripe.keys.forget(at_stripe.source.id)
    check = await at_stripe.check()
    assert str(check.problem) == "ShopWatch has no API key to ask Stripe with. Add one in Connections."

    other = await at_stripe.ledger.add_source("kofi", "Ko-fi")
    check = await at_stripe.closing.check(other, YESTERDAY)
    assert str(check.problem) == ("Ko-fi has no list that ShopWatch could compare with. Compare with its own pages.")
    assert not check.agrees


async def test_a_day_of_which_the_provider_tells_no_more(at_stripe: StripeShop) -> None:
    at_stripe.now += 40 * DAY
    check = await at_stripe.check()
    assert str(check.problem) == "Stripe tells only of the last 30 days. Choose a later day."
    assert at_stripe.stripe.site.asked == []


async def test_how_a_check_ended_is_kept_until_the_next_and_names_nobody(at_stripe: StripeShop, tmp_path: Path) -> None:
    at_stripe.happens(NOON)
    first = await at_stripe.check()
    await at_stripe.check(YESTERDAY - timedelta(1))
    at_stripe.ledger.close()
    assert b"Maya" not in (tmp_path / "sales.sqlite").read_bytes()

    at_stripe.ledger = Ledger.open(f"sqlite:///{tmp_path / 'sales.sqlite'}")
    assert await at_stripe.ledger.day_checks.of(YESTERDAY) == (first,)
    assert await at_stripe.ledger.day_checks.last() == YESTERDAY
    await at_stripe.ledger.remove_source(at_stripe.source.id)
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
