"""Of all that share a ledger one leads, and there is soon another one when it has gone."""

import os

import pytest

from shopwatch.ledger import Ledger

pytestmark = pytest.mark.skipif("SHOPWATCH_POSTGRES" not in os.environ, reason="see make postgres")


async def test_one_leads_until_it_resigns(place: str) -> None:
    one, two = Ledger.open(place), Ledger.open(place)

    assert await one.leadership.claim()
    assert not await two.leadership.claim()
    assert await one.leadership.claim()

    await one.leadership.resign()
    assert await two.leadership.claim()
    assert not await one.leadership.claim()

    two.close()
    assert await one.leadership.claim()
    one.close()
