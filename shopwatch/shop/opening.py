"""Opening a shop: the one place where its parts are put together, for screens and commands alike."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError, default_locale

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus
from shopwatch.domain.words import say
from shopwatch.ledger.ledger import Ledger
from shopwatch.settings.paths import Paths
from shopwatch.settings.settings import load
from shopwatch.settings.vault import KeyringVault, Vault
from shopwatch.shop.shop import Shop

if TYPE_CHECKING:
    from shopwatch.recovery.courier import Courier


async def open_shop(
    paths: Paths,
    database: str | None = None,
    *,
    vault: Vault | None = None,
    locale: str = "",
    courier: "Courier | None" = None,
    apart: Sequence[str] = (),
) -> Shop:
    """The shop on this data folder; `database` is a URL, SQLite inside the folder if not given.

    `courier` is who asks providers, where it is not the usual one; `apart` is that of `Ledger.open`.

    Close it. Raises UserError if the folder or the ledger cannot be used.
    """
    paths.prepare()
    settings, notice = load(paths.settings)
    bus = Bus()
    url = database or f"sqlite:///{paths.ledger}"
    ledger = Ledger.open(url, backups=paths.backups, tell=bus.tell, hears=bus.hears, apart=apart)
    shop = Shop(
        paths=paths,
        settings=settings,
        ledger=ledger,
        vault=vault or KeyringVault(scope=settings.id),
        bus=bus,
        locale=_known(locale or default_locale("LC_MONETARY") or ""),
        courier=courier,
    )
    shop.notice = notice
    await shop.load()
    return shop


def _known(locale: str) -> str:
    try:
        known = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        return "en_US"
    # What "C" and "POSIX" become is no language of people's, and has no sign for any currency.
    return "en_US" if known.variant == "POSIX" else str(known)


async def restore_shop(file: Path, paths: Paths, database: str | None, passphrase: str) -> None:
    """Put back what a backup holds; what was there is kept beside it. Raises UserError, also while the shop is open."""
    from shopwatch.settings.archive import restore

    if database:
        raise UserError(
            say("A backup is restored into a data folder, not into a database server."), code="restore-database"
        )
    held = await asyncio.to_thread(restore, file, paths, passphrase or None)
    if held:
        shop = await open_shop(paths)
        try:
            await shop.put_secrets(held)
        finally:
            await shop.close()
