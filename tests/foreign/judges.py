"""What senders' own libraries think of a message, and how they sign one.

Each judge is a few lines around a public function of one library, as its documentation calls it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import parse_qs, parse_qsl, urlsplit

from shopwatch.domain.messages.delivery import Request


@dataclass(frozen=True)
class Message:
    """A message as libraries take it: names of headers in lower case, the body as text."""

    url: str
    headers: dict[str, str]
    body: bytes

    @classmethod
    def of(cls, request: Request) -> "Message":
        headers = {name.decode().lower(): value.decode() for name, value in request.headers.lines}
        return cls(request.url, headers, request.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.text, keep_blank_values=True))

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


type Judge = Callable[[Message, str], object]
"""Something true where the library believes this message by this secret. Whatever it raises means that it does not."""


def _stripe(message: Message, secret: str) -> object:
    import stripe

    stripe.Webhook.construct_event(message.body, message.header("stripe-signature"), secret)
    return True


def _standard_webhooks(message: Message, secret: str) -> object:
    from standardwebhooks.webhooks import Webhook

    Webhook(secret).verify(message.text, message.headers)
    return True


def _svix(message: Message, secret: str) -> object:
    from svix.webhooks import Webhook

    Webhook(secret).verify(message.body, message.headers)
    return True


def _whole_text_as_key(message: Message, secret: str) -> object:
    """Standard Webhooks whose key is the secret's own characters: Whop's library does that."""
    from whop_sdk.lib.verify_webhook import unwrap

    unwrap(message.text, headers=message.headers, key=secret)
    return True


def _polar(message: Message, secret: str) -> object:
    from polar.webhooks import validate_event

    types = frozenset({"order.paid", "order.refunded", "refund.created", "refund.updated"})
    return validate_event(message.body, message.headers, secret, types, dict)


def _twilio(message: Message, secret: str) -> object:
    from twilio.request_validator import RequestValidator

    return bool(RequestValidator(secret).validate(message.url, message.form, message.header("x-twilio-signature")))


def _adyen(message: Message, secret: str) -> object:
    from Adyen.util import is_valid_hmac_notification

    items = json.loads(message.body)["notificationItems"]
    return all(is_valid_hmac_notification(each["NotificationRequestItem"], secret) for each in items)


def _mollie(message: Message, secret: str) -> object:
    from mollie.utils.webhooks.signature_validator import SignatureValidator

    return SignatureValidator.validate(message.text, secret, message.header("x-mollie-signature"))


def _sumup(message: Message, secret: str) -> object:
    from sumup.events import verify_event_signature

    verify_event_signature(secret, message.body, message.header("x-sumup-webhook-signature"))
    return True


def _square(message: Message, secret: str) -> object:
    from square.utils.webhooks_helper import verify_signature

    return verify_signature(
        request_body=message.text,
        signature_header=message.header("x-square-hmacsha256-signature"),
        signature_key=secret,
        notification_url=message.url,
    )


def _razorpay(message: Message, secret: str) -> object:
    import razorpay

    client = razorpay.Client(auth=("rzp_test_x", "x"))
    return bool(client.utility.verify_webhook_signature(message.text, message.header("x-razorpay-signature"), secret))


def _slack(message: Message, secret: str) -> object:
    from slack_sdk.signature import SignatureVerifier

    return SignatureVerifier(secret).is_valid_request(message.body, message.headers)


def _discord(message: Message, secret: str) -> object:
    from nacl.signing import VerifyKey

    key = VerifyKey(bytes.fromhex(secret)[-32:])
    signed = message.header("x-signature-timestamp").encode() + message.body
    key.verify(signed, bytes.fromhex(message.header("x-signature-ed25519")))
    return True


def _hubspot(message: Message, secret: str) -> object:
    from hubspot.utils.signature import Signature

    if "x-hubspot-signature-v3" in message.headers:
        return Signature.is_valid(
            message.header("x-hubspot-signature-v3"),
            secret,
            message.text,
            http_uri=message.url,
            signature_version="v3",
            timestamp=message.header("x-hubspot-request-timestamp"),
        )
    version = message.header("x-hubspot-signature-version") or "v1"
    return Signature.is_valid(
        message.header("x-hubspot-signature"), secret, message.text, http_uri=message.url, signature_version=version
    )


def _github(message: Message, secret: str) -> object:
    from gidgethub.sansio import Event

    Event.from_http(message.headers, message.body, secret=secret)
    return "x-hub-signature-256" in message.headers or "x-hub-signature" in message.headers


def _paddle(message: Message, secret: str) -> object:
    from paddle_billing.Notifications import Secret, Verifier

    sent = SimpleNamespace(headers={"Paddle-Signature": message.header("paddle-signature")}, body=message.body)
    return bool(Verifier(maximum_variance=300).verify(sent, Secret(secret)))


def _gocardless(message: Message, secret: str) -> object:
    from gocardless_pro import webhooks

    webhooks.parse(message.body, secret, message.header("webhook-signature"))
    return True


def _braintree(message: Message, secret: str) -> object:
    import braintree

    public, private = secret.split(":", 1)
    gateway = braintree.BraintreeGateway(
        braintree.Configuration(
            environment=braintree.Environment.Sandbox, merchant_id="m", public_key=public, private_key=private
        )
    )
    gateway.webhook_notification.parse(message.form["bt_signature"], message.form["bt_payload"])
    return True


def _mercadopago(message: Message, secret: str) -> object:
    from mercadopago.webhook import WebhookSignatureValidator

    found = parse_qs(urlsplit(message.url).query).get("data.id", [None])[0]
    WebhookSignatureValidator.validate(message.header("x-signature"), message.header("x-request-id"), found, secret)
    return True


def _meta(message: Message, secret: str) -> object:
    from gidgethub.sansio import validate_event

    validate_event(message.body, signature=message.header("x-hub-signature-256"), secret=secret)
    return True


JUDGES: dict[str, Judge] = {
    "stripe": _stripe,
    "standard-webhooks": _standard_webhooks,
    "svix": _svix,
    "bigcommerce": _whole_text_as_key,
    "whop": _whole_text_as_key,
    "polar": _polar,
    "twilio": _twilio,
    "adyen": _adyen,
    "mollie": _mollie,
    "sumup": _sumup,
    "square": _square,
    "razorpay": _razorpay,
    "slack": _slack,
    "discord": _discord,
    "hubspot": _hubspot,
    "github": _github,
    "meta": _meta,
    "paddle": _paddle,
    "gocardless": _gocardless,
    "braintree": _braintree,
    "mercadopago": _mercadopago,
}
"""By provider. Meta signs as GitHub does, and BigCommerce as Whop does."""


type Signer = Callable[[str, Message, str, int], dict[str, str]]
"""The headers by which the library signs this message of this id, by this secret, at this second."""


def _signed_standard(message_id: str, message: Message, secret: str, at: int) -> dict[str, str]:
    from standardwebhooks.webhooks import Webhook

    signature = Webhook(secret).sign(message_id, datetime.fromtimestamp(at, UTC), message.text)
    return {"webhook-id": message_id, "webhook-timestamp": str(at), "webhook-signature": signature}


def _signed_svix(message_id: str, message: Message, secret: str, at: int) -> dict[str, str]:
    from svix.webhooks import Webhook

    signature = Webhook(secret).sign(message_id, datetime.fromtimestamp(at, UTC), message.text)
    return {"svix-id": message_id, "svix-timestamp": str(at), "svix-signature": signature}


def _signed_twilio(_id: str, message: Message, secret: str, _at: int) -> dict[str, str]:
    from twilio.request_validator import RequestValidator

    return {"x-twilio-signature": RequestValidator(secret).compute_signature(message.url, message.form)}


def _signed_slack(_id: str, message: Message, secret: str, at: int) -> dict[str, str]:
    from slack_sdk.signature import SignatureVerifier

    signature = SignatureVerifier(secret).generate_signature(timestamp=str(at), body=message.body)
    return {"x-slack-request-timestamp": str(at), "x-slack-signature": str(signature)}


def _signed_hubspot(_id: str, message: Message, secret: str, at: int) -> dict[str, str]:
    from hubspot.utils.signature import Signature

    signature = Signature.get_signature(
        secret, message.text, "v3", http_uri=message.url, http_method="POST", timestamp=str(at * 1000)
    )
    return {"x-hubspot-request-timestamp": str(at * 1000), "x-hubspot-signature-v3": signature}


def _signed_mollie(_id: str, message: Message, secret: str, _at: int) -> dict[str, str]:
    from mollie.utils.webhooks.signature_validator import SignatureValidator

    return {"x-mollie-signature": "sha256=" + SignatureValidator.create_signature(message.text, secret)}


SIGNERS: dict[str, Signer] = {
    "standard-webhooks": _signed_standard,
    "svix": _signed_svix,
    "twilio": _signed_twilio,
    "slack": _signed_slack,
    "hubspot": _signed_hubspot,
    "mollie": _signed_mollie,
}
