"""A day's sales are compared with every provider's own list, and what is missing is counted once."""

from shopwatch.domain.sales.closing import Differs
from shopwatch.ledger.sales.query import SalesQuery
from tests.recovery.closing.conftest import YESTERDAY, Shop


async def test_what_every_message_told_agrees_with_the_list(shop: Shop) -> None:
    shop.happen(5)
    await shop.messages(*shop.lists.entries)

    check = await shop.check()

    assert check.problem is None
    assert check.differences == ()
    figures = await shop.ledger.sales.figures(check.since, check.until)
    assert [(each.count_here, each.here) for each in check.sums] == [
        (count, total.minor) for count, total in zip(figures.counts, figures.totals, strict=True)
    ]
    assert check.agrees


async def test_what_is_missing_here_is_named_and_counted_once(shop: Shop) -> None:
    shop.happen(4)
    await shop.messages(*shop.lists.entries[:3])
    before = await shop.ledger.sales.count(SalesQuery())

    check = await shop.check()
    (missing,) = check.differences
    assert (missing.kind, missing.countable, missing.sale_id) == (Differs.MISSING_HERE, True, None)
    assert missing.order
    assert not check.agrees
    assert await shop.ledger.sales.count(SalesQuery()) == before

    for _ in range(2):
        check = await shop.check(count=True)
        assert (check.agrees, check.differences, check.problem) == (True, (), None)
        assert await shop.ledger.sales.count(SalesQuery()) == before + 1
    await shop.message(shop.lists.entries[3])
    assert (await shop.check()).agrees
    assert await shop.ledger.sales.count(SalesQuery()) == before + 1


async def test_what_is_missing_there_is_named(shop: Shop) -> None:
    shop.happen(3)
    await shop.messages(*shop.lists.entries)
    gone = shop.lists.entries.pop(1)

    check = await shop.check(count=True)

    (missing,) = check.differences
    assert (missing.kind, missing.countable) == (Differs.MISSING_THERE, False)
    assert missing.sale_id is not None
    detail = await shop.ledger.sales.get(missing.sale_id)
    assert detail is not None
    assert detail.row.sale.number == missing.order
    assert gone["at"] * 1000 == missing.paid_at
    assert await shop.ledger.day_checks.of(YESTERDAY) == (check,)
