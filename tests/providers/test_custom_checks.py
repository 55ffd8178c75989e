"""How a described sender shows that it is the one: signatures, tokens, and how long it is believed."""

import hmac
import json
from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.source import Secrets
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.providers.kit.token import REDACTED
from shopwatch.providers.provider import Assurance
from shopwatch.providers.request_file import requests_in
from tests.providers.cases import NOW, URL, VECTORS, rejected
from tests.providers.cases import OPTIONS as SET
from tests.providers.described import KEYS, SECRET, SHOP, judge, request

# What other senders do, told in options, judges their vectors as their own declarations do.
GITHUB = {"method": "hmac", "signature_header": "X-Hub-Signature-256", "signature_prefix": "sha256="}
SLACK = {
    "method": "hmac",
    "signature_header": "X-Slack-Signature",
    "signature_prefix": "v0=",
    "signed": "v0:{timestamp}:{body}",
    "timestamp_header": "X-Slack-Request-Timestamp",
}
SVIX = {
    "method": "hmac",
    "signature_header": "svix-signature",
    "signature_prefix": "v1,",
    "signed": "{id}.{timestamp}.{body}",
    "timestamp_header": "svix-timestamp",
    "id_header": "svix-id",
    "encoding": "base64",
    "key": "base64",
}
WOOCOMMERCE = {"method": "hmac", "signature_header": "X-WC-Webhook-Signature", "encoding": "base64"}
SQUARE = {
    "method": "hmac",
    "signature_header": "x-square-hmacsha256-signature",
    "signed": "{url}{body}",
    "encoding": "base64",
}


@pytest.mark.parametrize(
    ("file", "options", "but"),
    [
        ("seed/github", GITHUB, set()),
        ("seed/meta", GITHUB, {"verification"}),
        ("seed/slack", SLACK, set()),
        ("seed/svix", SVIX, {"unbranded names"}),
        ("seed/basic-auth", {"method": "basic"}, set()),
    ],
)
def test_known_senders_can_be_described(file: str, options: dict[str, str], but: set[str]) -> None:
    cases = json.loads((VECTORS / f"{file}.json").read_text())["cases"]
    for case in cases:
        if case["name"] in but:
            continue
        filed = requests_in(json.dumps(case).encode())[0]

        verdict = CUSTOM.judge(filed.request, filed.secrets, filed.now or 0, {**options, "notices": "*"})

        assert isinstance(verdict, Rejected) is (case["expect"] == "invalid"), case["name"]


@pytest.mark.parametrize(("file", "options"), [("woocommerce", WOOCOMMERCE), ("square", SQUARE)])
def test_genuine_messages_of_shops_fit_their_description(file: str, options: dict[str, str]) -> None:
    cases = json.loads((VECTORS / "commerce" / f"{file}.json").read_text())["cases"]
    genuine = [case for case in cases if case["expect"] == "valid"]
    for case in genuine:
        filed = requests_in(json.dumps(case).encode())[0]
        told = {**options, "notices": "*"}

        assert isinstance(CUSTOM.judge(filed.request, filed.secrets, filed.now or 0, told), Accepted), case["name"]
        changed = structs.replace(filed.request, body=filed.request.body + b" ")
        assert isinstance(CUSTOM.judge(changed, filed.secrets, filed.now or 0, told), Rejected)
    assert genuine


