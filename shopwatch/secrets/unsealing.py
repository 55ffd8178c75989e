"""The keys that open sealed secrets on a machine without a password store.

They come from outside at each start: as a credential of systemd (systemd.exec(5), `LoadCredential`), or as a passphrase
by a file descriptor. Neither stands on a command line or in the environment, where other programs could read it.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.secrets.redaction import redact
from shopwatch.secrets.sealing import SHORTEST_PASSPHRASE, derive_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

CREDENTIAL = "shopwatch.key"
_FEWEST_BYTES = 32
_MOST_BYTES = 4_096


class Unsealing(Protocol):
    """What a key is made of."""

    def private_key(self, salt: bytes) -> "X25519PrivateKey":
        """The same for the same salt, whatever computer asks. May take a third of a second and 128 MiB."""


class Passphrase:
    """A key that is made of words."""

    def __init__(self, passphrase: str) -> None:
        redact(passphrase)
        self._passphrase = passphrase

    def private_key(self, salt: bytes) -> "X25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # noqa: PLC0415 - slow to load

        return X25519PrivateKey.from_private_bytes(derive_key(self._passphrase, salt))


class Credential:
    """A key that is made of the bytes of a file, at least 32 that nobody can guess."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def private_key(self, salt: bytes) -> "X25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # noqa: PLC0415 - slow to load
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - as above

        made = HKDF(SHA256(), 32, salt, b"ShopWatch sealed items").derive(self._content)
        return X25519PrivateKey.from_private_bytes(made)


def from_descriptor(descriptor: int) -> Passphrase:
    """The passphrase that can be read there, up to its end; the descriptor is closed. Raises `UserError`."""
    try:
        with os.fdopen(descriptor, "rb") as file:
            passphrase = file.read(_MOST_BYTES).decode().strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            say("No passphrase could be read from descriptor {n}.", n=descriptor),
            say("Open a file there, for example: --passphrase-fd 3 3< file"),
            code="usage",
        ) from error
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UserError(
            say("This passphrase is too short to protect your secrets."),
            say("Use {n} characters or more, for example four words.", n=SHORTEST_PASSPHRASE),
            code="passphrase-short",
        )
    return Passphrase(passphrase)


def from_credentials() -> Credential | None:
    """The key that systemd has handed to this service, if there is one. Raises `UserError` if it cannot be one."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder or not (file := Path(folder) / CREDENTIAL).exists():
        return None
    try:
        content = file.read_bytes()[:_MOST_BYTES]
    except OSError:
        content = b""
    if len(content) < _FEWEST_BYTES:
        raise UserError(
            say("The credential “{name}” cannot be a key.", name=CREDENTIAL),
            say("Make one with: head -c 32 /dev/urandom > {name}", name=CREDENTIAL),
            code="key-short",
        )
    return Credential(content)
