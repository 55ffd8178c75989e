"""A vault in the ledger itself, for machines without a password store: its items open only with a key from outside."""

import asyncio
import os
import secrets
from typing import TYPE_CHECKING, Any, Protocol

from shopwatch.domain.errors import Outage
from shopwatch.domain.i18n import phrase, say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from shopwatch.secrets.unsealing import Unsealing

_SALT = 16
_CHECK_ITEM = "check"


class PublicKey(Protocol):
    """The half of a key that everybody may know."""

    @property
    def no(self) -> int: ...
    @property
    def public(self) -> bytes: ...
    @property
    def salt(self) -> bytes: ...


class SealedItems(Protocol):
    """Where items are kept, sealed. All methods raise `Outage` while it is away."""

    async def key(self) -> PublicKey | None: ...
    async def begin(self, public: bytes, salt: bytes) -> PublicKey: ...
    async def get(self, name: str) -> bytes | None: ...
    async def put(self, name: str, value: bytes, key: int) -> None: ...
    async def drop(self, name: str) -> None: ...


class SealedVault:
    """See `Vault`. Items are sealed by HPKE (RFC 9180) to the public half of the key that `unsealing` makes: X25519,
    HKDF-SHA256, AES-256-GCM. Each is bound to its name, so that none can be put in another's place."""

    def __init__(self, items: SealedItems, unsealing: "Unsealing") -> None:
        self._items = items
        self._unsealing = unsealing
        self._opened: tuple[PublicKey, X25519PrivateKey] | None = None
        self._opening = asyncio.Lock()

    @property
    def name(self) -> str:
        return say("The shop’s ledger")

    @property
    def backend(self) -> str:
        return f"{__name__}.{type(self).__name__}"

    async def get(self, name: str) -> str | None:
        sealed = await self._items.get(name)
        if sealed is None:
            return None
        key, private = await self._open()
        return await asyncio.to_thread(_unseal, sealed, private, _bound_to(name, key))

    async def set(self, name: str, value: str) -> None:
        key, private = await self._open()
        sealed = await asyncio.to_thread(_seal, value, private, _bound_to(name, key))
        await self._items.put(name, sealed, key.no)

    async def forget(self, name: str) -> None:
        await self._items.drop(name)

    async def check(self) -> None:
        name = f"{_CHECK_ITEM}/{secrets.token_hex(8)}"  # other receivers may look at the same moment
        await self.set(name, name)
        try:
            await self.get(name)
        finally:
            await self.forget(name)

    async def unlock(self) -> None:
        await self.check()

    async def _open(self) -> "tuple[PublicKey, X25519PrivateKey]":
        async with self._opening:
            if self._opened is None:
                self._opened = await self._make_key()
            return self._opened

    async def _make_key(self) -> "tuple[PublicKey, X25519PrivateKey]":
        known = await self._items.key()
        salt = known.salt if known is not None else os.urandom(_SALT)
        private = await asyncio.to_thread(self._unsealing.private_key, salt)
        public = private.public_key().public_bytes_raw()
        if known is None:
            known = await self._items.begin(public, salt)
            if known.salt != salt:  # another receiver has begun at the same moment
                return await self._make_key()
        if known.public != public:
            raise Outage(
                phrase("The shop’s secrets do not open with this key."),
                phrase("Start ShopWatch with the passphrase or key that they were sealed with."),
                code="vault-key",
            )
        return known, private


def _bound_to(name: str, key: PublicKey) -> bytes:
    return f"ShopWatch sealed item {key.no} {name}".encode()


def _seal(value: str, private: "X25519PrivateKey", info: bytes) -> bytes:
    sealed: bytes = _suite().encrypt(value.encode("utf-8", "surrogatepass"), private.public_key(), info)
    return sealed


def _unseal(sealed: bytes, private: "X25519PrivateKey", info: bytes) -> str:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - slow to load

    try:
        opened: bytes = _suite().decrypt(sealed, private, info)
        return opened.decode("utf-8", "surrogatepass")
    except (InvalidTag, ValueError) as error:
        raise Outage(
            phrase("A secret in your password store cannot be read."),
            phrase("Paste the secret once more; it takes the place of the broken one."),
            code="secret-broken",
        ) from error


def _suite() -> Any:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite  # noqa: PLC0415 - slow to load

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
