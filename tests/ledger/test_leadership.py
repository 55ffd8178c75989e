"""Of all that share a ledger one leads, and there is soon another one when it has gone."""

import pytest

from shopwatch.ledger import Ledger


async def test_one_leads_until_it_resigns(place: str) -> None:
    one, two = Ledger.open(place), Ledger.open(place)
    if not one.leadership.contested:
        assert await one.leadership.claim()
        one.close()
        two.close()
        pytest.skip("a file has one receiver alone")

    assert await one.leadership.claim()
    assert not await two.leadership.claim()
    assert await one.leadership.claim()

    await one.leadership.resign()
    assert await two.leadership.claim()
    assert not await one.leadership.claim()

    two.close()
    assert await one.leadership.claim()
    one.close()
