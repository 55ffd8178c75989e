"""A whole shop compares a day with its providers' lists, and counts what is missing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from shopwatch.domain.facts import DayChecked
from shopwatch.domain.i18n import install
from shopwatch.domain.instant import DAY
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.sales.closing import Sums
from shopwatch.host.paths import Paths
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.catalogue import Catalogue
from tests.standin.site import serving
from tests.standin.stripe import HOST, KEY, Stripe, event

TODAY = date.today()  # noqa: DTZ011 - a day of the shop's own
YESTERDAY = TODAY - timedelta(1)
NOON = round(datetime(YESTERDAY.year, YESTERDAY.month, YESTERDAY.day, 12).timestamp())  # noqa: DTZ001


@dataclass
class Scene:
    shop: Shop
    stripe: Stripe


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """It was connected days ago."""
    stripe = Stripe()
    async with serving(stripe.site):
        transport = ApiTransport(Bounds(pauses=()), stand_ins={HOST: stripe.site.origin})
        paths = Paths(tmp_path / "shop")
        paths.prepare()
        ledger = Ledger.open(f"sqlite:///{paths.ledger}", clock=lambda: now() - 3 * DAY)
        for provider_id, name in (("stripe", "Stripe"), ("kofi", "Ko-fi"), ("hubspot", "HubSpot")):
            await ledger.sources.add(provider_id, name)
        ledger.close()
        shop = await open_shop(paths, vault=MemoryVault(), transport=transport)
        await shop.connections.set_api_key("stripe-1", KEY)
        yield Scene(shop, stripe)
        await shop.close()
        await transport.close()


async def test_a_day_is_compared_and_what_is_missing_is_counted_by_one_word(scene: Scene) -> None:
    told: list[DayChecked] = []
    scene.shop.bus.listen(DayChecked, told.append)
    scene.stripe.events += [event(0, NOON), event(1, NOON + 60)]

    at_stripe, at_kofi = await scene.shop.day_checks.check(YESTERDAY)
    assert at_stripe.sums == (Sums("USD", 0, 0, 2, 4_396),)
    assert at_stripe.countable == 2
    assert at_kofi.problem is not None
    assert at_kofi.problem.code == "check-no-list"
    assert await scene.shop.ledger.sales.count(SalesQuery()) == 0

    for _ in range(2):
        (counted,) = await scene.shop.day_checks.check(YESTERDAY, ["stripe-1"], count=True)
        assert (counted.agrees, counted.sums) == (True, (Sums("USD", 2, 4_396, 2, 4_396),))
    assert await scene.shop.ledger.sales.count(SalesQuery()) == 2
    assert told == [DayChecked(YESTERDAY)] * 3
    assert [each.agrees for each in await scene.shop.ledger.day_checks.of(YESTERDAY)] == [True, False]


async def test_why_a_day_could_not_be_compared_is_said_in_the_language_of_whoever_reads_it(
    scene: Scene, request: pytest.FixtureRequest
) -> None:
    await scene.shop.day_checks.check(YESTERDAY)
    request.addfinalizer(lambda: install(None))
    install(Catalogue(lambda sentence: sentence.replace("its own pages", "seinen eigenen Seiten")))

    _, at_kofi = await scene.shop.ledger.day_checks.of(YESTERDAY)

    assert at_kofi.problem is not None
    assert at_kofi.problem.title == "Ko-fi has no list that ShopWatch could compare with."
    assert at_kofi.problem.hint == "Compare with seinen eigenen Seiten."


async def test_counting_asks_before_it_writes_to_a_customer(scene: Scene) -> None:
    steps = (RuleStep("ring"), RuleStep("email"))
    await scene.shop.rules.put(Rule("each", Trigger.SALE_PAID, steps=steps))
    scene.stripe.events.append(event(0, NOON))
    await scene.shop.day_checks.check(YESTERDAY, count=True)
    await scene.shop.catching_up.now()

    jobs = await scene.shop.ledger.outbox.jobs()
    assert [job.state for job in jobs if job.action == "email"] == [JobState.HELD]
    assert len(jobs) == 2


async def test_what_was_not_connected_yet_is_not_asked_about(scene: Scene) -> None:
    assert await scene.shop.day_checks.check(TODAY - timedelta(30)) == ()
    assert scene.stripe.site.asked == []