@pytest.mark.parametrize(
    "case", json.loads((VECTORS / "seed/static-token.json").read_text())["cases"], ids=lambda case: str(case["name"])
)
def test_tokens_in_headers_are_told_by_header_and_scheme(case: dict[str, Any]) -> None:
    filed = requests_in(json.dumps(case).encode())[0]
    options = {"method": "token", "token_name": filed.options["header"], "notices": "*"}
    options["token_scheme"] = filed.options.get("scheme", "")

    verdict = CUSTOM.judge(filed.request, filed.secrets, NOW, options)

    assert isinstance(verdict, Accepted) is (case["expect"] == "valid")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"token_in": "header", "token_name": "X-Token"}, request({}, X_Token=SECRET)),
        ({"token_in": "query", "token_name": "key"}, request({}, f"{URL}?a=1&key={SECRET}")),
        ({"token_in": "body", "token_name": "auth.key"}, request({"auth": {"key": SECRET}, "a": 1})),
        ({"token_in": "body", "token_name": "auth.0"}, request({"auth": [SECRET]})),
        (
            {"token_in": "body", "token_name": "auth.key"},
            structs.replace(
                request({}, Content_Type="application/x-www-form-urlencoded"), body=f"auth.key={SECRET}&b=2".encode()
            ),
        ),
    ],
)
def test_a_token_counts_in_its_own_place_and_is_not_kept(options: dict[str, str], message: Request) -> None:
    told = {"method": "token", "notices": "*", **options}

    assert isinstance(judge(told, message), Accepted)
    assert rejected(judge(told, message, Secrets(("another secret",)))).reason is Reason.TOKEN_MISMATCH
    assert rejected(judge(told, request({}))).reason is Reason.TOKEN_MISSING
    for other in ({"token_in": "header", "token_name": "X-Other"}, {"token_in": "query", "token_name": "other"}):
        assert isinstance(judge({**told, **other}, message), Rejected)
    kept = CUSTOM.kept(message, judge(told, message), told)
    assert SECRET not in repr(kept)
    assert REDACTED in repr(kept)
    assert isinstance(judge(told, kept), Rejected)


@pytest.mark.parametrize(
    ("secret", "key", "written"),
    [
        ("whsec_c2VlZC12ZWN0b3JzLXZpc2libGUta2V5", b"seed-vectors-visible-key", "base64"),
        ("c2VlZC12ZWN0b3JzLXZpc2libGUta2V5", b"seed-vectors-visible-key", "base64"),
        ("9_-_Ag_8-v8", b"\xf7\xff\xbf\x02\x0f\xfc\xfa\xff", "base64"),
        ("whsec_9_-_Ag_8-v8", b"\xf7\xff\xbf\x02\x0f\xfc\xfa\xff", "base64"),
        ("9/+/Ag/8+v8=", b"\xf7\xff\xbf\x02\x0f\xfc\xfa\xff", "base64"),
        ("sk_live_00ff17", b"\x00\xff\x17", "hex"),
    ],
)
def test_a_secret_may_have_a_word_before_it_and_any_base64_in_it(secret: str, key: bytes, written: str) -> None:
    told = {"method": "hmac", "signature_header": "X-S", "key": written, "notices": "*"}
    made = request({"a": 1})
    signed = request({"a": 1}, X_S=hmac.new(key, made.body, "sha256").hexdigest())

    assert isinstance(judge(told, signed, Secrets((secret,))), Accepted)


@pytest.mark.parametrize(
    ("method", "assurance"),
    [("none", Assurance.ADDRESS), ("basic", Assurance.TOKEN), ("token", Assurance.TOKEN), ("hmac", Assurance.SIGNED)],
)
def test_what_the_check_is_worth_is_told(method: str, assurance: Assurance) -> None:
    told = {**SHOP, "method": method, "signature_header": "X-S", "token_name": "X-T"}

    assert CUSTOM.described(told).assurance is assurance
    assert CUSTOM.described(told).practises == (Kind.SALE, Kind.REFUND, Kind.CONTACT)


@pytest.mark.parametrize("tolerance", ["", "0", "60"])
def test_messages_are_believed_as_long_as_the_owner_says(tolerance: str) -> None:
    told = {**SET["custom"], "tolerance": tolerance}
    made = CUSTOM.practise(Kind.SALE, SECRET, NOW, 3, url=URL, options=told)
    limit = {"": 300_000, "0": 10**14, "60": 60_000}[tolerance]

    assert isinstance(CUSTOM.judge(made, KEYS, NOW + limit, told), Accepted)
    if tolerance != "0":
        assert rejected(CUSTOM.judge(made, KEYS, NOW + limit + 1000, told)).reason is Reason.TOO_OLD
        assert rejected(CUSTOM.judge(made, KEYS, NOW - limit - 1000, told)).reason is Reason.FROM_THE_FUTURE
