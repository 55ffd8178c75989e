"""`source register`, `source endpoints` and `source told`: who sends to this shop, and where."""

from typing import TYPE_CHECKING, Annotated

import typer

from shopwatch.cli.place import Database, DataDir, opened, put, run, tell
from shopwatch.cli.sources import SourceId, find, source
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.domain.source import Source
from shopwatch.shop.outgoing.export import iso

if TYPE_CHECKING:
    from shopwatch.shop.shop import Shop

__all__ = ["source"]


@source.command("register")
def register(source_id: SourceId, data_dir: DataDir = None, database: Database = None) -> None:
    """Have the provider send here. Makes its endpoint by the API key that is stored, or puts right the one there is.

    Prints it as `source endpoints` does. Exits with 1 if the provider does not do it.
    """

    async def work() -> bool:
        from shopwatch.recovery.registrar import Unregistered

        async with opened(data_dir, database) as shop:
            found = find(shop, source_id)
            try:
                await shop.endpoints.register(found.id)
            except Unregistered as failure:
                tell(str(failure))
                return False
            put(_as_object(shop, found))
            return True

    raise typer.Exit(0 if run(work()) else 1)


@source.command("endpoints")
def endpoints(
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="One source; all if left out.")] = "",
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Ask the providers how their endpoints stand. One JSON object a line; exits with 1 if one is to be mended."""

    async def work() -> bool:
        async with opened(data_dir, database) as shop:
            asked = (find(shop, source_id),) if source_id else shop.sources.all
            await shop.endpoints.check([each.id for each in asked])
            for each in asked:
                put(_as_object(shop, each))
            return all(_is_well(shop, each) for each in asked)

    raise typer.Exit(0 if run(work()) else 1)


@source.command("told")
def told(source_id: SourceId, data_dir: DataDir = None, database: Database = None) -> None:
    """Say that a provider has the present address. You have copied it into the settings there."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            found = find(shop, source_id)
            await shop.address.note_told(found.id)
            tell(say("{name} has the present public address.", name=found.name))

    run(work())


def _as_object(shop: "Shop", each: Source) -> dict[str, object]:
    known, problem = shop.ledger.endpoints.registered.get(each.id), shop.endpoints.problem(each)
    return {
        "source": each.id,
        "provider": each.provider,
        "can_register": shop.endpoints.can_register(each),
        "url": known.endpoint.url if known else None,
        "standing": known.endpoint.standing.value if known else None,
        "since": _time(known.since) if known else None,
        "lacking": list(known.endpoint.lacking) if known else [],
        "made_at": _time(known.made_at) if known else None,
        "checked_at": _time(known.checked_at) if known else None,
        "confirmed_at": _time(known.confirmed_at) if known else None,
        "old_url": known.old.url if known and known.old else None,
        "problem": problem.code if problem else None,
        "explanation": str(problem) if problem else None,
        "stale": each in shop.address.stale,
    }


def _is_well(shop: "Shop", each: Source) -> bool:
    known = shop.ledger.endpoints.registered.get(each.id)
    return each not in shop.address.stale and (known is None or (known.endpoint.well and not known.problem))


def _time(at: Instant) -> str | None:
    return iso(at) if at else None
