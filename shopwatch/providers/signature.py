"""How senders sign, and the one way every signature is checked: over the raw bytes, in constant time."""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from binascii import hexlify
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

MOST_TRIED = 20
"""The most secrets, and the most signatures of one version, that are tried for one message."""


class Scheme(Protocol):
    """One version of a sender's signatures."""

    def fits(self, secrets: Sequence[str], signed: bytes, sent: Sequence[bytes]) -> bool:
        """Whether any of the signatures `sent` is one that any of `secrets` makes of `signed`."""

    def well_formed(self, sent: bytes) -> bool:
        """Whether `sent` is at least written as such a signature."""

    def sign(self, secret: str, signed: bytes) -> str | None:
        """The signature as the sender writes it; None if this secret cannot sign."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a digest is written. Only the one exact spelling counts, so nothing can be bent."""

    write: Callable[[bytes], bytes]
    form: re.Pattern[bytes]


def _base64_text(digest: bytes) -> bytes:
    return b64encode(digest)


def _hex_text(digest: bytes) -> bytes:
    return hexlify(digest)


BASE64 = Encoding(_base64_text, re.compile(rb"[A-Za-z0-9+/]+={0,2}"))
HEX = Encoding(_hex_text, re.compile(rb"[0-9a-f]+"))


def as_text(secret: str) -> bytes | None:
    """The key is the secret's own characters."""
    return secret.encode("utf-8", "replace") or None


def after_prefix(prefix: str) -> Callable[[str], bytes | None]:
    """The key is base64 behind `prefix`; the prefix and the padding may be missing."""

    def key(secret: str) -> bytes | None:
        return _from_base64(secret.removeprefix(prefix))

    return key


@dataclass(frozen=True, slots=True)
class Hmac:
    """HMAC by `digest` (hashlib's name) with the key that `key` finds in a secret; a secret without a key never fits.

    `prefix` stands before what `encoding` writes, and must.
    """

    digest: str
    encoding: Encoding
    key: Callable[[str], bytes | None] = as_text
    prefix: bytes = b""

    def fits(self, secrets: Sequence[str], signed: bytes, sent: Sequence[bytes]) -> bool:
        for secret in secrets:
            right = self._right(secret, signed)
            if right is None:
                continue
            for signature in sent:
                if hmac.compare_digest(right, signature):
                    return True
        return False

    def well_formed(self, sent: bytes) -> bool:
        if not sent.startswith(self.prefix):
            return False
        written = sent[len(self.prefix) :]
        length = len(self.encoding.write(bytes(hashlib.new(self.digest).digest_size)))
        return len(written) == length and self.encoding.form.fullmatch(written) is not None

    def sign(self, secret: str, signed: bytes) -> str | None:
        right = self._right(secret, signed)
        return None if right is None else right.decode()

    def _right(self, secret: str, signed: bytes) -> bytes | None:
        key = self.key(secret)
        return self.prefix + self.encoding.write(hmac.digest(key, signed, self.digest)) if key else None


HmacSha256 = partial(Hmac, "sha256")


@dataclass(frozen=True, slots=True)
class Ed25519:
    """An ed25519 signature in base64. Secrets are the public key behind `public`; `private` ones can also sign."""

    public: str
    private: str

    def fits(self, secrets: Sequence[str], signed: bytes, sent: Sequence[bytes]) -> bool:
        tries = 0
        for secret in secrets:
            key = self._public_key(secret)
            for signature in sent if key else ():
                raw = _from_base64(signature.decode("ascii", "replace"))
                if raw is None or b64encode(raw) != signature:
                    continue
                tries += 1
                if tries > MOST_TRIED:
                    return False
                if _verifies(key, raw, signed):
                    return True
        return False

    def well_formed(self, sent: bytes) -> bool:
        return re.fullmatch(rb"[A-Za-z0-9+/]{86}==", sent) is not None

    def sign(self, secret: str, signed: bytes) -> str | None:
        seed = _from_base64(secret.removeprefix(self.private)) if secret.startswith(self.private) else None
        if seed is None or len(seed) < 32:
            return None
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

        return b64encode(Ed25519PrivateKey.from_private_bytes(seed[:32]).sign(signed)).decode()

    def _public_key(self, secret: str) -> bytes | None:
        if secret.startswith(self.private):
            raw = _from_base64(secret.removeprefix(self.private))
            return raw[32:64] if raw is not None and len(raw) == 64 else None
        raw = _from_base64(secret.removeprefix(self.public)) if secret.startswith(self.public) else None
        return raw if raw is not None and len(raw) == 32 else None


def _verifies(key: bytes | None, signature: bytes, signed: bytes) -> bool:
    # Imported late: most shops never meet an ed25519 signature, and the library is slow to load.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        Ed25519PublicKey.from_public_bytes(key or b"").verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _from_base64(text: str) -> bytes | None:
    bare = text.rstrip("=")
    try:
        return b64decode(bare + "=" * (-len(bare) % 4), validate=True) or None
    except (NotBase64, ValueError):
        return None


def fingerprint(body: bytes) -> str:
    """An id for a message that brings none: the same bytes have the same one, for ever."""
    return "sha256:" + hashlib.sha256(body).hexdigest()
