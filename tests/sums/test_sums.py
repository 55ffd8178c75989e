"""Every order of whatever happens to a subscription, told in whatever way and however often, ends in the sums and
states that a plain model of it has.

Each provider is tried with 300 random orders in each way, and with 2,000 by SHOPWATCH_HYPOTHESIS=nightly.
"""

import os
from pathlib import Path
from random import Random

import pytest

from tests.sums.books import BEGAN, EARLIEST, asked, booked, folded, heard, listed, standing
from tests.sums.lemonsqueezy import LemonSqueezy
from tests.sums.life import Life, Step, live, sums
from tests.sums.paddle import Paddle
from tests.sums.paypal import PayPal
from tests.sums.shopify import Shopify
from tests.sums.stripe import Stripe
from tests.sums.woocommerce import WooCommerce
from tests.sums.writer import Writer

WRITERS: tuple[Writer, ...] = (Stripe(), Paddle(), LemonSqueezy(), PayPal(), WooCommerce(), Shopify())
ORDERS = 2_000 if os.environ.get("SHOPWATCH_HYPOTHESIS") == "nightly" else 300
LIVES = 24
"""On disk, all in one ledger."""
SHARES = {"message": 1.0, "catch-up": 0.0, "mixed": 0.5}
"""How much of what is sent arrives, before what was missed is asked for."""

each_writer = pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.provider_id)
each_way = pytest.mark.parametrize("way", SHARES)


def lives(writer: Writer, count: int, chance: Random, way: str = "message") -> list[Life]:
    tells = writer.tells if way == "message" else writer.tells & writer.lists
    return [live(number, chance, tells, BEGAN) for number in range(count)]


@each_writer
@each_way
def test_any_order_ends_in_the_sums_of_a_plain_model(writer: Writer, way: str) -> None:
    chance = Random(f"{writer.provider_id} {way}")
    for life in lives(writer, ORDERS, chance, way):
        events = heard(writer, life, chance, SHARES[way])
        if way != "message":
            events += listed(writer, [life], EARLIEST)
            chance.shuffle(events)
            events += asked(writer, [life], events)
        assert standing(folded(events)) == sums(life), life


@each_writer
@each_way
async def test_a_ledger_ends_in_the_sums_of_a_plain_model(writer: Writer, way: str, tmp_path: Path) -> None:
    chance = Random(f"{writer.provider_id} {way} on disk")
    lived = lives(writer, LIVES, chance, way)

    found = await booked(writer, lived, tmp_path, chance, SHARES[way])

    assert found == sorted((each for life in lived for each in sums(life)), key=repr)


def test_lives_are_of_all_kinds_of_steps() -> None:
    lived = lives(Stripe(), 200, Random(1))

    assert {step.step for life in lived for step in life.steps} == set(Step)
