"""docs/attacks.md, D: signatures, times and identities that must not be believed, and the few that must."""

from urllib.parse import quote

import pytest
from msgspec.structs import replace

from shopwatch.domain.instant import DAY, MINUTE, SECOND
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected, explain
from shopwatch.domain.source import Secrets
from shopwatch.providers import PROVIDERS
from shopwatch.providers.kit.signature import MOST_TRIED
from shopwatch.providers.provider import Provider
from tests.providers.cases import (
    BY_ID,
    KEYS,
    NOW,
    OTHER_SECRET,
    SECRET,
    SIGNING,
    UNCOVERED,
    judge,
    practice,
    recipe,
    rejected,
    secret_of,
    signed,
)

PAYNOW, STRIPE, SHOPIFY, STANDARD = (BY_ID[name] for name in ("paynow", "stripe", "shopify", "standard-webhooks"))
HOLDING = [provider for provider in PROVIDERS if not provider.secretless]
TIMED = [provider for provider in SIGNING if recipe(provider).timed]
UNFIT = (Reason.SIGNATURE_MISMATCH, Reason.TOKEN_MISMATCH)


def named(provider: Provider) -> str:
    return provider.id


def with_header(request: Request, name: str, value: bytes | None) -> Request:
    """`request` with another value of this header, or without it."""
    lines = [(key, held) for key, held in request.headers.lines if key.lower() != name.lower().encode()]
    lines += [] if value is None else [(name.encode(), value)]
    return replace(request, headers=Headers(tuple(lines)))


@pytest.mark.parametrize("provider", SIGNING, ids=named)
@pytest.mark.parametrize(
    "value",
    [None, b"", b"garbage", b"v1,a,b", b"v1,!!!", b"t=1795500000,v1=", "sig\u00fc".encode(), b"v1", b"\xff" * 9],
)
def test_a_missing_or_broken_signature_is_rejected(provider: Provider, value: bytes | None) -> None:
    signature = recipe(provider).headers[0].signature

    verdict = rejected(judge(provider, with_header(practice(provider), signature, value)))

    assert verdict.reason in (Reason.SIGNATURE_MISSING, Reason.SIGNATURE_MALFORMED, Reason.TIMESTAMP_MISSING)
    assert explain(verdict.reason, provider.name, verdict.detail)


@pytest.mark.parametrize("provider", SIGNING, ids=named)
def test_a_signature_has_one_spelling(provider: Provider) -> None:
    request = practice(provider)
    name = recipe(provider).headers[0].signature
    mark = f"{next(iter(recipe(provider).schemes))}{recipe(provider).binds}" if recipe(provider).between else None
    head, binds, right = (request.headers.only(name) or "").rpartition(mark or "\n")
    for bent in (right.swapcase(), right.rstrip("=") + "A", right + "=", right[:-1], right[:-2] + "B=", f"{right}\x00"):
        verdict = judge(provider, with_header(request, name, f"{head}{binds}{bent}".encode()))
        assert rejected(verdict).reason in (Reason.SIGNATURE_MISMATCH, Reason.SIGNATURE_MALFORMED)


