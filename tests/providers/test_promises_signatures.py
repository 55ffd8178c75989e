"""docs/attacks.md, D, for every sender: signatures, times and identities that must not be believed."""

import hashlib
import hmac

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.providers import PROVIDERS
from shopwatch.providers.kit.signature import MOST_TRIED
from shopwatch.providers.provider import Assurance, Provider
from tests.providers.cases import (
    BY_ID,
    NOW,
    SECRET,
    SIGNING,
    URL,
    judge,
    options_of,
    practice,
    recipe,
    rejected,
    secret_of,
    signed,
)
from tests.providers.test_signatures import named, with_header

VERSIONED = [each for each in SIGNING if recipe(each).between]
JOINING = [BY_ID[name] for name in ("standard-webhooks", "svix", "bigcommerce", "etsy")]
SHOWING = [each for each in PROVIDERS if each.assurance is Assurance.TOKEN]
GARBAGE = ("", " ", "garbage", "v1,a,b", "=", "%", "\u00fc", "\0", "null", "x" * 5_000)


@pytest.mark.parametrize("provider", PROVIDERS, ids=named)
def test_without_any_mark_nothing_is_believed(provider: Provider) -> None:
    """D1: all headers but the type are gone, and all that a secret may stand in beside them."""
    genuine = practice(provider)
    kind = Headers.of({"Content-Type": genuine.headers.only("Content-Type") or ""})
    bare = Request("POST", URL, kind, b"{}" if "json" in str(kind) else b"a=b")

    verdict = rejected(judge(provider, bare))

    assert verdict.answer.status in (400, 401, 403) or verdict.reason in (Reason.HINT, Reason.PING)


@pytest.mark.parametrize("provider", SHOWING, ids=named)
@pytest.mark.parametrize("shown", GARBAGE)
def test_garbage_is_no_secret(provider: Provider, shown: str) -> None:
    """D1: what stands where the secret is shown, and is none."""
    made = provider.recipe.sign(practice(provider), shown, NOW, "", options_of(provider))

    assert made is None or rejected(judge(provider, made)).reason in (
        Reason.TOKEN_MISSING,
        Reason.TOKEN_MISMATCH,
        Reason.SIGNATURE_MISSING,
    )


@pytest.mark.parametrize("provider", VERSIONED, ids=named)
@pytest.mark.parametrize("version", ["v0", "v9", "V1", "", " v1 x", "sha1 "])
def test_versions_that_nobody_has_agreed_on_do_not_count(provider: Provider, version: str) -> None:
    """D2: the signature is right, but not what it is called."""
    request, binds = practice(provider), recipe(provider).binds
    name = recipe(provider).headers[0].signature
    right = request.headers.only(name) or ""
    own = next(each for each in recipe(provider).schemes if f"{each}{binds}" in right)
    renamed = right.replace(f"{own}{binds}", f"{version}{binds}")

    verdict = rejected(judge(provider, with_header(request, name, renamed.encode())))

    assert verdict.reason in (Reason.SIGNATURE_MALFORMED, Reason.SIGNATURE_MISMATCH, Reason.TIMESTAMP_MISSING)


@pytest.mark.parametrize(
    ("name", "header"), [("github", "X-Hub-Signature"), ("meta", "X-Hub-Signature"), ("dropbox", "X-Dropbox-Signature")]
)
def test_sha1_alone_is_not_enough(name: str, header: str) -> None:
    """D2: an old header's weaker signature."""
    provider = BY_ID[name]
    request = practice(provider)
    sha1 = hmac.digest(SECRET.encode(), request.body, hashlib.sha1).hex()
    weak = with_header(request, recipe(provider).headers[0].signature, None)
    for written in (sha1, f"sha1={sha1}"):
        assert rejected(judge(provider, with_header(weak, header, written.encode())))


@pytest.mark.parametrize("provider", VERSIONED, ids=named)
def test_of_thousands_of_signatures_none_counts(provider: Provider) -> None:
    """D3: also if the last of them is right."""
    request, way = practice(provider), recipe(provider)
    name = way.headers[0].signature
    right = request.headers.only(name) or ""
    version = next(each for each in way.schemes if f"{each}{way.binds}" in right)
    many = way.between.join([*[f"{version}{way.binds}{'A' * 44}"] * 10_000, right])
    few = way.between.join([*[f"{version}{way.binds}{'A' * 44}"] * (min(way.most, MOST_TRIED) - 1), right])

    assert rejected(judge(provider, with_header(request, name, many.encode()))).reason is Reason.SIGNATURE_MALFORMED
    assert isinstance(judge(provider, with_header(request, name, few.encode())), Accepted)


@pytest.mark.parametrize("provider", SHOWING, ids=named)
def test_a_secret_shown_twice_in_headers_is_none(provider: Provider) -> None:
    """D4: marks that come twice."""
    request = practice(provider)
    secret = secret_of(provider).encode()
    lines = [line for line in request.headers.lines if secret in line[1]]
    twice = replace(request, headers=Headers((*request.headers.lines, *lines)))

    assert isinstance(judge(provider, twice), Rejected if lines else Accepted)


@pytest.mark.parametrize("provider", JOINING, ids=named)
@pytest.mark.parametrize("message_id", ["msg_1.1795500000", ".", "a.b", "msg_1.", ".msg_1"])
def test_no_id_moves_the_end_of_what_is_signed(provider: Provider, message_id: str) -> None:
    """D9: "a.b" + "1" and "a" + "b.1" sign the same text."""
    verdict = rejected(judge(provider, signed(provider, practice(provider).body, message_id)))

    assert verdict.reason is Reason.ID_UNUSABLE
    assert verdict.answer.status == 400
