"""Every provider that can be asked, and how. They stand beside the declarations, not in them, because they read what
those read, and because nobody who only judges needs them."""

from shopwatch.providers.api import Api
from shopwatch.providers.apis.adobe_commerce import ADOBE_COMMERCE_API
from shopwatch.providers.apis.authorize_net import AUTHORIZE_NET_API
from shopwatch.providers.apis.bigcommerce import BIGCOMMERCE_API
from shopwatch.providers.apis.braintree import BRAINTREE_API
from shopwatch.providers.apis.calendly import CALENDLY_API
from shopwatch.providers.apis.clover import CLOVER_API
from shopwatch.providers.apis.dropbox import DROPBOX_API
from shopwatch.providers.apis.ebay import EBAY_API
from shopwatch.providers.apis.ecwid import ECWID_API
from shopwatch.providers.apis.etsy import ETSY_API
from shopwatch.providers.apis.eventbrite import EVENTBRITE_API
from shopwatch.providers.apis.flutterwave import FLUTTERWAVE_API
from shopwatch.providers.apis.foursquare import FOURSQUARE_API
from shopwatch.providers.apis.fourthwall import FOURTHWALL_API
from shopwatch.providers.apis.github import GITHUB_API
from shopwatch.providers.apis.gocardless import GOCARDLESS_API
from shopwatch.providers.apis.gumroad import GUMROAD_API
from shopwatch.providers.apis.hubspot import HUBSPOT_API
from shopwatch.providers.apis.lemonsqueezy import LEMONSQUEEZY_API
from shopwatch.providers.apis.mercadopago import MERCADOPAGO_API
from shopwatch.providers.apis.meta import META_API
from shopwatch.providers.apis.mollie import MOLLIE_API
from shopwatch.providers.apis.paddle import PADDLE_API
from shopwatch.providers.apis.patreon import PATREON_API
from shopwatch.providers.apis.paynow import PAYNOW_API
from shopwatch.providers.apis.paynow_zw import PAYNOW_ZW_API
from shopwatch.providers.apis.paypal import PAYPAL_API
from shopwatch.providers.apis.paystack import PAYSTACK_API
from shopwatch.providers.apis.polar import POLAR_API
from shopwatch.providers.apis.razorpay import RAZORPAY_API
from shopwatch.providers.apis.shopify import SHOPIFY_API
from shopwatch.providers.apis.square import SQUARE_API
from shopwatch.providers.apis.squarespace import SQUARESPACE_API
from shopwatch.providers.apis.stripe import STRIPE_API
from shopwatch.providers.apis.sumup import SUMUP_API
from shopwatch.providers.apis.twilio import TWILIO_API
from shopwatch.providers.apis.typeform import TYPEFORM_API
from shopwatch.providers.apis.whop import WHOP_API
from shopwatch.providers.apis.wix import WIX_API
from shopwatch.providers.apis.woocommerce import WOOCOMMERCE_API
from shopwatch.providers.apis.zettle import ZETTLE_API

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
    DROPBOX_API,
    FOURSQUARE_API,
    GUMROAD_API,
    PAYNOW_API,
    PATREON_API,
    RAZORPAY_API,
    SHOPIFY_API,
    TWILIO_API,
    WOOCOMMERCE_API,
    GITHUB_API,
    CALENDLY_API,
    TYPEFORM_API,
    GOCARDLESS_API,
    PAYSTACK_API,
    POLAR_API,
    WHOP_API,
    FOURTHWALL_API,
    SQUARESPACE_API,
    ECWID_API,
    MERCADOPAGO_API,
    FLUTTERWAVE_API,
    AUTHORIZE_NET_API,
    CLOVER_API,
    WIX_API,
    EVENTBRITE_API,
    ZETTLE_API,
    BRAINTREE_API,
    ADOBE_COMMERCE_API,
    EBAY_API,
)


KEYLESS: tuple[Api, ...] = (PAYNOW_ZW_API,)
"""Those that are asked by the secret of the source, so that the owner has nothing to give for it."""

HOSTS = frozenset(host for api in (*APIS, *KEYLESS) for host in api.hosts)
"""The providers' own; a shop's own is not among them."""


def api_of(provider_id: str) -> Api | None:
    """How this provider can be asked by an API key; None if it cannot."""
    return _BY_PROVIDER.get(provider_id)


def fetching_from(provider_id: str) -> Api | None:
    """How this provider can be asked for what its messages lack, by a key or without; None if it cannot."""
    return _BY_PROVIDER.get(provider_id) or next((each for each in KEYLESS if each.provider == provider_id), None)


_BY_PROVIDER = {each.provider: each for each in APIS}
