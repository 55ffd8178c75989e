"""What eBay's notifications say, how its address is tried, and what is believed of what it signs."""

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import structs

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Notice
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected, Verdict, Wanting
from shopwatch.providers.senders.ebay_signature import KEYS, PRACTICE_KEY, is_own_key
from tests.providers.authority import key_pair, pem, public_half
from tests.providers.cases import BY_ID, NOW, URL, judge, judged, keys_of, options_of, practice, rejected

EBAY = BY_ID["ebay"]
HEADER = "X-EBAY-SIGNATURE"


def told(topic: str, data: Any, **notification: Any) -> bytes:
    about = {"notificationId": "n-1", "eventDate": "2026-11-24T06:39:57.462Z"} | notification
    return json.dumps({"metadata": {"topic": topic}, "notification": about | {"data": data}}).encode()


def tried(query: str = "?challenge_code=a1", **options: str) -> Verdict:
    request = Request("GET", URL + query, Headers(), b"")
    return EBAY.judge(request, keys_of(EBAY), NOW, options or options_of(EBAY))


def headed(header: str | None) -> Verdict:
    """What is thought of a genuine message with another header."""
    genuine = practice(EBAY)
    lines = tuple(line for line in genuine.headers.lines if line[0] != HEADER.encode())
    added = Headers.of({HEADER: header}).lines if header is not None else ()
    return judge(EBAY, structs.replace(genuine, headers=Headers((*lines, *added))))


def signature() -> dict[str, Any]:
    """What the header of a genuine message holds."""
    found: dict[str, Any] = json.loads(b64decode(practice(EBAY).headers.only(HEADER) or ""))
    return found


def coded(value: Any) -> str:
    return b64encode(json.dumps(value).encode()).decode()


def test_a_closed_account_is_a_notice_that_names_who_is_to_be_forgotten() -> None:
    event = judged(EBAY, told("MARKETPLACE_ACCOUNT_DELETION", {"username": "buyer1", "userId": "u1"}))

    assert (event.id, event.kind, event.claim) == ("n-1", Kind.NOTICE, None)
    assert event.occurred_at == 1_795_502_397_462
    assert isinstance(event.happening, Notice)
    assert event.happening.name == "buyer1"
    assert "buyer1" in str(event.happening.text)


@pytest.mark.parametrize("data", [{"orderId": "12-34567-89012"}, {"order": {"orderId": "12-34567-89012"}}])
def test_an_order_without_its_sum_is_a_notice_and_no_sale(data: Any) -> None:
    """The AsyncAPI description of ORDER_CONFIRMATION: the seller looks the order up by the id that it names."""
    event = judged(EBAY, told("ORDER_CONFIRMATION", data))

    assert (event.kind, event.claim) == (Kind.NOTICE, None)
    assert isinstance(event.happening, Notice)
    assert "12-34567-89012" in str(event.happening.text)


@pytest.mark.parametrize("data", [None, [], "x", {}, {"username": 7, "orderId": {}}, {"username": "x" * 10_000}])
@pytest.mark.parametrize("topic", ["MARKETPLACE_ACCOUNT_DELETION", "ORDER_CONFIRMATION", "ITEM_AVAILABILITY", ""])
def test_whatever_is_missing_the_notice_is_kept(topic: str, data: Any) -> None:
    event = judged(EBAY, told(topic, data, eventDate=None))

    assert (event.kind, event.claim, event.occurred_at, event.unreadable) == (Kind.NOTICE, None, NOW, "")


def test_the_address_is_tried_by_a_code_that_only_the_agreed_word_answers() -> None:
    """npm event-notification-nodejs-sdk 1.0.3, generateChallengeResponse: code, token and address, hashed as one."""
    token = options_of(EBAY)["verification_token"]
    right = hashlib.sha256(f"a1{token}{URL}".encode()).hexdigest()

    assert tried() == Challenge(Answer(200, f'{{"challengeResponse":"{right}"}}'.encode(), "application/json"))
    assert tried(verification_token="another") != tried()
    for query in ("", "?challenge_code=", "?other=a1"):
        assert tried(query) == Rejected(Reason.HANDSHAKE)
    assert tried(verification_token="") == Rejected(Reason.HANDSHAKE)


def test_a_message_waits_for_the_key_that_it_names() -> None:
    assert EBAY.judge(practice(EBAY), replace(keys_of(EBAY), certificates={}), NOW) == Wanting(PRACTICE_KEY)


@pytest.mark.parametrize("other", ["", "none", "ec", "p384", "rsa"])
def test_by_no_other_key_it_is_believed(other: str) -> None:
    keys = {"ec": pem(ec.generate_private_key(ec.SECP256R1())), "p384": pem(ec.generate_private_key(ec.SECP384R1()))}
    keys["rsa"] = pem(key_pair())
    key = public_half(keys[other]) if other in keys else other

    reason = rejected(EBAY.judge(practice(EBAY), replace(keys_of(EBAY), certificates={PRACTICE_KEY: key}), NOW)).reason

    assert reason is (Reason.SIGNATURE_MISMATCH if other == "ec" else Reason.CERTIFICATE)


def test_every_byte_of_the_body_is_signed() -> None:
    genuine = practice(EBAY)

    assert rejected(judge(EBAY, structs.replace(genuine, body=genuine.body + b" "))).reason is Reason.SIGNATURE_MISMATCH


@pytest.mark.parametrize(
    "kid",
    [
        "",
        "../../../identity/v1/oauth2/token",
        "a/b",
        "a?x=1",
        "a#x",
        "a%2Fb",
        "a\n",
        "@evil.example",
        "a" * 65,
        "\u0661",
        None,
        ["a"],
    ],
)
def test_what_a_message_calls_its_key_never_leads_elsewhere(kid: Any) -> None:
    assert rejected(headed(coded(signature() | {"kid": kid}))).reason is Reason.SIGNATURE_MALFORMED


@pytest.mark.parametrize(
    "change", [{"alg": "none"}, {"alg": "ECDSA"}, {"digest": "MD5"}, {"signature": "AAA"}, {"signature": ""}]
)
def test_another_way_of_signing_counts_nothing(change: dict[str, str]) -> None:
    assert rejected(headed(coded(signature() | change))).reason is Reason.SIGNATURE_MALFORMED


def test_a_header_that_is_none_counts_nothing() -> None:
    right = practice(EBAY).headers.only(HEADER) or ""

    assert rejected(headed(None)).reason is Reason.SIGNATURE_MISSING
    for header in (
        "x",
        right[:-4],
        right.replace("e", "\u00e9"),
        coded([]),
        coded("x"),
        coded(signature() | {"more": "x" * 2_000}),
    ):
        assert rejected(headed(header)).reason is Reason.SIGNATURE_MALFORMED
    assert rejected(headed(coded(signature() | {"signature": "AAAA"}))).reason is Reason.SIGNATURE_MISMATCH


def test_its_keys_are_at_its_own_host() -> None:
    assert is_own_key(f"{KEYS}9936261a-7d7b-4621-a0f1-96ccb428af49")
    for url in ("", KEYS, f"{KEYS}a/b", KEYS.replace("api.", "evil.") + "a", KEYS.replace("https", "http") + "a"):
        assert not is_own_key(url)