@pytest.mark.parametrize(
    ("provider", "value"),
    [
        (STRIPE, "t={at},v0={right}"),
        (STRIPE, "t={at},v9={right}"),
        (STRIPE, "t={at},V1={right}"),
        (STANDARD, "v0,{right}"),
        (STANDARD, "v1a,{right}"),
        (STANDARD, "v1={right}"),
    ],
)
def test_other_versions_do_not_count(provider: Provider, value: str) -> None:
    request = practice(provider)
    name = recipe(provider).headers[0].signature
    right = (request.headers.only(name) or "").replace("v1=", "v1,").rpartition("v1,")[2]
    forged = value.format(at=NOW // SECOND, right=right).encode()

    assert rejected(judge(provider, with_header(request, name, forged))).reason is Reason.SIGNATURE_MALFORMED


@pytest.mark.parametrize("provider", [STRIPE, STANDARD], ids=named)
def test_thousands_of_signatures_are_not_tried(provider: Provider) -> None:
    request = practice(provider)
    name = recipe(provider).headers[0].signature
    right = request.headers.only(name) or ""
    between, binds = recipe(provider).between, recipe(provider).binds
    wrong = f"v1{binds}{'A' * 44}"
    few = between.join([*[wrong] * (MOST_TRIED - 1), right]).encode()
    many = between.join([*[wrong] * 10_000, right]).encode()

    assert isinstance(judge(provider, with_header(request, name, few)), Accepted)
    assert rejected(judge(provider, with_header(request, name, many))).reason is Reason.SIGNATURE_MALFORMED


def test_only_twenty_secrets_are_tried() -> None:
    wrong = tuple(f"wrong secret {number}" for number in range(MOST_TRIED - 1))

    assert isinstance(judge(PAYNOW, practice(PAYNOW), Secrets((*wrong, SECRET))), Accepted)
    assert rejected(judge(PAYNOW, practice(PAYNOW), Secrets((*wrong, "one more", SECRET))))


@pytest.mark.parametrize("provider", SIGNING, ids=named)
def test_headers_that_decide_may_come_only_once(provider: Provider) -> None:
    family = recipe(provider).headers[0]
    request = practice(provider)
    for name in filter(None, (family.signature, family.timestamp, family.id, family.type)):
        value = (request.headers.only(name) or "").encode()
        twice = replace(request, headers=Headers((*request.headers.lines, (name.lower().encode(), value))))

        assert rejected(judge(provider, twice)) == Rejected(Reason.HEADER_REPEATED, name)


def test_stripe_names_its_time_only_once() -> None:
    request = practice(STRIPE)
    value = f"t={NOW // SECOND},{request.headers.only('Stripe-Signature')}".encode()

    verdict = rejected(judge(STRIPE, with_header(request, "Stripe-Signature", value)))

    assert verdict.reason is Reason.HEADER_REPEATED


@pytest.mark.parametrize("provider", TIMED, ids=named)
@pytest.mark.parametrize(
    "timestamp",
    ["nan", "inf", "1e10", "-1", "17.9", "1_7", "+17", "0x11", " ", "9" * 16, "\u0661\u0667", "12345678901a"],
)
def test_only_plain_digits_are_a_time(provider: Provider, timestamp: str) -> None:
    request = practice(provider)
    family = recipe(provider).headers[0]
    if family.timestamp:
        bent = with_header(request, family.timestamp, timestamp.encode())
    else:
        signature = (request.headers.only(family.signature) or "").replace(f"{NOW // SECOND}", timestamp)
        bent = with_header(request, family.signature, signature.encode())

    assert rejected(judge(provider, bent)).reason in (Reason.TIMESTAMP_MALFORMED, Reason.TIMESTAMP_MISSING)


@pytest.mark.parametrize("provider", TIMED, ids=named)
def test_messages_are_believed_for_as_long_as_their_sender_says(provider: Provider) -> None:
    request, past, future = practice(provider), recipe(provider).past, recipe(provider).future

    assert isinstance(judge(provider, request, now=NOW + past), Accepted)
    assert isinstance(judge(provider, request, now=NOW - future), Accepted)
    assert rejected(judge(provider, request, now=NOW + past + SECOND)).reason is Reason.TOO_OLD
    assert rejected(judge(provider, request, now=NOW - future - SECOND)).reason is Reason.FROM_THE_FUTURE


@pytest.mark.parametrize("provider", [PAYNOW, STRIPE, STANDARD], ids=named)
@pytest.mark.parametrize(
    ("later", "reason", "detail"),
    [
        (-301 * SECOND, Reason.FROM_THE_FUTURE, "5"),
        (-300 * SECOND, None, ""),
        (-299 * SECOND, None, ""),
        (SECOND, None, ""),
        (299 * SECOND, None, ""),
        (300 * SECOND, None, ""),
        (301 * SECOND, Reason.TOO_OLD, "5"),
        (14 * MINUTE, Reason.TOO_OLD, "14"),
        (30 * DAY, Reason.TOO_OLD, "43200"),
        (400 * DAY, Reason.TOO_OLD, "576000"),
        (401 * DAY, Reason.TIMESTAMP_MALFORMED, "401"),
        (-400 * DAY, Reason.FROM_THE_FUTURE, "576000"),
        (-8000 * 365 * DAY, Reason.TIMESTAMP_MALFORMED, "2920000"),
    ],
)
def test_messages_are_believed_for_five_minutes(
    provider: Provider, later: int, reason: Reason | None, detail: str
) -> None:
    verdict = judge(provider, practice(provider), now=NOW + later)

    if reason is None:
        assert isinstance(verdict, Accepted)
    else:
        assert verdict == Rejected(reason, detail)


@pytest.mark.parametrize("provider", [each for each in SIGNING if each.id not in UNCOVERED], ids=named)
def test_the_same_json_written_otherwise_is_a_forgery(provider: Provider) -> None:
    request = practice(provider)
    body = request.body.replace(b"{", b"{ ", 1)
    spaced = body if body != request.body else body.replace(quote("{").encode(), quote("{ ").encode(), 1) + b"&a=b"

    assert rejected(judge(provider, replace(request, body=spaced))).reason is Reason.SIGNATURE_MISMATCH


def test_an_id_cannot_move_its_end() -> None:
    """`a.b` + `1` and `a` + `b.1` sign the same text; an id with a full stop is therefore none."""
    verdict = judge(STANDARD, signed(STANDARD, b"{}", "msg_1.1795500000"))

    assert verdict == Rejected(Reason.ID_UNUSABLE)
    assert verdict.answer.status == 400


@pytest.mark.parametrize("provider", HOLDING, ids=named)
def test_the_secret_of_another_source_does_not_fit(provider: Provider) -> None:
    assert rejected(judge(provider, practice(provider), Secrets((OTHER_SECRET,)))).reason in UNFIT


@pytest.mark.parametrize("provider", HOLDING, ids=named)
@pytest.mark.parametrize("held", [(), ("",), ("whsec_",), ("whpk_",), ("whpk_AAAA",)])
def test_no_secret_fits_nothing(provider: Provider, held: tuple[str, ...]) -> None:
    assert rejected(judge(provider, practice(provider), Secrets(held))).reason in UNFIT


@pytest.mark.parametrize("provider", HOLDING, ids=named)
def test_any_of_several_secrets_may_sign(provider: Provider) -> None:
    held = Secrets(("whsec_b25lIG1vcmUgc2VjcmV0IGZvciByZWZ1bmRz", OTHER_SECRET, secret_of(provider)))

    assert isinstance(judge(provider, practice(provider), held), Accepted)


@pytest.mark.parametrize("provider", HOLDING, ids=named)
def test_a_replaced_secret_counts_until_its_time_is_over(provider: Provider) -> None:
    until = NOW + 5 * SECOND
    held = Secrets((OTHER_SECRET,), previous=(secret_of(provider),), previous_until=until)
    late = practice(provider, now=until)

    assert isinstance(judge(provider, practice(provider), held, until - 1), Accepted)
    assert rejected(judge(provider, late, held, until)).reason in UNFIT


@pytest.mark.parametrize("provider", PROVIDERS, ids=named)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "post", ""])
def test_messages_come_by_post(provider: Provider, method: str) -> None:
    verdict = judge(provider, replace(practice(provider), method=method))

    if method in provider.tried_by or (method == "GET" and (provider.handshake or "GET" in provider.methods)):
        assert not isinstance(verdict, Accepted)
        return
    assert verdict == Rejected(Reason.METHOD)
    assert verdict.answer.status == 405
    assert verdict.answer.headers == (("Allow", "POST"),)


