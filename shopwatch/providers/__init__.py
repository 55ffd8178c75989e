"""Every sender ShopWatch can read: pure, one file each, in one tuple."""

from shopwatch.providers.paynow import PAYNOW
from shopwatch.providers.paynow_zw import PAYNOW_ZW
from shopwatch.providers.provider import Provider
from shopwatch.providers.shopify import SHOPIFY
from shopwatch.providers.standard_webhooks import STANDARD_WEBHOOKS
from shopwatch.providers.stripe import STRIPE

PROVIDERS: tuple[Provider, ...] = (PAYNOW, STRIPE, SHOPIFY, STANDARD_WEBHOOKS, PAYNOW_ZW)


def provider(provider_id: str) -> Provider | None:
    """The provider of this id, or None if ShopWatch does not know it."""
    return _BY_ID.get(provider_id)


_BY_ID = {each.id: each for each in PROVIDERS}
