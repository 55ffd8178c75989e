"""Messages that are a JSON Web Token, as a whole or in one header.

Facts: RFC 7515 (compact serialization; ES256 is the two numbers of 32 bytes each), RFC 7518 (3.3, 3.4), RFC 7519 (exp,
nbf, iat), RFC 8725 (the algorithm is fixed beforehand, never chosen by the message).
"""

import json
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import MINUTE, SECOND, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.check import Signed, far_off
from shopwatch.providers.kit.pem import der
from shopwatch.providers.kit.reading import Unreadable, parse
from shopwatch.providers.kit.signature import MOST_TRIED
from shopwatch.providers.kit.token import with_header

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

    type PublicKey = RSAPublicKey | EllipticCurvePublicKey
    type PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey

# cryptography is imported late throughout: most shops never meet such a key, and the library is slow to load.

_LONGEST_HEADER = 4_096
_LONGEST_SIGNATURE = 2_048
_LONGEST_KEY = 16_384
_SHORTEST_RSA, _LONGEST_RSA = 2_048, 8_192  # bits
_LAST = 10**11  # seconds; what is beyond it is no time


class Algorithm(StrEnum):
    """How a token is signed; whatever another one says of itself is not believed, "none" and HMAC least of all."""

    RS256 = "RS256"
    ES256 = "ES256"


