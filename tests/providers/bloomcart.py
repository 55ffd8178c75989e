"""A sender that ShopWatch does not have, declared as those that it has."""

import json

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.providers.kit.reading import Meaning, Message, find, in_decimals, moment, order_of, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords


def _sold(message: Message) -> Meaning:
    amount, amount_text = in_decimals(find(message.body, "total"), find(message.body, "currency"))
    claim = SaleClaim(
        order_of(message.body, "order"), amount, email=text(message.body, "email"), amount_text=amount_text
    )
    return Meaning(Kind.SALE, claim, moment(message.body, "at", otherwise=message.at))


def _draft(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    order = sample.letters("order", 9)
    body = {
        "id": f"e-{order}",
        "event": "sold",
        "order": order,
        "total": f"{sample.total_minor / 100:.2f}",
        "currency": "USD",
        "email": sample.email,
        "at": iso(at),
    }
    return PracticeDraft(json.dumps(body).encode(), body["id"])


BLOOMCART = Provider(
    id="bloomcart",
    name="Bloomcart",
    tile="Bl",
    setup=SetupWords(
        does="Orders",
        settings_url="https://bloomcart.example/settings",
        menu="Settings › Webhooks",
        address_label="Address",
        secret_label="Secret",
        events=("sold",),
        secret_found="Beside the webhook, once it is made.",
    ),
    recipe=Recipe((HeaderNames(signature="X-Bloomcart-Signature"),), b"%(body)b", {"": HmacSha256(HEX)}),
    event_id="id",
    event_type="event",
    readers={"sold": _sold},
    draft=_draft,
    practises=(Kind.SALE,),
)
