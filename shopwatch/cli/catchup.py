"""`catchup`: ask the providers for what was missed."""

from typing import TYPE_CHECKING, Annotated

import typer

from shopwatch.cli.place import Database, DataDir, opened, put, run, tell
from shopwatch.cli.sources import find
from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import CatchUpChanged
from shopwatch.domain.i18n import say, say_n
from shopwatch.shop.outgoing.export import iso

if TYPE_CHECKING:
    from shopwatch.shop.shop import Shop


def catchup(
    source_id: Annotated[
        str, typer.Argument(metavar="SOURCE", help="One source; all that can be asked if left out.")
    ] = "",
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Ask the providers for what was missed. Prints how it went, a line for each source that can be asked."""

    async def work() -> bool:
        async with opened(data_dir, database) as shop:
            asked = (find(shop, source_id).id,) if source_id else None
            shop.bus.listen(CatchUpChanged, lambda fact: _tell(shop, fact.result))
            found = await shop.catching_up.now(asked)
            if not found:
                raise _nobody()
            for each in found:
                put(_as_object(each))
            return all(each.problem is None for each in found)

    raise typer.Exit(0 if run(work()) else 1)


def _tell(shop: "Shop", result: CaughtUp) -> None:
    name = shop.sources.names.get(result.source_id, result.source_id)
    if result.problem is not None:
        tell(f"{name}: {result.problem}")
    elif result.ended_at:
        brought = say_n("{n} brought in", "{n} brought in", result.brought_in)
        tell(f"{name}: {brought}")
    elif result.listed:
        looked = say_n("{n} looked at", "{n} looked at", result.listed)
        tell(f"{name}: {looked}")


def _as_object(result: CaughtUp) -> dict[str, object]:
    problem = result.problem
    return {
        "source": result.source_id,
        "since": iso(result.since),
        "asked": result.listed,
        "brought_in": result.brought_in,
        "problem": problem.code if problem else None,
        "explanation": str(problem) if problem else None,
    }


def _nobody() -> UserError:
    return UserError(
        say("There is nobody to ask for what was missed."),
        say("Give a source the API key of its provider: `shopwatch secret set SOURCE --api-key`."),
        code="catchup-none",
    )
