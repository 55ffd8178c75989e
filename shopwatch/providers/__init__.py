"""Every sender ShopWatch can read: pure, one file each, in one tuple."""

from shopwatch.providers.provider import Provider

PROVIDERS: tuple[Provider, ...] = ()


def provider(provider_id: str) -> Provider | None:
    """The provider of this id, or None if ShopWatch does not know it."""
    return _BY_ID.get(provider_id)


_BY_ID = {each.id: each for each in PROVIDERS}
