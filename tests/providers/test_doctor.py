"""The signature doctor on real messages, each bent in one way."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.clock import MINUTE, Instant
from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.domain.verdict import Accepted
from shopwatch.providers.diagnosis import Cause, Diagnosis, Remedy
from shopwatch.providers.doctor import diagnose, mended
from shopwatch.providers.examination import Other
from shopwatch.providers.provider import Provider
from shopwatch.providers.request_file import requests_in
from tests.providers.cases import BY_ID, vectors

BROKEN_SECRET = "not-the-secret-0123456789abcdef"


@dataclass(frozen=True)
class Message:
    """A genuine message of the vectors, and what its owner holds."""

    provider: Provider
    request: Request
    secrets: Secrets
    now: Instant
    options: Options = NO_OPTIONS

    @property
    def secret(self) -> str:
        return self.secrets.current[0]

    def without(self, *names: str) -> "Message":
        left = tuple(
            line for line in self.request.headers.lines if line[0].decode().lower() not in map(str.lower, names)
        )
        return replace(self, request=structs.replace(self.request, headers=Headers(left)))

    def of(self, provider_id: str) -> "Message":
        return replace(self, provider=BY_ID[provider_id])

    def holding(self, *secrets: str) -> "Message":
        return replace(self, secrets=replace(self.secrets, current=secrets))

    def saying(self, body: bytes) -> "Message":
        return replace(self, request=structs.replace(self.request, body=body))

    def at(self, url: str) -> "Message":
        return replace(self, request=structs.replace(self.request, url=url))

    def diagnosis(self, **more: Any) -> Diagnosis:
        return diagnose(self.provider, self.request, self.secrets, self.now, options=self.options, **more)


def genuine(provider_id: str, which: Callable[[dict[str, Any]], bool] = lambda _case: True) -> Message:
    """The first valid message of this provider that does what `which` asks."""
    for case in vectors():
        given = case.given
        if case.provider.id != provider_id or given["expect"] != "valid" or not which(given):
            continue
        filed = requests_in(json.dumps(given).encode())[0]
        assert filed.now is not None
        message = Message(case.provider, filed.request, filed.secrets, filed.now, filed.options)
        verdict = case.provider.judge(filed.request, filed.secrets, filed.now, filed.options)
        if isinstance(verdict, Accepted) and filed.secrets.current:
            return message
    raise LookupError(provider_id)


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
    assert found.remedy is Remedy.NONE


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
    assert (found.remedy, found.certain) == (Remedy.CLEAN_SECRET, True)
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
    assert found.remedy is Remedy.REPLACE_SECRET
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
    found = _signed("stripe", _checkout(live=True)).holding("whsec_test_0123456789abcdef").diagnosis()
    assert found.cause is Cause.OTHER_MODE
    assert found.sentence == "The secret is from test mode, the message is real."


def test_a_live_secret_for_a_test_message() -> None:
    found = _signed("stripe", _checkout(live=False)).holding("whsec_live_0123456789abcdef").diagnosis()
    assert found.cause is Cause.OTHER_MODE
    assert found.sentence == "The secret is for real messages, but this one is from test mode."


def test_a_test_message_that_fits_the_test_source() -> None:
    message = _signed("stripe", _checkout(live=False))
    other = Other("stripe-2", "Stripe, test mode", message.provider, message.secrets)
    found = message.holding("whsec_of_the_other_mode").diagnosis(others=[other])
    assert found.cause is Cause.OTHER_MODE
    assert (found.remedy, found.certain, found.subject) == (Remedy.USE_SECRET_OF, False, "stripe-2")


@pytest.mark.parametrize("provider_id", ["paynow", "shopify", "github", "square", "kofi"])
def test_the_secret_of_another_source(provider_id: str) -> None:
    message = genuine(provider_id)
    other = Other("other-2", "The other shop", message.provider, message.secrets)
    bent = message.holding(BROKEN_SECRET)
    found = bent.diagnosis(others=[other])
    assert found.cause is Cause.OTHER_SOURCE
    assert found.sentence == f"The secret belongs to another {message.provider.name} address."
    assert (found.remedy, found.certain, found.subject) == (Remedy.USE_SECRET_OF, True, "other-2")
    fitting = mended(bent.provider, bent.request, bent.secrets, bent.now, others=[other])
    assert fitting is not None
    assert message.secret in fitting.current


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


@pytest.mark.parametrize("provider_id", ["stripe", "paynow", "standard-webhooks", "slack", "zoom"])
def test_our_clock_is_slow(provider_id: str) -> None:
    message = genuine(provider_id)
    found = replace(message, now=message.now - 12 * MINUTE).diagnosis()
    assert found.cause is Cause.CLOCK_SLOW
    assert "This computer’s clock is 1" in found.sentence
    assert found.remedy is Remedy.SET_CLOCK
    assert [row.sentence for row in found.evidence if not row.passed] == ["This computer’s clock is right"]


def test_our_clock_is_fast() -> None:
    message = genuine("stripe")
    said = message.provider.recipe.check(message.request, message.secrets, message.now, {})
    assert hasattr(said, "at")
    lines = (*message.request.headers.lines, (b"Date", _http_date(said.at).encode()))
    late = replace(message, request=structs.replace(message.request, headers=Headers(lines)), now=said.at + 14 * MINUTE)
    assert late.diagnosis().sentence == "This computer’s clock is 14 minutes fast."


def _http_date(at: Instant) -> str:
    from email.utils import formatdate

    return formatdate(at / 1000, usegmt=True)


@pytest.mark.parametrize("provider_id", ["stripe", "paynow", "standard-webhooks"])
def test_an_old_message_sent_again(provider_id: str) -> None:
    message = genuine(provider_id)
    found = replace(message, now=message.now + 30 * MINUTE).diagnosis()
    assert found.cause is Cause.TOO_OLD
    assert found.sentence.endswith("minutes old; someone may have sent it again.")
    failed = [row.sentence for row in found.evidence if not row.passed]
    assert failed == ["It is fresh, not an old one sent again"]


def test_a_time_in_another_unit_is_not_taken_for_an_age() -> None:
    message = genuine("paynow")
    seconds = message.now // 1000
    request = Request("POST", "", Headers(), message.request.body)
    signed = message.provider.recipe.sign(request, message.secret, seconds, "", {})
    assert signed is not None
    found = replace(message, request=signed).diagnosis()
    assert (found.cause, found.sentence) == (Cause.TOO_OLD, "The time in the message cannot be right.")


def test_a_message_that_is_only_seconds_too_old_says_so() -> None:
    message = genuine("paddle")
    late = replace(message, now=message.now + 20_000)
    assert "seconds old" in late.diagnosis().sentence


def test_a_shown_secret_that_is_another_one() -> None:
    found = genuine("kofi").holding(BROKEN_SECRET).diagnosis()
    assert found.sentence == "The secret in the message is not the one that is stored."


def _spaced(body: bytes) -> bytes:
    return json.dumps(json.loads(body), indent=2).encode()


def _compact(body: bytes) -> bytes:
    return json.dumps(json.loads(body), separators=(",", ":")).encode()


def _signed(provider_id: str, body: bytes, secret: str = "whsec_0123456789abcdef") -> Message:
    provider, now = BY_ID[provider_id], 1_795_500_000_000
    request = provider.recipe.sign(Request("POST", "", Headers(), body), secret, now, "msg_1", {})
    assert request is not None
    return Message(provider, request, Secrets((secret,)), now)


PLAIN = '{"id":"evt_1","type":"x","name":"Zoë Blüte","url":"https://a.example/b"}'


@pytest.mark.parametrize(
    ("sent", "came"),
    [
        (f"{PLAIN}\n", PLAIN),
        (PLAIN, f"{PLAIN}\n"),
        (PLAIN, f"{PLAIN}\r\n"),
        (PLAIN.replace(",", ",\n"), PLAIN.replace(",", ",\r\n")),
        (PLAIN.replace(",", ",\r\n"), PLAIN.replace(",", ",\n")),
        (PLAIN, f"\ufeff{PLAIN}"),
        (PLAIN, _spaced(PLAIN.encode()).decode()),
        (_spaced(PLAIN.encode()).decode(), _compact(PLAIN.encode()).decode()),
        (PLAIN, PLAIN.replace('":"', '": "').replace(',"', ', "')),
        (PLAIN, _compact(PLAIN.encode()).decode()),
        (_compact(PLAIN.encode()).decode(), PLAIN),
        (PLAIN.replace("/", "\\/"), PLAIN),
        (PLAIN, PLAIN.encode().decode("latin-1")),
        ("a=1&b=two%20words", "a=1&b=two+words"),
        ("a=1&b=two+words", "a=1&b=two%20words"),
    ],
)
def test_a_body_that_was_rewritten_on_its_way(sent: str, came: str) -> None:
    found = _signed("stripe", sent.encode()).saying(came.encode()).diagnosis()
    assert (found.cause, found.sentence) == (Cause.BODY_CHANGED, "The message was changed on its way.")
    assert found.evidence[-1].passed
    assert found.evidence[-1].fact == f"{len(sent.encode())} bytes"


def test_a_body_in_another_charset() -> None:
    found = _signed("stripe", PLAIN.encode()).saying(PLAIN.encode("latin-1")).diagnosis()
    assert found.cause is Cause.BODY_CHANGED


ADDRESSES = {
    "square": "payment_completed",
    "twilio": "inbound sms with picture",
    "hubspot": "workflow contact, v3 beside v2",
}


@pytest.mark.parametrize("provider_id", ADDRESSES)
@pytest.mark.parametrize(
    "bend",
    [
        lambda url: url.replace("https://", "http://", 1),
        lambda url: url.replace("hooks.example.com", "other-heron.ngrok-free.app"),
        lambda url: url.replace("/in/square", "/in/square/").replace("/sms", "/sms/").replace("/contact", "/contact/"),
        lambda url: f"{url}&added=1" if "?" in url else f"{url}?added=1",
        lambda url: url.partition("?")[0] if "?" in url else f"{url}?added=1",
    ],
)
def test_the_provider_knows_another_address(provider_id: str, bend: Callable[[str], str]) -> None:
    message = genuine(provider_id, lambda case: case["name"] == ADDRESSES[provider_id])
    url = message.request.url
    found = message.at(bend(url)).diagnosis(addresses=(url,))
    assert found.cause is Cause.ADDRESS_DIFFERS
    assert found.subject == url
    assert (found.remedy, found.certain) == (Remedy.COPY_ADDRESS, True)


def test_a_slash_is_found_without_knowing_the_address() -> None:
    message = genuine("square")
    bent = message.at(f"{message.request.url}/")
    assert bent.diagnosis().subject == message.request.url


@pytest.mark.parametrize("provider_id", ["stripe", "paynow", "shopify"])
def test_the_previous_secret_is_accepted_no_more(provider_id: str) -> None:
    message = genuine(provider_id)
    renewed = replace(message, secrets=Secrets((BROKEN_SECRET,), (message.secret,), message.now - MINUTE))
    found = renewed.diagnosis()
    assert found.cause is Cause.PREVIOUS_SECRET
    assert found.remedy is Remedy.REPLACE_SECRET


def test_a_secret_in_hex_where_base64_belongs() -> None:
    from base64 import b64decode

    message = genuine("standard-webhooks", lambda case: str(case.get("secret", "")).startswith("whsec_"))
    in_hex = b64decode(message.secret.removeprefix("whsec_")).hex()
    found = message.holding(f"whsec_{in_hex}").diagnosis()
    assert (found.cause, found.sentence) == (
        Cause.SECRET_ENCODING,
        "The secret is written in hex where base64 belongs.",
    )
    assert found.certain


def test_a_secret_in_base64_where_hex_belongs() -> None:
    from base64 import b64encode

    secret = "0123456789abcdef0123456789abcdef"
    message = _signed("stripe", b"{}", secret)
    found = message.holding(b64encode(bytes.fromhex(secret)).decode()).diagnosis()
    assert (found.cause, found.sentence) == (
        Cause.SECRET_ENCODING,
        "The secret is written in base64 where hex belongs.",
    )


def test_a_secret_whose_signs_the_sender_escapes() -> None:
    (given,) = (case.given for case in vectors() if case.name == "html_escaped_secret")
    filed = requests_in(json.dumps(given).encode())[0]
    found = diagnose(BY_ID["woocommerce"], filed.request, filed.secrets, filed.now or 0)
    assert (found.cause, found.remedy) == (Cause.SECRET_ENCODING, Remedy.CLEAN_SECRET)


def test_a_secret_without_its_beginning() -> None:
    message = genuine("stripe")
    found = message.holding(message.secret.removeprefix("whsec_")).diagnosis()
    assert found.sentence == "The secret lacks its beginning, “whsec_”."
    assert found.remedy is Remedy.CLEAN_SECRET


@pytest.mark.parametrize(
    ("provider_id", "sentence"),
    [
        ("paynow", "The signature is written in hex where base64 belongs."),
        ("github", "The signature is written in base64 where hex belongs."),
    ],
)
def test_a_signature_in_the_other_spelling(provider_id: str, sentence: str) -> None:
    from base64 import b64decode, b64encode

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


def test_a_secret_that_holds_the_word_test_says_nothing_where_secrets_have_no_mark() -> None:
    found = genuine("paynow").holding("pn-test-some-other-secret").diagnosis()
    assert found.cause is Cause.UNKNOWN


def test_a_signature_of_an_old_kind_is_called_so() -> None:
    message = genuine("stripe")
    lines = tuple((name, value.replace(b"v1=", b"v0=")) for name, value in message.request.headers.lines)
    found = replace(message, request=structs.replace(message.request, headers=Headers(lines))).diagnosis()
    assert (found.cause, found.sentence) == (
        Cause.UNKNOWN,
        "The signature is not written the way Stripe writes it.",
    )


def test_no_secret_is_stored() -> None:
    found = genuine("stripe").holding().diagnosis()
    assert (found.cause, found.sentence) == (Cause.NO_SECRET, "No secret is stored for this address.")
    assert found.remedy is Remedy.REPLACE_SECRET


def test_a_message_that_did_not_arrive_whole_shows_it() -> None:
    message = genuine("stripe")
    size = len(message.request.body)
    lines = (*message.request.headers.lines, (b"Content-Length", str(size).encode()))
    cut = replace(
        message, request=structs.replace(message.request, headers=Headers(lines), body=message.request.body[:-40])
    )
    row = cut.diagnosis().evidence[0]
    assert (row.passed, row.fact) == (False, f"{size - 40} of {size} bytes")
