"""Tokens: RFC 7519 as it is meant, and RFC 8725 on what must not be believed. PyJWT made those of the vectors."""

import json
from base64 import b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.instant import MINUTE, SECOND
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Secrets
from shopwatch.providers.kit.check import Signed
from shopwatch.providers.kit.jwt import Algorithm, Jwt, is_key, urlsafe
from shopwatch.secrets.secret_store import cleaned
from tests.providers.authority import paypal_key, pem
from tests.providers.cases import NOW

CURVE = ec.generate_private_key(ec.SECP256R1())
WHOLE: dict[Algorithm, tuple[Jwt, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]] = {
    Algorithm.RS256: (Jwt(Algorithm.RS256), paypal_key()),
    Algorithm.ES256: (Jwt(Algorithm.ES256), CURVE),
}
both = pytest.mark.parametrize("algorithm", Algorithm)


def public(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def token(algorithm: Algorithm, claims: Any, check: Jwt | None = None) -> Request:
    jwt, key = WHOLE[algorithm]
    body = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    made = (check or jwt).sign(Request("POST", "", Headers(), body), pem(key), NOW, "", {})
    assert made is not None
    return made


def checked(algorithm: Algorithm, request: Request, secret: str = "", now: int = NOW) -> object:
    jwt, key = WHOLE[algorithm]
    return jwt.check(request, Secrets((secret or public(key),)), now, {})


@both
def test_a_token_is_believed_by_the_public_key_however_it_was_pasted(algorithm: Algorithm) -> None:
    request = token(algorithm, {"iat": NOW // SECOND - 7, "exp": NOW // SECOND + 60})
    key = public(WHOLE[algorithm][1])
    for written in (key, cleaned(key).secret, key.replace("\n", "\u2028"), b64encode(key.encode()).decode()):
        assert checked(algorithm, request, written) == Signed(NOW - 7 * SECOND)
        assert is_key(written, algorithm)


@both
@pytest.mark.parametrize("at", [0, 40, -80, -2])
def test_one_other_letter_is_not_believed(algorithm: Algorithm, at: int) -> None:
    request = token(algorithm, {"n": 1})
    letters = bytearray(request.body)
    letters[at] = ord("A") if letters[at] != ord("A") else ord("B")
    assert isinstance(checked(algorithm, Request("POST", "", Headers(), bytes(letters))), Rejected)


@both
def test_no_bits_can_be_bent_behind_the_last_letter(algorithm: Algorithm) -> None:
    """Base64 may leave bits over, which decoders pass by; the text would be another and the signature the same."""
    body = token(algorithm, {"n": 1}).body
    for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=":
        bent = body[:-1] + bytes([letter])
        assert bent == body or isinstance(checked(algorithm, Request("POST", "", Headers(), bent)), Rejected)


@both
@pytest.mark.parametrize("said", ["none", "None", "HS256", "RS512", "PS256", "", None, 7, ["RS256"]])
def test_the_message_does_not_choose_how_it_is_checked(algorithm: Algorithm, said: Any) -> None:
    """RFC 8725, 3.1: HS256 by the public key as the secret, and none at all, are the two oldest tricks."""
    import hashlib
    import hmac

    text = urlsafe(json.dumps({"alg": said}).encode()) + b"." + urlsafe(b'{"n": 1}')
    for secret in (public(WHOLE[algorithm][1]).encode(), b""):
        mark = urlsafe(hmac.digest(secret or b"x", text, hashlib.sha256)) if secret else b""
        found = checked(algorithm, Request("POST", "", Headers(), text + b"." + mark))
        assert found == Rejected(Reason.SIGNATURE_MALFORMED)


def test_a_key_of_the_other_kind_or_too_short_checks_nothing() -> None:
    small = rsa.generate_private_key(65537, 1024)
    other_curve = ec.generate_private_key(ec.SECP384R1())
    for algorithm, keys in ((Algorithm.RS256, (CURVE, small)), (Algorithm.ES256, (paypal_key(), other_curve))):
        for key in keys:
            assert checked(algorithm, token(algorithm, {}), public(key)) == Rejected(Reason.SIGNATURE_MISMATCH)
            assert not is_key(public(key), algorithm)


@both
@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": NOW // SECOND}, Reason.TOO_OLD),
        ({"exp": 0.5}, Reason.TOO_OLD),
        ({"nbf": NOW // SECOND + 1}, Reason.FROM_THE_FUTURE),
        ({"exp": "tomorrow"}, Reason.TIMESTAMP_MALFORMED),
        ({"exp": True}, Reason.TIMESTAMP_MALFORMED),
        ({"exp": -1}, Reason.TIMESTAMP_MALFORMED),
        ({"exp": 10**30}, Reason.TIMESTAMP_MALFORMED),
        ({"iat": []}, Reason.TIMESTAMP_MALFORMED),
    ],
)
def test_it_is_believed_in_its_time_only(algorithm: Algorithm, claims: dict[str, Any], reason: Reason) -> None:
    found = checked(algorithm, token(algorithm, claims))
    assert isinstance(found, Rejected)
    assert found.reason is reason


def test_an_old_one_says_how_old_it_is() -> None:
    claims = {"iat": (NOW - 90 * MINUTE) // SECOND, "exp": (NOW - 30 * MINUTE) // SECOND}
    assert checked(Algorithm.RS256, token(Algorithm.RS256, claims)) == Rejected(Reason.TOO_OLD, "90")


@both
def test_a_genuine_token_that_nobody_can_read_is_genuine(algorithm: Algorithm) -> None:
    assert checked(algorithm, token(algorithm, b"\xff no claims")) == Signed(NOW)


@both
def test_a_token_in_a_header_is_checked_too(algorithm: Algorithm) -> None:
    jwt = Jwt(algorithm, "Authorization")
    request = token(algorithm, b"body", jwt)
    shown = request.headers.only("Authorization")
    key = Secrets((public(WHOLE[algorithm][1]),))
    for value in (shown, f"Bearer {shown}", f"bearer {shown}"):
        sent = Request("POST", "", Headers.of({"authorization": value or ""}), b"body")
        assert jwt.applies(sent)
        assert jwt.check(sent, key, NOW, {}) == Signed(NOW)
    assert jwt.check(Request("POST", "", Headers(), b"body"), key, NOW, {}) == Rejected(Reason.SIGNATURE_MISSING)


@both
def test_what_it_calls_critical_must_be_understood(algorithm: Algorithm) -> None:
    """RFC 7515, 4.1.11."""
    head = urlsafe(json.dumps({"alg": algorithm, "crit": ["exp"]}).encode())
    _, said, mark = token(algorithm, {}).body.split(b".")
    found = checked(algorithm, Request("POST", "", Headers(), b".".join((head, said, mark))))
    assert found == Rejected(Reason.SIGNATURE_MALFORMED)


@given(st.sampled_from(Algorithm), st.binary(max_size=200), st.text(max_size=200))
def test_any_bytes_and_any_secret_get_a_verdict(algorithm: Algorithm, body: bytes, secret: str) -> None:
    for sent in (body, b"." + body + b".", token(algorithm, {}).body + body):
        for held in (secret, "-----BEGIN PUBLIC KEY-----" + secret + "-----END PUBLIC KEY-----"):
            assert isinstance(checked(algorithm, Request("POST", "", Headers(), sent + b"x"), held), Rejected)
