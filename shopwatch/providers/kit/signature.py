"""How senders sign, and the one way every signature is checked: over the raw bytes, in constant time."""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from binascii import hexlify, unhexlify
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
    """How bytes are written. Of a signature only the one exact spelling counts, so nothing can be bent; `read` takes
    the others too, for keys."""

    write: Callable[[bytes], bytes]
    form: re.Pattern[bytes]
    read: Callable[[str], bytes | None]


def _base64_text(digest: bytes) -> bytes:
    return b64encode(digest)


def _hex_text(digest: bytes) -> bytes:
    return hexlify(digest)


def _from_base64(text: str) -> bytes | None:
    bare = text.rstrip("=")
    try:
        return b64decode(bare + "=" * (-len(bare) % 4), validate=True) or None
    except (NotBase64, ValueError):
        return None


def _from_hex(text: str) -> bytes | None:
    try:
        return unhexlify(text) or None
    except (NotBase64, ValueError):
        return None


BASE64 = Encoding(_base64_text, re.compile(rb"[A-Za-z0-9+/]+={0,2}"), _from_base64)
HEX = Encoding(_hex_text, re.compile(rb"[0-9a-f]+"), _from_hex)


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
        return self.prefix + self.encoding.write(self._mac(key, signed)) if key else None

    def _mac(self, key: bytes, signed: bytes) -> bytes:
        # `hmac.digest` would let go of Python's lock and wait for it again, ten times as long as it works.
        return hmac.new(key, signed, self.digest).digest()


HmacSha256 = partial(Hmac, "sha256")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A signature that may be written in several ways; signed in the first."""

    schemes: Sequence[Scheme]

    def fits(self, secrets: Sequence[str], signed: bytes, sent: Sequence[bytes]) -> bool:
        return any(each.fits(secrets, signed, sent) for each in self.schemes)

    def well_formed(self, sent: bytes) -> bool:
        return any(each.well_formed(sent) for each in self.schemes)

    def sign(self, secret: str, signed: bytes) -> str | None:
        return self.schemes[0].sign(secret, signed)


class SecretFirst(Hmac):
    """A plain hash of the key and, behind it, what is signed: what some senders did before they knew HMAC.

    Whoever saw one message can sign it with garbage behind it (length extension).
    """

    __slots__ = ()

    def _mac(self, key: bytes, signed: bytes) -> bytes:
        return hashlib.new(self.digest, key + signed).digest()


@dataclass(frozen=True, slots=True)
class Ed25519:
    """An ed25519 signature. Secrets are the public key behind `public`; key pairs behind `private` can also sign."""

    public: str = ""
    private: str = ""
    encoding: Encoding = BASE64

    def fits(self, secrets: Sequence[str], signed: bytes, sent: Sequence[bytes]) -> bool:
        tries = 0
        for secret in secrets:
            key = self._public_key(secret)
            for signature in sent if key else ():
                raw = self.encoding.read(signature.decode("ascii", "replace"))
                if raw is None or self.encoding.write(raw) != signature:
                    continue
                tries += 1
                if tries > MOST_TRIED:
                    return False
                if _verifies(key, raw, signed):
                    return True
        return False

    def well_formed(self, sent: bytes) -> bool:
        return len(sent) == len(self.encoding.write(bytes(64))) and self.encoding.form.fullmatch(sent) is not None

    def sign(self, secret: str, signed: bytes) -> str | None:
        pair = self._key(secret, self.private)
        if pair is None or len(pair) not in ((32, 64) if self.private else (64,)):
            return None
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return self.encoding.write(Ed25519PrivateKey.from_private_bytes(pair[:32]).sign(signed)).decode()

    def _public_key(self, secret: str) -> bytes | None:
        pair = self._key(secret, self.private)
        if pair is not None and len(pair) == 64:
            return pair[32:]
        key = self._key(secret, self.public)
        return key if key is not None and len(key) == 32 else None

    def _key(self, secret: str, prefix: str) -> bytes | None:
        return self.encoding.read(secret.removeprefix(prefix)) if secret.startswith(prefix) else None


def _verifies(key: bytes | None, signature: bytes, signed: bytes) -> bool:
    # Imported late: most shops never meet an ed25519 signature, and the library is slow to load.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key or b"").verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(body: bytes) -> str:
    """An id for a message that brings none: the same bytes have the same one, for ever."""
    return "sha256:" + hashlib.sha256(body).hexdigest()
