"""The country of a shop's phone numbers: that of the computer on which it is first opened, for ever."""

from pathlib import Path

import pytest

from shopwatch.domain.messages.happening import TextMessage
from shopwatch.host.paths import Paths
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from tests.ledger.arrivals import record_all
from tests.ledger.happened import happened


@pytest.mark.parametrize(("locales", "people"), [(("de_DE", "fr_FR"), 1), (("C", "de_AT"), 2), (("C", "de_DE"), 1)])
async def test_numbers_are_read_as_in_the_first_country_that_is_known(
    tmp_path: Path, locales: tuple[str, str], people: int
) -> None:
    for locale in locales:
        shop = await open_shop(Paths(tmp_path), vault=MemoryVault(), locale=locale)
        await shop.close()
    shop = await open_shop(Paths(tmp_path), vault=MemoryVault(), locale="C")
    source = await shop.connections.add("paynow", "PayNow")
    texts = [TextMessage(f"SM{n}", phone) for n, phone in enumerate(("0151 23456789", "+49 151 23456789"))]

    await record_all(shop.ledger, [happened(source.id, text.message_id, text) for text in texts])

    assert len((await shop.ledger.people.page()).rows) == people
    await shop.close()
