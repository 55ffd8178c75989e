"""Every sender ShopWatch can read: pure, one file each, in one tuple."""

from shopwatch.domain.source import Source
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.providers.provider import Provider
from shopwatch.providers.senders.adobe_commerce import ADOBE_COMMERCE
from shopwatch.providers.senders.adyen import ADYEN
from shopwatch.providers.senders.authorize_net import AUTHORIZE_NET
from shopwatch.providers.senders.bare_checks import BASIC_AUTH, IP_ALLOWLIST, STATIC_TOKEN
from shopwatch.providers.senders.bigcommerce import BIGCOMMERCE
from shopwatch.providers.senders.braintree import BRAINTREE
from shopwatch.providers.senders.buymeacoffee import BUYMEACOFFEE
from shopwatch.providers.senders.calendly import CALENDLY
from shopwatch.providers.senders.clover import CLOVER
from shopwatch.providers.senders.discord import DISCORD
from shopwatch.providers.senders.dropbox import DROPBOX
from shopwatch.providers.senders.ebay import EBAY
from shopwatch.providers.senders.ecwid import ECWID
from shopwatch.providers.senders.etsy import ETSY
from shopwatch.providers.senders.eventbrite import EVENTBRITE
from shopwatch.providers.senders.flutterwave import FLUTTERWAVE
from shopwatch.providers.senders.foursquare import FOURSQUARE
from shopwatch.providers.senders.fourthwall import FOURTHWALL
from shopwatch.providers.senders.github import GITHUB
from shopwatch.providers.senders.gocardless import GOCARDLESS
from shopwatch.providers.senders.gumroad import GUMROAD
from shopwatch.providers.senders.hubspot import HUBSPOT
from shopwatch.providers.senders.kofi import KOFI
from shopwatch.providers.senders.lemonsqueezy import LEMONSQUEEZY
from shopwatch.providers.senders.mailchimp import MAILCHIMP
from shopwatch.providers.senders.mandrill import MANDRILL
from shopwatch.providers.senders.mercadopago import MERCADOPAGO
from shopwatch.providers.senders.meta import META
from shopwatch.providers.senders.microsoft_graph import MICROSOFT_GRAPH
from shopwatch.providers.senders.mollie import MOLLIE
from shopwatch.providers.senders.paddle import PADDLE
from shopwatch.providers.senders.patreon import PATREON
from shopwatch.providers.senders.payhip import PAYHIP
from shopwatch.providers.senders.paynow import PAYNOW
from shopwatch.providers.senders.paynow_zw import PAYNOW_ZW
from shopwatch.providers.senders.paypal import PAYPAL
from shopwatch.providers.senders.paystack import PAYSTACK
from shopwatch.providers.senders.polar import POLAR
from shopwatch.providers.senders.razorpay import RAZORPAY
from shopwatch.providers.senders.shopify import SHOPIFY
from shopwatch.providers.senders.shopware import SHOPWARE
from shopwatch.providers.senders.slack import SLACK
from shopwatch.providers.senders.square import SQUARE
from shopwatch.providers.senders.squarespace import SQUARESPACE
from shopwatch.providers.senders.standard_webhooks import STANDARD_WEBHOOKS
from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.providers.senders.sumup import SUMUP
from shopwatch.providers.senders.svix import SVIX
from shopwatch.providers.senders.tebex import TEBEX
from shopwatch.providers.senders.thrivecart import THRIVECART
from shopwatch.providers.senders.twilio import TWILIO, TWILIO_SHARED_KEY
from shopwatch.providers.senders.typeform import TYPEFORM
from shopwatch.providers.senders.websub import WEBSUB
from shopwatch.providers.senders.whop import WHOP
from shopwatch.providers.senders.wix import WIX
from shopwatch.providers.senders.woocommerce import WOOCOMMERCE
from shopwatch.providers.senders.zettle import ZETTLE
from shopwatch.providers.senders.zoom import ZOOM

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
