"""A list that cannot be had, or be read to its end, says nothing, and the owner hears why."""

import json

import pytest

from shopwatch.domain.instant import DAY
from shopwatch.ledger.sales.query import SalesQuery
from tests.recovery.closing.conftest import NOON, YESTERDAY, StripeShop
from tests.standin.site import Handler, half, huge, raw, status


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
    assert await at_stripe.ledger.sales.count(SalesQuery()) == 0
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

    other = await at_stripe.ledger.sources.add("kofi", "Ko-fi")
    check = await at_stripe.closing.check(other, YESTERDAY)
    assert str(check.problem) == ("Ko-fi has no list that ShopWatch could compare with. Compare with its own pages.")
    assert not check.agrees


async def test_a_day_of_which_the_provider_tells_no_more(at_stripe: StripeShop) -> None:
    at_stripe.now += 40 * DAY
    check = await at_stripe.check()
    assert str(check.problem) == "Stripe tells only of the last 30 days. Choose a later day."
    assert at_stripe.stripe.site.asked == []
