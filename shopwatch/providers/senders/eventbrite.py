"""Eventbrite. Facts: Eventbrite's description of its API v3 (eventbriteapiv3public.apib: webhooks and their actions),
eventbrite.com/platform/docs ("Using Webhooks"), and public receivers that agree on the shape of a message.

Its messages are not signed, and there is nothing in them but the address of what changed: they are a hint to ask
Eventbrite, and nothing more.
"""

import json
import re
from urllib.parse import urlsplit

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Meaning, Message, Unreadable, api_call, parse, text
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords

PLACED = "order.placed"
ORDERS = (PLACED, "order.refunded", "order.updated")
_TEST = "test"
_LONGEST_HINT = 4_000
_ORDER = re.compile(r"https://www\.eventbriteapi\.com/v3/orders/([0-9]{1,20})/?", re.ASCII)


class _Unsigned:
    """Nothing that comes is believed: what is a hint has been told from all else before."""

    def applies(self, _request: Request) -> bool:
        return False

    def check(self, _request: Request, _secrets: Secrets, _now: Instant, _options: Options) -> Rejected:
        return Rejected(Reason.HANDSHAKE)

    def sign(self, _request: Request, _secret: str, _at: Instant, _id: str, _options: Options) -> None:
        return None


def _answer_handshake(request: Request, _secrets: Secrets, _options: Options) -> Rejected | None:
    """A message about an order at Eventbrite's own address, or its test."""
    if request.method != "POST" or len(request.body) > _LONGEST_HINT:
        return None
    try:
        told = parse(request.body)
    except Unreadable:
        return None
    sent_to = text(told, "config", "endpoint_url", most=LONGEST_ANSWER)
    if sent_to and _object_path(sent_to) != _object_path(request.url):
        return None
    action, order = text(told, "config", "action"), _ORDER.fullmatch(text(told, "api_url"))
    if action == _TEST:
        return Rejected(Reason.PING)
    return Rejected(Reason.HINT, order[1]) if order and action in ORDERS else None


def _object_path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _read_placed_order(message: Message) -> Meaning | None:
    order = _ORDER.fullmatch(text(message.body, "api_url"))
    if order is None:
        return None
    call = api_call("GET /v3/orders/{}", order[1])
    return Meaning(Kind.SALE, SaleClaim(order[1], None, unconfirmed=True), message.at, needs_fetch=call)


def _draft_message(_kind: Kind, sample: Sample, _at: Instant) -> PracticeDraft:
    order, webhook = sample.digits("order", 10), sample.digits("webhook", 7)
    body = {
        "config": {"action": PLACED, "user_id": sample.digits("user", 12), "webhook_id": webhook},
        "api_url": f"https://www.eventbriteapi.com/v3/orders/{order}/",
    }
    headers = {"User-Agent": "Eventbrite Hookshot 12345c6", "X-Eventbrite-Event": PLACED}
    written = json.dumps(body, separators=(",", ":")).encode()
    return PracticeDraft(written, "", headers | {"X-Eventbrite-Delivery": sample.digits("delivery", 7)})


EVENTBRITE = Provider(
    id="eventbrite",
    name="Eventbrite",
    tile="Eb",
    setup=SetupWords(
        does="Tickets sold for events",
        settings_url="https://www.eventbrite.com/account-settings/webhooks",
        menu="Add webhook",
        address_label="Payload URL",
        secret_label="",
        events=ORDERS,
        save="Add webhook",
        away=(
            "Whether Eventbrite tries again is not known. With an API key, ShopWatch asks it for the orders that "
            "changed meanwhile."
        ),
        needs=(
            "You need one event and one API key at Eventbrite before it shows webhooks. Where it does not tell how "
            "much was given back for each ticket, such an order counts no more."
        ),
        sure=(
            "Eventbrite does not sign its messages. ShopWatch takes each for a hint, believes nothing of it, and asks "
            "Eventbrite before anything counts."
        ),
    ),
    recipe=_Unsigned(),
    signs_alone=True,
    secretless=True,
    assurance=Assurance.ADDRESS,
    event_type=lambda message: text(message.body, "config", "action"),
    readers={PLACED: _read_placed_order},
    handshake=_answer_handshake,
    draft=_draft_message,
    practises=(Kind.SALE,),
    retries_for=0,
)
