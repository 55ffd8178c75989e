"""Every provider that can be asked, and how. They stand beside the declarations, not in them, because they read what
those read, and because nobody who only judges needs them."""

from shopwatch.providers.api import Api
from shopwatch.providers.apis.bigcommerce import BIGCOMMERCE_API
from shopwatch.providers.apis.etsy import ETSY_API
from shopwatch.providers.apis.hubspot import HUBSPOT_API
from shopwatch.providers.apis.lemonsqueezy import LEMONSQUEEZY_API
from shopwatch.providers.apis.meta import META_API
from shopwatch.providers.apis.mollie import MOLLIE_API
from shopwatch.providers.apis.paddle import PADDLE_API
from shopwatch.providers.apis.paypal import PAYPAL_API
from shopwatch.providers.apis.square import SQUARE_API
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.apis.sumup import SUMUP_API

APIS: tuple[Api, ...] = (
    STRIPE_API,
    PAYPAL_API,
    SQUARE_API,
    BIGCOMMERCE_API,
    LEMONSQUEEZY_API,
    PADDLE_API,
    ETSY_API,
    MOLLIE_API,
    SUMUP_API,
    HUBSPOT_API,
    META_API,
)


def api_of(provider_id: str) -> Api | None:
    """How this provider can be asked; None if it cannot."""
    return _BY_PROVIDER.get(provider_id)


_BY_PROVIDER = {each.provider: each for each in APIS}
