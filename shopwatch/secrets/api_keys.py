"""The keys by which providers are asked, in the vault: one item for each, since some are as long as an item may be."""

import asyncio
from collections import defaultdict

from shopwatch.secrets.redaction import outdate, redact
from shopwatch.secrets.secret_store import Pasted, cleaned
from shopwatch.secrets.vault.vault import Vault


class ApiKeys:
    """Beside the secrets, never with them: whoever checks messages does not need what asks."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def read(self, source_id: str) -> str | None:
        """The source's key, or None if it surely has none. Raises `Outage` if the store cannot be read."""
        key = await self._vault.get(_item(source_id))
        if key:
            redact(key)
        return key

    async def write(self, source_id: str, pasted: str) -> Pasted:
        """Keep the key; what was cleaned off it is in the answer. Raises `UserError` if it cannot be one."""
        key = cleaned(pasted)
        redact(key.secret)
        await self._vault.set(_item(source_id), key.secret)
        return key

    async def renew(self, source_id: str, key: str) -> None:
        """Keep a key that the provider gave in the place of the one it was asked by. Raises `UserError`."""
        former = await self.read(source_id)
        await self.write(source_id, key)
        if former is not None and former != key:
            outdate(former)

    async def forget(self, source_id: str) -> None:
        await self._vault.forget(_item(source_id))

    def turn(self, source_id: str) -> asyncio.Lock:
        """Held by whoever asks by a key that asking renews, so that nobody asks by one that is just being replaced."""
        return self._turns[source_id]

    async def copy_out(self, source_ids: tuple[str, ...]) -> dict[str, str]:
        """The vault items of these sources, for an encrypted backup."""
        held = {_item(each): await self.read(each) for each in source_ids}
        return {name: key for name, key in held.items() if key is not None}


def _item(source_id: str) -> str:
    return f"api/{source_id}"