@pytest.mark.parametrize("name", ["X-Shopify-Topic", "X-Shopify-Shop-Domain", "X-Shopify-Webhook-Id"])
def test_shopify_always_names_its_topic_shop_and_webhook(name: str) -> None:
    verdict = judge(SHOPIFY, with_header(practice(SHOPIFY), name, None))

    assert verdict == Rejected(Reason.HEADER_MISSING, name)


@pytest.mark.parametrize("secret", [SECRET.removeprefix("whsec_"), SECRET.rstrip("=")])
def test_a_standard_secret_may_lack_its_prefix_or_padding(secret: str) -> None:
    assert isinstance(judge(STANDARD, practice(STANDARD), Secrets((secret,))), Accepted)


def test_an_ed25519_key_pair_signs_and_checks() -> None:
    from base64 import b64encode

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    signing = "whsk_" + b64encode(private.private_bytes_raw() + public).decode()
    request = STANDARD.practise(Kind.SALE, signing, NOW, 3)
    checking = Secrets(("whpk_" + b64encode(public).decode(),))

    assert isinstance(judge(STANDARD, request, checking), Accepted)
    assert isinstance(judge(STANDARD, request, Secrets((signing,))), Accepted)
    assert rejected(judge(STANDARD, request, KEYS))
    right = request.headers.only("webhook-signature") or ""
    for bent in (right.rstrip("="), right[:-3] + chr(ord(right[-3]) + 1) + "==", right[:-4], "v1a,", "v1a,AAAA"):
        assert rejected(judge(STANDARD, with_header(request, "webhook-signature", bent.encode()), checking))
    changed = replace(request, body=request.body + b" ")
    assert rejected(judge(STANDARD, changed, checking)).reason is Reason.SIGNATURE_MISMATCH
