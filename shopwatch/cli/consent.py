"""`source allow`: a consent in the browser, from a terminal."""

import asyncio
import sys
from threading import Thread
from typing import TYPE_CHECKING

from shopwatch.cli.endpoints import source
from shopwatch.cli.place import Database, DataDir, line_from_stdin, opened, put, run, tell
from shopwatch.cli.sources import SourceId, find
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say

if TYPE_CHECKING:
    from shopwatch.shop.sources.consents import Consenting

__all__ = ["source"]


@source.command("allow")
def allow(source_id: SourceId, data_dir: DataDir = None, database: Database = None) -> None:
    """Allow ShopWatch, in the browser, to read.

    For services whose API keys come in no other way.

    The first line of stdin holds what the page of your app there shows, with colons between, such as its key and its
    secret. Open the address that is printed. Where your browser is on another computer, copy the address at which it
    ends, and give it as the second line.
    """
    given = line_from_stdin(say("App key and secret, with a colon between (not shown): "))

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            found = find(shop, source_id)
            async with shop.consents.begin(found.provider, given.split(":")) as consenting:
                put({"open": consenting.url, "returns_to": consenting.returns_to})
                if consenting.unheard is not None:
                    tell(str(consenting.unheard))
                _read_on(consenting)
                await shop.connections.set_api_key(found.id, await consenting.finish())
            tell(say("Stored in {store}.", store=shop.vault.name or shop.vault.backend))

    run(work())


def _read_on(consenting: "Consenting") -> None:
    """Take what is pasted, beside the loop: a thread that waits for a terminal cannot be called off, so it holds up
    nothing."""
    loop = asyncio.get_running_loop()

    def paste(address: str) -> None:
        try:
            consenting.paste(address)
        except UserError as problem:
            tell(str(problem))

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(paste, line)

    Thread(target=read, name="pasted addresses", daemon=True).start()
