"""Backups: everything of the shop in one file."""

import asyncio
from pathlib import Path

from shopwatch.host.paths import Paths
from shopwatch.ledger.ledger import Ledger
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.sources.source_registry import SourceRegistry


class Backups:
    """Made while the shop goes on; `restore_shop` brings one back."""

    def __init__(
        self,
        paths: Paths,
        ledger: Ledger,
        settings: SettingsStore,
        *,
        sources: SourceRegistry,
        secrets: SecretStore,
        api_keys: ApiKeys,
    ) -> None:
        self._paths = paths
        self._ledger = ledger
        self._settings = settings
        self._sources = sources
        self._secrets = secrets
        self._api_keys = api_keys

    async def write(self, file: Path, passphrase: str = "") -> None:
        """Ledger and settings into one file; with a passphrase, the secrets too, encrypted. Raises UserError."""
        from shopwatch.settings.archive import backup

        ids = tuple(each.id for each in self._sources.all)
        places = tuple(each.id for each in self._settings.current.targets)
        held = None
        if passphrase:
            held = await self._secrets.copy_out(ids, places) | await self._api_keys.copy_out(ids)
        loop = asyncio.get_running_loop()

        def copy_ledger(to: Path) -> None:
            asyncio.run_coroutine_threadsafe(self._ledger.backup_to(to), loop).result()

        await asyncio.to_thread(backup, file, self._paths, copy_ledger, held, passphrase or None)
