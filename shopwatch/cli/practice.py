"""`practice`: rehearse a message through the public address and back."""

from typing import Annotated

import typer

from shopwatch.cli.place import Database, DataDir, opened, put, run
from shopwatch.cli.sources import SourceId, find
from shopwatch.domain.messages.event import Kind


def practice(
    source_id: SourceId,
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Post here instead of the public address.")] = "",
    kind: Annotated[
        Kind | None, typer.Option("--kind", metavar="KIND", help="sale, refund, dispute, contact, message, notice …")
    ] = None,
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, max=100_000)] = 1,
    rate: Annotated[float, typer.Option("--rate", metavar="R", min=0, help="Messages a second; 0 for no pause.")] = 0,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Sign practice messages and post them. As the provider would, with the source's own secret."""

    async def work() -> bool:
        async with opened(data_dir, database) as shop:
            found = find(shop, source_id)
            fine = True
            async for posted in shop.practice.rehearse(found.id, kind, count=count, rate=rate, url=url):
                fine = fine and posted.accepted
                put({"kind": posted.kind.value, "status": posted.status, "url": posted.url})
            return fine

    raise typer.Exit(0 if run(work()) else 1)
