"""Clover's Hosted Checkout, of the United States and Canada. Facts: docs.clover.com ("Configure Hosted Checkout
webhooks"), whose pages write the members in small letters and in places with a capital, and for the signature several
public receivers that agree. What Clover sends of refunds and disputes, and when it tries again, is not published.
"""

import json
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import Meaning, Message, api_call, ids, moment, order_of, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, decimal, iso
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords


def _lowercase_members(message: Message) -> dict[str, Any]:
    """The members by their names with a small first letter; the small one counts where both are there."""
    return {name[:1].lower() + name[1:]: value for name, value in message.body.items()} | message.body


def _read_payment(message: Message) -> Meaning | None:
    """The payment is named, and nothing of what it was: the text of the message is for people."""
    told = _lowercase_members(message)
    if text(told, "status") != "APPROVED":
        return None
    payment = order_of(told, "id")
    call = api_call("GET /v3/merchants/{}/payments/{}", text(told, "merchantId"), payment)
    at = moment(told, "createdTime", otherwise=message.at)
    return Meaning(Kind.SALE, SaleClaim(payment, None), at, links=ids(text(told, "data")), needs_fetch=call)


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    body = {
        "createdTime": iso(at),
        "message": f"Approved for {decimal(sample.total_minor)}",
        "status": "APPROVED",
        "type": "PAYMENT",
        "id": sample.letters("payment", 13).upper(),
        "merchantId": "BLOOMANDSTEM1",
        "data": sample.uuid("session"),
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), "")


def _event_id(message: Message) -> str:
    told = _lowercase_members(message)
    return ":".join(filter(None, (text(told, "id"), text(told, "status"))))


CLOVER = Provider(
    id="clover",
    name="Clover",
    tile="Cl",
    setup=SetupWords(
        does="Payments by Hosted Checkout",
        settings_url="https://www.clover.com/dashboard",
        menu="Hosted Checkout",
        address_label="Webhook URL",
        secret_label="Signing secret",
        events=(),
        secret_found="Under Settings, View all settings, Ecommerce, Hosted Checkout, beside the address.",
        away="Whether Clover tries again is not known.",
        needs=(
            "Clover only sends payments by Hosted Checkout, in the United States and Canada. With an API token "
            "ShopWatch asks every half hour for all payments and refunds, those at your own tills as well. Disputes "
            "are not seen."
        ),
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="Clover-Signature"),),
        signed=b"%(timestamp)b.%(body)b",
        schemes={"v1": HmacSha256(HEX)},
        between=",",
        timestamp_entry="t",
    ),
    event_id=_event_id,
    event_type=lambda message: text(_lowercase_members(message), "type"),
    readers={"PAYMENT": _read_payment},
    account=Account(member("merchantId", "MerchantId"), "Merchant ID"),
    draft=_draft_message,
    practises=(Kind.SALE,),
    retries_for=0,
)
