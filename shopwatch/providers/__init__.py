"""Every sender ShopWatch can read: pure, one file each, in one tuple."""

from shopwatch.domain.source import Source
from shopwatch.providers.adobe_commerce import ADOBE_COMMERCE
from shopwatch.providers.adyen import ADYEN
from shopwatch.providers.authorize_net import AUTHORIZE_NET
from shopwatch.providers.bare import BASIC_AUTH, IP_ALLOWLIST, STATIC_TOKEN
from shopwatch.providers.bigcommerce import BIGCOMMERCE
from shopwatch.providers.braintree import BRAINTREE
from shopwatch.providers.buymeacoffee import BUYMEACOFFEE
from shopwatch.providers.calendly import CALENDLY
from shopwatch.providers.clover import CLOVER
from shopwatch.providers.custom import CUSTOM
from shopwatch.providers.discord import DISCORD
from shopwatch.providers.dropbox import DROPBOX
from shopwatch.providers.ebay import EBAY
from shopwatch.providers.ecwid import ECWID
from shopwatch.providers.etsy import ETSY
from shopwatch.providers.eventbrite import EVENTBRITE
from shopwatch.providers.flutterwave import FLUTTERWAVE
from shopwatch.providers.foursquare import FOURSQUARE
from shopwatch.providers.fourthwall import FOURTHWALL
from shopwatch.providers.github import GITHUB
from shopwatch.providers.gocardless import GOCARDLESS
from shopwatch.providers.gumroad import GUMROAD
from shopwatch.providers.hubspot import HUBSPOT
from shopwatch.providers.kofi import KOFI
from shopwatch.providers.lemonsqueezy import LEMONSQUEEZY
from shopwatch.providers.mailchimp import MAILCHIMP
from shopwatch.providers.mandrill import MANDRILL
from shopwatch.providers.mercadopago import MERCADOPAGO
from shopwatch.providers.meta import META
from shopwatch.providers.microsoft_graph import MICROSOFT_GRAPH
from shopwatch.providers.mollie import MOLLIE
from shopwatch.providers.paddle import PADDLE
from shopwatch.providers.patreon import PATREON
from shopwatch.providers.payhip import PAYHIP
from shopwatch.providers.paynow import PAYNOW
from shopwatch.providers.paynow_zw import PAYNOW_ZW
from shopwatch.providers.paypal import PAYPAL
from shopwatch.providers.paystack import PAYSTACK
from shopwatch.providers.polar import POLAR
from shopwatch.providers.provider import Provider
from shopwatch.providers.razorpay import RAZORPAY
from shopwatch.providers.shopify import SHOPIFY
from shopwatch.providers.shopware import SHOPWARE
from shopwatch.providers.slack import SLACK
from shopwatch.providers.square import SQUARE
from shopwatch.providers.squarespace import SQUARESPACE
from shopwatch.providers.standard_webhooks import STANDARD_WEBHOOKS
from shopwatch.providers.stripe import STRIPE
from shopwatch.providers.sumup import SUMUP
from shopwatch.providers.svix import SVIX
from shopwatch.providers.tebex import TEBEX
from shopwatch.providers.thrivecart import THRIVECART
from shopwatch.providers.twilio import TWILIO, TWILIO_SHARED_KEY
from shopwatch.providers.typeform import TYPEFORM
from shopwatch.providers.websub import WEBSUB
from shopwatch.providers.whop import WHOP
from shopwatch.providers.wix import WIX
from shopwatch.providers.woocommerce import WOOCOMMERCE
from shopwatch.providers.zettle import ZETTLE
from shopwatch.providers.zoom import ZOOM

PROVIDERS: tuple[Provider, ...] = (
    PAYNOW,
    STRIPE,
    SHOPIFY,
    STANDARD_WEBHOOKS,
    PAYNOW_ZW,
    SVIX,
    GITHUB,
    SLACK,
    DISCORD,
    ZOOM,
    MICROSOFT_GRAPH,
    META,
    WEBSUB,
    CUSTOM,
    BUYMEACOFFEE,
    GUMROAD,
    KOFI,
    SQUARE,
    WOOCOMMERCE,
    BIGCOMMERCE,
    LEMONSQUEEZY,
    PADDLE,
    ETSY,
    RAZORPAY,
    MOLLIE,
    SUMUP,
    SHOPWARE,
    ADYEN,
    HUBSPOT,
    TWILIO,
    DROPBOX,
    FOURSQUARE,
    MAILCHIMP,
    MANDRILL,
    CALENDLY,
    TYPEFORM,
    PAYPAL,
    GOCARDLESS,
    PAYSTACK,
    POLAR,
    WHOP,
    FOURTHWALL,
    THRIVECART,
    PAYHIP,
    TEBEX,
    ADOBE_COMMERCE,
    SQUARESPACE,
    ECWID,
    MERCADOPAGO,
    FLUTTERWAVE,
    AUTHORIZE_NET,
    PATREON,
    CLOVER,
    WIX,
    BRAINTREE,
    ZETTLE,
    EVENTBRITE,
    EBAY,
)

CHECKS: tuple[Provider, ...] = (BASIC_AUTH, STATIC_TOKEN, IP_ALLOWLIST, TWILIO_SHARED_KEY)
"""Ways of checking that are no provider of their own; for judging from a file, not to be chosen as a source."""


def provider(provider_id: str) -> Provider | None:
    """The provider of this id, or None if ShopWatch does not know it."""
    return _BY_ID.get(provider_id)


def provider_name(source: Source) -> str:
    """What the provider of `source` is called; where ShopWatch does not know it, what the source is."""
    known = provider(source.provider)
    return known.name if known else source.name


def provider_or_check(provider_id: str) -> Provider | None:
    """The same, bare checks included."""
    return _BY_ID.get(provider_id) or next((each for each in CHECKS if each.id == provider_id), None)


_BY_ID = {each.id: each for each in PROVIDERS}
