"""The signature doctor on messages as they are: genuine, of another sender, or beyond explaining."""

from base64 import b64decode, b64encode
from dataclasses import replace

import pytest
from msgspec import structs

from shopwatch.domain.messages.delivery import Headers
from shopwatch.providers.doctor.diagnosis import Cause, SignatureRemedy
from tests.providers.bent import BROKEN_SECRET, genuine
from tests.providers.cases import BY_ID


@pytest.mark.parametrize("provider_id", ["stripe", "paynow", "shopify", "square", "github", "slack"])
def test_a_genuine_message_fits(provider_id: str) -> None:
    found = genuine(provider_id).diagnosis()
    assert found.cause is Cause.FITS_NOW
    assert all(row.passed for row in found.evidence)


@pytest.mark.parametrize(
    ("provider_id", "name"),
    [("stripe", "Stripe-Signature"), ("paynow", "PayNow-Signature"), ("github", "X-Hub-Signature-256")],
)
def test_no_signature_at_all(provider_id: str, name: str) -> None:
    message = genuine(provider_id).without(name)
    found = message.diagnosis()
    assert found.cause is Cause.HEADER_MISSING
    assert found.sentence == f"There is no signature at all. It did not come from {message.provider.name}."
    assert ("It carries a signature", name) in [(row.sentence, row.fact) for row in found.evidence if not row.passed]
    assert found.remedy is SignatureRemedy.NONE


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [
        ("stripe", "paynow"),
        ("github", "shopify"),
        ("svix", "stripe"),
        ("shopify", "woocommerce"),
        ("square", "razorpay"),
        ("slack", "zoom"),
        ("paypal", "stripe"),
        ("adyen", "mollie"),
    ],
)
def test_a_message_of_another_provider(sender: str, receiver: str) -> None:
    found = genuine(sender).of(receiver).holding(BROKEN_SECRET).diagnosis()
    assert found.cause is Cause.OTHER_PROVIDER
    assert BY_ID[sender].name in found.sentence


@pytest.mark.parametrize(
    ("provider_id", "sentence"),
    [
        ("paynow", "The signature is written in hex where base64 belongs."),
        ("github", "The signature is written in base64 where hex belongs."),
    ],
)
def test_a_signature_in_the_other_spelling(provider_id: str, sentence: str) -> None:
    message = genuine(provider_id)
    name = {"paynow": "paynow-signature", "github": "x-hub-signature-256"}[provider_id]

    def other(value: bytes) -> bytes:
        if provider_id == "paynow":
            return b64decode(value).hex().encode()
        return b"sha256=" + b64encode(bytes.fromhex(value.decode().removeprefix("sha256=")))

    lines = tuple(
        (key, other(value) if key.decode().lower() == name else value) for key, value in message.request.headers.lines
    )
    bent = replace(message, request=structs.replace(message.request, headers=Headers(lines)))
    found = bent.diagnosis()
    assert (found.cause, found.sentence) == (Cause.SECRET_ENCODING, sentence)


@pytest.mark.parametrize("provider_id", ["stripe", "paynow", "shopify", "square", "twilio", "github"])
def test_what_cannot_be_told_is_not_made_up(provider_id: str) -> None:
    found = genuine(provider_id).holding(BROKEN_SECRET).diagnosis()
    assert found.cause is Cause.UNKNOWN
    assert found.sentence == "The signature does not fit and ShopWatch cannot tell why."
    assert not found.certain


def test_a_signature_of_an_old_kind_is_called_so() -> None:
    message = genuine("stripe")
    lines = tuple((name, value.replace(b"v1=", b"v0=")) for name, value in message.request.headers.lines)
    found = replace(message, request=structs.replace(message.request, headers=Headers(lines))).diagnosis()
    assert (found.cause, found.sentence) == (Cause.UNKNOWN, "The signature is not written the way Stripe writes it.")
