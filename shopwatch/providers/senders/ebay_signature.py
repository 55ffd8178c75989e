"""How eBay signs. Facts: eBay's SDKs for event notifications (npm event-notification-nodejs-sdk 1.0.3, java e61e189,
golang 0044b77: the header, where the key is, ECDSA over SHA-1) and its description of the Notification API (1.6.7,
getPublicKey).

It signs with keys of its own, the same for every app, each of which it tells to whoever has an app of any kind. That a
message was meant for this one, its address alone says.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Reason, Rejected, Wanting
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.check import Signed
from shopwatch.providers.kit.pem import der
from shopwatch.providers.kit.reading import Unreadable, ident, parse, text
from shopwatch.providers.kit.signature import BASE64

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

HOST = "api.ebay.com"
KEYS = f"https://{HOST}/commerce/notification/v1/public_key/"
"""Where its public keys are, each by its id."""
PRACTICE_KEY = f"{KEYS}00000000-0000-4000-8000-000000000000"

_HEADER = "X-EBAY-SIGNATURE"
_OWN = re.compile(re.escape(KEYS) + r"[A-Za-z0-9-]{1,64}", re.ASCII)
_LONGEST = 1_000
_ALGORITHM, _DIGEST = "ecdsa", "SHA1"


def is_own_key(url: str) -> bool:
    """Whether this is the address of one of eBay's keys, and nothing else."""
    return _OWN.fullmatch(url) is not None


def is_key(pem: str) -> bool:
    """Whether this is a public key as eBay has them."""
    return _parse_public_key(pem) is not None


class EbaySignature:
    """The body is signed. There is no secret: whoever stands in for eBay signs by a private key in PEM."""

    def applies(self, request: Request) -> bool:
        return bool(request.headers.only(_HEADER))

    def check(self, request: Request, secrets: Secrets, now: Instant, _options: Options) -> Signed | Rejected | Wanting:
        sent = request.headers.only(_HEADER)
        if not sent:
            return Rejected(Reason.SIGNATURE_MISSING)
        url, signature = _parse_header(sent)
        if not signature or not is_own_key(url):
            return Rejected(Reason.SIGNATURE_MALFORMED)
        if url not in secrets.certificates:
            return Wanting(url)
        key = _parse_public_key(secrets.certificates[url])
        if key is None:
            return Rejected(Reason.CERTIFICATE)
        return Signed(now) if _verifies_signature(key, signature, request.body) else Rejected(Reason.SIGNATURE_MISMATCH)

    def sign(self, request: Request, secret: str, _at: Instant, _message_id: str, _options: Options) -> Request | None:
        signature = _signature(secret, request.body)
        if signature is None:
            return None
        kid = PRACTICE_KEY.removeprefix(KEYS)
        told = f'{{"alg":"{_ALGORITHM}","kid":"{kid}","signature":"{signature}","digest":"{_DIGEST}"}}'
        line = Headers.of({_HEADER: BASE64.write(told.encode()).decode()})
        return replace(request, headers=Headers((*request.headers.lines, *line.lines)))


def _parse_header(sent: str) -> tuple[str, bytes]:
    """Where the key is, and the signature; nothing where the header is not written as eBay does."""
    raw = BASE64.read(sent)
    if raw is None or len(raw) > _LONGEST or BASE64.write(raw).decode() != sent:
        return "", b""
    try:
        told = parse(raw)
    except Unreadable:
        return "", b""
    written = text(told, "signature")
    signature = BASE64.read(written)
    if signature is None or BASE64.write(signature).decode() != written:
        return "", b""
    fits = text(told, "alg") == _ALGORITHM and text(told, "digest") == _DIGEST
    return (f"{KEYS}{ident(told, 'kid')}", signature) if fits else ("", b"")


@lru_cache(maxsize=4)
def _parse_public_key(pem: str) -> "EllipticCurvePublicKey | None":
    """A key on the curve P-256, with or without its line breaks, which eBay leaves out."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    raw = der(pem, "PUBLIC")
    if raw is None:
        return None
    try:
        key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1) else None


def _verifies_signature(key: "EllipticCurvePublicKey", signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA1

    try:
        key.verify(signature, signed, ECDSA(SHA1()))  # noqa: S303 - eBay's choice
    except InvalidSignature:
        return False
    return True


def _signature(pem: str, signed: bytes) -> str | None:
    raw = der(pem, "PRIVATE")
    if raw is None:
        return None
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        key = load_der_private_key(raw, None)
    except (ValueError, TypeError):
        return None
    if not isinstance(key, EllipticCurvePrivateKey):
        return None
    return BASE64.write(key.sign(signed, ECDSA(SHA1()))).decode()  # noqa: S303 - eBay's choice
