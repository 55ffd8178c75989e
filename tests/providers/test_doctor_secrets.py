"""The signature doctor where the secret is wrong: mistyped, another one, of another kind, or none."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest

from shopwatch.domain.instant import MINUTE
from shopwatch.domain.source import Secrets
from shopwatch.providers.doctor.diagnosis import Cause, SignatureRemedy
from shopwatch.providers.doctor.doctor import diagnose, mended
from shopwatch.providers.doctor.examination import Other
from shopwatch.providers.request_file import requests_in
from tests.providers.bent import BROKEN_SECRET, genuine, signed
from tests.providers.cases import BY_ID, vectors


@pytest.mark.parametrize("provider_id", ["stripe", "paynow", "shopify", "square", "razorpay", "mollie"])
@pytest.mark.parametrize(
    ("bend", "sentence"),
    [
        (lambda secret: f"{secret} ", "The secret has a space at its end."),
        (lambda secret: f" {secret}", "The secret has a space at its beginning."),
        (lambda secret: f"{secret}\n", "The secret has a line break at its end."),
        (lambda secret: f"{secret[:5]}\r\n{secret[5:]}", "The secret has a line break in it."),
        (lambda secret: f"{secret[:5]} {secret[5:]}", "The secret has a space in it."),
        (lambda secret: f"{secret}\u200b", "The secret has a space at its end."),
    ],
)
def test_white_space_in_the_secret(provider_id: str, bend: Callable[[str], str], sentence: str) -> None:
    message = genuine(provider_id)
    bent = message.holding(bend(message.secret))
    found = bent.diagnosis()
    assert (found.cause, found.sentence) == (Cause.SPACES_IN_SECRET, sentence)
    assert (found.remedy, found.certain) == (SignatureRemedy.CLEAN_SECRET, True)
    assert found.evidence[-1].passed
    assert not found.evidence[-2].passed
    assert mended(bent.provider, bent.request, bent.secrets, bent.now) == replace(
        message.secrets, current=(message.secret,)
    )


def test_of_several_secrets_only_the_odd_one_is_mended() -> None:
    message = genuine("paynow")
    bent = message.holding("another-secret-of-paynow", f"{message.secret} ")
    assert bent.diagnosis().cause is Cause.SPACES_IN_SECRET
    fitting = mended(bent.provider, bent.request, bent.secrets, bent.now)
    assert fitting is not None
    assert fitting.current == ("another-secret-of-paynow", message.secret)


@pytest.mark.parametrize(
    ("provider_id", "key"),
    [
        ("stripe", "sk_live_51abcdefghijklmnop"),
        ("square", "EAAAEabcdefghijklmnop"),
        ("paddle", "pdl_live_apikey_01abcdefghij"),
        ("hubspot", "pat-na1-0a1b2c3d-aaaa-bbbb"),
        ("razorpay", "rzp_live_abcdefghijklmn"),
        ("shopify", "sk_live_51abcdefghijklmnop"),
    ],
)
def test_an_api_key_in_place_of_the_secret(provider_id: str, key: str) -> None:
    found = genuine(provider_id).holding(key).diagnosis()
    assert found.cause is Cause.API_KEY
    assert found.remedy is SignatureRemedy.REPLACE_SECRET
    assert key not in repr(found)


def _checkout(live: bool) -> bytes:
    told = {
        "id": "cs_1",
        "object": "checkout.session",
        "payment_status": "paid",
        "amount_total": 4250,
        "currency": "usd",
    }
    event = {"id": "evt_1", "type": "checkout.session.completed", "created": 1, "livemode": live}
    return json.dumps(event | {"data": {"object": told}}).encode()


def test_a_test_secret_for_a_live_message() -> None:
    found = signed("stripe", _checkout(live=True)).holding("whsec_test_0123456789abcdef").diagnosis()
    assert found.cause is Cause.OTHER_MODE
    assert found.sentence == "The secret is from test mode, the message is real."


def test_a_live_secret_for_a_test_message() -> None:
    found = signed("stripe", _checkout(live=False)).holding("whsec_live_0123456789abcdef").diagnosis()
    assert found.cause is Cause.OTHER_MODE
    assert found.sentence == "The secret is for real messages, but this one is from test mode."


def test_a_test_message_that_fits_the_test_source() -> None:
    message = signed("stripe", _checkout(live=False))
    other = Other("stripe-2", "Stripe, test mode", message.provider, message.secrets)
    found = message.holding("whsec_of_the_other_mode").diagnosis(others=[other])
    assert found.cause is Cause.OTHER_MODE
    assert (found.remedy, found.certain, found.subject) == (SignatureRemedy.USE_SECRET_OF, False, "stripe-2")


@pytest.mark.parametrize("provider_id", ["paynow", "shopify", "github", "square", "kofi"])
def test_the_secret_of_another_source(provider_id: str) -> None:
    message = genuine(provider_id)
    other = Other("other-2", "The other shop", message.provider, message.secrets)
    bent = message.holding(BROKEN_SECRET)
    found = bent.diagnosis(others=[other])
    assert found.cause is Cause.OTHER_SOURCE
    assert found.sentence == f"The secret belongs to another {message.provider.name} address."
    assert (found.remedy, found.certain, found.subject) == (SignatureRemedy.USE_SECRET_OF, True, "other-2")
    fitting = mended(bent.provider, bent.request, bent.secrets, bent.now, others=[other])
    assert fitting is not None
    assert message.secret in fitting.current


def test_a_shown_secret_that_is_another_one() -> None:
    found = genuine("kofi").holding(BROKEN_SECRET).diagnosis()
    assert found.sentence == "The secret in the message is not the one that is stored."


@pytest.mark.parametrize("provider_id", ["stripe", "paynow", "shopify"])
def test_the_previous_secret_is_accepted_no_more(provider_id: str) -> None:
    message = genuine(provider_id)
    renewed = replace(message, secrets=Secrets((BROKEN_SECRET,), (message.secret,), message.now - MINUTE))
    found = renewed.diagnosis()
    assert found.cause is Cause.PREVIOUS_SECRET
    assert found.remedy is SignatureRemedy.REPLACE_SECRET


def test_a_secret_in_hex_where_base64_belongs() -> None:
    message = genuine("standard-webhooks", lambda case: str(case.get("secret", "")).startswith("whsec_"))
    in_hex = b64decode(message.secret.removeprefix("whsec_")).hex()
    found = message.holding(f"whsec_{in_hex}").diagnosis()
    assert (found.cause, found.sentence) == (
        Cause.SECRET_ENCODING,
        "The secret is written in hex where base64 belongs.",
    )
    assert found.certain


def test_a_secret_in_base64_where_hex_belongs() -> None:
    secret = "0123456789abcdef0123456789abcdef"
    message = signed("stripe", b"{}", secret)
    found = message.holding(b64encode(bytes.fromhex(secret)).decode()).diagnosis()
    assert (found.cause, found.sentence) == (
        Cause.SECRET_ENCODING,
        "The secret is written in base64 where hex belongs.",
    )


def test_a_secret_whose_signs_the_sender_escapes() -> None:
    (given,) = (case.given for case in vectors() if case.name == "html_escaped_secret")
    filed = requests_in(json.dumps(given).encode())[0]
    found = diagnose(BY_ID["woocommerce"], filed.request, filed.secrets, filed.now or 0)
    assert (found.cause, found.remedy) == (Cause.SECRET_ENCODING, SignatureRemedy.CLEAN_SECRET)


def test_a_secret_without_its_beginning() -> None:
    message = genuine("stripe")
    found = message.holding(message.secret.removeprefix("whsec_")).diagnosis()
    assert found.sentence == "The secret lacks its beginning, “whsec_”."
    assert found.remedy is SignatureRemedy.CLEAN_SECRET


def test_a_secret_that_holds_the_word_test_says_nothing_where_secrets_have_no_mark() -> None:
    found = genuine("paynow").holding("pn-test-some-other-secret").diagnosis()
    assert found.cause is Cause.UNKNOWN


def test_no_secret_is_stored() -> None:
    found = genuine("stripe").holding().diagnosis()
    assert (found.cause, found.sentence) == (Cause.NO_SECRET, "No secret is stored for this address.")
    assert found.remedy is SignatureRemedy.REPLACE_SECRET
