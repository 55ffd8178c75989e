"""What one computer changes of a shop's settings another one reads."""

from shopwatch.ledger import Ledger


async def test_what_one_writes_another_reads(place: str) -> None:
    one, two = Ledger.open(place), Ledger.open(place)
    first = await two.shop_settings.stamp()

    await one.shop_settings.write({"shop_name": '"Lindqvist"', "check_at": "60"})
    changed = await two.shop_settings.write({"check_at": "90"})

    assert changed.values == {"shop_name": '"Lindqvist"', "check_at": "90"}
    assert await one.shop_settings.read() == changed
    assert first < changed.stamp == await one.shop_settings.stamp()
    one.close()
    two.close()
