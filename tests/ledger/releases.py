"""Ledgers as released versions left them, one small file for each schema.

    python -m tests.ledger.releases 1.2.0

keeps `released/1.2.0.sqlite3`, made by this version, with what it tells beside it (`docs/development.md` says when).
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import NOON, paid, record_all, story, told
from tests.ledger.happened import happened
from tests.said import said

FOLDER = Path(__file__).with_name("released")
_ALL = 1_000


def make(file: Path) -> None:
    """A ledger with something of each kind in it."""
    asyncio.run(_fill(file))


async def _fill(file: Path) -> None:
    ledger = Ledger.open(file)
    source = await ledger.sources.add("paynow", "PayNow", {"mode": "live"})
    await ledger.outbox.put_rule(Rule("mail", Trigger.SALE_PAID, steps=(RuleStep("email", {"template": "thanks"}),)))
    for order in ("1001", "1002"):
        await record_all(ledger, story(source.id, order), at_once=1)
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}", 100 * n, currency="JPY")) for n in range(1, 20)])
    await record_all(ledger, [happened(source.id, "c1", Contact("c", "Maya Lindqvist", "maya@example.com"))])
    (job, *_) = await ledger.outbox.take(["email"], 1)
    await ledger.outbox.settle([job.key], JobState.DONE, to="maya@example.com", result=said("250 ok"))
    ledger.close()


def tells(file: Path) -> dict[str, Any]:
    """What a ledger says of itself through its doors, brought up to date where it is older."""
    return asyncio.run(_tells(file))


async def _tells(file: Path) -> dict[str, Any]:
    ledger = Ledger.open(file)
    try:
        figures = await ledger.sales.figures(0, 2 * NOON)
        sales = (await ledger.sales.page(SalesQuery(), limit=_ALL)).rows
        return {
            "sound": await ledger.integrity(),
            "sources": [[each.provider, each.name, each.options] for each in await ledger.sources.all()],
            "sales": sorted([each.sale.order_id, each.sale.state.value, str(each.sale.amount)] for each in sales),
            "totals": sorted(f"{each.currency} {each.decimal}" for each in figures.totals),
            "found": len((await ledger.sales.page(SalesQuery(text="maya"), limit=_ALL)).rows),
            "people": [each.name for each in (await ledger.people.page()).rows],
            "messages": len(await ledger.inbox.page(limit=_ALL)),
            "rules": [each.name for each in await ledger.outbox.rules()],
            "jobs": sorted([str(each.key), each.action, each.state.value] for each in await ledger.outbox.jobs()),
        }
    finally:
        ledger.close()


def keep(version: str) -> None:
    """Keep a ledger of this version for ever. Raises FileExistsError: what was released is never made anew."""
    file, said = FOLDER / f"{version}.sqlite3", FOLDER / f"{version}.json"
    if file.exists():
        raise FileExistsError(file)
    FOLDER.mkdir(exist_ok=True)
    make(file)
    said.write_text(json.dumps(tells(file), indent=1) + "\n")


if __name__ == "__main__":
    keep(sys.argv[1])
