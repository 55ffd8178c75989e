"""Bytes that only a passphrase opens: scrypt for the key, AES-256-GCM for the bytes."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say

SHORTEST_PASSPHRASE = 10
"""Characters: a sealed file can be guessed at without end."""

_MARK = b"ShopWatch sealed 1\n"
_SALT, _NONCE = 16, 12


def seal(content: bytes, passphrase: str) -> bytes:
    """`content` sealed. Takes about a third of a second and 128 MiB. Raises `UserError` for a weak passphrase."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UserError(
            say("This passphrase is too short to protect your secrets."),
            say("Use {n} characters or more, for example four words.", n=SHORTEST_PASSPHRASE),
            code="passphrase-short",
        )
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return _MARK + salt + nonce + AESGCM(derive_key(passphrase, salt)).encrypt(nonce, content, _MARK)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """What was sealed. Raises `UserError` if the passphrase is another one or the bytes were changed."""
    mark, rest = sealed[: len(_MARK)], sealed[len(_MARK) :]
    salt, nonce, content = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    try:
        if mark != _MARK or not content:
            raise InvalidTag
        return AESGCM(derive_key(passphrase, salt)).decrypt(nonce, content, _MARK)
    except InvalidTag as error:
        raise UserError(
            say("The secrets in this backup do not open with this passphrase."),
            say("Type it again; upper and lower case matter."),
            code="passphrase-wrong",
        ) from error


def derive_key(passphrase: str, salt: bytes) -> bytes:
    """32 bytes. Takes about a third of a second and 128 MiB."""
    # RFC 7914; the cost is OWASP's first choice for scrypt.
    return Scrypt(salt=salt, length=32, n=2**17, r=8, p=1).derive(passphrase.encode("utf-8", "surrogatepass"))
