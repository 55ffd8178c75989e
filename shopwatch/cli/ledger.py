"""`ledger`: where the sales of this shop are kept."""

import time
from typing import Annotated

import typer

from shopwatch.cli.place import Database, DataDir, opened, put, run, tell
from shopwatch.domain.i18n import say

ledger = typer.Typer(help="Where the sales of this shop are kept.", no_args_is_help=True)

_TELLS_EVERY = 5.0
"""Seconds."""


@ledger.command("move")
def move(
    place: Annotated[str, typer.Argument(metavar="URL", help="An empty database, like postgresql://shop@db/shop.")],
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Take all that is kept over to another database.

    The shop may receive meanwhile, and goes on there from its next start.
    """

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            moved = await shop.move_ledger(place, told)
            sums = {money.currency: str(money.decimal) for money in moved.totals}
            counts = {"rows": moved.rows, "messages": moved.deliveries, "sales": moved.sales}
            put({"moved": True, "to": place, **counts, "totals": sums})

    copied, said = 0, time.monotonic()

    def told(rows: int) -> None:
        nonlocal copied, said
        copied += rows
        if time.monotonic() - said > _TELLS_EVERY:
            said = time.monotonic()
            tell(say("{n} rows copied or compared so far.", n=f"{copied:,}"))

    run(work())
