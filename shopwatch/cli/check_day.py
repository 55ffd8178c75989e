"""`check-day`: compare a day's sales with each provider's own list."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from shopwatch.cli.place import Database, DataDir, opened, put, run, tell
from shopwatch.cli.sources import find
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.messages.event_data import money_data
from shopwatch.domain.sales.closing import DayCheck, Difference, Sums
from shopwatch.domain.sales.money import Money
from shopwatch.shop.outgoing.export import iso

if TYPE_CHECKING:
    from shopwatch.shop.shop import Shop

_FIRST = date(2000, 1, 1)


def check_day(
    day: Annotated[str, typer.Argument(metavar="DATE", help="Such as 2026-11-24; today if left out.")] = "",
    source_id: Annotated[str, typer.Option("--source", metavar="ID", help="Only one source.")] = "",
    count: Annotated[bool, typer.Option("--count", help="Count the sales that are missing here.")] = False,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Compare a day's sales with each provider's list. Prints how they compare, a line for each source that sells.

    Exits with 1 if any differs, or a provider did not answer.
    """
    asked_for = _date(day)

    async def work() -> bool:
        async with opened(data_dir, database) as shop:
            asked = (find(shop, source_id).id,) if source_id else None
            found = await shop.day_checks.check(asked_for, asked, count=count)
            for each in found:
                _tell(shop, each)
                put(_as_object(each))
            could = [each for each in found if each.askable]
            if not could:
                raise _nobody()
            return all(each.agrees for each in could)

    raise typer.Exit(0 if run(work()) else 1)


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text) if text else date.today()  # noqa: DTZ011 - a day of the shop's own
    except ValueError as failure:
        raise UserError(
            say("“{text}” is not a day.", text=text[:40]), say("Write it like 2026-11-24."), code="usage"
        ) from failure
    if found > date.today():  # noqa: DTZ011 - the same
        raise UserError(say("This day has not begun."), say("Choose today or an earlier day."), code="usage")
    if found < _FIRST:
        raise UserError(say("No service has a list of this day."), say("Choose a later one."), code="usage")
    return found


def _tell(shop: "Shop", check: DayCheck) -> None:
    name = shop.sources.names.get(check.source_id, check.source_id)
    if check.problem is not None:
        tell(f"{name}: {check.problem}")
    elif check.agrees:
        tell(say("{name}: all agrees.", name=name))
    else:
        count = len(check.differences) + check.more
        tell(f"{name}: " + say_n("{n} sale differs.", "{n} sales differ.", count))


def _as_object(check: DayCheck) -> dict[str, object]:
    problem = check.problem
    return {
        "source": check.source_id,
        "day": check.day.isoformat(),
        "since": iso(check.since),
        "until": iso(check.until),
        "agrees": check.agrees,
        "sums": [_sums(each) for each in check.sums],
        "differences": [_difference(each) for each in check.differences],
        "more": check.more,
        "problem": problem.code if problem else None,
        "explanation": str(problem) if problem else None,
    }


def _sums(sums: Sums) -> dict[str, object]:
    return {
        "currency": sums.currency,
        "agrees": sums.agrees,
        "count_here": sums.count_here,
        "here": str(Money(sums.here, sums.currency).decimal),
        "count_there": sums.count_there,
        "there": str(Money(sums.there, sums.currency).decimal),
    }


def _difference(difference: Difference) -> dict[str, object]:
    return {
        "order": difference.order,
        "what": difference.kind.value,
        "paid_at": iso(difference.paid_at),
        "here": money_data(difference.here),
        "there": money_data(difference.there),
        "countable": difference.countable,
    }


def _nobody() -> UserError:
    return UserError(
        say("There is nobody to compare this day with."),
        say("Give a source the API key of its provider: `shopwatch secret set SOURCE --api-key`."),
        code="check-none",
    )
