"""A night in which nothing could be heard, and two hundred worse ones: nothing is missing, nothing is there twice, and
nothing rings twice."""

import random
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from shopwatch.domain.instant import HOUR, Instant
from shopwatch.recovery.catchup_scheduler import ANYWAY, UNHEARD
from tests.night.nights import Night, calm, disturbed, outlast
from tests.portions import FULL
from tests.providers.authority import root
from tests.standin.hours import Hours

pytestmark = pytest.mark.loud  # it warns of what is in the way, as it should

EVENING: Instant = 1_795_557_000_000
"""2026-11-24, 21:50 UTC."""
CALM = ANYWAY + 10 * 60
"""Seconds after which all is there: what is written down late comes with the next look."""
SEEDS = range(200 if FULL else 5)


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this computer trust the authority that stands in for the one of PayPal's certificates."""
    trusted = tmp_path / "roots.pem"
    trusted.write_text(root().pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))


def test_deaf_from_ten_to_seven(tmp_path: Path) -> None:
    hours = Hours(EVENING)

    async def live() -> None:
        async with Night(tmp_path, hours, random.Random(1)) as night:
            await night.passes(10 * 60)
            for sender, ahead in zip(night.senders, (0, 90, -90, 40, -5, 0), strict=True):
                sender.ahead = ahead
            night.computer.fall_asleep()
            for number in range(40):
                sender = night.senders[number % 6]
                night.at(hours.wall + 60 + number * 13 * 60, partial(night.sell, sender))
            await night.passes(9 * HOUR / 1000)
            assert len(night.sold) == 40
            assert night.computer.due == Counter()
            night.computer.wake()
            await night.passes(3 * 60)
            assert await night.computer.sales() == night.expected()
            await calm(night, 0)
            await outlast(night)
            assert await night.computer.sales() == night.expected()
            assert night.computer.due == night.expected()
            assert sum(screen.sales for screen in night.computer.screens) == 40

    hours.run(live)


def test_a_break_in_the_line_that_is_over_before_it_is_noticed(tmp_path: Path) -> None:
    hours = Hours(EVENING)

    async def live() -> None:
        async with Night(tmp_path, hours, random.Random(1)) as night:
            await night.passes(65)
            night.computer.lose_network()
            for sender in night.senders:
                await night.sell(sender)
            await night.passes(20)
            night.computer.find_network()
            assert await calm(night, CALM) == Counter()
            assert await night.computer.gaps() == ()

    hours.run(live)


def test_what_goes_to_an_address_that_is_no_more_is_asked_for(tmp_path: Path) -> None:
    hours = Hours(EVENING)

    async def live() -> None:
        async with Night(tmp_path, hours, random.Random(1)) as night:
            for sender in night.senders:
                await night.sell(sender)
            await night.passes(65)
            await night.computer.move()
            await night.passes(65)
            for sender in night.senders:
                await night.sell(sender)
            await night.passes(UNHEARD + night.late)
            assert await night.computer.sales() == night.expected()
            assert night.computer.due == night.expected()

    hours.run(live)


@pytest.mark.parametrize("wrong", [-24 * 3_600, 2 * 3_600])
def test_a_clock_that_is_wrong(tmp_path: Path, wrong: int) -> None:
    hours = Hours(EVENING)

    async def live() -> None:
        async with Night(tmp_path, hours, random.Random(1)) as night:
            await night.passes(65)
            hours.mislead(wrong)
            for sender in night.senders:
                await night.sell(sender)
            await night.passes(65)
            night.computer.fall_asleep()
            for sender in night.senders:
                await night.sell(sender)
            await night.passes(3_600)
            night.computer.wake()
            await night.passes(65)
            hours.mislead(0)
            for sender in night.senders:
                await night.sell(sender)
            assert await calm(night, CALM) == Counter()
            await outlast(night)
            assert await night.computer.sales() == night.expected()
            assert night.computer.due == night.expected()

    hours.run(live)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_comes_in_between(tmp_path: Path, seed: int) -> None:
    hours = Hours(EVENING)

    async def live() -> None:
        async with Night(tmp_path, hours, random.Random(seed)) as night:
            await disturbed(night)
            assert await calm(night, CALM) == Counter()
            await outlast(night)
            assert await night.computer.sales() == night.expected()
            assert max(night.computer.due.values()) == 1
            assert sum(screen.sales for screen in night.computer.screens) <= night.computer.due.total()
            assert night.expected() - night.computer.due - await night.computer.unsure() == Counter()

    hours.run(live)
