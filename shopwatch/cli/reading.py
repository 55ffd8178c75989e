"""`sales` and `inbox`: what has come in."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shopwatch.cli.place import Database, DataDir, hand_on, opened, put, run, tell
from shopwatch.cli.sources import find
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.instant import Instant
from shopwatch.domain.legible import unhidden
from shopwatch.domain.messages.verdict import Reason, explain
from shopwatch.providers import provider
from shopwatch.shop.outgoing.export import Csv, JsonLines, iso, write

if TYPE_CHECKING:
    from shopwatch.ledger.inbox.query import DeliveryRow

inbox = typer.Typer(help="Every message that came in, and whether it was believed.", invoke_without_command=True)


_NO_TIME = 1e11
"""So many seconds are no date that anybody means; milliseconds look like it."""


def instant(text: str) -> Instant:
    """From Unix seconds or an ISO date or time (local where it names no zone). Raises UserError."""
    try:
        if abs(seconds := float(text)) < _NO_TIME:
            return int(seconds * 1000)
    except ValueError:
        pass
    try:
        return int(datetime.fromisoformat(text).astimezone().timestamp() * 1000)
    except (ValueError, OverflowError) as failure:
        raise UserError(
            say("“{text}” is not a time.", text=text),
            say("Write it like 2026-11-24 or 2026-11-24T08:00."),
            code="usage",
        ) from failure


def sales(
    since: Annotated[str, typer.Option("--since", metavar="T", help="Only those paid since then.")] = "",
    source_id: Annotated[str, typer.Option("--source", metavar="ID", help="Only those of one source.")] = "",
    search: Annotated[str, typer.Option("--search", metavar="TEXT", help="Only those that fit.")] = "",
    practice: Annotated[bool, typer.Option("--practice", help="Practice sales too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines on stdout (the default).")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on stdout.")] = False,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="A workbook.")] = None,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """The sales, each folded from its messages, the newest first."""
    if as_json + as_csv + (xlsx is not None) > 1:
        raise UserError(say("Choose one of --json, --csv and --xlsx."), code="usage")
    paid_since = instant(since) if since else None

    async def work() -> None:
        from shopwatch.ledger.sales.query import SalesQuery

        async with opened(data_dir, database) as shop:
            sources = frozenset({find(shop, source_id).id} if source_id else ())
            query = SalesQuery(text=search, since=paid_since, sources=sources, practice=practice)
            if xlsx is not None:
                written = await shop.exports.sales(query, xlsx, "xlsx")
                tell(say_n("{n} sale written.", "{n} sales written.", written))
            elif as_csv:
                await write(
                    shop.ledger.sales.every(query),
                    Csv(sys.stdout, shop.sources.names, shown=unhidden if sys.stdout.isatty() else str),
                )
            else:
                await write(shop.ledger.sales.every(query), JsonLines(sys.stdout))

    run(work())


def _as_object(row: "DeliveryRow") -> dict[str, object]:
    known = provider(row.provider)
    explanation = ""
    if row.outcome is Outcome.REJECTED:
        explanation = explain(Reason(row.reason), known.name if known else row.provider, row.detail)
    return {
        "id": row.id,
        "source": row.source_id,
        "provider": row.provider,
        "received_at": iso(row.received_at),
        "verdict": row.outcome.value,
        "reason": row.reason or None,
        "explanation": explanation or None,
        "event": {"id": row.event_id, "type": row.event_type} if row.event_id else None,
        "size": row.size,
        "practice": row.practice,
    }


@inbox.callback()
def list_inbox(
    context: typer.Context,
    verdict: Annotated[
        Outcome | None, typer.Option("--verdict", metavar="V", help="accepted, repeat, rejected or challenge")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines on stdout (the default).")] = False,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Every message that came in, the newest first."""
    del as_json
    if context.invoked_subcommand is not None:
        hand_on(data_dir, database)
        return

    async def work() -> None:
        from shopwatch.ledger.inbox.query import InboxQuery

        async with opened(data_dir, database) as shop:
            async for row in shop.ledger.inbox.every(InboxQuery(outcome=verdict)):
                put(_as_object(row))

    run(work())


@inbox.command("recheck")
def recheck(data_dir: DataDir = None, database: Database = None) -> None:
    """Check rejected messages again. By the secrets of now; what fits is booked at its true time."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            checked, booked = await shop.review.all()
            put({"checked": checked, "accepted": booked})

    run(work())