@dataclass(frozen=True, slots=True)
class Jwt:
    """A token by `algorithm` that is the whole body, or stands in `header`, there perhaps behind "Bearer".

    Secrets are public keys in PEM, which may be encoded in base64 once more; private ones can also sign. Of a token in
    a header the body is not signed. It is not believed from `exp` on, nor before `nbf`; both may be missing.
    """

    algorithm: Algorithm
    header: str = ""

    def applies(self, request: Request) -> bool:
        return self._token(request).count(b".") == 2

    def check(self, request: Request, secrets: Secrets, now: Instant, _options: Options) -> Signed | Rejected:
        parts = self._token(request).split(b".", 3)
        if len(parts) != 3:
            return Rejected(Reason.SIGNATURE_MISSING)
        head, said, mark = parts
        signature = _raw(mark) if len(mark) <= _LONGEST_SIGNATURE else None
        if signature is None or not self._is_ours(head):
            return Rejected(Reason.SIGNATURE_MALFORMED)
        signed = head + b"." + said
        if not any(self._fits(held, signature, signed) for held in secrets.at(now)[:MOST_TRIED]):
            return Rejected(Reason.SIGNATURE_MISMATCH)
        return _timely(said, now)

    def sign(self, request: Request, secret: str, at: Instant, _message_id: str, _options: Options) -> Request | None:
        """The body becomes the claims of the token, or those of one in the header are only when it was made."""
        key = _private(secret, self.algorithm)
        if key is None:
            return None
        claims = json.dumps({"iat": at // SECOND}).encode() if self.header else request.body
        head = json.dumps({"alg": self.algorithm, "typ": "JWT"}, separators=(",", ":")).encode()
        signed = urlsafe(head) + b"." + urlsafe(claims)
        token = signed + b"." + urlsafe(_signature(key, signed))
        if self.header:
            return with_header(request, self.header, token.decode())
        return replace(request, body=token)

    def _token(self, request: Request) -> bytes:
        if not self.header:
            return request.body.strip()
        said = (request.headers.only(self.header) or "").encode("utf-8", "replace")
        return said[7:].strip() if said[:7].lower() == b"bearer " else said

    def _is_ours(self, head: bytes) -> bool:
        """Whether its header says what is expected. Nobody here knows of anything that it calls critical."""
        raw = _raw(head) if len(head) <= _LONGEST_HEADER else None
        try:
            told = parse(raw or b"")
        except Unreadable:
            return False
        return told.get("alg") == self.algorithm.value and "crit" not in told

    def _fits(self, held: str, signature: bytes, signed: bytes) -> bool:
        key = _public(held, self.algorithm)
        return key is not None and _verifies(key, signature, signed)


def claims_in(token: bytes) -> dict[str, Any]:
    """What a token says, believed or not. Raises `Unreadable`."""
    parts = token.strip().split(b".", 3)
    raw = _raw(parts[1]) if len(parts) == 3 else None
    if raw is None:
        raise Unreadable(phrase("The message is genuine, but it is not written in a way ShopWatch can read."))
    return parse(raw)


def urlsafe(raw: bytes) -> bytes:
    """As tokens write bytes: base64 for addresses, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=")


def is_key(secret: str, algorithm: Algorithm) -> bool:
    """Whether `secret` is a key by which tokens of this algorithm can be checked."""
    return _public(secret, algorithm) is not None


def _raw(written: bytes) -> bytes | None:
    """The bytes, if they are written in the one exact way."""
    try:
        found = urlsafe_b64decode(written + b"=" * (-len(written) % 4))
    except (NotBase64, ValueError):
        return None
    return found if urlsafe(found) == written else None


def _timely(said: bytes, now: Instant) -> Signed | Rejected:
    """A genuine token, if its time is now. What it says may be unreadable, and is kept for whoever looks at it."""
    try:
        told: Mapping[str, Any] = claims_in(b"." + said + b".")
    except Unreadable:
        return Signed(now)
    times = {name: _time(told[name]) for name in ("exp", "nbf", "iat") if told.get(name) is not None}
    if None in times.values():
        return Rejected(Reason.TIMESTAMP_MALFORMED)
    end, begin, made = times.get("exp"), times.get("nbf"), times.get("iat")
    for each in (begin, made):
        if each is not None and each > now and (impossible := far_off(each, now)) is not None:
            return impossible
    if end is not None and now >= end:
        return Rejected(Reason.TOO_OLD, str((now - (end if made is None else min(made, end))) // MINUTE))
    if begin is not None and now < begin:
        return Rejected(Reason.FROM_THE_FUTURE, str((begin - now) // MINUTE))
    return Signed(now if made is None else made)


def _time(told: Any) -> Instant | None:
    """A NumericDate: seconds, perhaps with a fraction."""
    if isinstance(told, bool) or not hasattr(told, "__floor__"):
        return None
    return int(told * SECOND) if 0 <= told <= _LAST else None


def _der(secret: str, kind: str) -> bytes | None:
    """The bytes of a key in PEM, or of such a one in base64."""
    written = secret.strip()
    if len(written) > _LONGEST_KEY:
        return None
    if not written.startswith("-----"):
        try:
            written = b64decode("".join(written.split()), validate=True).decode()
        except (NotBase64, ValueError):
            return None
    return der(written, kind)


def _public(secret: str, algorithm: Algorithm) -> "PublicKey | None":
    raw = _der(secret, "PUBLIC")
    if raw is None:
        private = _private(secret, algorithm)
        return None if private is None else private.public_key()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        return None
    usable = isinstance(key, RSAPublicKey | EllipticCurvePublicKey) and _suits(key, algorithm)
    return key if usable and isinstance(key, RSAPublicKey | EllipticCurvePublicKey) else None


def _private(secret: str, algorithm: Algorithm) -> "PrivateKey | None":
    raw = _der(secret, "PRIVATE")
    if raw is None:
        return None
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        key = load_der_private_key(raw, None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        return None
    return key if _suits(key.public_key(), algorithm) else None


def _suits(key: "PublicKey", algorithm: Algorithm) -> bool:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

    if isinstance(key, EllipticCurvePublicKey):
        return algorithm is Algorithm.ES256 and isinstance(key.curve, SECP256R1)
    return algorithm is Algorithm.RS256 and _SHORTEST_RSA <= key.key_size <= _LONGEST_RSA


def _verifies(key: "PublicKey", signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    from shopwatch.providers.kit.certificates import is_signature

    if not isinstance(key, EllipticCurvePublicKey):
        return is_signature(key, signature, signed)
    if len(signature) != 64:
        return False
    numbers = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        key.verify(numbers, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _signature(key: "PrivateKey", signed: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    if not isinstance(key, EllipticCurvePrivateKey):
        return key.sign(signed, PKCS1v15(), SHA256())
    one, other = decode_dss_signature(key.sign(signed, ECDSA(SHA256())))
    return one.to_bytes(32) + other.to_bytes(32)
