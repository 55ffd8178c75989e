"""The lists of everybody who has such; Stripe's and Dropbox's tell what happened, not what there is."""

from collections.abc import Callable

from tests.standin import lists_creators, lists_hinting, lists_merchants, lists_notices, lists_payments, lists_shops
from tests.standin.braintree import Braintree
from tests.standin.lists import Lists

ALL: tuple[Callable[[], Lists], ...] = (
    *lists_shops.ALL,
    *lists_merchants.ALL,
    *lists_payments.ALL,
    *lists_notices.ALL,
    *lists_creators.ALL,
    *lists_hinting.ALL,
    Braintree,
)
