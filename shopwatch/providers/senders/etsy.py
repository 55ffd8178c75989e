"""Etsy. Facts: developers.etsy.com, "Webhooks" and getShopReceipt, and etsy/open-api discussion 1564 on the body."""

import json
import re

from shopwatch.domain.instant import HOUR, MINUTE, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import Meaning, Message, order_of, text
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import BASE64, HmacSha256, after_prefix
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords
from shopwatch.providers.senders.standard_webhooks import standard_recipe

# Only its own hosts are ever asked, so a receipt elsewhere is none.
_RECEIPT = re.compile(
    r"https://(?:openapi|api)\.etsy\.com(?P<path>/v3/application/shops/[0-9]{1,20}/receipts/(?P<id>[0-9]{1,20}))",
    re.ASCII,
)


def _read_payment(message: Message) -> Meaning:
    """The message names the receipt, and nothing of what is in it."""
    found = _RECEIPT.fullmatch(text(message.body, "resource_url"))
    receipt = found.groupdict() if found else {}
    claim = SaleClaim(order_of(receipt, "id"), None)
    return Meaning(Kind.SALE, claim, message.at, needs_fetch=f"GET {receipt['path']}")


def _draft_message(_kind: Kind, sample: Sample, _at: Instant) -> PracticeDraft:
    receipt = sample.digits("receipt", 10)
    body = {
        "event_type": "order.paid",
        "resource_url": f"https://openapi.etsy.com/v3/application/shops/12345/receipts/{receipt}",
        "shop_id": 12345,
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), f"msg_{sample.letters('message', 24)}")


ETSY = Provider(
    id="etsy",
    name="Etsy",
    tile="Et",
    setup=SetupWords(
        does="Paid orders",
        settings_url="https://www.etsy.com/developers/your-apps",
        menu="Webhooks",
        address_label="Endpoint URL",
        secret_label="Signing secret",
        events=("order.paid",),
        secret_prefixes=("whsec_",),
        secret_found="Open your app’s webhook portal there; each endpoint shows its signing secret.",
        away="Etsy tries again for a little more than a day.",
        needs="You need an Etsy app with commercial access.",
    ),
    recipe=standard_recipe(v1=HmacSha256(BASE64, after_prefix("whsec_"))),
    event_type="event_type",
    readers={"order.paid": _read_payment},
    account=Account(member("shop_id"), "Shop ID"),
    draft=_draft_message,
    practises=(Kind.SALE,),
    # Eight attempts, the last one 10 h after the one before it.
    retries_for=27 * HOUR + 35 * MINUTE,
    order_url="https://www.etsy.com/your/orders/sold?order_id={order_id}",
)
