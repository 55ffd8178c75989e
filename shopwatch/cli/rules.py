"""`rule` and `jobs`: what is done with what happens."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shopwatch.actions.registry import action_of, whom
from shopwatch.cli.place import Database, DataDir, hand_on, opened, put, run
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.job import TO, Job, JobKey, JobState
from shopwatch.domain.rules.rule import Rule
from shopwatch.domain.rules.rule_data import clock_text, data_of, rule_of
from shopwatch.domain.rules.rule_text import Names, plain, plain_value
from shopwatch.providers import provider
from shopwatch.shop.outgoing.export import iso

if TYPE_CHECKING:
    from shopwatch.shop.shop import Shop

rule = typer.Typer(help="What is done with what happens, as rules in JSON.", no_args_is_help=True)
jobs = typer.Typer(help="What the rules owe, and how it went.", invoke_without_command=True)


def _as_object(shop: "Shop", each: Rule) -> dict[str, Any]:
    def provider_name(provider_id: str) -> str:
        known = provider(provider_id)
        return known.name if known else provider_id

    places = {target.id: target.name for target in shop.settings.current.targets}
    names = Names(
        source=lambda source_id: shop.sources.names.get(source_id, source_id),
        provider=provider_name,
        step=lambda step: action_of(step.action).words.step(
            step, plain_value(places.get(step.settings.get(TO, ""), ""))
        ),
        money=lambda money: money.text(shop.locale),
        clock=clock_text,
    )
    return data_of(each) | {"sentence": plain(each, names)}


def _read(file: str) -> Any:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        told = json.loads(raw.decode("utf-8-sig"))  # Windows' editors put a mark before it
    except OSError as failure:
        raise UserError(
            say("{file} cannot be read.", file=file), say("Check its name."), code="file-unreadable"
        ) from failure
    except (ValueError, RecursionError) as failure:
        raise UserError(say("This rule cannot be kept."), say("It is no JSON."), code="bad-rule") from failure
    if isinstance(told, dict):
        told.pop("sentence", None)  # what `rule list` adds
    return told


@rule.command("add")
def add(
    file: Annotated[str, typer.Argument(metavar="FILE", help="One rule as JSON; - for stdin.")] = "-",
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Keep a rule. It comes before those about anything else; prints it with its id and its sentence."""
    told = rule_of(_read(file))

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            put(_as_object(shop, await shop.rules.put(told)))

    run(work())


@rule.command("list")
def list_rules(data_dir: DataDir = None, database: Database = None) -> None:
    """Every rule in its order, one JSON object a line."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            for each in await shop.ledger.outbox.rules():
                put(_as_object(shop, each))

    run(work())


@rule.command("remove")
def remove(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="As `rule list` shows it.")],
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Let go of a rule. What it owes already stays."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            await shop.ledger.outbox.drop_rule(_number(rule_id))

    run(work())


def _job_object(job: Job) -> dict[str, object]:
    return {
        "id": str(job.key),
        "state": job.state.value,
        "action": job.action,
        "to": whom(job) or None,
        "result": str(job.result) or None,
        "trigger": job.trigger.value,
        "source": job.source_id,
        "order": job.order or None,
        "attempts": job.attempts,
        "made_at": iso(job.made_at),
        "changed_at": iso(job.changed_at),
        "due_at": iso(job.due_at) if job.state is JobState.WAITING else None,
        "practice": job.practice,
    }


@jobs.callback()
def list_jobs(
    context: typer.Context,
    state: Annotated[
        JobState | None, typer.Option("--state", metavar="S", help=", ".join(JobState), show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines on stdout (the default).")] = False,
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Every job, the newest first."""
    del as_json
    if context.invoked_subcommand is not None:
        hand_on(data_dir, database)
        return

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            after: JobKey | None = None
            while page := await shop.ledger.outbox.jobs((state,) if state else (), after):
                for job in page:
                    put(_job_object(job))
                after = page[-1].key

    run(work())


@jobs.command("retry")
def retry(
    job_id: Annotated[str, typer.Argument(metavar="ID", help="As `jobs` shows it.")],
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Let a job be tried again. It failed, was cancelled or held, or may have been sent; never one that is done."""
    key = _key(job_id)

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            await shop.ledger.outbox.decide(key, JobState.WAITING)

    run(work())


@jobs.command("replay")
def replay(
    sale_id: Annotated[str, typer.Argument(metavar="SALE", help="Its id in `sales`.")],
    data_dir: DataDir = None,
    database: Database = None,
) -> None:
    """Let all be tried again that failed of a sale. Prints it, and what was sent already."""

    async def work() -> None:
        async with opened(data_dir, database) as shop:
            number = _number(sale_id)
            if await shop.ledger.sales.get(number) is None:
                raise UserError(say("There is no such sale."), say("“sales” shows those there are."), code="no-sale")
            found = await shop.rules.replay(number)
            for job in found.again:
                put(_job_object(job) | {"again": True})
            for job in found.sent:
                put(_job_object(job) | {"again": False})

    run(work())


def _key(text: str) -> JobKey:
    parts = text.split(".")
    if len(parts) != 3:
        raise UserError(say("There is no such job."), say("“jobs” shows those there are."), code="no-job")
    return JobKey(*map(_number, parts))


def _number(text: str) -> int:
    """As the ledger numbers things; 0, which it gives to nothing, for what it cannot have given out."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
