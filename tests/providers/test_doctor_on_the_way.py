"""The signature doctor where something became of a message on its way: its time, its text, its address."""

import json
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate

import pytest
from msgspec import structs

from shopwatch.domain.instant import MINUTE, Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Secrets
from shopwatch.providers.doctor.diagnosis import Cause, SignatureRemedy
from tests.providers.bent import genuine, signed


@pytest.mark.parametrize("provider_id", ["stripe", "paynow", "standard-webhooks", "slack", "zoom"])
def test_our_clock_is_slow(provider_id: str) -> None:
    message = genuine(provider_id)
    found = replace(message, now=message.now - 12 * MINUTE).diagnosis()
    assert found.cause is Cause.CLOCK_SLOW
    assert "This computer’s clock is 1" in found.sentence
    assert found.remedy is SignatureRemedy.SET_CLOCK
    assert [row.sentence for row in found.evidence if not row.passed] == ["This computer’s clock is right"]


def test_our_clock_is_fast() -> None:
    message = genuine("stripe")
    said = message.provider.recipe.check(message.request, message.secrets, message.now, {})
    assert hasattr(said, "at")
    lines = (*message.request.headers.lines, (b"Date", _http_date(said.at).encode()))
    late = replace(message, request=structs.replace(message.request, headers=Headers(lines)), now=said.at + 14 * MINUTE)
    assert late.diagnosis().sentence == "This computer’s clock is 14 minutes fast."


def _http_date(at: Instant) -> str:
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
    assert found.cause is Cause.TIME_UNIT
    assert found.sentence == "The time in the message counts seconds; it should count milliseconds."


@pytest.mark.parametrize(
    ("per_second", "unit"), [(1_000, "milliseconds"), (1_000_000, "microseconds"), (1_000_000_000, "nanoseconds")]
)
def test_a_time_in_milliseconds_is_not_a_slow_clock(per_second: int, unit: str) -> None:
    message = genuine("standard-webhooks")
    request = Request("POST", "", Headers(), message.request.body)
    recipe = message.provider.recipe
    signed = recipe.sign(request, message.secret, message.now * per_second, "msg_1", {})
    assert signed is not None
    verdict = message.provider.judge(signed, Secrets((message.secret,)), message.now)
    found = replace(message, request=signed).diagnosis()

    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reason.TIMESTAMP_MALFORMED
    assert found.sentence == f"The time in the message counts {unit}; it should count seconds."
    assert "clock is right" not in "".join(row.sentence for row in found.evidence)


def test_a_time_of_no_sense_is_called_that() -> None:
    message = genuine("standard-webhooks")
    request = Request("POST", "", Headers(), message.request.body)
    year_9999 = 253_370_764_800_000
    signed = message.provider.recipe.sign(request, message.secret, year_9999, "msg_1", {})
    assert signed is not None
    found = replace(message, request=signed).diagnosis()

    assert found.cause is Cause.TIME_UNIT
    assert found.sentence.endswith("days off, so it cannot be right.")


def test_a_message_that_is_only_seconds_too_old_says_so() -> None:
    message = genuine("paddle")
    late = replace(message, now=message.now + 20_000)
    assert "seconds old" in late.diagnosis().sentence


def test_a_message_that_comes_at_once_is_called_just_made() -> None:
    message = signed("standard-webhooks", b"{}")
    found = replace(message, secrets=Secrets(("whsec_another0123456789",))).diagnosis()
    assert [row.fact for row in found.evidence if "fresh" in row.sentence] == ["just made"]


def _spaced(body: bytes) -> bytes:
    return json.dumps(json.loads(body), indent=2).encode()


def _compact(body: bytes) -> bytes:
    return json.dumps(json.loads(body), separators=(",", ":")).encode()


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
    found = signed("stripe", sent.encode()).saying(came.encode()).diagnosis()
    assert (found.cause, found.sentence) == (Cause.BODY_CHANGED, "The message was changed on its way.")
    assert found.evidence[-1].passed
    assert found.evidence[-1].fact == f"{len(sent.encode())} bytes"


def test_a_body_in_another_charset() -> None:
    found = signed("stripe", PLAIN.encode()).saying(PLAIN.encode("latin-1")).diagnosis()
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
    assert (found.remedy, found.certain) == (SignatureRemedy.COPY_ADDRESS, True)


def test_a_slash_is_found_without_knowing_the_address() -> None:
    message = genuine("square")
    bent = message.at(f"{message.request.url}/")
    assert bent.diagnosis().subject == message.request.url


def test_a_message_that_did_not_arrive_whole_shows_it() -> None:
    message = genuine("stripe")
    size = len(message.request.body)
    lines = (*message.request.headers.lines, (b"Content-Length", str(size).encode()))
    cut = replace(
        message, request=structs.replace(message.request, headers=Headers(lines), body=message.request.body[:-40])
    )
    row = cut.diagnosis().evidence[0]
    assert (row.passed, row.fact) == (False, f"{size - 40:,} of {size:,} bytes")
