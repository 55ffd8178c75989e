"""Squarespace. Facts: developers.squarespace.com, "Webhooks overview", "Verifying notifications" and "Notification
delivery". Its pages do not say how the signature is written: two public receivers read hexadecimal digits, and base64
of the same bytes is taken as well. Nor do they name the member that says what changed in an order.
"""

import json

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import Claim, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import Meaning, Message, api_call, moment, order_of, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import BASE64, HEX, AnyOf, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_NO_MONEY = frozenset({"FULFILLED"})


def _read_creation(message: Message) -> Meaning:
    """Of the order only its id is told. It may be one of the test mode, so nothing is sure before it was read."""
    return _make_meaning(
        message, Kind.SALE, SaleClaim(order_of(message.body, "data", "orderId"), None, unconfirmed=True)
    )


def _read_update(message: Message) -> Meaning | None:
    """What says no word that is known has to be read."""
    order_id = order_of(message.body, "data", "orderId")
    change = text(message.body, "data", "update") or text(message.body, "data", "orderUpdate")
    if change in _NO_MONEY:
        return None
    if change == "REFUNDED":
        return _make_meaning(message, Kind.REFUND, RefundClaim(order_id, None, order_id))
    return _make_meaning(message, Kind.OTHER, None)


def _make_meaning(message: Message, kind: Kind, claim: Claim | None) -> Meaning:
    call = api_call("GET /1.0/commerce/orders/{}", order_of(message.body, "data", "orderId"))
    return Meaning(kind, claim, moment(message.body, "createdOn", otherwise=message.at), needs_fetch=call)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    refund = kind is Kind.REFUND
    data = {"orderId": _made_up(sample, "order")} | ({"update": "REFUNDED"} if refund else {})
    topic = "order.update" if refund else "order.create"
    event_id = _made_up(sample, topic)
    body = {
        "id": event_id,
        "websiteId": _made_up(sample, "website"),
        "subscriptionId": _made_up(sample, "subscription"),
        "topic": topic,
        "createdOn": iso(at),
        "data": data,
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), event_id, {"User-Agent": "Squarespace/1.0"})


def _made_up(sample: Sample, purpose: str) -> str:
    return sample.uuid(purpose).replace("-", "")[:24]


SQUARESPACE = Provider(
    id="squarespace",
    name="Squarespace",
    tile="SS",
    setup=SetupWords(
        does="Orders and refunds",
        settings_url="https://account.squarespace.com/developer-apps",
        menu="",
        address_label="endpointUrl",
        secret_label="secret",
        events=("order.create", "order.update"),
        secret_found="It is shown once, in the answer with which Squarespace makes the webhook subscription.",
        away="Squarespace tries again for up to 48 hours, and may remove an address that keeps failing.",
        needs=(
            "Squarespace sends messages only to an app that you allowed; no menu adds an address. Make one among its "
            "developer apps and allow it in the browser: then ShopWatch tells Squarespace the address. With an API key "
            "instead, let ShopWatch ask for orders again and again."
        ),
        sure="Squarespace signs its messages, which hold only the order’s id. ShopWatch asks for the order itself.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="Squarespace-Signature"),),
        signed=b"%(body)b",
        schemes={"": AnyOf((HmacSha256(HEX, HEX.read), HmacSha256(BASE64, HEX.read)))},
    ),
    event_id="id",
    event_type="topic",
    readers={"order.create": _read_creation, "order.update": _read_update},
    account=Account(member("websiteId"), "Website ID"),
    draft=_draft_message,
    practises=(Kind.SALE, Kind.REFUND),
    retries_for=2 * DAY,
)
