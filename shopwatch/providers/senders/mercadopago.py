"""Mercado Pago. Facts: the mercadopago SDKs (npm 3.6.1, PyPI 3.6.0: the validator of signatures, the types of a
payment) and mercadopago.com/developers ("Webhooks").

Its signature covers the id in the address, the id of the request and a time; of the body it covers nothing. So a right
one only shows that something happened to that payment, and the payment is read before anything counts. The notices of
the older kind (IPN) are not signed at all: they are a hint to ask, and nothing more.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.bodies import MOST_FIELDS
from shopwatch.providers.kit.reading import Meaning, Message, Unreadable, api_call, ident, moment, order_of, parse
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_SIGNATURE = "x-signature"
_TIME = re.compile(r"(?:^|,)\s*ts\s*=\s*([0-9]{1,15})\s*(?:,|$)", re.ASCII)
_PAYMENT = re.compile(r"[0-9]{1,20}", re.ASCII)


def _parse_query(url: str) -> dict[str, str]:
    """The members of an address, the first one of each name; none of one that nobody can read."""
    try:
        pairs = parse_qsl(url.partition("?")[2], max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return dict(reversed(pairs))


def _signed_bytes(request: Request, timestamp: str) -> Iterable[bytes]:
    """The parts that are there, each with its name. A body about another id than that of the address contradicts it."""
    found = _TIME.search(request.headers.only(_SIGNATURE) or "")
    at, about = timestamp or (found[1] if found else ""), _parse_query(request.url).get("data.id", "").strip()
    try:
        told = ident(parse(request.body), "data", "id")
    except Unreadable:
        told = ""
    if told and told != about:
        return ()
    rest = (("request-id", (request.headers.only("x-request-id") or "").strip()), ("ts", at))
    # An id with letters in it is said to be signed in small ones; the SDKs take it as it came.
    return tuple(
        "".join(f"{name}:{value};" for name, value in (("id", written), *rest) if value).encode(
            "utf-8", "surrogatepass"
        )
        for written in dict.fromkeys((about, about.lower()))
    )


def _answer_handshake(request: Request, _secrets: Secrets, _options: Options) -> Rejected | None:
    """A notice of the older kind."""
    if request.method != "POST" or request.headers.only(_SIGNATURE):
        return None
    told = _parse_query(request.url)
    payment = told.get("id", "")
    return Rejected(Reason.HINT, payment) if told.get("topic") == "payment" and _PAYMENT.fullmatch(payment) else None


def _read_payment(message: Message) -> Meaning:
    """Whether it was paid, refused, given back or charged back, the payment itself says."""
    payment = order_of(_parse_query(message.url), "data.id")
    at = moment(message.body, "date_created", otherwise=message.at)
    call = api_call("GET /v1/payments/{}", payment)
    return Meaning(Kind.SALE, SaleClaim(payment, None, unconfirmed=True), at, needs_fetch=call)


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    payment = sample.digits("payment", 12)
    body = {
        "action": "payment.updated",
        "api_version": "v1",
        "application_id": "4321",
        "data": {"id": payment},
        "date_created": iso(at),
        "id": sample.digits("event", 12),
        "live_mode": True,
        "type": "payment",
        "user_id": 987654321,
    }
    headers = {"User-Agent": "MercadoPago WebHook v1.0 payment", "x-request-id": sample.uuid("request")}
    written = json.dumps(body, separators=(",", ":")).encode()
    return PracticeDraft(written, "", headers, query=f"data.id={payment}&type=payment")


MERCADOPAGO = Provider(
    id="mercadopago",
    name="Mercado Pago",
    tile="MP",
    setup=SetupWords(
        does="Payments, refunds and chargebacks",
        settings_url="https://www.mercadopago.com/developers/panel/app",
        menu="Your integrations",
        address_label="Production URL",
        secret_label="Secret signature",
        events=("Payments",),
        save="Save",
        api_key_prefixes=("APP_USR-", "TEST-"),
        secret_found="Open your application there, then Webhooks, Configure notifications; it is made when you save.",
        away="Mercado Pago tries again every 15 minutes, later less often; for how long is not known.",
        needs=(
            "Leave “Orders” unticked: whether a payment then comes under two numbers is not known, so ShopWatch counts "
            "what comes as payments."
        ),
        sure="Mercado Pago signs only the payment’s number. ShopWatch asks Mercado Pago before anything counts.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature=_SIGNATURE),),
        signed=_signed_bytes,
        schemes={"v1": HmacSha256(HEX)},
        between=",",
        timestamp_entry="ts",
        unit=1,
    ),
    event_id="id",
    event_type="action",
    readers={"payment.created": _read_payment, "payment.updated": _read_payment},
    handshake=_answer_handshake,
    draft=_draft_message,
    practises=(Kind.SALE,),
    retries_for=None,
)
