"""Signatures by a key pair of the sender's, whose public half its owner pastes: PEM (RFC 7468)."""

import re
from base64 import b64decode
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from shopwatch.providers.kit.certificates import is_signature
from shopwatch.providers.kit.signature import BASE64, MOST_TRIED

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

# cryptography is imported late: most shops never meet such a signature, and the library is slow to load.

_SHORTEST = 256  # bytes of a signature by a key of 2048 bits; shorter keys are not believed
_LONGEST = 1_024
_BLOCK = re.compile(r"-----BEGIN (PUBLIC|PRIVATE) KEY-----([A-Za-z0-9+/=\s]+)-----END \1 KEY-----")
_SPACE = re.compile(r"\s+")


class RsaSha256:
    """RSA, PKCS #1 v1.5, SHA-256, written in base64. Secrets are public keys in PEM, with or without their line breaks;
    private ones can also sign."""

    def fits(self, secrets: Sequence[str], signed: bytes, sent: Sequence[bytes]) -> bool:
        tries = 0
        for key in filter(None, map(_public, secrets)):
            for signature in sent:
                raw = _raw(signature)
                if raw is None:
                    continue
                tries += 1
                if tries > MOST_TRIED:
                    return False
                if is_signature(key, raw, signed):
                    return True
        return False

    def well_formed(self, sent: bytes) -> bool:
        return _raw(sent) is not None

    def sign(self, secret: str, signed: bytes) -> str | None:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        key = _private(secret)
        return None if key is None else BASE64.write(key.sign(signed, PKCS1v15(), SHA256())).decode()


def _raw(sent: bytes) -> bytes | None:
    """The signature, if it is spelt in the one exact way and can be one."""
    raw = BASE64.read(sent.decode("ascii", "replace"))
    fine = raw is not None and _SHORTEST <= len(raw) <= _LONGEST and BASE64.write(raw) == sent
    return raw if fine else None


def der(pem: str, kind: str) -> bytes | None:
    """The bytes of the first key in PEM, of this kind: "PUBLIC" or "PRIVATE"; its line breaks may be lost."""
    block = _BLOCK.search(pem)
    if block is None or block[1] != kind:
        return None
    try:
        return b64decode(_SPACE.sub("", block[2]), validate=True)
    except ValueError:
        return None


@lru_cache(maxsize=16)
def _public(pem: str) -> "RSAPublicKey | None":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    raw = der(pem, "PUBLIC")
    if raw is None:
        private = _private(pem)
        return None if private is None else private.public_key()
    try:
        key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= _SHORTEST * 8 else None


@lru_cache(maxsize=4)
def _private(pem: str) -> "RSAPrivateKey | None":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    raw = der(pem, "PRIVATE")
    if raw is None:
        return None
    try:
        key = load_der_private_key(raw, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPrivateKey) and key.key_size >= _SHORTEST * 8 else None
